// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import { assertTimeout } from "./_assert_timeout.ts";
import { BlobEntries } from "./_blob_entries.ts";
import { type Blob, type BlobPlace, NO_BYTES } from "./_blob_place.ts";
import type { Digest } from "./store.ts";

const DEFAULT_BASE = "pecapiku";
const DEFAULT_TIMEOUT = 30_000;

/**
 * What {@linkcode fromUnstorage} uses of a storage of `npm:unstorage`.
 *
 * @example Usage
 * ```ts
 * import type { UnstorageLike } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const keysOf = (storage: UnstorageLike) => storage.getKeys("pecapiku");
 * assertEquals(typeof keysOf, "function");
 * ```
 */
export interface UnstorageLike {
  /** Gives the bytes of an item, or what stands for none. */
  getItemRaw(key: string): Promise<unknown>;
  /** Sets the bytes of an item. */
  setItemRaw(key: string, value: Uint8Array, options?: { readonly ttl?: number }): Promise<void>;
  /** Removes an item. */
  removeItem(key: string): Promise<void>;
  /** Gives the names of all items below a name. */
  getKeys(base?: string): Promise<string[]>;
}

/**
 * How {@linkcode fromUnstorage} keeps entries.
 *
 * @example Usage
 * ```ts
 * import type { FromUnstorageOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: FromUnstorageOptions = { base: "cache:thumbnails" };
 * assertEquals(options.base, "cache:thumbnails");
 * ```
 */
export interface FromUnstorageOptions {
  /**
   * The name below which all items are: words of letters, digits, `_`, `.` and `-`, with a colon between them. All items
   * below it that are named by a digest are the store's own.
   *
   * @default {"pecapiku"}
   */
  readonly base?: string | undefined;
  /**
   * How long a call takes at the most, in milliseconds. Then it fails, and what it does to an entry has to end before
   * anything else is done to that.
   *
   * @default {30000}
   */
  readonly timeout?: number | undefined;
}

/**
 * Makes a store of a storage of `npm:unstorage`, over any of its drivers.
 *
 * Each entry is one item of bytes, with a checksum over all of them: what is damaged, cut off or somebody else's counts as not
 * there, and the store warns once on the console. Whether a crash can leave half an item is up to the driver; it is a miss then.
 * Several changes of a commit are made one by one. `info`, `has` and each step of `entries` read the whole item. Nothing is evicted: a
 * commit that is to keep `maxEntries` or `maxBytes` is refused with a `TypeError`; `keepFor` is the `ttl` of the item, in
 * seconds, where the driver knows that. Closing the store leaves the storage open.
 *
 * It can be no better than its driver: unstorage does not tell that a driver is read-only and has dropped what was put or
 * removed, and drivers of services that are consistent some time later find for so long what was there before.
 *
 * @example Usage
 * ```ts
 * import { AsyncCacheDict } from "@pecapiku/cache/async";
 * import { fromUnstorage } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 * import { createStorage } from "npm:unstorage@1.17.6";
 *
 * const storage = createStorage(); // in memory, or with any driver
 * await using cache = new AsyncCacheDict<number>({ store: fromUnstorage(storage), writeThrough: true });
 * await cache.set("answer", 42);
 * assertEquals((await storage.getKeys("pecapiku")).length, 1);
 * ```
 *
 * @param storage The storage, which stays yours.
 * @param options How entries are kept in it.
 * @returns The store.
 * @throws {TypeError} If it is no storage, or an option is not what it may be.
 */
export function fromUnstorage(
  storage: UnstorageLike,
  options: FromUnstorageOptions = {},
): AsyncStore {
  const methods = ["getItemRaw", "setItemRaw", "removeItem", "getKeys"];
  const isStorage = typeof storage === "object" && storage !== null &&
    methods.every((name) => typeof Reflect.get(storage, name) === "function");
  if (!isStorage) {
    throw new TypeError(
      `Cannot set storage: expected a storage of npm:unstorage: ${show(storage)}`,
    );
  }
  const { base = DEFAULT_BASE, timeout = DEFAULT_TIMEOUT } = options;
  if (typeof base !== "string" || !/^[\w.-]+(?::[\w.-]+)*$/.test(base)) {
    throw new TypeError(
      `Cannot set base: expected words with colons between them: ${show(base)}`,
    );
  }
  assertTimeout(timeout);
  return new BlobEntries(new UnstoragePlace(storage, base), timeout);
}

class UnstoragePlace implements BlobPlace {
  readonly location: string;
  readonly #storage: UnstorageLike;
  readonly #base: string;

  constructor(storage: UnstorageLike, base: string) {
    this.#storage = storage;
    this.#base = base;
    this.location = `unstorage:${base}`;
  }

  nameOf(digest: Digest): string {
    return `${this.#base}:${digest}`;
  }

  async read(digest: Digest): Promise<Uint8Array | typeof NO_BYTES | undefined> {
    const item = await this.#storage.getItemRaw(this.nameOf(digest));
    if (item === undefined || item === null) return undefined;
    // A plain array of the same bytes: a slice of a `Buffer` would be no copy.
    if (item instanceof Uint8Array) {
      return new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    }
    return item instanceof ArrayBuffer ? new Uint8Array(item) : NO_BYTES;
  }

  async write({ digest, bytes, keepFor }: Blob): Promise<void> {
    const ttl = Math.ceil(keepFor / 1000);
    await this.#storage.setItemRaw(
      this.nameOf(digest),
      bytes,
      ...(Number.isSafeInteger(ttl) ? [{ ttl }] : []),
    );
  }

  async remove(digest: Digest): Promise<void> {
    await this.#storage.removeItem(this.nameOf(digest));
  }

  async list(): Promise<Digest[]> {
    const start = `${this.#base}:`;
    const names = await this.#storage.getKeys(this.#base);
    const digests = names.filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length))
      .filter((name) => /^[0-9a-f]{64}$/.test(name));
    return [...new Set(digests)];
  }
}
