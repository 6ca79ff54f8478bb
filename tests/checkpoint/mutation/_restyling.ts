// Copyright 2026 the pecapiku authors. MIT license.

import traverse, { type NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import { type ParsedFunction, printFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";

/**
 * Writes a function in another style: braces, quotes, parentheses, numbers, shorthands, `o.k` and `o["k"]`, `while` and `for`,
 * `const` and `let`.
 *
 * @param parsed The function. Its tree is changed.
 * @param random Chooses what is written otherwise.
 * @returns The changed text.
 */
export function restyle(parsed: ParsedFunction, random: Random): string {
  const style = (path: NodePath) => {
    if (random() < 0.7) restyleNode(path, random);
  };
  // What is written otherwise is not looked at again.
  const paths: NodePath[] = [];
  traverse(parsed.file, { enter: (path) => void paths.push(path) });
  for (const path of paths.reverse()) style(path);
  return printFunction(parsed.node, {
    comments: random() < 0.5,
    jsescOption: { quotes: random() < 0.5 ? "single" : "double", minimal: random() < 0.5 },
  });
}

function restyleNode(path: NodePath, random: Random): void {
  const { node, parent } = path;
  if (t.isStringLiteral(node) || t.isNumericLiteral(node)) respell(node);
  else if (t.isMemberExpression(node) || t.isOptionalMemberExpression(node)) turnMember(node);
  else if (t.isObjectProperty(node)) turnProperty(node, parent);
  else if (t.isIfStatement(node)) {
    node.consequent = turnBody(node.consequent);
    // `else if` would be no chain any more: it is the same, and is done now and then.
    if (node.alternate != null && (!t.isIfStatement(node.alternate) || random() < 0.3)) {
      node.alternate = turnBody(node.alternate);
    }
  } else if (t.isWhileStatement(node)) {
    path.replaceWith(t.forStatement(null, node.test, null, node.body));
  } else if (t.isForStatement(node)) turnFor(path, node);
  else if (t.isFor(node)) node.body = turnBody(node.body);
  else if (t.isArrowFunctionExpression(node)) turnArrow(node);
  else if (t.isVariableDeclaration(node)) loosen(path as NodePath<t.VariableDeclaration>);
  else if (t.isReturnStatement(node) && node.argument != null) {
    node.argument = t.parenthesizedExpression(node.argument);
  } else if (t.isBinaryExpression(node) && t.isExpression(node.left)) {
    node.left = t.parenthesizedExpression(node.left);
  } else if (t.isBlockStatement(node) && !t.isClassMethod(parent)) {
    node.body.splice(Math.floor(random() * (node.body.length + 1)), 0, t.emptyStatement());
  }
}

function respell(node: t.StringLiteral | t.NumericLiteral): void {
  const isInteger = t.isNumericLiteral(node) && Number.isSafeInteger(node.value);
  if (isInteger) node.extra = { rawValue: node.value, raw: `0x${node.value.toString(16)}` };
  else delete node.extra;
}

function turnMember(node: t.MemberExpression | t.OptionalMemberExpression): void {
  const { property, computed } = node;
  if (!computed && t.isIdentifier(property)) {
    Object.assign(node, { computed: true, property: t.stringLiteral(property.name) });
  } else if (computed && t.isStringLiteral(property) && t.isValidIdentifier(property.value)) {
    Object.assign(node, { computed: false, property: t.identifier(property.value) });
  }
}

function turnProperty(node: t.ObjectProperty, parent: t.Node): void {
  if (node.computed || !t.isIdentifier(node.key)) return;
  // `__proto__: a` is the prototype; `__proto__` and `["__proto__"]: a` are a property.
  if (node.key.name === "__proto__") return;
  if (node.shorthand) node.shorthand = false;
  else if (t.isIdentifier(node.value, { name: node.key.name })) node.shorthand = true;
  else if (t.isObjectExpression(parent)) node.key = t.stringLiteral(node.key.name);
}

function turnBody(body: t.Statement): t.Statement {
  if (!t.isBlockStatement(body)) return t.blockStatement([body]);
  const [only] = body.body;
  const isPlain = t.isExpressionStatement(only) || t.isReturnStatement(only) ||
    t.isThrowStatement(only);
  return body.body.length === 1 && isPlain ? only : body;
}

function turnFor(path: NodePath, node: t.ForStatement): void {
  node.body = turnBody(node.body);
  if (node.init == null && node.update == null && node.test != null) {
    path.replaceWith(t.whileStatement(node.test, node.body));
  }
}

function turnArrow(node: t.ArrowFunctionExpression): void {
  if (t.isExpression(node.body)) {
    node.body = t.blockStatement([t.returnStatement(node.body)]);
    return;
  }
  const { body, directives } = node.body;
  const [only] = body;
  if (body.length !== 1 || directives.length > 0 || !t.isReturnStatement(only)) return;
  if (only.argument != null) node.body = only.argument;
}

/** `const` is `let` where nothing is assigned, and the other way round. */
function loosen(path: NodePath<t.VariableDeclaration>): void {
  const { node, scope } = path;
  if (node.kind !== "const" && node.kind !== "let") return;
  const names = Object.keys(t.getBindingIdentifiers(node));
  const isConstant = names.every((name) => scope.getBinding(name)?.constantViolations.length === 0);
  const isInitialised = t.isForXStatement(path.parent) ||
    node.declarations.every(({ init }) => init != null);
  if (isConstant && isInitialised) node.kind = node.kind === "const" ? "let" : "const";
}
