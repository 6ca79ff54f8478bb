// Copyright 2026 the pecapiku authors. MIT license.

import { ConstantKey } from "../access/_entries.ts";
import { type CacheAccess, parseAccess } from "../access/cache_access.ts";
import {
  type AsyncCacheDecorator,
  type CacheDecorator,
  type Decorate,
  decorateWith,
} from "../access/cache_decorator.ts";
import { cacheFunction } from "../access/cache_function.ts";
import type { AnyFunction, CachedFunction } from "../access/cached_function.ts";
import {
  type FunctionOptions,
  parseFunctionOptions,
  type StoreOf,
} from "../access/function_options.ts";
import { Dictionary } from "../cache_dict/_dictionary.ts";
import {
  assertOptions,
  parseStorage,
  type StorageOptions,
  StorePlace,
} from "../access/storage_options.ts";
import { show } from "../_show.ts";
import type { NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store } from "../stores/store.ts";

/** Options for a function of any type. */
type Options = SingleValueCacheOptions<never>;

/** The key of the one value, for who looks into the file as a dictionary. */
const KEY = "value";

/**
 * The options of a `SingleValueCache`.
 *
 * @example Usage
 * ```ts
 * import { SingleValueCache, type SingleValueCacheOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const options: SingleValueCacheOptions = { access: "rew" };
 * const answer = new SingleValueCache(Deno.makeTempDirSync() + "/a.cache", options).decorate(() => 42);
 * assertEquals(answer(), 42);
 * ```
 */
export interface SingleValueCacheOptions<
  F extends AnyFunction = () => unknown,
> extends Omit<StorageOptions, "store">, FunctionOptions<F> {
  /**
   * Where the value lives, in the place of a file: give either this or a path. A function that is declared `async` takes a store over
   * the network, too.
   *
   * @default {The log file at the path}
   */
  readonly store?: StoreOf<F> | undefined;
  /** What a call may do: `r` look up, `e` evaluate, `w` store. The default is `"rew"`. */
  readonly access?: CacheAccess | undefined;
}

/**
 * The options of `SingleValueCache.decorate`: those of a `SingleValueCache`, and either a `filePath`, the path or `file:` URL
 * of the cache file, or a `store`.
 *
 * @example Usage
 * ```ts
 * import { SingleValueCache, type SingleValueDecorateOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const options: SingleValueDecorateOptions = { filePath: Deno.makeTempDirSync() + "/a.cache" };
 * assertEquals(SingleValueCache.decorate(() => 42, options)(), 42);
 * ```
 */
export type SingleValueDecorateOptions<
  F extends AnyFunction = () => unknown,
> =
  & SingleValueCacheOptions<F>
  & ({ readonly filePath: string | URL } | {
    readonly filePath?: undefined;
    readonly store: StoreOf<F>;
  });

/**
 * Keeps one value a file: the result of a function, whatever its arguments. The option `maxEntries` changes nothing, since
 * there is never more than one entry, or as many as the option `samples` says.
 *
 * Needs `--allow-read` for the file, and `--allow-write` for it to store a value. No permission is asked for.
 *
 * @example Usage
 * ```ts
 * import { SingleValueCache } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/answer.cache";
 * let evaluations = 0;
 * const answer = SingleValueCache.decorate(() => {
 *   evaluations++;
 *   return 42;
 * }, { filePath });
 * assertEquals([answer(), answer(), evaluations], [42, 42, 1]);
 * assertEquals(SingleValueCache.get(filePath), 42);
 * ```
 */
export class SingleValueCache {
  readonly #place: StorePlace;
  readonly #options: Options;

  /**
   * Makes a cache of one value. The file is not touched before it is needed.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new SingleValueCache(Deno.makeTempDirSync() + "/a.cache", { access: "rew" });
   * assertEquals(cache.decorate(() => "x")(), "x");
   * ```
   *
   * @param filePath A path, inside the cache directory if it is relative; or a `file:` URL.
   * @param options What may be done, and how the value is stored.
   * @throws {TypeError} If there is no path, it climbs out of the cache directory, or an option is not what it may be.
   */
  constructor(
    filePath: string | URL,
    options?: SingleValueCacheOptions<(this: never, ...args: never) => unknown>,
  );
  /**
   * Makes a cache of one value in a store.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new SingleValueCache(undefined, { store: new MemoryStore(), ttl: 60_000 });
   * assertEquals(cache.decorate(() => "x")(), "x");
   * ```
   *
   * @param filePath None: the value is in the store.
   * @param options What may be done, and where and how the value is stored.
   * @throws {TypeError} If there is a path, or an option is not what it may be.
   */
  constructor(
    filePath: undefined,
    options: SingleValueCacheOptions<(this: never, ...args: never) => unknown> & {
      readonly store: Store;
    },
  );
  constructor(filePath: string | URL | undefined, options: Options = {}) {
    assertOptions(options, "Cannot create SingleValueCache");
    this.#place = placeOf(filePath, options.store);
    this.#place.assertSync();
    this.#options = options;
    prepareDecorate(this.#place, options);
  }

  /**
   * Makes a function keep its result in a file.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const filePath = Deno.makeTempDirSync() + "/a.cache";
   * const answer = SingleValueCache.decorate(() => 42, { filePath });
   * assertEquals(answer(), 42);
   * ```
   *
   * @param fn The function: sync, async, or a generator function.
   * @param options Where and how the result is kept.
   * @returns The cached function. A call throws a {@linkcode CacheMissError} if nothing is cached and `e` is not granted.
   * @throws {TypeError} If there is no path, or the function or an option is not what it may be.
   */
  static decorate<F extends AnyFunction>(
    fn: F,
    options: SingleValueDecorateOptions<NoInfer<F>>,
  ): CachedFunction<F>;
  /**
   * Makes a decorator, for functions and, as a standard `@decorator`, for methods.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = SingleValueCache.decorate({ filePath: Deno.makeTempDirSync() + "/a.cache" });
   * assertEquals(cached(() => 42)(), 42);
   * ```
   *
   * @param options Where and how the result is kept.
   * @returns The decorator.
   * @throws {TypeError} If there is no path, or an option is not what it may be.
   */
  static decorate(
    options: SingleValueDecorateOptions<(this: never, ...args: never) => unknown>,
  ): CacheDecorator;
  /**
   * Makes a decorator for async functions and methods, whose value is in a store over the network.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = SingleValueCache.decorate({ store: toAsyncStore(new MemoryStore()) });
   * assertEquals(await cached(async () => await Promise.resolve(42))(), 42);
   * ```
   *
   * @param options Where and how the result is kept.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  static decorate(
    options: SingleValueDecorateOptions<(this: never, ...args: never) => Promise<unknown>>,
  ): AsyncCacheDecorator;
  static decorate(
    first: unknown,
    second?: unknown,
  ): CachedFunction<AnyFunction> | CacheDecorator | AsyncCacheDecorator {
    return decorateWith<SingleValueDecorateOptions<never>>(first, second, (given) => {
      return prepareDecorate(placeOf(given.filePath, given.store), given);
    });
  }

  /**
   * Looks up the value of a file.
   *
   * @example Usage
   * ```ts
   * import { NoCache, SingleValueCache } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * assert(SingleValueCache.get(Deno.makeTempDirSync() + "/a.cache") instanceof NoCache);
   * ```
   *
   * @typeParam V What the value is.
   * @param filePath A path, inside the cache directory if it is relative; or a `file:` URL.
   * @param options How the value is stored.
   * @returns The value; {@linkcode NoCache} if there is none.
   * @throws {TypeError} If there is no path, it climbs out of the cache directory, or an option is not what it may be.
   * @throws {CacheError} If the file can't be read, as without `--allow-read`.
   */
  static get<V = unknown>(filePath: string | URL, options?: StorageOptions): V | NoCache;
  /**
   * Looks up the value of a store.
   *
   * @example Usage
   * ```ts
   * import { NoCache, SingleValueCache } from "@pecapiku/cache";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assert } from "@std/assert";
   *
   * const store = new MemoryStore();
   * assert(SingleValueCache.get(undefined, { store }) instanceof NoCache);
   * ```
   *
   * @typeParam V What the value is.
   * @param filePath None: the value is in the store.
   * @param options Where and how the value is stored.
   * @returns The value; {@linkcode NoCache} if there is none.
   * @throws {TypeError} If there is a path, or an option is not what it may be.
   * @throws {CacheError} If the store can't be read.
   */
  static get<V = unknown>(
    filePath: undefined,
    options: StorageOptions & { readonly store: Store },
  ): V | NoCache;
  static get<V>(filePath: string | URL | undefined, options: StorageOptions = {}): V | NoCache {
    const storage = parseStorage(options);
    const place = placeOf(filePath, options.store);
    place.assertSync();
    return new Dictionary(place, parseAccess("r"), storage, false).get(KEY) as V | NoCache;
  }

  /**
   * Tells whether there is a value, how much room it takes, how often look-ups found it, and how much time that saved: since this process
   * uses the file, and in all.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new SingleValueCache(Deno.makeTempDirSync() + "/a.cache");
   * const answer = cache.decorate(() => 42);
   * assertEquals([answer(), answer(), answer()], [42, 42, 42]);
   * const { entries, session } = cache.stats();
   * assertEquals([entries, session.hits, session.misses], [1, 2, 1]);
   * ```
   *
   * @returns The figures, which print as a table, and show as bars in a notebook.
   * @throws {CacheError} If the file can't be read.
   */
  stats(): CacheStats {
    const rights = parseAccess(this.#options.access);
    return new Dictionary(this.#place, rights, parseStorage(this.#options), false).stats();
  }

  /**
   * Makes a function keep its result in this cache's file.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new SingleValueCache(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.decorate((x: number) => x)(1), 1);
   * ```
   *
   * @param fn The function: sync, async, or a generator function.
   * @param options What differs from the cache's own options.
   * @returns The cached function.
   * @throws {TypeError} If the function or an option is not what it may be.
   */
  decorate<F extends AnyFunction>(
    fn: F,
    options?: SingleValueCacheOptions<NoInfer<F>>,
  ): CachedFunction<F>;
  /**
   * Makes a decorator that has a result kept in this cache's file.
   *
   * @example Usage
   * ```ts
   * import { SingleValueCache } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = new SingleValueCache(Deno.makeTempDirSync() + "/a.cache").decorate();
   * assertEquals(cached(() => 42)(), 42);
   * ```
   *
   * @param options What differs from the cache's own options.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  decorate(
    options?: SingleValueCacheOptions<(this: never, ...args: never) => unknown>,
  ): CacheDecorator;
  decorate(first?: unknown, second?: unknown): CachedFunction<AnyFunction> | CacheDecorator {
    return decorateWith<SingleValueDecorateOptions<never>>(first, second, (given) => {
      const isElsewhere = given.filePath !== undefined || given.store !== undefined;
      const place = isElsewhere ? placeOf(given.filePath, given.store) : this.#place;
      return prepareDecorate(place, { ...this.#options, ...given });
    });
  }
}

function prepareDecorate(place: StorePlace, options: Options): Decorate {
  const rights = parseAccess(options.access);
  const storage = parseStorage(options);
  const control = parseFunctionOptions(options);
  const keys = new ConstantKey(KEY, storage.codec, storage.keys);
  // There is one value at the most, or as many as `samples` says: to count entries would only mean that its uses are written down.
  const bounds = { ...storage, maxEntries: Infinity };
  return (fn) => cacheFunction(fn, { rights, storage, place, keys, control, bounds });
}

function placeOf(
  filePath: string | URL | undefined,
  store: Store | AsyncStore | undefined,
): StorePlace {
  if (filePath !== undefined || store !== undefined) return new StorePlace(filePath, store);
  throw new TypeError(`Cannot cache single value: filePath is missing: ${show(filePath)}`);
}
