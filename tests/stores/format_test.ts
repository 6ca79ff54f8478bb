// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { createAnchor } from "../../src/stores/_anchor.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { createFileHeader } from "../../src/stores/_file_header.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Digest, Parts, PutChange, StoreChange } from "../../src/stores/store.ts";
import { infoOf, valueOf } from "./_changes.ts";
import { goldenBytes, goldenText } from "./_golden.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";

const PATH = "/a.cache";

interface GoldenCommit {
  readonly touched: readonly Digest[];
  readonly changes: readonly StoreChange[];
}

function goldenCommits(): GoldenCommit[] {
  type Written = Omit<PutChange, "parts" | "key"> & {
    parts: string[];
    key: { kind: "value" | "call"; parts: string[] };
  };
  const parts = (digits: string[]) =>
    digits.map((part) => Uint8Array.fromHex(part)) as unknown as Parts;
  const commits = JSON.parse(goldenText("commits")) as { touched: Digest[]; changes: unknown[] }[];
  return commits.map(({ touched, changes }) => ({
    touched,
    changes: (changes as (Written | StoreChange)[]).map((change) =>
      change.type === "delete" ? change : {
        ...change as Written,
        parts: parts((change as Written).parts),
        key: { kind: change.key.kind, parts: parts((change as Written).key.parts) },
      }
    ),
  }));
}

Deno.test("LogStore reads the file in the document as it is described there", () => {
  const state = new Map<Digest, PutChange>();
  for (const change of goldenCommits().flatMap(({ changes }) => changes)) {
    if (change.type === "put") state.set(change.digest, change);
    else state.delete(change.digest);
  }
  const disk = new MemoryDisk();
  disk.write(PATH, goldenBytes("file"));
  const store = new LogStore(PATH, { disk });
  // First by way of the snapshot, then, to have all of them in order, by way of the records.
  for (const change of state.values()) assertEquals(store.get(change.digest), valueOf(change));
  assertEquals(store.size, state.size);
  assertEquals([...store.entries()], [...state.values()].map(infoOf));
  for (const change of state.values()) assertEquals(store.get(change.digest), valueOf(change));
  assert(state.size > 0);
  assertEquals(disk.read(PATH), goldenBytes("file"));
});

Deno.test("LogStore holds after each commit in the document what was committed", () => {
  const disk = new MemoryDisk();
  disk.write(PATH, goldenBytes("file"));
  const [put] = goldenCommits()[0]!.changes as [PutChange];
  // The first batch alone.
  disk.files.get(PATH)!.bytes = goldenBytes("file").slice(0, FIRST_RECORD_AT + 76 + 63 + 2);
  const store = new LogStore(PATH, { disk });
  assertEquals([...store.entries()], [infoOf(put)]);
  assertEquals(store.get(put.digest), valueOf(put));
});

Deno.test("LogStore.commit() writes the file in the document, byte for byte", () => {
  const file = goldenBytes("file");
  const disk = new MemoryDisk();
  const salt = file.subarray(12, 20);
  const header = createFileHeader(salt);
  disk.write(PATH, new Uint8Array([...header, ...createAnchor(crc32(salt))]));
  const store = new LogStore(PATH, { disk, snapshotInterval: 3 });
  for (const { touched, changes } of goldenCommits()) {
    for (const digest of touched) store.touch(digest);
    store.commit(changes);
  }
  assertEquals(disk.read(PATH).toHex(), file.toHex());
});

Deno.test("LogStore.commit() gives each file a salt of its own", () => {
  const salts = new Set<string>();
  for (let count = 0; count < 20; count++) {
    const disk = new MemoryDisk();
    new LogStore(PATH, { disk }).commit(goldenCommits()[0]!.changes);
    salts.add(disk.read(PATH).subarray(12, 20).toHex());
  }
  assertEquals(salts.size, 20);
});
