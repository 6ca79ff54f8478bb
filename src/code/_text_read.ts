// Copyright 2026 the pecapiku authors. MIT license.

import { calleeName, keyName, memberName } from "./_moments.ts";
import { isClass, isFunction, isNode, type Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";

/** What of functions' texts may be a part of the result of a piece of code. */
export interface TextRead {
  /** The text of any function. */
  readonly ofFunctions: boolean;
  /** The text of values that are given to it, or that its free names stand for. */
  readonly ofValues: boolean;
}

/** What a value that is turned into text may be: nothing with a function in it, an unknown value, or a function of the code's own. */
enum Danger {
  none,
  value,
  function,
}

/**
 * Tells where a piece of code turns values into text that may be functions.
 *
 * @param nodes All nodes of the code.
 * @param scopes What its names stand for.
 * @returns What of functions' texts it may read.
 */
export function textRead(nodes: readonly Node[], scopes: Scopes): TextRead {
  const reader = new Reader(scopes);
  let danger = Danger.none;
  for (const node of nodes) danger = Math.max(danger, reader.read(node));
  return { ofFunctions: danger === Danger.function, ofValues: danger >= Danger.value };
}

// Platform functions that make a text of their first argument.
const TEXT_MAKERS: ReadonlySet<string> = new Set(
  ("String new:String Symbol Symbol.for RegExp new:RegExp btoa encodeURI encodeURIComponent escape Error new:Error")
    .split(" "),
);

// Methods that give numbers, booleans or text, none of a function.
const PLAIN_RESULTS: ReadonlySet<string> = new Set(
  ("toFixed toPrecision toExponential toISOString trim trimStart trimEnd toUpperCase toLowerCase padStart padEnd charAt " +
    "charCodeAt codePointAt repeat indexOf lastIndexOf includes startsWith endsWith has getTime normalize")
    .split(" "),
);

const PLAIN_OBJECTS: ReadonlySet<string> = new Set(
  ["Math", "Number", "String", "JSON", "Boolean", "BigInt", "parseInt", "parseFloat", "Date"],
);

// Of functions, `toLocaleString` calls `toString`.
const TEXT_METHODS: ReadonlySet<unknown> = new Set(["toString", "toLocaleString"]);

function isTextMethod(name: unknown): boolean {
  return TEXT_METHODS.has(name);
}

class Reader {
  readonly #scopes: Scopes;
  readonly #asked = new Set<Variable>();

  constructor(scopes: Scopes) {
    this.#scopes = scopes;
  }

  read(node: Node): Danger {
    switch (node.type) {
      case "TemplateLiteral":
        return this.#worst(node.expressions);
      case "BinaryExpression":
        return node.operator === "+" ? this.#sum(node.left, node.right) : Danger.none;
      case "AssignmentExpression":
        return node.operator === "+=" ? this.#sum(node.left, node.right) : Danger.none;
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      case "MemberExpression":
        return this.#member(node);
      case "ObjectPattern":
        return node.properties.some(({ type, key, computed }: Node) =>
            type === "Property" && isTextMethod(keyName(key, computed))
          )
          ? Danger.function
          : Danger.none;
      case "Literal":
        return isTextMethod(node.value) && this.#isValue(node) ? Danger.function : Danger.none;
      case "TemplateElement":
        return isTextMethod(node.value.cooked) ? Danger.function : Danger.none;
      default:
        return Danger.none;
    }
  }

  #worst(nodes: readonly (Node | null)[]): Danger {
    let danger = Danger.none;
    for (const node of nodes) {
      if (isNode(node)) danger = Math.max(danger, this.#of(node));
    }
    return danger;
  }

  #sum(left: Node, right: Node): Danger {
    return isNumber(left) || isNumber(right) ? Danger.none : this.#worst([left, right]);
  }

  #call(call: Node): Danger {
    const { callee } = call;
    const given: readonly Node[] = call.arguments;
    const platform = calleeName(call, this.#scopes);
    if (platform !== undefined && TEXT_MAKERS.has(platform)) return this.#worst(given.slice(0, 1));
    switch (memberName(callee)) {
      case "toString":
      case "toLocaleString":
        return given.length === 0 ? this.#of(callee.object) : Danger.none;
      case "join":
        return this.#of(callee.object);
      case "concat":
        return isText(callee.object) ? this.#worst(given) : Danger.none;
      default:
        return Danger.none;
    }
  }

  // `toString` itself, which may be called on anything later.
  #member(node: Node): Danger {
    if (!isTextMethod(memberName(node))) {
      return node.computed && this.#of(node.property) === Danger.function
        ? Danger.function
        : Danger.none;
    }
    const parent = this.#scopes.parentOf(node);
    if (parent?.type === "CallExpression" && parent.callee === node) return Danger.none;
    if (parent?.type === "AssignmentExpression" && parent.left === node) return Danger.none;
    const { object } = node;
    const isOfObject = memberName(object) === "prototype" && object.object.type === "Identifier" &&
      object.object.name === "Object" && this.#scopes.variableOf(object.object) === undefined;
    return isOfObject && memberName(node) === "toString" ? Danger.none : Danger.function;
  }

  #isValue(literal: Node): boolean {
    const parent = this.#scopes.parentOf(literal);
    return parent?.type !== "MemberExpression" && (parent?.key !== literal || parent.computed);
  }

  // What may come of it, when it is made a text.
  #of(node: Node): Danger {
    if (isFunction(node) || isClass(node)) return Danger.function;
    switch (node.type) {
      case "Literal":
      case "TemplateLiteral":
      case "UnaryExpression":
      case "UpdateExpression":
      case "BinaryExpression":
        return Danger.none;
      case "ArrayExpression":
        return this.#worst(node.elements);
      case "ObjectExpression":
        return Danger.none;
      case "ConditionalExpression":
        return this.#worst([node.consequent, node.alternate]);
      case "LogicalExpression":
        return this.#worst([node.left, node.right]);
      case "SequenceExpression":
        return this.#of(node.expressions.at(-1));
      case "AssignmentExpression":
        return this.#of(node.right);
      case "ChainExpression":
        return this.#of(node.expression);
      case "Identifier":
        return this.#name(node);
      case "MemberExpression":
        return Math.max(Danger.value, this.#root(node));
      case "CallExpression":
      case "NewExpression":
        return this.#isPlain(node) ? Danger.none : Danger.value;
      default:
        return Danger.value;
    }
  }

  #root(member: Node): Danger {
    let at = member;
    while (at.type === "MemberExpression" || at.type === "ChainExpression") {
      at = at.type === "MemberExpression" ? at.object : at.expression;
    }
    return at.type === "Identifier" ? this.#name(at) : Danger.value;
  }

  #name(identifier: Node): Danger {
    const variable = this.#scopes.variableOf(identifier);
    if (variable === undefined) {
      return /^(?:undefined|NaN|Infinity)$/.test(identifier.name) ? Danger.none : Danger.value;
    }
    const isCode = (node: Node) =>
      (isFunction(node) || isClass(node)) && variable.declarations.includes(node.id);
    if (variable.definitions.some(isCode)) return Danger.function;
    if (this.#asked.has(variable)) return Danger.value;
    this.#asked.add(variable);
    const holds = this.#valuesOf(variable).some(holdsFunction);
    this.#asked.delete(variable);
    return holds ? Danger.function : Danger.value;
  }

  #valuesOf(variable: Variable): Node[] {
    const values: Node[] = [];
    for (const { init } of variable.definitions) if (isNode(init)) values.push(init);
    for (const { identifier, writes } of variable.references) {
      if (!writes) continue;
      let at: Node | undefined = identifier;
      while (
        at !== undefined && at.type !== "AssignmentExpression" && !at.type.endsWith("Statement")
      ) {
        at = this.#scopes.parentOf(at);
      }
      if (at?.type === "AssignmentExpression") values.push(at.right);
    }
    return values;
  }

  #isPlain(call: Node): boolean {
    const platform = calleeName(call, this.#scopes);
    if (platform === undefined) return PLAIN_RESULTS.has(memberName(call.callee) ?? "");
    return PLAIN_OBJECTS.has(platform.replace(/^new:|\..*$/g, ""));
  }
}

// Whether a value is a function, or a literal with one in it.
function holdsFunction(node: Node): boolean {
  if (isFunction(node) || isClass(node)) return true;
  switch (node.type) {
    case "ArrayExpression":
      return node.elements.some((item: unknown) => isNode(item) && holdsFunction(item));
    case "ObjectExpression":
      return node.properties.some(({ value }: Node) => isNode(value) && holdsFunction(value));
    case "ConditionalExpression":
      return holdsFunction(node.consequent) || holdsFunction(node.alternate);
    case "LogicalExpression":
      return holdsFunction(node.left) || holdsFunction(node.right);
    case "SequenceExpression":
      return node.expressions.some(holdsFunction);
    case "AssignmentExpression":
      return holdsFunction(node.right);
    default:
      return false;
  }
}

function isNumber(node: Node): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "number" || node.bigint !== undefined;
    case "UnaryExpression":
      return node.operator !== "typeof";
    case "UpdateExpression":
      return true;
    case "BinaryExpression":
      return node.operator === "+"
        ? isNumber(node.left) && isNumber(node.right)
        : !/^(?:in|instanceof|[<>=!]=?=?)$/.test(node.operator);
    case "MemberExpression":
      return memberName(node) === "length" || memberName(node) === "size";
    default:
      return false;
  }
}

function isText(node: Node): boolean {
  return node.type === "TemplateLiteral" ||
    (node.type === "Literal" && typeof node.value === "string");
}
