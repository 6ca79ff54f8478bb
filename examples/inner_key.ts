// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A function whose key is one of its arguments only: the other says how to work, not what comes out.
 *
 * ```sh
 * deno run --allow-read --allow-write examples/inner_key.ts
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";

function countPrimes(below: number, log: (line: string) => void): number {
  log(`counting the primes below ${below}`);
  const composite = new Uint8Array(below);
  let count = 0;
  for (let candidate = 2; candidate < below; candidate++) {
    if (composite[candidate] === 1) continue;
    count++;
    for (let multiple = candidate * candidate; multiple < below; multiple += candidate) {
      composite[multiple] = 1;
    }
  }
  return count;
}

// A function has no key by default, since two closures have the same source; here it does not matter to the result.
const cachedCountPrimes = CacheDict.decorate(countPrimes, {
  filePath: "primes.cache",
  innerKey: "below",
});

for (const below of [1_000, 1_000_000, 1_000]) {
  console.log(below, cachedCountPrimes(below, console.log));
}

using cache = new CacheDict<number>("primes.cache");
console.log(cache);
