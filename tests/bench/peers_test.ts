// Copyright 2026 the pecapiku authors. MIT license.

import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { entryOf } from "../../bench/peers/ours.ts";
import { allPeers } from "../../bench/peers/_all.ts";
import { byHand, decode, encode } from "../../bench/peers/_by_hand.ts";
import { WORK } from "../../bench/_workload.ts";

Deno.test("allPeers() gives ours, the floor, and a peer of each other file", async () => {
  const names = (await allPeers()).map(({ peer }) => peer.name);
  assertEquals(names.slice(0, 2), ["ours", "floor"]);
  assertEquals(new Set(names).size, names.length);
  assert(names.length > 2);
});

Deno.test("allPeers() gives none whose version is not pinned", async () => {
  for (const { peer: { name, imports, about } } of await allPeers()) {
    assert(about !== "", name);
    for (const specifier of imports.filter((specifier) => specifier.startsWith("npm:"))) {
      assertMatch(specifier, /^npm:(@[^/]+\/)?[^@/]+@\d+\.\d+\.\d+(-[\w.]+)?(\/|$)/);
    }
  }
});

Deno.test("bench/README.md tells of every peer how it is run", async () => {
  const text = await Deno.readTextFile(new URL("../../bench/README.md", import.meta.url));
  for (const { peer: { name } } of await allPeers()) assert(text.includes(`**${name}**`), name);
});

Deno.test("encode() gives bytes of which decode() makes an equal value", () => {
  for (
    const value of [
      WORK.record(1),
      [],
      "text",
      new Map([[1, new Date(0)]]),
      new Float64Array(100_000).fill(1.5),
      { first: new Uint8Array(70_001), second: new Uint16Array(50_000).fill(7) },
    ]
  ) {
    assertEquals(decode(encode(value)), value);
    assertEquals(decode(Buffer.concat([new Uint8Array(8), encode(value)]).subarray(8)), value);
  }
});

Deno.test("byHand() evaluates once, and again when it has to", async () => {
  for (const isAsync of [false, true]) {
    const kept = new Map<string, unknown>();
    const now = (value: unknown): unknown => isAsync ? Promise.resolve(value) : value;
    const opened = byHand({
      get: (key) => now(kept.get(key)),
      set: (key, value) => now(void kept.set(key, value)),
      setMany: (entries) => entries.forEach(([key, value]) => kept.set(key, value)),
      close() {},
    });
    let evaluations = 0;
    const memoised = await opened.memoise(function double(value: number): number {
      evaluations++;
      return 2 * value;
    });
    assertEquals([await memoised.call(1), await memoised.call(1), await memoised.call(2)], [
      2,
      2,
      4,
    ]);
    assertEquals(evaluations, 2);
    assertEquals(await memoised.rerun(1), 2);
    assertEquals(evaluations, 3);
    await memoised.fill([[3], [4]]);
    assertEquals([await memoised.call(4), evaluations, kept.size], [8, 5, 4]);
  }
});

Deno.test("entryOf() gives the entry that a call makes", () => {
  const store = new MemoryStore();
  const record = CacheDict.decorate(WORK.record, { store, now: () => 7 });
  record(1);
  const [made] = [...store.entries()];
  const entry = entryOf("record", record.keyFor(2), [2], WORK.record(2));
  store.commit([{ ...entry, writtenAt: 7 }]);
  const [, own] = [...store.entries()];
  record(2);
  record.rerun(2);
  const [, called] = [...store.entries()];
  assertEquals({ ...own, duration: 0 }, { ...called, duration: 0 });
  assertEquals([made!.codec, made!.promised], [own!.codec, own!.promised]);
  assertEquals(store.get(entry.digest)!.parts, entry.parts);
});
