// Copyright 2026 the pecapiku authors. MIT license.

import type { EntryInfo, Store } from "../stores/store.ts";
import { entryInfos, type EntryRow, type RowFilter, rowOf } from "./entry_rows.ts";

/** What rows can be sorted by. */
export const SORTS = ["size", "age", "key", "function", "duration"] as const;

/** One of {@linkcode SORTS}: the largest, the newest, the longest one first; names from a to z. */
export type Sort = typeof SORTS[number];

/** Which rows, and in which order. */
export interface SortedRowsOptions extends RowFilter {
  /**
   * The order.
   *
   * @default {That of the store, in which entries were first put; it takes no memory}
   */
  readonly sort?: Sort | undefined;
  /**
   * The other way round. The order of the store can't be.
   *
   * @default {false}
   */
  readonly reverse?: boolean | undefined;
  /**
   * How many rows are left out at the beginning.
   *
   * @default {0}
   */
  readonly offset?: number | undefined;
  /**
   * How many rows there are at the most. In an order, as many and those of `offset` are kept in memory while all are gone through.
   *
   * @default {Infinity}
   */
  readonly limit?: number | undefined;
}

/** What is kept of a row to sort by. */
interface Ranked {
  readonly digest: string;
  readonly rank: number | string;
  /** Its place in the store: rows of one rank stay in that order. */
  readonly place: number;
}

/**
 * Gives a page of the entries of a store.
 *
 * @param store The store.
 * @param options Which page, and in which order.
 * @returns The rows.
 */
export function* sortedRows(store: Store, options: SortedRowsOptions = {}): Generator<EntryRow> {
  const { sort, reverse = false, offset = 0, limit = Infinity } = options;
  if (limit === 0) return;
  if (sort === undefined) {
    let place = 0;
    for (const info of entryInfos(store, options)) {
      if (place++ < offset) continue;
      yield rowOf(info);
      if (place >= offset + limit) return;
    }
    return;
  }
  const compare = reverse ? backwards : forwards;
  const best = new Best(offset + limit, compare);
  let place = 0;
  for (const info of entryInfos(store, options)) {
    best.add({ digest: info.digest, rank: rankOf(info, sort), place: place++ });
  }
  for (const { digest } of best.inOrder().slice(offset)) {
    // It may have been removed since.
    const info = store.info(digest);
    if (info !== undefined) yield rowOf(info);
  }
}

function rankOf(info: EntryInfo, sort: Sort): number | string {
  switch (sort) {
    case "size":
      return -info.byteLength;
    case "age":
      return Number.isNaN(info.writtenAt) ? Infinity : -info.writtenAt;
    case "duration":
      return Number.isNaN(info.duration) ? Infinity : -info.duration;
    case "function":
      return info.functionName;
    case "key":
      return rowOf(info).key;
  }
}

function forwards(one: Ranked, other: Ranked): number {
  return one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : one.place - other.place;
}

function backwards(one: Ranked, other: Ranked): number {
  return one.rank < other.rank ? 1 : one.rank > other.rank ? -1 : one.place - other.place;
}

/** The first ones of an order, among any number: a heap that has the last of them on top. */
class Best {
  readonly #most: number;
  readonly #compare: (one: Ranked, other: Ranked) => number;
  readonly #heap: Ranked[] = [];

  constructor(most: number, compare: (one: Ranked, other: Ranked) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  add(item: Ranked): void {
    const heap = this.#heap;
    // Who wants all of them needs no heap.
    if (this.#most === Infinity) heap.push(item);
    else if (heap.length < this.#most) this.#up(heap.push(item) - 1);
    else if (this.#compare(item, heap[0]!) < 0) {
      heap[0] = item;
      this.#down();
    }
  }

  inOrder(): Ranked[] {
    return this.#heap.sort(this.#compare);
  }

  #up(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (this.#compare(heap[at]!, heap[parent]!) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #down(): void {
    const heap = this.#heap;
    for (let at = 0;;) {
      let last = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.#compare(heap[child]!, heap[last]!) > 0) last = child;
      }
      if (last === at) return;
      [heap[at], heap[last]] = [heap[last]!, heap[at]!];
      at = last;
    }
  }
}
