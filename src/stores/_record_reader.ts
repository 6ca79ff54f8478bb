// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "./_crc32.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { type ReadableFile, readAt, readFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  FLAG,
  hasDigest,
  MOST_USES,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
} from "./_record.ts";
import { isRetainable, retainBytes } from "./_retained.ts";
import { readRecordMeta, type RecordMeta } from "./_record_meta.ts";
import type { Digest, EntryInfo, Parts, StoredValue } from "./store.ts";

/** Records up to this length are read in one go. */
const SMALL = 128 * 1024;

/** How much is read of a record to know what it is: few keys are longer. */
const FRONT = 1024;

/** Says that a value is larger than the memory that this process can have: it is not damaged. */
export class MemoryShortageError extends Error {
  /** Makes the error for so many bytes. */
  constructor(length: number) {
    super(`There is no memory for ${length} bytes`);
  }
}

/** How much of a large part is read before it is checked, while the processor still has it at hand. */
const STRIDE = 256 * 1024;

const scratch = new Uint8Array(SMALL);
const scratchView = new DataView(scratch.buffer);

/** Where a record is. */
export interface RecordLocation {
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly length: number;
}

/**
 * Reads a record's value, and checks every byte of the record.
 *
 * @param file The file.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param digest The digest that the record must have.
 * @param location Where the record is.
 * @param keeps Whether the value is one to keep in memory, as {@linkcode isKeepable} says.
 * @returns The value; `undefined` if the record is damaged.
 */
export function readValue(
  file: DiskFile,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
  keeps = false,
): StoredValue | undefined {
  const { length } = location;
  if (length > SMALL) return readLargeValue(file, saltChecksum, digest, location);
  if (readAt(file, location.offset, scratch.subarray(0, length)) < length) return undefined;
  const header = matchHeader(scratch, scratchView, saltChecksum, digest, location);
  if (header === undefined) return undefined;
  const frontLength = RECORD_HEADER_LENGTH + header.metaLength;
  const meta = checkMeta(scratch.subarray(RECORD_HEADER_LENGTH, frontLength), header);
  if (meta === undefined) return undefined;
  const payload = scratch.subarray(frontLength, length);
  if (crc32(payload) !== header.payloadChecksum) return undefined;
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const partLength of meta.valueLengths) {
    // Copies, never views: the next read overwrites the scratch memory.
    parts.push(
      keeps && isRetainable(meta.valueLengths.length, partLength)
        ? retainBytes(payload)
        : payload.slice(at, at + partLength),
    );
    at += partLength;
  }
  return storedValue(header, meta, parts);
}

/** Tells whether {@linkcode readValue} puts the bytes of a value where they stay, if it is to. */
export function isKeepable({ length }: RecordLocation, { parts }: StoredValue): boolean {
  return length <= SMALL && isRetainable(parts.length, parts[0].byteLength);
}

/**
 * Reads what is known of an entry but its value.
 *
 * @param file The file.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param digest The digest that the record must have.
 * @param location Where the record is.
 * @returns What is known; `undefined` if the record's header or meta section is damaged.
 */
export function readInfo(
  file: ReadableFile,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
): EntryInfo | undefined {
  const front = readFront(file, saltChecksum, digest, location);
  if (front === undefined) return undefined;
  return entryInfo(digest, front.header, front.meta, front.metaBytes);
}

/**
 * Tells what is known of an entry but its value.
 *
 * @param digest The digest of the entry.
 * @param header The header of its record, checked.
 * @param meta The meta section, checked.
 * @param metaBytes Its bytes, which are copied.
 * @returns What is known.
 */
export function entryInfo(
  digest: Digest,
  header: RecordFields,
  meta: RecordMeta,
  metaBytes: Uint8Array,
): EntryInfo {
  const parts: Uint8Array[] = [];
  let at = meta.keyAt;
  for (const partLength of meta.keyLengths) {
    parts.push(metaBytes.slice(at, at + partLength));
    at += partLength;
  }
  return {
    digest,
    codec: meta.codec,
    key: {
      kind: (header.flags & FLAG.callKey) === 0 ? "value" : "call",
      parts: parts as unknown as Parts,
    },
    functionName: meta.functionName,
    writtenAt: header.writtenAt,
    duration: meta.duration,
    promised: (header.flags & FLAG.promised) !== 0,
    byteLength: header.payloadLength,
  };
}

function readLargeValue(
  file: DiskFile,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
): StoredValue | undefined {
  const front = readFront(file, saltChecksum, digest, location);
  if (front === undefined) return undefined;
  const payloadAt = location.offset + RECORD_HEADER_LENGTH + front.header.metaLength;
  file.seekSync(payloadAt, Deno.SeekMode.Start);
  const parts: Uint8Array[] = [];
  let checksum = 0;
  for (const partLength of front.meta.valueLengths) {
    const part = allocate(partLength);
    if (part === undefined) throw new MemoryShortageError(partLength);
    for (let at = 0; at < partLength; at += STRIDE) {
      const piece = part.subarray(at, Math.min(at + STRIDE, partLength));
      if (readFully(file, piece) < piece.byteLength) return undefined;
      checksum = crc32(piece, checksum);
    }
    parts.push(part);
  }
  if (checksum !== front.header.payloadChecksum) return undefined;
  return storedValue(front.header, front.meta, parts);
}

function readFront(
  file: ReadableFile,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
): { header: RecordFields; meta: RecordMeta; metaBytes: Uint8Array } | undefined {
  const read = Math.min(location.length, FRONT);
  if (readAt(file, location.offset, scratch.subarray(0, read)) < read) return undefined;
  const header = matchHeader(scratch, scratchView, saltChecksum, digest, location);
  if (header === undefined) return undefined;
  const length = RECORD_HEADER_LENGTH + header.metaLength;
  let bytes: Uint8Array | undefined = scratch;
  if (length > read) {
    // A key may be as large as a value.
    bytes = length > SMALL ? allocate(length) : scratch;
    if (bytes === undefined) throw new MemoryShortageError(length);
    if (readAt(file, location.offset, bytes.subarray(0, length)) < length) return undefined;
  }
  const metaBytes = bytes.subarray(RECORD_HEADER_LENGTH, length);
  const meta = checkMeta(metaBytes, header);
  return meta === undefined ? undefined : { header, meta, metaBytes };
}

/** Reads the header of a record that must have this digest and length; `undefined` if it is not there undamaged. */
export function matchHeader(
  bytes: Uint8Array,
  view: DataView,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
): RecordFields | undefined {
  const fields = emptyRecordFields();
  // The index is as old as the last look at the file: whatever is there by now must still be this very record.
  return readRecordHeader(bytes, view, 0, saltChecksum, location.offset, fields) &&
      RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength === location.length &&
      hasDigest(bytes, 0, digest)
    ? fields
    : undefined;
}

/** Reads a record's meta section; `undefined` if it is damaged. */
export function checkMeta(bytes: Uint8Array, header: RecordFields): RecordMeta | undefined {
  if (crc32(bytes) !== header.metaChecksum) return undefined;
  return readRecordMeta(bytes, header.codec, header.payloadLength);
}

/** Tells what a lookup of a record found, once all of it is checked. */
export function storedValue(
  header: RecordFields,
  meta: RecordMeta,
  parts: Uint8Array[],
): StoredValue {
  return {
    codec: meta.codec,
    parts: parts as unknown as Parts,
    promised: (header.flags & FLAG.promised) !== 0,
    writtenAt: header.writtenAt,
    duration: meta.duration,
  };
}

/** Memory of a length; `undefined` if there is not as much. */
export function allocate(length: number): Uint8Array | undefined {
  try {
    return new Uint8Array(length);
  } catch (error) {
    // More than this process can have: to the caller, the value is not there.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * Reads a record of uses.
 *
 * @param file The file.
 * @param fields What the record's header says.
 * @param offset Where the record begins.
 * @returns The digests, the one that was used last at the end; none if the record is damaged.
 */
export function readUses(file: DiskFile, fields: RecordFields, offset: number): Digest[] {
  const { metaLength, payloadLength, payloadChecksum } = fields;
  if (payloadLength > MOST_USES * DIGEST_LENGTH) return [];
  const bytes = new Uint8Array(payloadLength);
  const read = readAt(file, offset + RECORD_HEADER_LENGTH + metaLength, bytes);
  if (read < payloadLength || crc32(bytes) !== payloadChecksum) return [];
  return Array.from(
    { length: Math.floor(payloadLength / DIGEST_LENGTH) },
    (_, index) => bytes.subarray(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH).toHex(),
  );
}
