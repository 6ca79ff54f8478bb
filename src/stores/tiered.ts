// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import { Tiers } from "./_tiers.ts";
import type { Limits, Store } from "./store.ts";
import { isAsyncStore } from "./to_async_store.ts";

/** A minute. */
const DEFAULT_NEAR_TTL = 60_000;

/**
 * How {@linkcode tiered} uses the near store.
 *
 * @example Usage
 * ```ts
 * import type { TieredOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: TieredOptions = { nearTtl: 10_000, nearLimits: { maxBytes: 100_000_000 } };
 * assertEquals(options.nearTtl, 10_000);
 * ```
 */
export interface TieredOptions {
  /**
   * For how long what the near store has is taken for what the far one has, in milliseconds since they were seen to be equal:
   * for so long at the most, an older value is a hit after another machine has put or deleted the entry. Then the far store is
   * asked, at first only for what it knows of the entry: the value is fetched where that has changed. `0` asks each time, and
   * `Infinity` never, which is for entries that are never put again or deleted.
   *
   * @default {60000}
   */
  readonly nearTtl?: number | undefined;
  /**
   * What the near store is kept within; limits of commits are for the far one.
   *
   * @default {No limits}
   */
  readonly nearLimits?: Pick<Limits, "maxEntries" | "maxBytes"> | undefined;
  /**
   * Gives the time, in milliseconds, from any beginning on.
   *
   * @default {performance.now}
   */
  readonly now?: (() => number) | undefined;
}

/**
 * Puts a store that is near (in memory, or a file on this machine) before one that is far and shared: what was found in the far
 * one is kept in the near one, and found there for some time.
 *
 * The far store is the truth: `count` and `entries` tell of it, leases and limits are its own, and when it fails, the call fails. A
 * commit first removes from the near store what it changes, then makes the changes in the far one, and then in the near one; so after
 * a crash or error in between, the near store has nothing rather than something old. A near store that fails makes no call fail: the far
 * one is asked, and the console is told once.
 *
 * What another machine puts or deletes is seen after `nearTtl` at the latest. (That makes no difference for results of functions that
 * are the same wherever they are computed.) A process that starts over a near file asks the far store once for each entry that
 * it looks up, unless `nearTtl` is `Infinity`.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { LogStore, MemoryStore, tiered, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * // In place of a file, a `redisStore` or an `objectStore`.
 * const far = toAsyncStore(new LogStore(Deno.makeTempDirSync() + "/far.cache"));
 * const near = new MemoryStore();
 * const store = tiered(near, far, { nearLimits: { maxBytes: 50_000_000 } });
 *
 * await using cache = new AsyncCacheDict<number>({ store });
 * await cache.set("answer", 42);
 * await cache.flush();
 * assertEquals([near.size, await far.count()], [1, 1]);
 * ```
 *
 * @param near The near store.
 * @param far The far store.
 * @param options How the near store is used.
 * @returns The two as one store. Closing it closes both.
 * @throws {TypeError} If a store is of the other kind or none, or an option is not what it may be.
 */
export function tiered(near: Store, far: AsyncStore, options: TieredOptions = {}): AsyncStore {
  if (!isStore(near) || isAsyncStore(near)) {
    throw new TypeError(`Cannot set near: expected a store that answers at once: ${show(near)}`);
  }
  if (!isStore(far) || !isAsyncStore(far)) {
    throw new TypeError(`Cannot set far: expected a store that answers in promises: ${show(far)}`);
  }
  const { nearTtl = DEFAULT_NEAR_TTL, nearLimits, now = () => performance.now() } = options;
  if (!(typeof nearTtl === "number" && nearTtl >= 0)) {
    throw new TypeError(
      `Cannot set nearTtl: expected a number of milliseconds from 0 on: ${show(nearTtl)}`,
    );
  }
  if (nearLimits !== undefined && (typeof nearLimits !== "object" || nearLimits === null)) {
    throw new TypeError(`Cannot set nearLimits: expected an object of limits: ${show(nearLimits)}`);
  }
  for (const name of ["maxEntries", "maxBytes"] as const) {
    const limit = nearLimits?.[name];
    if (limit === undefined || (typeof limit === "number" && limit >= 0)) continue;
    throw new TypeError(`Cannot set ${name}: expected a number from 0 on: ${show(limit)}`);
  }
  if (typeof now !== "function") {
    throw new TypeError(`Cannot set now: expected a function: ${show(now)}`);
  }
  return new Tiers(near, far, nearTtl, nearLimits, now);
}

function isStore(store: unknown): store is Store | AsyncStore {
  return typeof store === "object" && store !== null && "get" in store && "commit" in store;
}
