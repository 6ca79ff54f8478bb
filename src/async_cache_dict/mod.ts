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
export type { AsyncCacheDecorator } from "../access/cache_decorator.ts";
export type {
  AnyFunction,
  AsyncFunction,
  CachedAnswer,
  CachedDone,
  CachedFunction,
  CachedFunctionHandles,
  CachedResult,
  CallArguments,
} from "../access/cached_function.ts";
export type { FunctionOptions, StoreOf, WhenOf } from "../access/function_options.ts";
export type { OnError, StorageOptions } from "../access/storage_options.ts";
export type { Batch } from "../batch/batch.ts";
export type { BatchInputs, BatchMap } from "../batch/batch_map.ts";
export type { BatchProgress } from "../batch/batch_progress.ts";
export { FailedCall, type FailedCallOptions } from "../batch/failed_call.ts";
export type { Backoff, MapOptions } from "../batch/map_options.ts";
export type {
  CacheDictOptions,
  DecorateOptions,
  InnerKeyOf,
} from "../cache_dict/cache_dict_options.ts";
export type { Codec, CodecOption } from "../codecs/codec.ts";
export type { Compression } from "../codecs/compression.ts";
export { CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
export { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
export { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
export { NoCache } from "../no_cache.ts";
export type { CacheStats } from "../stats/cache_stats.ts";
export type { CacheCounts } from "../stores/store_stats.ts";
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
