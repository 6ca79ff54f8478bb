// Copyright 2026 the pecapiku authors. MIT license.

import { CacheStats } from "../stats/cache_stats.ts";
import { functionTotals } from "../stores/function_totals.ts";
import type { Store } from "../stores/store.ts";
import type { CallReports } from "./_call_reports.ts";
import type { CallResults } from "./_call_results.ts";
import { add, type Counter, Counts } from "./_counting.ts";
import type { CachePlan } from "./cache_plan.ts";
import { isPartKey, mayHaveParts } from "./entry_parts.ts";
import type { StorePlace } from "./storage_options.ts";

/** Of a store that can't be looked at, or does not know. */
const UNKNOWN = { bytes: undefined, bytesLive: undefined, bytesDead: undefined, totals: undefined };

/**
 * Gathers what there is to tell of a store, and of what was counted in it.
 *
 * @param counter What counts.
 * @param place Where the store is.
 * @param reads Whether it may be looked at.
 * @param functionName The name of the function whose counts are asked for, as entries have it; without one, those of all.
 * @returns The figures.
 */
export function statsOf(
  counter: Counter,
  place: StorePlace,
  reads: boolean,
  functionName?: string,
): CacheStats {
  const store = reads ? place.store : undefined;
  const { totals, ...sizes } = store?.stats?.() ?? UNKNOWN;
  const written = totals === undefined || functionName === undefined
    ? totals?.all
    : functionTotals(totals, functionName);
  const total = new Counts();
  if (written !== undefined) add(total, written);
  add(total, counter.store.sum(functionName, "untold"));
  const session = functionName === undefined ? counter.store.sum(undefined, "all") : counter.own;
  return new CacheStats({
    location: place.location,
    functionName,
    entries: store === undefined ? 0 : countEntries(store),
    ...sizes,
    session: { ...session },
    total: written === undefined ? undefined : { ...total },
  });
}

// As whoever looks into the cache counts them: not what belongs to others. Where there is such, all are gone through.
function countEntries(store: Store): number {
  if (!mayHaveParts(store)) return store.size;
  let count = 0;
  for (const { key } of store.entries()) if (!isPartKey(key)) count++;
  return count;
}

/**
 * Gathers what there is to tell of the calls of a function, also where the store can't be read.
 *
 * @param plan How it is cached.
 * @param results What counts.
 * @param reports What reports, as `onError` says, why the store can't be read.
 * @returns The figures.
 */
export function statsOfCalls(
  { place, rights }: CachePlan,
  { counter, functionName }: CallResults,
  reports: CallReports,
): CacheStats {
  try {
    return statsOf(counter, place, rights.read, functionName);
  } catch (error) {
    reports.fail("Cannot read cache", error, undefined);
    return statsOf(counter, place, false, functionName);
  }
}
