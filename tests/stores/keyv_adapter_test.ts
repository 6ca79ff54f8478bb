// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import Keyv from "keyv";
import { CacheDict } from "../../src/cache_dict/cache_dict.ts";
import { keyvAdapter, type KeyvAdapterOptions } from "../../src/stores/keyv_adapter.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Store } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { digestOf, put } from "./_changes.ts";
import { goldenBytes, goldenText } from "./_golden.ts";
import { withDirectory } from "./_temporary.ts";

Deno.test("keyvAdapter() gives back texts and bytes as they were", async () => {
  const adapter = keyvAdapter(new MemoryStore());
  const buffer = new Uint8Array([0, 1, 2, 3, 4]);
  const texts = ["", "a", "é 🙂", "\u0000", "\ufeffa"];
  for (const text of texts) {
    await adapter.set("text", text);
    assertEquals(await adapter.get("text"), text);
  }
  const isSet = adapter.set("bytes", buffer.subarray(1, 3));
  buffer.fill(9);
  assertEquals(await isSet, true);
  assertEquals(await adapter.getMany(["bytes", "none", "text"]), [
    new Uint8Array([1, 2]),
    undefined,
    "\ufeffa",
  ]);
  for (const bad of [undefined, null, 5, {}, Symbol("s")]) {
    await assertRejects(() => adapter.set("bad", bad), TypeError, "Cannot set value");
  }
  await assertRejects(() => adapter.set("bad", "x", -5), TypeError, "Cannot set ttl");
  assertEquals(await adapter.has("bad"), false);
});

Deno.test("keyvAdapter() tells keys apart whatever they are made of", async () => {
  const adapter = keyvAdapter(new MemoryStore());
  const keys = [
    "",
    "a",
    "A",
    "a:b",
    "é",
    "e\u0301",
    "\ud800",
    "\ud801",
    "\ufffd",
    '"',
    "__proto__",
  ];
  await adapter.setMany(keys.map((key, at) => ({ key, value: `${at}` })));
  assertEquals(await adapter.getMany(keys), keys.map((_, at) => `${at}`));
  const found = await Array.fromAsync(adapter.iterator());
  assertEquals(found, keys.map((key, at) => [key, `${at}`]));
});

Deno.test("keyvAdapter() has nothing that has expired", async () => {
  let time = 1_000_000;
  const adapter = keyvAdapter(new MemoryStore(), { now: () => time });
  await adapter.setMany([{ key: "a", value: "a", ttl: 10 }, { key: "b", value: "b" }]);
  await adapter.set("c", "c", 0);
  time += 9;
  assertEquals(await adapter.hasMany(["a", "b", "c"]), [true, true, true]);
  time += 1;
  assertEquals(await adapter.hasMany(["a", "b", "c"]), [false, true, true]);
  assertEquals(await adapter.get("a"), undefined);
  assertEquals(await Array.fromAsync(adapter.iterator()), [["b", "b"], ["c", "c"]]);
  assertEquals(await adapter.delete("a"), false);
  assertEquals(await adapter.deleteMany(["a", "b"]), true);
  assertEquals(await adapter.delete("b"), false);
});

Deno.test("keyvAdapter() clears its namespace, and without one all that adapters have set", async () => {
  const store = new MemoryStore();
  store.commit([put(1, "a user's entry")]);
  const adapter = keyvAdapter(store);
  const keys = ["a:1", "a:2", "ab:1", "b:1", "a"];
  await adapter.setMany(keys.map((key) => ({ key, value: key })));
  adapter.namespace = "a";
  assertEquals((await Array.fromAsync(adapter.iterator())).length, 2);
  assertEquals(await Array.fromAsync(adapter.iterator("b")), [["b:1", "b:1"]]);
  await adapter.clear();
  assertEquals(await adapter.hasMany(keys), [false, false, true, true, true]);
  adapter.namespace = undefined;
  await adapter.clear();
  assertEquals([store.size, store.has(digestOf(1))], [1, true]);
});

Deno.test("keyvAdapter() keeps the store within limits", async () => {
  const store = new MemoryStore();
  const adapter = keyvAdapter(store, { limits: { maxEntries: 2 } });
  await adapter.set("a", "a");
  await adapter.set("b", "b");
  await adapter.get("a");
  await adapter.set("c", "c");
  assertEquals(await adapter.hasMany(["a", "b", "c"]), [true, false, true]);
});

Deno.test("keyvAdapter() finds nothing in what somebody else has put, and leaves it", async () => {
  const store = new MemoryStore();
  const adapter = keyvAdapter(store);
  await adapter.set("a", "a");
  const [info] = [...store.entries()];
  const base = { ...put(1, "x"), digest: info!.digest, key: info!.key };
  for (
    const change of [
      base,
      { ...base, codec: "keyv" },
      { ...base, codec: "keyv", parts: [new Uint8Array(16).fill(2)] as const },
      { ...base, codec: "keyv", parts: [new Uint8Array(16), new Uint8Array(1)] as const },
    ]
  ) {
    store.commit([change]);
    assertEquals(await adapter.get("a"), undefined);
    assertEquals(await adapter.has("a"), false);
    assertEquals(await Array.fromAsync(adapter.iterator()), []);
  }
});

Deno.test("keyvAdapter() shares a file with a CacheDict, which neither sees nor loses what it has", async () => {
  await withDirectory(async (directory) => {
    const filePath = `${directory}/a.cache`;
    const log = new LogStore(filePath);
    const keyv = new Keyv({ store: keyvAdapter(log), namespace: "n" });
    await keyv.set("a", { b: 1 });
    {
      using warnings = collectWarnings();
      using cache = new CacheDict<number>(filePath);
      cache.set("a", 5);
      assertEquals([...cache.entries()], [["a", 5]]);
      assertEquals(warnings.lines.length, 1);
    }
    assertEquals(await keyv.get("a"), { b: 1 });
    await keyv.clear();
    {
      using cache = new CacheDict<number>(filePath);
      assertEquals(cache.get("a"), 5);
    }
    log.close();
  });
});

Deno.test("keyvAdapter() writes the entry in the document, byte for byte", async () => {
  const store = new MemoryStore();
  const adapter = keyvAdapter(store, { now: () => 1_750_000_000_000 });
  await adapter.set("users:7", '{"value":"Ada"}', 60_000);
  const [info] = [...store.entries()];
  assertEquals(info!.digest, goldenText("keyv-digest"));
  assertEquals(store.get(info!.digest)!.parts[0].toHex(), goldenBytes("keyv").toHex());
  assertEquals(
    [info!.codec, info!.functionName, info!.key.kind, new TextDecoder().decode(info!.key.parts[0])],
    ["keyv", "keyv", "call", goldenText("keyv-key")],
  );
});

Deno.test("keyvAdapter() throws a TypeError when it is given no store or a bad option", () => {
  for (const bad of [undefined, null, {}, new Map()]) {
    assertThrows(() => keyvAdapter(bad as unknown as Store), TypeError, "Cannot set store");
  }
  for (const options of [{ limits: 5 }, { limits: null }, { now: 5 }]) {
    const bad = options as unknown as KeyvAdapterOptions;
    assertThrows(() => keyvAdapter(new MemoryStore(), bad), TypeError, "Cannot set ");
  }
});
