// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheDict, CacheError, CallKey } from "@pecapiku/cache";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "../access/_recording_store.ts";
import { STORES } from "../access/_stores.ts";

for (const { name, make } of STORES) {
  Deno.test(`CacheDict keeps the entries that were used last when its block is left (${name})`, () => {
    const open = make();
    const keys = (): unknown[] => [...new CacheDict(undefined, { store: open() }).keys()].sort();
    {
      using cache = new CacheDict<number>(undefined, { store: open(), maxEntries: 3 });
      for (const key of ["a", "b", "c"]) cache.set(key, 1);
    }
    {
      using cache = new CacheDict<number>(undefined, { store: open(), maxEntries: 3 });
      cache.get("a");
    }
    {
      using cache = new CacheDict<number>(undefined, { store: open(), maxEntries: 3 });
      cache.set("d", 1);
    }
    assertEquals(keys(), ["a", "c", "d"]);
  });

  Deno.test(`CacheDict goes by the last use within its block (${name})`, () => {
    const store = make()();
    using cache = new CacheDict<number>(undefined, { store, maxEntries: 2 });
    cache.set("a", 1).set("b", 2);
    cache.get("a");
    cache.set("c", 3);
    // Until the commit, all is there, as in a Map.
    assertEquals([...cache], [["a", 1], ["b", 2], ["c", 3]]);
    cache.flush();
    assertEquals([...cache], [["a", 1], ["c", 3]]);
    cache.set("d", 4).set("e", 5).set("d", 6).set("f", 7);
    cache.flush();
    assertEquals(new Map(cache as Iterable<[unknown, number]>), new Map([["d", 6], ["f", 7]]));
  });

  Deno.test(`CacheDict counts get() and getOrInsert() as uses, and nothing else (${name})`, () => {
    const uses: [used: boolean, use: (cache: CacheDict<number>) => unknown][] = [
      [true, (cache) => cache.get("a")],
      [true, (cache) => cache.getOrInsert("a", 1)],
      [true, (cache) => cache.getOrInsertComputed("a", () => 1)],
      [true, (cache) => cache.asMap().get("a")],
      [true, (cache) => cache.set("a", 1)],
      [false, (cache) => cache.has("a")],
      [false, (cache) => [...cache]],
      [false, (cache) => [...cache.keys(), ...cache.values()]],
      [false, (cache) => cache.size],
      [false, (cache) => Deno.inspect(cache)],
      [false, (cache) => cache.delete("none")],
    ];
    for (const [used, use] of uses) {
      const store = make()();
      using cache = new CacheDict<number>(undefined, { store, maxEntries: 2 });
      cache.set("a", 1).set("b", 2).flush();
      use(cache);
      cache.flush();
      cache.set("c", 3).flush();
      assertEquals(cache.has("a"), used, String(use));
    }
  });

  Deno.test(`CacheDict counts and evicts the entries of functions, too (${name})`, () => {
    const store = make()();
    const f = CacheDict.decorate((x: number) => x, { store });
    for (const x of [1, 2, 3]) f(x);
    using cache = new CacheDict<unknown>(undefined, { store, maxEntries: 2 });
    // To open it, or to read, changes nothing.
    assertEquals(cache.size, 3);
    cache.set("x", 1).flush();
    assertEquals([cache.size, f.has(3)], [2, true]);
    assert([...cache.keys()].some((key) => key instanceof CallKey));
  });

  Deno.test(`CacheDict keeps within its limits at each change when it writes through (${name})`, () => {
    const store = make()();
    using cache = new CacheDict<number>(undefined, { store, maxEntries: 2, writeThrough: true });
    for (const key of ["a", "b"]) cache.set(key, 1);
    cache.get("a");
    cache.set("c", 1);
    assertEquals([...cache.keys()], ["a", "c"]);
    assertEquals(store.size, 2);
  });

  Deno.test(`CacheDict keeps no entry over maxBytes, and evicts none for it (${name})`, () => {
    const store = make()();
    using warnings = collectWarnings();
    using cache = new CacheDict<string>(undefined, { store, maxBytes: 5000 });
    cache.set("x", "short").flush();
    cache.set("long", "x".repeat(10_000)).set("y", "short").flush();
    assertEquals([...cache.keys()], ["x", "y"]);
    assertEquals(warnings.lines.length, 1);
  });

  Deno.test(`CacheDict without r keeps its whole file within its limits (${name})`, () => {
    const store = make()();
    const all = new CacheDict<number>(undefined, { store });
    for (const key of ["a", "b", "c"]) all.set(key, 1).flush();
    {
      using cache = new CacheDict<number>(undefined, { store, maxEntries: 2, access: "w" });
      cache.set("d", 1);
      assertEquals(cache.get("d"), 1);
    }
    assertEquals([...all.keys()].sort(), ["c", "d"]);
  });
}

Deno.test("CacheDict writes what was used at the end of its block, and at flush(), once", () => {
  const store = new RecordingStore();
  {
    using cache = new CacheDict<number>(undefined, { store, maxEntries: 5 });
    cache.set("x", 1).flush();
    assertEquals([store.commits.length, store.emptyCommits], [1, 0]);
    cache.get("x");
    cache.get("x");
    cache.flush();
    assertEquals([store.commits.length, store.emptyCommits], [2, 1]);
    cache.flush();
    assertEquals(store.commits.length, 2);
    cache.get("x");
    cache.set("y", 1).flush();
    cache.flush();
    assertEquals([store.commits.length, store.emptyCommits], [3, 1]);
    cache.get("x");
  }
  assertEquals([store.commits.length, store.emptyCommits], [4, 2]);
  assertEquals(store.touched.length, 4);
});

Deno.test("CacheDict writes nothing at the end of its block without limits, or without w", () => {
  const store = new RecordingStore();
  new CacheDict<number>(undefined, { store, writeThrough: true }).set("x", 1);
  for (
    const options of [{}, { ttl: 1e9 }, { maxEntries: 5, access: "r" }, {
      maxBytes: 5,
      access: "re",
    }]
  ) {
    using cache = new CacheDict<number>(undefined, { store, ...options } as object);
    assertEquals(cache.get("x"), 1);
    cache.flush();
  }
  assertEquals([store.commits.length, store.touched.length], [1, 0]);
});

Deno.test("CacheDict says on the console, and does not throw, when only uses can't be written", () => {
  const store = new RecordingStore();
  using warnings = collectWarnings();
  {
    using cache = new CacheDict<number>(undefined, { store, maxEntries: 5 });
    cache.set("x", 1).flush();
    cache.get("x");
    store.commitError = new RangeError("full");
  }
  assertEquals(warnings.lines.length, 1);
  assert(warnings.lines[0]!.includes("Cannot note what is used of cache: recording"));
});

Deno.test("CacheDict says what could not be committed once, and not what was used as well", () => {
  const store = new RecordingStore();
  using warnings = collectWarnings();
  const cache = new CacheDict<number>(undefined, { store, maxEntries: 5, onError: "warn" });
  cache.set("x", 1).flush();
  cache.get("x");
  cache.set("y", 1);
  store.commitError = new RangeError("gone");
  cache.flush();
  assertEquals(warnings.lines.length, 1);
  assert(warnings.lines[0]!.includes("Cannot write cache"));
  store.commitError = undefined;
  cache[Symbol.dispose]();
  assertEquals(store.size, 2);
});

Deno.test("CacheDict.compact() passes on what its store says", () => {
  const store = new RecordingStore();
  const compaction = { bytesBefore: 9, bytesAfter: 5 };
  let compactions = 0;
  const compact = (): typeof compaction => {
    compactions++;
    return compaction;
  };
  Object.assign(store, { compact });
  using cache = new CacheDict<number>(undefined, { store });
  cache.set("x", 1);
  assertEquals(cache.compact(), compaction);
  // What is pending stays pending.
  assertEquals([compactions, store.commits.length, cache.get("x")], [1, 0, 1]);
  cache.flush();
  assertEquals(store.size, 1);
});

Deno.test("CacheDict.compact() first removes what there is no room for", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  new CacheDict<number>(undefined, { store, writeThrough: true, now: () => 1000 }).set("x", 1);
  Object.assign(store, { compact: () => ({ bytesBefore: store.size, bytesAfter: store.size }) });
  using cache = new CacheDict<number>(undefined, { store, ttl: 10, now: () => clock.time });
  assertEquals(cache.compact().bytesBefore, 1);
  clock.time = 1011;
  assertEquals(cache.compact().bytesBefore, 0);
});

Deno.test("CacheDict.compact() throws when w is not granted, the block was left, or the store has no compact()", () => {
  const store = new RecordingStore();
  const none = new CacheDict(undefined, { store });
  assertThrows(() => none.compact(), TypeError, "recording");
  Object.assign(store, { compact: () => ({ bytesBefore: 0, bytesAfter: 0 }) });
  for (const access of ["r", "re", "e"] as const) {
    const cache = new CacheDict(undefined, { store, access });
    const error = assertThrows(() => cache.compact(), CacheError, `does not grant "w"`);
    assertEquals(error.filePath, "recording");
  }
  const left = new CacheDict(undefined, { store });
  left[Symbol.dispose]();
  assertThrows(() => left.compact(), CacheError, "has been left");
});

Deno.test("CacheDict.compact() throws a CacheError when its store fails, whatever onError says", () => {
  for (const onError of ["raise", "warn", "ignore"] as const) {
    for (const cause of [new RangeError("full"), new CacheError("locked")]) {
      const store = new RecordingStore();
      Object.assign(store, {
        compact: () => {
          throw cause;
        },
      });
      const cache = new CacheDict(undefined, { store, onError });
      const error = assertThrows(() => cache.compact(), CacheError, cause.message);
      assert(error === cause || error.cause === cause);
    }
  }
});

Deno.test("CacheDict.compact() makes the file smaller, and loses nothing", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  using cache = new CacheDict<string>(filePath, { writeThrough: true });
  for (let time = 0; time < 3; time++) cache.set("x", `${time}`.repeat(10_000));
  cache.set("y", "short");
  const { bytesBefore, bytesAfter } = cache.compact();
  assert(bytesAfter < bytesBefore / 2, `${bytesAfter} of ${bytesBefore}`);
  assertEquals(Deno.statSync(filePath).size, bytesAfter);
  assertEquals([...cache], [["x", "2".repeat(10_000)], ["y", "short"]]);
});
