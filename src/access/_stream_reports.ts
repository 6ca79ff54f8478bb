// Copyright 2026 the pecapiku authors. MIT license.

import { CacheMissError } from "../errors/cache_miss_error.ts";
import { CallReports, reasonOf } from "./_call_reports.ts";
import type { CachePlan, Located } from "./cache_plan.ts";

/** What goes wrong in the calls of a function that gives chunks, as errors that say where. */
export class StreamReports extends CallReports {
  readonly #location: () => string;

  /**
   * Makes what reports.
   *
   * @param name The function's name.
   * @param plan How it is cached.
   */
  constructor(name: string, plan: CachePlan) {
    super(name, plan);
    this.#location = () => plan.place.location;
  }

  /** Does what nobody waits for. That it fails is said on the console, unless errors are ignored. */
  quietly(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.warn(`Cannot remove what is left of a run: ${reasonOf(error)}`);
    }
  }

  /** Makes the error of a replay that can't go on. */
  lost(located: Located, given: number, reason: string): CacheMissError {
    const filePath = this.#location();
    return new CacheMissError(
      `Cannot go on with ${this.shown}: behind chunk ${given} nothing is cached any more, and ` +
        `${reason}: ${filePath}`,
      { filePath, key: located.key },
    );
  }
}
