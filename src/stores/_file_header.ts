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
const SALT_AT = 12;
const CHECKSUM_AT = 28;

/**
 * Makes the header of a new file. Its layout is in `docs/format.md`.
 *
 * @returns The header, with a salt of its own.
 */
export function createFileHeader(): Uint8Array {
  const header = new Uint8Array(FILE_HEADER_LENGTH);
  const view = new DataView(header.buffer);
  header.set(MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  crypto.getRandomValues(header.subarray(SALT_AT, SALT_AT + SALT_LENGTH));
  view.setUint32(CHECKSUM_AT, tableCrc32(header, 0, CHECKSUM_AT), true);
  return header;
}

/**
 * Reads the header of a file.
 *
 * @param bytes The first bytes of the file, at most {@linkcode FILE_HEADER_LENGTH}.
 * @param filePath The path of the file, for messages.
 * @returns The file's salt, or `undefined` if the bytes are a proper prefix of a header: a file whose first write was
 * cut off, which is an empty cache.
 * @throws {CacheFormatError} If the bytes are anything else.
 */
export function parseFileHeader(bytes: Uint8Array, filePath: string): Uint8Array | undefined {
  const known = Math.min(bytes.byteLength, MAGIC.length);
  for (let at = 0; at < known; at++) {
    if (bytes[at] !== MAGIC[at]) {
      throw new CacheFormatError(`Cannot open cache: not a cache file: ${filePath}`, { filePath });
    }
  }
  if (bytes.byteLength < FILE_HEADER_LENGTH) {
    for (let at = VERSION_AT; at < Math.min(bytes.byteLength, SALT_AT); at++) {
      if (bytes[at] !== (FORMAT_VERSION >>> (8 * (at - VERSION_AT)) & 0xff)) {
        throw new CacheFormatError(`Cannot open cache: damaged file header: ${filePath}`, {
          filePath,
        });
      }
    }
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FILE_HEADER_LENGTH);
  if (view.getUint32(CHECKSUM_AT, true) !== tableCrc32(bytes, 0, CHECKSUM_AT)) {
    throw new CacheFormatError(`Cannot open cache: damaged file header: ${filePath}`, { filePath });
  }
  const version = view.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION) {
    throw new CacheFormatError(
      `Cannot open cache: file format ${version} is newer than ${FORMAT_VERSION}, the newest that this version reads: ${filePath}`,
      { filePath },
    );
  }
  return readSalt(bytes);
}

/** The salt in a file header that is known to be right. */
export function readSalt(header: Uint8Array): Uint8Array {
  return header.slice(SALT_AT, SALT_AT + SALT_LENGTH);
}
