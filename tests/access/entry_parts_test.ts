// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import {
  isPartKey,
  makeNotice,
  makePartKey,
  mayHaveParts,
  NOTICE,
  sampleDigest,
  SampleTurns,
} from "../../src/access/entry_parts.ts";
import { StorePlace } from "../../src/access/storage_options.ts";
import { deriveDigest } from "../../src/keys/derive_digest.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { StoredKey } from "../../src/stores/store.ts";

const OF = "5".repeat(64);

function keyOf(kind: StoredKey["kind"], text: string): StoredKey {
  return { kind, parts: [new TextEncoder().encode(text)] };
}

Deno.test("makePartKey() gives a key that tells what the entry is and of which call", () => {
  const key = makePartKey({ part: "sample", of: OF, index: 2, name: "draw", preview: '"a"' });
  assertEquals(key.kind, "call");
  assertEquals(
    new TextDecoder().decode(key.parts[0]),
    `{"part":"sample","of":"${OF}","index":2,"name":"draw","preview":"\\"a\\""}`,
  );
  assertEquals(
    new TextDecoder().decode(
      makePartKey({ part: "error", of: OF, name: "f", preview: "" }).parts[0],
    ),
    `{"part":"error","of":"${OF}","name":"f","preview":""}`,
  );
});

Deno.test("isPartKey() recognises parts of any kind, and nothing else", () => {
  assert(isPartKey(makePartKey({ part: "chunk", of: OF, index: 0, name: "f", preview: "" })));
  assert(isPartKey(keyOf("call", '{"part":"of a kind from the future"')));
  assert(isPartKey(makeNotice(0).key));
  for (
    const key of [
      keyOf("call", '{"name":"f","preview":"1"}'),
      // No function and no argument can have an entry hidden.
      keyOf("call", JSON.stringify({ name: '{"part":"error"', preview: '{"part":"error"' })),
      keyOf("value", '{"part":"error","of":"","name":"","preview":""}'),
      keyOf("call", '{"part"'),
      keyOf("call", ""),
    ]
  ) {
    assert(!isPartKey(key), new TextDecoder().decode(key.parts[0]));
  }
});

Deno.test("mayHaveParts() is true when the notice was committed", () => {
  const store = new MemoryStore();
  assert(!mayHaveParts(store));
  store.commit([makeNotice(0)]);
  assert(mayHaveParts(store));
  assertEquals(NOTICE, deriveDigest({ purpose: "notice", base: "", details: [] }));
});

Deno.test("SampleTurns know whose turn it is of the keys called last", () => {
  const turns = new SampleTurns(2, new StorePlace(undefined, new MemoryStore()));
  const turnOf = (digest: string, isCall: boolean) =>
    turns.locate({ digest, key: "k" }, isCall).sample.index;
  const [first, second] = ["first", "second"];
  assertEquals([turnOf(first, true), turnOf(second, true), turnOf(first, false)], [0, 0, 1]);
  for (let i = 0; i < 249_998; i++) turnOf(`${i}`, true);
  // None of the two is forgotten yet. The first is called again, and so the second is the next to go.
  assertEquals([turnOf(first, true), turnOf(second, false)], [1, 1]);
  turnOf("one more", true);
  assertEquals([turnOf(first, false), turnOf(second, false)], [0, 0]);
  assertEquals(turnOf(first, true), 0);
  assertEquals(turnOf(first, true), 1);
});

Deno.test("SampleTurns keep what they are given of a call", () => {
  const turns = new SampleTurns(2, new StorePlace(undefined, new MemoryStore()));
  const located = { digest: OF, key: "k", more: 5 };
  assertEquals(turns.locate(located, true), { ...located, sample: { of: OF, index: 0 } });
  assertEquals(turns.locate(located, true), {
    ...located,
    digest: sampleDigest(OF, 1),
    sample: { of: OF, index: 1 },
  });
});
