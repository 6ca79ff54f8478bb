// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import type { Digest } from "./store.ts";
import { digestOf, infoOf, put, remove } from "./_testing_changes.ts";
import {
  type AnyStore,
  assertHolds,
  digestsIn,
  type TestCollection,
  textAt,
} from "./_testing_context.ts";

/**
 * Adds the tests of going through the entries, of closing, and of several stores over the same data.
 *
 * @param collection Where to add them.
 */
export function addEntryTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("entries() goes by the time of the call", async ({ store }) => {
    await store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    const entries = store.entries();
    await store.commit([put(4, "d")]);
    assertEquals((await entries.next()).value?.digest, digestOf(1));
    await store.commit([remove(2), put(5, "e")]);
    assertEquals((await Array.fromAsync(entries)).map((info) => info.digest), [digestOf(3)]);
  }, { needsTurns: true });

  collection.test("entries() goes on when what it has given is removed or put again", async (context) => {
    const { store } = context;
    await store.commit([1, 2, 3, 4, 5].map((number) => put(number, `${number}`)));
    const digests: Digest[] = [];
    for await (const { digest } of store.entries()) {
      digests.push(digest);
      await store.commit([{ type: "delete", digest }]);
      if (digests.length === 2) await store.commit([put(1, "again")]);
    }
    assertEquals(digests, [1, 2, 3, 4, 5].map(digestOf));
    assertEquals(await digestsIn(store), [digestOf(1)]);
  });

  collection.test("entries() tells of an entry what is known of it at its turn", async ({ store }) => {
    await store.commit([put(1, "a"), put(2, "b")]);
    const entries = store.entries();
    assertEquals((await entries.next()).value?.digest, digestOf(1));
    const change = put(2, "longer", { functionName: "f" });
    await store.commit([change]);
    assertEquals(await Array.fromAsync(entries), [infoOf(change)]);
  });

  collection.test("entries() may be left early, and be gone through twice at a time", async (context) => {
    const { store } = context;
    await store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    for await (const _ of store.entries()) break;
    const [one, other] = [store.entries(), store.entries()];
    const digests: (Digest | undefined)[] = [];
    for (let time = 0; time < 4; time++) {
      digests.push((await one.next()).value?.digest, (await other.next()).value?.digest);
    }
    const [first, second, third] = [1, 2, 3].map(digestOf);
    assertEquals(digests, [first, first, second, second, third, third, undefined, undefined]);
  });

  collection.test("entries() goes on when the store is closed in between", async ({ store }) => {
    await store.commit([put(1, "a"), put(2, "b")]);
    const digests: Digest[] = [];
    for await (const { digest } of store.entries()) {
      digests.push(digest);
      await store.close();
    }
    assertEquals(digests, [digestOf(1), digestOf(2)]);
  });

  collection.test("close() may be called at any time", async ({ store, promises }) => {
    await store.close();
    const [first, second] = [put(1, "a"), put(2, "b")];
    await store.commit([first]);
    await store.close();
    await store.close();
    await assertHolds(store, [first], promises);
    await store.close();
    await store.commit([second]);
    await store.close();
    assertEquals(await store.count(), 2);
    await store.close();
    assertEquals(await store.info(digestOf(2)), infoOf(second));
    await store.close();
    store.touch(digestOf(1));
    await store.close();
    await assertHolds(store, [first, second], promises);
  });

  collection.test("holds for another store what was committed", async (context) => {
    const { store, promises } = context;
    const changes = [3, 1, 2].map((number, at) =>
      put(number, `${number}`, { writtenAt: 1000 + at, functionName: `f${number}` })
    );
    for (const change of changes) await store.commit([change]);
    await store.commit([put(7, "gone")]);
    await store.commit([remove(7)]);
    await store.close();
    const other = context.reopen();
    await assertHolds(other, changes, promises, [digestOf(7)]);
    assertEquals(other.location, store.location);
  }, { needsReopen: true });

  collection.test("sees by the next call what another store has committed", async (context) => {
    const { store, promises } = context;
    const stores = [store, context.reopen()] as const;
    assertEquals(await stores[1].count(), 0);
    const last = digestOf(1000);
    for (let number = 0; number < 100; number++) {
      const writer = stores[number % 2]!;
      const reader = stores[1 - number % 2]!;
      await writer.commit([put(number, `${number}`), put(1000, `last ${number}`)]);
      assertEquals(await textAt(reader, digestOf(number)), `${number}`);
      assertEquals(await textAt(reader, last), `last ${number}`);
      assertEquals(await reader.has(digestOf(number)), true);
      assertEquals((await reader.info(last))?.byteLength, `last ${number}`.length);
      assertEquals(await reader.count(), number + 2);
    }
    await stores[0].commit([remove(1000), remove(5)]);
    assertEquals(await stores[1].has(last), false);
    assertEquals(await stores[1].get(last), undefined);
    assertEquals(await stores[1].info(digestOf(5)), undefined);
    const left = Array.from({ length: 100 }, (_, number) => put(number, `${number}`));
    left.splice(5, 1);
    for (const each of stores) await assertHolds(each, left, promises, [last, digestOf(5)]);
  }, { needsReopen: true });

  collection.test(
    "entries() leaves out what another store removes until its turn",
    async (context) => {
      const { store } = context;
      const other = context.reopen();
      await store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
      const entries = store.entries();
      assertEquals((await entries.next()).value?.digest, digestOf(1));
      await other.commit([remove(2), put(4, "d")]);
      assertEquals((await Array.fromAsync(entries)).map(({ digest }) => digest), [digestOf(3)]);
    },
    { needsReopen: true, needsTurns: true },
  );
}
