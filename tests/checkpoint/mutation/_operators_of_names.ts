// Copyright 2026 the pecapiku authors. MIT license.

import type { NodePath } from "@babel/traverse";
import * as t from "@babel/types";
import type { Mutant, MutantMaker, Operator } from "./_mutant.ts";

/** Changes of what names stand for. */
export const NAME_OPERATORS: readonly Operator[] = [references, bindings];

/** A name for another that can be seen there, or for one that nobody declares. */
function* references(path: NodePath, make: MutantMaker): Generator<Mutant> {
  const { node, parent, scope } = path;
  if (!t.isIdentifier(node)) return;
  const isAssigned = t.isAssignmentExpression(parent) && parent.left === node ||
    t.isUpdateExpression(parent);
  if (!path.isReferencedIdentifier() && !isAssigned) return;
  const put = (name: string) => {
    const isShorthand = t.isObjectProperty(parent) && parent.shorthand;
    return make.replace("Name", node, isShorthand ? `${node.name}: ${name}` : name);
  };
  const names = Object.keys(scope.getAllBindings()).filter((name) => name !== node.name).sort();
  // The one after it and the one before it in the alphabet: all would be too many.
  const after = names.findIndex((name) => name > node.name);
  const next = names[after === -1 ? 0 : after];
  const last = names[(after === -1 ? names.length : after) - 1] ?? names.at(-1);
  if (next !== undefined) yield put(next);
  if (last !== undefined && last !== next) yield put(last);
  yield put(`${node.name}_`);
}

/** A declaration for one of another name: what used it uses what is outside of it. */
function* bindings(path: NodePath, make: MutantMaker): Generator<Mutant> {
  const { node, parent } = path;
  if (!t.isIdentifier(node)) return;
  if (t.isVariableDeclarator(parent) && parent.id === node) {
    yield make.replace("Declaration", node, `${node.name}_`);
  } else if (t.isFunction(parent) && path.listKey === "params") {
    yield make.replace("Declaration", node, `${node.name}_`);
    // A later parameter of the same name, or a default that looks at an earlier one.
    yield make.replace("Declaration", node, `${node.name} = ${node.name}_`);
  } else if (t.isCatchClause(parent) && parent.param === node) {
    yield make.replace("Declaration", node, `${node.name}_`);
  }
}
