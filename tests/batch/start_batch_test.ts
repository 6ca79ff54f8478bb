// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Batch,
  type BatchProgress,
  CacheDict,
  cachedMethod,
  CacheMissError,
  FailedCall,
  SingleValueCache,
  UncacheableValueError,
} from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { MemoryStore } from "@pecapiku/cache/stores";
import { startBatch } from "../../src/batch/start_batch.ts";
import { TestCalls } from "./_runtime.ts";

function typed<T>(value: T): T {
  return value;
}

const store = (): { store: MemoryStore } => ({ store: new MemoryStore() });

Deno.test("map() evaluates a sync function only where nothing is cached, and stores what it gives", async () => {
  const evaluated: number[] = [];
  const square = CacheDict.decorate(function square(x: number) {
    evaluated.push(x);
    return x * x;
  }, store());
  square(2);
  assertEquals(await Array.fromAsync(square.map([[1], [2], [3], [1]])), [1, 4, 9, 1]);
  assertEquals(evaluated, [2, 1, 3]);
  assertEquals([square.has(1), square.get(3)], [true, 9]);
});

Deno.test("map() evaluates a sync function when its result is asked for, and not before", async () => {
  const evaluated: number[] = [];
  const square = CacheDict.decorate(function square(x: number) {
    evaluated.push(x);
    return x * x;
  }, store());
  const batch = square.map([[1], [2], [3]], { concurrency: 3 });
  assertEquals(await batch.next(), { done: false, value: 1 });
  assertEquals(evaluated, [1]);
  assertEquals(await batch.return(), { done: true, value: undefined });
  assertEquals(await batch.next(), { done: true, value: undefined });
  assertEquals(evaluated, [1]);
});

Deno.test("map() gives what is cached before it evaluates a sync function when it is unordered", async () => {
  const square = CacheDict.decorate((x: number) => x * x, store());
  for (const x of [2, 4]) square(x);
  const entries = square.map([[1], [2], [3], [4]], { unordered: true }).entries();
  assertEquals(await Array.fromAsync(entries), [[1, 4], [3, 16], [0, 1], [2, 9]]);
});

Deno.test("map() goes on after an error of a sync function when it collects", async () => {
  const parse = CacheDict.decorate((text: string): unknown => JSON.parse(text), store());
  const batch = parse.map([["1"], ["{"], ["2"]], { onError: "collect" });
  const results: unknown[] = await Array.fromAsync(batch);
  assertEquals([results[0], results[2]], [1, 2]);
  assert(results[1] instanceof FailedCall && results[1].error instanceof SyntaxError);
});

Deno.test("map() goes on where a run before it has stopped", async () => {
  const evaluated: number[] = [];
  let limit = 3;
  const load = CacheDict.decorate(async function load(x: number) {
    await Promise.resolve();
    if (x > limit) throw new RangeError(`over: ${x}`);
    evaluated.push(x);
    return x;
  }, store());
  const inputs = [1, 2, 3, 4, 5].map((x) => [x] as const);
  await assertRejects(() => Array.fromAsync(load.map(inputs)), RangeError, "over: 4");
  limit = 5;
  assertEquals(await Array.fromAsync(load.map(inputs)), [1, 2, 3, 4, 5]);
  assertEquals(evaluated.sort(), [1, 2, 3, 4, 5]);
});

Deno.test("map() works on SingleValueCache, checkpoint and access of every kind", async () => {
  const single = SingleValueCache.decorate((x: number) => x, store());
  assertEquals(await Array.fromAsync(single.map([[1], [2]])), [1, 1]);
  const checkpointed = checkpoint(store())((x: number) => x + 1);
  assertEquals(await Array.fromAsync(checkpointed.map([[1], [2]])), [2, 3]);
  assert(checkpointed.has(2));
  const uncached = CacheDict.decorate((x: number) => x, { ...store(), access: "e" });
  assertEquals(await Array.fromAsync(uncached.map([[1], [1]])), [1, 1]);
  const keyless = CacheDict.decorate((get: () => number) => get(), { ...store(), access: "e" });
  assertEquals(await Array.fromAsync(keyless.map([[() => 5]])), [5]);
  const readOnly = CacheDict.decorate((x: number) => x, { ...store(), access: "r" });
  await assertRejects(() => Array.fromAsync(readOnly.map([[1]], { retries: 2 })), CacheMissError);
});

Deno.test("map() lets timers have their turn between the evaluations of a sync function", async () => {
  const controller = new AbortController();
  const spin = CacheDict.decorate((x: number) => {
    for (const start = performance.now(); performance.now() - start < 1;);
    return x;
  }, store());
  const inputs = function* (): Generator<[number], void, void> {
    for (let x = 0;; x++) yield [x];
  };
  setTimeout(() => controller.abort(new RangeError("enough")), 0);
  const batch = Array.fromAsync(spin.map(inputs(), { signal: controller.signal }));
  await assertRejects(() => batch, RangeError, "enough");
});

Deno.test("map() tells what came from the cache from what was evaluated", async () => {
  const load = CacheDict.decorate(async (x: number) => await Promise.resolve(x), store());
  await load(2);
  const events: BatchProgress[] = [];
  await Array.fromAsync(
    load.map([[1], [2], [3]], { progress: (event) => void events.push(event) }),
  );
  const last = events.at(-1)!;
  assertEquals([last.cached, last.computed, last.active, last.isFinished], [1, 2, 0, true]);
});

Deno.test("map() does not evaluate again what could not be stored", async () => {
  let evaluations = 0;
  const make = CacheDict.decorate((x: number) => {
    evaluations++;
    return () => x;
  }, store());
  const batch = make.map([[1]], { retries: 3 });
  const error = await assertRejects(() => Array.fromAsync(batch), UncacheableValueError);
  assertEquals([evaluations, typeof error.value], [1, "function"]);
});

Deno.test("map() passes this on when it is called on a method", async () => {
  const cached = CacheDict.decorate(store());
  class Scale {
    constructor(readonly factor: number) {}
    @cached
    apply(x: number): number {
      return this.factor * x;
    }
  }
  const [two, three] = [new Scale(2), new Scale(3)];
  const { map } = cachedMethod(two.apply);
  assertEquals(await Array.fromAsync(map.call(two, [[1], [2]])), [2, 4]);
  assertEquals(await Array.fromAsync(map.call(three, [[1], [2]])), [3, 6]);
  assert(cachedMethod(three.apply).has.call(three, 2));
});

Deno.test("map() takes arrays, generators, async generators, maps and strings of inputs", async () => {
  const join = CacheDict.decorate((a: string, b = "-") => a + b, store());
  const sync = function* (): Generator<[string], void, void> {
    yield ["a"];
  };
  const async = async function* (): AsyncGenerator<[string], void, void> {
    yield await Promise.resolve(["b"]);
  };
  assertEquals(await Array.fromAsync(join.map(sync())), ["a-"]);
  assertEquals(await Array.fromAsync(join.map(async())), ["b-"]);
  assertEquals(await Array.fromAsync(join.map(new Map([["a", "b"]]))), ["ab"]);
  assertEquals(await Array.fromAsync(join.map([])), []);
  await assertRejects(() => Array.fromAsync(join.map("ab" as never)), TypeError, "index 0");
});

Deno.test("map() is of the type of the function", async () => {
  const load = CacheDict.decorate(async (x: number) => await Promise.resolve(`${x}`), store());
  const words = ["1", "2"];
  const stopped: string[] = await Array.fromAsync(load.map(words.map((word) => [Number(word)])));
  assertEquals(stopped, words);
  typed<Batch<string>>(load.map([[1]], { onError: "stop", concurrency: 2 }));
  typed<Batch<string | FailedCall>>(load.map([[1]], { onError: "collect" }));
  // @ts-expect-error a failed call may be among them
  typed<() => Batch<string>>(() => load.map([[1]], { onError: "collect" }));
  // @ts-expect-error not an argument of the function
  typed<() => unknown>(() => load.map([["1"]]));
  // @ts-expect-error the arguments, and not the first of them
  typed<() => unknown>(() => load.map([1]));
  const collected = load.map.call(undefined, [[3]], { onError: "collect" });
  assertEquals(await Array.fromAsync(typed<Batch<string | FailedCall>>(collected)), ["3"]);
  const isFailedCall: (value: { index: 0; args: []; error: 0; attempts: 1 }) => void = (value) => {
    // @ts-expect-error what has the same fields is no failed call
    typed<FailedCall>(value);
  };
  assertEquals(isFailedCall.length, 1);
});

Deno.test("map() waits for what is under way when it is disposed of", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const load = CacheDict.decorate(async (_x: number) => await promise, store());
  let next: Promise<unknown>;
  {
    await using batch = load.map([[1]]);
    next = batch.next();
    await new Promise((resolve) => setTimeout(resolve, 0));
    setTimeout(() => resolve(5), 0);
  }
  assertEquals(await next, { done: true, value: undefined });
  assertEquals(await load.get(1), 5);
});

Deno.test("map() refuses inputs and options that are not what they may be", () => {
  const square = CacheDict.decorate((x: number) => x * x, store());
  const map = square.map as (...given: unknown[]) => unknown;
  assertThrows(() => map(5), TypeError, "Cannot map: expected an iterable");
  assertThrows(() => map(), TypeError, ": undefined");
  const wrong: [Record<string, unknown>, string][] = [
    [{ concurrency: 0 }, "Cannot set concurrency: expected a positive integer: 0"],
    [{ concurrency: 1.5 }, "Cannot set concurrency"],
    [{ lookahead: 0 }, "Cannot set lookahead: expected a positive integer: 0"],
    [{ retries: -1 }, "Cannot set retries: expected an integer from 0: -1"],
    [{ retries: "1" }, 'Cannot set retries: expected an integer from 0: "1"'],
    [{ unordered: 1 }, "Cannot set unordered: expected a boolean: 1"],
    [{ signal: {} }, "Cannot set signal: expected an AbortSignal: an object"],
    [{ onError: "warn" }, 'Cannot set onError: expected "stop" or "collect": "warn"'],
    [{ retryIf: true }, "Cannot set retryIf: expected a function: true"],
    [{ progress: "bar" }, 'Cannot set progress: expected a boolean or a function: "bar"'],
    [{ backoff: 100 }, "Cannot set backoff: expected an object: 100"],
    [{ backoff: { initialMs: -1 } }, "Cannot set backoff.initialMs: expected milliseconds: -1"],
    [{ backoff: { factor: 0.5 } }, "Cannot set backoff.factor: expected a number from 1: 0.5"],
    [{ backoff: { maxMs: NaN } }, "Cannot set backoff.maxMs: expected milliseconds: NaN"],
  ];
  for (const [options, message] of wrong) assertThrows(() => map([], options), TypeError, message);
  assertThrows(() => map([], [2]), TypeError, "Cannot set options: expected an object of options");
});

Deno.test("map() refuses a generator function", () => {
  const calls = Object.assign(new TestCalls(), { fn: function* () {} });
  assertThrows(
    () => startBatch(calls, false, undefined, []),
    TypeError,
    "Cannot map: a generator function, whose results are streams: test",
  );
});
