// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The job of `cluster.ts`: a script as a user would write it. Any number of processes, on any number of machines, run it at the same
 * time, and each thing is computed by one of them.
 *
 * ```sh
 * deno run --allow-net examples/cluster_job.ts URL CALLS
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { redisStore } from "@pecapiku/cache/stores";

const [url, calls] = Deno.args;
if (url === undefined || calls === undefined) {
  console.error("Usage: cluster_job.ts URL CALLS");
  Deno.exit(2);
}

let computed = 0;

/** Something slow: a model, a page, a simulation. */
async function simulate(seed: number): Promise<number> {
  computed++;
  await new Promise((resolve) => setTimeout(resolve, 10));
  return (seed * 7919) % 1_000;
}

const store = redisStore({ url });
const cached = CacheDict.decorate(simulate, { store });

const seeds = Array.from({ length: Number(calls) }, (_, seed): [number] => [seed]);
let sum = 0;
for await (const value of cached.map(seeds, { concurrency: 8 })) sum += value;

console.log(JSON.stringify({ computed, sum }));
await store.close();
