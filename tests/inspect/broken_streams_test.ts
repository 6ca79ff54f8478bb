// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { makeNotice, makePartKey } from "../../src/access/entry_parts.ts";
import { chunkDigest, encodeManifest } from "../../src/access/stream_entries.ts";
import { brokenStreams } from "../../src/inspect/broken_streams.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { bytesOf, digestOf, put } from "../stores/_changes.ts";

const STREAM = digestOf(1);
const VALUE = digestOf(2);

function chunk(of: string, run: string, index: number): PutChange {
  const key = makePartKey({ part: "chunk", of, index, name: "f", preview: "" });
  return { ...put(0, "1"), digest: chunkDigest(of, run, index), key };
}

function manifest(): PutChange {
  const parts = encodeManifest({ kind: "generator", run: "new", chunks: 2, returns: true });
  return { ...put(1, "1"), codec: "structured+stream", parts };
}

function runs(): PutChange {
  const key = makePartKey({ part: "runs", of: STREAM, name: "f", preview: "" });
  return { ...put(9, "1"), key };
}

function storeOf(...changes: PutChange[]): MemoryStore {
  const store = new MemoryStore();
  store.commit(changes);
  return store;
}

const CHANGES = [
  makeNotice(0),
  manifest(),
  put(2, "1"),
  ...[0, 1, 2].map((index) => chunk(STREAM, "new", index)),
  chunk(STREAM, "cut off", 0),
  chunk(VALUE, "old", 0),
  chunk(digestOf(7), "of nobody", 0),
  runs(),
  // Made by somebody else.
  { ...put(12, "1"), key: { kind: "call", parts: [bytesOf('{"part":"chunk","of":"x"}')] } },
] as const;

Deno.test("brokenStreams() finds streams of which a chunk, or what was returned, is to go", () => {
  const store = storeOf(...CHANGES);
  for (const index of [0, 1, 2]) {
    const chunks = [chunkDigest(STREAM, "new", index)];
    assertEquals(brokenStreams(store, chunks), new Set([STREAM]));
  }
  const all = CHANGES.map(({ digest }) => digest);
  assertEquals(brokenStreams(store, all), new Set([STREAM]));
});

Deno.test("brokenStreams() leaves a stream alone when what goes is not of its run", () => {
  const store = storeOf(...CHANGES);
  const others = CHANGES.map(({ digest }) => digest)
    .filter((digest) => ![0, 1, 2].some((at) => digest === chunkDigest(STREAM, "new", at)));
  assertEquals(brokenStreams(store, [...others, digestOf(99)]), new Set());
  assertEquals(brokenStreams(storeOf(put(1, "1")), [STREAM]), new Set());
});
