// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";

/** A batch with a bar, for a test to run in a terminal: `finish`, `fail`, `abort` or `print`. */
const [mode] = Deno.args;

const controller = new AbortController();
const load = CacheDict.decorate(async function load(x: number) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (mode === "fail" && x === 5) throw new RangeError("out of order");
  if (mode === "abort" && x === 5) controller.abort(new RangeError("enough"));
  if (mode === "print" && x === 5) console.log("from the function");
  return x;
}, { store: new MemoryStore() });
for (const x of [0, 1, 2]) await load(x);

const inputs = Array.from({ length: 24 }, (_, x) => [x] as const);
try {
  const options = { progress: true, signal: controller.signal };
  for await (const _ of load.map(inputs, options));
  console.log("the end");
} catch (error) {
  console.log(`caught ${(error as Error).message}`);
}
