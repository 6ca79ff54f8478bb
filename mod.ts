// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Keeps the results of heavy work in files, so that a script that broke goes on where it was when it is run again.
 *
 * {@linkcode CacheDict} is a dictionary in a file and a decorator of functions; {@linkcode SingleValueCache} keeps one
 * value a file; {@linkcode config} tells where files with relative paths are. All that is needed is
 * `deno run --allow-read --allow-write`.
 *
 * The other entry points:
 *
 * - `@pecapiku/cache/checkpoint` makes functions that run again when their code has changed.
 * - `@pecapiku/cache/stores` has other places for entries than a file, and what checks and repairs files;
 *   `@pecapiku/cache/stores/testing` has the tests for a store of your own.
 * - `@pecapiku/cache/async` is the dictionary over stores that are reached by way of a network.
 * - `@pecapiku/cache/cli` is the command line: `deno run -RW jsr:@pecapiku/cache/cli help`.
 *
 * @example Usage
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/words.cache";
 *
 * let evaluations = 0;
 * const countWords = CacheDict.decorate((text: string) => {
 *   evaluations++;
 *   return new Map(Map.groupBy(text.split(" "), (word) => word).entries().map(([word, all]) => [word, all.length]));
 * }, { filePath });
 *
 * const first = countWords("to be or not to be");
 * const second = countWords("to be or not to be");
 * assertEquals(first.get("be"), 2);
 * assertEquals(second, first);
 * assertEquals(evaluations, 1);
 * ```
 *
 * @module
 */

export type { CacheAccess } from "./src/access/cache_access.ts";
export type { AsyncCacheDecorator, CacheDecorator } from "./src/access/cache_decorator.ts";
export type {
  AnyFunction,
  AsyncFunction,
  CachedAnswer,
  CachedDone,
  CachedFunction,
  CachedFunctionHandles,
  CachedResult,
  CallArguments,
} from "./src/access/cached_function.ts";
export type { Batch } from "./src/batch/batch.ts";
export type { BatchInputs, BatchMap } from "./src/batch/batch_map.ts";
export type { BatchProgress } from "./src/batch/batch_progress.ts";
export { FailedCall, type FailedCallOptions } from "./src/batch/failed_call.ts";
export type { Backoff, MapOptions } from "./src/batch/map_options.ts";
export { cachedMethod } from "./src/access/cached_method.ts";
export type { FunctionOptions, StoreOf, WhenOf } from "./src/access/function_options.ts";
export type { OnError, StorageOptions } from "./src/access/storage_options.ts";
export { CacheDict } from "./src/cache_dict/cache_dict.ts";
export type {
  CacheDictOptions,
  DecorateOptions,
  InnerKeyOf,
} from "./src/cache_dict/cache_dict_options.ts";
export type { Codec, CodecOption } from "./src/codecs/codec.ts";
export type { Compression } from "./src/codecs/compression.ts";
export { registerType, type TypeRegistration } from "./src/codecs/register_type.ts";
export { type CacheConfig, config } from "./src/config/config.ts";
export { CacheError, type CacheErrorOptions } from "./src/errors/cache_error.ts";
export { CacheFormatError } from "./src/errors/cache_format_error.ts";
export { CacheMissError } from "./src/errors/cache_miss_error.ts";
export { CheckpointFailedError } from "./src/errors/checkpoint_failed_error.ts";
export {
  CorruptCacheError,
  type CorruptCacheErrorOptions,
} from "./src/errors/corrupt_cache_error.ts";
export type { DamagedRange, DoubtfulEntry, VerifyReport } from "./src/errors/verify_report.ts";
export { UncacheableKeyError } from "./src/errors/uncacheable_key_error.ts";
export { UncacheableValueError } from "./src/errors/uncacheable_value_error.ts";
export { FileKey } from "./src/file_key.ts";
export { fileKey } from "./src/files/file_key.ts";
export type { FileKeyOptions } from "./src/files/file_key_options.ts";
export { CallKey } from "./src/keys/call_key.ts";
export { NoCache } from "./src/no_cache.ts";
export {
  SingleValueCache,
  type SingleValueCacheOptions,
  type SingleValueDecorateOptions,
} from "./src/single_value_cache/single_value_cache.ts";
export type { CacheStats } from "./src/stats/cache_stats.ts";
export type {
  CacheCounts,
  FunctionCounts,
  StoreStats,
  StoreTotals,
} from "./src/stores/store_stats.ts";
export type {
  AsyncCommitOptions,
  AsyncStore,
  Lease,
  LeaseOptions,
  WaitOptions,
} from "./src/stores/async_store.ts";
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
} from "./src/stores/store.ts";
