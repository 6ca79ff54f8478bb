// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey } from "../access/entry_parts.ts";
import { isStreamName } from "../codecs/resolve_codec.ts";
import { cut, keyLabel, readEntryKey } from "../inspect/entry_key.ts";
import type { Digest, EntryInfo } from "../stores/store.ts";

const DIGEST_LENGTH = 32;

/** How long all texts of keys may be together, in UTF-16 code units: the more entries, the less is kept of each. */
const TEXT_BUDGET = 100_000_000;
const SHORTEST_TEXT = 24;
const LONGEST_TEXT = 160;

/** What the entries of one function come to. */
export interface FunctionTotal {
  /** The function's name; `""` for entries that no function gave. */
  readonly name: string;
  /** How many entries it has. */
  entries: number;
  /** How long their encoded values are together, in bytes. */
  bytes: number;
}

/**
 * What the page knows of every entry: some 60 bytes and the beginning of its key, so 100 to 250 MB for a million.
 * Entries are known by numbers, in the order in which the store gave them.
 */
export class EntryIndex {
  /** The functions, in the order in which they were met. */
  readonly functions: FunctionTotal[] = [];
  /** By entry: the length of the encoded value, in bytes. */
  sizes = new Float64Array(0);
  /** By entry: when it was written, in milliseconds since the epoch. */
  times = new Float64Array(0);
  /** By entry: how long the evaluation took, in milliseconds. */
  durations = new Float64Array(0);
  /** By entry: the number of its function. */
  functionOf = new Uint32Array(0);
  /** By entry: the beginning of its key, for people. */
  readonly keys: string[] = [];
  /** How many entries there are. */
  count = 0;
  /** How many of them are parts of others. */
  partCount = 0;
  /** How long the encoded values are together, in bytes. */
  bytes = 0;
  readonly #mostText: number;
  readonly #numbers = new Map<string, number>();
  #digests = new Uint8Array(0);
  #flags = new Uint8Array(0);
  /** Of parts, what they belong to. There is none before there is a part. */
  #owners: Uint8Array | undefined;

  /**
   * Makes an empty index.
   *
   * @param expected How many entries there will be, about.
   */
  constructor(expected: number) {
    this.#mostText = Math.min(
      LONGEST_TEXT,
      Math.max(SHORTEST_TEXT, Math.floor(TEXT_BUDGET / Math.max(1, expected))),
    );
    this.#resize(Math.max(16, expected));
  }

  /** One more than the largest number of an entry. */
  get length(): number {
    return this.keys.length;
  }

  /** Takes in an entry. */
  add(info: EntryInfo): void {
    const entry = this.length;
    if (entry === this.sizes.length) this.#resize(entry * 2);
    const key = readEntryKey(info, this.#mostText);
    const total = this.#functionNumber(info.functionName);
    this.#digests.set(Uint8Array.fromHex(info.digest), entry * DIGEST_LENGTH);
    this.sizes[entry] = info.byteLength;
    this.times[entry] = info.writtenAt;
    this.durations[entry] = info.duration;
    this.functionOf[entry] = total;
    this.#flags[entry] = FLAG.live | (isPartKey(info.key) ? FLAG.part : 0) |
      (info.promised ? FLAG.promised : 0) | (isStreamName(info.codec) ? FLAG.stream : 0);
    this.keys.push(keyLabel(key));
    if (key.partOf !== undefined) this.#setOwner(entry, key.partOf);
    this.#tally(entry, 1);
  }

  /** The digest of an entry. */
  digest(entry: number): Digest {
    return digestAt(this.#digests, entry).toHex();
  }

  /** Whether an entry is there, and was not removed since. */
  isLive(entry: number): boolean {
    return (this.#flags[entry]! & FLAG.live) !== 0;
  }

  /** Whether an entry is a part of another one. */
  isPart(entry: number): boolean {
    return (this.#flags[entry]! & FLAG.part) !== 0;
  }

  /** Whether the function gave the value in a promise. */
  isPromised(entry: number): boolean {
    return (this.#flags[entry]! & FLAG.promised) !== 0;
  }

  /** Whether what is stored is chunks, which are entries of their own. */
  isStream(entry: number): boolean {
    return (this.#flags[entry]! & FLAG.stream) !== 0;
  }

  /** The name of an entry's function. */
  functionName(entry: number): string {
    return this.functions[this.functionOf[entry]!]!.name;
  }

  /** Takes out entries, in one pass, and gives how many of them were there. */
  remove(digests: ReadonlySet<Digest>): number {
    const before = this.count;
    this.#each(this.#digests, digests, (entry) => {
      if (!this.isLive(entry)) return;
      this.#tally(entry, -1);
      this.#flags[entry]! &= ~FLAG.live;
    });
    return before - this.count;
  }

  /** The digests of what belongs to entries: their parts. */
  partsOf(digests: ReadonlySet<Digest>): Digest[] {
    const parts: Digest[] = [];
    if (this.#owners !== undefined) {
      this.#each(this.#owners, digests, (entry) => {
        if (this.isLive(entry)) parts.push(this.digest(entry));
      });
    }
    return parts;
  }

  #tally(entry: number, sign: 1 | -1): void {
    const size = this.sizes[entry]!;
    const total = this.functions[this.functionOf[entry]!]!;
    total.entries += sign;
    total.bytes += sign * size;
    this.count += sign;
    this.bytes += sign * size;
    if (this.isPart(entry)) this.partCount += sign;
  }

  #functionNumber(whole: string): number {
    const name = cut(whole, LONGEST_TEXT);
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.functions.length;
      this.#numbers.set(name, number);
      this.functions.push({ name, entries: 0, bytes: 0 });
    }
    return number;
  }

  #setOwner(entry: number, owner: Digest): void {
    this.#owners ??= new Uint8Array(this.#digests.length);
    this.#owners.set(Uint8Array.fromHex(owner), entry * DIGEST_LENGTH);
  }

  #resize(length: number): void {
    this.sizes = grown(this.sizes, length);
    this.times = grown(this.times, length);
    this.durations = grown(this.durations, length);
    this.functionOf = grown(this.functionOf, length);
    this.#flags = grown(this.#flags, length);
    this.#digests = grown(this.#digests, length * DIGEST_LENGTH);
    if (this.#owners !== undefined) this.#owners = grown(this.#owners, length * DIGEST_LENGTH);
  }

  /** Goes through the entries whose digest in a table is one of some. */
  #each(table: Uint8Array, digests: ReadonlySet<Digest>, visit: (entry: number) => void): void {
    if (digests.size === 0) return;
    const view = new DataView(table.buffer);
    // Most entries are told apart by four bytes, without a text of their digest.
    const starts = new Set(Array.from(digests, (digest) => parseInt(digest.slice(0, 8), 16)));
    for (let entry = 0; entry < this.length; entry++) {
      if (!starts.has(view.getUint32(entry * DIGEST_LENGTH))) continue;
      if (digests.has(digestAt(table, entry).toHex())) visit(entry);
    }
  }
}

const FLAG = { live: 1, part: 2, promised: 4, stream: 8 } as const;

function digestAt(table: Uint8Array, entry: number): Uint8Array {
  return table.subarray(entry * DIGEST_LENGTH, (entry + 1) * DIGEST_LENGTH);
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, length: number): T {
  const to = new (from.constructor as new (length: number) => T)(length);
  to.set(from);
  return to;
}
