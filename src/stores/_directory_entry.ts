// Copyright 2026 the pecapiku authors. MIT license.

import { CacheFormatError } from "../errors/cache_format_error.ts";
import { appendBatch } from "./_append.ts";
import { tableCrc32 } from "./_crc32.ts";
import { isUnsupported } from "./_directory_access.ts";
import type { DirectoryDisk, DirectoryDiskFile } from "./directory_disk.ts";
import {
  createFileHeader,
  FILE_CHECKSUM_AT,
  FILE_HEADER_LENGTH,
  FORMAT_VERSION,
  parseFileHeader,
  SALT_LENGTH,
} from "./_file_header.ts";
import { readFully, writeFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  FLAG,
  hasDigest,
  KIND,
  READING,
  readingOf,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
} from "./_record.ts";
import type { RecordLocation } from "./_record_reader.ts";
import type { Digest, PutChange } from "./store.ts";

const HEAD_LENGTH = FILE_HEADER_LENGTH + RECORD_HEADER_LENGTH;
const MAGIC_LENGTH = 8;
const MAGIC = createFileHeader(new Uint8Array(SALT_LENGTH)).subarray(0, MAGIC_LENGTH);

const ENTRY_NAME = /^([0-9a-f]{64})\.entry$/;
const TEMPORARY_NAME = /^([0-9a-f]{64})\.[0-9a-f]{16}\.tmp$/;

const head = new Uint8Array(HEAD_LENGTH);
const headView = new DataView(head.buffer);
const fields = emptyRecordFields();

/** Where an entry is in a directory. */
export interface EntryPlace {
  /** The folder within that of the store. */
  readonly upper: string;
  /** The folder within that. */
  readonly lower: string;
  /** The file. */
  readonly path: string;
}

/**
 * Tells where an entry is, or would be.
 *
 * @param root The absolute path of the store's directory.
 * @param digest The digest, checked.
 * @returns The place.
 */
export function placeOf(root: string, digest: Digest): EntryPlace {
  const upper = `${root}/${digest.slice(0, 2)}`;
  const lower = `${upper}/${digest.slice(2, 4)}`;
  return { upper, lower, path: `${lower}/${digest}.entry` };
}

/**
 * Tells whose file has a name.
 *
 * @param name The name of a file.
 * @param folders The names of the two folders it is in, together.
 * @returns The digest, and whether the file is a temporary one; `undefined` if such a file is none of a store.
 */
export function parseName(
  name: string,
  folders: string,
): { digest: Digest; isTemporary: boolean } | undefined {
  const entry = ENTRY_NAME.exec(name);
  const digest = (entry ?? TEMPORARY_NAME.exec(name))?.[1];
  return digest?.startsWith(folders) ? { digest, isTemporary: entry === null } : undefined;
}

/** What a step reads a file by: `undefined` if it is damaged. */
export type ReadRecord<T> = (
  file: DirectoryDiskFile,
  saltChecksum: number,
  digest: Digest,
  location: RecordLocation,
) => T | undefined;

/**
 * Reads an entry's file.
 *
 * @param disk The disk.
 * @param path The path of the file.
 * @param digest The digest of the entry.
 * @param read What to read of it.
 * @returns What was read; `"missing"` if there is no file; `"damaged"` if what there is can't be read, but is none that
 * somebody else has put there.
 * @throws {CacheFormatError} If what there is may be somebody else's, or a newer version's.
 */
export function readEntry<T extends object>(
  disk: DirectoryDisk,
  path: string,
  digest: Digest,
  read: ReadRecord<T>,
): T | "missing" | "damaged" {
  let file: DirectoryDiskFile;
  try {
    // Looked at before it is opened, since to open a pipe is to wait for its other end.
    if (!disk.statSync(path).isFile) throw refusal("not a file", path);
    file = disk.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "missing";
    throw error;
  }
  try {
    const saltChecksum = readHead(file, path, digest);
    if (saltChecksum === undefined) return "damaged";
    // Of this file: by now, the path may lead to another one than it did before.
    const size = file.seekSync(0, Deno.SeekMode.End);
    const location = { offset: FILE_HEADER_LENGTH, length: size - FILE_HEADER_LENGTH };
    return read(file, saltChecksum, digest, location) ?? "damaged";
  } finally {
    file.close();
  }
}

/** The checksum of the salt of an entry's file that is good so far; `undefined` if it is damaged. */
function readHead(file: DirectoryDiskFile, path: string, digest: Digest): number | undefined {
  const length = readFully(file, head);
  const bytes = head.subarray(0, length);
  let saltChecksum: number | undefined;
  try {
    saltChecksum = parseFileHeader(bytes, path)?.saltChecksum;
  } catch (error) {
    if (!isDamaged(bytes, digest)) throw error;
    return undefined;
  }
  if (
    saltChecksum === undefined || length < HEAD_LENGTH ||
    !readRecordHeader(head, headView, FILE_HEADER_LENGTH, saltChecksum, FILE_HEADER_LENGTH, fields)
  ) return undefined;
  if (readingOf(fields) === READING.newer) {
    throw refusal(
      `a newer version wrote a record of kind ${fields.kind} with flags ${fields.flags}`,
      path,
    );
  }
  // Whoever appends a record to the file makes the first one doubtful. Its length tells, which the reader compares.
  return fields.kind === KIND.put && (fields.flags & FLAG.continues) === 0
    ? saltChecksum
    : undefined;
}

/**
 * Tells whether what is no file header is a damaged one of ours, and no other file: an empty or zeroed one, which a
 * power cut may leave; one that begins as ours do; or one that has its digest where it belongs. A good header of a
 * newer version is not damaged.
 */
function isDamaged(bytes: Uint8Array, digest: Digest): boolean {
  const begins = bytes.subarray(0, MAGIC_LENGTH).every((byte, at) => byte === MAGIC[at]);
  if (begins && bytes.byteLength >= FILE_HEADER_LENGTH) {
    const checksum = headView.getUint32(FILE_CHECKSUM_AT, true);
    const version = headView.getUint32(MAGIC_LENGTH, true);
    return version <= FORMAT_VERSION || checksum !== tableCrc32(bytes, 0, FILE_CHECKSUM_AT);
  }
  return begins || bytes.every((byte) => byte === 0) ||
    (bytes.byteLength === HEAD_LENGTH && hasDigest(bytes, FILE_HEADER_LENGTH, digest));
}

/**
 * Writes an entry's file: under a temporary name, then renamed, so that nobody sees it half-written.
 *
 * @param disk The disk.
 * @param place Where it goes. The folders are there.
 * @param change The entry.
 * @param stamp The time that the file is given, in milliseconds since the epoch.
 * @param sync Whether to wait for the medium.
 * @returns The length of the file, in bytes.
 */
export function writeEntry(
  disk: DirectoryDisk,
  { lower, path }: EntryPlace,
  change: PutChange,
  stamp: number,
  sync: boolean,
): number {
  const random = crypto.getRandomValues(new Uint8Array(2 * SALT_LENGTH));
  const temporary = `${lower}/${change.digest}.${random.subarray(SALT_LENGTH).toHex()}.tmp`;
  // A new file or an error: never through a link that somebody else has put there.
  const file = disk.openSync(temporary, { write: true, createNew: true, mode: 0o600 });
  try {
    let length: number;
    try {
      length = encodeEntry(file, change, random.subarray(0, SALT_LENGTH));
      if (sync) file.syncDataSync();
      setTime(file, stamp);
    } finally {
      file.close();
    }
    disk.renameSync(temporary, path);
    return length;
  } catch (error) {
    try {
      disk.removeSync(temporary);
    } catch (removeError) {
      throw new AggregateError([error, removeError], String(error));
    }
    throw error;
  }
}

/**
 * Writes the bytes of an entry's file.
 *
 * @param file The file, empty.
 * @param change The entry.
 * @param salt The salt of the file.
 * @returns The length of the file, in bytes.
 */
export function encodeEntry(
  file: DirectoryDiskFile,
  change: PutChange,
  salt: Uint8Array,
): number {
  const header = createFileHeader(salt);
  const { saltChecksum } = parseFileHeader(header, "")!;
  writeFully(file, header);
  const place = { end: FILE_HEADER_LENGTH, saltChecksum, replaced: 0, has: () => false };
  return appendBatch(file, place, [change]).end;
}

// The time is all that is lost where a file system does not let one set it.
function setTime(file: DirectoryDiskFile, stamp: number): void {
  try {
    file.utimeSync(new Date(stamp), new Date(stamp));
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  }
}

function refusal(reason: string, filePath: string): CacheFormatError {
  return new CacheFormatError(`Cannot open cache: ${reason}: ${filePath}`, { filePath });
}
