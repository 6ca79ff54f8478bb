// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import type { DiskFile } from "./disk.ts";
import type { LockClock } from "./lock_clock.ts";

/** How long a writer waits for the lock unless told otherwise, in milliseconds. */
export const DEFAULT_LOCK_TIMEOUT = 30_000;

const LONGEST_PAUSE = 16;

/**
 * Takes the exclusive lock on a file. The operating system gives it up when the process ends, however it ends.
 *
 * @param file The file.
 * @param filePath Its path, for messages.
 * @param timeout How long to wait at the most, in milliseconds.
 * @param clock What to wait by.
 * @throws {CacheError} If others held the lock all the time.
 * @throws {Error} If the file system knows of no locks.
 */
export function lockFile(
  file: DiskFile,
  filePath: string,
  timeout: number,
  clock: LockClock,
): void {
  if (file.tryLockSync(true)) return;
  const deadline = clock.now() + timeout;
  for (let pause = 1;; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    // A random share, so that many waiters do not come back in step.
    clock.pause(pause * (0.5 + Math.random() / 2));
    if (file.tryLockSync(true)) return;
    if (clock.now() >= deadline) {
      throw new CacheError(
        `Cannot lock cache: others have held the lock for ${timeout} ms: ${filePath}`,
        { filePath },
      );
    }
  }
}
