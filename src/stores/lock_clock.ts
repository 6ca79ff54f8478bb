// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a wait for a lock goes by, apart from the rest so that a test need not wait.
 *
 * @example Usage
 * ```ts
 * import { type LockClock, LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * let time = 0;
 * const clock: LockClock = { now: () => time, pause: (milliseconds) => void (time += milliseconds) };
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache", { clock });
 * assertEquals(store.size, 0);
 * ```
 */
export interface LockClock {
  /** The time in milliseconds, from any start. */
  now(): number;
  /** Lets some milliseconds pass. */
  pause(milliseconds: number): void;
}

let pauseCell: Int32Array<SharedArrayBuffer> | undefined;

/** The machine's own clock. */
export const SYSTEM_LOCK_CLOCK: LockClock = {
  now: () => performance.now(),
  pause: (milliseconds) => {
    pauseCell ??= new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(pauseCell, 0, 0, milliseconds);
  },
};
