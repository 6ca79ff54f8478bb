// Copyright 2026 the pecapiku authors. MIT license.

import { addErrorContext, CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
import { CacheMissError } from "../errors/cache_miss_error.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { report, warnOnce } from "./storage_options.ts";

/** What goes wrong in the calls of one cached function, as errors that say where. */
export class CallReports {
  /** The function's name, as messages show it. */
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

  /**
   * Reports, as `onError` says, what the store or a codec threw.
   *
   * @param action What failed.
   * @param error What was thrown.
   * @param located Where the result of the call is, if it is about one.
   * @param result The result, if there is one already.
   * @returns The error that was reported.
   */
  fail(
    action: string,
    error: unknown,
    located: Located | undefined,
    result?: { value: unknown },
  ): CacheError {
    const location = this.#location;
    const key = located === undefined ? {} : { key: located.key };
    const context: CacheErrorOptions = { filePath: location, ...key, ...result };
    const failure = error instanceof CacheError
      ? error
      : new CacheError(`${action}: ${location}: ${reasonOf(error)}`, { cause: error });
    addErrorContext(failure, context);
    report(failure, this.#plan.storage.onError);
    return failure;
  }

  /**
   * Reports, as `onError` says, that a call has no key.
   *
   * @param error What was thrown.
   * @returns The error that was reported.
   */
  failKey(error: unknown): CacheError {
    const failure = this.keyError(error);
    const { keys, storage } = this.#plan;
    if (keys.says?.(failure) !== true) report(failure, storage.onError);
    return failure;
  }

  /**
   * Makes the error of a call that has no key.
   *
   * @param error What was thrown.
   * @returns The error.
   */
  keyError(error: unknown): CacheError {
    const failure = error instanceof CacheError
      ? error
      : new UncacheableKeyError(`Cannot make key of ${this.shown}: ${reasonOf(error)}`, {
        cause: error,
      });
    return addErrorContext(failure, { filePath: this.#location });
  }

  /**
   * Makes the error of a call that may not evaluate.
   *
   * @param located Where its result would be; `undefined` if that is not known.
   * @param cause Why there is none.
   * @returns The error.
   */
  miss(located: Located | undefined, cause: CacheError | undefined): CacheMissError {
    const location = this.#location;
    return new CacheMissError(
      `Cannot evaluate ${this.shown}: nothing is cached for the call, and the access ` +
        `${this.#access} does not grant "e": ${location}`,
      {
        filePath: location,
        ...(located === undefined ? {} : { key: located.key }),
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }

  /**
   * Makes the error of a handle that may not do what it is for.
   *
   * @param action What it is for, such as `rerun` or `delete result of`.
   * @param right The letter that is missing.
   * @returns The error.
   */
  denied(action: string, right: "e" | "w"): CacheError {
    return new CacheError(
      `Cannot ${action} ${this.shown}: the access ${this.#access} does not grant "${right}"`,
      { filePath: this.#location },
    );
  }

  /**
   * Says on the console what must not take the place of what the function itself gave or threw.
   *
   * @param text What to say.
   * @param isQuiet Whether only `onError: "warn"` has it said.
   */
  warn(text: string, isQuiet = false): void {
    const { onError } = this.#plan.storage;
    if (onError === "ignore" || (isQuiet && onError === "raise")) return;
    warnOnce(`${text}: ${this.#location}`);
  }

  get #location(): string {
    return this.#plan.place.location;
  }

  get #access(): string {
    return JSON.stringify(this.#plan.rights.text);
  }
}

/**
 * Gives what an error says of itself.
 *
 * @param error What was thrown.
 * @returns Its name and message.
 */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
}

/** The errors that are stored, as they were thrown. */
const storedErrors = new WeakSet<object>();

/**
 * Notes that an error is stored.
 *
 * @param error What was thrown.
 */
export function noteStoredError(error: unknown): void {
  if (typeof error === "object" && error !== null) storedErrors.add(error);
}

/**
 * Tells whether an error is stored, so that the next call gives it again.
 *
 * @param plan How the function is cached that threw it.
 * @param error What it threw.
 * @returns Whether it is known to be: not of what is no object, nor where the next call asks for another sample.
 */
export function isStoredError({ control, rights }: CachePlan, error: unknown): boolean {
  return control.cacheErrors !== undefined && control.samples === 1 && rights.read &&
    typeof error === "object" && error !== null && storedErrors.has(error);
}
