// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Where a {@linkcode DecoratorCheckpoint} keeps results. It is sync: neither method may give a promise.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, type Cache, CheckpointNotExist, DecoratorCheckpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * class TextCache implements Cache<string> {
 *   readonly texts = new Map<string, string>();
 *   retrieve(id: string): unknown {
 *     const text = this.texts.get(id);
 *     if (text === undefined) throw new CheckpointNotExist(`Cannot retrieve result: nothing is cached: ${id}`);
 *     return JSON.parse(text);
 *   }
 *   save(id: string, value: unknown): void {
 *     this.texts.set(id, JSON.stringify(value));
 *   }
 * }
 *
 * const square = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new TextCache())((x: number) => x * x);
 * assertEquals([square(3), square(3)], [9, 9]);
 * ```
 *
 * @typeParam Id What stands for a call.
 */
export interface Cache<Id> {
  /**
   * Looks a result up.
   *
   * @param id What stands for the call.
   * @returns The result: a fresh value, or one that nobody changes.
   * @throws {CheckpointNotExist} If nothing is cached.
   */
  retrieve(id: Id): unknown;

  /**
   * Keeps a result, over an earlier one if there is one.
   *
   * @param id What stands for the call.
   * @param value The result.
   */
  save(id: Id, value: unknown): void;
}
