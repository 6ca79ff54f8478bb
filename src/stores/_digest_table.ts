// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest, StoredValue } from "./store.ts";

/** The length of a digest, in bytes. */
export const DIGEST_LENGTH = 32;

const WORDS = DIGEST_LENGTH / 4;
const SMALLEST = 64;
const EMPTY = -1;
const TOMBSTONE = -2;

/**
 * A random odd factor for each word. A digest would do as its own hash, but for a file that was made to have all its
 * digests in one place.
 */
const FACTORS = crypto.getRandomValues(new Int32Array(WORDS)).map((factor) => factor | 1);

function hash(digests: Uint32Array, at: number): number {
  let sum = 0;
  for (let word = 0; word < WORDS; word++) {
    sum = sum + Math.imul(digests[at + word]!, FACTORS[word]!) | 0;
  }
  return sum ^ sum >>> 15;
}

/** The digest that is being looked for, in words: one piece of memory for all lookups, which never overlap. */
const sought = new Uint32Array(WORDS);

/** The string that `sought` was made of, if it was one: a commit asks for each digest several times in a row. */
let soughtText: string | undefined;
let isSoughtDigest = false;

function* toHex(words: Uint32Array): IterableIterator<Digest> {
  for (let at = 0; at < words.length; at += WORDS) {
    let digest = "";
    for (let word = 0; word < WORDS; word++) {
      digest += words[at + word]!.toString(16).padStart(8, "0");
    }
    yield digest;
  }
}

/** Makes a digest the one that is sought. Returns whether it is one. */
function seekHex(digest: Digest): boolean {
  if (digest === soughtText) return isSoughtDigest;
  let others = 0;
  for (let word = 0; word < WORDS; word++) {
    let bits = 0;
    for (let index = 8 * word; index < 8 * word + 8; index++) {
      const code = digest.charCodeAt(index);
      const digit = code < 58 ? code - 48 : code > 96 ? code - 87 : -1;
      others |= digit;
      bits = bits << 4 | digit;
    }
    sought[word] = bits;
  }
  soughtText = digest;
  return isSoughtDigest = (others & ~15) === 0 && digest.length === 2 * DIGEST_LENGTH;
}

/** Tells whether a string is 64 lowercase hexadecimal digits. */
export function isDigest(text: string): boolean {
  return typeof text === "string" && seekHex(text);
}

function seekBytes(bytes: Uint8Array, at: number): void {
  soughtText = undefined;
  for (let word = 0; word < WORDS; word++) {
    const start = at + 4 * word;
    sought[word] = bytes[start]! << 24 | bytes[start + 1]! << 16 | bytes[start + 2]! << 8 |
      bytes[start + 3]!;
  }
}

/**
 * Where the newest record of each digest is. A million entries are a few arrays, not a million objects, so that neither
 * filling it nor the garbage collector makes anybody wait.
 *
 * Entries have numbers, in the order in which their digests were first put.
 */
export class DigestTable {
  /** Entry numbers by hash, with linear probing. Half of it stays empty, since each number takes one slot at most. */
  #slots = new Int32Array(2 * SMALLEST).fill(EMPTY);
  #digests = new Uint32Array(WORDS * SMALLEST);
  #offsets = new Float64Array(SMALLEST);
  #metaLengths = new Float64Array(SMALLEST);
  #payloadLengths = new Float64Array(SMALLEST);
  #checked = new Uint8Array(SMALLEST);
  #values: (StoredValue | undefined)[] = [];
  /** How many numbers are given away, to live entries and to removed ones. */
  #numbers = 0;

  /** How many entries there are. */
  count = 0;

  /** The number of a digest's entry; `-1` if there is none. */
  find(digest: Digest): number {
    return seekHex(digest) ? this.#findSought() : -1;
  }

  /** Where the record of an entry begins, in bytes from the start of the file. */
  offset(entry: number): number {
    return this.#offsets[entry]!;
  }

  /** The length of the meta section of an entry's record, in bytes. */
  metaLength(entry: number): number {
    return this.#metaLengths[entry]!;
  }

  /** The length of the payload of an entry's record, in bytes. */
  payloadLength(entry: number): number {
    return this.#payloadLengths[entry]!;
  }

  /** Whether every byte of an entry's record has been checked. */
  isChecked(entry: number): boolean {
    return this.#checked[entry] === 1;
  }

  /** Notes that every byte of an entry's record has been checked. */
  markChecked(entry: number): void {
    this.#checked[entry] = 1;
  }

  /** The value of an entry, if it is kept in memory. */
  value(entry: number): StoredValue | undefined {
    return this.#values[entry];
  }

  /** Keeps the value of an entry in memory. */
  keep(entry: number, value: StoredValue): void {
    this.#values[entry] = value;
  }

  /** Lets go of all values, and of what was checked. */
  forgetChecks(): void {
    this.#values = [];
    this.#checked.fill(0);
  }

  /** Lets go of the value of an entry, if it is still this one. */
  release(entry: number, value: StoredValue): void {
    if (this.#values[entry] === value) this.#values[entry] = undefined;
  }

  /**
   * Puts an entry, over the one of the same digest if there is one.
   *
   * @param digest The digest: as a string, or as bytes at `at`.
   * @param at The position in `digest`, if that is bytes.
   * @param offset Where the record begins.
   * @param metaLength The length of its meta section.
   * @param payloadLength The length of its payload.
   */
  put(
    digest: Digest | Uint8Array,
    at: number,
    offset: number,
    metaLength: number,
    payloadLength: number,
  ): void {
    if (typeof digest === "string") seekHex(digest);
    else seekBytes(digest, at);
    let entry = this.#findSought();
    if (entry < 0) entry = this.#add();
    this.#offsets[entry] = offset;
    this.#metaLengths[entry] = metaLength;
    this.#payloadLengths[entry] = payloadLength;
    this.#checked[entry] = 0;
    this.#values[entry] = undefined;
  }

  /**
   * Removes an entry, if there is one.
   *
   * @param digest The digest: as a string, or as bytes at `at`.
   * @param at The position in `digest`, if that is bytes.
   */
  remove(digest: Digest | Uint8Array, at: number): void {
    if (typeof digest === "string") seekHex(digest);
    else seekBytes(digest, at);
    const entry = this.#findSought();
    if (entry < 0) return;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(sought, 0) & mask;
    while (slots[slot] !== entry) slot = slot + 1 & mask;
    slots[slot] = TOMBSTONE;
    this.#offsets[entry] = -1;
    this.#values[entry] = undefined;
    this.count--;
  }

  /** Removes all entries. */
  clear(): void {
    this.#slots = new Int32Array(2 * SMALLEST).fill(EMPTY);
    this.#digests = new Uint32Array(WORDS * SMALLEST);
    this.#offsets = new Float64Array(SMALLEST);
    this.#metaLengths = new Float64Array(SMALLEST);
    this.#payloadLengths = new Float64Array(SMALLEST);
    this.#checked = new Uint8Array(SMALLEST);
    this.#values = [];
    this.#numbers = 0;
    this.count = 0;
  }

  /** The digests of all entries as of now, in order. */
  digests(): IterableIterator<Digest> {
    const words = new Uint32Array(this.count * WORDS);
    let filled = 0;
    for (let entry = 0; entry < this.#numbers; entry++) {
      if (this.#offsets[entry]! < 0) continue;
      words.set(this.#digests.subarray(entry * WORDS, (entry + 1) * WORDS), filled);
      filled += WORDS;
    }
    return toHex(words);
  }

  #findSought(): number {
    const slots = this.#slots;
    const digests = this.#digests;
    const mask = slots.length - 1;
    for (let slot = hash(sought, 0) & mask;; slot = slot + 1 & mask) {
      const entry = slots[slot]!;
      if (entry === EMPTY) return -1;
      if (entry === TOMBSTONE) continue;
      const at = entry * WORDS;
      let word = 0;
      while (word < WORDS && digests[at + word] === sought[word]) word++;
      if (word === WORDS) return entry;
    }
  }

  #add(): number {
    if (this.#numbers === this.#offsets.length) this.#grow();
    const entry = this.#numbers++;
    this.#digests.set(sought, entry * WORDS);
    this.#insert(entry);
    this.count++;
    return entry;
  }

  /** Makes room for more entries: that of the removed ones, or twice as much. */
  #grow(): void {
    const capacity = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(2 * this.count + 1)));
    const digests = new Uint32Array(WORDS * capacity);
    const offsets = new Float64Array(capacity);
    const metaLengths = new Float64Array(capacity);
    const payloadLengths = new Float64Array(capacity);
    const checked = new Uint8Array(capacity);
    let filled = 0;
    for (let entry = 0; entry < this.#numbers; entry++) {
      if (this.#offsets[entry]! < 0) continue;
      digests.set(this.#digests.subarray(entry * WORDS, (entry + 1) * WORDS), filled * WORDS);
      offsets[filled] = this.#offsets[entry]!;
      metaLengths[filled] = this.#metaLengths[entry]!;
      payloadLengths[filled] = this.#payloadLengths[entry]!;
      checked[filled] = this.#checked[entry]!;
      filled++;
    }
    // Numbers change where removed entries are left out: the values, which go by them, are then read again when needed.
    if (filled !== this.#numbers) this.#values = [];
    this.#digests = digests;
    this.#offsets = offsets;
    this.#metaLengths = metaLengths;
    this.#payloadLengths = payloadLengths;
    this.#checked = checked;
    this.#numbers = filled;
    this.#slots = new Int32Array(2 * this.#offsets.length).fill(EMPTY);
    for (let entry = 0; entry < this.#numbers; entry++) {
      if (this.#offsets[entry]! >= 0) this.#insert(entry);
    }
  }

  #insert(entry: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(this.#digests, entry * WORDS) & mask;
    while (slots[slot]! >= 0) slot = slot + 1 & mask;
    slots[slot] = entry;
  }
}
