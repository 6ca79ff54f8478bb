// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { createFileHeader } from "../../src/stores/_file_header.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Digest, Parts, PutChange, StoreChange } from "../../src/stores/store.ts";
import { infoOf, valueOf } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";

const PATH = "/a.cache";

/** The document that specifies the bytes. */
const DOCUMENT = new URL("../../docs/format.md", import.meta.url);

function block(name: string): string {
  const text = Deno.readTextFileSync(DOCUMENT);
  const match = text.match(new RegExp(`\`\`\`[a-z]+ golden=${name}\\n(.*?)\\n\`\`\``, "s"));
  assert(match !== null, `No block golden=${name}`);
  return match[1]!;
}

function goldenFile(): Uint8Array<ArrayBuffer> {
  // What the bytes are is written behind two spaces.
  const digits = block("file").split("\n").map((line) => line.split("  ")[0]!.replaceAll(" ", ""));
  return Uint8Array.fromHex(digits.join(""));
}

function goldenCommits(): StoreChange[][] {
  type Written = Omit<PutChange, "parts" | "key"> & {
    parts: string[];
    key: { kind: "value" | "call"; parts: string[] };
  };
  const parts = (digits: string[]) =>
    digits.map((part) => Uint8Array.fromHex(part)) as unknown as Parts;
  return (JSON.parse(block("commits")) as (Written | StoreChange)[][]).map((changes) =>
    changes.map((change) =>
      change.type === "delete" ? change : {
        ...change as Written,
        parts: parts((change as Written).parts),
        key: { kind: change.key.kind, parts: parts((change as Written).key.parts) },
      }
    )
  );
}

Deno.test("LogStore reads the file in the document as it is described there", () => {
  const state = new Map<Digest, PutChange>();
  for (const change of goldenCommits().flat()) {
    if (change.type === "put") state.set(change.digest, change);
    else state.delete(change.digest);
  }
  const disk = new MemoryDisk();
  disk.write(PATH, goldenFile());
  const store = new LogStore(PATH, { disk });
  assertEquals([...store.entries()], [...state.values()].map(infoOf));
  for (const change of state.values()) assertEquals(store.get(change.digest), valueOf(change));
  assert(state.size > 0);
  assertEquals(disk.read(PATH), goldenFile());
});

Deno.test("LogStore holds after each commit in the document what was committed", () => {
  const disk = new MemoryDisk();
  disk.write(PATH, goldenFile());
  const [first] = goldenCommits();
  const [put] = first as [PutChange];
  // The first batch alone.
  disk.files.get(PATH)!.bytes = goldenFile().slice(0, 32 + 76 + 63 + 2);
  const store = new LogStore(PATH, { disk });
  assertEquals([...store.entries()], [infoOf(put)]);
  assertEquals(store.get(put.digest), valueOf(put));
});

Deno.test("LogStore.commit() writes the file in the document, byte for byte", () => {
  const file = goldenFile();
  const disk = new MemoryDisk();
  disk.write(PATH, createFileHeader(file.subarray(12, 20)));
  assertEquals(disk.read(PATH), file.slice(0, 32));
  const store = new LogStore(PATH, { disk });
  for (const changes of goldenCommits()) store.commit(changes);
  assertEquals(disk.read(PATH).toHex(), file.toHex());
});

Deno.test("LogStore.commit() gives each file a salt of its own", () => {
  const salts = new Set<string>();
  for (let count = 0; count < 20; count++) {
    const disk = new MemoryDisk();
    new LogStore(PATH, { disk }).commit(goldenCommits()[0]!);
    salts.add(disk.read(PATH).subarray(12, 20).toHex());
  }
  assertEquals(salts.size, 20);
});
