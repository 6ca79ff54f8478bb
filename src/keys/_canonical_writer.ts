// Copyright 2026 the pecapiku authors. MIT license.

import { nodeCrypto, stdCrypto } from "../_deferred.ts";
import type { Hash } from "node:crypto";
import type { Digest } from "../stores/store.ts";
import { bigintText } from "./_platform.ts";

/** The version of the encoding: the first byte of all. */
export const VERSION = 1;

/** The second byte: what the bytes stand for, and whether the order of properties counts. */
export const Domain = {
  key: 0x4b,
  keyInOrder: 0x6b,
  call: 0x43,
  callInOrder: 0x63,
  derived: 0x44,
} as const;

/** The first byte of every encoded thing. `docs/format.md` specifies them: a change here is a new version of the format. */
export const Tag = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  nan: 0x04,
  double: 0x05,
  uint: 0x06,
  latin1: 0x07,
  utf16: 0x08,
  bigint: 0x09,
  negativeBigint: 0x0a,
  wellKnownSymbol: 0x0b,
  registeredSymbol: 0x0c,
  holes: 0x0d,
  reference: 0x0e,
  function: 0x0f,
  object: 0x10,
  nullObject: 0x11,
  array: 0x12,
  richArray: 0x13,
  map: 0x14,
  set: 0x15,
  date: 0x16,
  regExp: 0x17,
  boxed: 0x18,
  error: 0x19,
  arrayBuffer: 0x1a,
  view: 0x1b,
  url: 0x1c,
  urlSearchParams: 0x1d,
  headers: 0x1e,
  domException: 0x1f,
  temporal: 0x20,
  instance: 0x21,
  spoken: 0x22,
  /** Stands before the key of a property that is not enumerable. */
  hidden: 0x24,
} as const;

/** How the content of an `ArrayBuffer` or a view is written. */
export const Content = {
  /** The bytes themselves. */
  inline: 0x00,
  /** Their SHA-256. */
  digest: 0x01,
} as const;

interface Entry {
  readonly hash: number;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

const MEMO_SLOTS = 4096;
const MAX_ENTRY_BYTES = 4 * 1024;
const MAX_MEMO_BYTES = 1024 * 1024;

/**
 * The digests of canonical bytes that were digested lately, more than once: at most 4,096 of them, and at most 1 MiB of bytes. It holds
 * copies of bytes, no values. The short hash only finds the place: bytes are equal when all of them are.
 */
export class DigestMemo {
  readonly #slots: (Entry | undefined)[] = new Array(MEMO_SLOTS).fill(undefined);
  /** The short hashes of what was digested lately. */
  readonly #seen = new Int32Array(MEMO_SLOTS);
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
    const slot = hash & (MEMO_SLOTS - 1);
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
    if (this.#byteLength + bytes.length > MAX_MEMO_BYTES) {
      this.#slots.fill(undefined);
      this.#byteLength = 0;
    }
    const hash = shortHash(bytes, bytes.length);
    let slot = hash & (MEMO_SLOTS - 1);
    const first = this.#slots[slot];
    if (first !== undefined) {
      const second = this.#slots[slot ^ 1];
      if (second === undefined || (hash & MEMO_SLOTS) !== 0) slot ^= 1;
    }
    this.#byteLength += bytes.length - (this.#slots[slot]?.bytes.length ?? 0);
    this.#slots[slot] = { hash, bytes: bytes.slice(), digest };
  }

  /**
   * Remembers a digest, if the same bytes were digested lately. Of many keys that come in turn, or once, none is found again in
   * time, and to copy each would take longer than to digest it.
   *
   * @param bytes The canonical bytes. They are copied.
   * @param digest Their digest.
   */
  addIfSeen(bytes: Uint8Array, digest: Digest): void {
    const hash = shortHash(bytes, bytes.length);
    const slot = hash & (MEMO_SLOTS - 1);
    if (this.#seen[slot] === hash) this.add(bytes, digest);
    else this.#seen[slot] = hash;
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

// Past this size the bytes go on to a native hash bit by bit, so that no argument needs a buffer of its own size.
const MAX_BUFFER = 256 * 1024;
const FIRST_BUFFER = 4 * 1024;
const MAX_INLINE = 64 * 1024;
// A native hash takes at most 2 GiB at once.
const MAX_UPDATE = 1 << 30;
const STRING_CHUNK = 16 * 1024;

const memo = new DigestMemo();

/** Where canonical bytes are written. It keeps its buffer for the next use. */
export class CanonicalWriter {
  #bytes = new Uint8Array(FIRST_BUFFER);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #hash: Hash | undefined;

  /** Forgets what was written. */
  reset(): void {
    this.#length = 0;
    this.#hash = undefined;
  }

  /**
   * The SHA-256 of what was written.
   *
   * @returns The digest.
   */
  digest(): Digest {
    if (this.#hash !== undefined) {
      this.#flush();
      return this.#hash.digest("hex");
    }
    const known = memo.find(this.#bytes, this.#length);
    if (known !== undefined) return known;
    const written = this.#bytes.subarray(0, this.#length);
    const digest = new Uint8Array(stdCrypto.crypto.subtle.digestSync("SHA-256", written)).toHex();
    memo.addIfSeen(written, digest);
    return digest;
  }

  /**
   * A copy of what was written, for tests and documentation.
   *
   * @returns The bytes, `undefined` if they were too many to be kept.
   */
  bytes(): Uint8Array | undefined {
    return this.#hash === undefined ? this.#bytes.slice(0, this.#length) : undefined;
  }

  /**
   * Writes one byte.
   *
   * @param value The byte.
   */
  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#makeRoom(1);
    this.#bytes[this.#length++] = value;
  }

  /**
   * Writes a non-negative integer, seven bits a byte, the lowest first.
   *
   * @param value A safe integer.
   */
  varuint(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#makeRoom(8);
    while (value > 0x7f) {
      this.#bytes[this.#length++] = (value % 0x80) | 0x80;
      value = value > 0x7fffffff ? Math.floor(value / 0x80) : value >>> 7;
    }
    this.#bytes[this.#length++] = value;
  }

  /**
   * Writes a number as eight bytes.
   *
   * @param value The number; every NaN is the same.
   */
  double(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#makeRoom(8);
    this.#view.setFloat64(this.#length, value, true);
    // JavaScript can't tell one NaN from another, so which bits it has is left to the engine.
    if (value !== value) {
      this.#view.setUint32(this.#length, 0, true);
      this.#view.setUint32(this.#length + 4, 0x7ff80000, true);
    }
    this.#length += 8;
  }

  /**
   * Writes a number with its tag.
   *
   * @param value The number.
   */
  number(value: number): void {
    if (value >>> 0 === value && (value !== 0 || 1 / value > 0)) {
      this.byte(Tag.uint);
      this.varuint(value);
    } else if (value !== value) {
      this.byte(Tag.nan);
    } else {
      this.byte(Tag.double);
      this.double(value);
    }
  }

  /**
   * Writes a string with its tag.
   *
   * @param value The string.
   */
  string(value: string): void {
    const length = value.length;
    if (length > STRING_CHUNK) return this.#longString(value);
    // Room for the tag, the length and two bytes a code unit.
    if (this.#length + 9 + 2 * length > this.#bytes.length) this.#makeRoom(9 + 2 * length);
    const bytes = this.#bytes;
    const start = this.#length;
    bytes[start] = Tag.latin1;
    let at = start + 1;
    if (length < 0x80) {
      bytes[at++] = length;
    } else {
      this.#length = at;
      this.varuint(length);
      at = this.#length;
    }
    const text = at;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 0xff) {
        bytes[start] = Tag.utf16;
        this.#length = text;
        return this.#units(value, 0, length);
      }
      bytes[at++] = unit;
    }
    this.#length = at;
  }

  /**
   * Writes a big integer with its tag.
   *
   * @param value The integer.
   */
  bigint(value: bigint): void {
    const negative = value < 0n;
    this.byte(negative ? Tag.negativeBigint : Tag.bigint);
    let hex = bigintText(negative ? -value : value, 16);
    if (value === 0n) hex = "";
    const length = (hex.length + 1) >> 1;
    this.varuint(length);
    for (let end = hex.length; end > 0; end -= 2) {
      this.byte(Number.parseInt(hex.slice(Math.max(0, end - 2), end), 16));
    }
  }

  /**
   * Writes bytes, preceded by their number.
   *
   * @param value The bytes.
   */
  block(value: Uint8Array): void {
    this.varuint(value.length);
    for (let at = 0; at < value.length; at += MAX_INLINE) {
      this.#copy(value.subarray(at, at + MAX_INLINE));
    }
  }

  /**
   * Writes the bytes of a buffer, or, where they are many, their SHA-256.
   *
   * @param value The bytes.
   */
  content(value: Uint8Array): void {
    if (value.length <= MAX_INLINE) {
      this.byte(Content.inline);
      this.block(value);
      return;
    }
    this.byte(Content.digest);
    this.varuint(value.length);
    const hash = nodeCrypto.createHash("sha256");
    for (let at = 0; at < value.length; at += MAX_UPDATE) {
      hash.update(value.subarray(at, at + MAX_UPDATE));
    }
    this.#copy(hash.digest());
  }

  #copy(value: Uint8Array): void {
    if (this.#length + value.length > this.#bytes.length) this.#makeRoom(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #longString(value: string): void {
    let tag: number = Tag.latin1;
    for (let i = 0; i < value.length; i++) {
      if (value.charCodeAt(i) > 0xff) {
        tag = Tag.utf16;
        break;
      }
    }
    this.byte(tag);
    this.varuint(value.length);
    for (let at = 0; at < value.length; at += STRING_CHUNK) {
      const end = Math.min(at + STRING_CHUNK, value.length);
      if (this.#length + 2 * STRING_CHUNK > this.#bytes.length) this.#makeRoom(2 * STRING_CHUNK);
      if (tag === Tag.utf16) {
        this.#units(value, at, end);
      } else {
        for (let i = at; i < end; i++) this.#bytes[this.#length++] = value.charCodeAt(i);
      }
    }
  }

  #units(value: string, start: number, end: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = start; i < end; i++) {
      const unit = value.charCodeAt(i);
      bytes[at++] = unit & 0xff;
      bytes[at++] = unit >>> 8;
    }
    this.#length = at;
  }

  #flush(): void {
    this.#hash ??= nodeCrypto.createHash("sha256");
    this.#hash.update(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  #makeRoom(count: number): void {
    const needed = this.#length + count;
    if (needed > MAX_BUFFER) {
      this.#flush();
      if (count <= this.#bytes.length) return;
    }
    const size = Math.max(this.#length + count, Math.min(MAX_BUFFER, this.#bytes.length * 2));
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}
