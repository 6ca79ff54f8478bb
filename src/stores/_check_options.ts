// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { CommitOptions } from "./store.ts";

/**
 * Checks how a commit is to be made, before anything is changed.
 *
 * @param options The options.
 * @throws {TypeError} If one can't be meant.
 */
export function checkOptions({ limits, sync }: CommitOptions): void {
  if (sync !== undefined && sync !== "none" && sync !== "commit") {
    throw new TypeError(`Cannot commit: not "none" or "commit" as sync: ${show(sync)}`);
  }
  if (limits === undefined) return;
  const { functionName, maxEntries, maxBytes, writtenSince } = limits;
  if (functionName !== undefined && typeof functionName !== "string") {
    throw new TypeError(`Cannot commit: not a function's name: ${show(functionName)}`);
  }
  for (const [name, limit] of [["maxEntries", maxEntries], ["maxBytes", maxBytes]] as const) {
    if (limit !== undefined && !(typeof limit === "number" && limit >= 0)) {
      throw new TypeError(`Cannot commit: not a number from 0 on as ${name}: ${show(limit)}`);
    }
  }
  if (
    writtenSince !== undefined && !(typeof writtenSince === "number" && !Number.isNaN(writtenSince))
  ) {
    throw new TypeError(`Cannot commit: not a time as writtenSince: ${show(writtenSince)}`);
  }
}
