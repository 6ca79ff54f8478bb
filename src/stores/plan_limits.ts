// Copyright 2026 the pecapiku authors. MIT license.

import { LogUses } from "./_log_uses.ts";
import { withIndex } from "./_open_index.ts";
import type { Digest, Limits } from "./store.ts";

/** What a commit with limits would remove. */
export interface LimitPlan {
  /** The entries. */
  readonly digests: readonly Digest[];
  /** How many bytes their records take. */
  readonly bytes: number;
}

/**
 * Tells what `LogStore.commit([], { limits })` would remove, if nobody wrote in between. Nothing is changed. It goes through the
 * file once, as that commit does.
 *
 * @param path The absolute path of the file.
 * @param limits The limits.
 * @param warn Takes what there is to say of the file.
 * @returns What would go.
 * @throws {CacheFormatError} If the file is not a cache file.
 * @throws {CacheError} If there is no file, or it can't be read.
 */
export function planLimits(
  path: string,
  limits: Limits,
  warn: (message: string) => void,
): LimitPlan {
  return withIndex({ path, warn }, (index) => {
    if (index === undefined) return { digests: [], bytes: 0 };
    const { changes } = new LogUses(index).limit([], [], limits);
    const digests = changes.map(({ digest }) => digest);
    let bytes = 0;
    for (const digest of digests) bytes += index.location(index.find(digest)).length;
    return { digests, bytes };
  });
}
