// Copyright 2026 the pecapiku authors. MIT license.

import type { DiskFile } from "./disk.ts";
import type { LogFollower } from "./_log_follower.ts";

/**
 * Writes behind the end of a file. If that fails, what was written of it is cut off.
 *
 * @param file The file, locked.
 * @param follower What knows where it ends.
 * @param write Writes.
 */
export function writeOrCutOff(file: DiskFile, follower: LogFollower, write: () => void): void {
  try {
    write();
  } catch (error) {
    // Readers pass over what was half-written; to cut it is for the next writer's sake. The length is to be looked at
    // again, whether or not that works.
    follower.size = -1;
    try {
      file.truncateSync(follower.end);
    } catch (truncateError) {
      throw new AggregateError([error, truncateError], String(error));
    }
    throw error;
  }
}
