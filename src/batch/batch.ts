// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The results of a batch of calls, to iterate over once, with `for await` or `Array.fromAsync`. Nothing is begun before the
 * first result is asked for. To leave the loop begins no other call; those under way finish, and their results are stored.
 *
 * @example Usage
 * ```ts
 * import { type Batch, CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square = CacheDict.decorate((x: number) => x * x, { filePath });
 *
 * const batch: Batch<number> = square.map([[1], [2], [3]]);
 * let sum = 0;
 * for await (const result of batch) sum += result;
 * assertEquals(sum, 14);
 * ```
 *
 * @example Which input a result is of
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square = CacheDict.decorate((x: number) => x * x, { filePath });
 * square(3);
 *
 * const entries = square.map([[1], [3]], { unordered: true }).entries();
 * assertEquals(await Array.fromAsync(entries), [[1, 9], [0, 1]]); // what is cached comes first
 * ```
 */
export interface Batch<T> extends AsyncIterableIterator<T, undefined, undefined>, AsyncDisposable {
  /**
   * Gives the next result.
   *
   * @returns The result, or the end.
   */
  next(): Promise<IteratorResult<T, undefined>>;

  /**
   * Ends the batch: no other call is begun. It does not wait for calls under way.
   *
   * @returns The end.
   */
  return(): Promise<IteratorResult<T, undefined>>;

  /**
   * Gives each result with the place of its input, from 0. It goes on where the batch is: whoever takes a result, takes it
   * from the other.
   *
   * @returns Pairs of index and result.
   */
  entries(): AsyncIterableIterator<[index: number, result: T], undefined, undefined>;

  /**
   * Gives the batch itself: there is one iteration.
   *
   * @returns The batch.
   */
  [Symbol.asyncIterator](): Batch<T>;

  /**
   * Ends the batch and waits until no call is under way, and all that they gave is stored. So does `await using`.
   *
   * @returns A promise that is fulfilled then.
   */
  [Symbol.asyncDispose](): Promise<void>;
}
