// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheDict, CacheError, CacheMissError, NoCache, SingleValueCache } from "@pecapiku/cache";
import { STORES } from "./_stores.ts";
import { RecordingStore } from "./_recording_store.ts";

for (const { name, make } of STORES) {
  Deno.test(`a cached function with a ttl evaluates again when the entry is too old (${name})`, () => {
    const clock = { time: 1000 };
    const store = make()();
    let evaluations = 0;
    const f = CacheDict.decorate((x: number) => x + ++evaluations, {
      store,
      ttl: 10,
      now: () => clock.time,
    });
    assertEquals([f(1), f(1)], [2, 2]);
    clock.time = 1009.999;
    assertEquals([f(1), f.get(1), f.has(1)], [2, 2, true]);
    clock.time = 1010;
    assertEquals([f.has(1), f.get(1) instanceof NoCache], [false, true]);
    assertEquals([f(1), f(1), f.get(1), f.has(1)], [3, 3, 3, true]);
    // Of the time at which it was written last.
    clock.time = 1019;
    assertEquals([f(1), f.rerun(1)], [3, 4]);
    clock.time = 1028;
    assertEquals(f(1), 4);
  });

  Deno.test(`a cached function with a ttl misses what was written later than now (${name})`, () => {
    const clock = { time: 1000 };
    const store = make()();
    let evaluations = 0;
    const f = CacheDict.decorate((x: number) => x + ++evaluations, {
      ...{ store, ttl: 10, now: () => clock.time },
      innerKey: "x",
    });
    assertEquals(f(1), 2);
    clock.time = 999;
    assertEquals([f.has(1), f.get(1) instanceof NoCache, f.delete(2)], [false, true, false]);
    assertEquals([f(1), f(1)], [3, 3]);
    clock.time = 1000;
    assertEquals(f(1), 3);
    clock.time = 1009;
    assertEquals(f(1), 4);
    // What a ttl does not let through is still there for who sets none.
    clock.time = -5000;
    assertEquals(f.has(1), false);
    using cache = new CacheDict(undefined, { store, access: "r" });
    assertEquals(cache.get(1), 4);
  });

  Deno.test(`.delete() removes what is too old to be seen, and tells that there was nothing (${name})`, () => {
    const clock = { time: 1000 };
    const store = make()();
    const f = CacheDict.decorate((x: number) => x, { store, ttl: 10, now: () => clock.time });
    f(1);
    f(2);
    assertEquals([f.delete(1), store.size], [true, 1]);
    clock.time = 1010;
    assertEquals([f.delete(2), store.size], [false, 0]);
  });

  Deno.test(`commits of a cached function remove its own entries that are too old (${name})`, () => {
    const clock = { time: 1000 };
    const store = make()();
    const now = (): number => clock.time;
    const options = { store, now, innerKey: "[x]" };
    const f = CacheDict.decorate(function f(x: number) {
      return x;
    }, { ...options, ttl: Temporal.Duration.from({ milliseconds: 10 }) });
    const other = CacheDict.decorate(function other(x: number) {
      return x;
    }, options);
    const set = new CacheDict<number>(undefined, { store, now });
    set.set("by hand", 1).flush();
    [f(1), f(2), other(3)];
    clock.time = 1011;
    assertEquals(f(1), 1);
    const keys = (): unknown[] => [...set.keys()].map(String).sort();
    assertEquals(keys(), ["1", "3", "by hand"]);
    // A hit writes nothing.
    clock.time = 1012;
    f(1);
    assertEquals(keys().length, 3);
    f.delete(1);
    assertEquals(keys(), ["3", "by hand"]);
  });
}

Deno.test(".delete() without r removes, and does not tell what was there", () => {
  const options = { store: new RecordingStore(), ttl: 1e9 };
  const fn = (x: number): number => x;
  CacheDict.decorate(fn, options)(1);
  const f = CacheDict.decorate(fn, { ...options, access: "ew" });
  assertEquals([f.delete(1), options.store.size], [false, 0]);
});

Deno.test("concurrent calls evaluate once when the entry is too old", async () => {
  const clock = { time: 1000 };
  let evaluations = 0;
  const f = CacheDict.decorate(async (x: number) => {
    await Promise.resolve();
    return [x, ++evaluations];
  }, { store: new RecordingStore(), ttl: 10, now: () => clock.time });
  assertEquals(await f(1), [1, 1]);
  clock.time = 1010;
  assertEquals(await Promise.all([f(1), f(1), f(1)]), [[1, 2], [1, 2], [1, 2]]);
  assertEquals([await f.get(1), await f.has(1)], [[1, 2], true]);
});

Deno.test("a ttl of one reader is not that of another", () => {
  const clock = { time: 1000 };
  const options = { store: new RecordingStore(), now: () => clock.time };
  let evaluations = 0;
  const fn = (x: number): number => x + ++evaluations;
  const brief = CacheDict.decorate(fn, { ...options, ttl: 10 });
  const long = CacheDict.decorate(fn, { ...options, ttl: 1000 });
  const forever = CacheDict.decorate(fn, { ...options, ttl: Infinity });
  assertEquals([brief(1), long(1), forever(1)], [2, 2, 2]);
  clock.time = 1500;
  assertEquals([brief.has(1), long.has(1), forever.has(1)], [false, true, true]);
  clock.time = 0;
  assertEquals([brief.has(1), long.has(1), forever.has(1)], [false, false, true]);
});

Deno.test("access r and re see nothing that is too old, and remove nothing", () => {
  const clock = { time: 1000 };
  const options = { store: new RecordingStore(), ttl: 10, now: () => clock.time };
  let evaluations = 0;
  const fn = (x: number): number => x + ++evaluations;
  CacheDict.decorate(fn, options)(1);
  clock.time = 1010;
  assertThrows(() => CacheDict.decorate(fn, { ...options, access: "r" })(1), CacheMissError);
  assertEquals(CacheDict.decorate(fn, { ...options, access: "re" })(1), 3);
  assertEquals([options.store.size, options.store.commits.length], [1, 1]);
});

Deno.test("a broken clock never gives a value, and is an error as onError says", () => {
  const store = new RecordingStore();
  let fails = false;
  const now = (): number => {
    if (fails) throw new RangeError("no clock");
    return 1000;
  };
  let evaluations = 0;
  const fn = (x: number): number => x + ++evaluations;
  const ignoring = CacheDict.decorate(fn, { store, ttl: 10, now, onError: "ignore" });
  const raising = CacheDict.decorate(fn, { store, ttl: 10, now });
  ignoring(1);
  fails = true;
  assertEquals([ignoring.has(1), ignoring.get(1) instanceof NoCache, ignoring(1)], [
    false,
    true,
    3,
  ]);
  for (const use of [raising, raising.get, raising.has]) {
    assertThrows(() => use(1), CacheError, "no clock");
  }
  const stopped = CacheDict.decorate(fn, { store, ttl: 10, now: () => NaN });
  assertEquals([stopped(1), stopped(1), stopped.has(1)], [4, 5, false]);
});

Deno.test("a cached function has the ttl of its dictionary where its own options give none", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  const cache = new CacheDict(undefined, { store, ttl: 10, now: () => clock.time });
  const f = cache.decorate((x: number) => x);
  const g = cache.decorate((x: number) => -x, { ttl: 100 });
  const h = cache.decorate((x: number) => x + 1, { ttl: Infinity });
  [f(1), g(1), h(1)];
  clock.time = 1050;
  assertEquals([f.has(1), g.has(1), h.has(1)], [false, true, true]);
  clock.time = 2000;
  assertEquals([f.has(1), g.has(1), h.has(1)], [false, false, true]);
});

Deno.test("SingleValueCache evaluates again when its value is too old", () => {
  const clock = { time: 1000 };
  const options = { ttl: 10, now: () => clock.time };
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  let evaluations = 0;
  const f = SingleValueCache.decorate(() => ++evaluations, { filePath, ...options });
  assertEquals([f(), f(), SingleValueCache.get(filePath, options)], [1, 1, 1]);
  clock.time = 1010;
  assert(SingleValueCache.get(filePath, options) instanceof NoCache);
  assertEquals([SingleValueCache.get(filePath), f.has(), f(), f()], [1, false, 2, 2]);
  clock.time = 500;
  assertEquals([f.has(), f(), SingleValueCache.get(filePath, options)], [false, 3, 3]);
});
