// Copyright 2026 the pecapiku authors. MIT license.

import { joinPath } from "../_absolute_path.ts";
import { assertOptions, parseStorage, type StorageOptions } from "../access/storage_options.ts";
import { CacheDict } from "../cache_dict/cache_dict.ts";
import { CheckpointNotExist } from "../errors/checkpoint_not_exist.ts";
import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
import { NoCache } from "../no_cache.ts";
import { lateDirectory } from "./_prepare.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { Cache } from "./cache.ts";
import { checkDirectory } from "./defaults.ts";
import type { ContextId } from "./function_call_identifier.ts";

/** The file in the directory. */
const VALUES = "values.cache";

/**
 * The options of a `FileCache`: how results are stored, and what they are kept within.
 *
 * @example Usage
 * ```ts
 * import { FileCache, type FileCacheOptions } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const options: FileCacheOptions = { codec: "msgpack", maxEntries: 1000 };
 * const cache = new FileCache(Deno.makeTempDirSync(), options);
 * cache.save("x", 1);
 * assertEquals(cache.retrieve("x"), 1);
 * ```
 */
export type FileCacheOptions = Omit<StorageOptions, "store" | "onError" | "keyOrder">;

/**
 * Keeps results in a file of a directory, `values.cache`. Other processes may use it at the same time, and it opens as a
 * `CacheDict`, with the ids as keys.
 *
 * Needs `--allow-read` for the directory, and `--allow-write` for it to save. No permission is asked for.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, DecoratorCheckpoint, FileCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new FileCache(Deno.makeTempDirSync()));
 * const square = cached((x: number) => x * x);
 * assertEquals([square(3), square(3)], [9, 9]);
 * ```
 */
export class FileCache implements Cache<ContextId> {
  readonly #directory: () => string;
  readonly #options: FileCacheOptions;
  #opened: CacheDict | undefined;

  /**
   * Makes a cache. Nothing is created before something is saved.
   *
   * @example Usage
   * ```ts
   * import { FileCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new FileCache(Deno.makeTempDirSync());
   * cache.save("x", 1);
   * assertEquals(cache.retrieve("x"), 1);
   * ```
   *
   * @param directory A path, resolved against the current directory at the first use if it is relative; or a `file:` URL.
   * @param options How results are stored.
   * @throws {TypeError} If the directory or an option is not what it may be.
   */
  constructor(directory: string | URL, options: FileCacheOptions = {}) {
    assertOptions(options, "Cannot create FileCache");
    this.#directory = lateDirectory(checkDirectory(directory));
    this.#options = { ...options };
    // Wrong options are said here, not at the first use.
    parseStorage(options);
  }

  /**
   * Looks a result up.
   *
   * @example Usage
   * ```ts
   * import { CheckpointNotExist, FileCache } from "@pecapiku/cache/checkpoint";
   * import { assertThrows } from "@std/assert";
   *
   * const cache = new FileCache(Deno.makeTempDirSync());
   * assertThrows(() => cache.retrieve("x"), CheckpointNotExist);
   * ```
   *
   * @param id What stands for the call.
   * @returns A fresh value.
   * @throws {CheckpointNotExist} If nothing is cached.
   * @throws {CacheError} If the file can't be read.
   */
  retrieve(id: ContextId): unknown {
    const value = this.#dict.get(id);
    if (!(value instanceof NoCache)) return value;
    throw new CheckpointNotExist(`Cannot retrieve result: nothing is cached: ${id}`, { key: id });
  }

  /**
   * Keeps a result, over an earlier one if there is one. It is in the file when this returns.
   *
   * @example Usage
   * ```ts
   * import { FileCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const directory = Deno.makeTempDirSync();
   * new FileCache(directory).save("x", 1);
   * assertEquals(new FileCache(directory).retrieve("x"), 1);
   * ```
   *
   * @param id What stands for the call.
   * @param value The result.
   * @throws {UncacheableValueError} If it could not be given back equal. What was kept before is then gone.
   * @throws {CacheError} If the file can't be written.
   */
  save(id: ContextId, value: unknown): void {
    try {
      this.#dict.set(id, value);
    } catch (error) {
      // The earlier result would be a wrong hit.
      if (error instanceof UncacheableValueError) this.#dict.delete(id);
      throw error;
    }
  }

  /**
   * Tells how many results there are, and how often look-ups found one. How long functions took is not known here: no time counts as saved.
   *
   * @example Usage
   * ```ts
   * import { FileCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const cache = new FileCache(Deno.makeTempDirSync());
   * cache.save("x", 1);
   * cache.retrieve("x");
   * assertEquals(cache.stats().session.hits, 1);
   * ```
   *
   * @returns The figures.
   * @throws {CacheError} If the file can't be read.
   */
  stats(): CacheStats {
    return this.#dict.stats();
  }

  get #dict(): CacheDict {
    return this.#opened ??= new CacheDict(joinPath(this.#directory(), VALUES), this.#dictOptions);
  }

  get #dictOptions(): FileCacheOptions & { writeThrough: true } {
    return { ...this.#options, writeThrough: true };
  }
}
