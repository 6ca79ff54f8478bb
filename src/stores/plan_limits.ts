// Copyright 2026 the pecapiku authors. MIT license.

import { LogUses } from "./_log_uses.ts";
import { withIndex } from "./_open_index.ts";
import type { Digest, Limits } from "./store.ts";

/** How a plan differs from what a commit would do. */
export interface PlanOptions {
  /**
   * Entries that are no part of the plan: they stay, and don't count.
   *
   * @default {None}
   */
  readonly spared?: readonly Digest[] | undefined;
  /**
   * Given what goes by the limits, tells what goes with it.
   *
   * @default {Nothing}
   */
  readonly also?: ((digests: readonly Digest[]) => Iterable<Digest>) | undefined;
}

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
 * @param options What differs from such a commit.
 * @returns What would go: by the limits first, then what goes with it.
 * @throws {CacheFormatError} If the file is not a cache file.
 * @throws {CacheError} If there is no file, or it can't be read.
 */
export function planLimits(
  path: string,
  limits: Limits,
  warn: (message: string) => void,
  options: PlanOptions = {},
): LimitPlan {
  const { spared = [], also = () => [] } = options;
  return withIndex({ path, warn }, (index) => {
    if (index === undefined) return { digests: [], bytes: 0 };
    const uses = new LogUses(index);
    // As if they were gone.
    for (const digest of spared) uses.onDropped(digest);
    const limited = uses.limit([], [], limits).changes.map(({ digest }) => digest);
    const digests = [...new Set([...limited, ...also(limited)])].filter((each) => index.has(each));
    let bytes = 0;
    for (const digest of digests) bytes += index.location(index.find(digest)).length;
    return { digests, bytes };
  });
}
