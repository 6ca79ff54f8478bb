// Copyright 2026 the pecapiku authors. MIT license.

import type { FunctionCallContext } from "./function_call_context.ts";

/**
 * What stands for a call: calls with one id have one result.
 *
 * @example Usage
 * ```ts
 * import { type ContextId, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const id: ContextId = "square 3";
 * const cache = new InMemoryLruCache();
 * cache.save(id, 9);
 * assertEquals(cache.retrieve(id), 9);
 * ```
 */
export type ContextId = string;

/**
 * Tells calls apart. Who writes one decides what counts: a changed function whose calls keep their ids is not evaluated again.
 *
 * @example Usage
 * ```ts
 * import { DecoratorCheckpoint, type FunctionCallIdentifier, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const byFirstArgument: FunctionCallIdentifier = {
 *   identify: ({ name, args }) => `${name} ${JSON.stringify(args[0])}`,
 * };
 * const cached = new DecoratorCheckpoint(byFirstArgument, new InMemoryLruCache());
 * const add = cached((x: number, y: number) => x + y);
 * assertEquals([add(1, 2), add(1, 3)], [3, 3]);
 * ```
 */
export interface FunctionCallIdentifier {
  /**
   * Makes the id of a call.
   *
   * @param context What is known of the call.
   * @returns The id.
   * @throws {CacheError} If there is none for such a call; it is then evaluated, and not cached.
   */
  identify(context: FunctionCallContext): ContextId;
}
