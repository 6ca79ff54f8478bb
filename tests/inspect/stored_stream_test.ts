// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { chunkDigest, encodeManifest, type StreamKind } from "../../src/access/stream_entries.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import {
  chunkTexts,
  extentText,
  StoredStream,
  streamText,
  valueForm,
} from "../../src/inspect/stored_stream.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { digestOf, put } from "../stores/_changes.ts";

const BASE = digestOf(1);

/** A store with a stream of some chunks, which may say that there are more. */
function streamOf(
  chunks: readonly unknown[],
  { kind = "generator", count = chunks.length, returned = undefined as unknown }: {
    kind?: StreamKind;
    count?: number;
    returned?: unknown;
  } = {},
): { store: MemoryStore; stream: StoredStream } {
  const store = new MemoryStore();
  const all = returned === undefined ? chunks : [...chunks, returned];
  const returns = returned !== undefined;
  store.commit([
    {
      ...put(1, "1"),
      codec: "structured+stream",
      parts: encodeManifest({ kind, run: "run", chunks: count, returns }),
    },
    ...all.map((chunk, index) => ({
      ...put(0, encodeParts(structured, chunk)),
      digest: chunkDigest(BASE, "run", index),
    })),
  ]);
  return { store, stream: StoredStream.from(store, BASE, store.get(BASE)!)! };
}

Deno.test("StoredStream.from() gives nothing of a value", () => {
  const store = new MemoryStore();
  store.commit([put(1, '{"stream":1,"kind":"generator","run":"r","chunks":1,"returns":false}')]);
  assertEquals(StoredStream.from(store, BASE, store.get(BASE)!), undefined);
});

Deno.test("measure() adds up chunks and what was returned, as many as it is told to", () => {
  const { stream } = streamOf(["a", "bc"], { returned: "def" });
  const isAll = { missing: undefined, isAll: true };
  assertEquals(stream.measure(), { measured: 3, bytes: 12, ...isAll });
  assertEquals(stream.measure(3), { measured: 3, bytes: 12, ...isAll });
  const part = stream.measure(2);
  assertEquals(part, { measured: 2, bytes: 7, missing: undefined, isAll: false });
  assertEquals([extentText(stream.measure()), extentText(part)], ["12 B", "at least 7 B"]);
  assertEquals(streamOf([]).stream.measure(), { measured: 0, bytes: 0, ...isAll });
});

Deno.test("a stream that says that it has countless chunks takes no time and no memory", () => {
  const { store, stream } = streamOf(["a", "b"], { count: Number.MAX_SAFE_INTEGER, returned: 1 });
  assertEquals(stream.measure(Infinity).missing, 3);
  assert(!stream.isWhole);
  const texts = [...chunkTexts(stream, Infinity)];
  assertEquals(texts, ['[0] "a"', '[1] "b"', "[2] 1", "[3] (missing or damaged)"]);
  assertEquals(valueForm(store, BASE, store.get(BASE)!).missing, 3);
});

Deno.test("chunkTexts() shows a chunk that can't be decoded or is too large as such", () => {
  const { store, stream } = streamOf([new Uint8Array(5 * 1024 * 1024), 1, "c"]);
  store.commit([{ ...put(0, "?"), codec: "mine", digest: stream.digest(1) }]);
  assertEquals([...chunkTexts(stream, 2)], [
    "[0] (too large to be shown: 5.2 MB)",
    '[1] (can\'t be decoded: no codec named "mine" here)',
    "... 1 more",
  ]);
});

Deno.test("streamText() tells what gave how many chunks", () => {
  const textOf = (chunks: readonly unknown[], kind: StreamKind, returned?: unknown): string =>
    streamText(streamOf(chunks, { kind, returned }).stream);
  assertEquals(textOf([], "generator"), "0 chunks of a generator");
  assertEquals(
    textOf([1], "async generator", 2),
    "1 chunk of an async generator, and what it returned",
  );
  assertEquals(textOf([1, 2], "stream"), "2 chunks of a stream");
  assertEquals(textOf([1, 2], "bytes"), "2 chunks of a stream of bytes");
});

Deno.test("valueForm() gives chunks up to a number, and values as they are", () => {
  const most = streamOf(Array.from({ length: 10_000 }, () => 1));
  const formOf = ({ store }: { store: MemoryStore }): Record<string, unknown> =>
    valueForm(store, BASE, store.get(BASE)!).form as Record<string, unknown>;
  assertEquals((formOf(most)["$chunks"] as unknown[]).length, 10_000);
  const more = formOf(streamOf(Array.from({ length: 10_001 }, () => 1)));
  assertEquals(more["$reason"], "too large: 10,001 chunks, 10 kB");
  const store = new MemoryStore();
  store.commit([put(1, "[1]")]);
  assertEquals(valueForm(store, BASE, store.get(BASE)!), { form: [1] });
});
