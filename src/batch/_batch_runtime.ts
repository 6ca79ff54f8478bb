// Copyright 2026 the pecapiku authors. MIT license.

import { setImmediate } from "node:timers";
import { openDisplay, type ProgressDisplay } from "./_progress_display.ts";

/** What a batch has from outside; tests give others. */
export interface BatchRuntime {
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Calls back after so many milliseconds, unless it is cancelled. */
  readonly later: (callback: () => void, milliseconds: number) => () => void;
  /** Calls back when the event loop has had a turn. */
  readonly soon: (callback: () => void) => void;
  /** Opens what shows progress to a person. */
  readonly display: (name: string) => ProgressDisplay;
}

/** What a batch has in a program. */
export const RUNTIME: BatchRuntime = {
  now: () => performance.now(),
  random: Math.random,
  later: (callback, milliseconds) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  // Not a timer: those take a millisecond at least.
  soon: (callback) => void setImmediate(callback),
  display: openDisplay,
};
