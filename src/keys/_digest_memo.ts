// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";

interface Entry {
  readonly hash: number;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

const SLOTS = 4096;
const MAX_ENTRY_BYTES = 4 * 1024;
const MAX_BYTES = 1024 * 1024;

/**
 * The digests of canonical bytes that were digested lately: at most 4,096 of them, and at most 1 MiB of bytes. It holds
 * copies of bytes, no values. The short hash only finds the place: bytes are equal when all of them are.
 */
export class DigestMemo {
  readonly #slots: (Entry | undefined)[] = new Array(SLOTS).fill(undefined);
  #byteLength = 0;

  /**
   * Looks up a digest.
   *
   * @param bytes A buffer with the canonical bytes at its beginning.
   * @param length How many they are.
   * @returns Their digest if it is known.
   */
  find(bytes: Uint8Array, length: number): Digest | undefined {
    if (length > MAX_ENTRY_BYTES) return undefined;
    const hash = shortHash(bytes, length);
    const slot = hash & (SLOTS - 1);
    // Each entry has two places, so that two hot keys with one place don't drive each other out.
    const first = this.#slots[slot];
    if (first !== undefined && isEntryOf(first, hash, bytes, length)) return first.digest;
    const second = this.#slots[slot ^ 1];
    if (second !== undefined && isEntryOf(second, hash, bytes, length)) return second.digest;
    return undefined;
  }

  /**
   * Remembers a digest.
   *
   * @param bytes The canonical bytes. They are copied.
   * @param digest Their digest.
   */
  add(bytes: Uint8Array, digest: Digest): void {
    if (bytes.length > MAX_ENTRY_BYTES) return;
    if (this.#byteLength + bytes.length > MAX_BYTES) {
      this.#slots.fill(undefined);
      this.#byteLength = 0;
    }
    const hash = shortHash(bytes, bytes.length);
    let slot = hash & (SLOTS - 1);
    const first = this.#slots[slot];
    if (first !== undefined) {
      const second = this.#slots[slot ^ 1];
      if (second === undefined || (hash & SLOTS) !== 0) slot ^= 1;
    }
    this.#byteLength += bytes.length - (this.#slots[slot]?.bytes.length ?? 0);
    this.#slots[slot] = { hash, bytes: bytes.slice(), digest };
  }
}

function isEntryOf(entry: Entry, hash: number, bytes: Uint8Array, length: number): boolean {
  const known = entry.bytes;
  if (entry.hash !== hash || known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[i]) return false;
  return true;
}

function shortHash(bytes: Uint8Array, length: number): number {
  let hash = length;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x9e3779b1);
  return hash ^ (hash >>> 13);
}
