// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError, type CacheErrorOptions } from "./cache_error.ts";
import type { VerifyReport } from "./verify_report.ts";

/**
 * What a {@linkcode CorruptCacheError} knows beside its message.
 *
 * @example Usage
 * ```ts
 * import { CorruptCacheError, type CorruptCacheErrorOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const options: CorruptCacheErrorOptions = { filePath: "/tmp/a.cache" };
 * const error = new CorruptCacheError("Cannot verify cache: 1 damaged range: /tmp/a.cache", options);
 * assertEquals(error.report, undefined);
 * ```
 */
export interface CorruptCacheErrorOptions extends CacheErrorOptions {
  /** What the check found. */
  readonly report?: VerifyReport | undefined;
}

/**
 * A check of a whole file found damage. Reading a value never throws this: there, damage is a miss.
 *
 * @example Usage
 * ```ts
 * import { CorruptCacheError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new CorruptCacheError("Cannot verify cache: 1 damaged range: /tmp/a.cache", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "CorruptCacheError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class CorruptCacheError extends CacheError {
  /** What the check found, where the error is of one. */
  declare readonly report?: VerifyReport;

  /**
   * Makes an error of a check.
   *
   * @example Usage
   * ```ts
   * import { CacheError, CorruptCacheError } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * assert(new CorruptCacheError("Cannot verify cache: 1 damaged range: /tmp/a.cache") instanceof CacheError);
   * ```
   *
   * @param message What failed, a colon, and the value it failed on.
   * @param options What else is known.
   */
  constructor(message: string, options: CorruptCacheErrorOptions = {}) {
    super(message, options);
    if (options.report !== undefined) this.report = options.report;
  }
}
