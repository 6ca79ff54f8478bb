// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "../stores/log_store.ts";
import type { Store } from "../stores/store.ts";
import { verify } from "../stores/verify.ts";

/** A file up to this length is checked without being asked to: it takes less than a second. */
const CHECKED_UNASKED = 32 * 1024 * 1024;

/** What a check of the file found. */
export interface DamageReport {
  /** Whether the whole file was checked. */
  readonly isChecked: boolean;
  /** Whether it can be. */
  readonly isCheckable: boolean;
  /** What is wrong, for people: one sentence each. */
  readonly findings: readonly string[];
}

/**
 * Tells what of a store's file is damaged.
 *
 * @param store The store.
 * @param isAsked Whether a large file is to be checked as well: nothing else is answered until that is done.
 * @returns What was found; nothing of a store that is not one file.
 * @throws {CacheError} If the file can't be read.
 */
export function findDamage(store: Store, isAsked: boolean): DamageReport {
  if (!(store instanceof LogStore) || store.size === 0) {
    return { isChecked: false, isCheckable: false, findings: [] };
  }
  if (!isAsked && Deno.statSync(store.location).size > CHECKED_UNASKED) {
    return { isChecked: false, isCheckable: true, findings: [] };
  }
  const { damaged, doubtful } = verify(store.location);
  const findings: string[] = [];
  if (damaged.count > 0) {
    const { count, bytes, lostEntries } = damaged;
    const ranges = `${plural(count, "range", "ranges")} of ${plural(bytes, "byte", "bytes")}`;
    findings.push(`${ranges} in all, ${plural(lostEntries, "entry", "entries")} known to be lost`);
    for (const { offset, length, what, key } of damaged.ranges.slice(0, 10)) {
      const of = key === undefined ? "" : `, of the entry ${key}`;
      findings.push(`at byte ${offset}, ${plural(length, "byte", "bytes")}: ${what}${of}`);
    }
  }
  if (doubtful.count > 0) {
    findings.push(`${plural(doubtful.count, "entry", "entries")} may be out of date because of it`);
  }
  return { isChecked: true, isCheckable: true, findings };
}

function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
