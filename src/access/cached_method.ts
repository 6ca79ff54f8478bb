// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import { isCachedFunction } from "./cache_function.ts";
import type { AnyFunction, CachedFunction } from "./cached_function.ts";

/**
 * Gives the typed handle of a decorated method: TypeScript does not let a decorator change a method's type. It is the same
 * function, so an instance is passed with `call`.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, cachedMethod } from "@pecapiku/cache";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 *
 * class Model {
 *   weight = 2;
 *   @CacheDict.decorate({ filePath })
 *   predict(x: number): number {
 *     return this.weight * x;
 *   }
 * }
 *
 * const model = new Model();
 * assertEquals(model.predict(3), 6);
 * assert(cachedMethod(model.predict).has.call(model, 3));
 * ```
 *
 * @param method The method, as in `instance.method`.
 * @returns The method with its handles.
 * @throws {TypeError} If the method is not a cached function.
 */
export function cachedMethod<F extends AnyFunction>(method: F): CachedFunction<F> {
  if (isCachedFunction(method)) return method as unknown as CachedFunction<F>;
  throw new TypeError(`Cannot give handle: not a cached function: ${show(method)}`);
}
