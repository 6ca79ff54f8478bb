// Copyright 2026 the pecapiku authors. MIT license.

import type { TallyChange } from "./_append.ts";
import type { LogIndex } from "./_log_index.ts";
import type { FunctionCounts, StoreTotals } from "./store_stats.ts";
import { addCounts, addToTotals, NO_COUNTS, NO_TOTALS } from "./_tally.ts";

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
