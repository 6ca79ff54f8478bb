// Copyright 2026 the pecapiku authors. MIT license.

import type { AnyFunction } from "../access/cached_function.ts";
import type { FunctionOptions, StoreOf } from "../access/function_options.ts";
import type { OnError, StorageOptions } from "../access/storage_options.ts";

/**
 * The options of a checkpoint. Limits count and evict the results of functions of the same name only.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type CheckpointOptions } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const options: CheckpointOptions = { directory: Deno.makeTempDirSync(), onError: "raise", codec: "msgpack" };
 * const square = checkpoint(options)((x: number) => x * x);
 * assertEquals(square(3), 9);
 * ```
 *
 * @example What can't be seen
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * function makeScale(factor: number): (x: number) => number {
 *   // The code of the function does not tell the value of `factor`.
 *   return checkpoint({ directory: Deno.makeTempDirSync(), uses: () => ({ factor }) })((x: number) => x * factor);
 * }
 * assertEquals([makeScale(2)(3), makeScale(5)(3)], [6, 15]);
 * ```
 */
export interface CheckpointOptions<
  F extends AnyFunction = () => unknown,
> extends Omit<StorageOptions, "store">, FunctionOptions<F> {
  /**
   * Where the results are, in the place of the directory's file. A function that is declared `async` takes a store over the network,
   * too; then `explain` can't be had.
   *
   * @default {`results.cache` in the directory}
   */
  readonly store?: StoreOf<F> | undefined;
  /**
   * The path or `file:` URL of the directory that holds the results, in `results.cache`, and what is known of code. A relative
   * path is resolved against the current directory when the first call is made. The directory is created when something is first
   * written.
   *
   * @default {`defaults["cache.filesystem.directory"]`, and that is ".checkpointing"}
   */
  readonly directory?: string | URL | undefined;
  /**
   * Gives all values that the result depends on and that can't be seen in the code, such as variables of the function around
   * it. It is called at each call, and what it gives is a part of the call's key. `() => ({})` says that there is nothing that
   * matters.
   */
  readonly uses?: (() => unknown) | undefined;
  /**
   * Keeps functions of one name apart, as those of two notebooks that share a file: it counts in the keys, and limits
   * count the entries of each namespace apart. 1 to 200 characters.
   *
   * @default {None}
   */
  readonly namespace?: string | undefined;
  /**
   * What an error of the cache does.
   *
   * @default {`defaults["checkpoint.on_error"]`, and that is "warn"}
   */
  readonly onError?: OnError | undefined;
}
