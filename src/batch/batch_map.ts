// Copyright 2026 the pecapiku authors. MIT license.

import type { Batch } from "./batch.ts";
import type { FailedCall } from "./failed_call.ts";
import type { MapOptions } from "./map_options.ts";

/**
 * The inputs of a batch: the arguments of each call, in an array, a generator, an async generator or any other iterable. They are read
 * a while before their turn, so an array or object that was given once must not be changed to be given again.
 *
 * @example Usage
 * ```ts
 * import { type BatchInputs, CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const power = CacheDict.decorate((base: number, exponent: number) => base ** exponent, { filePath });
 *
 * const inputs: BatchInputs<[base: number, exponent: number]> = [[2, 1], [2, 2]];
 * assertEquals(await Array.fromAsync(power.map(inputs)), [2, 4]);
 * ```
 */
export type BatchInputs<Args extends readonly unknown[]> =
  | Iterable<Readonly<Args>>
  | AsyncIterable<Readonly<Args>>;

/**
 * Calls a cached function with each of many arguments: the `map` of a cached function. Results are stored as they come, so what
 * was stopped goes on where it was when it is run again. Equal inputs are evaluated once.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, FailedCall } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const load = CacheDict.decorate(async (id: number): Promise<string> => {
 *   if (id === 2) throw new Error("out of order");
 *   return await Promise.resolve(`item ${id}`);
 * }, { filePath });
 *
 * const results = await Array.fromAsync(load.map([[1], [2], [3]], { concurrency: 2, onError: "collect" }));
 * assertEquals(results[0], "item 1");
 * assert(results[1] instanceof FailedCall);
 * ```
 *
 * @example Of a method
 * ```ts
 * import { CacheDict, cachedMethod } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 *
 * class Scale {
 *   constructor(readonly factor: number) {}
 *
 *   @CacheDict.decorate({ filePath })
 *   apply(x: number): number {
 *     return this.factor * x;
 *   }
 * }
 *
 * const scale = new Scale(3);
 * assertEquals(await Array.fromAsync(cachedMethod(scale.apply).map.call(scale, [[1], [2]])), [3, 6]);
 * ```
 */
export interface BatchMap<This, Args extends readonly unknown[], Result> {
  /** Stops where a call fails, with its error. */
  (
    this: This,
    inputs: BatchInputs<Args>,
    options?: MapOptions & { readonly onError?: "stop" | undefined },
  ): Batch<Result>;
  /** With `"collect"`, goes on where a call fails: a `FailedCall` stands in the place of its result. */
  (this: This, inputs: BatchInputs<Args>, options?: MapOptions): Batch<Result | FailedCall>;

  /** Does the same with the `this` of a method. */
  call(
    self: This,
    inputs: BatchInputs<Args>,
    options?: MapOptions & { readonly onError?: "stop" | undefined },
  ): Batch<Result>;
  /** Does the same with the `this` of a method. */
  call(self: This, inputs: BatchInputs<Args>, options?: MapOptions): Batch<Result | FailedCall>;
}
