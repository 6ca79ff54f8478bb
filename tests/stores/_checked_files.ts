// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Digest, PutChange, StoreChange } from "../../src/stores/store.ts";
import { verify } from "../../src/stores/verify.ts";
import type { VerifyReport } from "../../src/errors/verify_report.ts";
import { bytesOf, digestOf, noise, put, remove } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";

/** A file, what it holds, and what each part of it is. */
export interface CheckedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it holds, in the order in which the digests were first put. */
  readonly state: ReadonlyMap<Digest, PutChange>;
  /** Where each commit, and all that was written with it, ends; first the end of what a file begins with. */
  readonly ends: readonly number[];
}

/** Every kind of record: puts, deletions, batches, notes of use, snapshots that are in use and one that is not. */
const COMMITS: readonly (readonly StoreChange[])[] = [
  [put(1, "one")],
  [put(2, "two", {
    key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"2, \\"b\\""}')] },
    functionName: "f",
    promised: true,
  })],
  [put(3, "three"), put(4, "four"), put(1, "ONE")],
  [remove(2)],
  [put(5, [bytesOf("front"), noise(40, 5)], { codec: "my codec" })],
  [put(3, "THREE"), remove(4)],
  [put(2, "TWO", { key: { kind: "value", parts: [noise(9, 2)] } })],
  [put(6, "")],
];

/**
 * Makes a file.
 *
 * @param commits What is committed to it. Before each commit but the first, the entry 1 is used.
 * @param snapshotInterval After how many changes it has a snapshot.
 * @returns The file.
 */
export function makeCheckedFile(commits = COMMITS, snapshotInterval = 4): CheckedFile {
  const disk = new MemoryDisk();
  const store = new LogStore(PATH, { disk, snapshotInterval });
  const state = new Map<Digest, PutChange>();
  const ends = [32 + 76 + 64];
  for (const changes of commits) {
    store.touch(digestOf(1));
    store.commit(changes);
    for (const change of changes) {
      if (change.type === "put") state.set(change.digest, change);
      else state.delete(change.digest);
    }
    ends.push(disk.read(PATH).length);
  }
  return { bytes: disk.read(PATH), state, ends };
}

/** Verifies a file in memory, and that its parts add up to it. */
export function verifyBytes(bytes: Uint8Array): VerifyReport {
  const report = verify(PATH, { disk: diskWith(bytes) });
  assertAddsUp(report);
  assertEquals(report.size, bytes.length);
  return report;
}

/** Checks that the parts of a file add up to it. */
export function assertAddsUp(report: VerifyReport): void {
  const { live, dead, index, other, damaged, doubtful, unfinished, size } = report;
  const parts = [live, dead, index, other, damaged, doubtful, unfinished];
  assertEquals(parts.reduce((sum, { bytes }) => sum + bytes, 0), size);
  const { overwritten, deleted, deletions, snapshots, records } = dead;
  assertEquals(overwritten + deleted + deletions + snapshots, records);
  assertEquals(damaged.ranges.reduce((sum, { length }) => sum + length, 0), damaged.bytes);
  assertEquals(doubtful.entries.reduce((sum, { length }) => sum + length, 0), doubtful.bytes);
  assertEquals(damaged.ranges.length, damaged.count);
  assertEquals(doubtful.entries.length, doubtful.count);
  assertEquals(unfinished.offset + unfinished.bytes, size);
}
