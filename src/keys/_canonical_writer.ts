// Copyright 2026 the pecapiku authors. MIT license.

import defer * as nodeCrypto from "node:crypto";
import defer * as stdCrypto from "@std/crypto";
import type { Hash } from "node:crypto";
import type { Digest } from "../stores/store.ts";
import { DigestMemo } from "./_digest_memo.ts";
import { bigintText } from "./_primordials.ts";
import { Content, Tag } from "./_tags.ts";

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
    memo.add(written, digest);
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
