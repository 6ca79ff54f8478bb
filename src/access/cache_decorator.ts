// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../config/_show.ts";
import type { AnyFunction, CachedFunction } from "./cached_function.ts";

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
 * Makes a decorator of what makes a function cached.
 *
 * @param decorate Makes a function cached; it is told whether the function is a method.
 * @returns The decorator.
 */
export function makeDecorator(
  decorate: <F extends AnyFunction>(fn: F, isMethod: boolean) => CachedFunction<F>,
): CacheDecorator {
  return <F extends AnyFunction>(fn: F, context?: unknown): CachedFunction<F> => {
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
  };
}

// A plain call may come with arguments of its own, as in `functions.map(decorator)`.
function kindOf(context: unknown): string | undefined {
  if (typeof context !== "object" || context === null || !("kind" in context)) return undefined;
  return typeof context.kind === "string" ? context.kind : undefined;
}

function nameOf(context: unknown): string {
  return String((context as { name?: unknown }).name);
}
