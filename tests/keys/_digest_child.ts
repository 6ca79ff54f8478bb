// Copyright 2026 the pecapiku authors. MIT license.

// Prints the digests of values that another process makes as well, and compares.

import fc from "fast-check";
import { digestKey } from "../../src/keys/digest_key.ts";
import { build, graphs } from "./_graphs.ts";
import { DIFFERENT_VALUES } from "./_values.ts";

if (import.meta.main) {
  const [seed, numRuns] = Deno.args.map(Number);
  console.log(JSON.stringify(digestsOf(seed!, numRuns!)));
}

/**
 * Makes values and their digests.
 *
 * @param seed The seed of those that are made at random.
 * @param numRuns How many of them to make.
 * @returns The digests.
 */
export function digestsOf(seed: number, numRuns: number): string[] {
  const values = [
    ...DIFFERENT_VALUES.map((make) => make()),
    ...fc.sample(graphs, { seed, numRuns }).map((nodes) => build(nodes)),
  ];
  return values.map((value) => digestKey(value));
}
