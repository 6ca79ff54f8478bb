// Copyright 2026 the pecapiku authors. MIT license.

import { createAnchor, type Mooring, readAnchor } from "../../src/stores/_anchor.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { createFileHeader } from "../../src/stores/_file_header.ts";
import {
  emptyRecordFields,
  KIND,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
} from "../../src/stores/_record.ts";
import { assert } from "@std/assert";
import { noise } from "./_changes.ts";
import type { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";

/** A record, and where it is. */
export interface PlacedRecord extends RecordFields {
  readonly offset: number;
  /** Where its meta section ends and its payload begins. */
  readonly payloadAt: number;
  readonly end: number;
  readonly digest: string;
}

/** The CRC-32 of the salt of a file. */
export function saltChecksumOf(bytes: Uint8Array): number {
  return crc32(bytes.subarray(12, 20));
}

/** A disk with a file that is begun, whose salt is always the same for a seed: so that all that goes by it is, too. */
export function begunDisk(seed = 1): MemoryDisk {
  const salt = noise(8, seed);
  return diskWith(new Uint8Array([...createFileHeader(salt), ...createAnchor(crc32(salt))]));
}

/** All records of an undamaged file, those that are about no entry as well. */
export function placedRecords(bytes: Uint8Array): PlacedRecord[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const salt = saltChecksumOf(bytes);
  const records: PlacedRecord[] = [];
  for (let offset = 32; offset < bytes.length; offset = records.at(-1)!.end) {
    const fields = emptyRecordFields();
    assert(readRecordHeader(bytes, view, offset, salt, offset, fields), `Damaged at ${offset}`);
    const payloadAt = offset + RECORD_HEADER_LENGTH + fields.metaLength;
    const digest = bytes.subarray(offset + 20, offset + 52).toHex();
    const end = payloadAt + fields.payloadLength;
    records.push({ ...fields, offset, payloadAt, end, digest });
  }
  return records;
}

/** The snapshots in the file of a disk, the oldest first. */
export function snapshotsIn(disk: MemoryDisk, path = PATH): PlacedRecord[] {
  return placedRecords(disk.read(path)).filter(({ kind }) => kind === KIND.snapshot);
}

/** What the anchor of a file says. */
export function mooringsIn(disk: MemoryDisk): Mooring[] {
  return readAnchor(disk.openSync(PATH, {}), saltChecksumOf(disk.read(PATH)))!;
}
