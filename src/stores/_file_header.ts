// Copyright 2026 the pecapiku authors. MIT license.

import { CacheFormatError } from "../errors/cache_format_error.ts";
import { tableCrc32 } from "./_crc32.ts";

/** The version of the file format that this module writes. */
export const FORMAT_VERSION = 1;

/** The length of the file header, in bytes. */
export const FILE_HEADER_LENGTH = 32;

/** The length of the salt, in bytes. */
export const SALT_LENGTH = 8;

/** The first bytes of a cache file. As in PNG, a transfer that mangles line ends or the eighth bit is noticed. */
const MAGIC = new Uint8Array([0x89, 0x70, 0x63, 0x6b, 0x0d, 0x0a, 0x1a, 0x0a]);

const VERSION_AT = 8;
const PREDECESSOR_AT = 20;

/** Where in a file header the salt is. */
export const SALT_AT = 12;

/** Where in a file header its checksum is. */
export const FILE_CHECKSUM_AT = 28;

/** What a file header says. */
export interface FileHeader {
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
  /** The checksum of the header itself. */
  readonly checksum: number;
}

/**
 * Makes the header of a new file. Its layout is in `docs/format.md`.
 *
 * @param salt The salt of the file.
 * @param predecessor The salt of the file that this one is to take the place of; zeros if there is none.
 * @returns The header.
 */
export function createFileHeader(
  salt: Uint8Array,
  predecessor: Uint8Array = new Uint8Array(SALT_LENGTH),
): Uint8Array {
  const header = new Uint8Array(FILE_HEADER_LENGTH);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  header.set(salt, SALT_AT);
  header.set(predecessor, PREDECESSOR_AT);
  view.setUint32(FILE_CHECKSUM_AT, tableCrc32(header, 0, FILE_CHECKSUM_AT), true);
  return header;
}

/**
 * Reads the header of a file.
 *
 * @param bytes The first bytes of the file, at most {@linkcode FILE_HEADER_LENGTH}.
 * @param filePath The path of the file, for messages.
 * @returns What it says, or `undefined` if the bytes are a proper prefix of a header: a file whose first write was cut
 * off, which is an empty cache.
 * @throws {CacheFormatError} If the bytes are anything else.
 */
export function parseFileHeader(bytes: Uint8Array, filePath: string): FileHeader | undefined {
  if (!isPrefix(bytes.subarray(0, MAGIC.length), MAGIC)) {
    throw new CacheFormatError(`Cannot open cache: not a cache file: ${filePath}`, { filePath });
  }
  if (bytes.byteLength < FILE_HEADER_LENGTH) {
    const salt = new Uint8Array(SALT_LENGTH);
    salt.set(bytes.subarray(SALT_AT, SALT_AT + SALT_LENGTH));
    if (isPrefix(bytes, createFileHeader(salt))) return undefined;
    throw damagedHeader(filePath);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FILE_HEADER_LENGTH);
  const checksum = view.getUint32(FILE_CHECKSUM_AT, true);
  if (checksum !== tableCrc32(bytes, 0, FILE_CHECKSUM_AT)) throw damagedHeader(filePath);
  const version = view.getUint32(VERSION_AT, true);
  if (version > FORMAT_VERSION) {
    throw new CacheFormatError(
      `Cannot open cache: file format ${version} is newer than ${FORMAT_VERSION}, the newest that this version reads: ${filePath}`,
      { filePath },
    );
  }
  if (version < FORMAT_VERSION) throw damagedHeader(filePath);
  return { saltChecksum: tableCrc32(bytes, SALT_AT, SALT_AT + SALT_LENGTH), checksum };
}

/** Tells whether bytes begin with all that a cache file of any version begins with. */
export function beginsAsCacheFile(bytes: Uint8Array): boolean {
  return bytes.byteLength >= MAGIC.length && isPrefix(bytes.subarray(0, MAGIC.length), MAGIC);
}

/** The version of the file format that the first bytes of a file name, if they reach that far. */
export function versionIn(bytes: Uint8Array): number | undefined {
  if (bytes.byteLength < VERSION_AT + 4) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(VERSION_AT, true);
}

/** Tells whether a file is, or begins to be, one that was to take the place of another. */
export function isSuccessor(bytes: Uint8Array, predecessor: Uint8Array): boolean {
  // A file that took nobody's place says so in the same way as one whose predecessor has no salt.
  if (predecessor.every((byte) => byte === 0)) return false;
  const salt = new Uint8Array(SALT_LENGTH);
  salt.set(bytes.subarray(SALT_AT, SALT_AT + SALT_LENGTH));
  return isPrefix(bytes, createFileHeader(salt, predecessor));
}

function isPrefix(bytes: Uint8Array, whole: Uint8Array): boolean {
  return bytes.byteLength <= whole.byteLength && bytes.every((byte, at) => byte === whole[at]);
}

function damagedHeader(filePath: string): CacheFormatError {
  return new CacheFormatError(`Cannot open cache: damaged file header: ${filePath}`, { filePath });
}
