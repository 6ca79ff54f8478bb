// Copyright 2026 the pecapiku authors. MIT license.

import {
  encodeRecord,
  placeChecksum,
  readRecordFront,
  type RecordFront,
} from "./_encoded_record.ts";
import { readLength, writeLength } from "./_record.ts";
import type { Digest, PutChange } from "./store.ts";

/** The length of what stands before the record, in bytes. */
export const HEAD_LENGTH = 32;

/** How much of an entry is in its first key at the most, and in each later one, in bytes. */
export const CHUNK_LENGTH = 1024 * 1024;

/** In how many keys an entry goes on at the most, after the first: as many as make 4 GiB. */
export const MOST_CHUNKS = 4095;

/** How much is read of an entry to know what it is: few keys are longer. */
export const FRONT_LENGTH = 1024;

const VERSION = 1;
const MAGIC = new Uint8Array([0xf1, 0x70, 0x63, 0x6b, 0x72]);
const VERSION_AT = 5;
const CHUNKS_AT = 8;
const LENGTH_AT = 12;
const GENERATION_AT = 20;
const GENERATION_LENGTH = 8;
const CHECKSUM_AT = 28;

/** What stands before the record. Its layout is in `docs/format.md`. */
export interface RedisHead {
  /** In how many more keys the record goes on. */
  readonly chunks: number;
  /** The length of the record, in bytes. */
  readonly length: number;
  /** What tells the chunks of this writing from those of another: 16 hexadecimal digits. */
  readonly generation: string;
  /** What ties the record to this head. */
  readonly checksum: number;
}

/** An entry as it is written. */
export interface EncodedEntry {
  /** The bytes of the first key. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** The bytes of the others. */
  readonly chunks: readonly Uint8Array<ArrayBuffer>[];
  /** What the names of the others have in them. */
  readonly generation: string;
}

/**
 * Gives an entry as it is written.
 *
 * @param change The entry. Its bytes are copied.
 * @param generation Eight random bytes.
 * @param pieceLength How much is in one key at the most, in bytes; `Infinity` where all of it is in one place.
 * @returns What to write.
 * @throws {RangeError} If it is longer than 4 GiB.
 */
export function encodeEntry(
  change: PutChange,
  generation: Uint8Array,
  pieceLength = CHUNK_LENGTH,
): EncodedEntry {
  // The record is tied to the generation. The rest of the head depends on its length, which is not known before.
  const bytes = encodeRecord(change, placeChecksum(generation), HEAD_LENGTH);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength > (MOST_CHUNKS + 1) * pieceLength) {
    throw new RangeError("The entry is longer than 4 GiB");
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let at = pieceLength; at < bytes.byteLength; at += pieceLength) {
    chunks.push(bytes.subarray(at, at + pieceLength));
  }
  bytes.set(MAGIC);
  bytes[VERSION_AT] = VERSION;
  view.setUint32(CHUNKS_AT, chunks.length, true);
  writeLength(view, LENGTH_AT, bytes.byteLength - HEAD_LENGTH);
  bytes.set(generation, GENERATION_AT);
  view.setUint32(CHECKSUM_AT, placeChecksum(bytes.subarray(0, CHECKSUM_AT)), true);
  return { head: bytes.subarray(0, pieceLength), chunks, generation: generation.toHex() };
}

/**
 * Makes what tells one writing of an entry from another.
 *
 * @returns Eight random bytes.
 */
export function newGeneration(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(GENERATION_LENGTH));
}

/**
 * Reads what stands before the record.
 *
 * @param bytes The bytes of the first key, or the beginning of them.
 * @param pieceLength How much is in one key at the most, in bytes.
 * @returns What it says; `undefined` if it is damaged, somebody else's or of a newer version.
 */
export function readHead(bytes: Uint8Array, pieceLength = CHUNK_LENGTH): RedisHead | undefined {
  if (bytes.byteLength < HEAD_LENGTH) return undefined;
  for (let at = 0; at < MAGIC.length; at++) {
    if (bytes[at] !== MAGIC[at]) return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(CHECKSUM_AT, true) !== placeChecksum(bytes.subarray(0, CHECKSUM_AT))) {
    return undefined;
  }
  const length = readLength(view, LENGTH_AT);
  const chunks = view.getUint32(CHUNKS_AT, true);
  const isSound = bytes[VERSION_AT] === VERSION && chunks <= MOST_CHUNKS &&
    chunks === Math.max(0, Math.ceil((HEAD_LENGTH + length) / pieceLength) - 1);
  if (!isSound) return undefined;
  const generation = bytes.subarray(GENERATION_AT, GENERATION_AT + GENERATION_LENGTH);
  return {
    chunks,
    length,
    generation: generation.toHex(),
    checksum: placeChecksum(generation),
  };
}

/** How many bytes the first key has in all. */
export function firstLength({ length }: RedisHead): number {
  return Math.min(CHUNK_LENGTH, HEAD_LENGTH + length);
}

/** How many bytes a later key has in all. */
export function chunkLength({ length }: RedisHead, index: number): number {
  return Math.min(CHUNK_LENGTH, HEAD_LENGTH + length - (index + 1) * CHUNK_LENGTH);
}

/**
 * Reads all of an entry but its value.
 *
 * @param bytes The bytes of the first key, or the beginning of them.
 * @param head What {@linkcode readHead} found there.
 * @param digest The digest that the entry must have.
 * @returns The front of its record; how many bytes of the entry are needed, if there are too few; `undefined` if it is
 * damaged.
 */
export function readFront(
  bytes: Uint8Array,
  head: RedisHead,
  digest: Digest,
): RecordFront | number | undefined {
  const record = bytes.subarray(HEAD_LENGTH);
  const front = readRecordFront(record, digest, head.checksum, HEAD_LENGTH, head.length);
  return typeof front === "number" ? HEAD_LENGTH + front : front;
}
