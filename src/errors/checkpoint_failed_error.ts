// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * A checkpoint could not be made or kept.
 *
 * @example Usage
 * ```ts
 * import { CheckpointFailedError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new CheckpointFailedError("Cannot checkpoint function: it assigns the outer variable total", { filePath: "/tmp/a.cache" });
 * assertEquals(error.name, "CheckpointFailedError");
 * assertEquals(error.filePath, "/tmp/a.cache");
 * ```
 */
export class CheckpointFailedError extends CacheError {}
