// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec, CodecOption } from "../codecs/codec.ts";
import type { Compression } from "../codecs/compression.ts";
import { resolveCodec } from "../codecs/resolve_codec.ts";
import { show } from "../_show.ts";
import { checkFilePath, resolveFilePath } from "../config/resolve_file_path.ts";
import { CacheError } from "../errors/cache_error.ts";
import type { KeyOptions } from "../keys/key_options.ts";
import { openLogStore } from "../stores/open_log_store.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store, Sync } from "../stores/store.ts";

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
 * const storage: StorageOptions = { codec: "msgpack", compress: "gzip", ttl: 60_000, onError: "warn" };
 * const filePath = Deno.makeTempDirSync() + "/answer.cache";
 * const answer = SingleValueCache.decorate(() => 42, { filePath, ...storage });
 * assertEquals(answer(), 42);
 * ```
 *
 * @example A bounded cache in memory
 * ```ts
 * import { CacheDict } from "@pecapiku/cache";
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const square = CacheDict.decorate((x: number) => x * x, { store: new MemoryStore(), maxEntries: 2 });
 * for (const x of [1, 2, 1, 3]) square(x);
 * assertEquals([1, 2, 3].map((x) => square.has(x)), [true, false, true]);
 * ```
 */
export interface StorageOptions {
  /**
   * Where entries live, in the place of a file: give either this or a path.
   *
   * @default {The log file at the path}
   */
  readonly store?: Store | undefined;
  /**
   * What makes bytes of values: `"structured"`, `"msgpack"`, or a codec of your own.
   *
   * @default {"structured"}
   */
  readonly codec?: CodecOption | undefined;
  /**
   * How values of 1,024 bytes and more are compressed, if they get shorter by a tenth; all others are stored as they are. What is
   * compressed can be read whatever this option says. It costs some 20 to 50 µs a value more, and 10 to 40 ms once a process.
   *
   * @default {false}
   */
  readonly compress?: false | Compression | undefined;
  /**
   * For how long an entry counts after it was written: a number of milliseconds, or a `Temporal.Duration` without years,
   * months and weeks. What is older is as if it were not there, and so is what was written later than `now`; commits
   * remove it. `Infinity` is no bound.
   *
   * @default {Infinity}
   */
  readonly ttl?: number | Temporal.Duration | undefined;
  /**
   * How many entries there may be: of a decorated function, its own; of a dictionary, those of its whole file. Each commit
   * removes those that were used least recently, in the same step. A function's own entries are those that were stored
   * under its name; functions without a name are as one. Each chunk of a stream is an entry, and so is the stream: one that
   * has more is not kept.
   *
   * @default {No bound}
   */
  readonly maxEntries?: number | undefined;
  /**
   * How many bytes entries may take in the store, with their keys: of a decorated function, its own; of a dictionary, those of its whole
   * file. Each commit removes those that were used least recently, in the same step. An entry that takes more by itself is
   * not kept, and no other goes for it.
   *
   * @default {No bound}
   */
  readonly maxBytes?: number | undefined;
  /**
   * When a commit waits for the medium: with `"commit"` each of them does, so that a power cut loses nothing of it; with `"none"`
   * that is left to the operating system. A crash of the process loses nothing of either.
   *
   * @default {"none"}
   */
  readonly sync?: Sync | undefined;
  /**
   * Whose hits, misses and saved time the totals in the file are to have, which `stats()` shows. With `"writers"` these are the
   * processes that write to the file anyway: they add what they have counted with their commits now and then, and when they end. With
   * `"all"`, a process that has found everything adds it, too, when it ends: it makes the file some 200 bytes longer, if `w` and
   * `--allow-write` are granted. With `"none"` there are no totals. Nothing of this is waited for: a file that is locked, read-only
   * or full is passed over, and the totals are lower.
   *
   * @default {"all" for cached functions, whose hits are what they are for; "writers" for a dictionary, so that to look into a file does not
   * change it}
   */
  readonly totals?: "writers" | "all" | "none" | undefined;
  /**
   * What an error of the cache does.
   *
   * @default {"raise"}
   */
  readonly onError?: OnError | undefined;
  /**
   * The clock that tells when an entry is written, and how old it is, in milliseconds since the epoch.
   *
   * @default {Date.now}
   */
  readonly now?: (() => number) | undefined;
  /**
   * Whether keys differ when the properties of plain objects in them come in another order: they do with `"keep"`.
   * Entries that were stored with one are not found with the other.
   *
   * @default {"sort"}
   */
  readonly keyOrder?: "sort" | "keep" | undefined;
}

/** What a group of entries is kept within; `Infinity` where there is no bound. */
export interface Bounds {
  /** How many entries there may be. */
  readonly maxEntries: number;
  /** How many bytes they may take in the store. */
  readonly maxBytes: number;
  /** For how long an entry counts, in milliseconds. */
  readonly ttl: number;
}

/** The options, checked and complete. */
export interface Storage extends Bounds {
  /** The codec that encodes. */
  readonly codec: Codec;
  /** How values are compressed. */
  readonly compress: false | Compression;
  /** When a commit waits for the medium. */
  readonly sync: Sync;
  /** Whose counts the totals are to have. */
  readonly totals: "writers" | "all" | "none" | undefined;
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
export function parseStorage(options: Omit<StorageOptions, "store">): Storage {
  assertOptions(options, "Cannot set options");
  const { compress = false, sync = "none", onError = "raise", now = Date.now } = options;
  const { ttl, maxEntries, maxBytes, keyOrder = "sort", totals } = options;
  assertOneOf("compress", compress, [false, "gzip", "deflate"]);
  assertOneOf("sync", sync, ["none", "commit"]);
  if (totals !== undefined) assertOneOf("totals", totals, ["writers", "all", "none"]);
  assertOneOf("onError", onError, ["raise", "warn", "ignore"]);
  assertOneOf("keyOrder", keyOrder, ["sort", "keep"]);
  if (typeof now !== "function") {
    throw new TypeError(`Cannot set now: expected a function: ${show(now)}`);
  }
  return {
    codec: resolveCodec(options.codec, compress),
    compress,
    sync,
    totals,
    onError,
    now,
    keys: { keyOrder },
    ttl: ttl === undefined ? Infinity : parseTtl(ttl),
    maxEntries: maxEntries === undefined ? Infinity : parseCount("maxEntries", maxEntries),
    maxBytes: maxBytes === undefined ? Infinity : parseCount("maxBytes", maxBytes),
  };
}

/**
 * Tells whether an entry counts by its age. One that was written later than now is of an age that nobody knows.
 *
 * @param writtenAt When it was written.
 * @param storage The reader's clock, and how old an entry may be.
 * @returns Whether it counts.
 */
export function isAlive(writtenAt: number, { ttl, now }: Pick<Storage, "ttl" | "now">): boolean {
  if (ttl === Infinity) return true;
  const time = now();
  return writtenAt > time - ttl && writtenAt <= time;
}

export function assertOneOf(name: string, given: unknown, expected: readonly unknown[]): void {
  if (expected.includes(given)) return;
  const shown = expected.map(show);
  throw new TypeError(
    `Cannot set ${name}: expected ${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}: ${
      show(given)
    }`,
  );
}

function parseCount(name: string, given: unknown): number {
  if (Number.isSafeInteger(given) && Number(given) > 0) return Number(given);
  throw new TypeError(`Cannot set ${name}: expected a positive integer: ${show(given)}`);
}

function parseTtl(given: unknown): number {
  // Only of an object: to touch `Temporal` alone takes 17 ms.
  const duration = typeof given === "object" && given instanceof Temporal.Duration
    ? given
    : undefined;
  if (duration !== undefined && (duration.years || duration.months || duration.weeks)) {
    throw new TypeError(
      `Cannot set ttl: years, months and weeks are not of one length, give days or less: ${duration}`,
    );
  }
  const milliseconds = duration === undefined ? given : duration.total("milliseconds");
  if (typeof milliseconds === "number" && milliseconds > 0) return milliseconds;
  throw new TypeError(
    `Cannot set ttl: expected a positive number of milliseconds or Temporal.Duration: ${
      duration ?? show(given)
    }`,
  );
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
 * @param id What tells it from others, where that is not the message alone.
 */
export function warnOnce(message: string, id: string = message): void {
  if (printed.has(id)) return;
  if (printed.size >= REMEMBERED) printed.clear();
  printed.add(id);
  console.warn(message);
}

/**
 * The place of a cache's entries: a file, or a store that was given. Modules are imported, and functions decorated, before
 * a script says where its cache is: so a path is resolved, and its file opened, at the first use.
 */
export class StorePlace {
  readonly #filePath: string | URL | undefined;
  #locate: (() => string) | undefined;
  #location: string | undefined;
  #store: Store | undefined;
  /** The store, if its answers come in promises. */
  readonly asyncStore: AsyncStore | undefined;

  /**
   * Makes a place without touching the disk.
   *
   * @param filePath The path or `file:` URL of a cache file; `undefined` with a store.
   * @param store A store. Only functions can do with one whose answers come in promises.
   * @throws {TypeError} If the path can't be that of a cache file, the store is none, or both are given.
   */
  constructor(filePath: string | URL | undefined, store?: Store | AsyncStore) {
    if (store === undefined) checkFilePath(filePath as string | URL);
    else checkStore(store, filePath);
    this.#filePath = filePath;
    if (store !== undefined && "isAsync" in store && store.isAsync === true) {
      this.asyncStore = store;
    } else {
      this.#store = store as Store | undefined;
    }
  }

  /**
   * Refuses a store whose answers come in promises.
   *
   * @throws {TypeError} If it is one.
   */
  assertSync(): void {
    if (this.asyncStore === undefined) return;
    throw new TypeError(
      `Cannot set store: its answers come in promises, use AsyncCacheDict or an async function: ${
        show(this.asyncStore.location)
      }`,
    );
  }

  /**
   * Makes the place of a file outside the cache directory.
   *
   * @param locate Gives its absolute path, at the first use.
   * @returns The place.
   */
  static at(locate: () => string): StorePlace {
    const place = new StorePlace("late");
    place.#locate = locate;
    return place;
  }

  /** Where it is, for messages: the absolute path of the file. */
  get location(): string {
    return this.#location ??= this.#locate?.() ??
      (this.#filePath === undefined
        ? (this.asyncStore ?? this.store).location
        : resolveFilePath(this.#filePath));
  }

  /** What is the same where the place is: the path as it was given, which needs no file to be looked for; or the store. */
  get id(): string | Store | AsyncStore {
    if (this.#filePath === undefined) return this.asyncStore ?? this.store;
    return this.#locate === undefined ? String(this.#filePath) : this.location;
  }

  /** Whether it is a file, and not a store of a person's own. */
  get isFile(): boolean {
    return this.#filePath !== undefined;
  }

  /** The store, opened if it is not open yet. */
  get store(): Store {
    return this.#store ??= this.#open();
  }

  #open(): Store {
    this.assertSync();
    return openLogStore(this.location);
  }
}

const METHODS = ["get", "info", "has", "entries", "commit", "touch", "close"] as const;

function checkStore(store: unknown, filePath: unknown): void {
  const isStore = typeof store === "object" && store !== null &&
    typeof Reflect.get(store, "location") === "string" &&
    METHODS.every((name) => typeof Reflect.get(store, name) === "function");
  if (!isStore) throw new TypeError(`Cannot set store: expected a store: ${show(store)}`);
  if (filePath === undefined) return;
  throw new TypeError(
    `Cannot set store: a filePath is given, too: ${
      show(filePath instanceof URL ? filePath.href : filePath)
    }`,
  );
}
