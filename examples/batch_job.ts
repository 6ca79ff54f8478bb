// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The job of `batch.ts`: a script as a user would write it. It asks a server for many prices, some at a time, again where the server
 * fails, and can be killed and started again at any time.
 *
 * ```sh
 * deno run -R -W --allow-net=127.0.0.1 examples/batch_job.ts URL CACHE CALLS CONCURRENCY
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";

interface Price {
  id: number;
  price: number;
}

const [url, cachePath, calls, concurrency] = Deno.args;
if (url === undefined || cachePath === undefined) {
  console.error("Usage: batch_job.ts URL CACHE CALLS CONCURRENCY");
  Deno.exit(2);
}

async function loadPrice(id: number): Promise<Price> {
  const response = await fetch(new URL(String(id), url));
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`Cannot load price: ${response.status}: ${id}`);
  }
  return await response.json();
}

// This is all there is to it.
const cached = CacheDict.decorate(loadPrice, { filePath: new URL(`file://${cachePath}`) });
const prices = cached.map(
  Array.from({ length: Number(calls) }, (_, id) => [id] as const),
  { concurrency: Number(concurrency), retries: 5, backoff: { initialMs: 5 }, progress: true },
);

let sum = 0;
for await (const { price } of prices) sum += price;
console.log(`The prices make ${sum.toFixed(1)} together.`);
