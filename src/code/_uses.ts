// Copyright 2026 the pecapiku authors. MIT license.

import { calleeName, keyName, memberName, momentOf } from "./_moments.ts";
import { isFunction, type Node } from "./_parse.ts";
import {
  CALLING_FUNCTIONS,
  CALLING_METHODS,
  CHANGING,
  CHANGING_METHODS,
  COPY_METHODS,
  COPYING,
  keepsNothing,
  MEMBER_METHODS,
  PASSING,
  PLAIN_METHODS,
  TESTING_METHODS,
} from "./_platform_calls.ts";
import {
  argumentOf,
  element,
  isTarget,
  LONGEST_PATH,
  member,
  rootName,
  targetOfLoop,
  type Value,
} from "./_values.ts";
import type { Reference, Scopes, Variable } from "./_scopes.ts";
import type { Use } from "./unit.ts";

/** How many fresh objects around a value are told apart from it. */
const MOST_WRAPS = 3;

/** Something that is done with a value. */
export interface Flow {
  /** What is done. */
  readonly use: Use;
  /** Where. */
  readonly node: Node;
  /** The variable or free name that takes it up, or something that this holds. */
  readonly into?: string | undefined;
  /** The method that is called on it, also where its name is that of a method that changes nothing. */
  readonly method?: string | undefined;
}

/**
 * Tells how a piece of code uses a name by one of its references. A value is followed through local variables, so that
 * `const t = x.items; t.push(1)` is a change of `x`.
 *
 * - `"write"`: the path ends in the member that is assigned: `["rate"]` of `config.rate = 2`, `[]` of `config = …`.
 * - `"mutate"`: the path leads to what is changed: `["items"]` of `b.items.push(1)`; where a method such as `add` is called on
 *   the name itself, which may stand for a namespace, the path is that method's name.
 * - `"method"`, and `"read"` of a method that changes nothing: the path ends in the method's name.
 * - Where the path is longer than three members, or runs through a computed member, it is cut off, and what is done to what is
 *   below counts as done to it.
 *
 * @param reference A reference to the name.
 * @param root The piece of code: the function or class, the expression, the statement or program.
 * @param scopes What the names stand for.
 * @returns The uses. There may be several, and equal ones.
 */
export function usesOf(reference: Reference, root: Node, scopes: Scopes): Use[] {
  return flowsOf(reference, root, scopes).map(({ use }) => use);
}

/**
 * Tells what is done with a value that a reference gives, and where.
 *
 * @param reference A reference.
 * @param root The piece of code.
 * @param scopes What the names stand for.
 * @returns What is done. There may be several, and equal ones.
 */
export function flowsOf(reference: Reference, root: Node, scopes: Scopes): Flow[] {
  const follower = new Follower(root, scopes);
  follower.start(reference);
  return follower.flows;
}

class Follower {
  readonly flows: Flow[] = [];
  readonly #root: Node;
  readonly #scopes: Scopes;
  readonly #seen = new Set<string>();
  readonly #numbers = new Map<Variable, number>();
  #begin: Node;

  constructor(root: Node, scopes: Scopes) {
    this.#root = root;
    this.#begin = root;
    this.#scopes = scopes;
  }

  start({ identifier, reads, writes }: Reference): void {
    this.#begin = identifier;
    const value = { node: identifier, path: [], exact: true, wraps: 0 };
    if (writes) this.#emit(value, "write");
    if (reads && writes) this.#emit(value, "read");
    // Where it is only read, and in the left side of `??=`, it goes on; the value of `x = 1` is another one.
    if (reads && !(writes && !this.#keepsValue(identifier))) this.#follow(value);
  }

  #keepsValue(identifier: Node): boolean {
    const parent = this.#scopes.parentOf(identifier);
    return parent?.type === "AssignmentExpression" && /^(?:&&|\|\||\?\?)=$/.test(parent.operator);
  }

  #emit(
    { path, node, wraps }: Value,
    form: Use["form"],
    more: { into?: string | undefined; method?: string; argument?: Use["argument"] } = {},
  ): void {
    // What is done to a fresh object is done to nothing else.
    if (wraps > 0 && (form === "mutate" || form === "write")) form = "read";
    const { into, method, argument } = more;
    const from = momentOf(this.#begin, this.#root, this.#scopes);
    const at = momentOf(node, this.#root, this.#scopes);
    const moments = [
      ...(from.now && at.now ? [true] : []),
      ...(from.later || at.later ? [false] : []),
    ];
    for (const now of moments) {
      const use: Use = { path, form, now, ...(argument === undefined ? {} : { argument }) };
      this.flows.push({ use, node, into, method });
    }
  }

  /** Looks at what is around an expression. */
  #follow(value: Value): void {
    const { node } = value;
    const parent = this.#scopes.parentOf(node);
    if (node === this.#root || parent === undefined) {
      // Its value is what the piece of code gives.
      if (node.type !== "Program") this.#emit(value, "escape");
      return;
    }
    const up = { ...value, node: parent };
    switch (parent.type) {
      case "MemberExpression":
        if (parent.object === node) this.#member(up);
        else this.#emit(value, "read");
        return;
      case "ChainExpression":
      case "ParenthesizedExpression":
      case "AwaitExpression":
        return this.#follow(up);
      case "CallExpression":
      case "NewExpression":
        if (parent.callee === node) this.#call(value, parent);
        else this.#argument(value, parent);
        return;
      case "TaggedTemplateExpression":
        return this.#call(value, parent);
      case "Decorator":
        return this.#emit(value, value.path.length > 0 ? "method" : "call");
      case "SpreadElement":
        return this.#spread(value, parent);
      case "ArrayExpression":
      case "ObjectExpression":
        return this.#wrap(up);
      case "Property":
      case "PropertyDefinition":
      case "AccessorProperty":
      case "MethodDefinition":
        return this.#property(value, parent);
      case "VariableDeclarator":
        // It is disposed of at the end.
        if (/using$/.test(this.#scopes.parentOf(parent)?.kind)) this.#emit(value, "mutate");
        return this.#store(parent.id, value);
      case "AssignmentPattern":
        return this.#store(parent.left, value);
      case "AssignmentExpression":
        return this.#assigned(value, parent);
      case "ForOfStatement":
        if (parent.right !== node) return this.#emit(value, "write");
        return this.#store(targetOfLoop(parent.left), element(value));
      case "ConditionalExpression":
        return parent.test === node ? this.#emit(value, "read") : this.#follow(up);
      case "LogicalExpression":
        // What `&&` gives of its left side is no object.
        return parent.operator === "&&" && parent.left === node
          ? this.#emit(value, "read")
          : this.#follow(up);
      case "SequenceExpression":
        return parent.expressions.at(-1) === node ? this.#follow(up) : this.#emit(value, "read");
      case "ReturnStatement": {
        const around = this.#scopes.functionOf(node);
        return around === undefined ? this.#emit(value, "escape") : this.#returned(value, around);
      }
      case "ArrowFunctionExpression":
        return parent.body === node ? this.#returned(value, parent) : this.#emit(value, "escape");
      case "TemplateLiteral": {
        const tagged = this.#scopes.parentOf(parent);
        return this.#emit(value, tagged?.type === "TaggedTemplateExpression" ? "escape" : "read");
      }
      case "UnaryExpression":
      case "BinaryExpression":
      case "ExpressionStatement":
      case "IfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
      case "ForInStatement":
      case "SwitchStatement":
      case "SwitchCase":
      case "ClassDeclaration":
      case "ClassExpression":
      case "ImportExpression":
        return this.#emit(value, "read");
      case "ExportSpecifier":
        return;
      case "ExportDefaultDeclaration":
        return this.#emit(value, "escape", { into: "default" });
      default:
        return this.#emit(value, "escape");
    }
  }

  /** Follows an access to a member: `node` is the access. */
  #member(value: Value): void {
    const { node } = value;
    const name = memberName(node);
    const parent = this.#scopes.parentOf(node);
    if (isTarget(node, this.#scopes)) return this.#changed(value, name);
    const chain = parent?.type === "ChainExpression" ? this.#scopes.parentOf(parent) : parent;
    const call = parent?.type === "CallExpression" && parent.callee === node ? parent : undefined;
    if (name === undefined) {
      // A private name is no computed one.
      if (node.computed) this.#emit(value, "computed");
      if (call !== undefined || chain?.type === "TaggedTemplateExpression") {
        return this.#emit(value, value.wraps > 0 ? "escape" : "method");
      }
      return this.#follow(element(value));
    }
    if (call !== undefined) return this.#method(value, name, call);
    if (chain?.type === "TaggedTemplateExpression") {
      return this.#emit(member(value, name), "method");
    }
    this.#follow(member(value, name));
  }

  #changed(value: Value, name: string | undefined): void {
    const exact = name !== undefined && value.exact && value.wraps === 0 &&
      value.path.length < LONGEST_PATH;
    this.#emit(exact ? member(value, name) : value, exact ? "write" : "mutate");
    const { node } = value;
    const parent = this.#scopes.parentOf(node);
    const isRead = parent?.type === "UpdateExpression" ||
      (parent?.type === "AssignmentExpression" && parent.operator !== "=");
    if (isRead) this.#emit(exact ? member(value, name) : value, "read");
  }

  #call(value: Value, call: Node): void {
    if (value.wraps > 0 || !value.exact) return this.#emit(value, "escape");
    const bare = call.type !== "TaggedTemplateExpression" && call.arguments.length === 0;
    if (call.type === "NewExpression") this.#emit(value, bare ? "new0" : "new");
    else this.#emit(value, bare ? "call0" : "call");
  }

  #method(value: Value, name: string, call: Node): void {
    const method = { method: name };
    const called = value.wraps > 0 ? value : member(value, name);
    // What the platform's own functions do to their arguments is another question.
    if (value.node.object === this.#begin && calleeName(call, this.#scopes) !== undefined) {
      return this.#emit(called, "method", method);
    }
    const node = call;
    if (CALLING_METHODS.has(name)) this.#callbacks(value, call);
    if (PLAIN_METHODS.has(name)) return this.#emit(called, "read", method);
    if (MEMBER_METHODS.has(name)) {
      this.#emit(called, "read", method);
      return this.#follow({ ...element({ ...value, path: called.path }), node });
    }
    if (COPY_METHODS.has(name)) {
      this.#emit(called, "read", method);
      const { wraps } = value;
      return this.#copy({ ...called, node, wraps: name === "entries" ? wraps + 1 : wraps });
    }
    if (CHANGING_METHODS.has(name)) {
      const { path } = value;
      this.#emit(path.length > 0 || value.wraps > 0 ? value : called, "mutate", method);
      // It may give what it has, or itself.
      if (this.#scopes.parentOf(call)?.type === "ExpressionStatement") return;
      return this.#follow({ ...value, node, path: called.path, exact: false });
    }
    this.#emit(called, value.wraps > 0 ? "escape" : "method", method);
  }

  /** Follows the members of something into the functions that its method is given. */
  #callbacks(value: Value, call: Node): void {
    for (const argument of call.arguments as Node[]) {
      if (argument === value.node) continue;
      if (isFunction(argument)) {
        const params = argument.params as Node[];
        for (const [index, param] of params.entries()) {
          this.#store(param, index < 2 ? element(value) : { ...value, exact: false });
        }
      } else if (argument.type !== "Literal" && !this.#isPlainFunction(argument)) {
        this.#emit({ ...value, node: argument, exact: false }, "escape");
      }
    }
  }

  #isPlainFunction(node: Node): boolean {
    const name = calleeName(
      { type: "CallExpression", start: 0, end: 0, callee: node },
      this.#scopes,
    );
    return name !== undefined && keepsNothing(name);
  }

  #argument(value: Value, call: Node): void {
    const index = (call.arguments as Node[]).indexOf(value.node);
    const name = calleeName(call, this.#scopes);
    const up = { ...value, node: call };
    if (name !== undefined) {
      if (CALLING_FUNCTIONS.has(name)) this.#callbacks(value, call);
      if (name.startsWith("new:") && name.endsWith("Error") && index > 0) {
        return this.#emit(value, "escape");
      }
      if (keepsNothing(name)) return this.#emit(value, "read");
      if (COPYING.has(name)) {
        this.#emit(value, "read");
        return this.#copy({
          ...up,
          wraps: name.endsWith("entries") ? value.wraps + 1 : value.wraps,
        });
      }
      if (PASSING.has(name)) return this.#follow(up);
      if (CHANGING.has(name)) {
        if (index === 0) this.#emit(value, "mutate");
        else this.#emit(value, "escape", { into: rootName(call.arguments[0]) });
        if (this.#scopes.parentOf(call)?.type === "ExpressionStatement") return;
        return this.#follow({ ...up, exact: index === 0 && value.exact });
      }
    }
    const { callee } = call;
    if (isFunction(callee)) return this.#passed(value, callee.params[index], callee);
    const method = memberName(callee);
    if (method !== undefined && CHANGING_METHODS.has(method)) {
      return this.#emit(value, "escape", { into: rootName(callee.object) });
    }
    this.#emit(value, "escape", { argument: argumentOf(value, call, index, this.#scopes) });
  }

  /** Follows an argument of a function that is called on the spot. */
  #passed(value: Value, param: Node | undefined, callee: Node): void {
    const isPlain = param !== undefined && param.type !== "RestElement" &&
      callee.params.indexOf(param) >= 0 && !this.#usesArguments(callee);
    if (isPlain) this.#store(param, value);
    else this.#emit(value, "escape");
  }

  #usesArguments({ start, end }: Node): boolean {
    return this.#scopes.references.some(({ variable, identifier }) =>
      variable?.kind === "arguments" && start <= identifier.start && identifier.end <= end
    );
  }

  #spread(value: Value, spread: Node): void {
    const around = this.#scopes.parentOf(spread);
    const isLiteral = around?.type === "ArrayExpression" || around?.type === "ObjectExpression";
    if (!isLiteral) return this.#emit({ ...value, exact: false }, "escape");
    this.#emit(value, "read");
    this.#copy({ ...value, node: around });
  }

  /** A new object that holds what the value held. */
  #copy(value: Value): void {
    this.#wrap({ ...value, wraps: Math.max(value.wraps - 1, 0), exact: false });
  }

  /** A new object that holds the value. */
  #wrap(value: Value): void {
    if (value.wraps >= MOST_WRAPS) this.#emit(value, "escape");
    else this.#follow({ ...value, wraps: value.wraps + 1 });
  }

  #property(value: Value, property: Node): void {
    if (property.key === value.node && property.computed) return this.#emit(value, "read");
    const around = this.#scopes.parentOf(property);
    if (property.type === "Property" && around?.type === "ObjectExpression") {
      return this.#wrap({ ...value, node: around });
    }
    const owner = around === undefined ? undefined : this.#scopes.parentOf(around);
    this.#emit(value, "escape", { into: owner?.id?.name });
  }

  #assigned(value: Value, assignment: Node): void {
    const { operator, left } = assignment;
    if (left === value.node) return this.#follow({ ...value, node: assignment });
    if (!/^(?:|&&|\|\||\?\?)=$/.test(operator)) return this.#emit(value, "read");
    this.#store(left, value);
    // The value of `a = b` goes on; in a statement of its own, it goes nowhere.
    const above = this.#scopes.parentOf(assignment);
    if (above?.type !== "ExpressionStatement") this.#follow({ ...value, node: assignment });
  }

  /** Follows what is put into a variable, a member or a pattern. */
  #store(target: Node, value: Value): void {
    switch (target.type) {
      case "Identifier": {
        const variable = this.#scopes.variableOf(target);
        if (variable === undefined || variable.top) {
          return this.#emit(value, "escape", { into: target.name });
        }
        return this.#variable(variable, value);
      }
      case "AssignmentPattern":
        return this.#store(target.left, value);
      case "RestElement":
        return this.#store(target.argument, {
          ...value,
          exact: false,
          wraps: Math.max(value.wraps, 1),
        });
      case "ArrayPattern":
        this.#emit(value, "read");
        for (const item of target.elements as (Node | null)[]) {
          if (item === null) continue;
          this.#store(item, item.type === "RestElement" ? value : element(value));
        }
        return;
      case "ObjectPattern":
        // Of a namespace, only what is taken out of it counts.
        if (target.properties.length === 0) this.#emit(value, "read");
        for (const property of target.properties as Node[]) this.#storeProperty(property, value);
        return;
      default:
        return this.#emit(value, "escape", { into: rootName(target) });
    }
  }

  #storeProperty(property: Node, value: Value): void {
    if (property.type === "RestElement") return this.#store(property, value);
    const name = keyName(property.key, property.computed);
    if (name !== undefined) return this.#store(property.value, member(value, name));
    this.#emit(value, "computed");
    this.#store(property.value, element(value));
  }

  #variable(variable: Variable, value: Value): void {
    let number = this.#numbers.get(variable);
    if (number === undefined) this.#numbers.set(variable, number = this.#numbers.size);
    const key = JSON.stringify([number, value.path, value.exact, value.wraps]);
    if (this.#seen.has(key)) return this.#emit(value, "read");
    this.#seen.add(key);
    const readers = variable.references.filter(({ reads }) => reads);
    if (readers.length === 0) this.#emit(value, "read");
    for (const { identifier } of readers) this.#follow({ ...value, node: identifier });
  }

  /** Follows what a function returns. */
  #returned(value: Value, node: Node): void {
    if (node === this.#root || node.generator) return this.#emit(value, "escape");
    const parent = this.#scopes.parentOf(node);
    if (parent?.type !== "CallExpression") return this.#emit(value, "escape");
    const up = { ...value, node: parent };
    if (parent.callee === node) return this.#follow(up);
    const method = memberName(parent.callee);
    if (method !== undefined && TESTING_METHODS.has(method)) return this.#emit(value, "read");
    if (method === "map" || method === "flatMap") return this.#wrap(up);
    if (method === "reduce" || method === "reduceRight") return this.#follow(up);
    this.#emit(value, "escape");
  }
}
