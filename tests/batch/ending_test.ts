// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects } from "@std/assert";
import { numbers, runBatch, settle, Taken, TestCalls, TestRuntime } from "./_runtime.ts";

/** An endless source that tells whether it was closed. */
class Source {
  read = 0;
  isClosed = false;

  *sync(): Generator<[number], undefined, undefined> {
    try {
      for (;;) yield [++this.read];
    } finally {
      this.isClosed = true;
    }
  }

  async *async(): AsyncGenerator<[number], undefined, undefined> {
    yield* this.sync();
    return await Promise.resolve(undefined);
  }
}

Deno.test("map() rejects at once when it is aborted, and lets calls under way finish", async () => {
  const calls = new TestCalls();
  const runtime = new TestRuntime();
  const source = new Source();
  const controller = new AbortController();
  const options = { concurrency: 2, retries: 1, signal: controller.signal };
  const run = runBatch(calls, source.sync(), options, { runtime });
  const taken = new Taken(run);
  await settle();
  calls.reject(1);
  await settle();
  controller.abort("enough");
  await settle();
  assertEquals([taken.values, taken.end], [[], { error: "enough" }]);
  assertEquals([runtime.due, calls.underWay, source.isClosed], [[], [2], true]);
  let isSettled = false;
  const settled = run.settled().then(() => isSettled = true);
  await settle();
  assertEquals(isSettled, false);
  calls.resolve(2);
  await settled;
  assertEquals([calls.cache.get(2), calls.underWay], [20, []]);
});

Deno.test("map() reads nothing when it is aborted before", async () => {
  const calls = new TestCalls();
  const source = new Source();
  const signal = AbortSignal.abort("before");
  const taken = new Taken(runBatch(calls, source.sync(), { signal }));
  await settle();
  assertEquals([taken.end, source.read, calls.underWay], [{ error: "before" }, 0, []]);
});

Deno.test("map() rejects the next request when it was aborted between two", async () => {
  const calls = new TestCalls();
  const controller = new AbortController();
  const run = runBatch(calls, numbers(1, 2), { signal: controller.signal });
  const first = run.next();
  await settle();
  for (const x of [1, 2]) calls.resolve(x);
  await first;
  controller.abort(new TypeError("enough"));
  await assertRejects(() => run.next(), TypeError, "enough");
  assertEquals(await run.next(), { done: true, value: undefined });
});

Deno.test("map() stops when the function itself aborts it", async () => {
  const controller = new AbortController();
  const evaluated: unknown[] = [];
  const calls = new TestCalls();
  calls.call = (_self, [x]) => {
    evaluated.push(x);
    controller.abort("from within");
    return x;
  };
  const options = { signal: controller.signal };
  const taken = new Taken(runBatch(calls, numbers(1, 2), options, { isAsync: false }));
  await settle();
  assertEquals([taken.end, evaluated], [{ error: "from within" }, [1]]);
});

Deno.test("map() begins nothing else when the loop is left", async () => {
  for (const isAsync of [false, true]) {
    const calls = new TestCalls();
    const source = new Source();
    const inputs = isAsync ? source.async() : source.sync();
    const run = runBatch(calls, inputs, { concurrency: 2 });
    const first = run.next();
    await settle();
    calls.resolve(1);
    assertEquals((await first).value, [0, 10]);
    await settle();
    await run.return();
    const underWay = calls.underWay;
    for (const x of underWay) calls.resolve(x);
    await settle();
    assertEquals(calls.underWay, []);
    assertEquals(underWay.map((x) => calls.cache.get(x)), underWay.map((x) => x * 10));
    assertEquals(source.isClosed, true);
    assertEquals(await run.next(), { done: true, value: undefined });
  }
});

Deno.test("map() gives what closing the source throws to whoever leaves the loop", async () => {
  const inputs = function* (): Generator<[number], void, void> {
    try {
      for (;;) yield [1];
    } finally {
      // deno-lint-ignore no-unsafe-finally
      throw new RangeError("cannot close");
    }
  };
  const calls = new TestCalls();
  const run = runBatch(calls, inputs());
  const first = run.next();
  await settle();
  calls.resolve(1);
  await first;
  await assertRejects(() => run.return(), RangeError, "cannot close");
});

Deno.test("map() does not wait for an input that never comes when it is ended", async () => {
  const calls = new TestCalls();
  const inputs = async function* (): AsyncGenerator<[number], void, void> {
    yield [1];
    await new Promise(() => {});
  };
  const run = runBatch(calls, inputs());
  const first = run.next();
  await settle();
  calls.resolve(1);
  await first;
  const second = run.next();
  await settle();
  await run.return();
  assertEquals(await second, { done: true, value: undefined });
});

Deno.test("map() rejects with the error of the source after the results before it", async () => {
  const sync = function* (): Generator<[number], void, void> {
    yield [1];
    yield [2];
    throw new RangeError("no more");
  };
  const async = async function* (): AsyncGenerator<[number], void, void> {
    yield* sync();
    await Promise.resolve();
  };
  for (const inputs of [sync(), async()]) {
    for (const unordered of [false, true]) {
      const calls = new TestCalls();
      const options = { unordered, onError: "collect" } as const;
      const taken = new Taken(runBatch(calls, unordered ? sync() : inputs, options));
      await settle();
      for (const x of [1, 2]) calls.resolve(x);
      await settle();
      assertEquals([taken.values, String(taken.end?.error)], [[10, 20], "RangeError: no more"]);
    }
  }
});

Deno.test("map() refuses an input that is no array, after the results before it", async () => {
  const calls = new TestCalls();
  let isClosed = false;
  const inputs = function* (): Generator<unknown, void, void> {
    try {
      yield [1];
      yield 2;
    } finally {
      isClosed = true;
    }
  };
  const taken = new Taken(runBatch(calls, inputs()));
  await settle();
  calls.resolve(1);
  await settle();
  assertEquals([taken.values, isClosed], [[10], true]);
  assertEquals(
    String(taken.end?.error),
    "TypeError: Cannot map: expected an array of arguments at index 1, such as [1]: 2",
  );
});

Deno.test("map() rejects with what opening the source throws", async () => {
  const inputs = {
    [Symbol.iterator]() {
      throw new RangeError("closed");
    },
  };
  const taken = new Taken(runBatch(new TestCalls(), inputs));
  await settle();
  assertEquals(String(taken.end?.error), "RangeError: closed");
});

Deno.test("map() keeps no listener on its signal when it is over", async () => {
  const signal = new AbortController().signal;
  let listeners = 0;
  const counting = {
    aborted: false,
    addEventListener: (...given: Parameters<AbortSignal["addEventListener"]>) => {
      listeners++;
      signal.addEventListener(...given);
    },
    removeEventListener: () => listeners--,
  } as unknown as AbortSignal;
  const calls = new TestCalls();
  const taken = new Taken(runBatch(calls, numbers(1), { signal: counting }));
  await settle();
  assertEquals(listeners, 1);
  calls.resolve(1);
  await settle();
  assertEquals([listeners, taken.end], [0, {}]);
});
