// Copyright 2026 the pecapiku authors. MIT license.

import type { Taker } from "./_callees.ts";
import { keyName } from "./_moments.ts";
import type { Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";
import type { Use } from "./unit.ts";

/** The most members of a path that are told. */
export const LONGEST_PATH = 3;

/** Something that is done with a value. */
export interface Flow {
  /** What is done. */
  readonly use: Use;
  /** Where. */
  readonly node: Node;
  /** The variable or free name that takes it up, or something that this holds. */
  readonly into?: string | undefined;
  /** Whether that takes it up as a member, so that it is another object. */
  readonly inside?: boolean | undefined;
  /** The method that is called on it, also where its name is that of a method that changes nothing. */
  readonly method?: string | undefined;
  /** Whether that is called on what the reference itself gives, and not on a part of it. */
  readonly direct?: boolean | undefined;
  /** The function that returns it. */
  readonly returnedBy?: Node | undefined;
  /** Whether it is done to what the path leads to, and not to some part of that. */
  readonly exact: boolean;
  /** How many objects are around it that were made on the way. */
  readonly wraps: number;
  /**
   * Where it is done to what a call gave, and not to the value: the member that was called, `""` for the value itself; with `"."` before
   * it for a member of something deeper.
   */
  readonly ofResult?: string | undefined;
  /** What it is handed to. */
  readonly taker?: Taker | undefined;
}

/** A value on its way through the code. */
export interface Value {
  /** The expression that gives it. */
  readonly node: Node;
  /** The members that lead to it from the name. */
  readonly path: readonly string[];
  /** Whether it is what the path leads to; otherwise it is some part of that. */
  readonly exact: boolean;
  /** How many objects are around it that were made on the way. */
  readonly wraps: number;
  /** Of what a call gave: the member that was called, `""` for the value itself. */
  readonly ofResult?: string | undefined;
}

/** A member of a value. */
export function member(value: Value, name: string): Value {
  if (value.wraps > 0 || !value.exact || value.path.length >= LONGEST_PATH) return element(value);
  return { ...value, path: [...value.path, name] };
}

/** Some member of a value. */
export function element(value: Value): Value {
  return { ...value, exact: false, wraps: Math.max(value.wraps - 1, 0) };
}

export function targetOfLoop(left: Node): Node {
  return left.type === "VariableDeclaration" ? left.declarations[0].id : left;
}

/** The name at the beginning of a chain of members. */
export function rootName(node: Node): string | undefined {
  let at = node;
  while (at.type === "MemberExpression" || at.type === "ChainExpression") {
    at = at.type === "MemberExpression" ? at.object : at.expression;
  }
  return at.type === "Identifier" ? at.name : undefined;
}

/** Whether an expression is assigned, updated or deleted. */
export function isTarget(node: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(node);
  switch (parent?.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForInStatement":
    case "ForOfStatement":
      return parent.left === node;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
      return true;
    case "UnaryExpression":
      return parent.operator === "delete";
    case "ChainExpression": {
      const above = scopes.parentOf(parent);
      return above?.type === "UnaryExpression" && above.operator === "delete";
    }
    case "Property":
      return parent.value === node && scopes.parentOf(parent)?.type === "ObjectPattern";
    default:
      return false;
  }
}

/** Which argument of which outer function a value is. */
export function argumentOf(
  value: Value,
  call: Node,
  index: number,
  scopes: Scopes,
): Use["argument"] {
  const { callee } = call;
  if (call.type !== "CallExpression" || callee.type !== "Identifier") return undefined;
  if (!value.exact || value.wraps > 0) return undefined;
  const before = (call.arguments as Node[]).slice(0, index);
  if (before.some(({ type }) => type === "SpreadElement")) return undefined;
  const variable = scopes.variableOf(callee);
  const isOuter = variable === undefined || variable.top || variable.kind === "parameter";
  return isOuter ? { of: callee.name, index } : undefined;
}

/**
 * Tells whether what is right around an expression only looks at its value, so that it goes nowhere.
 *
 * @param node The expression.
 * @param parent What is right around it.
 * @param scopes What the names stand for.
 * @returns Whether it does.
 */
export function isLookedAt(node: Node, parent: Node, scopes: Scopes): boolean {
  switch (parent.type) {
    case "MemberExpression":
      return parent.object !== node;
    case "ConditionalExpression":
      return parent.test === node;
    case "LogicalExpression":
      // What `&&` gives of its left side is no object.
      return parent.operator === "&&" && parent.left === node;
    case "SequenceExpression":
      return parent.expressions.at(-1) !== node;
    case "TemplateLiteral":
      return scopes.parentOf(parent)?.type !== "TaggedTemplateExpression";
    case "Property":
    case "PropertyDefinition":
    case "AccessorProperty":
    case "MethodDefinition":
      return parent.key === node && parent.computed;
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
      return true;
    default:
      return false;
  }
}

/** A pattern, taken apart. */
export interface Parts {
  /** The names and members that it assigns, and what each one gets. */
  readonly targets: { readonly target: Node; readonly value: Value }[];
  /** What is looked at on the way. */
  readonly looks: { readonly form: "read" | "computed"; readonly value: Value }[];
}

/**
 * Takes apart what a value is assigned to.
 *
 * @param pattern The pattern, name or member.
 * @param value The value.
 * @returns Its parts.
 */
export function takeApart(pattern: Node, value: Value): Parts {
  const parts: Parts = { targets: [], looks: [] };
  takeApartInto(parts, pattern, value);
  return parts;
}

function takeApartInto(parts: Parts, pattern: Node, value: Value): void {
  switch (pattern.type) {
    case "AssignmentPattern":
      return takeApartInto(parts, pattern.left, value);
    case "RestElement": {
      const rest = { ...value, exact: false, wraps: Math.max(value.wraps, 1) };
      return takeApartInto(parts, pattern.argument, rest);
    }
    case "ArrayPattern":
      parts.looks.push({ form: "read", value });
      for (const item of pattern.elements as (Node | null)[]) {
        if (item === null) continue;
        takeApartInto(parts, item, item.type === "RestElement" ? value : element(value));
      }
      return;
    case "ObjectPattern":
      // Of a namespace, only what is taken out of it counts.
      if (pattern.properties.length === 0) parts.looks.push({ form: "read", value });
      for (const property of pattern.properties as Node[]) {
        if (property.type === "RestElement") {
          takeApartInto(parts, property, value);
          continue;
        }
        const name = keyName(property.key, property.computed);
        if (name === undefined) parts.looks.push({ form: "computed", value });
        takeApartInto(
          parts,
          property.value,
          name === undefined ? element(value) : member(value, name),
        );
      }
      return;
    default:
      parts.targets.push({ target: pattern, value });
  }
}

/**
 * Tells whether the value of a name that is assigned goes on as that of the assignment: in `x ??= 1` it may.
 *
 * @param identifier The name.
 * @param scopes What the names stand for.
 * @returns Whether it may.
 */
export function isKeptByAssignment(identifier: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(identifier);
  return parent?.type === "AssignmentExpression" && /^(?:&&|\|\||\?\?)=$/.test(parent.operator);
}

/**
 * Tells whether a member that is changed is looked at before: `x.a++`, `x.a += 1`.
 *
 * @param node The access to it.
 * @param scopes What the names stand for.
 * @returns Whether it is.
 */
export function isReadToo(node: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(node);
  return parent?.type === "UpdateExpression" ||
    (parent?.type === "AssignmentExpression" && parent.operator !== "=");
}

/** How many parts of a value in one variable are told apart. */
const MOST_PARTS = 4;

/** Which parts of a value each variable has had. */
export class SeenParts {
  readonly #seen = new Map<Variable, Set<string>>();

  /**
   * Adds a part. A variable of a loop or a recursion may get ever new ones: then it may be any part.
   *
   * @param variable The variable.
   * @param value The part.
   * @returns What is to be looked at; `undefined` if it was.
   */
  add(variable: Variable, value: Value): Value | undefined {
    const seen = this.#seen.get(variable) ?? new Set();
    this.#seen.set(variable, seen);
    const next = seen.size < MOST_PARTS
      ? value
      : { ...value, path: value.path.slice(0, 1), exact: false };
    const key = [next.exact, next.wraps, next.ofResult, ...next.path].join("\n");
    if (seen.has(key)) return undefined;
    seen.add(key);
    return next;
  }
}
