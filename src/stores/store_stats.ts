// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What became of look-ups and results.
 *
 * @example Usage
 * ```ts
 * import type { CacheCounts } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const { hits, misses }: CacheCounts = { hits: 3, misses: 1, stores: 1, evictions: 0, savedMilliseconds: 1500 };
 * assertEquals(hits / (hits + misses), 0.75);
 * ```
 */
export interface CacheCounts {
  /** How many look-ups found a value. */
  readonly hits: number;
  /** How many found none, or one that is too old or damaged. */
  readonly misses: number;
  /** How many values were stored. */
  readonly stores: number;
  /** How many entries were removed because of `maxEntries`, `maxBytes` or `ttl`. */
  readonly evictions: number;
  /** How long the evaluations took whose results were found, in milliseconds: what the hits have saved. */
  readonly savedMilliseconds: number;
}

/**
 * What became of the look-ups and results of one function.
 *
 * @example Usage
 * ```ts
 * import { type FunctionCounts, LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const counts: FunctionCounts = {
 *   functionName: "load",
 *   ...{ hits: 3, misses: 1, stores: 1, evictions: 0, savedMilliseconds: 1500 },
 * };
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * store.count([counts]);
 * assertEquals(store.stats().totals.byFunction, [counts]);
 * ```
 */
export interface FunctionCounts extends CacheCounts {
  /** The name of the function, as its entries have it; `""` for what no function did. */
  readonly functionName: string;
}

/**
 * What was counted in all, by all processes that told it.
 *
 * @example Usage
 * ```ts
 * import { LogStore, type StoreTotals } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const totals: StoreTotals = new LogStore("/tmp/none.cache").stats().totals;
 * assertEquals(totals.all.hits, 0);
 * ```
 */
export interface StoreTotals {
  /** All of it. */
  readonly all: CacheCounts;
  /** The part of each function: of the first 64 that were counted. The rest is in `all` only. */
  readonly byFunction: readonly FunctionCounts[];
}

/**
 * What is known of a store as a whole.
 *
 * @example Usage
 * ```ts
 * import { MemoryStore, type StoreStats } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const { bytes, bytesLive, bytesDead }: StoreStats = new MemoryStore().stats();
 * assertEquals([bytes, bytesLive, bytesDead], [0, 0, 0]);
 * ```
 */
export interface StoreStats {
  /** How many bytes the store takes. */
  readonly bytes: number;
  /** How many of them the entries take, with their keys. */
  readonly bytesLive: number;
  /** How many are of no use any more: what a compaction gives back. */
  readonly bytesDead: number;
  /** What was counted in all, with what was noted and is not written yet; `undefined` if the store keeps no totals. */
  readonly totals: StoreTotals | undefined;
}
