// Copyright 2026 the pecapiku authors. MIT license.

import * as t from "@babel/types";
import { type ParsedFunction, printFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";

/**
 * Puts the function declarations of function bodies elsewhere in the same body: they are all there before its first statement
 * runs. Those of blocks stay: out of strict mode it counts where they are.
 *
 * @param parsed The function. Its tree is changed.
 * @param random Chooses where.
 * @returns The changed text; `undefined` if there are none.
 */
export function reorderDeclarations(parsed: ParsedFunction, random: Random): string | undefined {
  let count = 0;
  t.traverseFast(parsed.node, (node) => {
    if (!t.isFunction(node) || !t.isBlockStatement(node.body)) return;
    const { body } = node.body;
    const functions = body.filter((one) => t.isFunctionDeclaration(one));
    const names = new Set(functions.map(({ id }) => id!.name));
    // Of two of one name the last counts.
    if (functions.length === 0 || body.length < 2 || names.size < functions.length) return;
    const others: t.Statement[] = body.filter((one) => !t.isFunctionDeclaration(one));
    for (const one of functions as t.Statement[]) {
      others.splice(Math.floor(random() * (others.length + 1)), 0, one);
    }
    node.body.body = others;
    count++;
  });
  return count === 0 ? undefined : printFunction(parsed.node);
}
