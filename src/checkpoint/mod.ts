// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A cache that knows when code has changed. The result of a {@linkcode checkpoint}ed function is found again in the next run, unless
 * an argument, the function's own code or anything of the user's that it reaches has changed: its helpers wherever they live, the
 * constants that they read, the classes of the arguments. Comments, layout, types and names of variables do not count.
 *
 * What can't be seen, such as a variable captured from a function around it, is named in a warning; the call is then evaluated, and
 * not cached, until the option `uses` lists it. All that is needed is `deno run --allow-read --allow-write`.
 *
 * @example Usage
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const RATE = 2;
 * const scale = (x: number): number => x * RATE;
 *
 * const total = checkpoint({ directory: Deno.makeTempDirSync() })(function total(values: readonly number[]): number {
 *   return values.map(scale).reduce((sum, value) => sum + value, 0);
 * });
 *
 * assertEquals(total([1, 2, 3]), 12); // evaluated
 * assertEquals(total([1, 2, 3]), 12); // from the cache, until `total`, `scale` or `RATE` changes
 * ```
 *
 * @example Methods and async functions
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = checkpoint({ directory: Deno.makeTempDirSync() });
 *
 * class Model {
 *   constructor(readonly weight: number) {}
 *   @cached
 *   async predict(x: number): Promise<number> {
 *     return await Promise.resolve(this.weight * x);
 *   }
 * }
 *
 * assertEquals(await Promise.all([new Model(2).predict(3), new Model(5).predict(3)]), [6, 15]);
 * ```
 *
 * @module
 */

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
export type { Codec, CodecOption } from "../codecs/codec.ts";
export type { Compression } from "../codecs/compression.ts";
export { CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
export { CheckpointFailedError } from "../errors/checkpoint_failed_error.ts";
export { CheckpointNotExist } from "../errors/checkpoint_not_exist.ts";
export { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
export { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
export { NoCache } from "../no_cache.ts";
export type { CacheStats } from "../stats/cache_stats.ts";
export type {
  CacheCounts,
  FunctionCounts,
  StoreStats,
  StoreTotals,
} from "../stores/store_stats.ts";
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
export {
  AutoFunctionCallIdentifier,
  type AutoIdentifierOptions,
} from "./auto_function_call_identifier.ts";
export type { Cache } from "./cache.ts";
export { checkpoint } from "./checkpoint.ts";
export type { CheckpointOptions } from "./checkpoint_options.ts";
export type {
  AsyncCheckpointDecorator,
  CheckpointDecorator,
  CheckpointedFunction,
  CheckpointHandles,
} from "./checkpointed_function.ts";
export {
  DecoratorCheckpoint,
  type DecoratorCheckpointOptions,
  type RerunnableFunction,
} from "./decorator_checkpoint.ts";
export { DefaultExpression } from "./default_expression.ts";
export { type CheckpointDefaults, defaults } from "./defaults.ts";
export { ExpensiveOverheadWarning } from "./expensive_overhead_warning.ts";
export type { ExplainedChange, ExplainedKind, ExplainedPart, Explanation } from "./explanation.ts";
export { FileCache, type FileCacheOptions } from "./file_cache.ts";
export type { FunctionCallContext } from "./function_call_context.ts";
export type { ContextId, FunctionCallIdentifier } from "./function_call_identifier.ts";
export { InMemoryLruCache } from "./in_memory_lru_cache.ts";
