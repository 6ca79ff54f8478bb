// Copyright 2026 the pecapiku authors. MIT license.

import traverse from "@babel/traverse";
import type { ParsedFunction } from "./_function_text.ts";
import { type Mutant, MutantMaker, withoutOwnName } from "./_mutant.ts";
import { EXPRESSION_OPERATORS } from "./_operators_of_expressions.ts";
import { NAME_OPERATORS } from "./_operators_of_names.ts";
import { STATEMENT_OPERATORS } from "./_operators_of_statements.ts";

/**
 * The mutants of our own operators: what Stryker leaves out.
 *
 * @param parsed The function.
 * @returns The mutants, in the order of the nodes. Some can't be parsed, and some change nothing.
 */
export function ownMutants(parsed: ParsedFunction): Mutant[] {
  const make = new MutantMaker(parsed);
  const { before, text, file } = parsed;
  const mutants: Mutant[] = [];
  traverse(file, {
    enter(path) {
      const { start, end } = path.node;
      // What is around the function is ours.
      if (start! < before.length || end! > before.length + text.length) return;
      for (const operator of [...EXPRESSION_OPERATORS, ...STATEMENT_OPERATORS, ...NAME_OPERATORS]) {
        for (const mutant of operator(path, make)) {
          if (mutant.start >= 0 && mutant.end <= text.length) mutants.push(mutant);
        }
      }
    },
  });
  return withoutOwnName(parsed, mutants);
}
