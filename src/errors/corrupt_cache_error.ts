// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * A check of a whole file found damage. Reading a value never throws this: there, damage is a miss.
 *
 * @example Usage
 * ```ts
 * import { CorruptCacheError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new CorruptCacheError("Cannot verify cache: 1 damaged record: /tmp/a.cache", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "CorruptCacheError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class CorruptCacheError extends CacheError {}
