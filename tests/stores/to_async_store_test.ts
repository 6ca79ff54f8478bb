// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { isAsyncStore, toAsyncStore } from "../../src/stores/to_async_store.ts";
import { digestOf, infoOf, put, valueOf } from "./_changes.ts";

Deno.test("toAsyncStore() does the work of a call at once", async () => {
  const inner = new MemoryStore();
  const store = toAsyncStore(inner);
  const committing = store.commit([put(1, "one"), put(2, "two")]);
  assertEquals(inner.size, 2);
  const entries = store.entries();
  const found = store.get(digestOf(1));
  inner.commit([{ type: "delete", digest: digestOf(1) }, put(3, "three")]);
  await committing;
  assertEquals(await found, valueOf(put(1, "one")));
  assertEquals(await Array.fromAsync(entries), [infoOf(put(2, "two"))]);
  assertEquals([store.location, await store.count()], ["memory", 2]);
});

Deno.test("toAsyncStore() rejects where the store throws", async () => {
  const store = toAsyncStore(new MemoryStore());
  const committing = store.commit([put(1, "", { codec: "" })]);
  await assertRejects(() => committing, TypeError);
});

Deno.test("toAsyncStore() gives back what is an async store already", () => {
  const inner = new MemoryStore();
  const store = toAsyncStore(inner);
  assertStrictEquals(toAsyncStore(store), store);
  assertEquals([isAsyncStore(store), isAsyncStore(inner)], [true, false]);
});
