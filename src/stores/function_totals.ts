// Copyright 2026 the pecapiku authors. MIT license.

import type { CacheCounts, StoreTotals } from "./store_stats.ts";
import { hasRoomFor, keptName, NO_COUNTS } from "./_tally.ts";

/**
 * Finds the part of a function in totals.
 *
 * @param totals The totals.
 * @param functionName Its name, as its entries have it.
 * @returns Its counts; `undefined` if they are not kept apart, because too many others are.
 */
export function functionTotals(
  totals: StoreTotals,
  functionName: string,
): CacheCounts | undefined {
  const name = keptName(functionName);
  const counts = totals.byFunction.find((each) => each.functionName === name);
  return counts ?? (hasRoomFor(totals) ? NO_COUNTS : undefined);
}
