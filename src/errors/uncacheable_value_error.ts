// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * The codec could not give the value back equal, so it was not stored.
 *
 * @example Usage
 * ```ts
 * import { UncacheableValueError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new UncacheableValueError("Cannot store value: a function at value.callback", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "UncacheableValueError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class UncacheableValueError extends CacheError {}
