// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchMap } from "../batch/batch_map.ts";
import type { NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";

/**
 * Any function at all, for use as a constraint.
 *
 * @example Usage
 * ```ts
 * import { type AnyFunction, type CachedFunction, SingleValueCache } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * function once<F extends AnyFunction>(fn: F, filePath: string): CachedFunction<F> {
 *   return SingleValueCache.decorate(fn, { filePath });
 * }
 * assertEquals(once(() => 1, Deno.makeTempDirSync() + "/a.cache")(), 1);
 * ```
 */
export type AnyFunction = (...args: never[]) => unknown;

/**
 * Any function that returns promises, for use as a constraint.
 *
 * @example Usage
 * ```ts
 * import type { AsyncFunction } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * async function first<F extends AsyncFunction>(fn: F, ...args: Parameters<F>): Promise<unknown> {
 *   return await fn(...args);
 * }
 * assertEquals(await first(async (x: number) => await Promise.resolve(x), 1), 1);
 * ```
 */
export type AsyncFunction = (...args: never[]) => Promise<unknown>;

/**
 * What a lookup gives for a function: its result or {@linkcode NoCache}, in a promise if the function gives a promise.
 *
 * @example Usage
 * ```ts
 * import { type CachedResult, NoCache } from "@pecapiku/cache";
 * import { assert } from "@std/assert";
 *
 * const show = (found: CachedResult<() => number>): string => found instanceof NoCache ? "-" : found.toFixed(1);
 * assert(show(1) === "1.0");
 * ```
 */
export type CachedResult<F extends AnyFunction> = ReturnType<F> extends PromiseLike<unknown>
  ? Promise<Awaited<ReturnType<F>> | NoCache>
  : ReturnType<F> | NoCache;

/**
 * What a question about a cached function is answered with: a boolean, in a promise if the function gives a promise.
 *
 * @example Usage
 * ```ts
 * import type { CachedAnswer } from "@pecapiku/cache";
 * import { assert } from "@std/assert";
 *
 * const has: CachedAnswer<() => Promise<number>> = Promise.resolve(true);
 * assert(await has);
 * ```
 */
export type CachedAnswer<F extends AnyFunction> = ReturnType<F> extends PromiseLike<unknown>
  ? Promise<boolean>
  : boolean;

/**
 * What a handle gives that has nothing to tell: nothing, in a promise if the function gives a promise.
 *
 * @example Usage
 * ```ts
 * import type { CachedDone } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const done: CachedDone<() => Promise<number>> = Promise.resolve();
 * assertEquals(await done, undefined);
 * ```
 */
export type CachedDone<F extends AnyFunction> = ReturnType<F> extends PromiseLike<unknown>
  ? Promise<void>
  : void;

/**
 * What `prime` and `map` take as the arguments of a call: a tuple of them. Of a function of which nothing is known, there are none
 * that they could take; so any cached function is a `CachedFunction<AnyFunction>`.
 *
 * @example Usage
 * ```ts
 * import type { CallArguments } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const args: CallArguments<(x: number, y?: string) => number> = [1];
 * assertEquals(args.length, 1);
 * ```
 */
export type CallArguments<F extends AnyFunction> = number extends Parameters<F>["length"]
  ? Parameters<F> extends never[] ? never : Parameters<F>
  : Parameters<F>;

/**
 * What a cached function has beside its call. Each of them takes the arguments (and `this`) of a call of the function.
 * Of an async function, `rerun`, `get`, `has` and `delete` return promises. (A function that returns promises without
 * being `async` can't be told from others before it is called: there, `await` what these three return.) `prime` takes the
 * arguments in an array.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type CachedFunctionHandles } from "@pecapiku/cache";
 * import { assert } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square = CacheDict.decorate((x: number) => x * x, { filePath });
 * const handles: CachedFunctionHandles<(x: number) => number> = square;
 * square(2);
 * assert(handles.has(2));
 * ```
 */
export interface CachedFunctionHandles<F extends AnyFunction> {
  /** The original function. */
  readonly fn: F;
  /** Evaluates the function whatever is cached, and stores the result if `w` is granted. Throws if `e` is not granted. */
  readonly rerun: F;
  /** Looks the result up and never evaluates: the result, or {@linkcode NoCache}. */
  readonly get: (this: ThisParameterType<F>, ...args: Parameters<F>) => CachedResult<F>;
  /** Tells whether a result is cached. */
  readonly has: (this: ThisParameterType<F>, ...args: Parameters<F>) => CachedAnswer<F>;
  /** Removes the cached result and tells whether there was one. Throws if `w` is not granted. */
  readonly delete: (this: ThisParameterType<F>, ...args: Parameters<F>) => CachedAnswer<F>;
  /** Gives the digest under which the result is stored, in hex. */
  readonly keyFor: (this: ThisParameterType<F>, ...args: Parameters<F>) => string;
  /**
   * Stores a value as if the function had returned it, without evaluating; over what is stored. Throws if `w` is not granted.
   * Of an async function it takes the value or a promise of it, and returns a promise that is fulfilled when it is stored; a
   * rejection of the value passes through, and nothing is stored. (Of a function that returns promises without being `async`,
   * give a promise: a hit gives one then, too.)
   */
  prime(
    this: ThisParameterType<F>,
    args: CallArguments<F>,
    value: ReturnType<F> | Awaited<ReturnType<F>>,
  ): CachedDone<F>;
  /** Calls the function with each of many arguments, several at a time if it is async, and iterates over the results. */
  readonly map: BatchMap<ThisParameterType<F>, CallArguments<F>, Awaited<ReturnType<F>>>;
  /**
   * Tells how often this function found results, evaluated and stored, and how much time that saved; in all, too, what the functions of this
   * name did that keep their results in the same place. It takes no arguments, and is never async.
   */
  readonly stats: () => CacheStats;
}

/**
 * A function whose results are cached: it is called as the original is, with the same generics, overloads and `this`.
 * Its `name` and `length` are the original's.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type CachedFunction, NoCache } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square: CachedFunction<(x: number) => number> = CacheDict.decorate((x: number) => x * x, { filePath });
 * assert(square.get(4) instanceof NoCache);
 * assertEquals(square(4), 16);
 * assertEquals(square.get(4), 16);
 * assertEquals(square.delete(4), true);
 * assertEquals(square.has(4), false);
 * ```
 */
export type CachedFunction<F extends AnyFunction> = F & CachedFunctionHandles<F>;
