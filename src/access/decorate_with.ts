// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../config/_show.ts";
import { type CacheDecorator, makeDecorator } from "./cache_decorator.ts";
import type { AnyFunction, CachedFunction } from "./cached_function.ts";
import { assertOptions } from "./storage_options.ts";

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
