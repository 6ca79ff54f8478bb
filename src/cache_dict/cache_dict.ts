// Copyright 2026 the pecapiku authors. MIT license.

import { parseAccess } from "../access/cache_access.ts";
import {
  type AsyncCacheDecorator,
  type CacheDecorator,
  decorateWith,
} from "../access/cache_decorator.ts";
import type { AnyFunction, CachedFunction } from "../access/cached_function.ts";
import { checkNamespace } from "../access/function_options.ts";
import { assertOptions, parseStorage, StorePlace } from "../access/storage_options.ts";
import { show } from "../_show.ts";
import type { NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { Compaction } from "../stores/store.ts";
import type { CacheDictOptions, DecorateOptions } from "./cache_dict_options.ts";
import { CacheDictMap } from "./_cache_dict_map.ts";
import {
  DEFAULT_FILE,
  type Inherited,
  isDefaultFile,
  type Options,
  prepareDecorate,
} from "./_decorate.ts";
import { Dictionary, inspectDictionary } from "./_dictionary.ts";
import { isInteractive, runInBlock } from "./_lifetime.ts";

/**
 * A dictionary in a file, and what makes functions keep their results in one.
 *
 * In a block (`using`) it is a dictionary: with `r` it shows what the file holds, and with `w` all changes are committed
 * in one atomic step when the block is left. A key is any value that has a canonical form, compared by value. Without
 * the right to write, nothing is ever written; `"e"` alone never touches the disk. No permission is asked for: reading
 * needs `--allow-read` of the file, committing `--allow-write` of it too.
 *
 * With `maxEntries`, `maxBytes` or `ttl`, each commit removes what there is no room for from the whole file; until then
 * all that a block has set is there. To look a value up is to use it, also for a cached function; to set it is, too. A
 * commit counts as the use of all that it writes, in the order in which the block used it last.
 *
 * @example As a context
 * ```ts
 * import { CacheDict, NoCache } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/example.cache";
 * {
 *   using cache = new CacheDict<number[]>(filePath);
 *   let squares = cache.get("squares");
 *   if (squares instanceof NoCache) squares = [1, 4, 9];
 *   cache.set("squares", squares);
 * }
 * using cache = new CacheDict(filePath, { access: "r" });
 * assertEquals(cache.get("squares"), [1, 4, 9]);
 * ```
 *
 * @example As a decorator
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * let evaluations = 0;
 * const square = CacheDict.decorate((x: number) => {
 *   evaluations++;
 *   return x * x;
 * }, { filePath: Deno.makeTempDirSync() + "/squares.cache" });
 * assertEquals([square(3), square(3), evaluations], [9, 9, 1]);
 * ```
 *
 * @typeParam V What the values are.
 */
export class CacheDict<V = unknown> {
  readonly #dictionary: Dictionary;
  readonly #inherited: Inherited;
  #map: Map<unknown, V> | undefined;

  /**
   * Makes a dictionary. The file is not touched before it is needed.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache", { access: "rw" });
   * assertEquals(cache.size, 0);
   * ```
   *
   * @param filePath A path, inside the cache directory if it is relative; or a `file:` URL. The default is
   * `_comp_cache.cache` in the cache directory, or the option `store`.
   * @param options What may be done, and how values are stored.
   * @throws {TypeError} If the path climbs out of the cache directory, an option is not what it may be, or there is a path
   * beside a `store`.
   */
  constructor(filePath?: string | URL, options: CacheDictOptions = {}) {
    assertOptions(options, "Cannot create CacheDict");
    const { access, writeThrough = isInteractive() } = options;
    const rights = parseAccess(access);
    const storage = parseStorage(options);
    checkNamespace(options.namespace);
    if (typeof writeThrough !== "boolean") {
      throw new TypeError(`Cannot set writeThrough: expected a boolean: ${show(writeThrough)}`);
    }
    const { store } = options;
    const path = filePath === undefined && store === undefined ? DEFAULT_FILE : filePath;
    const place = new StorePlace(path, store);
    place.assertSync();
    const isShared = path !== undefined && isDefaultFile(path);
    this.#dictionary = new Dictionary(place, rights, storage, writeThrough);
    this.#inherited = { options, place, isShared, bounds: storage };
  }

  /**
   * Makes a function keep its results in a file. `this` counts for the key where it is an instance of a class.
   *
   * Concurrent calls of an async function with one key evaluate it once. So a call must not wait for a call of itself with
   * the same key: without a cache that would be an endless recursion, with one it is an endless wait.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const filePath = Deno.makeTempDirSync() + "/max.cache";
   * const max = CacheDict.decorate(Math.max, { filePath, innerKey: "args.toSorted()" });
   * assertEquals(max(3, 1, 2), 3);
   * assertEquals(max.has(2, 1, 3), true);
   * ```
   *
   * @param fn The function: sync, async, or a generator function.
   * @param options Where and how results are kept.
   * @returns The cached function. A call throws a {@linkcode CacheMissError} if nothing is cached and `e` is not granted.
   * @throws {TypeError} If the function or an option is not what it may be.
   */
  static decorate<F extends AnyFunction>(
    fn: F,
    options?: DecorateOptions<NoInfer<F>>,
  ): CachedFunction<F>;
  /**
   * Makes a decorator, for functions and, as a standard `@decorator`, for methods. On a method, `this` counts for the key.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const filePath = Deno.makeTempDirSync() + "/a.cache";
   * class Model {
   *   constructor(readonly weight: number) {}
   *   @CacheDict.decorate({ filePath })
   *   predict(x: number): number {
   *     return this.weight * x;
   *   }
   * }
   * assertEquals(new Model(2).predict(3), 6);
   * assertEquals(new Model(3).predict(3), 9);
   * ```
   *
   * @param options Where and how results are kept.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  static decorate(options?: DecorateOptions): CacheDecorator;
  /**
   * Makes a decorator for async functions and methods, whose results are in a store over the network.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = CacheDict.decorate({ store: toAsyncStore(new MemoryStore()) });
   * assertEquals(await cached(async (x: number) => await Promise.resolve(x * x))(3), 9);
   * ```
   *
   * @param options Where and how results are kept.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  static decorate(
    options: DecorateOptions<(this: never, ...args: never) => Promise<unknown>>,
  ): AsyncCacheDecorator;
  static decorate(
    first?: unknown,
    options?: unknown,
  ): CachedFunction<AnyFunction> | CacheDecorator | AsyncCacheDecorator {
    return decorateWith<Options>(first, options, (given) => prepareDecorate(given));
  }

  /**
   * Runs a function over a dictionary and commits its changes when the function is left, also by an exception: what `using`
   * does, where a block is of no use, as in the cell of a notebook.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const filePath = Deno.makeTempDirSync() + "/a.cache";
   * await CacheDict.with(filePath, async (cache) => {
   *   cache.set("x", await Promise.resolve(1));
   * });
   * assertEquals(CacheDict.with(filePath, { access: "r" }, (cache) => cache.get("x")), 1);
   * ```
   *
   * @typeParam T What the function returns.
   * @typeParam V What the values of the dictionary are.
   * @param filePath The path or `file:` URL of the file; `undefined` for the default file.
   * @param callback What to run. If it returns a promise, the changes are committed when that is settled.
   * @returns What the function returned.
   * @throws {TypeError} If an argument is not what it may be.
   */
  static with<T, V = unknown>(
    filePath: string | URL | undefined,
    callback: (cache: CacheDict<V>) => T,
  ): T;
  /**
   * Runs a function over a dictionary with options, and commits its changes when the function is left.
   *
   * @example Usage
   * ```ts
   * import { CacheDict, NoCache } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * const filePath = Deno.makeTempDirSync() + "/a.cache";
   * assert(CacheDict.with(filePath, { access: "r" }, (cache) => cache.get("x")) instanceof NoCache);
   * ```
   *
   * @typeParam T What the function returns.
   * @typeParam V What the values of the dictionary are.
   * @param filePath The path or `file:` URL of the file; `undefined` for the default file, or with a `store`.
   * @param options What may be done, and how values are stored. `writeThrough` is `false` by default, everywhere.
   * @param callback What to run. If it returns a promise, the changes are committed when that is settled.
   * @returns What the function returned.
   * @throws {TypeError} If an argument is not what it may be.
   */
  static with<T, V = unknown>(
    filePath: string | URL | undefined,
    options: CacheDictOptions | undefined,
    callback: (cache: CacheDict<V>) => T,
  ): T;
  static with<T, V>(
    filePath: string | URL | undefined,
    first: CacheDictOptions | undefined | ((cache: CacheDict<V>) => T),
    second?: (cache: CacheDict<V>) => T,
  ): T {
    const callback = typeof first === "function" ? first : second;
    const options = typeof first === "function" ? {} : first ?? {};
    if (typeof callback !== "function") {
      throw new TypeError(`Cannot run with CacheDict: not a function: ${show(callback)}`);
    }
    assertOptions(options, "Cannot run with CacheDict");
    const { writeThrough = false } = options;
    return runInBlock(new CacheDict<V>(filePath, { ...options, writeThrough }), callback);
  }

  /**
   * Makes a function keep its results in this dictionary's file, with this dictionary's options where none are given. The
   * function goes on to work when the dictionary's block has been left. What it stores is within the dictionary's
   * `maxEntries` and `maxBytes`, which are for the whole file; such options of its own are for its own entries.
   *
   * @example Usage
   * ```ts
   * import { CacheDict, CacheMissError } from "@pecapiku/cache";
   * import { assertThrows } from "@std/assert";
   *
   * const cache = new CacheDict(Deno.makeTempDirSync() + "/a.cache", { access: "r" });
   * const square = cache.decorate((x: number) => x * x);
   * assertThrows(() => square(3), CacheMissError);
   * ```
   *
   * @param fn The function: sync, async, or a generator function.
   * @param options What differs from the dictionary's own options.
   * @returns The cached function.
   * @throws {TypeError} If the function or an option is not what it may be.
   */
  decorate<F extends AnyFunction>(fn: F, options?: DecorateOptions<NoInfer<F>>): CachedFunction<F>;
  /**
   * Makes a decorator that has results kept in this dictionary's file.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = new CacheDict(Deno.makeTempDirSync() + "/a.cache").decorate();
   * assertEquals(cached((x: number) => x + 1)(1), 2);
   * ```
   *
   * @param options What differs from the dictionary's own options.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  decorate(options?: DecorateOptions): CacheDecorator;
  /**
   * Makes a decorator for async functions and methods, whose results are in a store over the network.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const cached = new CacheDict(Deno.makeTempDirSync() + "/a.cache").decorate({ store: toAsyncStore(new MemoryStore()) });
   * assertEquals(await cached(async (x: number) => await Promise.resolve(x * x))(3), 9);
   * ```
   *
   * @param options Where and how results are kept.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  decorate(
    options: DecorateOptions<(this: never, ...args: never) => Promise<unknown>>,
  ): AsyncCacheDecorator;
  decorate(
    first?: unknown,
    options?: unknown,
  ): CachedFunction<AnyFunction> | CacheDecorator | AsyncCacheDecorator {
    return decorateWith<Options>(first, options, (given) => {
      return prepareDecorate(given, this.#inherited);
    });
  }

  /**
   * The number of entries. With a `ttl`, each entry is looked at to count them, and so it is in a file that holds errors
   * (`cacheErrors`) or several results of a call (`samples`), which belong to other entries and don't count. A bound on all
   * entries of the file counts them, and a notice that there are any; should it have removed that one first, they count here, too.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.set("x", 1).size, 1);
   * ```
   *
   * @throws {CacheError} If the file can't be read.
   */
  get size(): number {
    return this.#dictionary.size;
  }

  /**
   * Looks a value up. It is a fresh one each time: changing it changes nothing in the dictionary.
   *
   * @example Usage
   * ```ts
   * import { CacheDict, NoCache } from "@pecapiku/cache";
   * import { assert, assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * cache.set([1, { a: 2 }], 3);
   * assertEquals(cache.get([1, { a: 2 }]), 3);
   * assert(cache.get("y") instanceof NoCache);
   * ```
   *
   * @param key The key, compared by value.
   * @returns The value; {@linkcode NoCache} if there is none.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the file can't be read.
   */
  get(key: unknown): V | NoCache {
    return this.#dictionary.get(key) as V | NoCache;
  }

  /**
   * Sets a value. It is encoded, and refused, here and now: changing it later changes nothing in the dictionary.
   *
   * @example Usage
   * ```ts
   * import { CacheDict, UncacheableKeyError } from "@pecapiku/cache";
   * import { assertEquals, assertThrows } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.set("x", 1).get("x"), 1);
   * assertThrows(() => cache.set(() => 1, 1), UncacheableKeyError);
   * ```
   *
   * @param key The key.
   * @param value The value.
   * @returns The dictionary.
   * @throws {UncacheableKeyError} If the key has no canonical form, or the codec could not give it back.
   * @throws {UncacheableValueError} If the codec could not give the value back.
   * @throws {CacheError} If the file can't be written, with `writeThrough`.
   */
  set(key: unknown, value: V): this {
    this.#dictionary.set(key, value);
    return this;
  }

  /**
   * Tells whether there is an entry.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.set("x", 1).has("x"), true);
   * ```
   *
   * @param key The key.
   * @returns Whether there is one.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the file can't be read.
   */
  has(key: unknown): boolean {
    return this.#dictionary.has(key);
  }

  /**
   * Removes an entry. Without `r`, an entry that can't be seen is removed too.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.set("x", 1).delete("x"), true);
   * assertEquals(cache.delete("x"), false);
   * ```
   *
   * @param key The key.
   * @returns Whether there was one to be seen.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the file can't be read.
   */
  delete(key: unknown): boolean {
    return this.#dictionary.delete(key);
  }

  /**
   * Removes all entries; without `r` only those that this dictionary itself set.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * cache.set("x", 1).clear();
   * assertEquals(cache.size, 0);
   * ```
   *
   * @throws {CacheError} If the file can't be read.
   */
  clear(): void {
    this.#dictionary.clear();
  }

  /**
   * Looks a value up, and sets one if there is none.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.getOrInsert("x", 1), 1);
   * assertEquals(cache.getOrInsert("x", 2), 1);
   * ```
   *
   * @param key The key.
   * @param value The value to set.
   * @returns What was there, or the value that was set.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {UncacheableValueError} If the codec could not give the value back.
   */
  getOrInsert(key: unknown, value: V): V {
    return this.getOrInsertComputed(key, () => value);
  }

  /**
   * Looks a value up, and computes and sets one if there is none.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(cache.getOrInsertComputed(3, (x) => x * x), 9);
   * assertEquals(cache.get(3), 9);
   * ```
   *
   * @param key The key.
   * @param compute What computes the value; it is called with the key.
   * @returns What was there, or the value that was set.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {UncacheableValueError} If the codec could not give the value back: it is the error's `value`.
   * @throws {TypeError} If `compute` is not a function.
   */
  getOrInsertComputed<K>(key: K, compute: (key: K) => V): V {
    return this.#dictionary.getOrInsertComputed(key, compute) as V;
  }

  /**
   * Goes through the keys, as they were set, in the order in which they were first set. What a function cached by its
   * arguments shows as a {@linkcode CallKey}.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals([...cache.set("x", 1).set(2, 3).keys()], ["x", 2]);
   * ```
   *
   * @returns An iterator over the keys.
   * @throws {CacheError} If the file can't be read.
   */
  keys(): IteratorObject<unknown, undefined, unknown> {
    return this.#dictionary.keys();
  }

  /**
   * Goes through the values. They are decoded one by one, on the way.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals([...cache.set("x", 1).values()], [1]);
   * ```
   *
   * @returns An iterator over the values.
   * @throws {CacheError} If the file can't be read.
   */
  values(): IteratorObject<V, undefined, unknown> {
    return this.#dictionary.values() as IteratorObject<V, undefined, unknown>;
  }

  /**
   * Goes through the keys and values.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals([...cache.set("x", 1).entries()], [["x", 1]]);
   * ```
   *
   * @returns An iterator over pairs of key and value.
   * @throws {CacheError} If the file can't be read.
   */
  entries(): IteratorObject<[key: unknown, value: V], undefined, unknown> {
    return this.#dictionary.pairs() as IteratorObject<[key: unknown, value: V], undefined, unknown>;
  }

  /**
   * Goes through the keys and values.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals([...cache.set("x", 1)], [["x", 1]]);
   * ```
   *
   * @returns An iterator over pairs of key and value.
   * @throws {CacheError} If the file can't be read.
   */
  [Symbol.iterator](): IteratorObject<[key: unknown, value: V], undefined, unknown> {
    return this.entries();
  }

  /**
   * Calls a function for each entry.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * let sum = 0;
   * cache.set("x", 1).set("y", 2).forEach((value) => sum += value);
   * assertEquals(sum, 3);
   * ```
   *
   * @param callback What is called with each value, its key and the dictionary.
   * @param thisArg The `this` of the calls.
   * @throws {TypeError} If `callback` is not a function.
   * @throws {CacheError} If the file can't be read.
   */
  forEach(
    callback: (value: V, key: unknown, cache: CacheDict<V>) => void,
    thisArg?: unknown,
  ): void {
    if (typeof callback !== "function") {
      throw new TypeError(`Cannot go through cache: not a function: ${show(callback)}`);
    }
    this.#dictionary.forEach((value, key) => callback.call(thisArg, value as V, key, this));
  }

  /**
   * Gives the dictionary as a live `Map`, for libraries that take one. It has `Map`'s own semantics, so that `get` of a
   * missing key gives `undefined`; only its keys are compared by value.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * const map = cache.asMap();
   * assertEquals(map.set([1], 2).get([1]), 2);
   * assertEquals(cache.get([1]), 2);
   * assertEquals(map.get("y"), undefined);
   * ```
   *
   * @returns The same `Map` at each call.
   */
  asMap(): Map<unknown, V> {
    return this.#map ??= new CacheDictMap<V>(this.#dictionary);
  }

  /**
   * Commits all changes made so far, in one atomic step. Without `w` it does nothing.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * cache.set("x", 1).flush();
   * assertEquals(cache.size, 1);
   * ```
   *
   * @throws {CacheError} If the file can't be written. The changes stay pending.
   */
  flush(): void {
    this.#dictionary.flush();
  }

  /**
   * Gives back the room of what was overwritten and deleted, and of what `ttl`, `maxEntries` and `maxBytes` leave no room
   * for. Changes that are pending stay pending. The file does that by itself when half of it is such room: call it where a
   * file is to be as small as it can be, as before it is copied. It takes as long as it takes to copy the file.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assert } from "@std/assert";
   *
   * using cache = new CacheDict<string>(Deno.makeTempDirSync() + "/a.cache", { writeThrough: true });
   * cache.set("x", "long ".repeat(1_000)).set("x", "short");
   * const { bytesBefore, bytesAfter } = cache.compact();
   * assert(bytesAfter <= bytesBefore);
   * ```
   *
   * @returns How many bytes the file took before, and takes now.
   * @throws {CacheError} If `w` is not granted, or the file can't be read or written.
   * @throws {TypeError} If the option `store` is one that has no need of that.
   */
  compact(): Compaction {
    return this.#dictionary.compact();
  }

  /**
   * Tells how many entries there are, how much room they take, how often look-ups found something, and how much time that saved: since
   * this process uses the file, and in all. It counts what all dictionaries and functions did that use the same file; what is pending
   * counts once it is committed, and entries that are too old until they are removed. It costs the same at any size, and works when the block was
   * left.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache", { writeThrough: true });
   * cache.set("x", 1).get("x");
   * const { entries, session } = cache.stats();
   * assertEquals([entries, session.hits, session.stores], [1, 1, 1]);
   * ```
   *
   * @returns The figures, which print as a table, and show as bars in a notebook.
   * @throws {CacheError} If the file can't be read.
   */
  stats(): CacheStats {
    return this.#dictionary.stats();
  }

  /**
   * Commits all changes in one atomic step, and ends the dictionary; `using` calls it.
   *
   * @example Usage
   * ```ts
   * import { CacheDict, CacheError } from "@pecapiku/cache";
   * import { assertThrows } from "@std/assert";
   *
   * const cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * cache.set("x", 1);
   * cache[Symbol.dispose]();
   * assertThrows(() => cache.get("x"), CacheError);
   * ```
   *
   * @throws {CacheError} If the file can't be written. The changes stay pending and are tried again when the process unloads.
   */
  [Symbol.dispose](): void {
    this.#dictionary.close();
  }

  /**
   * The name of the class.
   *
   * @example Usage
   * ```ts
   * import { CacheDict } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * using cache = new CacheDict<number>(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(String(cache), "[object CacheDict]");
   * ```
   */
  get [Symbol.toStringTag](): string {
    return "CacheDict";
  }

  /** What the dictionary prints as in `console.log`: its content. */
  [Symbol.for("Deno.customInspect")](
    inspect: (value: unknown, options?: Deno.InspectOptions) => string,
    options: Deno.InspectOptions,
  ): string {
    return inspectDictionary("CacheDict", this.#dictionary, inspect, options);
  }

  /**
   * What a notebook shows: a table of the first 50 entries, and the same as text. Nothing of it counts as a use. Like every walk through the
   * entries, it reads the headers of the whole file once.
   */
  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    const { displayDictionary } = await import("./_display.ts");
    return { ...displayDictionary("CacheDict", this.#dictionary) };
  }

  /** What the dictionary prints as in Node's `util.inspect`: its content. */
  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: Deno.InspectOptions,
    inspect: (value: unknown, options?: Deno.InspectOptions) => string,
  ): string {
    return inspectDictionary("CacheDict", this.#dictionary, inspect, options);
  }
}
