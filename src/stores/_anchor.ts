// Copyright 2026 the pecapiku authors. MIT license.

import { tableCrc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  HEADER_CHECKSUM_AT,
  KIND,
  NO_DIGEST,
  readLength,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeLength,
  writeRecordHeader,
} from "./_record.ts";

const SLOT_LENGTH = 32;
const SLOT_COUNT = 2;
const SNAPSHOT_CHECKSUM_AT = 8;
const GENERATION_AT = 12;
const SLOT_CHECKSUM_AT = 28;

/** The length of an anchor with its record's header, in bytes. */
export const ANCHOR_LENGTH = RECORD_HEADER_LENGTH + SLOT_COUNT * SLOT_LENGTH;

/** What a slot of the anchor says: where the newest snapshot is. */
export interface Mooring {
  /** Where its record begins, in bytes from the start of the file. */
  readonly offset: number;
  /** The checksum of that record's header. */
  readonly checksum: number;
  /** Counts the snapshots of the file, modulo 2^32. */
  readonly generation: number;
}

/** Makes the record that a new file begins with: two empty slots. */
export function createAnchor(saltChecksum: number): Uint8Array {
  const bytes = new Uint8Array(ANCHOR_LENGTH);
  const fields = emptyRecordFields();
  fields.kind = KIND.anchor;
  fields.payloadLength = SLOT_COUNT * SLOT_LENGTH;
  const view = new DataView(bytes.buffer);
  writeRecordHeader(bytes, view, 0, NO_DIGEST, fields, saltChecksum, FILE_HEADER_LENGTH);
  return bytes;
}

/**
 * Reads the anchor of a file.
 *
 * @param file The file.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @returns What its slots say, the newest first; `undefined` if the file has no anchor.
 */
export function readAnchor(file: DiskFile, saltChecksum: number): Mooring[] | undefined {
  const bytes = new Uint8Array(ANCHOR_LENGTH);
  if (readAt(file, FILE_HEADER_LENGTH, bytes) < ANCHOR_LENGTH) return undefined;
  const view = new DataView(bytes.buffer);
  const fields = emptyRecordFields();
  if (
    !readRecordHeader(bytes, view, 0, saltChecksum, FILE_HEADER_LENGTH, fields) ||
    fields.kind !== KIND.anchor || fields.metaLength !== 0 ||
    fields.payloadLength !== SLOT_COUNT * SLOT_LENGTH
  ) return undefined;
  const moorings: Mooring[] = [];
  for (let at = RECORD_HEADER_LENGTH; at < ANCHOR_LENGTH; at += SLOT_LENGTH) {
    const checksum = tableCrc32(bytes, at, at + SLOT_CHECKSUM_AT, saltChecksum);
    if (view.getUint32(at + SLOT_CHECKSUM_AT, true) !== checksum) continue;
    moorings.push({
      offset: readLength(view, at),
      checksum: view.getUint32(at + SNAPSHOT_CHECKSUM_AT, true),
      generation: view.getUint32(at + GENERATION_AT, true),
    });
  }
  return moorings.sort((one, other) => (other.generation - one.generation) | 0);
}

/**
 * Has the anchor lead to a snapshot.
 *
 * @param file The file, locked.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param snapshot Where the checksum of the snapshot's record is, and what it is.
 * @param before What the anchor says by now, the newest first.
 */
export function moor(
  file: DiskFile,
  saltChecksum: number,
  snapshot: { readonly checksumAt: number; readonly checksum: number },
  before: readonly Mooring[] = [],
): void {
  writeMooring(file, saltChecksum, {
    offset: snapshot.checksumAt - HEADER_CHECKSUM_AT,
    checksum: snapshot.checksum,
    generation: (before[0]?.generation ?? 0) + 1 >>> 0,
  });
}

/**
 * Writes what a slot says, over the older one of the two. A reader may see the write half done: the checksum tells, and the
 * other slot is still there.
 *
 * @param file The file, locked.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param mooring What to write.
 */
export function writeMooring(file: DiskFile, saltChecksum: number, mooring: Mooring): void {
  const bytes = new Uint8Array(SLOT_LENGTH);
  const view = new DataView(bytes.buffer);
  writeLength(view, 0, mooring.offset);
  view.setUint32(SNAPSHOT_CHECKSUM_AT, mooring.checksum, true);
  view.setUint32(GENERATION_AT, mooring.generation, true);
  view.setUint32(
    SLOT_CHECKSUM_AT,
    tableCrc32(bytes, 0, SLOT_CHECKSUM_AT, saltChecksum),
    true,
  );
  const slotAt = RECORD_HEADER_LENGTH + (mooring.generation % SLOT_COUNT) * SLOT_LENGTH;
  file.seekSync(FILE_HEADER_LENGTH + slotAt, Deno.SeekMode.Start);
  writeFully(file, bytes);
}
