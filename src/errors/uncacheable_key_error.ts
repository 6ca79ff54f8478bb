// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * An argument or a key has no canonical form, so no digest stands for it.
 *
 * @example Usage
 * ```ts
 * import { UncacheableKeyError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new UncacheableKeyError("Cannot make key: a promise at args[0]", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "UncacheableKeyError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class UncacheableKeyError extends CacheError {}
