// Copyright 2026 the pecapiku authors. MIT license.

import { CacheStats } from "../stats/cache_stats.ts";
import { functionTotals } from "../stores/function_totals.ts";
import { add, type Counter, Counts } from "./_counting.ts";
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
    entries: store?.size ?? 0,
    ...sizes,
    session: { ...session },
    total: written === undefined ? undefined : { ...total },
  });
}
