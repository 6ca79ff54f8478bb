// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import {
  type EntryPart,
  isPartKey,
  makeNotice,
  makePartKey,
  NOTICE,
} from "../../src/access/entry_parts.ts";
import { deriveDigest } from "../../src/keys/derive_digest.ts";
import type { EntryInfo, StoredKey } from "../../src/stores/store.ts";

/** The document that specifies the keys. */
const DOCUMENT = new URL("../../docs/format.md", import.meta.url);

function vectors(): (readonly [expression: string, text: string])[] {
  const document = Deno.readTextFileSync(DOCUMENT);
  const [, body] = /```text parts\n(.*?)\n```/s.exec(document)!;
  return body!.split("\n\n").map((lines) => lines.split("\n") as [string, string]);
}

function textOf({ parts }: StoredKey): string {
  return new TextDecoder().decode(parts[0]);
}

Deno.test("the document has test vectors of the keys of parts", () => {
  assertEquals(vectors().length, 4);
});

for (const [expression, text] of vectors()) {
  Deno.test(`the test vector of a part holds: ${expression}`, () => {
    // What is in the project's own document is as good as its code.
    const part = new Function(`return (${expression});`)() as EntryPart | { part: "notice" };
    const key = part.part === "notice" ? makeNotice(0).key : makePartKey(part);
    assertEquals(textOf(key), text);
    assert(isPartKey(key));
  });
}

Deno.test("entries are stored as the document says: samples, errors and the notice", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const draw = CacheDict.decorate(function draw(_x: number): number {
    if (++evaluations === 2) throw new RangeError("no");
    return evaluations;
  }, { store, samples: 3, cacheErrors: () => true, codec: "msgpack", namespace: "n" });
  draw(17);
  try {
    draw(17);
  } catch {
    // It is stored.
  }
  draw(17);
  const of = draw.keyFor(17);
  const plain = CacheDict.decorate(function draw(_x: number) {}, { store }).keyFor(17);
  assertEquals(of, deriveDigest({ purpose: "namespace", base: plain, details: ["n"] }));
  const sample = (index: number) => deriveDigest({ purpose: "sample", base: of, details: [index] });
  const error = deriveDigest({ purpose: "error", base: sample(1), details: [] });
  const told = ({ digest, codec, functionName, key }: EntryInfo) => [
    digest,
    codec,
    functionName,
    textOf(key),
  ];
  assertEquals([...store.entries()].map(told), [
    [of, "msgpack", "n/draw", '{"name":"n/draw","preview":"17"}'],
    [NOTICE, "structured", "", '{"part":"notice","of":"","name":"","preview":""}'],
    [
      error,
      "structured",
      "n/draw",
      `{"part":"error","of":"${sample(1)}","index":1,"name":"n/draw","preview":"17"}`,
    ],
    [
      sample(2),
      "msgpack",
      "n/draw",
      `{"part":"sample","of":"${of}","index":2,"name":"n/draw","preview":"17"}`,
    ],
  ]);
  assertEquals(new TextDecoder().decode(store.get(NOTICE)!.parts[0]), "true");
});
