// Copyright 2026 the pecapiku authors. MIT license.

import { readAnchor } from "./_anchor.ts";
import { tableCrc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import {
  FILE_CHECKSUM_AT,
  FILE_HEADER_LENGTH,
  type FileHeader,
  parseFileHeader,
} from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import {
  emptyRecordFields,
  HEADER_CHECKSUM_AT,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeLength,
} from "./_record.ts";

/** A file header, as it is or as it must have been. */
export interface FoundHeader extends FileHeader {
  /** Whether it is damaged. */
  readonly isDamaged: boolean;
}

/**
 * Reads the header of a file. A damaged one is made out from what is left: from itself, if one bit is wrong; otherwise from
 * the first two records.
 *
 * @param file The file.
 * @param filePath The path of the file, for messages.
 * @returns What the header says; `undefined` if the file's first write was cut off.
 * @throws {CacheFormatError} If the file is no cache file, if a newer version wrote it, or if the header can't be made out.
 */
export function findFileHeader(file: DiskFile, filePath: string): FoundHeader | undefined {
  const bytes = new Uint8Array(FILE_HEADER_LENGTH);
  const length = readAt(file, 0, bytes);
  try {
    const header = parseFileHeader(bytes.subarray(0, length), filePath);
    return header && { ...header, isDamaged: false };
  } catch (error) {
    // A right checksum is one of another format: there is nothing to make out.
    const checksum = new DataView(bytes.buffer).getUint32(FILE_CHECKSUM_AT, true);
    if (length < FILE_HEADER_LENGTH || checksum === tableCrc32(bytes, 0, FILE_CHECKSUM_AT)) {
      throw error;
    }
    const saltChecksum = correctedSalt(bytes, filePath) ?? saltByRecords(file);
    if (saltChecksum === undefined) throw error;
    return { saltChecksum, checksum, isDamaged: true };
  }
}

/** Looks for the bit that makes a header of it. No change of two or three bits looks like that of one. */
function correctedSalt(bytes: Uint8Array, filePath: string): number | undefined {
  for (let bit = 0; bit < 8 * FILE_HEADER_LENGTH; bit++) {
    const changed = bytes.slice();
    changed[bit >>> 3]! ^= 1 << (bit & 7);
    const checksum = new DataView(changed.buffer).getUint32(FILE_CHECKSUM_AT, true);
    if (checksum !== tableCrc32(changed, 0, FILE_CHECKSUM_AT)) continue;
    return parseFileHeader(changed, filePath)?.saltChecksum;
  }
  return undefined;
}

/**
 * The checksum of a record's header begins with that of the salt, and a CRC can be computed backwards. That counts only for the
 * very first record, since what is behind it might be a cache file that is stored as a value; and only if the anchor or
 * the second record says the same.
 */
function saltByRecords(file: DiskFile): number | undefined {
  const front = new Uint8Array(8 + RECORD_HEADER_LENGTH);
  const view = new DataView(front.buffer);
  const read = (offset: number) => {
    writeLength(view, 0, offset);
    return readAt(file, offset, front.subarray(8)) === RECORD_HEADER_LENGTH;
  };
  if (!read(FILE_HEADER_LENGTH)) return undefined;
  const checksum = view.getUint32(8 + HEADER_CHECKSUM_AT, true);
  const saltChecksum = seedOf(front.subarray(0, 8 + HEADER_CHECKSUM_AT), checksum);
  const fields = emptyRecordFields();
  if (!readRecordHeader(front, view, 8, saltChecksum, FILE_HEADER_LENGTH, fields)) {
    return undefined;
  }
  if ((readAnchor(file, saltChecksum)?.length ?? 0) > 0) return saltChecksum;
  const next = FILE_HEADER_LENGTH + RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
  return Number.isSafeInteger(next) && read(next) &&
      readRecordHeader(front, view, 8, saltChecksum, next, fields)
    ? saltChecksum
    : undefined;
}

/** What the CRC-32 of some bytes was seeded with. */
function seedOf(bytes: Uint8Array, checksum: number): number {
  let crc = ~checksum;
  for (let at = bytes.length - 1; at >= 0; at--) {
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc ^ 0xedb88320) << 1 | 1 : crc << 1;
    crc ^= bytes[at]!;
  }
  return ~crc >>> 0;
}
