// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The dictionary over stores that are reached by way of a network: {@linkcode AsyncCacheDict} is what `CacheDict` is, in
 * promises. Stores are in `@pecapiku/cache/stores`.
 *
 * It is no part of `@pecapiku/cache` so that programs that need none of it start no later for it.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
 * await cache.set("answer", 42);
 * assertEquals(await cache.get("answer"), 42);
 * ```
 *
 * @module
 */

export { AsyncCacheDict } from "./async_cache_dict.ts";
export type { AsyncCacheDictOptions } from "./async_cache_dict_options.ts";
export type { CacheAccess } from "../access/cache_access.ts";
export type { OnError, StorageOptions } from "../access/storage_options.ts";
export type { CacheDictOptions } from "../cache_dict/cache_dict_options.ts";
export type { Codec, CodecOption } from "../codecs/codec.ts";
export type { Compression } from "../codecs/compression.ts";
export { CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
export { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
export { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
export { NoCache } from "../no_cache.ts";
export type {
  AsyncCommitOptions,
  AsyncStore,
  Lease,
  LeaseOptions,
  WaitOptions,
} from "../stores/async_store.ts";
export type {
  CommitOptions,
  Compaction,
  DeleteChange,
  Digest,
  EntryInfo,
  Limits,
  Parts,
  PutChange,
  Store,
  StoreChange,
  StoredKey,
  StoredValue,
  Sync,
} from "../stores/store.ts";
