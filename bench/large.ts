// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Large values: the hit of an 8 MB array beside reading the same bytes, and the key of an 80 MB argument beside its bare
 * SHA-256.
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { hash } from "node:crypto";
import { measure, printRow } from "./_measure.ts";

/** Prints the rows. */
export function benchLarge(directory: string): void {
  const cached = CacheDict.decorate(
    function cells(count: number): Float64Array {
      return new Float64Array(count).map((_, index) => Math.sqrt(index));
    },
    { filePath: `${directory}/large.cache` },
  );
  const plain = `${directory}/large.bin`;
  Deno.writeFileSync(plain, new Uint8Array(cached(1_000_000).buffer));
  printRow(
    "hit, Float64Array of 8 MB",
    measure([
      { name: "ours", run: (times) => repeat(times, () => cached(1_000_000)) },
      { name: "bare read", run: (times) => repeat(times, () => Deno.readFileSync(plain)) },
    ], { times: 20 }),
    "ms",
  );
  let count = 1_000_000;
  printRow(
    "store, Float64Array of 8 MB",
    measure([
      { name: "ours", run: (times) => repeat(times, () => cached(count++)) },
      {
        name: "function and bare write",
        run: (times) =>
          repeat(times, () => Deno.writeFileSync(plain, new Uint8Array(cached.fn(count++).buffer))),
      },
    ], { times: 2, rounds: 5 }),
    "ms",
  );

  const argument = new Float64Array(10_000_000).map((_, index) => index);
  const keyed = CacheDict.decorate(
    function first(values: Float64Array): number {
      return values[0]!;
    },
    { filePath: `${directory}/argument.cache` },
  );
  printRow(
    "hit, argument of 80 MB",
    measure([
      { name: "ours", run: (times) => repeat(times, () => keyed(argument)) },
      {
        name: "bare SHA-256",
        run: (times) => repeat(times, () => hash("sha256", new Uint8Array(argument.buffer))),
      },
    ], { times: 1, rounds: 5 }),
    "ms",
  );
}

function repeat(times: number, step: () => unknown): void {
  for (let index = 0; index < times; index++) step();
}
