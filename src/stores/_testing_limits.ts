// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Limits, PutChange } from "./store.ts";
import { digestOf, noise, put, remove } from "./_testing_changes.ts";
import {
  type AnyStore,
  assertHolds,
  assertMissing,
  type TestCollection,
  type TestContext,
  type TestedStore,
  textAt,
} from "./_testing_context.ts";

/** Puts entries, each in a commit of its own. */
async function putEach(
  store: TestedStore,
  numbers: readonly number[],
  limits?: Limits,
): Promise<void> {
  for (const number of numbers) await store.commit([put(number, `${number}`)], { limits });
}

/** Checks which entries there are, of numbers below 20. */
async function assertNumbers(store: TestedStore, expected: readonly number[]): Promise<void> {
  const numbers = Array.from({ length: 20 }, (_, number) => number);
  assertEquals(
    (await Array.fromAsync(
      numbers,
      async (number) => await store.has(digestOf(number)) ? [number] : [],
    ))
      .flat(),
    expected.toSorted((one, other) => one - other),
  );
  for (const number of numbers) {
    const isThere = expected.includes(number);
    assertEquals(await store.get(digestOf(number)) !== undefined, isThere);
    assertEquals(await store.info(digestOf(number)) !== undefined, isThere);
  }
  assertEquals(await store.count(), expected.length);
  assertEquals((await Array.fromAsync(store.entries())).length, expected.length);
}

/**
 * Finds out how many bytes an entry takes in a store.
 *
 * @param context The context of the test.
 * @param change The entry.
 * @returns The least `maxBytes` with which a new store keeps it.
 */
export function bytesTaken(
  { withNewStore, warnings }: TestContext,
  change: PutChange,
): Promise<number> {
  return withNewStore(async (store) => {
    let [low, high] = [0, 1 << 20];
    while (high - low > 1) {
      const maxBytes = (low + high) >>> 1;
      await store.commit([change], { limits: { maxBytes } });
      if (await store.has(change.digest)) high = maxBytes;
      else low = maxBytes;
    }
    // That it was not kept at times is said once.
    assert(warnings.length <= 1);
    warnings.length = 0;
    return high;
  });
}

/**
 * Adds the tests of limits.
 *
 * @param collection Where to add them.
 */
export function addLimitTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("commit() keeps within maxEntries, those that were put last", async ({ store }) => {
    await putEach(store, [1, 2, 3, 4, 5], { maxEntries: 3 });
    await assertNumbers(store, [3, 4, 5]);
    // To overwrite an entry is to use it.
    await putEach(store, [3, 6], { maxEntries: 3 });
    await assertNumbers(store, [3, 5, 6]);
    await putEach(store, [7], { maxEntries: 3, maxBytes: undefined, writtenSince: undefined });
    await assertNumbers(store, [3, 6, 7]);
  });

  collection.test("commit() keeps within maxEntries, those that were touched last", async (context) => {
    const { store } = context;
    await putEach(store, [1, 2, 3]);
    store.touch(digestOf(2));
    store.touch(digestOf(1));
    store.touch(digestOf(2));
    await store.commit([], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [1, 2]);
    // Of several touches the last one counts.
    await putEach(store, [4], { maxEntries: 2 });
    await assertNumbers(store, [2, 4]);
    // Touched before it is deleted and put again: what came last counts.
    await putEach(store, [5, 6], { maxEntries: 4 });
    store.touch(digestOf(2));
    await store.commit([remove(5), put(5, "5"), remove(4), put(4, "4")], {
      limits: { maxEntries: 2 },
    });
    await assertNumbers(store, [4, 5]);
  });

  collection.test("touch() is written by the next commit, before its changes", async ({ store }) => {
    await putEach(store, [1, 2, 3]);
    store.touch(digestOf(1));
    await store.commit([put(2, "2")]);
    await store.commit([], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [1, 2]);
    store.touch(digestOf(1));
    await store.close();
    await store.commit([put(4, "4")], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [1, 4]);
  });

  collection.test("touch() notes nothing of an entry that is not there", async ({ store }) => {
    store.touch(digestOf(1));
    await putEach(store, [1, 2, 3]);
    await store.commit([], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [2, 3]);
    await store.commit([remove(2)]);
    store.touch(digestOf(2));
    await store.commit([]);
    await putEach(store, [2, 4], { maxEntries: 2 });
    await assertNumbers(store, [2, 4]);
  });

  collection.test("commit() keeps the last of a batch that is larger than maxEntries", async (context) => {
    const { store } = context;
    await putEach(store, [9]);
    await store.commit([1, 2, 3, 4, 5, 2].map((number) => put(number, `${number}`)), {
      limits: { maxEntries: 2 },
    });
    await assertNumbers(store, [2, 5]);
    await store.commit([put(6, "6"), put(7, "7"), remove(7)], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [2, 6]);
  });

  collection.test("commit() keeps within limits that were not there before, or are narrower", async (context) => {
    const { store } = context;
    await putEach(store, [1, 2, 3, 4, 5, 6]);
    await store.commit([], { limits: { maxEntries: 5 } });
    await assertNumbers(store, [2, 3, 4, 5, 6]);
    await putEach(store, [7, 8]);
    assertEquals(await store.count(), 7);
    await store.commit([remove(7)], { limits: { maxEntries: 3 } });
    await assertNumbers(store, [5, 6, 8]);
    await store.commit([], { limits: { maxEntries: 0 } });
    await assertNumbers(store, []);
    await store.commit([put(1, "1"), put(2, "2")], { limits: { maxEntries: 0 } });
    await assertNumbers(store, []);
  });

  collection.test("commit() removes nothing where nothing is over the limits", async (context) => {
    const { store, promises } = context;
    const changes = [1, 2, 3].map((number) => put(number, `${number}`));
    const least = Math.min(...changes.map(({ writtenAt }) => writtenAt));
    for (
      const limits of [
        {},
        { maxEntries: 3 },
        { maxEntries: Infinity, maxBytes: Infinity, writtenSince: -Infinity },
        { maxBytes: 1e15, writtenSince: least },
        { functionName: "nobody", maxEntries: 0, maxBytes: 0, writtenSince: Infinity },
      ]
    ) {
      await store.commit(changes, { limits });
      await store.commit([], { limits });
      await assertHolds(store, changes, promises);
    }
  });

  collection.test("commit() keeps within maxBytes", async (context) => {
    const { store } = context;
    const entry = (number: number) => put(number, [noise(1000, number)]);
    const bytes = await bytesTaken(context, entry(0));
    const limits = { maxBytes: 3 * bytes };
    for (let number = 1; number <= 5; number++) await store.commit([entry(number)], { limits });
    await assertNumbers(store, [3, 4, 5]);
    store.touch(digestOf(3));
    await store.commit([], { limits: { maxBytes: 3 * bytes - 1 } });
    await assertNumbers(store, [3, 5]);
    // One that takes less leaves more room.
    await store.commit([put(5, "5"), put(6, "6")], { limits });
    await assertNumbers(store, [3, 5, 6]);
    await store.commit([1, 2, 4].map(entry), { limits });
    await assertNumbers(store, [1, 2, 4]);
    await store.commit([remove(2), entry(7)], { limits });
    await assertNumbers(store, [1, 4, 7]);
  });

  collection.test("commit() counts the key of an entry among its bytes", async (context) => {
    const plain = put(1, [noise(1000, 1)]);
    const keyed = { ...plain, key: { kind: "value", parts: [noise(5000, 2)] } } as const;
    const bytes = await bytesTaken(context, plain);
    assert(bytes >= 1000);
    assert(await bytesTaken(context, keyed) >= bytes + 4000);
  });

  collection.test("commit() does not keep an entry over maxBytes, and removes no other for it", async (context) => {
    const { store, warnings } = context;
    const limits = { maxBytes: 20_000 };
    await putEach(store, [1, 2, 3], limits);
    await store.commit([put(4, [noise(30_000, 4)])], { limits });
    await assertNumbers(store, [1, 2, 3]);
    assertEquals(warnings.length, 1, "said on the console");
    assertStringIncludes(warnings[0]!, "maxBytes");
    assertStringIncludes(warnings[0]!, store.location);
    // Over an older entry: that is gone as well, since it was overwritten.
    await store.commit([put(5, "5"), put(2, [noise(30_000, 2)]), put(6, "6")], { limits });
    await assertNumbers(store, [1, 3, 5, 6]);
    await store.commit([put(7, [noise(30_000, 2)]), put(7, "7")], { limits });
    await assertNumbers(store, [1, 3, 5, 6, 7]);
    assertEquals(await textAt(store, digestOf(7)), "7");
    assertEquals(warnings.length, 1, "said once a store");
    warnings.length = 0;
    // Those of other functions do not count.
    await store.commit([put(8, [noise(30_000, 8)], { functionName: "f" })], {
      limits: { functionName: "g", maxBytes: 20_000 },
    });
    await assertNumbers(store, [1, 3, 5, 6, 7, 8]);
  });

  collection.test("commit() removes what was written before writtenSince", async ({ store }) => {
    const at = (number: number, writtenAt: number) => put(number, `${number}`, { writtenAt });
    await store.commit([at(1, 100), at(2, 300), at(3, 200), at(4, 50)]);
    store.touch(digestOf(4));
    await store.commit([], { limits: { writtenSince: 200 } });
    await assertNumbers(store, [2, 3]);
    // Also what is put just now, and what is overwritten with an older time: clocks may jump.
    await store.commit([at(5, 199.5), at(2, 10), at(6, 200.5)], { limits: { writtenSince: 200 } });
    await assertNumbers(store, [3, 6]);
    await store.commit([at(7, 1000)], { limits: { writtenSince: 200.25 } });
    await assertNumbers(store, [6, 7]);
    await store.commit([at(8, -1000)], { limits: { writtenSince: -2000 } });
    await assertNumbers(store, [6, 7, 8]);
    await store.commit([], { limits: { writtenSince: Infinity } });
    await assertNumbers(store, []);
  });

  collection.test("commit() keeps each function's entries within limits of their own", async (context) => {
    const { store } = context;
    const of = (functionName: string, ...numbers: number[]) =>
      numbers.map((number) => put(number, `${number}`, { functionName }));
    await store.commit([...of("f", 1, 2, 3), ...of("g", 4, 5, 6), ...of("", 7, 8)]);
    await store.commit([], { limits: { functionName: "f", maxEntries: 2 } });
    await assertNumbers(store, [2, 3, 4, 5, 6, 7, 8]);
    await store.commit(of("g", 9), { limits: { functionName: "f", maxEntries: 2 } });
    await assertNumbers(store, [2, 3, 4, 5, 6, 7, 8, 9]);
    await store.commit([], { limits: { functionName: "g", writtenSince: put(6, "").writtenAt } });
    await assertNumbers(store, [2, 3, 6, 7, 8, 9]);
    await store.commit([], { limits: { functionName: "", maxEntries: 1 } });
    await assertNumbers(store, [2, 3, 6, 8, 9]);
    // An entry goes with the function that gave its last value.
    await store.commit(of("g", 3), { limits: { functionName: "f", maxEntries: 0 } });
    await assertNumbers(store, [3, 6, 8, 9]);
    await store.commit([], { limits: { functionName: "g", maxEntries: 2 } });
    await assertNumbers(store, [3, 8, 9]);
    await store.commit([], { limits: { maxEntries: 2 } });
    await assertNumbers(store, [3, 9]);
  });

  collection.test("commit() keeps all limits at a time", async ({ store }) => {
    const limits = { maxEntries: 2, maxBytes: 1e6, writtenSince: 100 };
    const at = (number: number, writtenAt: number) => put(number, `${number}`, { writtenAt });
    // What goes for its age makes room for others.
    await store.commit([at(1, 100), at(2, 100), at(3, 99)], { limits });
    await assertNumbers(store, [1, 2]);
    await store.commit([at(4, 99), at(5, 101)], { limits });
    await assertNumbers(store, [2, 5]);
  });

  collection.test("commit() throws a TypeError, and changes nothing, when a limit can't be one", async (context) => {
    const { store, promises } = context;
    const kept = put(1, "one");
    await store.commit([kept]);
    const numbers = [NaN, "5", null, {}, 5n, true];
    const bad: object[] = [
      ...[...numbers, -1, -Infinity].flatMap((limit) => [{ maxEntries: limit }, {
        maxBytes: limit,
      }]),
      ...numbers.map((time) => ({ writtenSince: time })),
      ...[5, null, {}].map((functionName) => ({ functionName, maxEntries: 0 })),
    ];
    for (const limits of bad) {
      await assertRejects(() => store.commit([put(2, "2"), remove(1)], { limits }), TypeError);
    }
    await assertHolds(store, [kept], promises, [digestOf(2)]);
  });

  addLimitTestsAcrossStores(collection);
}

function addLimitTestsAcrossStores<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("remembers for another store who was used when", async (context) => {
    const { store } = context;
    await putEach(store, [1, 2, 3, 4, 5, 6]);
    store.touch(digestOf(3));
    store.touch(digestOf(1));
    await store.commit([]);
    store.touch(digestOf(5));
    await store.commit([put(2, "2")]);
    await store.close();
    // From the least to the most recently used: 4, 6, 3, 1, 5, 2.
    for (const expected of [[1, 2, 3, 5, 6], [1, 2, 3, 5], [1, 2, 5], [2, 5], [2], []]) {
      const other = context.reopen();
      await other.commit([], { limits: { maxEntries: expected.length } });
      await assertNumbers(other, expected);
      await assertNumbers(store, expected);
    }
  }, { needsReopen: true });

  collection.test(
    "keeps within limits what several stores put and touch in turns",
    async (context) => {
      const stores = [context.store, context.reopen(), context.reopen()] as const;
      const limits = { maxEntries: 4 };
      for (let number = 0; number < 12; number++) {
        await stores[number % 3]!.commit([put(number, `${number}`)], { limits });
        for (const each of stores) assertEquals(await each.count(), Math.min(number + 1, 4));
      }
      for (const each of stores) await assertNumbers(each, [8, 9, 10, 11]);
      stores[0].touch(digestOf(8));
      await stores[0].commit([]);
      await stores[1].commit([put(12, "12"), put(13, "13")], { limits });
      for (const each of stores) await assertNumbers(each, [8, 11, 12, 13]);
      await stores[2].commit([remove(12)]);
      await stores[0].commit([put(14, "14")], { limits });
      for (const each of stores) await assertNumbers(each, [8, 11, 13, 14]);
      await assertMissing(stores[1], digestOf(12));
    },
    { needsReopen: true },
  );
}
