// Copyright 2026 the pecapiku authors. MIT license.

import { markOwn } from "../_own_functions.ts";
import { show } from "../_show.ts";
import { makeDecorator } from "../access/cache_decorator.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { assertOptions } from "../access/storage_options.ts";
import { prepareCheckpoint } from "./_prepare.ts";
import type {
  AsyncCheckpointDecorator,
  CheckpointDecorator,
  CheckpointedFunction,
} from "./checkpointed_function.ts";
import type { CheckpointOptions } from "./checkpoint_options.ts";

/**
 * Makes a method checkpointed: put it on the method as `@checkpoint`.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, defaults } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * defaults["cache.filesystem.directory"] = Deno.makeTempDirSync();
 *
 * class Circle {
 *   constructor(readonly radius: number) {}
 *   @checkpoint
 *   area(): number {
 *     return Math.PI * this.radius ** 2;
 *   }
 * }
 * assertEquals(new Circle(2).area(), Math.PI * 4);
 * ```
 *
 * @param method The method.
 * @param context What the language says of it.
 * @returns The checkpointed method.
 * @throws {TypeError} If it is no method, or one whose result can't be cached.
 */
export function checkpoint<F extends AnyFunction>(
  method: F,
  context: ClassMethodDecoratorContext,
): CheckpointedFunction<F>;
/**
 * Makes a function checkpointed: its results are kept for as long as neither the arguments nor any code that it reaches change.
 *
 * Needs `--allow-read` and `--allow-write` for the directory, and `--allow-read` for the modules of the program: a call that depends
 * on one that can't be read is evaluated and not cached. No permission is asked for.
 *
 * @example Usage
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const directory = Deno.makeTempDirSync();
 * const square = checkpoint((x: number) => x * x, { directory });
 * assertEquals([square(3), square(3), square.has(3)], [9, 9, true]);
 * ```
 *
 * @param fn The function: sync, async, or a generator function.
 * @param options What differs from the defaults.
 * @returns The checkpointed function.
 * @throws {TypeError} If the function or an option is not what it may be.
 */
export function checkpoint<F extends AnyFunction>(
  fn: F,
  options?: CheckpointOptions<NoInfer<F>>,
): CheckpointedFunction<F>;
/**
 * Makes a decorator, for functions and, as a standard `@decorator`, for methods.
 *
 * @example Usage
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = checkpoint({ directory: Deno.makeTempDirSync(), ttl: 60_000 });
 * assertEquals(cached((x: number) => x * x)(3), 9);
 * ```
 *
 * @param options What differs from the defaults.
 * @returns The decorator.
 * @throws {TypeError} If an option is not what it may be.
 */
export function checkpoint(
  options?: CheckpointOptions<(this: never, ...args: never) => unknown>,
): CheckpointDecorator;
/**
 * Makes a decorator for async functions and methods, whose results are in a store over the network.
 *
 * @example Usage
 * ```ts
 * import { checkpoint } from "@pecapiku/cache/checkpoint";
 * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = checkpoint({ store: toAsyncStore(new MemoryStore()) });
 * assertEquals(await cached(async (x: number) => await Promise.resolve(x * x))(3), 9);
 * ```
 *
 * @param options What differs from the defaults.
 * @returns The decorator.
 * @throws {TypeError} If an option is not what it may be.
 */
export function checkpoint(
  options: CheckpointOptions<(this: never, ...args: never) => Promise<unknown>>,
): AsyncCheckpointDecorator;
export function checkpoint(
  ...given: readonly unknown[]
): CheckpointedFunction<AnyFunction> | CheckpointDecorator | AsyncCheckpointDecorator {
  // `checkpoint(undefined)` is most likely a function that is not there.
  const [first, second] = given.length === 0 ? [{}] : given;
  if (typeof first !== "function") {
    if (second !== undefined) {
      throw new TypeError(
        `Cannot checkpoint: not a function, or a decorator under "experimentalDecorators": ${
          show(first)
        }`,
      );
    }
    assertOptions(first, "Cannot checkpoint");
    return makeDecorator(
      prepareCheckpoint(first as CheckpointOptions<never>),
    ) as CheckpointDecorator;
  }
  const isOptions = typeof second === "object" && second !== null && !("kind" in second);
  const decorate = makeDecorator(prepareCheckpoint(isOptions ? second : {})) as CheckpointDecorator;
  // What else a caller passes, as `functions.map(checkpoint)` does, is none of ours.
  return isOptions
    ? decorate(first as AnyFunction)
    : decorate(first as AnyFunction, second as ClassMethodDecoratorContext);
}

markOwn(checkpoint);
