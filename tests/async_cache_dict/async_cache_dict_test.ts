// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { AsyncCacheDict, type AsyncCacheDictOptions } from "../../src/async_cache_dict/mod.ts";
import { CacheDict } from "../../src/cache_dict/cache_dict.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { UncacheableKeyError } from "../../src/errors/uncacheable_key_error.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import { NoCache } from "../../src/no_cache.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { SlowStore } from "./_slow_store.ts";

function entriesOf<V>(cache: AsyncCacheDict<V>): Promise<[unknown, V][]> {
  return Array.fromAsync(cache.entries());
}

/** A store that holds the squares of some numbers. */
function squares(...numbers: number[]): SlowStore {
  const store = new SlowStore();
  using cache = new CacheDict<number>(undefined, { store: store.memory });
  for (const number of numbers) cache.set(number, number ** 2);
  return store;
}

Deno.test("AsyncCacheDict commits all changes in one commit when its block is left", async () => {
  const store = squares(1, 2);
  {
    await using cache = new AsyncCacheDict<number>({ store });
    await cache.set(3, 9);
    assertEquals(await cache.delete(1), true);
    await cache.set({ a: [1] }, 5);
    assertEquals(store.commits.length, 0);
  }
  assertEquals(store.commits.length, 1);
  await using cache = new AsyncCacheDict<number>({ store, access: "r" });
  assertEquals(await entriesOf(cache), [[2, 4], [3, 9], [{ a: [1] }, 5]]);
});

Deno.test("AsyncCacheDict commits when its block is left by an exception", async () => {
  const store = new SlowStore();
  await assertRejects(
    () =>
      AsyncCacheDict.with<number>({ store }, async (cache) => {
        await cache.set("x", 1);
        throw new Error("out");
      }),
    Error,
    "out",
  );
  assertEquals(store.memory.size, 1);
});

Deno.test("AsyncCacheDict takes a local store, and shares it with CacheDict", async () => {
  const store = new MemoryStore();
  await AsyncCacheDict.with<number>({ store }, (cache) => cache.set([1, { a: 2 }], 3));
  using cache = new CacheDict(undefined, { store });
  assertEquals([...cache], [[[1, { a: 2 }], 3]]);
});

Deno.test("AsyncCacheDict makes changes in the order of the calls, without waiting", async () => {
  const store = squares(1, 2, 3);
  await using cache = new AsyncCacheDict<number>({ store });
  const answers = await Promise.all([
    cache.get(1),
    cache.set(1, 10),
    cache.get(1),
    cache.delete(1),
    cache.has(1),
    cache.get(1),
    cache.set(1, 11),
    cache.get(1),
    cache.size(),
    cache.clear(),
    cache.get(2),
    cache.get(1),
    cache.set(2, 20),
    cache.get(2),
    cache.has(3),
    cache.size(),
  ]);
  const shown: unknown[] = answers.map((each) =>
    each instanceof NoCache ? "none" : each === cache ? "cache" : each
  );
  assertEquals(shown, [
    ...[1, "cache", 10, true, false, "none", "cache", 11, 3, undefined],
    ...["none", "none", "cache", 20, false, 1],
  ]);
  assertEquals(await entriesOf(cache), [[2, 20]]);
  await cache.flush();
  assertEquals(store.memory.size, 1);
});

Deno.test("AsyncCacheDict set() encodes the value and the key at the call", async () => {
  await using cache = new AsyncCacheDict<number[]>({ store: new SlowStore() });
  const [key, value] = [[1], [2]];
  const setting = cache.set(key, value);
  key.push(9);
  value.push(9);
  await setting;
  assertEquals(await entriesOf(cache), [[[1], [2]]]);
  const [one, other] = [await cache.get([1]), await cache.get([1])];
  assertEquals(one, other);
  assert(one !== other);
});

Deno.test("AsyncCacheDict sees nothing stored without r, and drops only its own", async () => {
  const store = squares(1, 2);
  await using cache = new AsyncCacheDict<number>({ store, access: "w" });
  assert(await cache.get(1) instanceof NoCache);
  assertEquals(await cache.size(), 0);
  assertEquals(await cache.delete(2), false);
  await cache.set(3, 9);
  await cache.set(4, 16);
  await cache.flush();
  assertEquals(await entriesOf(cache), [[3, 9], [4, 16]]);
  await cache.set(5, 25);
  await cache.clear();
  assertEquals(await cache.size(), 0);
  await cache.flush();
  await using all = new AsyncCacheDict<number>({ store });
  assertEquals(await Array.fromAsync(all.keys()), [1]);
});

Deno.test("AsyncCacheDict writes nothing without w", async () => {
  const store = squares(1);
  {
    await using cache = new AsyncCacheDict<number>({ store, access: "r", writeThrough: true });
    await cache.set(2, 4);
    await cache.delete(1);
    assertEquals(await entriesOf(cache), [[2, 4]]);
    await cache.flush();
  }
  assertEquals(store.commits, []);
});

Deno.test("AsyncCacheDict goes through its content as a Map does, while that changes", async () => {
  const store = squares(1, 2, 3);
  await using cache = new AsyncCacheDict<number>({ store });
  await cache.set(4, 16);
  const seen: unknown[] = [];
  for await (const [key, value] of cache) {
    seen.push([key, value]);
    if (seen.length === 1) {
      await cache.set(1, 100);
      await cache.set(2, 200);
      await cache.delete(3);
      await cache.set(5, 25);
    }
    if (key === 4) await cache.flush();
    if (key === 5 && seen.length === 4) {
      await cache.delete(1);
      await cache.set(1, 1);
    }
  }
  assertEquals(seen, [[1, 1], [2, 200], [4, 16], [5, 25], [1, 1]]);
  assertEquals(await Array.fromAsync(cache.values()), [200, 16, 25, 1]);
  for await (const _ of cache.keys()) break;
});

Deno.test("AsyncCacheDict forEach() waits for each call", async () => {
  await using cache = new AsyncCacheDict<number>({ store: squares(1, 2) });
  const steps: unknown[] = [];
  await cache.forEach(async function (this: string, value, key, dictionary) {
    steps.push([this.valueOf(), key, dictionary === cache]);
    await Promise.resolve();
    steps.push(value);
  }, "self");
  assertEquals(steps, [["self", 1, true], 1, ["self", 2, true], 4]);
});

Deno.test("AsyncCacheDict getOrInsertComputed() computes once for calls at one time", async () => {
  await using cache = new AsyncCacheDict<number[]>({ store: new SlowStore() });
  let evaluations = 0;
  const compute = async (key: string) => {
    evaluations++;
    await Promise.resolve();
    return [key.length];
  };
  const calls = [1, 2, 3].map(() => cache.getOrInsertComputed("abc", compute));
  const values = await Promise.all(calls);
  assertEquals([values, evaluations], [[[3], [3], [3]], 1]);
  assertEquals(new Set(values).size, 3);
  assertEquals(await cache.getOrInsert("abc", [0]), [3]);
  assertEquals(await cache.getOrInsert("x", [1]), [1]);
});

Deno.test("AsyncCacheDict getOrInsertComputed() has others compute when one fails", async () => {
  await using cache = new AsyncCacheDict<number>({ store: new SlowStore() });
  let calls = 0;
  const compute = async () => {
    await Promise.resolve();
    if (++calls === 1) throw new Error("not this time");
    return calls;
  };
  const [one, ...others] = await Promise.allSettled(
    [1, 2, 3].map(() => cache.getOrInsertComputed("x", compute)),
  );
  assertEquals(one?.status, "rejected");
  assertEquals(others.map((each) => each.status === "fulfilled" && each.value), [2, 2]);
});

Deno.test("AsyncCacheDict getOrInsertComputed() gives what could not be stored in the error", async () => {
  await using cache = new AsyncCacheDict<unknown>({ store: new SlowStore() });
  const value = { call: () => 1 };
  const error = await assertRejects(
    () => cache.getOrInsertComputed("x", () => value),
    UncacheableValueError,
  );
  assertStrictEquals(error.value, value);
});

Deno.test("AsyncCacheDict keeps changes pending when a commit fails, and tries them again", async () => {
  const store = new SlowStore();
  const cache = new AsyncCacheDict<number>({ store });
  await cache.set("x", 1);
  store.failure = new Error("no network");
  const error = await assertRejects(() => cache.flush(), CacheError, "no network");
  assertEquals(error.filePath, "slow:");
  assertStrictEquals(error.cause, store.failure);
  await assertRejects(() => cache[Symbol.asyncDispose](), CacheError);
  assertEquals(await cache.get("x"), 1);
  store.failure = undefined;
  await cache[Symbol.asyncDispose]();
  assertEquals(store.memory.size, 1);
});

Deno.test("AsyncCacheDict removes what belongs to an entry with it, and an error with what is set", async () => {
  const store = new SlowStore();
  let evaluations = 0;
  const options = { store, innerKey: (key: string) => key } as const;
  const count = async (_key: string): Promise<number> => await Promise.resolve(++evaluations);
  const draw = CacheDict.decorate(count, { ...options, samples: 3 });
  for (let i = 0; i < 3; i++) await draw("drawn");
  const fail = CacheDict.decorate(async (key: string): Promise<number> => {
    return await Promise.reject(new RangeError(key));
  }, { ...options, cacheErrors: () => true });
  await assertRejects(() => fail("failed"), RangeError);

  for (const writeThrough of [false, true]) {
    await using cache = new AsyncCacheDict<number>({ store, writeThrough });
    await cache.set("failed", 1);
    assertEquals([await cache.delete("drawn"), await cache.delete("failed")], [true, true]);
    await cache.flush();
    // What says that there may be some is all that is left.
    assertEquals([store.memory.size, await cache.size()], [1, 0]);
    for (let i = 0; i < 3; i++) await draw("drawn");
    await assertRejects(() => fail("failed"), RangeError);
  }
  assertEquals(evaluations, 9);
});

Deno.test("AsyncCacheDict keeps what is changed during a commit for the next one", async () => {
  const store = squares(7);
  await using cache = new AsyncCacheDict<number>({ store });
  await cache.set("a", 1);
  await cache.set("b", 1);
  const gate = Promise.withResolvers<void>();
  store.gate = gate.promise;
  const flushing = cache.flush();
  // The commit has begun when it waits for the gate.
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  await cache.set("a", 2);
  await cache.delete("b");
  await cache.set("c", 3);
  gate.resolve();
  await flushing;
  assertEquals(await entriesOf(cache), [[7, 49], ["a", 2], ["c", 3]]);
  await cache.flush();
  using local = new CacheDict(undefined, { store: store.memory });
  assertEquals([...local], [[7, 49], ["a", 2], ["c", 3]]);
});

Deno.test("AsyncCacheDict writeThrough commits each change, several together where they wait", async () => {
  const store = new SlowStore();
  await using cache = new AsyncCacheDict<number>({ store, writeThrough: true });
  await cache.set("a", 1);
  assertEquals(store.memory.size, 1);
  await Promise.all(["b", "c", "d", "e"].map((key) => cache.set(key, 2)));
  assertEquals(store.memory.size, 5);
  assert(store.commits.length <= 3);
  await cache.clear();
  assertEquals(store.memory.size, 0);
});

Deno.test("AsyncCacheDict writeThrough takes back changes whose commit throws, each told so", async () => {
  const store = squares(1);
  await using cache = new AsyncCacheDict<number>({ store, writeThrough: true });
  store.failure = new Error("no network");
  const outcomes = await Promise.allSettled([cache.set("a", 1), cache.set("b", 2)]);
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected"]);
  store.failure = undefined;
  await cache.set("c", 3);
  assertEquals(await entriesOf(cache), [[1, 1], ["c", 3]]);
  assertEquals(store.memory.size, 2);
});

Deno.test("AsyncCacheDict does with errors what onError says", async () => {
  const store = squares(1);
  store.failure = new Error(`no network ${Math.random()}`);
  using warnings = collectWarnings();
  for (const onError of ["warn", "ignore"] as const) {
    await using cache = new AsyncCacheDict<number>({ store, onError });
    assert(await cache.get(1) instanceof NoCache);
    assertEquals(await cache.has(1), false);
    assertEquals(await cache.size(), 0);
    assertEquals(await cache.getOrInsertComputed(2, () => Promise.resolve(4)), 4);
    assertEquals(await entriesOf(cache), []);
  }
  assert(warnings.lines.length > 0);
  assert(warnings.lines.every((line) => line.includes(store.failure!.message)));
});

Deno.test("AsyncCacheDict set() refuses what can't be stored, and what was there is gone", async () => {
  const store = squares(1);
  await using cache = new AsyncCacheDict<unknown>({ store });
  await assertRejects(() => cache.set(1, () => 1), UncacheableValueError);
  assertEquals(await cache.get(1), 1);
  await assertRejects(() => cache.set(() => 1, 1), UncacheableKeyError);
  await assertRejects(() => cache.get(() => 1), UncacheableKeyError);
  using warnings = collectWarnings();
  await using lenient = new AsyncCacheDict<unknown>({ store, onError: "warn" });
  await lenient.set(1, () => 1);
  assert(await lenient.get(1) instanceof NoCache);
  assertEquals(warnings.lines.length, 1);
});

Deno.test("AsyncCacheDict sees nothing that is older than ttl, and tells the store of it", async () => {
  const store = new SlowStore();
  let time = 1000;
  const options = { store, ttl: 100, now: () => time };
  await AsyncCacheDict.with<number>(options, async (cache) => {
    await cache.set("a", 1);
    time = 1050;
    await cache.set("b", 2);
  });
  assertEquals(store.commits[0]!.options?.keepFor, 100);
  time = 1120;
  await using cache = new AsyncCacheDict<number>(options);
  assertEquals([await cache.size(), await cache.has("a"), await cache.get("b")], [1, false, 2]);
  assertEquals(await Array.fromAsync(cache.keys()), ["b"]);
  await cache.set("c", 3);
  await cache.flush();
  assertEquals(store.memory.size, 2);
});

Deno.test("AsyncCacheDict keeps the store within its limits, by use", async () => {
  const store = squares(1, 2, 3);
  await using cache = new AsyncCacheDict<number>({ store, maxEntries: 3 });
  await cache.get(1);
  await cache.set(4, 16);
  await cache.flush();
  assertEquals(await Array.fromAsync(cache.keys()), [1, 3, 4]);
});

Deno.test("AsyncCacheDict with() gives the result in the error when it can't be committed", async () => {
  const store = new SlowStore();
  const error = await assertRejects(
    () =>
      AsyncCacheDict.with<number, string>({ store }, async (cache) => {
        await cache.set("x", 1);
        store.failure = new Error("no network");
        return "result";
      }),
    CacheError,
  );
  assertEquals(error.value, "result");
});

Deno.test("AsyncCacheDict can't be used when its block was left", async () => {
  const cache = new AsyncCacheDict<number>({ store: squares(1) });
  await cache[Symbol.asyncDispose]();
  await cache[Symbol.asyncDispose]();
  const uses: (() => Promise<unknown>)[] = [
    () => cache.get(1),
    () => cache.set(1, 1),
    () => cache.has(1),
    () => cache.delete(1),
    () => cache.clear(),
    () => cache.size(),
    () => cache.flush(),
    () => cache.getOrInsert(1, 1),
    () => entriesOf(cache),
    () => Array.fromAsync(cache.keys()),
  ];
  for (const use of uses) await assertRejects(use, CacheError, "left");
});

Deno.test("AsyncCacheDict throws a TypeError when an argument can't be one", async () => {
  const store = new SlowStore();
  class Leaving extends SlowStore {
    override readonly keepsLimits = false;
  }
  const bad: unknown[] = [
    ...[undefined, null, [], {}, { store: {} }, { store: "redis:" }],
    ...[{ access: "x" }, { writeThrough: 1 }, { ttl: 0 }].map((option) => ({ store, ...option })),
    { store: new Leaving(), maxEntries: 5 },
    { store: new Leaving(), maxBytes: 5 },
  ];
  for (const options of bad) {
    assertThrows(() => new AsyncCacheDict(options as AsyncCacheDictOptions), TypeError);
  }
  await using cache = new AsyncCacheDict({ store });
  const none = 5 as unknown as () => void;
  await assertRejects(() => cache.getOrInsertComputed(1, none), TypeError);
  await assertRejects(() => cache.forEach(none), TypeError);
  await assertRejects(() => AsyncCacheDict.with({ store }, none), TypeError);
});

Deno.test("AsyncCacheDict prints where it is, and nothing that it would have to wait for", async () => {
  await using cache = new AsyncCacheDict({ store: new SlowStore() });
  assertEquals(Deno.inspect(cache), "AsyncCacheDict { <slow:> }");
});
