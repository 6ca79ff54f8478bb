// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { Batch } from "../batch/batch.ts";
import type { MapOptions } from "../batch/map_options.ts";
import type { Apply, MappedCalls } from "../batch/mapped_calls.ts";
import { startBatch } from "../batch/start_batch.ts";
import { NO_CACHE, type NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import { CachedCalls } from "./_cached_calls.ts";
import type { CachedGenerators, GeneratorKind } from "./_cached_streams.ts";
import { LateCalls } from "./_late_calls.ts";
import type { AnyFunction, CachedFunction } from "./cached_function.ts";
import type { CachePlan } from "./cache_plan.ts";
import type { FunctionControl } from "./function_options.ts";
import { streams } from "./_deferred.ts";

/** The function behind each one that stands for another. */
const originals = new WeakMap<AnyFunction, AnyFunction>();

type Calls = CachedCalls | CachedGenerators | LateCalls;

const cachedFunctions = new WeakSet<AnyFunction>();

// They describe the new function itself, not the original.
const OWN_PROPERTIES = new Set<PropertyKey>([
  ...["name", "length", "prototype", "arguments", "caller"],
  ...["fn", "rerun", "get", "has", "delete", "keyFor"],
  ...["prime", "map", "stats"],
]);

/**
 * Makes a cached function.
 *
 * @param fn The function to cache.
 * @param plan How to cache it.
 * @returns The cached function.
 * @throws {TypeError} If the function's result can't be cached: of a class.
 */
export function cacheFunction<F extends AnyFunction>(fn: F, plan: CachePlan): CachedFunction<F> {
  assertCacheableFunction(fn);
  const name = functionName(fn);
  const kind = generatorKind(originalOf(fn));
  if (kind !== undefined) assertNoResultOptions(plan.control, name);
  const isAsync = isAsyncFunction(originalOf(fn));
  if (!isAsync) assertNeedsNoPromise(plan, name, kind);
  const calls = plan.place.asyncStore !== undefined
    ? new LateCalls(fn, name, plan, plan.place.asyncStore)
    : kind === undefined
    ? new CachedCalls(fn, name, plan)
    : new streams.CachedGenerators(fn, name, kind, plan);
  const evaluatesOnly = plan.rights.text === "e";
  const cached = wrap(calls, isAsync, evaluatesOnly);
  standFor(cached, fn);
  addHandles(cached, calls, isAsync, evaluatesOnly);
  cachedFunctions.add(cached);
  return cached as unknown as CachedFunction<F>;
}

// A generator gives chunks, one by one: they are no result that there could be several of, and its error comes behind some.
function assertNoResultOptions({ samples, cacheErrors }: FunctionControl, name: string): void {
  const given = samples > 1 ? "samples" : cacheErrors === undefined ? undefined : "cacheErrors";
  if (given === undefined) return;
  throw new TypeError(`Cannot set ${given}: not for a generator function: ${name}`);
}

// Only what is declared `async` is known, before it is called, to have time to ask a store, or to wait for somebody else.
function assertNeedsNoPromise(
  { place, control }: CachePlan,
  name: string,
  kind: GeneratorKind | undefined,
): void {
  const option = place.asyncStore !== undefined
    ? "store: its answers come in promises"
    : control.singleFlight === "store"
    ? 'singleFlight: "store" is given'
    : undefined;
  if (option === undefined) return;
  const what = kind === undefined
    ? "a function that is not declared async, also where it returns promises"
    : `a${kind === "generator" ? "" : "n"} ${kind} function`;
  throw new TypeError(`Cannot set ${option}, which can't be had for ${what}: ${name}`);
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
function wrap(calls: Calls, isAsync: boolean, evaluatesOnly: boolean): AnyFunction {
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

function addHandles(
  cached: AnyFunction,
  calls: Calls,
  isAsync: boolean,
  evaluatesOnly: boolean,
): void {
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
    prime(this: unknown, args: readonly unknown[], value: unknown): unknown {
      const given = isAsync ? Promise.resolve(value) : value;
      return answer(() => calls.prime(selfOf(this), args, given));
    },
    map(this: unknown, inputs: unknown, options?: MapOptions): Batch<unknown> {
      const mapped = evaluatesOnly || !calls.isForeseeable
        ? new UnforeseenCalls(calls, evaluatesOnly)
        : calls;
      return startBatch(mapped, isAsync, selfOf(this), inputs, options);
    },
    stats(): CacheStats {
      return calls.stats();
    },
  };
  for (const [name, handle] of Object.entries(handles)) define(cached, name, handle);
}

/** The calls of a function of which nobody can tell, before a call, what that will give: it is only evaluated, or `when` or turns decide. */
class UnforeseenCalls implements MappedCalls {
  readonly fn: AnyFunction;
  readonly name: string;
  readonly #calls: Calls;
  readonly #evaluatesOnly: boolean;

  constructor(calls: Calls, evaluatesOnly: boolean) {
    this.fn = calls.fn;
    this.name = calls.name;
    this.#calls = calls;
    this.#evaluatesOnly = evaluatesOnly;
  }

  has(): boolean {
    return false;
  }

  get(): NoCache {
    return NO_CACHE;
  }

  isStored(error: unknown): boolean {
    const calls: MappedCalls = this.#calls;
    return calls.isStored?.(error) === true;
  }

  call(self: unknown, args: readonly unknown[], apply: Apply): unknown {
    return this.#evaluatesOnly ? apply(this.fn, self, args) : this.#calls.call(self, args, apply);
  }
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
 * @throws {TypeError} If it is not a function, or a class.
 */
export function assertCacheableFunction(fn: unknown): asserts fn is AnyFunction {
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot decorate: not a function: ${show(fn)}`);
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
 * Tells which kind of generator function a function is.
 *
 * @param fn The function.
 * @returns The kind; `undefined` if it is none.
 */
export function generatorKind(fn: AnyFunction): GeneratorKind | undefined {
  switch (Object.prototype.toString.call(fn)) {
    case "[object GeneratorFunction]":
      return "generator";
    case "[object AsyncGeneratorFunction]":
      return "async generator";
    default:
      return undefined;
  }
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
