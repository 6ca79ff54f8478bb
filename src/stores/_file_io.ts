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

/** How much is written at once at most: one call with 8 MB took as long as 60 MB did in calls of this length. */
const LONGEST_WRITE = 1024 * 1024;

/**
 * Writes all of a run of bytes at a file's position.
 *
 * @param file The file.
 * @param bytes What to write.
 */
export function writeFully(file: DiskFile, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.byteLength) {
    const count = file.writeSync(
      written === 0 && bytes.byteLength <= LONGEST_WRITE
        ? bytes
        : bytes.subarray(written, written + LONGEST_WRITE),
    );
    if (count === 0) throw new Error("The disk takes no more bytes");
    written += count;
  }
}

/** How much is read at once at most, in bytes. */
const LONGEST = 128 * 1024;

/** How much more is read at once each time that it pays. */
const GROWTH = 4;

/** What is nearer to what was read last, in bytes, is read soon after it. */
const NEAR = 16 * 1024;

/** What is read of a file, and where. */
export type ReadableFile = Pick<DiskFile, "readSync" | "seekSync">;

/**
 * Reads a file by and large from its start to its end, and more at once than is asked for: a call of the system takes longer than
 * to copy what is near. It is for complete batches only, which never change.
 */
export class ReadAhead implements ReadableFile {
  #file: DiskFile | undefined;
  /** Where complete batches end. */
  #end = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where in the file the bytes are, and how many are. */
  #start = 0;
  #length = 0;
  /** How much to read at once. */
  #step = 0;
  #position = 0;

  /**
   * Goes on with a file.
   *
   * @param file The handle to read through.
   * @param end Where its complete batches end: nothing behind is read ahead.
   * @returns The same, to read from.
   */
  of(file: DiskFile, end: number): this {
    if (file !== this.#file) this.#length = 0;
    this.#file = file;
    this.#end = end;
    return this;
  }

  /** Goes to a place in the file. */
  seekSync(offset: number | bigint): number {
    return this.#position = Number(offset);
  }

  /** Reads from there. */
  readSync(target: Uint8Array): number | null {
    const count = this.#has(target.byteLength)
      ? this.#copy(target)
      : this.#readFrom(this.#file!, target);
    this.#position += count;
    return count === 0 ? null : count;
  }

  #has(length: number): boolean {
    return this.#position >= this.#start && this.#position + length <= this.#start + this.#length;
  }

  #copy(target: Uint8Array): number {
    const from = this.#position - this.#start;
    target.set(this.#bytes.subarray(from, from + target.byteLength));
    return target.byteLength;
  }

  #readFrom(file: DiskFile, target: Uint8Array): number {
    const { byteLength } = target;
    const last = this.#start + this.#length;
    const isNear = this.#position >= this.#start && this.#position <= last + NEAR;
    this.#step = isNear ? Math.min(LONGEST, Math.max(byteLength, this.#step * GROWTH)) : byteLength;
    const length = Math.max(byteLength, Math.min(this.#step, this.#end - this.#position));
    if (length > LONGEST || this.#position + length > this.#end) {
      return readAt(file, this.#position, target);
    }
    if (this.#bytes.byteLength < length) this.#bytes = new Uint8Array(LONGEST);
    this.#start = this.#position;
    this.#length = 0;
    this.#length = readAt(file, this.#position, this.#bytes.subarray(0, length));
    return this.#length < byteLength ? readAt(file, this.#position, target) : this.#copy(target);
  }
}
