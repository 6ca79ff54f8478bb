// Copyright 2026 the pecapiku authors. MIT license.

import { ANY, privateName, takerOf, takerOfField } from "./_callees.ts";
import {
  calleeName,
  functionNamed,
  isBuffer,
  isPlainFunction,
  isSimple,
  memberName,
  momentOf,
  momentsOf,
} from "./_moments.ts";
import { isChangedByMethod } from "./_method_calls.ts";
import { isFunction, type Node } from "./_parse.ts";
import {
  CALLING_FUNCTIONS,
  CALLING_METHODS,
  CHANGING_BY_NAME,
  CHANGING_METHODS,
  methodRole,
  platformRole,
  TESTING_METHODS,
} from "./_platform_calls.ts";
import type { Reference, Scopes, Variable } from "./_scopes.ts";
import type { Use } from "./unit.ts";
import {
  argumentOf,
  element,
  type Flow,
  isKeptByAssignment,
  isLookedAt,
  isReadToo,
  isTarget,
  LONGEST_PATH,
  member,
  rootName,
  SeenParts,
  takeApart,
  targetOfLoop,
  type Value,
} from "./_values.ts";

/** How many fresh objects around a value are told apart from it. */
const MOST_WRAPS = 3;

/** Follows a value through the code, and notes what is done with it. */
export class Follower {
  readonly flows: Flow[] = [];
  readonly #root: Node;
  readonly #scopes: Scopes;
  readonly #seen = new SeenParts();
  readonly #withResults: boolean;
  #begin: Node;

  constructor(root: Node, scopes: Scopes, withResults: boolean) {
    this.#withResults = withResults;
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
    if (reads && !(writes && !isKeptByAssignment(identifier, this.#scopes))) this.#follow(value);
  }

  /** Follows what a function gets by a parameter. */
  startParameter(param: Node): void {
    this.#begin = this.#root;
    this.#store(param, { node: param, path: [], exact: true, wraps: 0 });
  }

  /** Follows the value of an expression. */
  startNode(node: Node, wraps: number): void {
    this.#begin = node;
    this.#follow({ node, path: [], exact: wraps === 0, wraps });
  }

  #emit(
    { path, node, exact, wraps, ofResult }: Value,
    form: Use["form"],
    more:
      & Pick<Flow, "into" | "inside" | "method" | "direct" | "returnedBy" | "taker">
      & Pick<Use, "argument"> = {},
    moments = momentsOf(this.#begin, node, this.#root, this.#scopes),
  ): void {
    const isChange = form === "write" || form === "mutate";
    if (ofResult !== undefined && !isChange && !(form === "escape" && more.returnedBy)) return;
    // What is done to a fresh object is done to nothing else.
    if (wraps > 0 && (form === "mutate" || form === "write")) form = "read";
    const { argument, ...rest } = more;
    for (const now of moments) {
      const use: Use = {
        path,
        form,
        now,
        ...(isByName(form, more) ? { byName: true } : {}),
        ...(argument === undefined ? {} : { argument }),
      };
      this.flows.push({ use, node, exact, wraps, ofResult, ...rest });
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
    if (isLookedAt(node, parent, this.#scopes)) return this.#emit(value, "read");
    const up = { ...value, node: parent };
    switch (parent.type) {
      case "MemberExpression":
        return this.#member(up);
      case "ChainExpression":
      case "AwaitExpression":
      case "ConditionalExpression":
      case "LogicalExpression":
      case "SequenceExpression":
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
      case "ReturnStatement":
        return this.#returned(value, this.#scopes.functionOf(node));
      case "ArrowFunctionExpression":
        return parent.body === node ? this.#returned(value, parent) : this.#emit(value, "escape");
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
    const name = memberName(node) ??
      (this.#begin.type === "ThisExpression" ? privateName(node) : undefined);
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
    if (isReadToo(value.node, this.#scopes)) {
      this.#emit(exact ? member(value, name) : value, "read");
    }
  }

  /** Follows the result of a call, if anything is done with it. */
  #result(value: Value): void {
    if (this.#scopes.parentOf(value.node)?.type !== "ExpressionStatement") this.#follow(value);
  }

  #call(value: Value, call: Node): void {
    if (value.wraps > 0 || !value.exact) return this.#emit(value, "escape");
    const bare = call.type !== "TaggedTemplateExpression" && call.arguments.length === 0;
    this.#emit(value, `${call.type === "NewExpression" ? "new" : "call"}${bare ? "0" : ""}`);
    this.#resultOf(value, "", call);
  }

  /** Follows what a function gave. */
  #resultOf(value: Value, name: string, call: Node): void {
    if (!this.#withResults) return;
    const isDeep = value.path.length > 0 || value.ofResult !== undefined || !value.exact;
    if (isDeep && name === "") return;
    const ofResult = isDeep ? `.${name}` : name;
    this.#result({ node: call, path: [], exact: true, wraps: 0, ofResult });
  }

  #method(value: Value, name: string, call: Node): void {
    const direct = value.path.length === 0 && value.exact && value.wraps === 0;
    const method = { method: name, direct };
    const called = value.wraps > 0 ? value : member(value, name);
    // What the platform's own functions do to their arguments is another question.
    if (value.node.object === this.#begin && calleeName(call, this.#scopes) !== undefined) {
      return this.#emit(called, "method", method);
    }
    if (CALLING_METHODS.has(name)) this.#callbacks(value, call);
    const [callback] = call.arguments as Node[];
    // What a promise stands for counts as it.
    if (name === "then" && callback !== undefined && isFunction(callback) && callback.params[0]) {
      this.#store(callback.params[0], value);
    }
    const node = call;
    const { path, wraps } = value;
    switch (methodRole(name)) {
      case "plain":
        return this.#emit(called, "read", method);
      case "member":
        this.#emit(called, "read", method);
        return this.#follow({ ...element({ ...value, path: called.path }), node });
      case "copy":
        this.#emit(called, "read", method);
        return this.#copy({ ...called, node, wraps: name === "entries" ? wraps + 1 : wraps });
      case "changing":
        this.#emit(path.length > 0 || wraps > 0 ? value : called, "mutate", method);
        // It may give what it has, or itself.
        return this.#result({ ...value, node, path: called.path, exact: false });
    }
    this.#emit(called, wraps > 0 ? "escape" : "method", method);
    this.#resultOf(value, name, call);
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
      } else if (argument.type !== "Literal" && !isPlainFunction(argument, this.#scopes)) {
        this.#emit({ ...value, node: argument, exact: false }, "escape");
      }
    }
  }

  #argument(value: Value, call: Node): void {
    const index = (call.arguments as Node[]).indexOf(value.node);
    const name = calleeName(call, this.#scopes);
    const up = { ...value, node: call };
    if (name !== undefined && CALLING_FUNCTIONS.has(name)) this.#callbacks(value, call);
    if (isChangedByMethod(call, index, this.#scopes)) {
      const kept = memberName(call.callee) === "bind";
      this.#emit(value, "mutate", {}, kept ? [false] : undefined);
      return this.#result(up);
    }
    if (index === 0 && name !== undefined && isBuffer(value.node, name, this.#scopes)) {
      this.#follow({ ...up, exact: false });
    }
    switch (name === undefined ? "given" : platformRole(name, index)) {
      case "seen":
        return this.#emit(value, "read");
      case "copied":
        this.#emit(value, "read");
        return this.#copy({ ...up, wraps: value.wraps + (name!.endsWith("entries") ? 1 : 0) });
      case "passed":
        return this.#follow(/getPrototypeOf$/.test(name!) ? member(up, "__proto__") : up);
      case "changed":
        this.#emit(value, "mutate");
        return this.#result(up);
      case "put":
        this.#emit(value, "escape", { into: rootName(call.arguments[0]), inside: true });
        return this.#result({ ...up, exact: false });
    }
    const { callee } = call;
    if (isFunction(callee)) return this.#passed(value, callee.params[index], callee);
    const known = functionNamed(callee, this.#scopes);
    // What a function of this text does to its argument, it does when it is called: that counts, unless it is at once.
    if (known !== undefined && momentOf(call, this.#root, this.#scopes).later) {
      this.#passed(value, known.params[index], known);
    }
    const method = memberName(callee);
    const taker = takerOf(call, index, value.wraps, this.#scopes);
    if (method !== undefined && CHANGING_METHODS.has(method)) {
      return this.#emit(value, "escape", { into: rootName(callee.object), inside: true, taker });
    }
    const argument = argumentOf(value, call, index, this.#scopes);
    this.#emit(value, "escape", { argument, taker });
  }

  /** Follows an argument of a function that is called on the spot. */
  #passed(value: Value, param: Node | undefined, callee: Node): void {
    if (isSimple(param, callee, this.#scopes)) this.#store(param, value);
    else this.#emit(value, "escape");
  }

  #spread(value: Value, spread: Node): void {
    const around = this.#scopes.parentOf(spread);
    const isLiteral = around?.type === "ArrayExpression" || around?.type === "ObjectExpression";
    if (!isLiteral) {
      const part = element(value);
      const taker = around && takerOf(around, ANY, part.wraps, this.#scopes);
      return this.#emit({ ...value, exact: false }, "escape", { taker });
    }
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
    const around = this.#scopes.parentOf(property);
    if (property.type === "Property" && around?.type === "ObjectExpression") {
      return this.#wrap({ ...value, node: around });
    }
    const owner = around === undefined ? undefined : this.#scopes.parentOf(around);
    const taker = takerOfField(property, value.wraps, this.#scopes);
    this.#emit(value, "escape", { into: owner?.id?.name, taker });
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
  #store(pattern: Node, value: Value): void {
    const { targets, looks } = takeApart(pattern, value);
    for (const { form, value } of looks) this.#emit(value, form);
    for (const { target, value } of targets) {
      const variable = target.type === "Identifier" ? this.#scopes.variableOf(target) : undefined;
      if (variable === undefined || variable.top) {
        const taker = takerOfField(target, value.wraps, this.#scopes);
        this.#emit(value, "escape", {
          into: rootName(target),
          inside: target.type === "MemberExpression",
          taker,
        });
      } else this.#variable(variable, value);
    }
  }

  #variable(variable: Variable, value: Value): void {
    const next = this.#seen.add(variable, value);
    if (next === undefined) return this.#emit(value, "read");
    const readers = variable.references.filter(({ reads }) => reads);
    if (readers.length === 0) this.#emit(next, "read");
    for (const { identifier } of readers) this.#follow({ ...next, node: identifier });
  }

  /** Follows what a function returns. */
  #returned(value: Value, node: Node | undefined): void {
    const returnedBy = node;
    const parent = node && this.#scopes.parentOf(node);
    if (node === this.#root || node?.generator || parent?.type !== "CallExpression") {
      return this.#emit(value, "escape", { returnedBy });
    }
    const up = { ...value, node: parent };
    if (parent.callee === node) return this.#follow(up);
    const method = memberName(parent.callee);
    if (method !== undefined && TESTING_METHODS.has(method)) return this.#emit(value, "read");
    if (method === "map" || method === "flatMap") return this.#wrap(up);
    if (method === "reduce" || method === "reduceRight") return this.#follow(up);
    this.#emit(value, "escape");
  }
}

function isByName(form: Use["form"], { direct, method }: Pick<Flow, "direct" | "method">): boolean {
  return form === "mutate" && direct === true && method !== undefined &&
    CHANGING_BY_NAME.has(method);
}
