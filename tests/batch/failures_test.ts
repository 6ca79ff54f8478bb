// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { numbers, runBatch, settle, Taken, TestCalls, TestRuntime } from "./_runtime.ts";

const ERROR = new Error("no");

Deno.test("map() rejects with a call's own error, after the results before it", async () => {
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3, 4), { concurrency: 3 }));
  await settle();
  calls.reject(2, ERROR);
  await settle();
  assertEquals([taken.values, taken.end, calls.underWay], [[], undefined, [1, 3]]);
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, taken.end], [[10], { error: ERROR }]);
  // What is under way is let finish, and nothing else is begun.
  calls.resolve(3);
  await settle();
  assertEquals([calls.underWay, calls.cache.get(3)], [[], 30]);
});

Deno.test("map() rejects at the first failure when it is unordered", async () => {
  const calls = new TestCalls();
  const options = { concurrency: 2, unordered: true };
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3), options));
  await settle();
  calls.reject(2, ERROR);
  await settle();
  assertEquals([taken.values, taken.end], [[], { error: ERROR }]);
  calls.resolve(1);
  await settle();
  assertEquals([calls.underWay, calls.cache.get(1)], [[], 10]);
});

Deno.test("map() is at its end after it has rejected", async () => {
  const calls = new TestCalls();
  const run = runBatch(calls, numbers(1, 2), { concurrency: 2 });
  const requests = [run.next(), run.next()];
  await settle();
  calls.reject(1, ERROR);
  await assertRejects(() => requests[0]!, Error, "no");
  assertEquals(await requests[1], { done: true, value: undefined });
  assertEquals(await run.next(), { done: true, value: undefined });
  calls.reject(2);
  await settle();
});

Deno.test("map() rejects with null when that is what a call rejects with", async () => {
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1)));
  await settle();
  calls.reject(1, null);
  await settle();
  assertEquals(taken.end, { error: null });
});

Deno.test("map() puts a FailedCall in the place of a result when it collects", async () => {
  const calls = new TestCalls();
  const options = { concurrency: 2, onError: "collect" } as const;
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3), options));
  await settle();
  calls.reject(1, ERROR);
  await settle();
  calls.resolve(3);
  calls.resolve(2);
  await settle();
  assertEquals([taken.values, taken.end], [["failed", 20, 30], {}]);
  const [failed] = taken.failures;
  assertEquals(
    [failed?.index, failed?.args, failed?.error, failed?.attempts],
    [0, [1], ERROR, 1],
  );
});

Deno.test("map() tries again, after a random pause that may grow up to a bound", async () => {
  const runtime = new TestRuntime();
  const calls = new TestCalls();
  const backoff = { initialMs: 100, factor: 3, maxMs: 500 };
  const taken = new Taken(runBatch(calls, numbers(1), { retries: 4, backoff }, { runtime }));
  const pauses: number[] = [];
  for (const chance of [1, 0.5, 1, 0]) {
    await settle();
    runtime.chance = chance;
    calls.reject(1, ERROR);
    await settle();
    pauses.push(...runtime.due.map((at) => at - runtime.time));
    runtime.tick();
  }
  assertEquals(pauses, [100, 150, 500, 0]);
  await settle();
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, taken.end, runtime.due], [[10], {}, []]);
});

Deno.test("map() gives up after the last retry", async () => {
  const runtime = new TestRuntime();
  const calls = new TestCalls();
  const options = { retries: 1, onError: "collect" } as const;
  const taken = new Taken(runBatch(calls, numbers(1), options, { runtime }));
  await settle();
  calls.reject(1);
  await settle();
  runtime.tick();
  await settle();
  calls.reject(1, ERROR);
  await settle();
  assertEquals([taken.failures[0]?.attempts, taken.failures[0]?.error], [2, ERROR]);
});

Deno.test("map() lets a call that waits for its retry keep its place", async () => {
  const runtime = new TestRuntime();
  const calls = new TestCalls();
  const options = { concurrency: 1, retries: 1 };
  const run = runBatch(calls, numbers(1, 2), options, { runtime });
  const taken = new Taken(run);
  await settle();
  calls.reject(1);
  await settle();
  assertEquals(calls.underWay, []);
  runtime.tick();
  assertEquals(calls.underWay, [1]);
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, calls.underWay], [[10], [2]]);
  await run.return();
});

Deno.test("map() does not try again what retryIf does not want, or the cache has refused", async () => {
  const cases = [
    { error: new TypeError("no"), attempts: 1 },
    { error: new RangeError("maybe"), attempts: 2 },
    { error: new CacheError("from a cached function within"), attempts: 1 },
  ];
  for (const { error, attempts } of cases) {
    const runtime = new TestRuntime();
    const calls = new TestCalls();
    const retryIf = (given: unknown): boolean => given instanceof RangeError;
    const options = { retries: 1, retryIf, onError: "collect" } as const;
    const taken = new Taken(runBatch(calls, numbers(1), options, { runtime }));
    await settle();
    calls.reject(1, error);
    await settle();
    if (attempts === 2) {
      runtime.tick();
      calls.reject(1, error);
      await settle();
    }
    assertEquals([taken.failures[0]?.attempts, runtime.due], [attempts, []]);
  }
});

Deno.test("map() tries again what a cached function within has thrown, and not what its own cache has", async () => {
  for (const isOwn of [true, false]) {
    const runtime = new TestRuntime();
    const calls = new TestCalls();
    const error = new CacheError("cannot write");
    if (isOwn) calls.call = () => Promise.reject(error);
    const options = { retries: 1 };
    const taken = new Taken(runBatch(calls, numbers(1), options, { runtime }));
    await settle();
    if (!isOwn) calls.reject(1, error);
    await settle();
    assertEquals([runtime.due.length, taken.end], isOwn ? [0, { error }] : [1, undefined]);
  }
});

Deno.test("map() stops with what retryIf throws", async () => {
  const calls = new TestCalls();
  const retryIf = (): boolean => {
    throw ERROR;
  };
  const taken = new Taken(runBatch(calls, numbers(1), { retries: 1, retryIf }));
  await settle();
  calls.reject(1, new Error("other"));
  await settle();
  assertEquals(taken.end, { error: ERROR });
});

Deno.test("map() ends the pauses behind a failure, and lets those before it go on", async () => {
  const runtime = new TestRuntime();
  const calls = new TestCalls();
  const retryIf = (error: unknown): boolean => error !== ERROR;
  const options = { concurrency: 3, retries: 1, retryIf };
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3), options, { runtime }));
  await settle();
  for (const x of [1, 3]) calls.reject(x);
  await settle();
  assertEquals(runtime.due.length, 2);
  calls.reject(2, ERROR);
  await settle();
  assertEquals([runtime.due.length, taken.end], [1, undefined]);
  runtime.tick();
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, taken.end], [[10], { error: ERROR }]);
});

Deno.test("map() gives the error of a cache that can't be asked in its turn", async () => {
  const calls = new TestCalls();
  const error = new CacheError("cannot read");
  calls.has = () => {
    throw error;
  };
  const call = calls.call.bind(calls);
  calls.call = (self, args, apply) => {
    if (args[0] === 2) throw error;
    return call(self, args, apply);
  };
  const taken = new Taken(runBatch(calls, numbers(1, 2)));
  await settle();
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, taken.end], [[10], { error }]);
});
