// Copyright 2026 the pecapiku authors. MIT license.

import { isNode, type Node } from "./_parse.ts";
import type { Scopes } from "./_scopes.ts";
import type { Literal } from "./unit.ts";

/**
 * Reads an expression that is a literal, or arrays and plain objects of literals.
 *
 * @param node The expression.
 * @param scopes What its names stand for.
 * @returns What it gives; `undefined` if it is something else.
 */
export function literalOf(node: Node, scopes: Scopes): Literal | undefined {
  switch (node.type) {
    case "Literal":
      return ofLiteral(node);
    case "TemplateLiteral":
      if (node.expressions.length > 0) return undefined;
      return { type: "json", value: node.quasis[0].value.cooked };
    case "Identifier":
      return scopes.variableOf(node) === undefined ? ofName(node.name) : undefined;
    case "UnaryExpression":
      return ofUnary(node, scopes);
    case "ArrayExpression":
      return ofArray(node, scopes);
    case "ObjectExpression":
      return ofObject(node, scopes);
    default:
      return undefined;
  }
}

function ofLiteral({ value, regex, bigint }: Node): Literal | undefined {
  if (regex !== undefined) return undefined;
  if (bigint !== undefined) return { type: "bigint", value: String(bigint) };
  if (typeof value === "number") return ofNumber(value);
  if (typeof value === "string" || typeof value === "boolean" || value === null) {
    return { type: "json", value };
  }
  return undefined;
}

function ofNumber(value: number): Literal {
  if (Number.isNaN(value)) return { type: "nan" };
  if (value === Infinity) return { type: "infinity" };
  if (value === -Infinity) return { type: "-infinity" };
  return Object.is(value, -0) ? { type: "-0" } : { type: "json", value };
}

function ofName(name: string): Literal | undefined {
  if (name === "undefined") return { type: "undefined" };
  if (name === "NaN") return { type: "nan" };
  return name === "Infinity" ? { type: "infinity" } : undefined;
}

function ofUnary({ operator, argument }: Node, scopes: Scopes): Literal | undefined {
  if (operator !== "-") return undefined;
  const given = literalOf(argument, scopes);
  switch (given?.type) {
    case "json":
      return typeof given.value === "number" ? ofNumber(-given.value) : undefined;
    case "bigint":
      return { type: "bigint", value: String(-BigInt(given.value)) };
    case "nan":
      return given;
    case "infinity":
      return { type: "-infinity" };
    case "-infinity":
      return { type: "infinity" };
    case "-0":
      return { type: "json", value: 0 };
    default:
      return undefined;
  }
}

function ofArray({ elements }: Node, scopes: Scopes): Literal | undefined {
  const value: Literal[] = [];
  for (const element of elements) {
    const item = isNode(element) ? literalOf(element, scopes) : undefined;
    if (item === undefined) return undefined;
    value.push(item);
  }
  return { type: "array", value };
}

function ofObject({ properties }: Node, scopes: Scopes): Literal | undefined {
  const value = new Map<string, Literal>();
  for (const { type, kind, method, computed, key, value: content } of properties) {
    if (type !== "Property" || kind !== "init" || method || computed) return undefined;
    const name = key.type === "Identifier" ? key.name : String(key.bigint ?? key.value);
    const item = literalOf(content, scopes);
    // Of a property that is there twice, the place of the first and the value of the last count, which is hard to read.
    if (item === undefined || name === "__proto__" || value.has(name)) return undefined;
    value.set(name, item);
  }
  return { type: "object", value: [...value] };
}
