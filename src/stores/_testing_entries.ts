// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import type { Digest, Store } from "./store.ts";
import { digestOf, infoOf, put, remove } from "./_testing_changes.ts";
import { assertHolds, digestsIn, type TestCollection, textAt } from "./_testing_context.ts";

/**
 * Adds the tests of going through the entries, of closing, and of several stores over the same data.
 *
 * @param collection Where to add them.
 */
export function addEntryTests<S extends Store>(collection: TestCollection<S>): void {
  collection.test("entries() goes by the time of the call", ({ store }) => {
    store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    const entries = store.entries();
    store.commit([put(4, "d")]);
    assertEquals(entries.next().value?.digest, digestOf(1));
    store.commit([remove(2), put(5, "e")]);
    assertEquals([...entries].map((info) => info.digest), [digestOf(3)]);
  });

  collection.test("entries() goes on when what it has given is removed or put again", (context) => {
    const { store } = context;
    store.commit([1, 2, 3, 4, 5].map((number) => put(number, `${number}`)));
    const digests: Digest[] = [];
    for (const { digest } of store.entries()) {
      digests.push(digest);
      store.commit([{ type: "delete", digest }]);
      if (digests.length === 2) store.commit([put(1, "again")]);
    }
    assertEquals(digests, [1, 2, 3, 4, 5].map(digestOf));
    assertEquals(digestsIn(store), [digestOf(1)]);
  });

  collection.test("entries() tells of an entry what is known of it at its turn", ({ store }) => {
    store.commit([put(1, "a"), put(2, "b")]);
    const entries = store.entries();
    assertEquals(entries.next().value?.digest, digestOf(1));
    const change = put(2, "longer", { functionName: "f" });
    store.commit([change]);
    assertEquals([...entries], [infoOf(change)]);
  });

  collection.test("entries() may be left early, and be gone through twice at a time", (context) => {
    const { store } = context;
    store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    for (const _ of store.entries()) break;
    const [one, other] = [store.entries(), store.entries()];
    const digests: (Digest | undefined)[] = [];
    for (let time = 0; time < 4; time++) {
      digests.push(one.next().value?.digest, other.next().value?.digest);
    }
    const [first, second, third] = [1, 2, 3].map(digestOf);
    assertEquals(digests, [first, first, second, second, third, third, undefined, undefined]);
  });

  collection.test("entries() goes on when the store is closed in between", ({ store }) => {
    store.commit([put(1, "a"), put(2, "b")]);
    const digests: Digest[] = [];
    for (const { digest } of store.entries()) {
      digests.push(digest);
      store.close();
    }
    assertEquals(digests, [digestOf(1), digestOf(2)]);
  });

  collection.test("close() may be called at any time", ({ store, promises }) => {
    store.close();
    const [first, second] = [put(1, "a"), put(2, "b")];
    store.commit([first]);
    store.close();
    store.close();
    assertHolds(store, [first], promises);
    store.close();
    store.commit([second]);
    store.close();
    assertEquals(store.size, 2);
    store.close();
    assertEquals(store.info(digestOf(2)), infoOf(second));
    store.close();
    store.touch(digestOf(1));
    store.close();
    assertHolds(store, [first, second], promises);
  });

  collection.test("holds for another store what was committed", (context) => {
    const { store, promises } = context;
    const changes = [3, 1, 2].map((number, at) =>
      put(number, `${number}`, { writtenAt: 1000 + at, functionName: `f${number}` })
    );
    for (const change of changes) store.commit([change]);
    store.commit([put(7, "gone")]);
    store.commit([remove(7)]);
    store.close();
    const other = context.reopen();
    assertHolds(other, changes, promises, [digestOf(7)]);
    assertEquals(other.location, store.location);
  }, { needsReopen: true });

  collection.test("sees by the next call what another store has committed", (context) => {
    const { store, promises } = context;
    const stores = [store, context.reopen()] as const;
    assertEquals(stores[1].size, 0);
    const last = digestOf(1000);
    for (let number = 0; number < 100; number++) {
      const writer = stores[number % 2]!;
      const reader = stores[1 - number % 2]!;
      writer.commit([put(number, `${number}`), put(1000, `last ${number}`)]);
      assertEquals(textAt(reader, digestOf(number)), `${number}`);
      assertEquals(textAt(reader, last), `last ${number}`);
      assertEquals(reader.has(digestOf(number)), true);
      assertEquals(reader.info(last)?.byteLength, `last ${number}`.length);
      assertEquals(reader.size, number + 2);
    }
    stores[0].commit([remove(1000), remove(5)]);
    assertEquals(stores[1].has(last), false);
    assertEquals(stores[1].get(last), undefined);
    assertEquals(stores[1].info(digestOf(5)), undefined);
    const left = Array.from({ length: 100 }, (_, number) => put(number, `${number}`));
    left.splice(5, 1);
    for (const each of stores) assertHolds(each, left, promises, [last, digestOf(5)]);
  }, { needsReopen: true });

  collection.test("entries() leaves out what another store removes until its turn", (context) => {
    const { store } = context;
    const other = context.reopen();
    store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    const entries = store.entries();
    assertEquals(entries.next().value?.digest, digestOf(1));
    other.commit([remove(2), put(4, "d")]);
    assertEquals([...entries].map(({ digest }) => digest), [digestOf(3)]);
  }, { needsReopen: true });
}
