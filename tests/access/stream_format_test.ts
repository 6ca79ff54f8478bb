// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheDict, type Codec, NoCache } from "@pecapiku/cache";
import {
  chunkDigest,
  decodeManifest,
  encodeManifest,
  encodeRuns,
  findRuns,
  RUNS_CODEC,
  runsDigest,
} from "../../src/access/stream_entries.ts";
import { codecNamed } from "../../src/codecs/resolve_codec.ts";
import { structured } from "../../src/codecs/structured.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Digest, Parts, PutChange, Store } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";

const BASE = "5".repeat(64);
const RUN = "0b8f6c1e-5a0f-4d57-9d0a-3c1f6a7b8c9d";

const BUILDERS: Readonly<Record<string, () => string>> = {
  "the manifest": () =>
    textOf(encodeManifest({ kind: "async generator", run: RUN, chunks: 3, returns: true })),
  "the runs": () =>
    textOf(encodeRuns([{ run: RUN, owner: "a worker", seen: 1_764_400_000_000, reserved: 4 }])),
  "the digest of chunk 2": () => chunkDigest(BASE, RUN, 2),
  "the digest of the runs": () => runsDigest(BASE),
};

function textOf(parts: Parts): string {
  return new TextDecoder().decode(parts[0]);
}

function bytesOf(text: string): Parts {
  return [new TextEncoder().encode(text)];
}

/** The examples of the document: a name, a line of what it is. */
function goldenTexts(): Map<string, string> {
  const page = Deno.readTextFileSync(new URL("../../docs/format.md", import.meta.url));
  const block = /```text golden=stream\n([^]*?)```/.exec(page)![1]!;
  const entries = block.trim().split("\n\n").map((entry) => entry.split("\n") as [string, string]);
  return new Map(entries);
}

Deno.test("docs/format.md gives the bytes of streams as they are written", () => {
  const golden = goldenTexts();
  assertEquals([...golden.keys()], Object.keys(BUILDERS));
  for (const [name, build] of Object.entries(BUILDERS)) assertEquals(build(), golden.get(name));
});

function put(store: Store, digest: Digest, change: Partial<PutChange>): void {
  store.commit([{
    type: "put",
    digest,
    codec: "structured",
    key: { kind: "call", parts: bytesOf('{"name":"f","preview":""}') },
    functionName: "f",
    writtenAt: Date.now(),
    duration: 0,
    promised: false,
    parts: bytesOf("0"),
    ...change,
  }]);
}

Deno.test("a stream is read from the bytes that docs/format.md gives", async () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(async function* f(): AsyncGenerator<number, string> {
    yield await Promise.resolve(-1);
    return "evaluated";
  }, { store });
  const call = f.keyFor();
  put(store, call, {
    codec: "structured+stream",
    parts: bytesOf(goldenTexts().get("the manifest")!),
  });
  for (let i = 0; i < 3; i++) put(store, chunkDigest(call, RUN, i), { parts: bytesOf(`${i}`) });
  put(store, chunkDigest(call, RUN, 3), { parts: bytesOf('"end"') });
  const generator = f();
  const steps = [];
  for (let i = 0; i < 4; i++) steps.push((await generator.next()).value);
  assertEquals(steps, [0, 1, 2, "end"]);
});

Deno.test("decodeManifest() gives nothing when it is no manifest of this version", () => {
  const manifest = { kind: "generator", run: RUN, chunks: 3, returns: false } as const;
  const codec = "structured+stream";
  assertEquals(decodeManifest({ codec, parts: encodeManifest(manifest) }), manifest);
  assertEquals(decodeManifest({ codec: "structured", parts: encodeManifest(manifest) }), undefined);
  const bad: unknown[] = [
    { stream: 2, ...manifest },
    { stream: 1, ...manifest, kind: "other" },
    { stream: 1, ...manifest, run: 7 },
    { stream: 1, ...manifest, chunks: -1 },
    { stream: 1, ...manifest, chunks: 1.5 },
    { stream: 1, ...manifest, chunks: "3" },
    { stream: 1, ...manifest, returns: 1 },
    manifest,
    [],
    null,
    7,
  ];
  for (const content of bad) {
    assertEquals(decodeManifest({ codec, parts: bytesOf(JSON.stringify(content)) }), undefined);
  }
  for (const text of ["", "{", "\xff"]) {
    assertEquals(decodeManifest({ codec, parts: bytesOf(text) }), undefined);
  }
});

Deno.test("findRuns() gives nothing when the entry is not what it wrote", () => {
  const store = new MemoryStore();
  const run = { run: RUN, owner: "a", seen: 1, reserved: 2 };
  assertEquals(findRuns(store, BASE), []);
  put(store, runsDigest(BASE), { codec: RUNS_CODEC, parts: encodeRuns([run]) });
  assertEquals(findRuns(store, BASE), [run]);
  put(store, runsDigest(BASE), { codec: "structured", parts: encodeRuns([run]) });
  assertEquals(findRuns(store, BASE), []);
  for (const text of ["{", "[]", "null", '{"runs":{}}', '{"runs":[1,null,{"run":"a"}]}']) {
    put(store, runsDigest(BASE), { codec: RUNS_CODEC, parts: bytesOf(text) });
    assertEquals(findRuns(store, BASE), []);
  }
});

Deno.test("a manifest is a miss to a reader that does not know of streams", () => {
  assertEquals(codecNamed("structured+stream", structured), undefined);
  assertEquals(codecNamed(RUNS_CODEC, structured), undefined);
  const codec: Codec = { name: "mine+stream", encode: () => new Uint8Array(1), decode: () => 1 };
  assertThrows(() => CacheDict.decorate({ codec }), TypeError, "as that of a stream does");
});

Deno.test("a manifest that can't be read is evaluated again", () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(function* f() {
    yield 1;
  }, { store });
  put(store, f.keyFor(), { codec: "structured+stream", parts: bytesOf('{"stream":2}') });
  assertEquals([f.has(), f.get() instanceof NoCache], [false, true]);
  using cache = new CacheDict(undefined, { store });
  using warnings = collectWarnings();
  assertEquals([...cache.values()], []);
  assertEquals(warnings.lines, []);
  assertEquals([[...f()], f.has()], [[1], true]);
  put(store, f.keyFor(), { codec: "structured+stream", parts: bytesOf("\xff") });
  const plain = CacheDict.decorate(function f() {
    return 2;
  }, { store });
  assertEquals([plain.has(), plain(), plain()], [false, 2, 2]);
  assert(plain.has());
});
