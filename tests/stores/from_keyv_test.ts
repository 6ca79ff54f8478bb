// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import Keyv from "keyv";
import { CacheError } from "../../src/errors/cache_error.ts";
import { fromKeyv, type KeyvLike } from "../../src/stores/from_keyv.ts";
import { keyvAdapter } from "../../src/stores/keyv_adapter.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { digestOf, noise, put, remove, valueOf } from "./_changes.ts";
import { withDirectory } from "./_temporary.ts";

Deno.test("fromKeyv() keeps each entry under its digest in the namespace, and leaves others alone", async () => {
  const engine = new Map<string, unknown>();
  const keyv = new Keyv({ store: engine, namespace: "a", throwOnErrors: true });
  await keyv.set("mine", 5);
  await new Keyv({ store: engine, namespace: "b" }).set(digestOf(9), 5);
  const store = fromKeyv(keyv);
  await store.commit([put(1, "one"), remove(2)]);
  assertEquals(
    [...engine.keys()].sort(),
    [`a:${digestOf(1)}`, "a:mine", `b:${digestOf(9)}`].sort(),
  );
  assertEquals(await store.count(), 1);
  assertEquals(store.location, "keyv:a");
});

Deno.test("fromKeyv() finds nothing in a value that is damaged or somebody else's, and warns once", async () => {
  const keyv = new Keyv({ throwOnErrors: true });
  const store = fromKeyv(keyv);
  const change = put(1, [noise(30, 1), noise(50, 2)]);
  await store.commit([change]);
  const text = await keyv.get<string>(change.digest);
  using warnings = collectWarnings();
  for (
    const value of [
      5,
      true,
      {},
      new Uint8Array(9),
      "",
      "%",
      "QUJD",
      text!.slice(0, -8),
      text + "AAAA",
    ]
  ) {
    await keyv.set(change.digest, value);
    assertEquals(await store.get(change.digest), undefined);
    assertEquals(await store.getMany!([change.digest]), [undefined]);
    assertEquals(await store.has(change.digest), false);
  }
  assertEquals(warnings.lines.length, 1);
  await store.commit([change]);
  assertEquals(await store.get(change.digest), valueOf(change));
});

Deno.test("fromKeyv() gives a time to live to Keyv", async () => {
  const told: unknown[] = [];
  const keyv = new Keyv({ throwOnErrors: true });
  keyv.set = (...args: unknown[]) => Promise.resolve(told.push(args.slice(2)) > 0);
  const store = fromKeyv(keyv as unknown as KeyvLike);
  for (const keepFor of [1.5, 2000, 1e15, Infinity, undefined]) {
    await store.commit([put(1, "x")], { keepFor });
  }
  assertEquals(told, [[2], [2000], [], [], []]);
});

Deno.test("fromKeyv() rejects with a CacheError when the engine fails, or can't be gone through", async () => {
  const fail = () => Promise.reject(new Error("no such server"));
  const engine = { get: fail, set: fail, delete: fail, clear: fail, getMany: fail };
  const keyv = new Keyv({ store: engine, throwOnErrors: true });
  keyv.on("error", () => {});
  const store = fromKeyv(keyv);
  await assertRejects(() => store.get(digestOf(1)), CacheError, "no such server");
  await assertRejects(() => store.commit([put(1, "one")]), CacheError, "no such server");
  await assertRejects(() => store.commit([remove(1)]), CacheError, "no such server");
  await assertRejects(() => store.count(), CacheError, "can't be gone through");
  keyv.set = () => Promise.resolve(false);
  await assertRejects(() => store.commit([put(1, "one")]), CacheError, "could not set");
});

Deno.test("fromKeyv() and keyvAdapter() give back what went through both", async () => {
  await withDirectory(async (directory) => {
    const log = new LogStore(`${directory}/a.cache`);
    const keyv = new Keyv({ store: keyvAdapter(log), namespace: "n", throwOnErrors: true });
    const store = fromKeyv(keyv);
    const change = put(1, [noise(30, 1), noise(50, 2)], { promised: true });
    await store.commit([change, put(2, "two")]);
    assertEquals(await store.get(change.digest), valueOf(change));
    assertEquals(await store.count(), 2);
    log.close();
  });
});

Deno.test("fromKeyv() throws a TypeError when it is given no Keyv that throws", () => {
  for (const bad of [undefined, null, {}, new Map(), new MemoryStore()]) {
    assertThrows(() => fromKeyv(bad as unknown as KeyvLike), TypeError, "Cannot set keyv");
  }
  assertThrows(() => fromKeyv(new Keyv()), TypeError, "throwOnErrors");
  const keyv = new Keyv({ throwOnErrors: true });
  assertThrows(() => fromKeyv(keyv, { timeout: -1 }), TypeError, "Cannot set timeout");
});
