// Copyright 2026 the pecapiku authors. MIT license.

import type { CacheDictOptions } from "../cache_dict/cache_dict_options.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store } from "../stores/store.ts";

/**
 * The options of an `AsyncCacheDict`: those of a `CacheDict`, over a store of either kind.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict, type AsyncCacheDictOptions } from "@pecapiku/cache/async";
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: AsyncCacheDictOptions = { store: new MemoryStore(), access: "rw", codec: "msgpack" };
 * await using cache = new AsyncCacheDict<number>(options);
 * await cache.set("x", 1);
 * assertEquals(await cache.get("x"), 1);
 * ```
 */
export interface AsyncCacheDictOptions extends Omit<CacheDictOptions, "store"> {
  /** Where entries live: a store over the network, or a local one. It stays open when the dictionary is left. */
  readonly store: AsyncStore | Store;
}
