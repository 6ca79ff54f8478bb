// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertInstanceOf } from "@std/assert";
import { CacheDict, FailedCall } from "@pecapiku/cache";
import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";

Deno.test("map() takes samples in turn when a function has several of a key", async () => {
  let draws = 0;
  const draw = CacheDict.decorate(async (_sides: number) => await Promise.resolve(++draws), {
    store: new MemoryStore(),
    samples: 3,
  });
  const inputs = Array.from({ length: 7 }, (): [number] => [6]);
  const first = await Array.fromAsync(draw.map(inputs, { concurrency: 7 }));
  assertEquals(first, [1, 2, 3, 1, 2, 3, 1]);
  assertEquals(await Array.fromAsync(draw.map(inputs)), [2, 3, 1, 2, 3, 1, 2]);
  assertEquals(draws, 3);
});

Deno.test("map() neither reads nor writes when caching is switched off", async () => {
  let evaluations = 0;
  let isOn = true;
  const square = CacheDict.decorate((x: number) => {
    evaluations++;
    return x * x;
  }, { store: new MemoryStore(), when: () => isOn });
  const cached: number[] = [];
  const run = () =>
    Array.fromAsync(
      square.map([[1], [2]], {
        progress: ({ isFinished, cached: count }) => void (isFinished && cached.push(count)),
      }),
    );
  assertEquals(await run(), [1, 4]);
  isOn = false;
  assertEquals(await run(), [1, 4]);
  assertEquals(evaluations, 4);
  isOn = true;
  assertEquals(await run(), [1, 4]);
  assertEquals([evaluations, cached], [4, [0, 0, 2]]);
});

Deno.test("map() gives errors that are cached without evaluating", async () => {
  let evaluations = 0;
  const parse = CacheDict.decorate((text: string): unknown => {
    evaluations++;
    return JSON.parse(text);
  }, { store: new MemoryStore(), cacheErrors: (error) => error instanceof SyntaxError });
  for (let run = 0; run < 2; run++) {
    const [failed, value] = await Array.fromAsync(
      parse.map([["{"], ["1"]], { onError: "collect" }),
    );
    assertInstanceOf(failed, FailedCall);
    assertInstanceOf(failed.error, SyntaxError);
    assertEquals([value, evaluations], [1, 2]);
  }
});

Deno.test("map() does not try again what cacheErrors has stored, and does what it has not", async () => {
  class Unregistered extends Error {}
  for (
    const [error, attempts] of [[new RangeError("no"), 1], [new Unregistered("no"), 3]] as const
  ) {
    for (const store of [new MemoryStore(), toAsyncStore(new MemoryStore())]) {
      let evaluations = 0;
      const fail = CacheDict.decorate(async (_x: number): Promise<number> => {
        evaluations++;
        return await Promise.reject(error);
      }, { store, cacheErrors: () => true, when: () => true, onError: "ignore" });
      const options = { retries: 2, backoff: { initialMs: 0 }, onError: "collect" } as const;
      for (let run = 1; run <= 2; run++) {
        const [failed] = await Array.fromAsync(fail.map([[1]], options));
        assertInstanceOf(failed, FailedCall);
        assertEquals(failed.attempts, attempts);
        assertEquals(evaluations, attempts === 1 ? 1 : run * attempts);
      }
    }
  }
});
