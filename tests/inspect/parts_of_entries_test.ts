// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import {
  errorDigest,
  makeNotice,
  makePartKey,
  type PartName,
  sampleDigest,
} from "../../src/access/entry_parts.ts";
import { entryCount, entryInfos } from "../../src/inspect/entry_rows.ts";
import { findEntry } from "../../src/inspect/find_entry.ts";
import { partsOfEntries } from "../../src/inspect/parts_of_entries.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Digest, PutChange, StoredKey } from "../../src/stores/store.ts";
import { bytesOf, digestOf, put } from "../stores/_changes.ts";

function part(part: PartName, of: Digest, digest: Digest, index?: number): PutChange {
  return { ...put(0, "1"), digest, key: makePartKey({ part, of, index, name: "f", preview: "" }) };
}

function keyOf(text: string): StoredKey {
  return { kind: "call", parts: [bytesOf(text)] };
}

const A = digestOf(1);
const B = digestOf(2);
const [A1, A3] = [sampleDigest(A, 1), sampleDigest(A, 3)];

const STORED: readonly PutChange[] = [
  makeNotice(0),
  put(1, "a"),
  put(2, "b"),
  part("error", A, errorDigest(A)),
  part("sample", A, A1, 1),
  part("error", A1, errorDigest(A1), 1),
  // Behind one that is missing, and known by its key only; what belongs to it, too.
  part("sample", A, A3, 3),
  part("error", A3, errorDigest(A3), 3),
  part("error", B, errorDigest(B)),
  // Of a later version.
  { ...put(11, "1"), key: keyOf(`{"part":"shard","of":"${A}","name":"f","preview":""}`) },
  // Of nobody, or made by somebody else.
  { ...put(12, "1"), key: keyOf('{"part":"chunk","of":"x"}') },
  { ...put(13, "1"), key: keyOf('{"part":"') },
  { ...put(14, "1"), key: keyOf(`{"name":"f","part":"chunk","of":"${A}"}`) },
  { ...put(15, "1"), key: { kind: "value", parts: [bytesOf(`{"part":"chunk","of":"${A}"}`)] } },
];

function storeOf(changes: readonly PutChange[]): MemoryStore {
  const store = new MemoryStore();
  store.commit(changes);
  return store;
}

const PARTS_OF_A = [errorDigest(A), A1, errorDigest(A1), A3, errorDigest(A3), digestOf(11)].sort();

Deno.test("partsOfEntries() finds what belongs to entries, by digests and by keys", () => {
  const store = storeOf(STORED);
  assertEquals([...partsOfEntries(store, [A])].sort(), PARTS_OF_A);
  assertEquals([...partsOfEntries(store, [B])], [errorDigest(B)]);
  assertEquals([...partsOfEntries(store, [A, B])].sort(), [...PARTS_OF_A, errorDigest(B)].sort());
  // What is asked for itself is not among them.
  assertEquals([...partsOfEntries(store, [A, A3])].length, PARTS_OF_A.length - 1);
  assertEquals([...partsOfEntries(store, [A1])], [errorDigest(A1)]);
  assertEquals([...partsOfEntries(store, [])], []);
  assertEquals([...partsOfEntries(store, [digestOf(99)])], []);
});

Deno.test("partsOfEntries() finds the parts of an entry that is not there", () => {
  const store = storeOf(STORED.filter(({ digest }) => digest !== A));
  assertEquals([...partsOfEntries(store, [A])].sort(), PARTS_OF_A);
});

Deno.test("partsOfEntries() asks who knows the keys, until nothing is found", () => {
  const store = storeOf([]);
  const known = new Map([[A, B], [B, A1], [A1, A]]);
  const asked: Digest[][] = [];
  const found = partsOfEntries(store, [A], (owners) => {
    asked.push([...owners]);
    return [...owners].map((owner) => known.get(owner)!);
  });
  assertEquals([[...found], asked], [[B, A1], [[A], [B], [A1]]]);
});

Deno.test("entryInfos(), entryCount() and findEntry() pass over the notice of parts", () => {
  const store = storeOf(STORED);
  const notice = STORED[0]!.digest;
  const all = [...entryInfos(store, { parts: true })];
  assertEquals([all.length, entryCount(store)], [STORED.length - 1, STORED.length - 1]);
  assertEquals(all.some(({ digest }) => digest === notice), false);
  assertEquals(entryCount(storeOf([put(1, "a")])), 1);
  assertEquals([...entryInfos(store)].length, 4);
  for (const text of [notice, notice.slice(0, 8), "(anonymous)() (notice"]) {
    assertEquals(findEntry(store, text), { candidates: [] });
  }
});

Deno.test("findEntry() finds what belongs to an entry where there is no other of its name", () => {
  const named = (name: string, digest: Digest, of?: Digest) => ({
    ...put(0, "1"),
    digest,
    key: of === undefined
      ? keyOf(JSON.stringify({ name, preview: "1" }))
      : makePartKey({ part: "error", of, name, preview: "1" }),
  });
  const store = storeOf([
    named("f", A),
    named("f", errorDigest(A), A),
    named("g", errorDigest(B), B),
  ]);
  assertEquals(findEntry(store, "f(1)").info?.digest, A);
  assertEquals(findEntry(store, "f(").info?.digest, A);
  assertEquals(findEntry(store, "f(1) (error)").info?.digest, errorDigest(A));
  for (const text of ["g(1)", "g(", "g(1) (error)"]) {
    assertEquals(findEntry(store, text).info?.digest, errorDigest(B), text);
  }
});
