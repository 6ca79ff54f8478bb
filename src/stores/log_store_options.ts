// Copyright 2026 the pecapiku authors. MIT license.

import type { Disk } from "./disk.ts";
import type { LockClock } from "./lock_clock.ts";
import type { Sync } from "./store.ts";

/**
 * How a {@linkcode LogStore} goes about its file.
 *
 * @example Usage
 * ```ts
 * import { LogStore, type LogStoreOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: LogStoreOptions = { lockTimeout: 5_000 };
 * const store = new LogStore("/tmp/none.cache", options);
 * assertEquals(store.size, 0);
 * ```
 */
export interface LogStoreOptions {
  /**
   * How long a commit waits for another process to finish its own, in milliseconds.
   *
   * @default {30_000}
   */
  readonly lockTimeout?: number;
  /**
   * Whether a commit that does not say it itself waits until it is on the medium (`"commit"`), or leaves that to the operating
   * system, so that a power cut may lose it (`"none"`).
   *
   * @default {"none"}
   */
  readonly sync?: Sync;
  /**
   * From which length of the file on, in bytes, a commit compacts it when over half of it is dead. That takes about as long as to
   * copy what is alive; `Infinity` leaves it to {@linkcode LogStore.compact}.
   *
   * @default {262_144}
   */
  readonly compactFrom?: number;
  /**
   * After how many changes a snapshot of the index is written into the file, so that whoever opens it need not read what is
   * before. The default suits all; a test may want less.
   *
   * @default {2048}
   */
  readonly snapshotInterval?: number;
  /**
   * Takes what there is to say of the file: that a part of it is damaged, above all. Each thing is said once, at the end of a call.
   *
   * @default {`console.warn`}
   */
  readonly warn?: (message: string) => void;
  /**
   * What the wait for the lock goes by; for tests.
   *
   * @default {The machine's clock}
   */
  readonly clock?: LockClock;
  /**
   * The calls that reach the disk; for tests.
   *
   * @default {Deno's own}
   */
  readonly disk?: Disk;
}
