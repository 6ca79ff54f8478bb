// Copyright 2026 the pecapiku authors. MIT license.

/**
 * How far a batch is: what `map` tells the function that was given as `progress`, at each change and at the end.
 *
 * @example Usage
 * ```ts
 * import { type BatchProgress, CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square = CacheDict.decorate((x: number) => x * x, { filePath });
 * square(2);
 *
 * let last: BatchProgress | undefined;
 * const batch = square.map([[1], [2], [3]], { progress: (event) => last = event });
 * assertEquals(await Array.fromAsync(batch), [1, 4, 9]);
 * assertEquals([last?.done, last?.total, last?.cached, last?.computed], [3, 3, 1, 2]);
 * ```
 */
export interface BatchProgress {
  /** How many calls are done: `cached`, `computed` and `failed` together. */
  readonly done: number;
  /** How many calls there are; `undefined` while that is not known, as of a generator that has not ended. */
  readonly total: number | undefined;
  /**
   * How many results were there without an evaluation of this batch. One that was seen ahead of its turn counts at once; if it
   * is gone when its turn comes, it counts no more.
   */
  readonly cached: number;
  /** How many results were evaluated. */
  readonly computed: number;
  /** How many calls have failed, after the last retry. */
  readonly failed: number;
  /** How many calls are under way, or wait for a retry. */
  readonly active: number;
  /** How many retries there were. */
  readonly retried: number;
  /** How many calls were computed, or failed, a second: lately, and not counting what came from the cache. */
  readonly ratePerSecond: number;
  /** How long the rest takes at that rate, if all of it is to be evaluated; `undefined` while that can't be said. */
  readonly secondsLeft: number | undefined;
  /** How long the batch has run. */
  readonly elapsedSeconds: number;
  /** Whether this is the last event: all is done, or the batch was stopped. */
  readonly isFinished: boolean;
}
