// Copyright 2026 the pecapiku authors. MIT license.

import { ANCHOR_LENGTH, createAnchor } from "./_anchor.ts";
import {
  createFileHeader,
  FILE_HEADER_LENGTH,
  parseFileHeader,
  SALT_AT,
  SALT_LENGTH,
} from "./_file_header.ts";
import type { DiskFile } from "./disk.ts";
import { readAt } from "./_file_io.ts";
import type { LogFollower } from "./_log_follower.ts";
import { RECORD_HEADER_LENGTH } from "./_record.ts";

/** What a new file begins with. */
export interface FileStart {
  /** The file header and the anchor. */
  readonly bytes: Uint8Array;
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
}

/** Makes what a new file begins with, be it by itself or to take the place of another, whose salt is then given. */
export function createFileStart(predecessor?: Uint8Array): FileStart {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_LENGTH));
  const header = createFileHeader(salt, predecessor);
  const { saltChecksum } = parseFileHeader(header, "")!;
  const anchor = createAnchor(saltChecksum);
  const bytes = new Uint8Array(header.byteLength + anchor.byteLength);
  bytes.set(header);
  bytes.set(anchor, header.byteLength);
  return { bytes, saltChecksum };
}

/** Tells whether a file is one that was begun, but not as far as to its first commit. */
export function isBegun({ file, end, size, saltChecksum }: LogFollower): boolean {
  if (end !== FILE_HEADER_LENGTH || size >= FILE_HEADER_LENGTH + ANCHOR_LENGTH) return false;
  const rest = new Uint8Array(Math.min(size - end, RECORD_HEADER_LENGTH));
  const length = readAt(file, end, rest);
  const anchor = createAnchor(saltChecksum);
  return rest.subarray(0, length).every((byte, at) => byte === anchor[at]);
}

/** The salt of a file, which has a file header. */
export function readSalt(file: DiskFile): Uint8Array {
  const salt = new Uint8Array(SALT_LENGTH);
  readAt(file, SALT_AT, salt);
  return salt;
}
