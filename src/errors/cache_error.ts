// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What an error of the cache knows beside its message.
 *
 * @example Usage
 * ```ts
 * import { CacheError, type CacheErrorOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const options: CacheErrorOptions = { filePath: "/tmp/a.cache" };
 * const error = new CacheError("Cannot open cache: /tmp/a.cache", options);
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export interface CacheErrorOptions {
  /** The absolute path of the cache file the error is about. */
  readonly filePath?: string | undefined;
  /** The key the error is about: a dictionary's own key, or the digest of a call in hex. */
  readonly key?: unknown;
  /** The result of the function, where it was evaluated before the error. */
  readonly value?: unknown;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/**
 * The class all errors of this package extend.
 *
 * @example Usage
 * ```ts
 * import { CacheError, CacheMissError } from "@pecapiku/cache";
 * import { assert } from "@std/assert";
 *
 * assert(new CacheMissError("Cannot get value: nothing cached") instanceof CacheError);
 * ```
 */
export class CacheError extends Error {
  /** The absolute path of the cache file, where the error is about one. */
  declare readonly filePath?: string;
  /** The key, where the error is about one: a dictionary's own key, or the digest of a call in hex. */
  declare readonly key?: unknown;
  /** The function's result. Present (also when it is `undefined`) only if the function was evaluated before the error. */
  declare readonly value?: unknown;

  /**
   * Makes an error of the cache.
   *
   * @example Usage
   * ```ts
   * import { CacheError } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new CacheError("Cannot store value: 7", { value: 7 }).value, 7);
   * ```
   *
   * @param message What failed, a colon, and the value it failed on.
   * @param options What else is known.
   */
  constructor(message: string, options: CacheErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    addErrorContext(this, options);
  }
}

/**
 * Adds what a caller further out knows to an error of the cache: fields that the error already has stay.
 *
 * @param error The error to complete.
 * @param context The fields to add.
 * @returns The same error.
 */
export function addErrorContext<E extends CacheError>(error: E, context: CacheErrorOptions): E {
  for (const field of ["filePath", "key", "value"] as const) {
    if (!(field in context) || field in error) continue;
    if (field === "filePath" && context.filePath === undefined) continue;
    Object.defineProperty(error, field, {
      value: context[field],
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return error;
}
