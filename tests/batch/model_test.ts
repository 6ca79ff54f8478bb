// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { numbers, runBatch, settle, Taken, TestCalls, TestRuntime } from "./_runtime.ts";

/** A run of a batch: what is there before, what fails how often, and which evaluation ends next. */
const runs = fc.record({
  inputs: fc.array(fc.nat(12), { maxLength: 25 }),
  cached: fc.uniqueArray(fc.nat(12), { maxLength: 8 }),
  fails: fc.dictionary(fc.nat(12).map(String), fc.integer({ min: 1, max: 4 }), { maxKeys: 6 }),
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
  concurrency: fc.integer({ min: 1, max: 5 }),
  lookahead: fc.integer({ min: 1, max: 12 }),
  retries: fc.nat(2),
  unordered: fc.boolean(),
  collects: fc.boolean(),
  isAsyncSource: fc.boolean(),
});

Deno.test("map() gives each result once, in order, of one evaluation for each success", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (given) => {
      const { inputs, cached, fails, order, concurrency, lookahead, retries } = given;
      const { unordered, collects, isAsyncSource } = given;
      const runtime = new TestRuntime();
      const calls = new TestCalls();
      for (const x of cached) calls.cache.set(x, x * 10);
      const source = isAsyncSource ? toAsync(numbers(...inputs)) : numbers(...inputs);
      const onError = collects ? "collect" as const : "stop" as const;
      const options = { concurrency, lookahead, retries, unordered, onError };
      const taken = new Taken(runBatch(calls, source, options, { runtime }));

      const left = new Map(Object.entries(fails).map(([x, times]) => [Number(x), times]));
      const succeeded: number[] = [];
      for (let step = 0;; step++) {
        await settle();
        const { underWay } = calls;
        if (underWay.length === 0) {
          if (runtime.due.length === 0) break;
          runtime.tick();
          continue;
        }
        const x = underWay[order[step % order.length]! % underWay.length]!;
        const times = left.get(x) ?? 0;
        left.set(x, times - 1);
        if (times > 0) calls.reject(x);
        else {
          succeeded.push(x);
          calls.resolve(x);
        }
      }

      assert(calls.most <= concurrency);
      assertEquals(new Set(succeeded).size, succeeded.length, "evaluated again");
      assert(succeeded.every((x) => !cached.includes(x)), "evaluated what was cached");
      const indices = taken.entries.map(([index]) => index);
      if (!unordered) assertEquals(indices, [...indices.keys()]);
      assertEquals(new Set(indices).size, indices.length);
      for (const [index, value] of taken.entries) {
        assert(value === inputs[index]! * 10 || (collects && value === "failed"));
      }
      assert(taken.end !== undefined, "it has not ended");
      if ("error" in taken.end) {
        assert(!collects);
        if (!unordered) assert(fails[inputs[indices.length]!] !== undefined, "stopped too early");
        return;
      }
      assertEquals(indices.length, inputs.length);
      if (retries === 0) {
        const failed = new Set(inputs.filter((x) => fails[x] !== undefined && !cached.includes(x)));
        assertEquals(taken.failures.length > 0, failed.size > 0);
      }
    }),
    { numRuns: 300 },
  );
});

async function* toAsync<T>(values: readonly T[]): AsyncGenerator<T, void, void> {
  for (const value of values) yield await Promise.resolve(value);
}
