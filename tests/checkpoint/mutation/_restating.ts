// Copyright 2026 the pecapiku authors. MIT license.

import traverse, { type NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import { type ParsedFunction, printFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";

const COMPOUND = ["+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>"];

/**
 * Says the same in other statements: a result has a name first, `s = s + v` is `s += v`, and a branch of two results is one
 * result of two branches; and all that backwards.
 *
 * @param parsed The function. Its tree is changed.
 * @param random Chooses what is said otherwise.
 * @returns The changed text; `undefined` if there is nothing of the kind.
 */
export function restate(parsed: ParsedFunction, random: Random): string | undefined {
  const paths: NodePath[] = [];
  traverse(parsed.file, { enter: (path) => void paths.push(path) });
  let count = 0;
  for (const path of paths.reverse()) {
    if (random() < 0.7 && restateNode(path, random)) count++;
  }
  return count === 0 ? undefined : printFunction(parsed.node);
}

function restateNode(path: NodePath, random: Random): boolean {
  const { node } = path;
  if (t.isAssignmentExpression(node)) return turnAssignment(path, node);
  if (t.isIfStatement(node)) return joinBranches(path, node);
  if (!t.isReturnStatement(node) || node.argument == null) return false;
  if (t.isConditionalExpression(node.argument) && random() < 0.5) {
    return parting(path, node.argument);
  }
  return nameResult(path, node.argument);
}

/** `s = s + v` and `s += v`, of a local. */
function turnAssignment(path: NodePath, node: t.AssignmentExpression): boolean {
  const { left, right, operator } = node;
  if (!t.isIdentifier(left) || !path.scope.hasBinding(left.name, true)) return false;
  const isLong = operator === "=" && t.isBinaryExpression(right) &&
    COMPOUND.includes(right.operator) && t.isIdentifier(right.left, { name: left.name });
  if (isLong) {
    node.operator = `${right.operator}=` as "+=";
    node.right = right.right;
    return true;
  }
  const short = operator.slice(0, -1);
  if (!COMPOUND.includes(short)) return false;
  node.operator = "=";
  node.right = t.binaryExpression(short as "+", t.identifier(left.name), right);
  return true;
}

/** `if (a) return b; else return c` is `return a ? b : c`, and so without `else`. */
function joinBranches(path: NodePath, node: t.IfStatement): boolean {
  const yes = resultOf(node.consequent);
  if (yes === undefined) return false;
  if (node.alternate != null) {
    const no = resultOf(node.alternate);
    if (no === undefined) return false;
    path.replaceWith(t.returnStatement(t.conditionalExpression(node.test, yes, no)));
    return true;
  }
  const { container, key, listKey } = path;
  if (listKey !== "body" || !Array.isArray(container) || typeof key !== "number") return false;
  const no = resultOf(container[key + 1] as t.Statement | undefined);
  if (no === undefined) return false;
  container.splice(key, 2, t.returnStatement(t.conditionalExpression(node.test, yes, no)));
  return true;
}

function resultOf(node: t.Statement | undefined): t.Expression | undefined {
  const only = t.isBlockStatement(node) && node.body.length === 1 ? node.body[0] : node;
  return t.isReturnStatement(only) ? only.argument ?? undefined : undefined;
}

/** `return a ? b : c` is `if (a) return b; else return c`. */
function parting(
  path: NodePath,
  { test, consequent, alternate }: t.ConditionalExpression,
): boolean {
  const [yes, no] = [t.returnStatement(consequent), t.returnStatement(alternate)];
  path.replaceWith(t.blockStatement([t.ifStatement(test, yes, no)]));
  return true;
}

/** `return a` is `const b = a; return b`, but of a function: that would have a name. */
function nameResult(path: NodePath, result: t.Expression): boolean {
  const isNamed = t.isFunction(result) || t.isClass(result) || t.isIdentifier(result);
  if (isNamed || t.isParenthesizedExpression(result)) return false;
  const name = path.scope.generateUid("result");
  const statements = [
    t.variableDeclaration("const", [t.variableDeclarator(t.identifier(name), result)]),
    t.returnStatement(t.identifier(name)),
  ];
  const { container, key } = path;
  if (Array.isArray(container) && typeof key === "number") container.splice(key, 1, ...statements);
  else path.replaceWith(t.blockStatement(statements));
  return true;
}
