// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import type { PutChange, Store, StoreChange, Sync } from "./store.ts";
import { bytesOf, digestOf, noise, put, remove } from "./_testing_changes.ts";
import {
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
export function addCommitTests<S extends Store>(collection: TestCollection<S>): void {
  collection.test("commit() puts over an entry and keeps its place", ({ store, promises }) => {
    const [first, second] = [put(1, "a"), put(2, "b")];
    store.commit([first, second]);
    const change = put(1, "A", { functionName: "f" });
    store.commit([change]);
    assertHolds(store, [change, second], promises);
  });

  collection.test("commit() deletes an entry, which comes last when it is put again", (context) => {
    const { store, promises } = context;
    const [second, third] = [put(2, "b"), put(3, "c")];
    store.commit([put(1, "a"), second, third]);
    store.commit([remove(1)]);
    assertHolds(store, [second, third], promises, [digestOf(1)]);
    store.commit([remove(1), remove(3)]);
    assertHolds(store, [second], promises, [digestOf(1), digestOf(3)]);
    const again = put(1, "d", { writtenAt: second.writtenAt + 1 });
    store.commit([again]);
    assertHolds(store, [second, again], promises);
    assertEquals(digestsIn(store), [digestOf(2), digestOf(1)]);
  });

  collection.test("commit() does nothing when there is nothing to do", ({ store, promises }) => {
    store.commit([]);
    store.commit([remove(1), remove(2)]);
    assertHolds(store, [], promises);
    const change = put(3, "c");
    store.commit([change, remove(4)]);
    store.commit([]);
    assertHolds(store, [change], promises, [digestOf(4)]);
  });

  collection.test("commit() makes the changes of a batch in order", ({ store, promises }) => {
    store.commit([put(1, "a"), put(1, "b"), remove(2), put(2, "c"), put(3, "d"), remove(3)]);
    assertHolds(store, [put(1, "b"), put(2, "c")], promises, [digestOf(3)]);
    store.commit([remove(1), put(1, "e"), remove(2), remove(2)]);
    assertHolds(store, [put(1, "e")], promises, [digestOf(2), digestOf(3)]);
  });

  collection.test("commit() takes a batch of a thousand changes", ({ store, promises }) => {
    const changes = Array.from({ length: 1000 }, (_, at) => put(at, `${at}`));
    store.commit(changes);
    assertHolds(store, changes, promises);
    store.commit(
      changes.filter((_, at) => at % 3 === 0).map(({ digest }) => ({
        type: "delete",
        digest,
      })),
    );
    assertHolds(store, changes.filter((_, at) => at % 3 !== 0), promises);
  });

  collection.test("commit() waits for the medium where it is told to", ({ store, promises }) => {
    const expected: PutChange[] = [];
    for (const sync of ["commit", "none", "commit", undefined] as const) {
      const change = put(expected.length, `${sync}`);
      expected.push(change);
      store.commit([change, remove(9)], { sync });
    }
    store.commit([], { sync: "commit" });
    store.commit([remove(0)], { sync: "commit" });
    assertHolds(store, expected.slice(1), promises);
  });

  collection.test("commit() throws a TypeError, and changes nothing, when a digest or codec can't be one", (context) => {
    const { store, promises } = context;
    const kept = put(1, "one");
    store.commit([kept]);
    const bad: StoreChange[] = [];
    for (const digest of [...NO_DIGESTS, undefined as unknown as string]) {
      bad.push({ ...put(2, "b"), digest }, { type: "delete", digest });
    }
    for (const codec of ["", undefined as unknown as string]) bad.push(put(2, "b", { codec }));
    for (const change of bad) {
      for (
        const changes of [[change], [put(3, "c"), change], [remove(1), change], [change, remove(1)]]
      ) {
        assertThrows(() => store.commit(changes, { limits: { maxEntries: 0 } }), TypeError);
      }
    }
    assertHolds(store, [kept], promises, [digestOf(2), digestOf(3)]);
  });

  collection.test("commit() throws a TypeError, and changes nothing, when sync is no way to sync", (context) => {
    const { store, promises } = context;
    for (const sync of ["", "always", true, 1, null]) {
      assertThrows(() => store.commit([put(1, "a")], { sync: sync as Sync }), TypeError);
    }
    assertHolds(store, [], promises, [digestOf(1)]);
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

function addAtomicityTests<S extends Store>(collection: TestCollection<S>): void {
  collection.test("commit() leaves everything as it was when it fails half-way", (context) => {
    const { store, promises } = context;
    const kept = [put(1, "one", { functionName: "f" }), put(2, [bytesOf("two"), noise(9, 1)])];
    store.commit(kept);
    const failing = spyingChange(5, () => {
      throw new Error("No value today");
    });
    for (const large of [10, 300_000]) {
      const changes = [put(1, [noise(large, 1)]), remove(2), put(3, "c"), failing, put(4, "d")];
      assertThrows(() => store.commit(changes));
      assertHolds(store, kept, promises, [digestOf(3), digestOf(4), digestOf(5)]);
    }
    const last = put(5, "five");
    store.commit([last]);
    assertHolds(store, [...kept, last], promises);
  });

  collection.test("commit() shows another store nothing of a batch before all of it", (context) => {
    const { store } = context;
    const reader = context.reopen();
    store.commit([put(1, "one"), put(2, "two")]);
    assertEquals(textAt(reader, digestOf(1)), "one");
    const spy = spyingChange(5, () => {
      let seen: unknown;
      try {
        seen = [1, 2, 3].map((number) => textAt(reader, digestOf(number)));
      } catch {
        // One that waits for the commit, and gives up, sees nothing in between either.
        return;
      }
      assertEquals(seen, ["one", "two", undefined]);
    });
    store.commit([put(1, "ONE"), remove(2), put(3, [noise(300_000, 1)]), spy, put(4, "four")]);
    for (const each of [store, reader]) {
      assertEquals(textAt(each, digestOf(1)), "ONE");
      assertMissing(each, digestOf(2));
      assertEquals(each.get(digestOf(3))?.parts[0], noise(300_000, 1));
      assertEquals(textAt(each, digestOf(4)), "four");
      assertEquals(textAt(each, digestOf(5)), "spy");
    }
  }, { needsReopen: true });
}

function addCompactionTests<S extends Store>(collection: TestCollection<S>): void {
  collection.test("compact(), where there is one, changes nothing that is seen", (context) => {
    const { store, promises, warnings } = context;
    if (store.compact === undefined) return;
    const empty = store.compact();
    assert(empty.bytesAfter <= empty.bytesBefore);
    const live: PutChange[] = [];
    const rewritten = (number: number) => put(number, [bytesOf("front"), noise(1000, number)]);
    for (let number = 0; number < 20; number++) {
      store.commit([put(number, [noise(1000, number)])]);
      store.commit([rewritten(number)]);
    }
    for (let number = 0; number < 20; number++) {
      if (number % 3 === 0) store.commit([remove(number)]);
      else live.push(rewritten(number));
    }
    const { bytesBefore, bytesAfter } = store.compact();
    assert(bytesAfter <= bytesBefore);
    assert(bytesAfter > 1000 * live.length, "compact() tells fewer bytes than there are");
    assertHolds(store, live, promises, [digestOf(0), digestOf(3)]);
    const again = store.compact();
    assert(again.bytesAfter <= bytesAfter);
    const more = put(100, "more");
    store.commit([more]);
    assertHolds(store, [...live, more], promises);
    assertEquals(warnings, []);
  });
}
