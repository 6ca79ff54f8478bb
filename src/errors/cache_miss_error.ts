// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * Nothing is cached under the key, and the right to evaluate (`e`) was not granted. Or a chunk is not cached any more in the middle
 * of a stream, and nothing can go on behind those that were given: the function is not to be evaluated, or gives others now.
 *
 * @example Usage
 * ```ts
 * import { CacheMissError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new CacheMissError("Cannot get value: nothing cached under f(1)", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "CacheMissError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class CacheMissError extends CacheError {}
