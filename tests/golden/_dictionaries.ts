// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict, type CacheDictOptions, SingleValueCache } from "@pecapiku/cache";
import { DirectoryStore, LogStore } from "@pecapiku/cache/stores";
import { assert, assertEquals } from "@std/assert";
import { graphDifference } from "../codecs/_graph_difference.ts";
import { type GoldenFile, now } from "./_golden_file.ts";
import { makeKeys, makeLongValues, makePlainValues, makeValues } from "./_values.ts";

const keys: GoldenFile = {
  name: "keys.cache",
  entries: makeKeys().length,
  make(path) {
    using cache = new CacheDict<number>(path, { now });
    for (const [index, key] of makeKeys().entries()) cache.set(key, index);
  },
  check(path) {
    using cache = new CacheDict(path, { access: "r" });
    for (const [index, key] of makeKeys().entries()) assertEquals(cache.get(key), index);
    for (const [key, index] of cache.entries()) {
      if (typeof index === "number") assertSame(makeKeys()[index], key, `key ${index}`);
    }
  },
};

const values = dictionary("values.cache", makeValues);

const msgpack = dictionary("msgpack.cache", makePlainValues, { codec: "msgpack" });

const gzip = dictionary("gzip.cache", makeLongValues, { compress: "gzip" });

const deflate = dictionary("deflate.cache", makeLongValues, { compress: "deflate" });

const singleValue: GoldenFile = {
  name: "single_value.cache",
  entries: 1,
  make(filePath) {
    SingleValueCache.decorate(() => makeLongValues(), { filePath, now, compress: "gzip" })();
  },
  check(filePath) {
    assertSame(makeLongValues(), SingleValueCache.get(filePath), filePath);
    const again = SingleValueCache.decorate((): unknown => neverCalled(), {
      filePath,
      access: "r",
    });
    assertSame(makeLongValues(), again(), filePath);
  },
};

/** Overwritten, deleted and evicted entries, and notes of which were used: more bytes are dead than alive. */
const history: GoldenFile = {
  name: "history.cache",
  entries: 15,
  make(path) {
    using cache = new CacheDict(path, { now, maxEntries: 20, writeThrough: true });
    for (let n = 0; n < 60; n++) {
      cache.set(n, `value ${n}`);
      // What is used stays: 3 goes in the end, since it is not used any more.
      if (n < 30 && n >= 3) assertEquals(cache.get(3), "value 3");
    }
    for (let n = 40; n < 45; n++) cache.set(n, `new value ${n}`);
    for (let n = 45; n < 50; n++) cache.delete(n);
  },
  check(path) {
    using cache = new CacheDict(path, { access: "r" });
    for (let n = 0; n < 60; n++) {
      const expected = n < 40 || n >= 45 && n < 50
        ? undefined
        : `${n < 45 ? "new " : ""}value ${n}`;
      assertEquals(cache.asMap().get(n), expected);
    }
  },
};

/** The file of {@linkcode history}, with what is alive of it only. */
const compacted: GoldenFile = {
  ...history,
  name: "compacted.cache",
  make(path) {
    history.make(path);
    const before = Deno.statSync(path).size;
    using cache = new CacheDict(path);
    cache.compact();
    assert(Deno.statSync(path).size < before);
  },
};

/** As many changes as it takes for an index of several segments: with the usual interval it would be a large file. */
const index: GoldenFile = {
  name: "index.cache",
  entries: 110,
  make(path) {
    const store = new LogStore(path, { snapshotInterval: 12, compactFrom: Infinity });
    for (let from = 0; from < 200; from += 10) {
      using cache = new CacheDict<number>(undefined, { store, now });
      for (let n = from; n < from + 10; n++) {
        if (n < 150) cache.set(n, n * n);
        if (n >= 50 && n < 150 && n % 2 === 0) cache.delete(n - 50);
        if (n >= 180 && n % 2 === 0) cache.set(n - 180, -n);
      }
    }
    store.close();
  },
  check(path) {
    using cache = new CacheDict<number>(path, { access: "r" });
    for (let n = 0; n < 150; n++) {
      const isDeleted = n < 100 && n % 2 === 0;
      const expected = !isDeleted ? n * n : n < 20 ? -n - 180 : undefined;
      assertEquals(cache.asMap().get(n), expected, `entry ${n}`);
    }
  },
};

/** What was counted over all processes. */
const totals: GoldenFile = {
  name: "totals.cache",
  entries: 1,
  make(path) {
    {
      using cache = new CacheDict(path, { now, totals: "none" });
      cache.set("key", "value");
    }
    const store = new LogStore(path);
    store.count([
      { functionName: "", hits: 1, misses: 2, stores: 3, evictions: 4, savedMilliseconds: 5.5 },
      { functionName: "f", hits: 10, misses: 0, stores: 1, evictions: 0, savedMilliseconds: 0 },
    ]);
    {
      using cache = new CacheDict(undefined, { store, now });
      cache.set("key", "another value");
    }
    store.close();
  },
  check(path) {
    const { all, byFunction } = new LogStore(path).stats().totals!;
    assert(all.hits >= 11 && all.misses >= 2 && all.stores >= 4 && all.evictions >= 4);
    assert(all.savedMilliseconds >= 5.5);
    assertEquals(byFunction.find(({ functionName }) => functionName === "f"), {
      ...{ functionName: "f", hits: 10, misses: 0, stores: 1, evictions: 0, savedMilliseconds: 0 },
    });
    using cache = new CacheDict(path, { access: "r" });
    assertEquals(cache.get("key"), "another value");
  },
};

const directory: GoldenFile = {
  name: "directory",
  make(path) {
    // One that the store makes itself has a .gitignore.
    Deno.mkdirSync(path);
    using cache = new CacheDict(undefined, { store: new DirectoryStore(path), now });
    for (const [name, value] of Object.entries(makePlainValues())) cache.set(name, value);
  },
  check(path) {
    using cache = new CacheDict(undefined, { store: new DirectoryStore(path), access: "r" });
    for (const [name, value] of Object.entries(makePlainValues())) {
      assertSame(value, cache.get(name), name);
    }
  },
};

/** The golden files of dictionaries. */
export const DICTIONARIES: readonly GoldenFile[] = [
  keys,
  values,
  msgpack,
  gzip,
  deflate,
  singleValue,
  history,
  compacted,
  index,
  totals,
  directory,
];

function dictionary(
  name: string,
  contents: () => Record<string, unknown>,
  options: CacheDictOptions = {},
): GoldenFile {
  return {
    name,
    entries: Object.keys(contents()).length,
    make(path) {
      using cache = new CacheDict(path, { ...options, now });
      for (const [key, value] of Object.entries(contents())) cache.set(key, value);
    },
    check(path) {
      using cache = new CacheDict(path, { access: "r" });
      for (const [key, value] of Object.entries(contents())) {
        assertSame(value, cache.get(key), key);
      }
    },
  };
}

function assertSame(expected: unknown, actual: unknown, where: string): void {
  const difference = graphDifference(expected, actual);
  assert(difference === undefined, `${where}: ${difference}`);
}

function neverCalled(): never {
  throw new Error("Evaluated");
}
