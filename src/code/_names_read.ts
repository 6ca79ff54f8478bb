// Copyright 2026 the pecapiku authors. MIT license.

import { keyName, memberName } from "./_moments.ts";
import { isFunction, type Node } from "./_parse.ts";
import type { Scopes, Variable } from "./_scopes.ts";
import { isTarget } from "./_values.ts";

/** Properties that give the name of a function or class, or a text that has such names or those of variables in it. */
const NAMES: ReadonlySet<string> = new Set(
  ["name", "constructor", "stack", "message", "displayName", "caller", "callee"],
);

// What shows an object to people, with the name of its class.
const SHOWING = "inspect";

// Properties of an error that have no names of the program's in them.
const PLAIN: ReadonlySet<string> = new Set(["code", "errno", "status", "statusCode"]);

/**
 * Tells whether names of functions, classes or variables may be a part of the result of a piece of code.
 *
 * @param nodes All nodes of the code.
 * @param scopes What its names stand for.
 * @returns Whether they may.
 */
export function readsNames(nodes: readonly Node[], scopes: Scopes): boolean {
  return nodes.some((node) => readsName(node, scopes));
}

function readsName(node: Node, scopes: Scopes): boolean {
  switch (node.type) {
    case "MemberExpression":
      return isNameOf(memberName(node)) && isRead(node, scopes);
    case "ObjectPattern":
      return node.properties.some(({ type, key, computed }: Node) =>
        type === "Property" && isNameOf(keyName(key, computed))
      );
    case "MetaProperty":
      return node.meta.name === "new";
    case "Literal":
      return typeof node.value === "string" && NAMES.has(node.value) && !isKey(node, scopes);
    case "TemplateElement":
      return NAMES.has(node.value.cooked);
    case "CatchClause":
      return showsError(node, scopes);
    case "CallExpression":
      return showsRejection(node, scopes);
    default:
      return false;
  }
}

function isNameOf(name: string | undefined): boolean {
  return name !== undefined && (NAMES.has(name) || name === SHOWING);
}

function isRead(member: Node, scopes: Scopes): boolean {
  if (!isTarget(member, scopes)) return true;
  const parent = scopes.parentOf(member);
  return parent?.type === "UpdateExpression" ||
    (parent?.type === "AssignmentExpression" && parent.operator !== "=");
}

// `o["name"]` is a member like any other: the member tells.
function isKey(literal: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(literal);
  if (parent?.type === "MemberExpression") {
    return parent.property === literal && memberName(parent) !== undefined;
  }
  return parent?.key === literal && parent.computed !== true;
}

// The message of an error that the engine throws quotes the code: `"scale is not a function"`.
function showsError({ param }: Node, scopes: Scopes): boolean {
  if (param === null || param === undefined) return false;
  if (param.type !== "Identifier") return true;
  const variable = scopes.variableOf(param);
  return variable === undefined || isShown(variable, scopes);
}

function isShown(variable: Variable, scopes: Scopes): boolean {
  return variable.references.some(({ identifier, reads }) => {
    const parent = scopes.parentOf(identifier);
    switch (parent?.type) {
      case "ThrowStatement":
        return false;
      case "BinaryExpression":
        return parent.operator !== "instanceof";
      case "MemberExpression":
        return !PLAIN.has(memberName(parent) ?? "");
      case "CallExpression":
        // What is printed is no part of the result.
        return !isPrinting(parent, scopes);
      default:
        return reads;
    }
  });
}

function isPrinting({ callee, arguments: given }: Node, scopes: Scopes): boolean {
  return callee.type === "MemberExpression" && callee.object.type === "Identifier" &&
    callee.object.name === "console" && scopes.variableOf(callee.object) === undefined &&
    given.length > 0;
}

function showsRejection({ callee, arguments: given }: Node, scopes: Scopes): boolean {
  const name = memberName(callee);
  if (name === "allSettled") return true;
  const handler: Node | undefined = name === "catch"
    ? given[0]
    : name === "then"
    ? given[1]
    : undefined;
  if (handler === undefined) return false;
  if (!isFunction(handler)) return true;
  const [param]: readonly Node[] = handler.params;
  return param !== undefined && showsError({ ...handler, param }, scopes);
}
