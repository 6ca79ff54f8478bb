// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import type { Parts } from "./store.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, valueOf } from "./_testing_changes.ts";
import {
  type AnyStore,
  assertHolds,
  assertMissing,
  type TestCollection,
} from "./_testing_context.ts";

/** What is no digest, and must not be found, or lead anywhere. */
export const NO_DIGESTS: readonly string[] = [
  "",
  "0",
  "0".repeat(63),
  "0".repeat(65),
  "A".repeat(64),
  "g".repeat(64),
  "0".repeat(63) + "é",
  "0".repeat(63) + "\0",
  `../../${"0".repeat(58)}`,
];

/**
 * Adds the tests of what a lookup gives back.
 *
 * @param collection Where to add them.
 */
export function addValueTests<S extends AnyStore>(collection: TestCollection<S>): void {
  collection.test("holds nothing when it is new", async ({ store, promises }) => {
    await assertHolds(store, [], promises, [digestOf(1)]);
    assert(store.location !== "");
    assertEquals(store.location, store.location);
  });

  collection.test("get() gives back what commit() put", async ({ store }) => {
    const change = put(1, "one", { codec: "msgpack", promised: true });
    await store.commit([change]);
    for (let time = 0; time < 3; time++) {
      assert(await store.has(change.digest));
      assertEquals(await store.get(change.digest), valueOf(change));
    }
    assertEquals(await store.count(), 1);
    await assertMissing(store, digestOf(2));
  });

  collection.test("get(), info() and has() find nothing under what is no digest", async ({ store }) => {
    await store.commit([put(1, "one")]);
    for (const digest of NO_DIGESTS) {
      await assertMissing(store, digest);
      store.touch(digest);
    }
    await store.commit([]);
    assertEquals(await store.count(), 1);
  });

  collection.test("getMany(), where there is one, gives what get() gives of each", async ({ store }) => {
    if (store.getMany === undefined) return;
    assertEquals(await store.getMany([]), []);
    const changes = [put(1, "one"), put(2, [bytesOf("two"), noise(2_500_000, 2)]), put(3, "")];
    await store.commit(changes);
    const digests = [3, 9, 1, 2, 1].map(digestOf);
    const expected = [changes[2]!, undefined, changes[0]!, changes[1]!, changes[0]!]
      .map((change) => change && valueOf(change));
    assertEquals(await store.getMany([...digests, ...NO_DIGESTS]), [
      ...expected,
      ...NO_DIGESTS.map(() => undefined),
    ]);
  });

  collection.test("info() and entries() give back all that is known of an entry", async (context) => {
    const { store, promises } = context;
    const changes = [
      put(1, "one", { duration: 0.25, writtenAt: 1_700_000_000_000.5, functionName: "été 🙂" }),
      put(2, [bytesOf("ab"), noise(10, 1)], {
        codec: "my codec",
        key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"…"}')] },
        promised: true,
        writtenAt: 1_700_000_000_001,
      }),
      put(3, "", {
        key: { kind: "value", parts: [bytesOf(""), noise(8, 1), noise(0, 1)] },
        writtenAt: 1_700_000_000_002,
      }),
    ];
    await store.commit(changes);
    for (const change of changes) assertEquals(await store.info(change.digest), infoOf(change));
    await assertHolds(store, changes, promises);
  });

  collection.test("gives back times, durations and names of any kind", async ({ store, promises }) => {
    const changes = [
      put(1, "a", { writtenAt: -62_135_596_800_000, duration: 1e-9 }),
      put(2, "b", { writtenAt: -1.25, functionName: "\u0000 \ufffd \u{10ffff}" }),
      put(3, "c", { writtenAt: 0, duration: 1e300 }),
      put(4, "d", { writtenAt: 8.64e15, functionName: "n".repeat(1024) }),
      put(5, "e", { writtenAt: 9e15, functionName: "é".repeat(512), codec: "c".repeat(256) }),
      put(6, "f", { writtenAt: 1e20, codec: "é 🙂" }),
    ];
    await store.commit(changes);
    await assertHolds(store, changes, promises);
  });

  collection.test("commit() takes any number and length of parts", async ({ store, promises }) => {
    const many = Array.from({ length: 3000 }, (_, at) => noise(at % 5, at));
    const changes = [
      put(1, ""),
      put(2, [bytesOf(""), bytesOf("")]),
      put(3, [bytesOf(""), noise(1, 3), bytesOf(""), noise(100, 4)]),
      put(4, [noise(64 * 1024, 5)]),
      put(5, [noise(64 * 1024 + 1, 6)]),
      put(6, [noise(300_000, 7), noise(200_000, 8), noise(3, 9)]),
      put(7, many as unknown as Parts),
      put(8, "x", { key: { kind: "value", parts: [noise(200_000, 10), noise(70_000, 11)] } }),
    ];
    await store.commit(changes);
    await assertHolds(store, changes, promises);
  });

  collection.test("commit() keeps to the part of a buffer that it is given, as it is at the time", async (context) => {
    const { store } = context;
    const buffer = noise(100_000, 1);
    const parts = [buffer.subarray(10, 20), buffer.subarray(50, 90_000)] as const;
    const expected = parts.map((part) => part.slice());
    const keyParts = [buffer.subarray(3, 7), buffer.subarray(20, 30)] as const;
    const expectedKey = keyParts.map((part) => part.slice());
    await store.commit([put(1, parts, { key: { kind: "value", parts: keyParts } })]);
    buffer.fill(0);
    assertEquals([...(await store.get(digestOf(1)))!.parts], expected);
    assertEquals([...(await store.info(digestOf(1)))!.key.parts], expectedKey);
    assertEquals([...(await Array.fromAsync(store.entries()))[0]!.key.parts], expectedKey);
  });

  collection.test("get() and info() give later parts in buffers of their own, anew each time", async (context) => {
    const { store } = context;
    const change = put(1, [bytesOf("front"), noise(50, 1), noise(100_000, 2)], {
      key: { kind: "value", parts: [bytesOf("key"), noise(10, 3)] },
    });
    await store.commit([change]);
    const first = (await store.get(change.digest))!;
    const key = (await store.info(change.digest))!.key;
    for (const part of [...first.parts.slice(1), ...key.parts.slice(1)]) {
      assertEquals(part.byteOffset, 0);
      assertEquals(part.buffer.byteLength, part.byteLength);
      part.fill(0);
    }
    const second = (await store.get(change.digest))!;
    assertNotStrictEquals(first.parts[1]!.buffer, second.parts[1]!.buffer);
    assertEquals(second, valueOf(change));
    assertEquals(await store.info(change.digest), infoOf(change));
    assertEquals(await Array.fromAsync(store.entries()), [infoOf(change)]);
  });

  collection.test("get() gives back what was read before unchanged, whatever is read and put later", async (context) => {
    const { store } = context;
    const changes = Array.from({ length: 20 }, (_, at) => put(at, [noise(100 + at, at)]));
    await store.commit(changes);
    const values = await Promise.all(changes.map(({ digest }) => store.get(digest)));
    const infos = await Promise.all(changes.map(({ digest }) => store.info(digest)));
    await store.commit(changes.map((_, at) => at % 2 === 0 ? remove(at) : put(at, "other")));
    for (const { digest } of changes) {
      await store.get(digest);
      await store.info(digest);
    }
    assertEquals(values, changes.map(valueOf));
    assertEquals(infos, changes.map(infoOf));
  });
}
