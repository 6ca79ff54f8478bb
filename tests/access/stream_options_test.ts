// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheDict, CacheMissError } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { errorDigest } from "../../src/access/entry_parts.ts";

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

Deno.test("a stream takes the place of an error, and so does one that can't be stored", async () => {
  for (const chunk of [1, () => 1]) {
    const store = new MemoryStore();
    let fails = true;
    const load = CacheDict.decorate((): ReadableStream<unknown> => {
      if (fails) throw new RangeError("too early");
      return streamOf(chunk);
    }, { store, cacheErrors: () => true, onError: "ignore" });
    assertThrows(load, RangeError);
    fails = false;
    assertThrows(load, RangeError);
    assertEquals(await Array.fromAsync(load.rerun()), [chunk]);
    assert(!store.has(errorDigest(load.keyFor())));
    assertEquals(await Array.fromAsync(load()), [chunk]);
  }
});

Deno.test("a replayed sample goes on with what the function gives when a chunk gets lost", async () => {
  const store = new MemoryStore();
  let runs = 0;
  const load = CacheDict.decorate((from: { x: number }) => {
    runs++;
    return streamOf(from.x, from.x + 1);
  }, { store, samples: 2 });
  for (let i = 0; i < 3; i++) await Array.fromAsync(load({ x: 7 }));
  const sizeBefore = store.size;
  const reader = load({ x: 7 }).getReader();
  assertEquals((await reader.read()).value, 7);
  removeChunks(store);
  assertEquals([await reader.read(), await reader.read()], [
    { done: false, value: 8 },
    { done: true, value: undefined },
  ]);
  assertEquals(runs, 3);
  // Nothing of it shows as a result of its own.
  assertEquals([store.size, new CacheDict(undefined, { store }).size], [sizeBefore - 4, 1]);
});

Deno.test("a replay of a stream throws when its chunks get lost before the first, and its arguments have changed", async () => {
  const store = new MemoryStore();
  const load = CacheDict.decorate((from: { x: number }) => streamOf(from.x), { store });
  await Array.fromAsync(load({ x: 1 }));
  const [changed, kept] = [{ x: 1 }, { x: 1 }];
  const streams = [load(changed), load(kept)] as const;
  changed.x = 2;
  removeChunks(store);
  await assertRejects(() => Array.fromAsync(streams[0]), CacheMissError, "arguments have changed");
  assertEquals(await Array.fromAsync(streams[1]), [1]);
  assertEquals([load.has({ x: 1 }), load.has({ x: 2 })], [true, false]);
});

Deno.test("a replay throws when a chunk gets lost and its arguments have changed to what has no key", () => {
  const store = new MemoryStore();
  const count = CacheDict.decorate(function* count(from: { x: unknown }) {
    yield 0;
    yield typeof from.x;
  }, { store, onError: "ignore" });
  assertEquals([...count({ x: 1 })], [0, "number"]);
  const from: { x: unknown } = { x: 1 };
  const replayed = count(from);
  assertEquals(replayed.next().value, 0);
  from.x = () => {};
  removeChunks(store);
  assertThrows(() => replayed.next(), CacheMissError, "arguments have changed");
});

Deno.test("a stream that has no room beside the notice of parts does not lose its chunks for a hit", () => {
  const store = new MemoryStore();
  const dict = new CacheDict(undefined, { store, maxEntries: 5 });
  const count = dict.decorate(function* count(most: number) {
    for (let i = 0; i < most; i++) yield i;
  });
  assertEquals([...count(3), ...count(4)], [0, 1, 2, 0, 1, 2, 3]);
  assert(!store.has(count.keyFor(4)));
  assertEquals([...count(3), count.has(3)], [0, 1, 2, true]);
});

function removeChunks(store: MemoryStore): void {
  const chunks = [...store.entries()].filter(({ key }) =>
    new TextDecoder().decode(key.parts[0]).startsWith('{"part":"chunk"')
  );
  store.commit(chunks.map(({ digest }) => ({ type: "delete", digest })));
}
