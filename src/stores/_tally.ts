// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { TallyChange } from "./_append.ts";
import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { readAt } from "./_file_io.ts";
import type { LogIndex } from "./_log_index.ts";
import {
  emptyRecordFields,
  KIND,
  readLength,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeLength,
} from "./_record.ts";
import type { CacheCounts, FunctionCounts, StoreTotals } from "./store_stats.ts";

// One file, since it is all loaded together: what is counted, how that is written, and where in a log it is.

/** How many functions have totals of their own. */
const MOST_FUNCTIONS = 64;

/** The most of a function's name that tells totals apart, in bytes of UTF-8. */
const LONGEST_NAME = 256;

const FRONT_LENGTH = 8;
const COUNTS_LENGTH = 40;
const NAME_LENGTH_SIZE = 2;

/** The longest payload there can be. */
const LONGEST_TALLY = FRONT_LENGTH + COUNTS_LENGTH +
  MOST_FUNCTIONS * (COUNTS_LENGTH + NAME_LENGTH_SIZE + LONGEST_NAME);

/** How many records are remembered: if the newest is damaged, an older one counts. */
const MOST_REMEMBERED = 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Nothing was counted. */
export const NO_COUNTS: CacheCounts = Object.freeze({
  hits: 0,
  misses: 0,
  stores: 0,
  evictions: 0,
  savedMilliseconds: 0,
});

/** Nothing was ever counted. */
export const NO_TOTALS: StoreTotals = Object.freeze({ all: NO_COUNTS, byFunction: [] });

/** The sum of two counts, which stays one that can be written. */
export function addCounts(one: CacheCounts, other: CacheCounts): CacheCounts {
  return {
    hits: safeSum(one.hits, other.hits),
    misses: safeSum(one.misses, other.misses),
    stores: safeSum(one.stores, other.stores),
    evictions: safeSum(one.evictions, other.evictions),
    savedMilliseconds: Math.min(one.savedMilliseconds + other.savedMilliseconds, Number.MAX_VALUE),
  };
}

function isCount(number: unknown): boolean {
  return typeof number === "number" && number >= 0 && number < Infinity;
}

/**
 * Checks counts before they come to be anywhere.
 *
 * @param counts The counts.
 * @throws {TypeError} If a number of them is negative or none.
 */
export function checkCounts(counts: readonly FunctionCounts[]): void {
  for (const { functionName, hits, misses, stores, evictions, savedMilliseconds } of counts) {
    const numbers = [hits, misses, stores, evictions, savedMilliseconds];
    if (typeof functionName === "string" && numbers.every(isCount)) {
      continue;
    }
    throw new TypeError(
      `Cannot count: expected a name, and numbers from 0 on: ${
        [show(functionName), ...numbers.map(show)].join(", ")
      }`,
    );
  }
}

/** Gives totals with more counts in them. */
export function addToTotals(totals: StoreTotals, more: readonly FunctionCounts[]): StoreTotals {
  let { all } = totals;
  const byFunction = new Map(totals.byFunction.map((counts) => [counts.functionName, counts]));
  for (const given of more) {
    const functionName = keptName(given.functionName);
    const counts = addCounts(NO_COUNTS, given);
    all = addCounts(all, counts);
    const before = byFunction.get(functionName);
    if (before === undefined && byFunction.size >= MOST_FUNCTIONS) continue;
    byFunction.set(functionName, { functionName, ...addCounts(before ?? NO_COUNTS, counts) });
  }
  return { all, byFunction: [...byFunction.values()] };
}

/** Tells whether totals can have the part of one more function. */
export function hasRoomFor({ byFunction }: StoreTotals): boolean {
  return byFunction.length < MOST_FUNCTIONS;
}

/** Gives the name that the totals of a function have. */
export function keptName(name: string): string {
  const text = name.toWellFormed();
  if (text.length <= LONGEST_NAME / 3) return text;
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(LONGEST_NAME)).read);
}

/** Makes the payload of a record of totals. Its layout is in `docs/format.md`. */
export function writeTally({ all, byFunction }: StoreTotals): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LONGEST_TALLY);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, byFunction.length, true);
  writeCounts(view, FRONT_LENGTH, all);
  let at = FRONT_LENGTH + COUNTS_LENGTH;
  for (const { functionName, ...counts } of byFunction) {
    writeCounts(view, at, counts);
    at += COUNTS_LENGTH;
    const name = bytes.subarray(at + NAME_LENGTH_SIZE, at + NAME_LENGTH_SIZE + LONGEST_NAME);
    const { written } = encoder.encodeInto(functionName, name);
    view.setUint16(at, written, true);
    at += NAME_LENGTH_SIZE + written;
  }
  return bytes.slice(0, at);
}

/** Reads what {@linkcode writeTally} wrote; `undefined` if it contradicts itself. It trusts none of the numbers. */
export function readTally(bytes: Uint8Array): StoreTotals | undefined {
  const { byteLength } = bytes;
  if (byteLength < FRONT_LENGTH + COUNTS_LENGTH || byteLength > LONGEST_TALLY) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, byteLength);
  const count = view.getUint32(0, true);
  const all = readCounts(view, FRONT_LENGTH);
  if (count > MOST_FUNCTIONS || all === undefined) return undefined;
  const byFunction: FunctionCounts[] = [];
  let at = FRONT_LENGTH + COUNTS_LENGTH;
  for (let index = 0; index < count; index++) {
    const nameAt = at + COUNTS_LENGTH + NAME_LENGTH_SIZE;
    if (nameAt > byteLength) return undefined;
    const counts = readCounts(view, at);
    const end = nameAt + view.getUint16(nameAt - NAME_LENGTH_SIZE, true);
    if (counts === undefined || end > byteLength) return undefined;
    byFunction.push({ functionName: decoder.decode(bytes.subarray(nameAt, end)), ...counts });
    at = end;
  }
  return at === byteLength ? { all, byFunction } : undefined;
}

/** Where in a file the newest totals are, as far as it is known. They are read when somebody asks. */
export class TallyPlaces {
  readonly #offsets: number[] = [];
  #last: { readonly offset: number; readonly totals: StoreTotals | undefined } | undefined;

  /** Takes in that a record of totals begins at an offset, behind all that were taken in before. */
  add(offset: number): void {
    this.#offsets.push(offset);
    if (this.#offsets.length > MOST_REMEMBERED) this.#offsets.shift();
  }

  /** Knows of none. */
  clear(): void {
    this.#offsets.length = 0;
    this.#last = undefined;
  }

  /** Reads the newest totals that are not damaged; `undefined` if there are none. */
  read(file: DiskFile, saltChecksum: number): StoreTotals | undefined {
    const newest = this.#offsets.at(-1);
    if (newest === undefined) return undefined;
    if (this.#last?.offset === newest) return this.#last.totals;
    let totals: StoreTotals | undefined;
    for (const offset of this.#offsets.toReversed()) {
      totals = readTallyAt(file, saltChecksum, offset);
      if (totals !== undefined) break;
    }
    this.#last = { offset: newest, totals };
    return totals;
  }
}

function readTallyAt(
  file: DiskFile,
  saltChecksum: number,
  offset: number,
): StoreTotals | undefined {
  const bytes = new Uint8Array(RECORD_HEADER_LENGTH + LONGEST_TALLY);
  const read = readAt(file, offset, bytes);
  const fields = emptyRecordFields();
  if (
    read < RECORD_HEADER_LENGTH ||
    !readRecordHeader(bytes, new DataView(bytes.buffer), 0, saltChecksum, offset, fields) ||
    fields.kind !== KIND.tally
  ) return undefined;
  const start = RECORD_HEADER_LENGTH + fields.metaLength;
  const end = start + fields.payloadLength;
  if (end > read) return undefined;
  const payload = bytes.subarray(start, end);
  return crc32(payload) === fields.payloadChecksum ? readTally(payload) : undefined;
}

function writeCounts(view: DataView, at: number, counts: CacheCounts): void {
  writeLength(view, at, counts.hits);
  writeLength(view, at + 8, counts.misses);
  writeLength(view, at + 16, counts.stores);
  writeLength(view, at + 24, counts.evictions);
  view.setFloat64(at + 32, counts.savedMilliseconds, true);
}

function readCounts(view: DataView, at: number): CacheCounts | undefined {
  const counts = {
    hits: readLength(view, at),
    misses: readLength(view, at + 8),
    stores: readLength(view, at + 16),
    evictions: readLength(view, at + 24),
    savedMilliseconds: view.getFloat64(at + 32, true),
  };
  return Object.values(counts).every(isCount) ? counts : undefined;
}

function safeSum(one: number, other: number): number {
  return Math.min(one + other, Number.MAX_SAFE_INTEGER);
}

/** What was counted, and is not in the totals of the file yet. */
export class LogCounts {
  #noted = new Map<string, FunctionCounts>();

  /** Whether everything is in the file. */
  get isEmpty(): boolean {
    return this.#noted.size === 0;
  }

  /** Notes what was counted. */
  note(counts: readonly FunctionCounts[]): void {
    for (const given of counts) {
      const { functionName } = given;
      const before = this.#noted.get(functionName) ?? NO_COUNTS;
      this.#noted.set(functionName, { functionName, ...addCounts(before, given) });
    }
  }

  /** Takes the notes for written, or gives them up. */
  clear(): void {
    this.#noted.clear();
  }

  /** What was counted in all: what the file says, and what was noted. */
  totals(index: LogIndex | undefined): StoreTotals {
    return addToTotals(index?.totals ?? NO_TOTALS, [...this.#noted.values()]);
  }

  /** What to write of it: nothing if nothing was noted. The index is that of the file, which is locked. */
  changes(index: LogIndex): TallyChange[] {
    return this.isEmpty ? [] : [{ type: "tally", totals: this.totals(index) }];
  }
}
