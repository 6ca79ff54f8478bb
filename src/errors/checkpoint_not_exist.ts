// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "./cache_error.ts";

/**
 * A cache has nothing under an id. A `Cache` of your own throws it from `retrieve`; a `DecoratorCheckpoint` then evaluates the
 * function.
 *
 * @example Usage
 * ```ts
 * import { CheckpointNotExist, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => new InMemoryLruCache().retrieve("x"), CheckpointNotExist);
 * ```
 */
export class CheckpointNotExist extends CacheError {}
