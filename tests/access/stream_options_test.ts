// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";

function streamOf(...chunks: unknown[]): ReadableStream<unknown> {
  return ReadableStream.from(chunks);
}

Deno.test("a cached generator function neither reads nor writes when it is switched off", () => {
  let runs = 0;
  let isOn = false;
  const store = new MemoryStore();
  const count = CacheDict.decorate(function* count(most: number) {
    runs++;
    for (let i = 0; i < most; i++) yield i;
  }, { store, when: (most) => isOn && most > 0 });
  assertEquals([[...count(2)], [...count(2)], runs, store.size], [[0, 1], [0, 1], 2, 0]);
  assertEquals([[...count.rerun(2)], runs, store.size], [[0, 1], 3, 0]);
  isOn = true;
  assertEquals([[...count(2)], [...count(2)], runs], [[0, 1], [0, 1], 4]);
  isOn = false;
  assertEquals([[...count(2)], runs], [[0, 1], 5]);
});

Deno.test("a cached generator function that is switched off throws when it may not be evaluated", () => {
  const count = CacheDict.decorate(function* count() {}, {
    store: new MemoryStore(),
    access: "r",
    when: false,
  });
  assertThrows(() => count(), Error, `does not grant "e"`);
});

Deno.test("CacheDict.decorate() refuses samples and cacheErrors of a generator function", () => {
  const store = new MemoryStore();
  function* count(): Generator<number> {}
  for (const options of [{ samples: 2 }, { cacheErrors: () => true }]) {
    const [name] = Object.keys(options);
    assertThrows(
      () => CacheDict.decorate(count, { store, ...options }),
      TypeError,
      `Cannot set ${name}: not for a generator function: count`,
    );
  }
});

Deno.test("prime() refuses streams and generator functions, and stores nothing", () => {
  const store = new MemoryStore();
  const count = CacheDict.decorate(function* count() {
    yield 1;
  }, { store });
  assertThrows(
    () => count.prime([], count()),
    TypeError,
    "Cannot prime count: a generator function",
  );
  const load = CacheDict.decorate(function load() {
    return streamOf(1);
  }, { store });
  assertThrows(() => load.prime([], streamOf(2)), TypeError, "Cannot prime load: a stream");
  assertEquals(store.size, 0);
});

Deno.test("a cached function keeps samples of streams apart, and shows one", async () => {
  const store = new MemoryStore();
  let draws = 0;
  const draw = CacheDict.decorate(function draw() {
    return streamOf(++draws, "end");
  }, { store, samples: 2 });
  const read = () => Array.fromAsync(draw());
  assertEquals([await read(), await read(), await read()], [[1, "end"], [2, "end"], [1, "end"]]);
  using cache = new CacheDict(undefined, { store });
  assertEquals([cache.size, [...cache.values()]], [1, [[1, "end"]]]);
  assert(draw.delete());
  // But for the notice, nothing is left: neither of the two, nor their chunks.
  assertEquals([...store.entries()].map(({ functionName }) => functionName), [""]);
});

Deno.test("a cached function that gives streams keeps an error, which removes the chunks of a stream", async () => {
  const store = new MemoryStore();
  let isDown = false;
  const load = CacheDict.decorate(async function load() {
    if (isDown) throw new RangeError("down");
    return await Promise.resolve(streamOf(1, 2));
  }, { store, cacheErrors: (error) => error instanceof RangeError });
  assertEquals(await Array.fromAsync(await load()), [1, 2]);
  isDown = true;
  await assertRejects(() => load.rerun(), RangeError, "down");
  isDown = false;
  await assertRejects(() => load(), RangeError, "down");
  assertEquals(store.size, 2); // the error, and the notice
  assertEquals(await Array.fromAsync(await load.rerun()), [1, 2]);
  assertEquals(await Array.fromAsync(await load()), [1, 2]);
});

Deno.test("CacheDict leaves out the chunks of streams, and removes them with their stream", () => {
  const store = new MemoryStore();
  const count = CacheDict.decorate(function* count(most: number) {
    for (let i = 0; i < most; i++) yield i;
    return "done";
  }, { store });
  assertEquals([...count(3)], [0, 1, 2]);
  assertEquals([...count(2)], [0, 1]);
  {
    using cache = new CacheDict<unknown>(undefined, { store });
    assertEquals([cache.size, [...cache.values()]], [2, [[0, 1, 2], [0, 1]]]);
    const [first, second] = cache.keys();
    assert(cache.delete(first));
    cache.set(second, "a value");
  }
  assertEquals([count.has(3), count.has(2)], [false, false]);
  assertEquals(store.size, 2); // the value, and the notice
});
