// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec, CodecOption } from "../codecs/codec.ts";
import { resolveCodec } from "../codecs/resolve_codec.ts";
import { show } from "../_show.ts";
import { checkFilePath, resolveFilePath } from "../config/resolve_file_path.ts";
import { CacheError } from "../errors/cache_error.ts";
import type { KeyOptions } from "../keys/key_options.ts";
import { openLogStore } from "../stores/open_log_store.ts";
import type { Store } from "../stores/store.ts";

/**
 * What an error of the cache does to a call: `"raise"` throws it, `"warn"` prints it on the console and goes on without
 * the cache, `"ignore"` goes on silently. An error of the function itself is always thrown.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, type OnError } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const onError: OnError = "ignore";
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const getHandler = CacheDict.decorate(() => () => 1, { filePath, onError, outerKey: "handler" });
 * assertEquals(getHandler()(), 1);
 * ```
 */
export type OnError = "raise" | "warn" | "ignore";

/**
 * How values are stored.
 *
 * @example Usage
 * ```ts
 * import { SingleValueCache, type StorageOptions } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const storage: StorageOptions = { codec: "msgpack", onError: "warn" };
 * const filePath = Deno.makeTempDirSync() + "/answer.cache";
 * const answer = SingleValueCache.decorate(() => 42, { filePath, ...storage });
 * assertEquals(answer(), 42);
 * ```
 */
export interface StorageOptions {
  /** What makes bytes of values: `"structured"` (the default), `"msgpack"`, or a codec of your own. */
  readonly codec?: CodecOption | undefined;
  /** What an error of the cache does. The default is `"raise"`. */
  readonly onError?: OnError | undefined;
  /** The clock that tells when an entry is written, in milliseconds since the epoch. The default is `Date.now`. */
  readonly now?: (() => number) | undefined;
  /**
   * Whether keys differ when the properties of plain objects in them come in another order: they do with `"keep"`. The
   * default is `"sort"`. Entries that were stored with one are not found with the other.
   */
  readonly keyOrder?: "sort" | "keep" | undefined;
}

/** The options, checked and complete. */
export interface Storage {
  /** The codec that encodes. */
  readonly codec: Codec;
  /** What an error of the cache does. */
  readonly onError: OnError;
  /** The clock. */
  readonly now: () => number;
  /** How keys are digested. */
  readonly keys: KeyOptions;
}

/**
 * Checks the storage options and fills in the defaults.
 *
 * @param options What a person gave.
 * @returns All of them.
 * @throws {TypeError} If one of them is not what it may be.
 */
export function parseStorage(options: StorageOptions): Storage {
  assertOptions(options, "Cannot set options");
  const { codec, onError = "raise", now = Date.now, keyOrder = "sort" } = options;
  if (onError !== "raise" && onError !== "warn" && onError !== "ignore") {
    throw new TypeError(
      `Cannot set onError: expected "raise", "warn" or "ignore": ${show(onError)}`,
    );
  }
  if (typeof now !== "function") {
    throw new TypeError(`Cannot set now: expected a function: ${show(now)}`);
  }
  if (keyOrder !== "sort" && keyOrder !== "keep") {
    throw new TypeError(`Cannot set keyOrder: expected "sort" or "keep": ${show(keyOrder)}`);
  }
  return { codec: resolveCodec(codec), onError, now, keys: { keyOrder } };
}

/**
 * Checks that options are an object.
 *
 * @param options What a person gave.
 * @param action What failed, if they are not.
 * @throws {TypeError} If they are anything else.
 */
export function assertOptions(options: unknown, action: string): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(`${action}: expected an object of options: ${show(options)}`);
  }
}

// A script that runs for days must not keep every message that it ever printed.
const REMEMBERED = 1000;
const printed = new Set<string>();

/**
 * Does with an error of the cache what `onError` says.
 *
 * @param error The error.
 * @param onError What to do.
 */
export function report(error: Error, onError: OnError): void {
  if (onError === "raise") throw error;
  if (onError === "warn") warnOnce(warningOf(error));
}

// What is thrown says in a field which file it is about; what is printed has only its text.
function warningOf(error: Error): string {
  const text = `${error.name}: ${error.message}`;
  const filePath = error instanceof CacheError ? error.filePath : undefined;
  return filePath === undefined || text.includes(filePath) ? text : `${text}: ${filePath}`;
}

/**
 * Prints a warning, unless the same one was printed before.
 *
 * @param message The warning.
 */
export function warnOnce(message: string): void {
  if (printed.has(message)) return;
  if (printed.size >= REMEMBERED) printed.clear();
  printed.add(message);
  console.warn(message);
}

/**
 * The place of a cache file. Modules are imported, and functions decorated, before a script says where its cache is: so
 * the path is resolved, and the store opened, at the first use.
 */
export class StorePlace {
  readonly #filePath: string | URL;
  #location: string | undefined;
  #store: Store | undefined;

  /**
   * Makes a place without touching the disk.
   *
   * @param filePath The path or `file:` URL of the file.
   * @throws {TypeError} If it can't be the path of a cache file.
   */
  constructor(filePath: string | URL) {
    checkFilePath(filePath);
    this.#filePath = filePath;
  }

  /** The absolute path of the file. */
  get location(): string {
    return this.#location ??= resolveFilePath(this.#filePath);
  }

  /** The store, opened if it is not open yet. */
  get store(): Store {
    return this.#store ??= openLogStore(this.location);
  }
}
