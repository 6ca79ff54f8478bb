// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "./store.ts";

/** What is found where an entry should be, and is no bytes at all. */
export const NO_BYTES = Symbol("no bytes");

/** The beginning of a blob. */
export interface BlobFront {
  /** The first bytes, or all. */
  readonly bytes: Uint8Array;
  /** How many bytes there are in all. */
  readonly total: number;
}

/** A blob to write. */
export interface Blob {
  readonly digest: Digest;
  /** All of it, which nobody else has. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** When its entry was written, in milliseconds since the epoch. */
  readonly writtenAt: number;
  /** For how long it is wanted, in milliseconds. */
  readonly keepFor: number;
}

/** Where there is one blob for each entry. Each method does one thing; who calls it keeps order and time. */
export interface BlobPlace {
  /** Where it is, for messages. */
  readonly location: string;

  /** What a blob is called there, for messages. */
  nameOf(digest: Digest): string;

  /**
   * Reads a blob.
   *
   * @param digest Which one.
   * @param signal Ends it: what it gives then is of no interest any more.
   * @returns Its bytes; `undefined` if there is none.
   */
  read(digest: Digest, signal: AbortSignal): Promise<Uint8Array | typeof NO_BYTES | undefined>;

  /**
   * Reads many blobs in one go, where that is less work.
   *
   * @param digests Which ones.
   * @param signal Ends it.
   * @returns The bytes of each.
   */
  readMany?(
    digests: readonly Digest[],
    signal: AbortSignal,
  ): Promise<(Uint8Array | typeof NO_BYTES | undefined)[]>;

  /**
   * Reads the beginning of a blob, where that is less work.
   *
   * @param digest Which one.
   * @param length How many bytes.
   * @param signal Ends it.
   * @returns The beginning; `undefined` if there is no such blob.
   */
  readFront?(digest: Digest, length: number, signal: AbortSignal): Promise<BlobFront | undefined>;

  /**
   * Writes a blob, over the one that there is.
   *
   * @param blob The blob.
   * @param signal Ends it: then it may be written or not.
   */
  write(blob: Blob, signal: AbortSignal): Promise<void>;

  /**
   * Removes a blob, if there is one.
   *
   * @param digest Which one.
   * @param signal Ends it.
   */
  remove(digest: Digest, signal: AbortSignal): Promise<void>;

  /**
   * Tells which blobs there are.
   *
   * @param signal Ends it.
   * @returns Their digests, each once.
   */
  list(signal: AbortSignal): Promise<Digest[]>;
}
