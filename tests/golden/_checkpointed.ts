// Copyright 2026 the pecapiku authors. MIT license.

import { checkpoint, type CheckpointedFunction } from "@pecapiku/cache/checkpoint";

const RATE = 2;
const scale = (x: number): number => x * RATE;

/**
 * Makes a function that reaches others. Its code is a part of what golden files are found by: it stays as it is.
 *
 * @param directory Where its results are.
 * @returns The function, checkpointed.
 */
export function makeTotal(
  directory: string,
): CheckpointedFunction<(values: readonly number[]) => number> {
  return checkpoint({ directory, onError: "raise" })(total);
}

function total(values: readonly number[]): number {
  return values.map(scale).reduce((sum, value) => sum + value, 0);
}

if (import.meta.main) {
  const checkpointed = makeTotal(Deno.args[0]!);
  const calls = [[1, 2, 3], [4]];
  const found = calls.map((values) => checkpointed.has(values));
  console.log(JSON.stringify({ found, results: calls.map((values) => checkpointed(values)) }));
}
