// Copyright 2026 the pecapiku authors. MIT license.

import * as t from "@babel/types";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { ParsedFunction } from "./_function_text.ts";
import { type Mutant, withoutOwnName } from "./_mutant.ts";

const silent = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
};

/**
 * The mutants that Stryker makes of a function, by all of its operators.
 *
 * @param parsed The function.
 * @returns The mutants, in its order.
 */
export async function strykerMutants(parsed: ParsedFunction): Promise<Mutant[]> {
  const { text, before, after, file } = parsed;
  const content = before + text + after;
  const { mutants } = await new Instrumenter(silent).instrument(
    [{ name: "function.js", mutate: true, content }],
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  const lines = lineStarts(content);
  const expressions = new Set<string>();
  t.traverseFast(file, (node) => {
    if (t.isExpression(node)) expressions.add(`${node.start}:${node.end}`);
  });
  const all = mutants.flatMap(({ location, mutatorName, replacement }) => {
    const start = lines[location.start.line]! + location.start.column;
    const end = lines[location.end.line]! + location.end.column;
    // What is around the function is ours.
    if (start < before.length || end > before.length + text.length) return [];
    // It replaces nodes, not text: what binds less than what was there needs parentheses.
    const isExpression = expressions.has(`${start}:${end}`) && end - start < text.length;
    return {
      operator: mutatorName,
      start: start - before.length,
      end: end - before.length,
      replacement: isExpression ? `(${replacement})` : replacement,
    };
  });
  return withoutOwnName(parsed, all);
}

/** Where each line begins, as Babel counts lines. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    starts.push(index + end.length);
  }
  return starts;
}
