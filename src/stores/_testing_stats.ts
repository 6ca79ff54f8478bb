// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { FunctionCounts } from "./store_stats.ts";
import { digestOf, put, remove } from "./_testing_changes.ts";
import {
  type AnyStore,
  assertHolds,
  type TestCollection,
  type TestedStore,
} from "./_testing_context.ts";
import type { Store } from "./store.ts";

function counts(functionName: string, hits: number): FunctionCounts {
  return { functionName, hits, misses: 1, stores: 2, evictions: 0, savedMilliseconds: hits / 2 };
}

/**
 * Adds the tests of what a local store tells of itself. It need not tell anything.
 *
 * @param collection Where to add them.
 */
export function addStatsTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("stats() tells of room that grows and shrinks with the entries", ({ store: { local: store } }) => {
    if (store?.stats === undefined) return;
    assertEquals(store.stats().bytesLive, 0);
    store.commit([put(1, "x".repeat(1000))]);
    const one = store.stats();
    assert(one.bytesLive >= 1000, "an entry takes no less than its value");
    store.commit([put(2, "y".repeat(1000))]);
    assert(store.stats().bytesLive >= one.bytesLive + 1000);
    store.commit([put(2, "y"), remove(1)]);
    const { bytes, bytesLive, bytesDead } = store.stats();
    assert(bytesLive < one.bytesLive, "what is deleted or overwritten is not live");
    assert(bytesDead >= 0 && bytes >= bytesLive + bytesDead);
  });

  collection.test("stats() changes nothing, and is no use of an entry", async ({ store: tested, promises }) => {
    const store = tested.local;
    if (store?.stats === undefined) return;
    const entry = put(1, "one");
    store.commit([entry]);
    const stats = store.stats();
    assertEquals(store.stats(), stats);
    await assertHolds(tested, [entry], promises);
    assertEquals(store.stats(), stats);
  });

  if (collection.promises.hasLimits) {
    collection.test("evictions counts what limits remove, and nothing else", ({ store: { local: store } }) => {
      if (store?.evictions === undefined) return;
      assertEquals(store.evictions, 0);
      store.commit([put(1, "1"), put(2, "2"), put(3, "3")]);
      store.commit([remove(3), put(2, "two")]);
      assertEquals(store.evictions, 0);
      store.commit([put(4, "4")], { limits: { maxEntries: 2 } });
      assertEquals([store.evictions, store.has(digestOf(1))], [1, false]);
      store.commit([], { limits: { writtenSince: Infinity } });
      assertEquals([store.evictions, store.size], [3, 0]);
    });
  }

  collection.test("count() is added to the totals at once, for who counts", ({ store: { local: store } }) => {
    if (store?.count === undefined) return;
    store.count([counts("f", 1), counts("", 2)]);
    store.count([counts("f", 4)]);
    const { all, byFunction } = store.stats!().totals!;
    assertEquals([all.hits, all.misses, all.stores, all.savedMilliseconds], [7, 3, 6, 3.5]);
    assertEquals(byFunction.map(({ functionName, hits }) => [functionName, hits]), [
      ["f", 5],
      ["", 2],
    ]);
    assertEquals(store.size, 0);
  });

  collection.test("count() is written by the next commit, and by saveCounts()", (context) => {
    const { local: store } = context.store;
    if (store?.count === undefined) return;
    const reopen = (): Store => localOf(context.reopen());
    store.count([counts("f", 1)]);
    assertEquals(reopen().stats!().totals!.all.hits, 0);
    store.commit([put(1, "one")]);
    assertEquals(reopen().stats!().totals!.all.hits, 1);
    const other = reopen();
    for (const each of [store, other]) each.count!([counts("g", 2)]);
    other.commit([put(2, "two")]);
    assertEquals(store.saveCounts!(), true);
    assertEquals(store.saveCounts!(), true);
    assertEquals(reopen().stats!().totals!.all.hits, 5);
  }, { needsReopen: true });
}

function localOf({ local }: TestedStore): Store {
  if (local === undefined) throw new Error("not a local store");
  return local;
}
