// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchProgress } from "./batch_progress.ts";

/**
 * How long to wait before a call is tried again. The n-th pause is a random time between nothing and `initialMs` times
 * `factor` to the power of n - 1, and at most `maxMs`: so many callers that failed at once don't come back at once.
 *
 * @example Usage
 * ```ts
 * import { type Backoff, CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * let calls = 0;
 * const flaky = CacheDict.decorate(async (x: number) => {
 *   if (++calls === 1) throw new Error("try again");
 *   return await Promise.resolve(x);
 * }, { filePath });
 *
 * const backoff: Backoff = { initialMs: 1, maxMs: 10 };
 * assertEquals(await Array.fromAsync(flaky.map([[7]], { retries: 3, backoff })), [7]);
 * ```
 */
export interface Backoff {
  /**
   * The longest first pause, in milliseconds.
   *
   * @default {100}
   */
  readonly initialMs?: number | undefined;
  /**
   * By how much the longest pause grows with each retry: 1 or more.
   *
   * @default {2}
   */
  readonly factor?: number | undefined;
  /**
   * The longest pause of all, in milliseconds.
   *
   * @default {30_000}
   */
  readonly maxMs?: number | undefined;
}

/**
 * How a batch of calls is run.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type MapOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const length = CacheDict.decorate(async (text: string) => await Promise.resolve(text.length), { filePath });
 *
 * const options = { concurrency: 8, retries: 2, unordered: false } satisfies MapOptions;
 * assertEquals(await Array.fromAsync(length.map([["a"], ["bc"]], options)), [1, 2]);
 * ```
 */
export interface MapOptions {
  /**
   * How many calls may be under way at once. With a sync function, more than 1 changes nothing. While nobody waits for a result,
   * no more than as many results are made ahead, and none of a sync function.
   *
   * @default {1 for sync functions, 4 for those declared async}
   */
  readonly concurrency?: number | undefined;
  /**
   * Whether results come as they are there, what is cached first, and not in the order of the inputs.
   *
   * @default {false}
   */
  readonly unordered?: boolean | undefined;
  /**
   * How many inputs may be read, and results be held, ahead of the one that is given out next. It bounds the memory that a
   * batch takes, and how many calls can be under way. At 1, no input is read before its turn.
   *
   * @default {1_000}
   */
  readonly lookahead?: number | undefined;
  /**
   * Stops the batch: the iteration rejects with the signal's reason at once, and no other call is begun. Calls under way are let
   * finish, so that their results are stored.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * What a call that fails does. `"stop"`: the iteration rejects with its error, in its place, and no call behind it is begun.
   * `"collect"`: a `FailedCall` stands in the place of the result, and all others go on.
   *
   * @default {"stop"}
   */
  readonly onError?: "stop" | "collect" | undefined;
  /**
   * How many times a call that failed is tried again. What fails in the cache, and not in the function, is not; nor is a call whose
   * error `cacheErrors` has stored, which would come again.
   *
   * @default {0}
   */
  readonly retries?: number | undefined;
  /** How long to wait before a call is tried again. The call keeps its place among those under way. */
  readonly backoff?: Backoff | undefined;
  /**
   * Tells which errors are worth another try.
   *
   * @default {All of them}
   */
  readonly retryIf?: ((error: unknown) => boolean) | undefined;
  /**
   * Shows how far the batch is, on standard error: a bar in a terminal or a notebook, otherwise a line every 5 seconds. A function
   * gets each change as a {@linkcode BatchProgress}; what it throws stops the batch.
   *
   * @default {Nothing is shown}
   */
  readonly progress?: boolean | ((event: BatchProgress) => void) | undefined;
}
