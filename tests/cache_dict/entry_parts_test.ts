// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { errorDigest, isPartKey, NOTICE, sampleDigest } from "../../src/access/entry_parts.ts";
import type { Store } from "../../src/stores/store.ts";
import { RecordingStore } from "../access/_recording_store.ts";
import { STORES } from "../access/_stores.ts";

/** Puts into a store: 2 entries of its own, 2 more samples of one of them, and the error of a call without a result. */
function fill(store: Store) {
  let evaluations = 0;
  const draw = CacheDict.decorate(() => ++evaluations, { store, samples: 3, outerKey: "draw" });
  for (let i = 0; i < 3; i++) draw();
  const fail = CacheDict.decorate(function fail(_x: number): number {
    throw new RangeError("no");
  }, { store, cacheErrors: () => true, innerKey: "args[0]" });
  assertThrows(() => fail(5), RangeError);
  using cache = new CacheDict(undefined, { store });
  cache.set("own", "value");
  return { draw, fail };
}

for (const { name, make } of STORES) {
  Deno.test(`a CacheDict leaves out what belongs to other entries (${name})`, () => {
    const open = make();
    fill(open());
    assertEquals(open().size, 6);
    using cache = new CacheDict(undefined, { store: open() });
    const sorted = <T>(items: Iterable<T>) => [...items].toSorted();
    assertEquals([cache.size, cache.asMap().size], [2, 2]);
    assertEquals(sorted(cache.keys()), ["draw", "own"]);
    assertEquals(sorted(cache.values()), [1, "value"]);
    assertEquals(sorted(cache.entries()), [["draw", 1], ["own", "value"]]);
    const seen: unknown[] = [];
    cache.forEach((_value, key) => seen.push(key));
    assertEquals(seen.toSorted(), ["draw", "own"]);
    assertStringIncludes(Deno.inspect(cache), "CacheDict(2)");
    cache.set("new", 1);
    cache.set("own", 2);
    assertEquals(cache.size, 3);
    cache.delete("own");
    assertEquals([cache.size, cache.has(5)], [2, false]);
  });

  Deno.test(`clear() of a CacheDict removes what belongs to entries, too (${name})`, () => {
    const open = make();
    fill(open());
    {
      using cache = new CacheDict(undefined, { store: open() });
      cache.clear();
      assertEquals(cache.size, 0);
    }
    assertEquals([...open().entries()].map(({ digest }) => digest), [NOTICE]);
  });
}

Deno.test("clear() of a CacheDict leaves the notice to parts that are stored until it is committed", () => {
  const store = new MemoryStore();
  const { fail } = fill(store);
  using cache = new CacheDict(undefined, { store });
  cache.clear();
  assertThrows(() => fail(6), RangeError);
  cache.flush();
  assertEquals([cache.size, [...cache].length], [0, 0]);
  cache.delete(6);
  cache.flush();
  assert(!store.has(errorDigest(fail.keyFor(6))));
});

Deno.test("delete() of a CacheDict removes what belongs to the entry, also where that is all", () => {
  for (const writeThrough of [false, true]) {
    for (const access of ["rw", "w"] as const) {
      const store = new MemoryStore();
      const { draw, fail } = fill(store);
      const [drawn, failed] = [draw.keyFor(), fail.keyFor(5)];
      {
        using cache = new CacheDict(undefined, { store, writeThrough, access });
        // Without the right to read nothing is seen; an error is nothing to be seen.
        assertEquals([cache.delete("draw"), cache.delete(5)], [access === "rw", false]);
      }
      const gone = [drawn, sampleDigest(drawn, 1), sampleDigest(drawn, 2), errorDigest(failed)];
      assertEquals(gone.map((digest) => store.has(digest)), [false, false, false, false]);
      assertEquals(store.size, 2);
    }
  }
});

Deno.test("set() of a CacheDict takes the place of an error, and leaves the other samples", () => {
  for (const access of ["rw", "w"] as const) {
    const store = new MemoryStore();
    const { draw, fail } = fill(store);
    {
      using cache = new CacheDict(undefined, { store, access });
      cache.set(5, 55).set("draw", 100);
    }
    assert(!store.has(errorDigest(fail.keyFor(5))));
    assertEquals([fail(5), draw(), draw(), draw()], [55, 100, 2, 3]);
  }
});

Deno.test("deletions that are taken back are not made", () => {
  const store = new RecordingStore();
  fill(store);
  const cache = new CacheDict(undefined, { store, writeThrough: true });
  store.commitError = new Error("disk full");
  assertThrows(() => cache.delete("draw"));
  store.commitError = undefined;
  cache.flush();
  assertEquals([cache.has("draw"), store.size], [true, 6]);
});

Deno.test("size of a CacheDict looks at no entry when no function stored what belongs to others", () => {
  let scans = 0;
  class CountingStore extends RecordingStore {
    override entries() {
      scans++;
      return super.entries();
    }
  }
  const store = new CountingStore();
  const f = CacheDict.decorate((x: number) => x, { store });
  f(1);
  f(2);
  using cache = new CacheDict(undefined, { store });
  assertEquals([cache.size, scans], [2, 0]);
  fill(store);
  assertEquals([cache.size, scans], [4, 1]);
});

Deno.test("the notice of parts is written with the first of them, in one step", () => {
  const store = new RecordingStore();
  fill(store);
  const withParts = store.commits.map(({ changes }) =>
    changes.map((change) =>
      change.digest === NOTICE
        ? "notice"
        : change.type === "put" && isPartKey(change.key)
        ? "part"
        : "own"
    )
  );
  assertEquals(withParts, [["own"], ["notice", "part"], ["part"], ["part"], ["own"]]);
});

Deno.test("the notice of parts stays where a limit is for all entries, and size counts none of them", () => {
  const store = new MemoryStore();
  const limited = new CacheDict(undefined, { store, maxEntries: 4 });
  const fail = limited.decorate(function fail(x: number): number {
    if (x < 10) throw new RangeError("no");
    return x;
  }, { cacheErrors: () => true });
  for (const x of [1, 2, 3, 4, 5]) assertThrows(() => fail(x));
  assertEquals([store.size, limited.size, store.has(NOTICE)], [4, 0, true]);
  fail(10);
  fail(11);
  assertEquals([limited.size, [...limited.values()]], [2, [10, 11]]);
});
