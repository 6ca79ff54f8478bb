// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchRuntime } from "./_batch_runtime.ts";

/** After how many milliseconds timers, signals and other work get a turn. */
const TURN_MS = 12;

/**
 * Gives the event loop a turn now and then. Microtasks alone, such as those of a loop over hits, and sync functions, would keep
 * timers and signals out.
 */
export class Turns {
  readonly #runtime: BatchRuntime;
  readonly #goOn: () => void;
  #since: number;
  #isResting = false;

  /**
   * Begins a turn.
   *
   * @param runtime What has the clock.
   * @param goOn What to do when the event loop has had its turn.
   */
  constructor(runtime: BatchRuntime, goOn: () => void) {
    this.#runtime = runtime;
    this.#goOn = goOn;
    this.#since = runtime.now();
  }

  /**
   * Tells whether work may go on. Where it may not, what was given to go on is called later.
   *
   * @returns Whether it may.
   */
  mayGoOn(): boolean {
    if (this.#isResting) return false;
    if (this.#runtime.now() - this.#since < TURN_MS) return true;
    this.#isResting = true;
    this.#runtime.soon(() => {
      this.#isResting = false;
      this.#since = this.#runtime.now();
      this.#goOn();
    });
    return false;
  }
}
