// Copyright 2026 the pecapiku authors. MIT license.

import type { Node } from "./_parse.ts";
import type { Scopes } from "./_scopes.ts";
import type { Use } from "./unit.ts";

/** The most members of a path that are told. */
export const LONGEST_PATH = 3;

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
