// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotStrictEquals } from "@std/assert";
import fc from "fast-check";
import type { Digest, PutChange, Store, StoreChange } from "../../src/stores/store.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, textAt, valueOf } from "./_changes.ts";

/**
 * Registers the tests that every store has to pass.
 *
 * @param name The name of the store's class.
 * @param use Calls a function with an empty store, and cleans up after it.
 */
export function testStore(name: string, use: (step: (store: Store) => void) => void): void {
  function test(what: string, step: (store: Store) => void): void {
    Deno.test(`${name} ${what}`, () => use(step));
  }

  test("holds nothing when it is new", (store) => {
    assertEquals(store.size, 0);
    assertEquals(store.get(digestOf(1)), undefined);
    assertEquals(store.has(digestOf(1)), false);
    assertEquals([...store.entries()], []);
  });

  test("get() gives back what commit() put", (store) => {
    const change = put(1, "one", { codec: "msgpack", promised: true });
    store.commit([change]);
    for (let time = 0; time < 3; time++) {
      assert(store.has(change.digest));
      assertEquals(store.get(change.digest), valueOf(change));
    }
    assertEquals(store.size, 1);
    assertEquals(store.get(digestOf(2)), undefined);
    assertEquals(store.has(digestOf(2)), false);
  });

  test("entries() gives back all that is known of an entry", (store) => {
    const changes = [
      put(1, "one", { duration: 0.25, writtenAt: 1_700_000_000_000.5, functionName: "été 🙂" }),
      put(2, [bytesOf("ab"), noise(10, 1)], {
        codec: "my codec",
        key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"…"}')] },
        promised: true,
      }),
      put(3, "", { key: { kind: "value", parts: [bytesOf(""), noise(8, 1), noise(0, 1)] } }),
    ];
    store.commit(changes);
    assertEquals([...store.entries()], changes.map(infoOf));
  });

  test("commit() puts over an entry and keeps its place", (store) => {
    store.commit([put(1, "a"), put(2, "b")]);
    const change = put(1, "A", { functionName: "f" });
    store.commit([change]);
    assertEquals(store.get(change.digest), valueOf(change));
    assertEquals(store.size, 2);
    assertEquals([...store.entries()].map((info) => info.digest), [digestOf(1), digestOf(2)]);
    assertEquals([...store.entries()][0], infoOf(change));
  });

  test("commit() deletes an entry, which comes last when it is put again", (store) => {
    store.commit([put(1, "a"), put(2, "b")]);
    store.commit([remove(1)]);
    assertEquals(store.has(digestOf(1)), false);
    assertEquals(store.get(digestOf(1)), undefined);
    assertEquals(store.size, 1);
    store.commit([put(1, "c")]);
    assertEquals(textAt(store, 1), "c");
    assertEquals([...store.entries()].map((info) => info.digest), [digestOf(2), digestOf(1)]);
  });

  test("commit() does nothing when there is nothing to do", (store) => {
    store.commit([]);
    store.commit([remove(1), remove(2)]);
    assertEquals(store.size, 0);
    store.commit([put(3, "c"), remove(4)]);
    assertEquals(store.size, 1);
  });

  test("commit() makes the changes of a batch in order", (store) => {
    store.commit([put(1, "a"), put(1, "b"), remove(2), put(2, "c"), put(3, "d"), remove(3)]);
    assertEquals(textAt(store, 1), "b");
    assertEquals(textAt(store, 2), "c");
    assertEquals(store.has(digestOf(3)), false);
    store.commit([remove(1), put(1, "e"), remove(2), remove(2)]);
    assertEquals(textAt(store, 1), "e");
    assertEquals([...store.entries()].map((info) => info.digest), [digestOf(1)]);
  });

  test("commit() takes any number and length of parts", (store) => {
    const changes = [
      put(1, ""),
      put(2, [bytesOf(""), bytesOf("")]),
      put(3, [bytesOf(""), noise(1, 3), bytesOf(""), noise(100, 4)]),
      put(4, [noise(64 * 1024, 5)]),
      put(5, [noise(64 * 1024 + 1, 6)]),
      put(6, [noise(300_000, 7), noise(200_000, 8), noise(3, 9)]),
      put(7, Array.from({ length: 3000 }, (_, at) => noise(at % 5, at)) as never),
      put(8, "x", { key: { kind: "value", parts: [noise(200_000, 10), noise(70_000, 11)] } }),
    ];
    store.commit(changes);
    for (const change of changes) assertEquals(store.get(change.digest), valueOf(change));
    assertEquals([...store.entries()], changes.map(infoOf));
  });

  test("commit() keeps to the part of a buffer that it is given, as it is at the time", (store) => {
    const buffer = noise(100_000, 1);
    const parts = [buffer.subarray(10, 20), buffer.subarray(50, 90_000)] as const;
    const expected = parts.map((part) => part.slice());
    store.commit([put(1, parts, { key: { kind: "value", parts: [buffer.subarray(3, 7)] } })]);
    const key = buffer.slice(3, 7);
    buffer.fill(0);
    assertEquals([...store.get(digestOf(1))!.parts], expected);
    assertEquals([...store.entries()][0]!.key.parts[0], key);
  });

  test("get() gives later parts in buffers of their own, anew each time", (store) => {
    const change = put(1, [bytesOf("front"), noise(50, 1), noise(100_000, 2)]);
    store.commit([change]);
    const first = store.get(change.digest)!;
    for (const part of first.parts.slice(1)) {
      assertEquals(part.byteOffset, 0);
      assertEquals(part.buffer.byteLength, part.byteLength);
      part.fill(0);
    }
    const second = store.get(change.digest)!;
    assertNotStrictEquals(first.parts[1]!.buffer, second.parts[1]!.buffer);
    assertEquals(second, valueOf(change));
  });

  test("entries() goes by the time of the call", (store) => {
    store.commit([put(1, "a"), put(2, "b"), put(3, "c")]);
    const entries = store.entries();
    store.commit([put(4, "d")]);
    assertEquals(entries.next().value?.digest, digestOf(1));
    store.commit([remove(2), put(5, "e")]);
    assertEquals([...entries].map((info) => info.digest), [digestOf(3)]);
  });

  test("entries() goes on when the store is closed in between", (store) => {
    store.commit([put(1, "a"), put(2, "b")]);
    const digests: Digest[] = [];
    for (const { digest } of store.entries()) {
      digests.push(digest);
      store.close();
    }
    assertEquals(digests, [digestOf(1), digestOf(2)]);
  });

  test("close() may be called at any time", (store) => {
    store.close();
    store.commit([put(1, "a")]);
    store.close();
    store.close();
    assertEquals(textAt(store, 1), "a");
    store.close();
    store.commit([put(2, "b")]);
    store.close();
    assertEquals(store.size, 2);
  });

  test("does what a Map does, whatever is committed", (store) => {
    const change = fc.oneof(
      fc.record({ number: fc.nat(12), text: fc.string() }).map(({ number, text }) =>
        put(number, text)
      ),
      fc.nat(12).map(remove),
    );
    const commits = fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(commits, (all) => {
        store.commit([...store.entries()].map(({ digest }) => ({ type: "delete", digest })));
        const model = new Map<Digest, PutChange>();
        for (const changes of all) {
          store.commit(changes);
          apply(model, changes);
          assertEquals([...store.entries()], [...model.values()].map(infoOf));
          for (let number = 0; number <= 12; number++) {
            const expected = model.get(digestOf(number));
            assertEquals(store.get(digestOf(number)), expected && valueOf(expected));
          }
        }
      }),
      { numRuns: 30 },
    );
  });
}

function apply(model: Map<Digest, PutChange>, changes: readonly StoreChange[]): void {
  for (const change of changes) {
    if (change.type === "put") model.set(change.digest, change);
    else model.delete(change.digest);
  }
}
