// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { testStore } from "../../src/stores/testing.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, textAt, valueOf } from "./_changes.ts";
import { withWarnings } from "./_warnings.ts";

testStore({ name: "MemoryStore", open: () => new MemoryStore() });

Deno.test("MemoryStore is called memory, and holds what it has when it is closed", () => {
  const store = new MemoryStore();
  assertEquals(store.location, "memory");
  store.commit([put(1, "one")]);
  store.close();
  assertEquals(textAt(store, 1), "one");
  assertEquals(new MemoryStore().size, 0);
});

Deno.test("MemoryStore.get() copies nothing of a value of one part", () => {
  const store = new MemoryStore();
  store.commit([put(1, [noise(100_000, 1)])]);
  assertStrictEquals(store.get(digestOf(1)), store.get(digestOf(1)));
  assertStrictEquals(store.info(digestOf(1)), store.info(digestOf(1)));
});

Deno.test("MemoryStore.commit() counts the value, the key and 256 bytes as what an entry takes", () => {
  const change = put(1, [noise(100, 1), noise(20, 2)], {
    key: { kind: "value", parts: [bytesOf("key"), noise(4, 3)] },
    functionName: "f".repeat(1000),
  });
  const { warnings } = withWarnings(() => {
    for (const [maxBytes, size] of [[383, 1], [382, 0], [Infinity, 1]] as const) {
      const store = new MemoryStore();
      store.commit([change], { limits: { maxBytes } });
      assertEquals(store.size, size);
    }
  });
  assertEquals(warnings, [
    `Cannot keep entry: 383 bytes are more than the limit maxBytes 382: ${change.digest} in memory`,
  ]);
});

Deno.test("MemoryStore.commit() throws a CacheError, and changes nothing, when memory runs out", () => {
  const store = new MemoryStore();
  const kept = put(1, "one");
  store.commit([kept]);
  const endless = { length: 2 ** 53 - 1, byteLength: 2 ** 53 - 1 } as Uint8Array;
  const error = assertThrows(
    () => store.commit([put(1, "other"), remove(1), put(2, [bytesOf("a"), endless])]),
    CacheError,
    "Cannot write cache: ",
  );
  assert(error.cause instanceof RangeError);
  assertEquals([...store.entries()], [infoOf(kept)]);
  assertEquals(store.get(kept.digest), valueOf(kept));
});

Deno.test("MemoryStore keeps within limits in the order of use of before there were any", () => {
  const store = new MemoryStore();
  for (let number = 0; number < 100; number++) store.commit([put(number, `${number}`)]);
  for (const number of [7, 3, 5]) store.touch(digestOf(number));
  store.commit([put(50, "50")]);
  store.commit([], { limits: { maxEntries: 3 } });
  assertEquals([...store.entries()].map(({ digest }) => digest), [3, 5, 50].map(digestOf));
});
