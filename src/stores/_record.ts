// Copyright 2026 the pecapiku authors. MIT license.

import { tableCrc32 } from "./_crc32.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import type { Digest } from "./store.ts";

/** The length of a record header, in bytes. */
export const RECORD_HEADER_LENGTH = 76;

/**
 * What a record does: puts an entry, deletes one; says where the newest snapshot is; is a snapshot of the index; tells which
 * entries were used, that another file has taken the place of this one, or how often what was found.
 */
export const KIND = {
  put: 1,
  delete: 2,
  anchor: 128,
  snapshot: 129,
  uses: 130,
  moved: 131,
  tally: 132,
} as const;

/** How many digests a record of uses has at the most: a reader takes no longer one for one. */
export const MOST_USES = 2048;

/** The digest of a record that is about no entry. */
export const NO_DIGEST: Digest = "0".repeat(64);

/** From this kind on, a reader that does not know a kind may pass the record over; below it, it must not. */
const FIRST_OPTIONAL_KIND = 128;

/** Bits of a record's flags. */
export const FLAG = { continues: 1, promised: 2, callKey: 4, replaces: 8 } as const;

const KNOWN_FLAGS = FLAG.continues | FLAG.promised | FLAG.callKey | FLAG.replaces;

/** The four bytes each record begins with. */
const SYNC = new Uint8Array([0xf1, 0x70, 0x63, 0x6b]);

/** The byte a search for the next record looks for. */
export const FIRST_SYNC_BYTE = 0xf1;

const KIND_AT = 4;
const FLAGS_AT = 5;
const CODEC_AT = 6;
const META_LENGTH_AT = 8;
const PAYLOAD_LENGTH_AT = 12;

/** Where in a record header the digest is. */
export const DIGEST_AT = 20;

const WRITTEN_AT_AT = 52;
const META_CHECKSUM_AT = 60;
const PAYLOAD_CHECKSUM_AT = 64;
const REPLACED_AT = 68;

/** Where in a record header its checksum is. */
export const HEADER_CHECKSUM_AT = 72;

/** What a record header says, but for the digest. */
export interface RecordFields {
  /** What the record does: one of {@linkcode KIND}. */
  kind: number;
  /** Bits of {@linkcode FLAG}. */
  flags: number;
  /** The number of a built-in codec, or `0` for one that is named in the meta section. */
  codec: number;
  /** The length of the meta section, in bytes. */
  metaLength: number;
  /** The length of the payload, in bytes. */
  payloadLength: number;
  /** When the record was written, in milliseconds since the epoch. */
  writtenAt: number;
  /** The CRC-32 of the meta section. */
  metaChecksum: number;
  /** The CRC-32 of the payload. */
  payloadChecksum: number;
  /** How many records before it in the file took the place of an entry or deleted one, modulo 2^32. */
  replaced: number;
  /** The checksum of the header itself. {@linkcode writeRecordHeader} sets it. */
  checksum: number;
}

/** Fields for {@linkcode readRecordHeader} to fill. */
export function emptyRecordFields(): RecordFields {
  return {
    kind: 0,
    flags: 0,
    codec: 0,
    metaLength: 0,
    payloadLength: 0,
    writtenAt: 0,
    metaChecksum: 0,
    payloadChecksum: 0,
    replaced: 0,
    checksum: 0,
  };
}

/** Whether all of a record is understood. */
export const READING = { known: 0, optional: 1, newer: 2 } as const;

/**
 * Tells whether this version understands a record.
 *
 * @param fields What its header says.
 * @returns One of {@linkcode READING}: `known`; `optional` for one that may be passed over; or `newer` for one that
 * must not be.
 */
export function readingOf({ kind, flags }: RecordFields): number {
  if ((flags & ~KNOWN_FLAGS) !== 0) return READING.newer;
  if (kind === KIND.put || kind === KIND.delete) return READING.known;
  if (kind === KIND.uses || kind === KIND.tally) return READING.known;
  return kind < FIRST_OPTIONAL_KIND ? READING.newer : READING.optional;
}

/** The number that the record after one has as {@linkcode RecordFields.replaced}. */
export function replacedAfter(fields: RecordFields): number {
  return (fields.flags & FLAG.replaces) === 0 ? fields.replaced : fields.replaced + 1 >>> 0;
}

const offsetBytes = new Uint8Array(8);
const offsetView = new DataView(offsetBytes.buffer);

/**
 * The checksum of a record header. It ties the header to its place: a record counts only in the file, and at the offset,
 * that it was written for. Otherwise a cache file that somebody stores as a value in a cache could be taken for records
 * of the outer file, once damage makes a reader search for the next record.
 */
function headerChecksum(
  bytes: Uint8Array,
  at: number,
  saltChecksum: number,
  offset: number,
): number {
  writeLength(offsetView, 0, offset);
  const seed = tableCrc32(offsetBytes, 0, 8, saltChecksum);
  return tableCrc32(bytes, at, at + HEADER_CHECKSUM_AT, seed);
}

/** Writes an integer below 2^53 in eight bytes. */
export function writeLength(view: DataView, at: number, length: number): void {
  view.setUint32(at, length >>> 0, true);
  view.setUint32(at + 4, Math.floor(length / 0x1_0000_0000), true);
}

/** Reads what {@linkcode writeLength} wrote; 2^53 and more, which it never writes, gives `Infinity`. */
export function readLength(view: DataView, at: number): number {
  const high = view.getUint32(at + 4, true);
  return high >= 0x20_0000 ? Infinity : high * 0x1_0000_0000 + view.getUint32(at, true);
}

/**
 * Writes a record header. Its layout is in `docs/format.md`.
 *
 * @param bytes Where to write.
 * @param view A view over the same bytes.
 * @param at The position in `bytes`.
 * @param digest The digest of the entry.
 * @param fields What else to write. Its `checksum` is set.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where in the file the record will begin.
 */
export function writeRecordHeader(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  digest: Digest,
  fields: RecordFields,
  saltChecksum: number,
  offset: number,
): void {
  bytes.set(SYNC, at);
  bytes[at + KIND_AT] = fields.kind;
  bytes[at + FLAGS_AT] = fields.flags;
  bytes[at + CODEC_AT] = fields.codec;
  bytes[at + CODEC_AT + 1] = 0;
  view.setUint32(at + META_LENGTH_AT, fields.metaLength, true);
  writeLength(view, at + PAYLOAD_LENGTH_AT, fields.payloadLength);
  for (let index = 0; index < DIGEST_LENGTH; index++) {
    bytes[at + DIGEST_AT + index] = hexDigit(digest.charCodeAt(2 * index)) << 4 |
      hexDigit(digest.charCodeAt(2 * index + 1));
  }
  view.setFloat64(at + WRITTEN_AT_AT, fields.writtenAt, true);
  view.setUint32(at + META_CHECKSUM_AT, fields.metaChecksum, true);
  view.setUint32(at + PAYLOAD_CHECKSUM_AT, fields.payloadChecksum, true);
  view.setUint32(at + REPLACED_AT, fields.replaced, true);
  fields.checksum = headerChecksum(bytes, at, saltChecksum, offset);
  view.setUint32(at + HEADER_CHECKSUM_AT, fields.checksum, true);
}

/**
 * Makes the header of a record that of a copy elsewhere.
 *
 * @param bytes Where the header is, to be changed.
 * @param view A view over the same bytes.
 * @param at The position in `bytes`.
 * @param fields What the header says, and is to say: of it, `flags` and `replaced` count. Its `checksum` is set.
 * @param saltChecksum The CRC-32 of the salt of the file it goes to.
 * @param offset Where in that file the record will begin.
 */
export function moveRecordHeader(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  fields: RecordFields,
  saltChecksum: number,
  offset: number,
): void {
  bytes[at + FLAGS_AT] = fields.flags;
  view.setUint32(at + REPLACED_AT, fields.replaced, true);
  fields.checksum = headerChecksum(bytes, at, saltChecksum, offset);
  view.setUint32(at + HEADER_CHECKSUM_AT, fields.checksum, true);
}

/**
 * Reads a record header.
 *
 * @param bytes Where to read; there must be {@linkcode RECORD_HEADER_LENGTH} bytes from `at` on.
 * @param view A view over the same bytes.
 * @param at The position in `bytes`.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where in the file the bytes are from.
 * @param fields Is filled with what the header says.
 * @returns Whether an undamaged header, made for this place, is there.
 */
export function readRecordHeader(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  saltChecksum: number,
  offset: number,
  fields: RecordFields,
): boolean {
  for (let index = 0; index < SYNC.length; index++) {
    if (bytes[at + index] !== SYNC[index]) return false;
  }
  const checksum = view.getUint32(at + HEADER_CHECKSUM_AT, true);
  if (checksum !== headerChecksum(bytes, at, saltChecksum, offset)) return false;
  fields.kind = bytes[at + KIND_AT]!;
  fields.flags = bytes[at + FLAGS_AT]!;
  fields.codec = bytes[at + CODEC_AT]!;
  fields.metaLength = view.getUint32(at + META_LENGTH_AT, true);
  fields.payloadLength = readLength(view, at + PAYLOAD_LENGTH_AT);
  fields.writtenAt = view.getFloat64(at + WRITTEN_AT_AT, true);
  fields.metaChecksum = view.getUint32(at + META_CHECKSUM_AT, true);
  fields.payloadChecksum = view.getUint32(at + PAYLOAD_CHECKSUM_AT, true);
  fields.replaced = view.getUint32(at + REPLACED_AT, true);
  fields.checksum = checksum;
  return true;
}

/**
 * Puts a record header right that has one bit wrong. The checksum tells which: no two bits change it in the same way, and
 * no change of two or three bits looks like that of one.
 *
 * @param bytes The bytes of the header, which are changed.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where in the file they are from.
 * @param fields Is filled with what the header says, once it is right.
 * @returns Whether it could be put right.
 */
export function correctRecordHeader(
  bytes: Uint8Array,
  saltChecksum: number,
  offset: number,
  fields: RecordFields,
): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let bit = 0; bit < 8 * RECORD_HEADER_LENGTH; bit++) {
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    // Every header begins alike: where this one does not, no bit but one of those four bytes helps.
    if (readRecordHeader(bytes, view, 0, saltChecksum, offset, fields)) return true;
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
  }
  return false;
}

/**
 * Tells whether a record is that of a digest which is given in words.
 *
 * @param view A view over the bytes where the record's header is.
 * @param at The position of the header.
 * @param words The digest.
 * @param wordsAt The position of its first word.
 * @returns Whether the header names it.
 */
export function hasDigestWords(
  view: DataView,
  at: number,
  words: Uint32Array,
  wordsAt: number,
): boolean {
  for (let word = 0; word < DIGEST_LENGTH / 4; word++) {
    if (view.getUint32(at + DIGEST_AT + 4 * word) !== words[wordsAt + word]) return false;
  }
  return true;
}

/**
 * Tells whether a record is that of a digest.
 *
 * @param bytes Where the record's header is.
 * @param at The position of the header in `bytes`.
 * @param digest The digest.
 * @returns Whether the header names it.
 */
export function hasDigest(bytes: Uint8Array, at: number, digest: Digest): boolean {
  for (let index = 0; index < DIGEST_LENGTH; index++) {
    const byte = hexDigit(digest.charCodeAt(2 * index)) << 4 |
      hexDigit(digest.charCodeAt(2 * index + 1));
    if (bytes[at + DIGEST_AT + index] !== byte) return false;
  }
  return true;
}

function hexDigit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
