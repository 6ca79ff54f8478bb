// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * The file is not a cache file, its header is damaged, or a newer version of this package wrote it. The file is left as it is.
 *
 * @example Usage
 * ```ts
 * import { CacheFormatError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new CacheFormatError("Cannot open cache: not a cache file: /tmp/a.cache", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "CacheFormatError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class CacheFormatError extends CacheError {}
