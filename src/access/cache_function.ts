// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import { CachedCalls } from "./_cached_calls.ts";
import type { AnyFunction, CachedFunction } from "./cached_function.ts";
import type { CachePlan } from "./cache_plan.ts";

/** The function behind each one that stands for another. */
const originals = new WeakMap<AnyFunction, AnyFunction>();

const cachedFunctions = new WeakSet<AnyFunction>();

// They describe the new function itself, not the original.
const OWN_PROPERTIES = new Set<PropertyKey>([
  ...["name", "length", "prototype", "arguments", "caller"],
  ...["fn", "rerun", "get", "has", "delete", "keyFor"],
  "stats",
]);

/**
 * Makes a cached function.
 *
 * @param fn The function to cache.
 * @param plan How to cache it.
 * @returns The cached function.
 * @throws {TypeError} If the function's result can't be cached: of a class or a generator function.
 */
export function cacheFunction<F extends AnyFunction>(fn: F, plan: CachePlan): CachedFunction<F> {
  assertCacheableFunction(fn);
  const calls = new CachedCalls(fn, functionName(fn), plan);
  const isAsync = isAsyncFunction(originalOf(fn));
  const cached = wrap(calls, isAsync, plan.rights.text === "e");
  standFor(cached, fn);
  addHandles(cached, calls, isAsync);
  cachedFunctions.add(cached);
  return cached as unknown as CachedFunction<F>;
}

/**
 * Makes a function look like the one that it stands for: it gets its name, its length and its own properties, and the function
 * itself as `fn`.
 *
 * @param substitute The function to change.
 * @param fn The function that it stands for.
 */
export function standFor(substitute: AnyFunction, fn: AnyFunction): void {
  for (const key of Reflect.ownKeys(fn)) {
    if (OWN_PROPERTIES.has(key)) continue;
    Object.defineProperty(substitute, key, Object.getOwnPropertyDescriptor(fn, key)!);
  }
  define(substitute, "name", functionName(fn));
  define(substitute, "length", fn.length);
  define(substitute, "fn", fn);
  originals.set(substitute, fn);
}

/**
 * Tells whether a value is a cached function.
 *
 * @param value The value.
 * @returns Whether {@linkcode cacheFunction} made it.
 */
export function isCachedFunction(value: unknown): value is CachedFunction<AnyFunction> {
  return typeof value === "function" && cachedFunctions.has(value as AnyFunction);
}

/**
 * Finds the function that a person wrote, behind any number of caches around it.
 *
 * @param fn A function, cached or not.
 * @returns The function itself.
 */
export function originalOf(fn: AnyFunction): AnyFunction {
  let original = fn;
  for (let next = originals.get(original); next !== undefined; next = originals.get(original)) {
    original = next;
  }
  return original;
}

// Methods, because they can't be called with `new`. One for each kind: a hit is too short for questions.
function wrap(calls: CachedCalls, isAsync: boolean, evaluatesOnly: boolean): AnyFunction {
  const fn = calls.fn;
  if (evaluatesOnly) {
    return {
      cached(this: unknown, ...args: never[]): unknown {
        return Reflect.apply(fn, this, args);
      },
    }.cached;
  }
  if (isAsync) {
    return {
      cached(this: unknown, ...args: never[]): Promise<unknown> {
        try {
          return Promise.resolve(calls.call(this, args));
        } catch (error) {
          return Promise.reject(error);
        }
      },
    }.cached;
  }
  return {
    cached(this: unknown, ...args: never[]): unknown {
      return calls.call(this, args);
    },
  }.cached;
}

function addHandles(cached: AnyFunction, calls: CachedCalls, isAsync: boolean): void {
  // In `square.rerun(2)` the function itself is `this`, which stands for none.
  const selfOf = (self: unknown): unknown => self === cached ? undefined : self;
  const answer = isAsync
    ? (question: () => unknown): unknown => {
      try {
        return Promise.resolve(question());
      } catch (error) {
        return Promise.reject(error);
      }
    }
    : (question: () => unknown): unknown => question();
  const handles = {
    rerun(this: unknown, ...args: unknown[]): unknown {
      return answer(() => calls.rerun(selfOf(this), args));
    },
    get(this: unknown, ...args: unknown[]): unknown {
      return answer(() => calls.get(selfOf(this), args));
    },
    has(this: unknown, ...args: unknown[]): unknown {
      return answer(() => calls.has(selfOf(this), args));
    },
    delete(this: unknown, ...args: unknown[]): unknown {
      return answer(() => calls.delete(selfOf(this), args));
    },
    keyFor(this: unknown, ...args: unknown[]): string {
      return calls.keyFor(selfOf(this), args);
    },
    stats(): CacheStats {
      return calls.stats();
    },
  };
  for (const [name, handle] of Object.entries(handles)) define(cached, name, handle);
}

/**
 * Gives a function a property. It is not enumerable: a function prints as a function; and configurable, as `name` and `length` are.
 *
 * @param target The function.
 * @param name The name of the property.
 * @param value Its value.
 */
export function define(target: AnyFunction, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true });
}

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
