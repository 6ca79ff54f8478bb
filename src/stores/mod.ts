// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Where the entries of a cache live: one {@linkcode Store} interface, in terms of digests and bytes.
 *
 * {@linkcode LogStore}, one file for all entries, is what a cache with a path uses. {@linkcode DirectoryStore} has a file
 * for each entry and takes no locks, {@linkcode MemoryStore} has no file at all. Whoever writes another one finds the
 * tests that it has to pass in `@pecapiku/cache/stores/testing`. {@linkcode verify} and {@linkcode repair} are for files that may be
 * damaged.
 *
 * @example A store by itself
 * ```ts
 * import { LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * assertEquals(store.get("0".repeat(64)), undefined);
 * ```
 *
 * @module
 */

export type {
  AsyncCommitOptions,
  AsyncStore,
  Lease,
  LeaseOptions,
  WaitOptions,
} from "./async_store.ts";
export { DENO_DIRECTORY_DISK } from "./directory_disk.ts";
export type { DirectoryDisk, DirectoryDiskFile } from "./directory_disk.ts";
export { DirectoryStore } from "./directory_store.ts";
export type { DirectoryStoreOptions } from "./directory_store_options.ts";
export { fromKeyv } from "./from_keyv.ts";
export type { FromKeyvOptions, KeyvLike } from "./from_keyv.ts";
export { fromUnstorage } from "./from_unstorage.ts";
export type { FromUnstorageOptions, UnstorageLike } from "./from_unstorage.ts";
export { keyvAdapter } from "./keyv_adapter.ts";
export type { KeyvAdapter, KeyvAdapterOptions } from "./keyv_adapter.ts";
export { LogStore } from "./log_store.ts";
export type { LogStoreOptions } from "./log_store_options.ts";
export type { Disk, DiskFile, DiskFileInfo } from "./disk.ts";
export type { LockClock } from "./lock_clock.ts";
export { MemoryStore } from "./memory_store.ts";
export { objectStore } from "./object_store.ts";
export type {
  ObjectClientLike,
  ObjectCredentials,
  ObjectStoreOptions,
} from "./object_store_options.ts";
export { redisStore } from "./redis_store.ts";
export type { RedisClientLike, RedisStoreOptions } from "./redis_store_options.ts";
export { repair } from "./repair.ts";
export type { RepairOptions, RepairReport } from "./repair.ts";
export { tiered } from "./tiered.ts";
export type { TieredOptions } from "./tiered.ts";
export { toAsyncStore } from "./to_async_store.ts";
export { verify } from "./verify.ts";
export type { VerifyOptions } from "./verify.ts";
export type { DamagedRange, DoubtfulEntry, VerifyReport } from "../errors/verify_report.ts";
export type { CacheCounts, FunctionCounts, StoreStats, StoreTotals } from "./store_stats.ts";
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
} from "./store.ts";
