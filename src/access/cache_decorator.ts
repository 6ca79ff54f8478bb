// Copyright 2026 the pecapiku authors. MIT license.

import { markOwn } from "../_own_functions.ts";
import { show } from "../_show.ts";
import type { AnyFunction, AsyncFunction, CachedFunction } from "./cached_function.ts";
import { assertOptions } from "./storage_options.ts";

/**
 * What makes functions cached. It is called with a function, or put on a method of a class, static or not, with `@`. On
 * a method, `this` counts for the key at every call.
 *
 * @example Usage
 * ```ts
 * import { type CacheDecorator, CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const cached: CacheDecorator = CacheDict.decorate({ filePath: Deno.makeTempDirSync() + "/a.cache" });
 *
 * class Circle {
 *   constructor(readonly radius: number) {}
 *   @cached
 *   area(): number {
 *     return Math.PI * this.radius ** 2;
 *   }
 * }
 *
 * const square = cached((x: number) => x * x);
 * assertEquals(square(3), 9);
 * assertEquals(new Circle(1).area(), Math.PI);
 * assertEquals(new Circle(2).area(), Math.PI * 4);
 * ```
 */
export interface CacheDecorator {
  /** Makes a method cached; the language calls it for `@`. */
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): CachedFunction<F>;
  /** Makes a function cached. */
  <F extends AnyFunction>(fn: F): CachedFunction<F>;
}

/**
 * What makes async functions cached whose results are in a store over the network. It is called with a function, or put on a method
 * with `@`, as a {@linkcode CacheDecorator} is.
 *
 * @example Usage
 * ```ts
 * import { type AsyncCacheDecorator, CacheDict } from "@pecapiku/cache";
 * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const cached: AsyncCacheDecorator = CacheDict.decorate({ store: toAsyncStore(new MemoryStore()) });
 * assertEquals(await cached(async (x: number) => await Promise.resolve(x * x))(3), 9);
 * ```
 */
export interface AsyncCacheDecorator {
  /** Makes a method cached; the language calls it for `@`. */
  <F extends AsyncFunction>(method: F, context: ClassMethodDecoratorContext): CachedFunction<F>;
  /** Makes a function cached. */
  <F extends AsyncFunction>(fn: F): CachedFunction<F>;
}

/**
 * Makes a decorator of what makes a function cached.
 *
 * @param decorate Makes a function cached; it is told whether the function is a method.
 * @returns The decorator.
 */
export function makeDecorator(
  decorate: <F extends AnyFunction>(fn: F, isMethod: boolean) => CachedFunction<F>,
): CacheDecorator {
  return markOwn(<F extends AnyFunction>(fn: F, context?: unknown): CachedFunction<F> => {
    const kind = kindOf(context);
    if (kind !== undefined && kind !== "method") {
      throw new TypeError(`Cannot decorate: expected a method, not a ${kind}: ${nameOf(context)}`);
    }
    if (kind === undefined && typeof fn !== "function") {
      throw new TypeError(
        `Cannot decorate: not a function, or a decorator under "experimentalDecorators": ${
          show(fn)
        }`,
      );
    }
    return decorate(fn, kind === "method");
  });
}

// A plain call may come with arguments of its own, as in `functions.map(decorator)`.
function kindOf(context: unknown): string | undefined {
  if (typeof context !== "object" || context === null || !("kind" in context)) return undefined;
  return typeof context.kind === "string" ? context.kind : undefined;
}

function nameOf(context: unknown): string {
  return String((context as { name?: unknown }).name);
}

/** Makes a function cached; it is told whether the function is a method. */
export type Decorate = <F extends AnyFunction>(fn: F, isMethod: boolean) => CachedFunction<F>;

/**
 * Answers a call of one of the `decorate` methods, which take a function with or without options, or options alone.
 *
 * @param first A function or options.
 * @param second Options beside a function.
 * @param prepare Checks the options, without those that are `undefined`, and makes what decorates.
 * @returns The cached function; a decorator where no function was given.
 * @throws {TypeError} If the arguments are neither.
 */
export function decorateWith<Options extends object>(
  first: unknown,
  second: unknown,
  prepare: (options: Partial<Options>) => Decorate,
): CachedFunction<AnyFunction> | CacheDecorator {
  const isCall = typeof first === "function";
  if (!isCall && second !== undefined) {
    throw new TypeError(`Cannot decorate: not a function: ${show(first)}`);
  }
  const options = isCall ? second : first;
  if (options !== undefined) assertOptions(options, "Cannot decorate");
  const decorate = prepare(definedOf(options as Partial<Options> | undefined));
  return isCall ? decorate(first as AnyFunction, false) : makeDecorator(decorate);
}

// An option that is `undefined` is one that is not given: it must not hide a default.
function definedOf<Options extends object>(options: Partial<Options> = {}): Partial<Options> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<Options>;
}
