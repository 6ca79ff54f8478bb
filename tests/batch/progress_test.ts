// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { BatchProgress } from "../../src/batch/batch_progress.ts";
import { runScript } from "../access/_run_script.ts";
import { countsOf, numbers, runBatch, settle, Taken, TestCalls, TestRuntime } from "./_runtime.ts";

Deno.test("map() tells a function each change, and the end", async () => {
  const calls = new TestCalls();
  for (const x of [2, 3]) calls.cache.set(x, x * 10);
  const events: BatchProgress[] = [];
  const progress = (event: BatchProgress): void => void events.push(event);
  const options = { progress, retries: 1, onError: "collect", concurrency: 2 } as const;
  const runtime = new TestRuntime();
  new Taken(runBatch(calls, numbers(1, 2, 3, 4), options, { runtime }));
  await settle();
  assertEquals(countsOf(events.at(-1)!), {
    ...{ done: 2, total: 4, cached: 2, computed: 0, failed: 0, retried: 0 },
  });
  assertEquals(events.at(-1)!.active, 2);
  calls.reject(1);
  await settle();
  assertEquals([events.at(-1)!.retried, events.at(-1)!.active], [1, 2]);
  runtime.tick();
  calls.reject(1);
  await settle();
  calls.resolve(4);
  await settle();
  assertEquals(countsOf(events.at(-1)!), {
    ...{ done: 4, total: 4, cached: 2, computed: 1, failed: 1, retried: 1 },
  });
  assertEquals(events.map(({ isFinished }) => isFinished).indexOf(true), events.length - 1);
  assert(events.every(({ done, cached, computed, failed }) => done === cached + computed + failed));
});

Deno.test("map() knows how many calls there are when the inputs say it, or have ended", async () => {
  const endless = function* (): Generator<[number], void, void> {
    for (const x of [1, 2]) yield [x];
  };
  for (const [inputs, total] of [[new Set(numbers(1, 2)), 2], [endless(), undefined]] as const) {
    const calls = new TestCalls();
    const events: BatchProgress[] = [];
    const progress = (event: BatchProgress): void => void events.push(event);
    new Taken(runBatch(calls, inputs, { progress, concurrency: 1 }));
    await settle();
    assertEquals(events[0]!.total, total);
    for (const x of [1, 2]) {
      calls.resolve(x);
      await settle();
    }
    assertEquals(events.at(-1)!.total, 2);
  }
});

Deno.test("map() counts what is gone when its turn comes as it is", async () => {
  const calls = new TestCalls();
  calls.cache.set(2, 20);
  const events: BatchProgress[] = [];
  const progress = (event: BatchProgress): void => void events.push(event);
  new Taken(runBatch(calls, numbers(1, 2), { progress, concurrency: 1 }));
  await settle();
  assertEquals(events.at(-1)!.cached, 1);
  calls.cache.clear();
  for (const x of [1, 2]) {
    calls.resolve(x);
    calls.cache.clear();
    await settle();
  }
  assertEquals([events.at(-1)!.cached, events.at(-1)!.computed], [0, 2]);
});

Deno.test("map() stops with what the progress function throws", async () => {
  const error = new RangeError("cannot show");
  for (const when of [1, 2, 3]) {
    const calls = new TestCalls();
    let events = 0;
    const progress = (): void => {
      if (++events === when) throw error;
    };
    const taken = new Taken(runBatch(calls, numbers(1), { progress }));
    await settle();
    if (calls.underWay.length > 0) calls.resolve(1);
    await settle();
    assertEquals([taken.end, events >= when], [{ error }, true]);
  }
});

Deno.test("map() tells its display whether all is done", async () => {
  for (const isComplete of [true, false]) {
    const [runtime, calls] = [new TestRuntime(), new TestCalls()];
    new Taken(runBatch(calls, numbers(1), { progress: true }, { runtime }));
    await settle();
    if (isComplete) calls.resolve(1);
    else calls.reject(1);
    await settle();
    assertEquals(runtime.finished, [isComplete]);
  }
});

Deno.test("map() prints nothing when it is not asked to, and needs no permission to print", async () => {
  const script = (options: string): string => `
    const store = { get() {}, info() {}, has: () => false, entries: () => [], commit() {}, touch() {}, close() {}, location: "none" };
    const square = cache.CacheDict.decorate(function square(x) { return x * x; }, { store });
    console.log((await Array.fromAsync(square.map([[1], [2]], ${options}))).join());
  `;
  assertEquals(await runScript(script("{}")), { code: 0, stdout: "1,4", stderr: "" });
  const { stdout, stderr } = await runScript(script("{ progress: true }"));
  assertEquals(stdout, "1,4");
  assertEquals(
    stderr.replace(/[\d,]+\/s; /, ""),
    "square: 2 of 2 done: 0 from cache, 2 computed, 0 failed; in 0:00",
  );
});
