// Copyright 2026 the pecapiku authors. MIT license.

import traverse, { type NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import type { ParsedFunction } from "./_function_text.ts";
import { type Mutant, MutantMaker } from "./_mutant.ts";

/**
 * Ways to write a function otherwise that keep its meaning only where nothing is evaluated in between: any part of a statement
 * gets a name before it, and what has a name that is used once is put where that is used.
 *
 * An identity may take it for the same function or for another one; if it does the former, it has to be the same.
 *
 * @param parsed The function.
 * @returns The changes.
 */
export function riskyRewritings(parsed: ParsedFunction): Mutant[] {
  const make = new MutantMaker(parsed);
  const { before, text, file } = parsed;
  const rewritings: Mutant[] = [];
  traverse(file, {
    enter(path) {
      const isInside = path.node.start! > before.length &&
        path.node.end! < before.length + text.length;
      if (isInside) rewritings.push(...nameFirst(path, make), ...putBack(path, make));
    },
  });
  return rewritings;
}

/** `f(a, b.c)` is `const first = b.c; f(a, first)`: the same if `a` and `f` don't care. */
function* nameFirst(path: NodePath, make: MutantMaker): Generator<Mutant> {
  const { node } = path;
  if (!t.isExpression(node) || t.isSuper(node) || t.isFunction(node) || t.isClass(node)) return;
  const statement = path.getStatementParent()?.node;
  if (statement === undefined || statement.start! < make.parsed.before.length) return;
  // Of what is in a function in it, the statement is another one.
  const head = make.between(statement.start!, node.start!);
  const rest = make.between(node.end!, statement.end!);
  const named = `const first = ${make.text(node)};\n${head}first${rest}`;
  yield make.replace("NameFirst", statement, `{ ${named} }`);
  if (path.getStatementParent()?.listKey === "body") {
    yield make.replace("NameFirst", statement, named);
  }
}

/** `const y = a.b; f(c, y)` is `f(c, a.b)`: the same if `c` and `f` don't care. */
function* putBack(path: NodePath, make: MutantMaker): Generator<Mutant> {
  const { node, parent, scope } = path;
  if (!t.isVariableDeclarator(node) || !t.isIdentifier(node.id) || node.init == null) return;
  if (!t.isVariableDeclaration(parent)) return;
  const references = scope.getBinding(node.id.name)?.referencePaths ?? [];
  const [reference] = references;
  if (references.length !== 1 || reference!.node.start! < parent.end!) return;
  const { declarations } = parent;
  if (declarations.at(-1) !== node) return;
  const kept = declarations.length === 1
    ? ""
    : `${make.between(parent.start!, declarations.at(-2)!.end!)};`;
  const between = make.between(parent.end!, reference!.node.start!);
  const replacement = `${kept}${between}(${make.text(node.init)})`;
  yield make.splice("PutBack", parent.start!, reference!.node.end!, replacement);
}
