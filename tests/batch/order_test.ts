// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { numbers, runBatch, settle, Taken, TestCalls, TestRuntime } from "./_runtime.ts";

Deno.test("map() begins nothing before the first result is asked for", async () => {
  const calls = new TestCalls();
  let isRead = false;
  const inputs = {
    *[Symbol.iterator]() {
      isRead = true;
      yield [1];
    },
  };
  const run = runBatch(calls, inputs);
  await settle();
  assertEquals([isRead, calls.underWay], [false, []]);
  const taken = new Taken(run);
  await settle();
  assertEquals([isRead, calls.underWay], [true, [1]]);
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, taken.end], [[10], {}]);
});

Deno.test("map() gives results in the order of the inputs when they are done in another", async () => {
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3), { concurrency: 3 }));
  await settle();
  for (const x of [3, 2]) calls.resolve(x);
  await settle();
  assertEquals(taken.entries, []);
  calls.resolve(1);
  await settle();
  assertEquals([taken.entries, taken.end], [[[0, 10], [1, 20], [2, 30]], {}]);
});

Deno.test("map() gives results as they are done when it is unordered", async () => {
  const calls = new TestCalls();
  const options = { concurrency: 3, unordered: true };
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3), options));
  await settle();
  for (const x of [3, 1, 2]) {
    calls.resolve(x);
    await settle();
  }
  assertEquals(taken.entries, [[2, 30], [0, 10], [1, 20]]);
});

Deno.test("map() has no more calls under way than concurrency says", async () => {
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3, 4, 5), { concurrency: 2 }));
  await settle();
  assertEquals(calls.underWay, [1, 2]);
  calls.resolve(2);
  await settle();
  assertEquals(calls.underWay, [1, 3]);
  for (const x of [1, 3, 4, 5]) {
    calls.resolve(x);
    await settle();
  }
  assertEquals([taken.values, calls.most], [[10, 20, 30, 40, 50], 2]);
});

Deno.test("map() has 4 calls of an async function under way when nothing is said", async () => {
  const calls = new TestCalls();
  const run = runBatch(calls, numbers(1, 2, 3, 4, 5, 6));
  new Taken(run);
  await settle();
  assertEquals(calls.underWay, [1, 2, 3, 4]);
  await run.return();
});

Deno.test("map() finds what is cached behind slow calls, and decodes it in its turn", async () => {
  const calls = new TestCalls();
  for (const x of [2, 3, 5]) calls.cache.set(x, x * 10);
  const taken = new Taken(runBatch(calls, numbers(1, 2, 3, 4, 5, 6), { concurrency: 2 }));
  await settle();
  assertEquals([calls.underWay, calls.decoded], [[1, 4], 0]);
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, calls.underWay, calls.decoded], [[10, 20, 30], [4, 6], 2]);
  for (const x of [4, 6]) calls.resolve(x);
  await settle();
  assertEquals([taken.values, taken.end], [[10, 20, 30, 40, 50, 60], {}]);
});

Deno.test("map() gives what is cached at once when it is unordered", async () => {
  const calls = new TestCalls();
  for (const x of [2, 3]) calls.cache.set(x, x * 10);
  const options = { concurrency: 1, unordered: true };
  const taken = new Taken(runBatch(calls, numbers(1, 2, 4, 3), options));
  await settle();
  assertEquals([taken.entries, calls.underWay], [[[1, 20], [3, 30]], [1]]);
  for (const x of [1, 4]) {
    calls.resolve(x);
    await settle();
  }
  assertEquals(taken.entries.slice(2), [[0, 10], [2, 40]]);
});

Deno.test("map() evaluates what was cached and is gone when its turn comes", async () => {
  for (const unordered of [false, true]) {
    const calls = new TestCalls();
    calls.cache.set(2, 20);
    const get = calls.get.bind(calls);
    calls.get = (self, args) => {
      calls.cache.delete(2);
      return get(self, args);
    };
    const options = { concurrency: 1, unordered };
    const taken = new Taken(runBatch(calls, numbers(1, 2), options));
    await settle();
    calls.resolve(1);
    await settle();
    assertEquals(calls.underWay, [2]);
    calls.resolve(2);
    await settle();
    assertEquals([taken.values, taken.end, calls.most], [[10, 20], {}, 1]);
  }
});

Deno.test("map() reads no further ahead than lookahead says", async () => {
  const calls = new TestCalls();
  let read = 0;
  const inputs = function* () {
    for (;;) yield [++read];
  };
  const run = runBatch(calls, inputs(), { concurrency: 2, lookahead: 5 });
  const taken = new Taken(run);
  await settle();
  assertEquals([read, calls.underWay], [5, [1, 2]]);
  calls.resolve(1);
  await settle();
  assertEquals([read, taken.values], [6, [10]]);
  await run.return();
});

Deno.test("map() makes no more results than concurrency says while nobody waits for one", async () => {
  const calls = new TestCalls();
  const run = runBatch(calls, numbers(1, 2, 3, 4, 5, 6, 7), { concurrency: 2 });
  const first = run.next();
  await settle();
  for (const x of [1, 2, 3]) {
    calls.resolve(x);
    await settle();
  }
  assertEquals((await first).value, [0, 10]);
  calls.resolve(4);
  await settle();
  // Three are ready.
  assertEquals(calls.underWay, []);
  const others = [run.next(), run.next(), run.next(), run.next()];
  await settle();
  assertEquals(calls.underWay, [5, 6]);
  calls.resolve(5);
  assertEquals((await Promise.all(others)).map(({ value }) => value), [
    [1, 20],
    [2, 30],
    [3, 40],
    [4, 50],
  ]);
  await run.return();
});

Deno.test("map() answers requests that were made at once in their order", async () => {
  const calls = new TestCalls();
  const run = runBatch(calls, numbers(1, 2));
  const requests = [run.next(), run.next(), run.next(), run.next()];
  await settle();
  for (const x of [2, 1]) calls.resolve(x);
  assertEquals(await Promise.all(requests), [
    { done: false, value: [0, 10] },
    { done: false, value: [1, 20] },
    { done: true, value: undefined },
    { done: true, value: undefined },
  ]);
});

Deno.test("map() evaluates equal inputs once", async () => {
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1, 1, 2, 1), { concurrency: 3 }));
  await settle();
  assertEquals(calls.underWay, [1, 2]);
  for (const x of [1, 2]) calls.resolve(x);
  await settle();
  assertEquals([taken.values, taken.end], [[10, 10, 20, 10], {}]);
});

Deno.test("map() gives the event loop a turn now and then", async () => {
  const runtime = new TestRuntime();
  const calls = new TestCalls();
  const cached = Array.from({ length: 100 }, (_, x) => x);
  for (const x of cached) calls.cache.set(x, x);
  const get = calls.get.bind(calls);
  calls.get = (...given) => {
    runtime.time++;
    return get(...given);
  };
  const taken = new Taken(runBatch(calls, numbers(...cached), {}, { runtime }));
  await settle();
  assertEquals([taken.values, runtime.turns], [cached, 8]);
});

Deno.test("map() decodes no more of what is cached than is asked for when it is unordered, and answers come later", async () => {
  const double = CacheDict.decorate(async (x: number) => await Promise.resolve(2 * x), {
    store: new MemoryStore(),
  });
  for (let x = 0; x < 20; x++) await double(x);
  const batch = double.map(numbers(...Array(20).keys()), { unordered: true });
  const { hits } = double.stats().session;
  assertEquals([await batch.next(), await batch.next()].map(({ value }) => value), [0, 2]);
  assertEquals(double.stats().session.hits - hits, 2);
  assertEquals((await Array.fromAsync(batch)).length, 18);
});
