// Copyright 2026 the pecapiku authors. MIT license.

import type { CacheAccess } from "../access/cache_access.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import type { FunctionOptions, StoreOf } from "../access/function_options.ts";
import type { StorageOptions } from "../access/storage_options.ts";

/**
 * The options of a `CacheDict`.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type CacheDictOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const options: CacheDictOptions = { access: "rw", codec: "msgpack" };
 * using cache = new CacheDict(Deno.makeTempDirSync() + "/a.cache", options);
 * assertEquals(cache.set("x", 1).get("x"), 1);
 * ```
 */
export interface CacheDictOptions extends StorageOptions {
  /** What may be done: `r` see what is stored, `e` evaluate decorated functions, `w` store. The default is `"rew"`. */
  readonly access?: CacheAccess | undefined;
  /**
   * Whether each change is committed at once, instead of all of them together when the block is left. A change whose
   * commit throws is not made. The default is `false`; in a notebook and in the REPL, where a top-level `using` is never disposed, `true`.
   */
  readonly writeThrough?: boolean | undefined;
  /**
   * Keeps functions of one name apart, as those of two notebooks that share a file: the option `namespace` of the functions that
   * the dictionary makes cached. Keys that are set in the dictionary itself have none.
   *
   * @default {None}
   */
  readonly namespace?: string | undefined;
}

/**
 * Makes the key of a call: it is called with the same arguments and the same `this` as the function.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type InnerKeyOf } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const byId: InnerKeyOf<(user: { id: number }) => string> = (user) => user.id;
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const greet = CacheDict.decorate((user: { id: number }) => `Hi ${user.id}`, { filePath, innerKey: byId });
 * greet({ id: 7 });
 * using cache = new CacheDict(filePath);
 * assertEquals(cache.get(7), "Hi 7");
 * ```
 */
export type InnerKeyOf<F extends AnyFunction> = (
  this: ThisParameterType<F>,
  ...args: Parameters<F>
) => unknown;

/**
 * The options of `CacheDict.decorate`.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type DecorateOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const options: DecorateOptions<(base: number, exponent: number) => number> = {
 *   filePath,
 *   innerKey: "[base, exponent]",
 * };
 * const power = CacheDict.decorate((base: number, exponent: number) => base ** exponent, options);
 * power(2, 10);
 * using cache = new CacheDict(filePath);
 * assertEquals(cache.get([2, 10]), 1024);
 * ```
 */
export interface DecorateOptions<F extends AnyFunction = (this: never, ...args: never) => unknown>
  extends Omit<StorageOptions, "store">, FunctionOptions<F> {
  /**
   * Where entries live, in the place of a file: give either this or a path. A function that is declared `async` takes a store over
   * the network, too.
   *
   * @default {The log file at the path}
   */
  readonly store?: StoreOf<F> | undefined;
  /** The path or `file:` URL of the cache file. The default is `_comp_cache.cache` in the cache directory. */
  readonly filePath?: string | URL | undefined;
  /** What a call may do: `r` look up, `e` evaluate, `w` store. The default is `"rew"`. */
  readonly access?: CacheAccess | undefined;
  /**
   * Makes the key of each call: a callable over the same arguments and the same `this`, or a JavaScript expression over the
   * function's own parameter names, or `args` and `self` (a native function has no names to see). The expression is
   * evaluated as code: never take one from somebody you don't trust.
   */
  readonly innerKey?: string | InnerKeyOf<F> | undefined;
  /** A constant key, whatever the arguments. `undefined` is no key: it is as if the option were not given. */
  readonly outerKey?: unknown;
  /**
   * Keeps functions of one name apart, as those of two notebooks that share a file: it counts in the keys, and limits
   * count the entries of each namespace apart. 1 to 200 characters. It goes with neither `innerKey` nor `outerKey`, whose result is
   * the dictionary's own key.
   *
   * @default {None}
   */
  readonly namespace?: string | undefined;
}
