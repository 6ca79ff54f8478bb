// Copyright 2026 the pecapiku authors. MIT license.

import { tableCrc32 } from "./_crc32.ts";
import {
  addToFilter,
  COUNT_AT,
  emptySought,
  ENTRY_LENGTH,
  filterChecksumOf,
  filterLength,
  foldDigest,
  homePages,
  LARGEST_SEGMENT,
  LENGTH_AT,
  OFFSET_AT,
  PAGE_CAPACITY,
  PAGE_HEADER_LENGTH,
  PAGE_LENGTH,
  pageOf,
  placeSeed,
  readSixBytes,
  readSought,
  SPILLS_AT,
  writeSixBytes,
} from "./_segment.ts";

const folded = emptySought();

/** A list of entries, the newest of a digest first. It grows as needed. */
export class EntryList {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;

  /** How many there are. */
  count = 0;

  /** Makes an empty list, with room for some entries. */
  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity * ENTRY_LENGTH);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The entries' bytes. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.count * ENTRY_LENGTH);
  }

  /**
   * Adds an entry.
   *
   * @param words The digest, in words.
   * @param wordsAt The position of the first word.
   * @param offset The offset of the record; of a removal, that of the record that removed it.
   * @param length The length of the record; of a removal, `0`.
   */
  add(words: Uint32Array, wordsAt: number, offset: number, length: number): void {
    const at = this.#reserve(1);
    const view = this.#view;
    foldDigest(words, wordsAt, folded);
    view.setUint32(at, folded.first);
    view.setUint32(at + 4, folded.second);
    view.setUint32(at + 8, folded.third);
    writeSixBytes(view, at + OFFSET_AT, offset);
    writeSixBytes(view, at + LENGTH_AT, length);
    this.count++;
  }

  /** Adds entries that come from a segment. */
  addBytes(entries: Uint8Array): void {
    const count = entries.byteLength / ENTRY_LENGTH;
    const at = this.#reserve(count);
    this.#bytes.set(entries, at);
    this.count += count;
  }

  #reserve(count: number): number {
    const at = this.count * ENTRY_LENGTH;
    const needed = at + count * ENTRY_LENGTH;
    if (needed > this.#bytes.byteLength) {
      const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.byteLength));
      bytes.set(this.bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}

/** The bytes of a segment. */
export interface SegmentBytes {
  /** The pages, and the filter behind them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many pages there are. */
  readonly pageCount: number;
  /** How many entries. */
  readonly entryCount: number;
  /** The checksum of the filter. */
  readonly filterChecksum: number;
}

/**
 * Makes a segment. Its layout is in `docs/format.md`.
 *
 * @param entries The entries, at most {@linkcode LARGEST_SEGMENT}: of a digest, the first counts.
 * @param keepsRemovals Whether removals are kept: there may be an older segment that has the entry.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param offset Where in the file the segment will begin.
 * @returns The segment.
 */
export function buildSegment(
  entries: Uint8Array<ArrayBuffer>,
  keepsRemovals: boolean,
  saltChecksum: number,
  offset: number,
): SegmentBytes {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const order = sortedEntries(view, keepsRemovals, saltChecksum);
  const placing = placeEntries(view, order, homePages(order.length), saltChecksum);
  const pageCount = placing.pageCount;
  const bytes = new Uint8Array(pageCount * PAGE_LENGTH + filterLength(order.length));
  const target = new DataView(bytes.buffer);
  const filter = bytes.subarray(pageCount * PAGE_LENGTH);
  const sought = emptySought();
  for (let index = 0; index < order.length; index++) {
    const from = order[index]! * ENTRY_LENGTH;
    const pageAt = placing.pages[index]! * PAGE_LENGTH;
    const count = target.getUint16(pageAt + COUNT_AT, true);
    bytes.set(
      entries.subarray(from, from + ENTRY_LENGTH),
      pageAt + PAGE_HEADER_LENGTH + count * ENTRY_LENGTH,
    );
    target.setUint16(pageAt + COUNT_AT, count + 1, true);
    readSought(view, from, saltChecksum, sought);
    addToFilter(filter, sought);
  }
  for (const page of placing.spilling) bytes[page * PAGE_LENGTH + SPILLS_AT] = 1;
  for (let page = 0; page < pageCount; page++) {
    const at = page * PAGE_LENGTH;
    const seed = placeSeed(saltChecksum, offset + at);
    target.setUint32(at, tableCrc32(bytes, at + 4, at + PAGE_LENGTH, seed), true);
  }
  const filterAt = pageCount * PAGE_LENGTH;
  const filterChecksum = filterChecksumOf(filter, saltChecksum, offset + filterAt);
  return { bytes, pageCount, entryCount: order.length, filterChecksum };
}

/** The numbers of the entries that count, by hash. */
function sortedEntries(
  view: DataView,
  keepsRemovals: boolean,
  saltChecksum: number,
): number[] {
  const count = view.byteLength / ENTRY_LENGTH;
  const sought = emptySought();
  const keys = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    readSought(view, index * ENTRY_LENGTH, saltChecksum, sought);
    // The hash above, the number below: of equal hashes, the newest entry comes first.
    keys[index] = sought.pageHash * LARGEST_SEGMENT + index;
  }
  keys.sort();
  const order: number[] = [];
  let groupStart = 0;
  let groupHash = -1;
  for (const key of keys) {
    const hash = Math.floor(key / LARGEST_SEGMENT);
    const index = key % LARGEST_SEGMENT;
    if (hash !== groupHash) {
      dropRemovals(view, order, groupStart, keepsRemovals);
      groupHash = hash;
      groupStart = order.length;
    } else if (hasSameDigest(view, order, groupStart, index)) continue;
    order.push(index);
  }
  dropRemovals(view, order, groupStart, keepsRemovals);
  return order;
}

function dropRemovals(
  view: DataView,
  order: number[],
  groupStart: number,
  keepsRemovals: boolean,
): void {
  if (keepsRemovals) return;
  let kept = groupStart;
  for (let at = groupStart; at < order.length; at++) {
    if (readSixBytes(view, order[at]! * ENTRY_LENGTH + LENGTH_AT) > 0) order[kept++] = order[at]!;
  }
  order.length = kept;
}

function hasSameDigest(view: DataView, order: number[], from: number, index: number): boolean {
  const at = index * ENTRY_LENGTH;
  for (let other = from; other < order.length; other++) {
    const otherAt = order[other]! * ENTRY_LENGTH;
    if (
      view.getUint32(at) === view.getUint32(otherAt) &&
      view.getUint32(at + 4) === view.getUint32(otherAt + 4) &&
      view.getUint32(at + 8) === view.getUint32(otherAt + 8)
    ) return true;
  }
  return false;
}

/** Tells for each entry which page it comes to: its own, or the next one that has room. */
function placeEntries(
  view: DataView,
  order: readonly number[],
  homeCount: number,
  saltChecksum: number,
): { pages: Uint32Array; pageCount: number; spilling: Set<number> } {
  const pages = new Uint32Array(order.length);
  const spilling = new Set<number>();
  const sought = emptySought();
  let page = 0;
  let filled = 0;
  for (let index = 0; index < order.length; index++) {
    readSought(view, order[index]! * ENTRY_LENGTH, saltChecksum, sought);
    const home = pageOf(sought.pageHash, homeCount);
    if (home > page) {
      page = home;
      filled = 0;
    } else if (filled === PAGE_CAPACITY) {
      page++;
      filled = 0;
    }
    // Whoever looks for it begins at its home, and has to be told at each page that there is more.
    for (let passed = page - 1; passed >= home && !spilling.has(passed); passed--) {
      spilling.add(passed);
    }
    pages[index] = page;
    filled++;
  }
  return { pages, pageCount: Math.max(homeCount, page + 1), spilling };
}
