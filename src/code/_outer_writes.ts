// Copyright 2026 the pecapiku authors. MIT license.

import { memberName } from "./_moments.ts";
import { isFunction, type Node } from "./_parse.ts";
import type { Scopes } from "./_scopes.ts";
import { flowsOf } from "./_uses.ts";
import { isTarget } from "./_values.ts";

/**
 * Lists the outer variables that a piece of code assigns, or assigns members of.
 *
 * @param nodes All nodes of the code.
 * @param scopes What its names stand for.
 * @param isOuter Tells whether an identifier is no variable of the code's own.
 * @returns How they are written: `"total"`, `"state.count"`, `"table[…]"`; each one once.
 */
export function assignsOf(
  nodes: readonly Node[],
  scopes: Scopes,
  isOuter: (identifier: Node) => boolean,
): string[] {
  const found = new Set<string>();
  for (const node of nodes) {
    if (node.type === "Identifier") {
      const reference = scopes.referenceOf(node);
      if (reference?.writes && !reference.initialises && isOuter(node)) found.add(node.name);
    } else if (node.type === "MemberExpression" && isTarget(node, scopes)) {
      const text = pathOf(node, isOuter);
      if (text !== undefined) found.add(text);
    }
  }
  return [...found];
}

/**
 * Tells whether a method in a piece of code changes `this`, elsewhere than where it is made.
 *
 * @param nodes All nodes of the code.
 * @param root The code.
 * @param scopes What its names stand for.
 * @returns Whether it may.
 */
export function writesThis(nodes: readonly Node[], root: Node, scopes: Scopes): boolean {
  return nodes.some((node) => {
    if (node.type === "Super") {
      return isTarget(scopes.parentOf(node)!, scopes) && !isMaking(node, scopes);
    }
    return node.type === "ThisExpression" && !isMaking(node, scopes) &&
      isChanged(node, root, scopes);
  });
}

/**
 * Tells whether a static method in a piece of code changes its class by `this`.
 *
 * @param nodes All nodes of the code.
 * @param root The code.
 * @param scopes What its names stand for.
 * @returns Whether it may.
 */
export function writesClass(nodes: readonly Node[], root: Node, scopes: Scopes): boolean {
  return writesThis(nodes.filter((node) => isStatic(node, scopes)), root, scopes);
}

function isStatic(node: Node, scopes: Scopes): boolean {
  if (node.type !== "ThisExpression" && node.type !== "Super") return false;
  for (let at = scopes.parentOf(node); at !== undefined; at = scopes.parentOf(at)) {
    if (at.type === "MethodDefinition" || at.type === "PropertyDefinition") {
      return at.static === true;
    }
  }
  return false;
}

function pathOf(node: Node, isOuter: (identifier: Node) => boolean): string | undefined {
  switch (node.type) {
    case "Identifier":
      return isOuter(node) ? node.name : undefined;
    case "ChainExpression":
      return pathOf(node.expression, isOuter);
    case "MemberExpression": {
      const object = pathOf(node.object, isOuter);
      if (object === undefined) return undefined;
      if (node.property.type === "PrivateIdentifier") return `${object}.#${node.property.name}`;
      const name = memberName(node);
      return name === undefined ? `${object}[…]` : `${object}.${name}`;
    }
    default:
      return undefined;
  }
}

// In a constructor itself, or the initialiser of a field.
function isMaking(node: Node, scopes: Scopes): boolean {
  let child = node;
  for (let at = scopes.parentOf(node); at !== undefined; at = scopes.parentOf(at)) {
    if (isFunction(at)) {
      const around = scopes.parentOf(at);
      return around?.type === "MethodDefinition" && around.kind === "constructor";
    }
    const isField = at.type === "PropertyDefinition" || at.type === "AccessorProperty";
    if (isField && at.value === child || at.type === "StaticBlock") return true;
    child = at;
  }
  return false;
}

// What `this` holds is followed through variables. A method of its own is looked at where it is defined, and what is returned is
// the caller's.
function isChanged(node: Node, root: Node, scopes: Scopes): boolean {
  const reference = {
    identifier: node,
    variable: undefined,
    reads: true,
    writes: false,
    initialises: false,
  };
  return flowsOf(reference, root, scopes).some(({ use: { form, path }, node: at }) => {
    switch (form) {
      case "write":
      case "mutate":
        return true;
      case "method":
        return path.length > 1;
      case "escape":
        return !isReturned(at, scopes);
      default:
        return false;
    }
  });
}

function isReturned(node: Node, scopes: Scopes): boolean {
  const parent = scopes.parentOf(node);
  return parent === undefined || isFunction(parent) || parent.type === "ReturnStatement" ||
    parent.type === "YieldExpression";
}
