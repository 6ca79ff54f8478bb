// Copyright 2026 the pecapiku authors. MIT license.

import { moor, type Mooring } from "./_anchor.ts";
import { writeOrCutOff } from "./_append.ts";
import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { writeFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  HEADER_CHECKSUM_AT,
  KIND,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "./_record.ts";
import { ENTRY_LENGTH, LARGEST_SEGMENT, PAGE_LENGTH } from "./_segment.ts";
import { buildSegment, type EntryList } from "./_segment_builder.ts";
import type { LogIndex } from "./_log_index.ts";
import {
  DamagedSnapshotError,
  manifestLength,
  type Segment,
  Snapshot,
  writeManifest,
} from "./_snapshot.ts";

/** How many segments of a level become one of the next. */
const FAN_OUT = 16;

/** Segments of this level are not merged: they are as large as one may become. */
const TOP_LEVEL = 2;

/** Where a snapshot goes, and what it says. */
export interface SnapshotPlan {
  /** Where its record begins: the end of the file. */
  readonly end: number;
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
  /** How many records before it took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** How many entries there are. */
  readonly count: number;
  /** How many bytes their records take. */
  readonly liveBytes: number;
  /** The snapshot that it builds on. */
  readonly before: Snapshot | undefined;
  /** What has changed since then. */
  readonly changed: EntryList;
}

/**
 * Appends a snapshot to a file. It has a segment of what has changed since the one before, and refers to that one's segments;
 * now and then several of these are merged, so that there are never many.
 *
 * @param file The file, locked.
 * @param plan Where the snapshot goes, and what it says.
 * @returns The snapshot.
 * @throws {DamagedSnapshotError} If the one before is damaged. Nothing is written then.
 */
export function appendSnapshot(file: DiskFile, plan: SnapshotPlan): Snapshot {
  const older = [...plan.before?.segments ?? []];
  const { changed } = plan;
  let level = levelOf(changed.count);
  if (changed.count <= LARGEST_SEGMENT) {
    const merged = takeMerged(older, changed.count, level);
    for (const segment of merged) {
      plan.before!.readEntries(file, segment, (entries) => changed.addBytes(entries));
    }
    level = (merged.at(-1)?.level ?? level - 1) + 1;
  }
  let snapshot: Snapshot | undefined;
  let end = plan.end;
  // More than one is written only after a very large batch: each is a record by itself, and the last one has them all.
  for (let first = 0; first === 0 || first < changed.count; first += LARGEST_SEGMENT) {
    const entries = changed.bytes.subarray(
      first * ENTRY_LENGTH,
      (first + LARGEST_SEGMENT) * ENTRY_LENGTH,
    );
    snapshot = appendOne(file, { ...plan, end }, entries, level, older);
    older.unshift(snapshot.segments[0]!);
    end = snapshot.end;
  }
  return snapshot!;
}

function levelOf(count: number): number {
  return count > LARGEST_SEGMENT / FAN_OUT ? TOP_LEVEL : 0;
}

/** Takes those segments off the front of a list, the newest first, that are to be merged with a new one. */
function takeMerged(older: Segment[], count: number, level: number): Segment[] {
  let taken = 0;
  let total = count;
  for (let merging = level; merging < TOP_LEVEL; merging++) {
    let next = taken;
    let sum = total;
    while (older[next]?.level === merging && sum + older[next]!.entryCount <= LARGEST_SEGMENT) {
      sum += older[next++]!.entryCount;
    }
    const isFull = older[next]?.level === merging;
    if (next - taken < FAN_OUT - 1 && !isFull) break;
    taken = next;
    total = sum;
  }
  return older.splice(0, taken);
}

function appendOne(
  file: DiskFile,
  plan: SnapshotPlan,
  entries: Uint8Array<ArrayBuffer>,
  level: number,
  older: readonly Segment[],
): Snapshot {
  const { end, saltChecksum, replaced, count, liveBytes } = plan;
  const metaLength = manifestLength(older.length + 1);
  const offset = end + RECORD_HEADER_LENGTH + metaLength;
  const { bytes, pageCount, entryCount, filterChecksum } = buildSegment(
    entries,
    older.length > 0,
    saltChecksum,
    offset,
  );
  const filter = bytes.slice(pageCount * PAGE_LENGTH);
  const segment: Segment = { offset, pageCount, entryCount, filterChecksum, level, filter };
  const summary = { count, liveBytes, segments: [segment, ...older] };
  const manifest = writeManifest(summary);
  const fields = emptyRecordFields();
  fields.kind = KIND.snapshot;
  fields.metaLength = metaLength;
  fields.metaChecksum = crc32(manifest);
  fields.payloadLength = bytes.byteLength;
  fields.payloadChecksum = crc32(bytes);
  fields.replaced = replaced;
  const front = new Uint8Array(RECORD_HEADER_LENGTH + metaLength);
  writeRecordHeader(front, new DataView(front.buffer), 0, NO_DIGEST, fields, saltChecksum, end);
  front.set(manifest, RECORD_HEADER_LENGTH);
  file.seekSync(end, Deno.SeekMode.Start);
  writeFully(file, front);
  writeFully(file, bytes);
  return new Snapshot(saltChecksum, summary, {
    end: offset + bytes.byteLength,
    replaced,
    checksumAt: end + HEADER_CHECKSUM_AT,
    checksum: fields.checksum,
  });
}

/** How many intervals' worth of entries stay in memory when a new snapshot makes it possible to forget them. */
const MOST_REMEMBERED = 64;

/** Has a snapshot of the index in the file, once there are enough changes behind the last one. */
export class SnapshotKeeper {
  readonly #interval: number;
  /** A snapshot is not tried before so many changes, because the last one failed. */
  #notBefore = 0;

  /** Makes a keeper that wants a snapshot after so many changes. */
  constructor(interval: number) {
    this.#interval = interval;
  }

  /**
   * Takes a snapshot, if it is due.
   *
   * @param file The file, locked.
   * @param index What is known of it.
   * @returns What went wrong, if something did: it does not concern the entries.
   */
  takeIfDue(file: DiskFile, index: LogIndex): unknown {
    if (index.recent < this.#interval || index.recent < this.#notBefore) return undefined;
    try {
      const moorings = index.adoptNewest();
      if (moorings === undefined || index.recent < this.#interval) return undefined;
      takeSnapshot(file, index, moorings, this.#interval);
      this.#notBefore = 0;
    } catch (error) {
      // The changes are committed, whatever becomes of the snapshot, which only saves time.
      this.#notBefore = index.recent + this.#interval;
      if (!(error instanceof DamagedSnapshotError)) return error;
      try {
        index.distrust(error);
      } catch (failure) {
        return failure;
      }
    }
    return undefined;
  }
}

function takeSnapshot(
  file: DiskFile,
  index: LogIndex,
  moorings: readonly Mooring[],
  interval: number,
): void {
  const { follower, count, liveBytes } = index;
  const { saltChecksum, replaced, end } = follower;
  writeOrCutOff(file, follower, () => {
    const changed = index.changes();
    const before = index.snapshot;
    const plan = { end, saltChecksum, replaced, count, liveBytes, before, changed };
    const snapshot = appendSnapshot(file, plan);
    follower.appended(snapshot);
    index.adopt(snapshot);
    index.trim(MOST_REMEMBERED * interval);
    moor(file, saltChecksum, snapshot, moorings);
  });
}
