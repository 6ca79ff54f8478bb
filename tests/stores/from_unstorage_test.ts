// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createStorage } from "unstorage";
import { CacheError } from "../../src/errors/cache_error.ts";
import {
  fromUnstorage,
  type FromUnstorageOptions,
  type UnstorageLike,
} from "../../src/stores/from_unstorage.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { digestOf, noise, put, remove, valueOf } from "./_changes.ts";
import { textDriver } from "./_text_driver.ts";

Deno.test("fromUnstorage() keeps each entry in an item below its base, and leaves others alone", async () => {
  const storage = createStorage();
  await storage.setItem("mine", "a text");
  await storage.setItem("a:b:mine", "a text");
  await storage.setItem(`a:${digestOf(7)}`, "a text");
  const store = fromUnstorage(storage, { base: "a:b" });
  await store.commit([put(1, "one"), put(2, "two"), remove(3)]);
  const others = ["a:b:mine", `a:${digestOf(7)}`, "mine"];
  assertEquals(
    (await storage.getKeys()).sort(),
    [`a:b:${digestOf(1)}`, `a:b:${digestOf(2)}`, ...others].sort(),
  );
  assertEquals(await store.count(), 2);
  await store.commit([remove(1), remove(2)]);
  assertEquals((await storage.getKeys()).sort(), others.sort());
  assertEquals(store.location, "unstorage:a:b");
});

Deno.test("fromUnstorage() finds nothing in an item that is damaged or somebody else's, and warns once", async () => {
  for (const storage of [createStorage(), createStorage({ driver: textDriver() })]) {
    const store = fromUnstorage(storage);
    const change = put(1, [noise(30, 1), noise(50, 2)]);
    const key = `pecapiku:${change.digest}`;
    await store.commit([change]);
    const bytes = new Uint8Array((await storage.getItemRaw(key))!);
    using warnings = collectWarnings();
    const items: unknown[] = [bytes.slice(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array()];
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      items.push(damaged);
    }
    for (const item of items) {
      await storage.setItemRaw(key, item);
      assertEquals(await store.get(change.digest), undefined);
      assertEquals(await store.has(change.digest), false);
    }
    for (const text of ["a text", "base64:%%%", '{"a":1}']) {
      await storage.setItem(key, text);
      assertEquals(await store.get(change.digest), undefined, text);
    }
    assertEquals(await Array.fromAsync(store.entries()), []);
    assertEquals(warnings.lines, [
      `Found what is no undamaged entry, it counts as not cached: ${key}: unstorage:pecapiku`,
    ]);
    await store.commit([change]);
    assertEquals(await store.get(change.digest), valueOf(change));
  }
});

Deno.test("fromUnstorage() takes an ArrayBuffer for the bytes it has", async () => {
  const storage = createStorage();
  const store = fromUnstorage(storage);
  await store.commit([put(1, "one")]);
  const key = `pecapiku:${digestOf(1)}`;
  await storage.setItemRaw(key, new Uint8Array((await storage.getItemRaw(key))!).buffer);
  assertEquals(await store.get(digestOf(1)), valueOf(put(1, "one")));
});

Deno.test("fromUnstorage() tells the driver in seconds for how long an entry is wanted", async () => {
  const storage = createStorage();
  const told: unknown[] = [];
  const store = fromUnstorage({
    ...storage,
    setItemRaw: (...args) => Promise.resolve(void told.push(args.slice(2))),
  });
  for (const keepFor of [1, 1500, Infinity, undefined]) {
    await store.commit([put(1, "x")], { keepFor });
  }
  assertEquals(told, [[{ ttl: 1 }], [{ ttl: 2 }], [], []]);
});

Deno.test("fromUnstorage() rejects with a CacheError when the driver fails", async () => {
  const fail = () => Promise.reject(new Error("no such disk"));
  const store = fromUnstorage({
    getItemRaw: fail,
    setItemRaw: fail,
    removeItem: fail,
    getKeys: fail,
  });
  for (
    const [call, action] of [
      [() => store.get(digestOf(1)), "read"],
      [() => store.info(digestOf(1)), "read"],
      [() => store.commit([put(1, "one")]), "write"],
      [() => store.commit([remove(1)]), "write"],
      [() => store.count(), "list"],
      [() => Array.fromAsync(store.entries()), "list"],
    ] as const
  ) {
    const error = await assertRejects(call, CacheError);
    assertEquals(error.message, `Cannot ${action} cache: unstorage:pecapiku: no such disk`);
  }
});

Deno.test("fromUnstorage() does not begin anything with an entry before what came too late has ended", async () => {
  const storage = createStorage();
  const { promise, resolve } = Promise.withResolvers<void>();
  let isFirst = true;
  const store = fromUnstorage({
    ...storage,
    async setItemRaw(key, value) {
      if (isFirst) {
        isFirst = false;
        await promise;
      }
      await storage.setItemRaw(key, value);
    },
  }, { timeout: 30 });
  await assertRejects(() => store.commit([put(1, "old")]), CacheError, "not done within 30 ms");
  await assertRejects(() => store.get(digestOf(1)), CacheError, "not done within 30 ms");
  await assertRejects(() => store.close(), CacheError, "Cannot close cache: ");
  // Nothing else waits for it.
  await store.commit([put(2, "two")]);
  const commit = store.commit([put(1, "new")]);
  resolve();
  await commit;
  assertEquals(await store.get(digestOf(1)), valueOf(put(1, "new")));
});

Deno.test("fromUnstorage() throws a TypeError when it is given no storage or a bad option", () => {
  for (const bad of [undefined, null, {}, new Map(), "memory"]) {
    assertThrows(
      () => fromUnstorage(bad as unknown as UnstorageLike),
      TypeError,
      "Cannot set storage",
    );
  }
  for (const base of ["", ":", "a:", ":a", "a::b", "a/b", "é", 5]) {
    const options = { base } as FromUnstorageOptions;
    assertThrows(() => fromUnstorage(createStorage(), options), TypeError, "Cannot set base");
  }
  for (const timeout of [0, -1, NaN, Infinity, "5"]) {
    const options = { timeout } as FromUnstorageOptions;
    assertThrows(() => fromUnstorage(createStorage(), options), TypeError, "Cannot set timeout");
  }
});
