// Copyright 2026 the pecapiku authors. MIT license.

import type { DiskFile } from "../../src/stores/disk.ts";
import { HEADER_CHECKSUM_AT } from "../../src/stores/_record.ts";
import { readSnapshot, type Snapshot } from "../../src/stores/_snapshot.ts";
import { appendSnapshot } from "../../src/stores/_snapshot_writer.ts";
import { assertEquals } from "@std/assert";
import type { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { listOf, randomDigest, randomEntry, type SegmentEntry } from "./_segment_entries.ts";

/** The CRC-32 of the salt of the file. */
export const SALT = 0x600df00d;

/** A file that has nothing but snapshots, one behind the other, and what they should say. */
export class SnapshotFile {
  readonly disk: MemoryDisk;
  readonly file: DiskFile;
  /** What each digest that was ever put should give: `undefined` if it is deleted. */
  readonly model = new Map<string, SegmentEntry | undefined>();
  /** The newest snapshot. */
  snapshot: Snapshot | undefined;

  /** Makes a file, where there is room for as much as all snapshots are about. */
  constructor(length = 10_000) {
    this.disk = diskWith(new Uint8Array(length));
    this.file = this.disk.openSync(PATH, {});
  }

  /** What the file holds. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.disk.files.get(PATH)!.bytes;
  }

  /** Takes a snapshot. The newest change of a digest comes first, and counts. */
  take(changes: readonly SegmentEntry[], before = this.snapshot): Snapshot {
    for (const change of changes.toReversed()) {
      this.model.set(change.digest, change.length > 0 ? change : undefined);
    }
    const { length: end } = this.bytes;
    const count = [...this.model.values()].filter((entry) => entry !== undefined).length;
    const plan = { end, saltChecksum: SALT, replaced: 3, count, liveBytes: 7 * count, before };
    return this.snapshot = appendSnapshot(this.file, { ...plan, changed: listOf(changes) });
  }

  /** Reads a snapshot from the file, as somebody does who has just opened it. */
  read(
    { checksumAt, checksum }: Snapshot = this.snapshot!,
    size = this.bytes.length,
  ): Snapshot | undefined {
    return readSnapshot(this.file, size, SALT, checksumAt - HEADER_CHECKSUM_AT, checksum);
  }

  /** What a snapshot says of a digest. */
  find(digest: string, snapshot = this.snapshot!): SegmentEntry | undefined {
    if (!snapshot.find(this.file, digest)) return undefined;
    return { digest, offset: snapshot.foundOffset, length: snapshot.foundLength };
  }

  /** Checks that a snapshot says of everything what it should. */
  assertTells(snapshot = this.snapshot!): void {
    for (const [digest, entry] of this.model) {
      const found = this.find(digest, snapshot);
      if (found?.offset !== entry?.offset || found?.length !== entry?.length) {
        assertEquals(found, entry);
      }
    }
    const live = [...this.model.values()].filter((entry) => entry !== undefined);
    assertEquals([snapshot.count, snapshot.liveBytes], [live.length, 7 * live.length]);
  }

  /** How often a step reads from the file. */
  countReads(step: () => void): number {
    let reads = 0;
    this.disk.onCall = (name) => void (reads += Number(name === "read"));
    step();
    this.disk.onCall = () => {};
    return reads;
  }
}

/** Some changes of entries of a pool, and of new ones, each digest once. */
export function randomChanges(
  random: () => number,
  pool: string[],
  most: number,
): SegmentEntry[] {
  const digests = new Set<string>();
  for (let left = 1 + Math.floor(random() * most); left > 0; left--) {
    if (pool.length === 0 || random() < 0.5) pool.push(randomDigest(random));
    digests.add(pool[Math.floor(random() * pool.length)]!);
  }
  return [...digests].map((digest) => {
    const entry = randomEntry(random, digest);
    return random() < 0.3 ? { ...entry, length: 0 } : entry;
  });
}
