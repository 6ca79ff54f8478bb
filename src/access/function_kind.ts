// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../config/_show.ts";
import type { AnyFunction } from "./cached_function.ts";

const sourceOf = Function.prototype.toString;

/**
 * Checks that a function is one whose result can be cached.
 *
 * @param fn What was given to be decorated.
 * @throws {TypeError} If it is not a function, a class, or a generator function.
 */
export function assertCacheableFunction(fn: unknown): asserts fn is AnyFunction {
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot decorate: not a function: ${show(fn)}`);
  }
  const tag = Object.prototype.toString.call(fn);
  if (tag === "[object GeneratorFunction]" || tag === "[object AsyncGeneratorFunction]") {
    throw new TypeError(
      `Cannot decorate: a generator function, whose result can't be replayed: ${functionName(fn)}`,
    );
  }
  if (isClass(fn)) throw new TypeError(`Cannot decorate: a class: ${functionName(fn)}`);
}

/**
 * Tells whether a function is declared `async`.
 *
 * @param fn The function.
 * @returns Whether it always returns a promise.
 */
export function isAsyncFunction(fn: AnyFunction): boolean {
  return Object.prototype.toString.call(fn) === "[object AsyncFunction]";
}

/**
 * Gives the name of a function, which a class may have replaced by a static member of any kind.
 *
 * @param fn The function.
 * @returns The name; `""` if it has none.
 */
export function functionName(fn: object): string {
  const name: unknown = Reflect.get(fn, "name");
  return typeof name === "string" ? name : "";
}

/**
 * Gives the source of a function.
 *
 * @param fn The function.
 * @returns The source; `undefined` if it is native or bound.
 */
export function functionSource(fn: AnyFunction): string | undefined {
  const source = sourceOf.call(fn);
  return /\{\s*\[native code\]\s*\}\s*$/.test(source) ? undefined : source;
}

function isClass(fn: object): boolean {
  // Functions have a writable prototype or none. Native ones such as `Number` can be called although theirs is fixed.
  return Object.getOwnPropertyDescriptor(fn, "prototype")?.writable === false &&
    functionSource(fn as AnyFunction) !== undefined;
}
