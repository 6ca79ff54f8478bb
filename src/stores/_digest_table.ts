// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest, StoredValue } from "./store.ts";

/** The length of a digest, in bytes. */
export const DIGEST_LENGTH = 32;

const WORDS = DIGEST_LENGTH / 4;
const SMALLEST = 64;
const EMPTY = -1;

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

function seekWords(words: Uint32Array, at: number): void {
  soughtText = undefined;
  for (let word = 0; word < WORDS; word++) sought[word] = words[at + word]!;
}

/** What {@linkcode DigestTable.find} gives for a digest that it was never told of, and for one that was removed. */
export const NOT_FOUND = { unknown: -1, removed: -2 } as const;

/**
 * Where the newest record of each digest is. A million entries are a few arrays, not a million objects, so that neither
 * filling it nor the garbage collector makes anybody wait.
 *
 * Entries have numbers, in the order in which their digests were first put. A digest that was removed is remembered as
 * such, until the table needs room, if that was not in the newest part of the file.
 */
export class DigestTable {
  /** Entry numbers by hash, with linear probing. Half of it stays empty, since each number takes one slot at most. */
  #slots = new Int32Array(2 * SMALLEST).fill(EMPTY);
  #digests = new Uint32Array(WORDS * SMALLEST);
  /** Where the record is that put an entry; negative: where the one is that removed it; `0`: the number is no longer used. */
  #offsets = new Float64Array(SMALLEST);
  #lengths = new Float64Array(SMALLEST);
  #checked = new Uint8Array(SMALLEST);
  #values: (StoredValue | undefined)[] = [];
  /** How many numbers are given away, to live entries and to removed ones. */
  #numbers = 0;

  /** How many entries there are. */
  count = 0;

  /** From which offset on removals are never forgotten. */
  keepsRemovedFrom = Infinity;

  /** How many numbers are given away: a measure of the memory in use. */
  get numbers(): number {
    return this.#numbers;
  }

  /** The number of a digest's entry; negative, one of {@linkcode NOT_FOUND}, if there is none. */
  find(digest: Digest): number {
    return seekHex(digest) ? this.#findLive() : NOT_FOUND.unknown;
  }

  /** The same for a digest given as bytes at a position. */
  findBytes(bytes: Uint8Array, at: number): number {
    seekBytes(bytes, at);
    return this.#findLive();
  }

  /** Where the record of an entry begins, in bytes from the start of the file. */
  offset(entry: number): number {
    return this.#offsets[entry]!;
  }

  /** The length of an entry's record, in bytes. */
  length(entry: number): number {
    return this.#lengths[entry]!;
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
   * @param digest The digest: as a string, or as bytes or words at `at`.
   * @param at The position in `digest`, if that is no string.
   * @param offset Where the record begins, above 0.
   * @param length The length of the record.
   * @returns The number of the entry.
   */
  put(
    digest: Digest | Uint8Array | Uint32Array,
    at: number,
    offset: number,
    length: number,
  ): number {
    if (typeof digest === "string") seekHex(digest);
    else if (digest instanceof Uint8Array) seekBytes(digest, at);
    else seekWords(digest, at);
    let entry = this.#findSought();
    if (entry < 0) {
      entry = this.#add();
      this.count++;
    } else if (this.#offsets[entry]! < 0) {
      // What was removed and is put again comes last.
      entry = this.#replaceNumber(entry);
      this.count++;
    }
    this.#offsets[entry] = offset;
    this.#lengths[entry] = length;
    this.#checked[entry] = 0;
    this.#values[entry] = undefined;
    return entry;
  }

  /**
   * Removes an entry, and remembers that there is none of its digest.
   *
   * @param digest The digest: as a string, or as bytes at `at`.
   * @param at The position in `digest`, if that is bytes.
   * @param offset Where the record is that removed it, above 0.
   */
  remove(digest: Digest | Uint8Array, at: number, offset: number): void {
    if (typeof digest === "string") seekHex(digest);
    else seekBytes(digest, at);
    let entry = this.#findSought();
    if (entry < 0) entry = this.#add();
    else if (this.#offsets[entry]! > 0) this.count--;
    this.#offsets[entry] = -offset;
    this.#lengths[entry] = 0;
    this.#values[entry] = undefined;
  }

  /** Removes all entries, and forgets what was removed before. */
  clear(): void {
    this.#slots = new Int32Array(2 * SMALLEST).fill(EMPTY);
    this.#digests = new Uint32Array(WORDS * SMALLEST);
    this.#offsets = new Float64Array(SMALLEST);
    this.#lengths = new Float64Array(SMALLEST);
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
      if (this.#offsets[entry]! <= 0) continue;
      words.set(this.#digests.subarray(entry * WORDS, (entry + 1) * WORDS), filled);
      filled += WORDS;
    }
    return toHex(words);
  }

  /**
   * Goes through all entries in order. Nothing may change meanwhile.
   *
   * @param callback Is given the digest, as words, the first at `at`; the offset of the entry's record, and its length.
   */
  forEach(
    callback: (words: Uint32Array, at: number, offset: number, length: number) => void,
  ): void {
    for (let entry = 0; entry < this.#numbers; entry++) {
      const offset = this.#offsets[entry]!;
      if (offset > 0) callback(this.#digests, entry * WORDS, offset, this.#lengths[entry]!);
    }
  }

  /**
   * Goes through what was put or removed in a part of the file, in no particular order.
   *
   * @param from Where the part begins, in bytes from the start of the file. It goes on to the end.
   * @param callback Is given the digest, as words, the first at `at`; the offset of the record that put the entry, and its
   * length; or, for a removal, the offset of the record that removed it, and `0`.
   */
  forEachSince(
    from: number,
    callback: (words: Uint32Array, at: number, offset: number, length: number) => void,
  ): void {
    for (let entry = 0; entry < this.#numbers; entry++) {
      const offset = Math.abs(this.#offsets[entry]!);
      if (offset >= from && offset > 0) {
        callback(this.#digests, entry * WORDS, offset, this.#lengths[entry]!);
      }
    }
  }

  #findLive(): number {
    const entry = this.#findSought();
    return entry >= 0 && this.#offsets[entry]! < 0 ? NOT_FOUND.removed : entry;
  }

  #findSought(): number {
    const slots = this.#slots;
    const digests = this.#digests;
    const mask = slots.length - 1;
    for (let slot = hash(sought, 0) & mask;; slot = slot + 1 & mask) {
      const entry = slots[slot]!;
      if (entry === EMPTY) return NOT_FOUND.unknown;
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
    return entry;
  }

  #replaceNumber(before: number): number {
    this.#offsets[before] = 0;
    if (this.#numbers === this.#offsets.length) {
      // Growing leaves the old number out.
      this.#grow();
      return this.#add();
    }
    const entry = this.#numbers++;
    this.#digests.set(sought, entry * WORDS);
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(sought, 0) & mask;
    while (slots[slot] !== before) slot = slot + 1 & mask;
    slots[slot] = entry;
    return entry;
  }

  /** Makes room for more entries: that of the removed ones, or twice as much. */
  #grow(): void {
    let kept = 0;
    for (let entry = 0; entry < this.#numbers; entry++) if (this.#isKept(entry)) kept++;
    const capacity = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(2 * kept + 1)));
    const digests = new Uint32Array(WORDS * capacity);
    const offsets = new Float64Array(capacity);
    const lengths = new Float64Array(capacity);
    const checked = new Uint8Array(capacity);
    let filled = 0;
    for (let entry = 0; entry < this.#numbers; entry++) {
      if (!this.#isKept(entry)) continue;
      digests.set(this.#digests.subarray(entry * WORDS, (entry + 1) * WORDS), filled * WORDS);
      offsets[filled] = this.#offsets[entry]!;
      lengths[filled] = this.#lengths[entry]!;
      checked[filled] = this.#checked[entry]!;
      filled++;
    }
    // Numbers change where removed entries are left out: the values, which go by them, are then read again when needed.
    if (filled !== this.#numbers) this.#values = [];
    this.#digests = digests;
    this.#offsets = offsets;
    this.#lengths = lengths;
    this.#checked = checked;
    this.#numbers = filled;
    this.#slots = new Int32Array(2 * this.#offsets.length).fill(EMPTY);
    for (let entry = 0; entry < this.#numbers; entry++) this.#insert(entry);
  }

  #isKept(entry: number): boolean {
    const offset = this.#offsets[entry]!;
    return offset > 0 || (offset < 0 && -offset >= this.keepsRemovedFrom);
  }

  #insert(entry: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash(this.#digests, entry * WORDS) & mask;
    while (slots[slot] !== EMPTY) slot = slot + 1 & mask;
    slots[slot] = entry;
  }
}
