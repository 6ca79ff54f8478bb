// Copyright 2026 the pecapiku authors. MIT license.

import type { DiskFile } from "./disk.ts";

/**
 * Reads a run of bytes from a file's position.
 *
 * @param file The file.
 * @param target What to fill.
 * @returns How many bytes were read: fewer than asked for only at the end of the file.
 */
export function readFully(file: Pick<DiskFile, "readSync">, target: Uint8Array): number {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = file.readSync(filled === 0 ? target : target.subarray(filled));
    if (count === null || count === 0) break;
    filled += count;
  }
  return filled;
}

/**
 * Reads a run of bytes from anywhere in a file.
 *
 * @param file The file.
 * @param offset Where to begin, in bytes from the start of the file.
 * @param target What to fill.
 * @returns How many bytes were read: fewer than asked for only at the end of the file.
 */
export function readAt(
  file: Pick<DiskFile, "readSync" | "seekSync">,
  offset: number,
  target: Uint8Array,
): number {
  file.seekSync(offset, Deno.SeekMode.Start);
  return readFully(file, target);
}

const checksumBytes = new Uint8Array(4);
const checksumView = new DataView(checksumBytes.buffer);

/**
 * Reads a checksum.
 *
 * @param file The file.
 * @param offset Where it is, in bytes from the start of the file.
 * @returns The checksum; `-1` if the file ends before.
 */
export function readChecksum(file: DiskFile, offset: number): number {
  return readAt(file, offset, checksumBytes) < 4 ? -1 : checksumView.getUint32(0, true);
}

/**
 * Writes all of a run of bytes at a file's position.
 *
 * @param file The file.
 * @param bytes What to write.
 */
export function writeFully(file: DiskFile, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.byteLength) {
    const count = file.writeSync(written === 0 ? bytes : bytes.subarray(written));
    if (count === 0) throw new Error("The disk takes no more bytes");
    written += count;
  }
}
