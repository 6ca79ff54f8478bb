// Copyright 2026 the pecapiku authors. MIT license.

import { parseAccess } from "../access/cache_access.ts";
import { type AsyncCacheDecorator, decorateWith } from "../access/cache_decorator.ts";
import type { AnyFunction, AsyncFunction, CachedFunction } from "../access/cached_function.ts";
import { checkNamespace } from "../access/function_options.ts";
import { assertOptions, parseStorage, StorePlace } from "../access/storage_options.ts";
import { type Inherited, type Options, prepareDecorate } from "../cache_dict/_decorate.ts";
import type { DecorateOptions } from "../cache_dict/cache_dict_options.ts";
import { isInteractive } from "../cache_dict/_lifetime.ts";
import { addErrorContext, CacheError } from "../errors/cache_error.ts";
import type { NoCache } from "../no_cache.ts";
import { show } from "../_show.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store } from "../stores/store.ts";
import { toAsyncStore } from "../stores/to_async_store.ts";
import { AsyncDictionary } from "./_async_dictionary.ts";
import type { AsyncCacheDictOptions } from "./async_cache_dict_options.ts";

/**
 * What a `CacheDict` is, over a store that is reached by way of a network: the same names, in promises.
 *
 * In a block (`await using`) it is a dictionary: with `r` it shows what the store holds, and with `w` all changes are
 * committed in one step when the block is left. Calls take effect in their order, also where nobody waits for one before the
 * next: values are encoded, and refused, at the call of `set`, and seen by every call that comes after it.
 *
 * A process that ends before its block is left commits nothing of it: a store over a network can't be waited for then. Where
 * results must not be lost, give `writeThrough`. What its store needs is all that it needs of permissions.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new MemoryStore();
 * {
 *   await using cache = new AsyncCacheDict<number[]>({ store });
 *   await cache.set("squares", [1, 4, 9]);
 *   assertEquals(store.size, 0);
 * }
 * await using cache = new AsyncCacheDict<number[]>({ store, access: "r" });
 * assertEquals(await cache.get("squares"), [1, 4, 9]);
 * ```
 *
 * @typeParam V What the values are.
 */
export class AsyncCacheDict<V = unknown> implements AsyncDisposable {
  readonly #dictionary: AsyncDictionary;
  readonly #location: string;
  readonly #inherited: Inherited;

  /**
   * Makes a dictionary. The store is not touched before it is needed.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore(), access: "rw" });
   * assertEquals(await cache.size(), 0);
   * ```
   *
   * @param options Where entries live, what may be done, and how values are stored.
   * @throws {TypeError} If an option is not what it may be, or is a limit that the store can't keep.
   */
  constructor(options: AsyncCacheDictOptions) {
    assertOptions(options, "Cannot create AsyncCacheDict");
    const { writeThrough = isInteractive(), store, ...rest } = options;
    const { access } = rest;
    const rights = parseAccess(access);
    const storage = parseStorage(rest);
    if (typeof writeThrough !== "boolean") {
      throw new TypeError(`Cannot set writeThrough: expected a boolean: ${show(writeThrough)}`);
    }
    assertStore(store);
    const inner = toAsyncStore(store);
    for (const name of ["maxEntries", "maxBytes"] as const) {
      if (inner.keepsLimits || storage[name] === Infinity) continue;
      throw new TypeError(
        `Cannot set ${name}: the store leaves to its server what is evicted: ${inner.location}`,
      );
    }
    checkNamespace(options.namespace);
    this.#dictionary = new AsyncDictionary(inner, rights, storage, writeThrough);
    const place = new StorePlace(undefined, store);
    this.#inherited = {
      options: rest as Inherited["options"],
      place,
      isShared: false,
      bounds: storage,
    };
    this.#location = inner.location;
  }

  /**
   * Calls a function with a dictionary, and commits its changes when the promise that it returned is settled: a block for
   * notebook cells, where a top-level `await using` is never disposed.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new MemoryStore();
   * await AsyncCacheDict.with<number, void>({ store }, async (cache) => {
   *   await cache.set("x", 1);
   * });
   * assertEquals(store.size, 1);
   * ```
   *
   * @param options As for the constructor; `writeThrough` is `false` by default, also in a notebook.
   * @param callback The function.
   * @returns What the function returned.
   * @throws {TypeError} If the options are not what they may be, or `callback` is not a function.
   * @throws {CacheError} If the changes can't be committed: its `value` is what the function returned.
   * @typeParam V What the values are.
   * @typeParam T What the function returns.
   */
  static async with<V = unknown, T = unknown>(
    options: AsyncCacheDictOptions,
    callback: (cache: AsyncCacheDict<V>) => T | PromiseLike<T>,
  ): Promise<T> {
    if (typeof callback !== "function") {
      throw new TypeError(`Cannot run block: not a function: ${show(callback)}`);
    }
    assertOptions(options, "Cannot create AsyncCacheDict");
    await using guard = new AsyncDisposableStack();
    const value = await callback(
      guard.use(new AsyncCacheDict<V>({ writeThrough: false, ...options })),
    );
    try {
      await guard.disposeAsync();
    } catch (error) {
      if (error instanceof CacheError) addErrorContext(error, { value });
      throw error;
    }
    return value;
  }

  /**
   * Makes an async function keep its results in the dictionary's store, with its options. The function's results are
   * committed as they come, whether the block is left or not.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * const square = cache.decorate(async (x: number) => await Promise.resolve(x * x), { innerKey: "x" });
   * assertEquals([await square(3), await cache.get(3)], [9, 9]);
   * ```
   *
   * @param fn The function, declared `async`.
   * @param options What differs from the dictionary's own options.
   * @returns The cached function.
   * @throws {TypeError} If the function or an option is not what it may be.
   */
  decorate<F extends AsyncFunction>(
    fn: F,
    options?: DecorateOptions<NoInfer<F>>,
  ): CachedFunction<F>;
  /**
   * Makes a decorator, for async functions and, as a standard `@decorator`, for async methods.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * const cached = cache.decorate({ ttl: 60_000 });
   * assertEquals(await cached(async (x: number) => await Promise.resolve(x * x))(3), 9);
   * ```
   *
   * @param options What differs from the dictionary's own options.
   * @returns The decorator.
   * @throws {TypeError} If an option is not what it may be.
   */
  decorate(
    options?: DecorateOptions<(this: never, ...args: never) => Promise<unknown>>,
  ): AsyncCacheDecorator;
  decorate(first?: unknown, options?: unknown): CachedFunction<AnyFunction> | AsyncCacheDecorator {
    return decorateWith<Options>(first, options, (given) => {
      return prepareDecorate(given, this.#inherited);
    });
  }

  /**
   * Counts the entries. With a `ttl`, each is looked at.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * assertEquals(await cache.size(), 1);
   * ```
   *
   * @returns How many entries there are.
   * @throws {CacheError} If the store can't be read.
   */
  size(): Promise<number> {
    return this.#dictionary.size();
  }

  /**
   * Looks a value up.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict, NoCache } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assert } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * assert(await cache.get("x") instanceof NoCache);
   * ```
   *
   * @param key The key, compared by value.
   * @returns The value, a new one at each call, or the marker for none.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the store can't be read.
   */
  get(key: unknown): Promise<V | NoCache> {
    return this.#dictionary.get(key) as Promise<V | NoCache>;
  }

  /**
   * Sets a value, which is encoded at the call. It is committed when the block is left, or at once with `writeThrough`.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set([1, { a: 2 }], 3);
   * assertEquals(await cache.get([1, { a: 2 }]), 3);
   * ```
   *
   * @param key The key.
   * @param value The value.
   * @returns The dictionary.
   * @throws {UncacheableKeyError} If the key has no canonical form, or the codec could not give it back.
   * @throws {UncacheableValueError} If the codec could not give the value back.
   * @throws {CacheError} If the store can't be written to, with `writeThrough`.
   */
  async set(key: unknown, value: V): Promise<this> {
    await this.#dictionary.set(key, value);
    return this;
  }

  /**
   * Tells whether there is an entry.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * assertEquals(await cache.has("x"), false);
   * ```
   *
   * @param key The key.
   * @returns Whether there is one.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the store can't be read.
   */
  has(key: unknown): Promise<boolean> {
    return this.#dictionary.has(key);
  }

  /**
   * Removes an entry. Without `r`, an entry that can't be seen is removed too.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * assertEquals(await cache.delete("x"), true);
   * ```
   *
   * @param key The key.
   * @returns Whether there was one to be seen.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {CacheError} If the store can't be read.
   */
  delete(key: unknown): Promise<boolean> {
    return this.#dictionary.delete(key);
  }

  /**
   * Removes all entries; without `r` only those that this dictionary itself set.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * await cache.clear();
   * assertEquals(await cache.size(), 0);
   * ```
   *
   * @throws {CacheError} If the store can't be read.
   */
  clear(): Promise<void> {
    return this.#dictionary.clear();
  }

  /**
   * Looks a value up, and sets one if there is none.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * assertEquals(await cache.getOrInsert("x", 1), 1);
   * assertEquals(await cache.getOrInsert("x", 2), 1);
   * ```
   *
   * @param key The key.
   * @param value The value to set.
   * @returns What was there, or the value that was set.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {UncacheableValueError} If the codec could not give the value back.
   * @throws {CacheError} If the store can't be read.
   */
  getOrInsert(key: unknown, value: V): Promise<V> {
    return this.#dictionary.getOrInsertComputed(key, () => value) as Promise<V>;
  }

  /**
   * Looks a value up, and computes and sets one if there is none. Calls for one key at the same time compute it once, and
   * each gets a value of its own. So the function must not wait for a call with the same key.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * assertEquals(await cache.getOrInsertComputed(3, async (x) => await Promise.resolve(x * x)), 9);
   * assertEquals(await cache.get(3), 9);
   * ```
   *
   * @param key The key.
   * @param compute What computes the value, or a promise of it; it is called with the key.
   * @returns What was there, or the value that was set.
   * @throws {UncacheableKeyError} If the key has no canonical form.
   * @throws {UncacheableValueError} If the codec could not give the value back: it is the error's `value`.
   * @throws {TypeError} If `compute` is not a function.
   * @throws {CacheError} If the store can't be read.
   */
  getOrInsertComputed<K>(key: K, compute: (key: K) => V | PromiseLike<V>): Promise<V> {
    return this.#dictionary.getOrInsertComputed(key, compute) as Promise<V>;
  }

  /**
   * Goes through the keys, as they were set, in the order in which the store goes through its entries. What a function cached
   * by its arguments shows as a `CallKey`.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * assertEquals(await Array.fromAsync(cache.keys()), ["x"]);
   * ```
   *
   * @returns An iterator over the keys.
   * @throws {CacheError} If the store can't be read.
   */
  keys(): AsyncIterableIterator<unknown, undefined, undefined> {
    return this.#dictionary.keys();
  }

  /**
   * Goes through the values. They are looked up one by one, on the way.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * assertEquals(await Array.fromAsync(cache.values()), [1]);
   * ```
   *
   * @returns An iterator over the values.
   * @throws {CacheError} If the store can't be read.
   */
  values(): AsyncIterableIterator<V, undefined, undefined> {
    return this.#dictionary.values() as AsyncIterableIterator<V, undefined, undefined>;
  }

  /**
   * Goes through the keys and values.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * assertEquals(await Array.fromAsync(cache.entries()), [["x", 1]]);
   * ```
   *
   * @returns An iterator over pairs of key and value.
   * @throws {CacheError} If the store can't be read.
   */
  entries(): AsyncIterableIterator<[key: unknown, value: V], undefined, undefined> {
    return this.#dictionary.pairs() as AsyncIterableIterator<
      [key: unknown, value: V],
      undefined,
      undefined
    >;
  }

  /**
   * Goes through the keys and values.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * for await (const [key, value] of cache) assertEquals([key, value], ["x", 1]);
   * ```
   *
   * @returns An iterator over pairs of key and value.
   * @throws {CacheError} If the store can't be read.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<[key: unknown, value: V], undefined, undefined> {
    return this.entries();
  }

  /**
   * Calls a function for each entry, and waits for what it returns before the next.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache.set("x", 1);
   * let sum = 0;
   * await cache.forEach((value) => void (sum += value));
   * assertEquals(sum, 1);
   * ```
   *
   * @param callback What is called with each value, its key and the dictionary.
   * @param thisArg The `this` of the calls.
   * @throws {TypeError} If `callback` is not a function.
   * @throws {CacheError} If the store can't be read.
   */
  async forEach(
    callback: (value: V, key: unknown, cache: AsyncCacheDict<V>) => void | PromiseLike<void>,
    thisArg?: unknown,
  ): Promise<void> {
    if (typeof callback !== "function") {
      throw new TypeError(`Cannot go through cache: not a function: ${show(callback)}`);
    }
    for await (const [key, value] of this.entries()) {
      await callback.call(thisArg, value, key, this);
    }
  }

  /**
   * Commits all changes made so far, in one step. Without `w` it does nothing.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new MemoryStore();
   * await using cache = new AsyncCacheDict<number>({ store });
   * await cache.set("x", 1);
   * await cache.flush();
   * assertEquals(store.size, 1);
   * ```
   *
   * @throws {CacheError} If the store can't be written to. The changes stay pending.
   */
  flush(): Promise<void> {
    return this.#dictionary.flush();
  }

  /**
   * Commits all changes in one step, and ends the dictionary; `await using` calls it. The store stays open.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict, CacheError } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertRejects } from "@std/assert";
   *
   * const cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * await cache[Symbol.asyncDispose]();
   * await assertRejects(() => cache.get("x"), CacheError);
   * ```
   *
   * @throws {CacheError} If the store can't be written to. The changes stay pending, and the dictionary is not ended.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#dictionary.close();
  }

  /**
   * The name of the class.
   *
   * @example Usage
   * ```ts
   * import { AsyncCacheDict } from "@pecapiku/cache/async";
   * import { MemoryStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * await using cache = new AsyncCacheDict<number>({ store: new MemoryStore() });
   * assertEquals(String(cache), "[object AsyncCacheDict]");
   * ```
   */
  get [Symbol.toStringTag](): string {
    return "AsyncCacheDict";
  }

  /** What the dictionary prints as in `console.log`: where it is. Its content would have to be waited for. */
  [Symbol.for("Deno.customInspect")](): string {
    return `AsyncCacheDict { <${this.#location}> }`;
  }

  /** What the dictionary prints as in Node's `util.inspect`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `AsyncCacheDict { <${this.#location}> }`;
  }
}

const METHODS = ["get", "info", "has", "entries", "commit", "touch", "close"];

function assertStore(store: AsyncStore | Store): void {
  const isStore = typeof store === "object" && store !== null &&
    typeof store.location === "string" &&
    METHODS.every((name) => typeof Reflect.get(store, name) === "function");
  if (!isStore) throw new TypeError(`Cannot set store: expected a store: ${show(store)}`);
}
