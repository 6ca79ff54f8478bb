// Copyright 2026 the pecapiku authors. MIT license.

import { isNode, type Node } from "./_parse.ts";

/** Where an expression stands: `holder[field]`. */
export interface Place {
  readonly holder: Node;
  readonly field: string;
}

/**
 * Finds the name or value that a statement evaluates before anything else, once, and where any other expression may stand in
 * its place without changing anything but its value.
 *
 * @param statement The statement.
 * @param isLocal Tells whether an identifier is a variable of the code's own: to find where it is kept has no effect.
 * @returns Its place; `undefined` if there is none.
 */
export function placeOfFirst(
  statement: Node,
  isLocal: (identifier: Node) => boolean,
): Place | undefined {
  switch (statement.type) {
    case "ReturnStatement":
    case "ThrowStatement":
      return below(statement, "argument", isLocal);
    case "ExpressionStatement":
      return below(statement, "expression", isLocal);
    case "IfStatement":
      return below(statement, "test", isLocal);
    case "SwitchStatement":
      return below(statement, "discriminant", isLocal);
    case "ForOfStatement":
    case "ForInStatement":
      return below(statement, "right", isLocal);
    case "VariableDeclaration": {
      const isUsing = statement.kind.endsWith("using");
      return isUsing ? undefined : below(statement.declarations[0], "init", isLocal);
    }
    default:
      return undefined;
  }
}

function below(
  holder: Node,
  field: string,
  isLocal: (identifier: Node) => boolean,
): Place | undefined {
  let place: Place | undefined = { holder, field };
  while (place !== undefined) {
    const node: unknown = place.holder[place.field];
    if (!isNode(node)) return undefined;
    if (node.type === "Identifier") return place;
    place = firstOf(node, isLocal);
  }
  return undefined;
}

function firstOf(node: Node, isLocal: (identifier: Node) => boolean): Place | undefined {
  switch (node.type) {
    case "MemberExpression":
      return { holder: node, field: "object" };
    case "ChainExpression":
      return { holder: node, field: "expression" };
    // What is called as it stands would get another `this`, were it a member of something.
    case "CallExpression":
    case "NewExpression":
      return unlessName(node, "callee");
    case "TaggedTemplateExpression":
      return unlessName(node, "tag");
    // `typeof` asks no more of a name than whether there is one.
    case "UnaryExpression":
      return node.operator === "typeof" || node.operator === "delete"
        ? unlessName(node, "argument")
        : { holder: node, field: "argument" };
    case "UpdateExpression":
      return unlessName(node, "argument");
    case "AwaitExpression":
    case "YieldExpression":
      return { holder: node, field: "argument" };
    case "BinaryExpression":
    case "LogicalExpression":
      return { holder: node, field: "left" };
    case "ConditionalExpression":
      return { holder: node, field: "test" };
    case "SequenceExpression":
      return { holder: node.expressions, field: "0" };
    case "TemplateLiteral":
      return { holder: node.expressions, field: "0" };
    case "ArrayExpression":
      return inList(node.elements);
    case "ObjectExpression":
      return inList(node.properties);
    case "AssignmentExpression":
      return ofAssignment(node, isLocal);
    default:
      return undefined;
  }
}

function unlessName(node: Node, field: string): Place | undefined {
  return node[field].type === "Identifier" ? undefined : { holder: node, field };
}

function inList(list: readonly (Node | null)[]): Place | undefined {
  const first = list[0];
  if (!isNode(first)) return undefined;
  if (first.type === "SpreadElement") return { holder: first, field: "argument" };
  if (first.type !== "Property") return { holder: list as unknown as Node, field: "0" };
  return first.kind === "init" && !first.computed && !first.method
    ? { holder: first, field: "value" }
    : undefined;
}

// A member that is assigned to: its object comes first. A variable: its place is found first, and with `+=` its value.
function ofAssignment(node: Node, isLocal: (identifier: Node) => boolean): Place | undefined {
  const { left, operator } = node;
  if (left.type === "MemberExpression") return { holder: left, field: "object" };
  if (operator !== "=") return undefined;
  if (left.type === "Identifier" && !isLocal(left)) return undefined;
  return { holder: node, field: "right" };
}
