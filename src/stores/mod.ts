// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Where the entries of a cache live: one {@linkcode Store} interface, in terms of digests and bytes.
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

export { LogStore } from "./log_store.ts";
export type { LogStoreOptions } from "./log_store_options.ts";
export type { Disk, DiskFile } from "./disk.ts";
export type { LockClock } from "./lock_clock.ts";
export type {
  DeleteChange,
  Digest,
  EntryInfo,
  Parts,
  PutChange,
  Store,
  StoreChange,
  StoredKey,
  StoredValue,
} from "./store.ts";
