// Copyright 2026 the pecapiku authors. MIT license.

import type { EntryIndex } from "./_entry_index.ts";

/** By what entries can be sorted. */
export const SORT_COLUMNS = ["key", "function", "size", "written", "duration"] as const;

/** One of them. */
export type SortColumn = typeof SORT_COLUMNS[number];

/** Which entries are asked for, and in which order. */
export interface EntryQuery {
  /** By what they are sorted. */
  readonly sort: SortColumn;
  /** Whether the largest comes first. */
  readonly descending: boolean;
  /** Words, each of which is in the key or in the function's name, whatever the case; `""` for all entries. */
  readonly search: string;
  /** The name of their function, if only those of one are asked for. */
  readonly functionName: string | undefined;
  /** Whether parts of other entries count. */
  readonly parts: boolean;
}

/** Some of the entries that a query finds. */
export interface EntrySelection {
  /** How many it finds. */
  readonly found: number;
  /** The numbers of those that were asked for, in order. */
  readonly entries: readonly number[];
}

/**
 * Finds and sorts the entries of an index. An order is made at its first use, and kept: that takes up to some seconds for a million
 * entries, and 4 bytes for each. What a search finds is kept until the next one.
 */
export class EntryQueries {
  readonly #index: EntryIndex;
  readonly #orders = new Map<SortColumn, Uint32Array>();
  #matched: { readonly key: string; readonly matches: Uint8Array } | undefined;

  /** Finds entries of an index, which gets no more of them. */
  constructor(index: EntryIndex) {
    this.#index = index;
  }

  /** Gives some of the entries that a query finds: those from an offset on, up to a number of them. */
  select(query: EntryQuery, offset: number, limit: number): EntrySelection {
    const index = this.#index;
    const order = this.order(query.sort);
    const matches = this.#matches(query);
    const entries: number[] = [];
    let found = 0;
    for (let at = 0; at < order.length; at++) {
      const entry = order[query.descending ? order.length - 1 - at : at]!;
      if (matches[entry] === 0 || !index.isLive(entry)) continue;
      if (found >= offset && entries.length < limit) entries.push(entry);
      found++;
    }
    return { found, entries };
  }

  /** The numbers of all entries, also of removed ones, by a column: the smallest first. */
  order(sort: SortColumn): Uint32Array {
    let order = this.#orders.get(sort);
    if (order === undefined) {
      order = this.#sorted(sort);
      this.#orders.set(sort, order);
    }
    return order;
  }

  #sorted(sort: SortColumn): Uint32Array {
    const index = this.#index;
    const order = Uint32Array.from({ length: index.length }, (_, entry) => entry);
    if (sort === "key") {
      const { keys } = index;
      return order.sort((a, b) => keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b);
    }
    const values = sort === "function"
      ? ranks(index)
      : { size: index.sizes, written: index.times, duration: index.durations }[sort];
    return order.sort((a, b) => compareNumbers(values[a]!, values[b]!) || a - b);
  }

  #matches({ search, functionName, parts }: EntryQuery): Uint8Array {
    const key = JSON.stringify([search, functionName ?? null, parts]);
    if (this.#matched?.key === key) return this.#matched.matches;
    const matches = this.#match(search, functionName, parts);
    this.#matched = { key, matches };
    return matches;
  }

  #match(search: string, functionName: string | undefined, parts: boolean): Uint8Array {
    const { keys, functions, functionOf, length } = this.#index;
    const words = search.split(/\s+/u).filter((word) => word !== "")
      .map((word) => new RegExp(RegExp.escape(word), "iu"));
    const isIn = functions.map(({ name }) => functionName === undefined || name === functionName);
    const inNames = words.map((word) => functions.map(({ name }) => word.test(name)));
    const matches = new Uint8Array(length);
    for (let entry = 0; entry < length; entry++) {
      const number = functionOf[entry]!;
      if (!isIn[number] || (!parts && this.#index.isPart(entry))) continue;
      const isMatch = words.every((word, at) => inNames[at]![number] || word.test(keys[entry]!));
      if (isMatch) matches[entry] = 1;
    }
    return matches;
  }
}

/** By entry: the place of its function among the names. */
function ranks({ functions, functionOf, length }: EntryIndex): Uint32Array {
  const byName = functions.map((_, number) => number)
    .sort((a, b) => functions[a]!.name < functions[b]!.name ? -1 : 1);
  const rankOf = new Uint32Array(functions.length);
  byName.forEach((number, rank) => rankOf[number] = rank);
  return Uint32Array.from({ length }, (_, entry) => rankOf[functionOf[entry]!]!);
}

/** Those that are none, which a file may hold, come first. */
function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return (Number.isNaN(a) ? 0 : 1) - (Number.isNaN(b) ? 0 : 1);
}
