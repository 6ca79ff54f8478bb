// Copyright 2026 the pecapiku authors. MIT license.

import type { DirectoryDisk } from "./directory_disk.ts";

/**
 * How a {@linkcode DirectoryStore} goes about its directory.
 *
 * @example Usage
 * ```ts
 * import { DirectoryStore, type DirectoryStoreOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: DirectoryStoreOptions = { now: () => 1_750_000_000_000 };
 * const store = new DirectoryStore("/tmp/none", options);
 * assertEquals(store.size, 0);
 * ```
 */
export interface DirectoryStoreOptions {
  /**
   * The clock that the times of files go by, in milliseconds since the epoch; for tests.
   *
   * @default {Date.now}
   */
  readonly now?: () => number;
  /**
   * The calls that reach the disk; for tests.
   *
   * @default {Deno's own}
   */
  readonly disk?: DirectoryDisk;
}
