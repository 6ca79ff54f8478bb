// Copyright 2026 the pecapiku authors. MIT license.

import { addErrorContext, CacheError } from "../errors/cache_error.ts";
import { CacheMissError } from "../errors/cache_miss_error.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { report, warnOnce } from "./storage_options.ts";

/** Says what goes wrong with a function that gives chunks, as `onError` has it. */
export class StreamReports {
  /** The function's name, for messages. */
  readonly shown: string;
  readonly #plan: CachePlan;

  /**
   * Makes what reports.
   *
   * @param name The function's name.
   * @param plan How it is cached.
   */
  constructor(name: string, plan: CachePlan) {
    this.shown = name === "" ? "function" : name;
    this.#plan = plan;
  }

  /** Reports what was thrown while something was done with the store or a codec. */
  fail(action: string, error: unknown, located: Located, result?: { value: unknown }): void {
    const filePath = this.#plan.place.location;
    const failure = error instanceof CacheError
      ? error
      : new CacheError(`${action}: ${filePath}: ${reasonOf(error)}`, { cause: error });
    addErrorContext(failure, { filePath, key: located.key, ...result });
    report(failure, this.#plan.storage.onError);
  }

  /** Reports that a call has no key. */
  key(error: unknown): CacheError {
    const failure = error instanceof CacheError
      ? error
      : new UncacheableKeyError(`Cannot make key of ${this.shown}: ${reasonOf(error)}`, {
        cause: error,
      });
    addErrorContext(failure, { filePath: this.#plan.place.location });
    const { keys, storage } = this.#plan;
    if (keys.says?.(failure) !== true) report(failure, storage.onError);
    return failure;
  }

  /** Does what nobody waits for. That it fails is said on the console, unless errors are ignored. */
  quietly(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#plan.storage.onError === "ignore") return;
      warnOnce(
        `Cannot remove what is left of a run: ${this.#plan.place.location}: ${reasonOf(error)}`,
      );
    }
  }

  /** Makes the error of a call that is not cached, and not to be evaluated. */
  miss(located: Located | undefined, cause?: CacheError): CacheMissError {
    const filePath = this.#plan.place.location;
    return new CacheMissError(
      `Cannot evaluate ${this.shown}: nothing is cached for the call, and the access ` +
        `${this.#access} does not grant "e": ${filePath}`,
      {
        filePath,
        ...(located === undefined ? {} : { key: located.key }),
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }

  /** Makes the error of a replay that can't go on. */
  lost(located: Located, given: number, reason: string): CacheMissError {
    const filePath = this.#plan.place.location;
    return new CacheMissError(
      `Cannot go on with ${this.shown}: behind chunk ${given} nothing is cached any more, and ` +
        `${reason}: ${filePath}`,
      { filePath, key: located.key },
    );
  }

  /** Makes the error of something that the access does not allow. */
  denied(action: string, letter: string): CacheError {
    return new CacheError(
      `Cannot ${action} ${this.shown}: the access ${this.#access} does not grant "${letter}"`,
      { filePath: this.#plan.place.location },
    );
  }

  get #access(): string {
    return JSON.stringify(this.#plan.rights.text);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
}
