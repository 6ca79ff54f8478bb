// Copyright 2026 the pecapiku authors. MIT license.

import type { AnyFunction, AsyncFunction, CachedFunction } from "../access/cached_function.ts";
import type { Explanation } from "./explanation.ts";

/**
 * What a checkpointed function has beside what every cached function has.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type CheckpointHandles } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const square = checkpoint({ directory: Deno.makeTempDirSync() })((x: number) => x * x);
 * const handles: CheckpointHandles<(x: number) => number> = square;
 * assertEquals(handles.explain(3).isHit, false);
 * ```
 */
export interface CheckpointHandles<F extends AnyFunction> {
  /**
   * Tells what the identity of a call is made of, and, where the call would be evaluated although an entry of the same function
   * exists, what has changed since then. It never evaluates the function, and is never async. It goes through all entries of
   * the store, if the call would not be answered from it. Of a store over the network, it is refused with a `TypeError`.
   */
  readonly explain: (this: ThisParameterType<F>, ...args: Parameters<F>) => Explanation;
}

/**
 * A checkpointed function: it is called as the original is, with the same generics, overloads and `this`.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type CheckpointedFunction } from "@pecapiku/cache/checkpoint";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const square: CheckpointedFunction<(x: number) => number> =
 *   checkpoint({ directory: Deno.makeTempDirSync() })((x: number) => x * x);
 * assertEquals(square(4), 16);
 * assert(square.has(4));
 * assert(square.explain(4).isHit);
 * ```
 */
export type CheckpointedFunction<F extends AnyFunction> = CachedFunction<F> & CheckpointHandles<F>;

/**
 * What makes functions checkpointed. It is called with a function, or put on a method of a class, static or not, with `@`. On a
 * method, `this` counts for the key at every call.
 *
 * @example Usage
 * ```ts
 * import { checkpoint, type CheckpointDecorator } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const checkpointed: CheckpointDecorator = checkpoint({ directory: Deno.makeTempDirSync() });
 *
 * class Circle {
 *   constructor(readonly radius: number) {}
 *   @checkpointed
 *   area(): number {
 *     return Math.PI * this.radius ** 2;
 *   }
 * }
 *
 * assertEquals(new Circle(1).area(), Math.PI);
 * assertEquals(new Circle(2).area(), Math.PI * 4);
 * ```
 */
export interface CheckpointDecorator {
  /** Makes a method checkpointed; the language calls it for `@`. */
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): CheckpointedFunction<F>;
  /** Makes a function checkpointed. */
  <F extends AnyFunction>(fn: F): CheckpointedFunction<F>;
}

/**
 * What makes async functions checkpointed whose results are in a store over the network. It is called with a function, or put on a
 * method with `@`, as a {@linkcode CheckpointDecorator} is.
 *
 * @example Usage
 * ```ts
 * import { type AsyncCheckpointDecorator, checkpoint } from "@pecapiku/cache/checkpoint";
 * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const checkpointed: AsyncCheckpointDecorator = checkpoint({ store: toAsyncStore(new MemoryStore()) });
 * assertEquals(await checkpointed(async (x: number) => await Promise.resolve(x * x))(3), 9);
 * ```
 */
export interface AsyncCheckpointDecorator {
  /** Makes a method checkpointed; the language calls it for `@`. */
  <F extends AsyncFunction>(
    method: F,
    context: ClassMethodDecoratorContext,
  ): CheckpointedFunction<F>;
  /** Makes a function checkpointed. */
  <F extends AsyncFunction>(fn: F): CheckpointedFunction<F>;
}
