// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { PutChange, StoreChange, Sync } from "./store.ts";
import { bytesOf, digestOf, noise, put, remove } from "./_testing_changes.ts";
import {
  type AnyStore,
  assertHolds,
  assertMissing,
  digestsIn,
  type TestCollection,
  textAt,
} from "./_testing_context.ts";
import { NO_DIGESTS } from "./_testing_values.ts";

/**
 * Adds the tests of what a commit does.
 *
 * @param collection Where to add them.
 */
export function addCommitTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("commit() puts over an entry and keeps its place", async ({ store, promises }) => {
    const [first, second] = [put(1, "a"), put(2, "b")];
    await store.commit([first, second]);
    const change = put(1, "A", { functionName: "f" });
    await store.commit([change]);
    await assertHolds(store, [change, second], promises);
  });

  collection.test("commit() deletes an entry, which comes last when it is put again", async (context) => {
    const { store, promises } = context;
    const [second, third] = [put(2, "b"), put(3, "c")];
    await store.commit([put(1, "a"), second, third]);
    await store.commit([remove(1)]);
    await assertHolds(store, [second, third], promises, [digestOf(1)]);
    await store.commit([remove(1), remove(3)]);
    await assertHolds(store, [second], promises, [digestOf(1), digestOf(3)]);
    const again = put(1, "d", { writtenAt: second.writtenAt + 1 });
    await store.commit([again]);
    await assertHolds(store, [second, again], promises);
    assertEquals(await digestsIn(store), [digestOf(2), digestOf(1)]);
  });

  collection.test("commit() does nothing when there is nothing to do", async ({ store, promises }) => {
    await store.commit([]);
    await store.commit([remove(1), remove(2)]);
    await assertHolds(store, [], promises);
    const change = put(3, "c");
    await store.commit([change, remove(4)]);
    await store.commit([]);
    await assertHolds(store, [change], promises, [digestOf(4)]);
  });

  collection.test("commit() makes the changes of a batch in order", async ({ store, promises }) => {
    await store.commit([put(1, "a"), put(1, "b"), remove(2), put(2, "c"), put(3, "d"), remove(3)]);
    await assertHolds(store, [put(1, "b"), put(2, "c")], promises, [digestOf(3)]);
    await store.commit([remove(1), put(1, "e"), remove(2), remove(2)]);
    await assertHolds(store, [put(1, "e")], promises, [digestOf(2), digestOf(3)]);
  });

  collection.test("commit() takes a batch of a thousand changes", async ({ store, promises }) => {
    const changes = Array.from({ length: 1000 }, (_, at) => put(at, `${at}`));
    await store.commit(changes);
    await assertHolds(store, changes, promises);
    await store.commit(
      changes.filter((_, at) => at % 3 === 0).map(({ digest }) => ({
        type: "delete",
        digest,
      })),
    );
    await assertHolds(store, changes.filter((_, at) => at % 3 !== 0), promises);
  });

  collection.test("commit() waits for the medium where it is told to", async ({ store, promises }) => {
    const expected: PutChange[] = [];
    for (const sync of ["commit", "none", "commit", undefined] as const) {
      const change = put(expected.length, `${sync}`);
      expected.push(change);
      await store.commit([change, remove(9)], { sync });
    }
    await store.commit([], { sync: "commit" });
    await store.commit([remove(0)], { sync: "commit" });
    await assertHolds(store, expected.slice(1), promises);
  });

  collection.test("commit() throws a TypeError, and changes nothing, when a digest or codec can't be one", async (context) => {
    const { store, promises } = context;
    const kept = put(1, "one");
    await store.commit([kept]);
    const bad: StoreChange[] = [];
    for (const digest of [...NO_DIGESTS, undefined as unknown as string]) {
      bad.push({ ...put(2, "b"), digest }, { type: "delete", digest });
    }
    for (const codec of ["", undefined as unknown as string]) bad.push(put(2, "b", { codec }));
    for (const change of bad) {
      for (
        const changes of [[change], [put(3, "c"), change], [remove(1), change], [change, remove(1)]]
      ) {
        await assertRejects(() => store.commit(changes, { limits: { maxEntries: 0 } }), TypeError);
      }
    }
    await assertHolds(store, [kept], promises, [digestOf(2), digestOf(3)]);
  });

  collection.test("commit() throws a TypeError, and changes nothing, when sync is no way to sync", async (context) => {
    const { store, promises } = context;
    for (const sync of ["", "always", true, 1, null]) {
      await assertRejects(() => store.commit([put(1, "a")], { sync: sync as Sync }), TypeError);
    }
    await assertHolds(store, [], promises, [digestOf(1)]);
  });

  if (collection.promises.isAtomic) addAtomicityTests(collection);
  addCompactionTests(collection);
}

/** A change that runs a function when its value is read, in the midst of a commit. */
function spyingChange(number: number, onRead: () => void): PutChange {
  const { parts, ...change } = put(number, "spy");
  return {
    ...change,
    get parts() {
      onRead();
      return parts;
    },
  };
}

function addAtomicityTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("commit() leaves everything as it was when it fails half-way", async (context) => {
    const { store, promises } = context;
    const kept = [put(1, "one", { functionName: "f" }), put(2, [bytesOf("two"), noise(9, 1)])];
    await store.commit(kept);
    const failing = spyingChange(5, () => {
      throw new Error("No value today");
    });
    for (const large of [10, 300_000]) {
      const changes = [put(1, [noise(large, 1)]), remove(2), put(3, "c"), failing, put(4, "d")];
      await assertRejects(() => store.commit(changes));
      await assertHolds(store, kept, promises, [digestOf(3), digestOf(4), digestOf(5)]);
    }
    const last = put(5, "five");
    await store.commit([last]);
    await assertHolds(store, [...kept, last], promises);
  });

  collection.test(
    "commit() shows another store nothing of a batch before all of it",
    async (context) => {
      const { store } = context;
      const reader = context.reopen();
      await store.commit([put(1, "one"), put(2, "two")]);
      assertEquals(await textAt(reader, digestOf(1)), "one");
      let seen: Promise<unknown> | undefined;
      const spy = spyingChange(5, () => {
        seen = Promise.all([1, 2, 3].map((number) => textAt(reader, digestOf(number))));
        // Waited for below.
        seen.catch(() => {});
      });
      await store.commit([
        put(1, "ONE"),
        remove(2),
        put(3, [noise(300_000, 1)]),
        spy,
        put(4, "four"),
      ]);
      // One that waits for the commit, and gives up, sees nothing in between either.
      const between = await seen?.catch(() => undefined);
      if (between !== undefined) assertEquals(between, ["one", "two", undefined]);
      for (const each of [store, reader]) {
        assertEquals(await textAt(each, digestOf(1)), "ONE");
        await assertMissing(each, digestOf(2));
        assertEquals((await each.get(digestOf(3)))?.parts[0], noise(300_000, 1));
        assertEquals(await textAt(each, digestOf(4)), "four");
        assertEquals(await textAt(each, digestOf(5)), "spy");
      }
    },
    { needsReopen: true },
  );
}

function addCompactionTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("compact(), where there is one, changes nothing that is seen", async (context) => {
    const { store, promises, warnings } = context;
    if (store.compact === undefined) return;
    const empty = store.compact();
    assert(empty.bytesAfter <= empty.bytesBefore);
    const live: PutChange[] = [];
    const rewritten = (number: number) => put(number, [bytesOf("front"), noise(1000, number)]);
    for (let number = 0; number < 20; number++) {
      await store.commit([put(number, [noise(1000, number)])]);
      await store.commit([rewritten(number)]);
    }
    for (let number = 0; number < 20; number++) {
      if (number % 3 === 0) await store.commit([remove(number)]);
      else live.push(rewritten(number));
    }
    const { bytesBefore, bytesAfter } = store.compact();
    assert(bytesAfter <= bytesBefore);
    assert(bytesAfter > 1000 * live.length, "compact() tells fewer bytes than there are");
    await assertHolds(store, live, promises, [digestOf(0), digestOf(3)]);
    const again = store.compact();
    assert(again.bytesAfter <= bytesAfter);
    const more = put(100, "more");
    await store.commit([more]);
    await assertHolds(store, [...live, more], promises);
    assertEquals(warnings, []);
  });
}
