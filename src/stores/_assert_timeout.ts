// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";

/** The longest time that timers take, in milliseconds. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Checks how long a call may take.
 *
 * @param timeout What was given.
 * @throws {TypeError} If it is no positive number of milliseconds that timers take.
 */
export function assertTimeout(timeout: unknown): void {
  if (typeof timeout === "number" && timeout > 0 && timeout <= LONGEST_TIMEOUT) return;
  throw new TypeError(
    `Cannot set timeout: expected a positive number of milliseconds: ${show(timeout)}`,
  );
}
