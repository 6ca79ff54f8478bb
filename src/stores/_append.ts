// Copyright 2026 the pecapiku authors. MIT license.

import { crc32, tableCrc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import type { LogFollower } from "./_log_follower.ts";
import { writeFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  FLAG,
  HEADER_CHECKSUM_AT,
  KIND,
  MOST_USES,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  replacedAfter,
  writeRecordHeader,
} from "./_record.ts";
import { codecNumber, metaBound, writeRecordMeta } from "./_record_meta.ts";
import type { Digest, StoreChange } from "./store.ts";
import type { StoreTotals } from "./store_stats.ts";
import { writeTally } from "./_tally.ts";

/** The most that is copied together before it is written; longer runs of bytes are written from where they are. */
const BUFFER_LENGTH = 64 * 1024;

let buffer = new Uint8Array(BUFFER_LENGTH);
let view = new DataView(buffer.buffer);
const fields = emptyRecordFields();

/** Where a batch goes. */
export interface AppendPlace {
  /** Where the batch before it ends; the file is no longer than that. */
  readonly end: number;
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
  /** How many records of the file took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** Tells whether there is an entry of a digest. */
  has(digest: Digest): boolean;
}

/** Tells who was used, in that order. */
export interface UsesChange {
  /** What the change does. */
  readonly type: "uses";
  /** The digests of the entries. */
  readonly digests: readonly Digest[];
}

/** Tells what was counted in all. */
export interface TallyChange {
  /** What the change does. */
  readonly type: "tally";
  /** The totals. */
  readonly totals: StoreTotals;
}

/** One step of a batch. */
export type LogChange = StoreChange | UsesChange | TallyChange;

/** The changes that tell of uses: at least one. */
export function usesChanges(digests: readonly Digest[]): UsesChange[] {
  const changes: UsesChange[] = [];
  for (let first = 0; first === 0 || first < digests.length; first += MOST_USES) {
    changes.push({ type: "uses", digests: digests.slice(first, first + MOST_USES) });
  }
  return changes;
}

/** Where a change came to be in the file. */
export interface AppendedRecord {
  /** The change. */
  readonly change: LogChange;
  /** Where its record begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly length: number;
}

/** A batch that was written. */
export interface AppendedBatch {
  /** Where it ends. */
  readonly end: number;
  /** Its records. */
  readonly records: readonly AppendedRecord[];
  /** How many records of the file by now took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** Where the checksum of its last header is. */
  readonly checksumAt: number;
  /** The checksum of its last header. */
  readonly checksum: number;
}

/**
 * Appends changes to a file as one batch. A small batch is a single write.
 *
 * @param file The file, locked.
 * @param place Where the batch goes.
 * @param changes What to append, at least one change.
 * @returns What was written.
 */
export function appendBatch(
  file: DiskFile,
  place: AppendPlace,
  changes: readonly LogChange[],
): AppendedBatch {
  const { saltChecksum } = place;
  const records: AppendedRecord[] = [];
  /** The digests that this batch put before the change at hand. */
  const put = changes.length > 1 ? new Set<Digest>() : undefined;
  let offset = place.end;
  let filled = 0;
  fields.replaced = place.replaced;
  // Before the file is written to: to look for an entry may be to read the file elsewhere.
  const isThere = changes.map((change) => "digest" in change && place.has(change.digest));
  file.seekSync(offset, Deno.SeekMode.Start);

  function flush(): void {
    if (filled === 0) return;
    writeFully(file, filled === buffer.length ? buffer : buffer.subarray(0, filled));
    filled = 0;
  }
  function append(bytes: Uint8Array): void {
    if (filled + bytes.byteLength > buffer.length) {
      flush();
      if (bytes.byteLength > BUFFER_LENGTH) return writeFully(file, bytes);
    }
    buffer.set(bytes, filled);
    filled += bytes.byteLength;
  }
  function reserve(length: number): void {
    if (filled + length <= buffer.length) return;
    flush();
    if (length > buffer.length) {
      buffer = new Uint8Array(length);
      view = new DataView(buffer.buffer);
    }
  }

  for (let index = 0; index < changes.length; index++) {
    const change = changes[index]!;
    fields.kind = KIND.delete;
    fields.flags = index < changes.length - 1 ? FLAG.continues : 0;
    fields.codec = 0;
    fields.metaLength = 0;
    fields.payloadLength = 0;
    fields.writtenAt = 0;
    fields.metaChecksum = 0;
    fields.payloadChecksum = 0;
    if (change.type === "delete") {
      fields.flags |= FLAG.replaces;
      reserve(RECORD_HEADER_LENGTH);
      writeRecordHeader(buffer, view, filled, change.digest, fields, saltChecksum, offset);
      filled += RECORD_HEADER_LENGTH;
    } else if (change.type !== "put") {
      const isUses = change.type === "uses";
      const bytes = isUses
        ? Uint8Array.fromHex(change.digests.join(""))
        : writeTally(change.totals);
      fields.kind = isUses ? KIND.uses : KIND.tally;
      fields.payloadLength = bytes.byteLength;
      fields.payloadChecksum = crc32(bytes);
      reserve(RECORD_HEADER_LENGTH);
      writeRecordHeader(buffer, view, filled, NO_DIGEST, fields, saltChecksum, offset);
      filled += RECORD_HEADER_LENGTH;
      append(bytes);
    } else {
      reserve(RECORD_HEADER_LENGTH + metaBound(change));
      const metaAt = filled + RECORD_HEADER_LENGTH;
      const metaEnd = writeRecordMeta(buffer, view, metaAt, change);
      fields.kind = KIND.put;
      if (change.promised) fields.flags |= FLAG.promised;
      if (change.key.kind === "call") fields.flags |= FLAG.callKey;
      if (isThere[index] || put?.has(change.digest)) fields.flags |= FLAG.replaces;
      put?.add(change.digest);
      fields.codec = codecNumber(change.codec);
      fields.writtenAt = change.writtenAt;
      fields.metaLength = metaEnd - metaAt;
      fields.metaChecksum = tableCrc32(buffer, metaAt, metaEnd);
      for (const part of change.key.parts) {
        fields.metaLength += part.byteLength;
        fields.metaChecksum = crc32(part, fields.metaChecksum);
      }
      for (const part of change.parts) {
        fields.payloadLength += part.byteLength;
        fields.payloadChecksum = crc32(part, fields.payloadChecksum);
      }
      if (fields.metaLength > 0xffff_ffff) throw new RangeError("The key is longer than 4 GiB");
      writeRecordHeader(buffer, view, filled, change.digest, fields, saltChecksum, offset);
      filled = metaEnd;
      for (const part of change.key.parts) append(part);
      for (const part of change.parts) append(part);
    }
    const { metaLength, payloadLength } = fields;
    const length = RECORD_HEADER_LENGTH + metaLength + payloadLength;
    records.push({ change, offset, length });
    fields.replaced = replacedAfter(fields);
    offset += length;
  }
  flush();
  if (buffer.length > BUFFER_LENGTH) {
    buffer = new Uint8Array(BUFFER_LENGTH);
    view = new DataView(buffer.buffer);
  }
  return {
    end: offset,
    records,
    replaced: fields.replaced,
    checksumAt: records.at(-1)!.offset + HEADER_CHECKSUM_AT,
    checksum: fields.checksum,
  };
}

/**
 * Writes behind the end of a file. If that fails, what was written of it is cut off.
 *
 * @param file The file, locked.
 * @param follower What knows where it ends.
 * @param write Writes.
 */
export function writeOrCutOff(file: DiskFile, follower: LogFollower, write: () => void): void {
  try {
    write();
  } catch (error) {
    // Readers pass over what was half-written; to cut it is for the next writer's sake. The length is to be looked at
    // again, whether or not that works.
    follower.size = -1;
    try {
      file.truncateSync(follower.end);
    } catch (truncateError) {
      throw new AggregateError([error, truncateError], String(error));
    }
    throw error;
  }
}
