// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { AsyncStore } from "./async_store.ts";
import {
  decodeKeyvKey,
  decodeKeyvValue,
  digestOfKeyvKey,
  encodeKeyvKey,
  encodeKeyvValue,
  KEYV_CODEC,
} from "./_keyv_value.ts";
import type { Digest, EntryInfo, Limits, PutChange, Store } from "./store.ts";
import { toAsyncStore } from "./to_async_store.ts";

/** How many entries are removed in one commit. */
const PAGE = 1000;

/**
 * How a {@linkcode keyvAdapter} uses its store.
 *
 * @example Usage
 * ```ts
 * import type { KeyvAdapterOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: KeyvAdapterOptions = { limits: { maxBytes: 100_000_000 } };
 * assertEquals(options.limits?.maxBytes, 100_000_000);
 * ```
 */
export interface KeyvAdapterOptions {
  /**
   * What the store is kept within by what is set.
   *
   * @default {No limits}
   */
  readonly limits?: Pick<Limits, "maxEntries" | "maxBytes"> | undefined;
  /**
   * A clock, for tests: the time in milliseconds since the epoch.
   *
   * @default {Date.now}
   */
  readonly now?: (() => number) | undefined;
}

/**
 * A store as a storage adapter of `Keyv`: what {@linkcode keyvAdapter} gives.
 *
 * @example Usage
 * ```ts
 * import { type KeyvAdapter, keyvAdapter, MemoryStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const adapter: KeyvAdapter = keyvAdapter(new MemoryStore());
 * assertEquals(await adapter.get("answer"), undefined);
 * ```
 */
export interface KeyvAdapter {
  /** What `Keyv` 5 looks at to know whether it can go through an adapter: it has to name one of those that it knows. */
  readonly opts: Record<string, unknown>;
  /** What `Keyv` sets: what the keys begin with, before a colon, that `clear` removes and `iterator` gives. */
  namespace?: string | undefined;
  /** Gives what was set; `undefined` if nothing was, or it has expired. */
  get<Value>(key: string): Promise<Value | undefined>;
  /** Gives what was set of many keys. */
  getMany<Value>(keys: string[]): Promise<(Value | undefined)[]>;
  /** Sets a text or bytes, with a time to live in milliseconds. */
  set(key: string, value: unknown, ttl?: number): Promise<boolean>;
  /** Sets many in one commit. */
  setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<boolean[]>;
  /** Removes what was set, and tells whether it was there. */
  delete(key: string): Promise<boolean>;
  /** Removes many in one commit, and tells whether any was there. */
  deleteMany(keys: string[]): Promise<boolean>;
  /** Removes all of the namespace; without one, all that was set by any adapter. */
  clear(): Promise<void>;
  /** Tells whether something was set, and has not expired. */
  has(key: string): Promise<boolean>;
  /** Tells whether something was set of many keys. */
  hasMany(keys: string[]): Promise<boolean[]>;
  /** Goes through keys and what was set. */
  // deno-lint-ignore no-explicit-any -- so that it is one of Keyv's
  iterator(namespace?: string): AsyncGenerator<any, void>;
  /** Closes the store. */
  disconnect(): Promise<void>;
  /** Does nothing: what fails rejects the promise, which `Keyv` makes an event of. */
  on(event: string, listener: (...args: unknown[]) => void): KeyvAdapter;
}

/**
 * Makes a storage adapter for `npm:keyv` of a store.
 *
 * `Keyv` gives texts (by itself, of any value) or bytes, which are kept with the time when they expire, in entries of their own: each
 * under a digest of its key, in the way of results of a function named `keyv`, with the codec `keyv`. Nothing else
 * reads them, and nothing is lost where they are in one file with other entries; but a dictionary that goes through that file says that it
 * has no codec of that name, so give the `Keyv` a file of its own. What has expired is not there; it takes room until it is set again, deleted or
 * cleared, or `limits` remove it.
 *
 * @example Usage
 * ```ts
 * import { keyvAdapter, LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new LogStore(Deno.makeTempDirSync() + "/keyv.cache");
 * const adapter = keyvAdapter(store); // new Keyv({ store: adapter, namespace: "users" })
 * await adapter.set("users:7", '{"value":"Ada"}', 60_000);
 * assertEquals(await adapter.get("users:7"), '{"value":"Ada"}');
 * assertEquals(await adapter.delete("users:7"), true);
 * ```
 *
 * @param store The store, of either kind.
 * @param options How it is used.
 * @returns The adapter. All its methods reject with what the store throws or rejects with.
 * @throws {TypeError} If it is no store, or an option is not what it may be.
 */
export function keyvAdapter(
  store: Store | AsyncStore,
  options: KeyvAdapterOptions = {},
): KeyvAdapter {
  const isStore = typeof store === "object" && store !== null && "commit" in store &&
    "entries" in store;
  if (!isStore) throw new TypeError(`Cannot set store: expected a store: ${show(store)}`);
  const { limits, now = () => Date.now() } = options;
  if (limits !== undefined && (typeof limits !== "object" || limits === null)) {
    throw new TypeError(`Cannot set limits: expected an object of limits: ${show(limits)}`);
  }
  if (typeof now !== "function") {
    throw new TypeError(`Cannot set now: expected a function: ${show(now)}`);
  }
  return new Adapter(toAsyncStore(store), limits, now);
}

class Adapter implements KeyvAdapter {
  // `Keyv` 5 goes only through adapters whose dialect it knows.
  readonly opts: Record<string, unknown> = { dialect: "sqlite", url: "" };
  namespace?: string | undefined;
  readonly #store: AsyncStore;
  readonly #limits: Limits | undefined;
  readonly #now: () => number;

  constructor(store: AsyncStore, limits: Limits | undefined, now: () => number) {
    this.#store = store;
    this.#limits = limits;
    this.#now = now;
  }

  async get<Value>(key: string): Promise<Value | undefined> {
    return (await this.getMany<Value>([key]))[0];
  }

  async getMany<Value>(keys: string[]): Promise<(Value | undefined)[]> {
    const digests = await Promise.all(keys.map(digestOfKeyvKey));
    const found = await this.#find(digests);
    const now = this.#now();
    const values = found.map((each) =>
      each !== undefined && now < each.expires ? each.value : undefined
    );
    digests.forEach((digest, at) => {
      if (values[at] !== undefined) this.#store.touch(digest);
    });
    return values as (Value | undefined)[];
  }

  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    await this.setMany([{ key, value, ...(ttl === undefined ? {} : { ttl }) }]);
    return true;
  }

  async setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<boolean[]> {
    const now = this.#now();
    let longest = 0;
    // Before anything is waited for: the bytes are those of the moment.
    const made = entries.map(({ key, value, ttl }) => {
      if (typeof value !== "string" && !(value instanceof Uint8Array)) {
        throw new TypeError(`Cannot set value: expected a text or bytes: ${show(value)}`);
      }
      const life = ttl === undefined || ttl === 0 ? Infinity : ttl;
      if (!(life > 0)) {
        throw new TypeError(`Cannot set ttl: expected a number of milliseconds: ${show(ttl)}`);
      }
      longest = Math.max(longest, life);
      return { key: encodeKeyvKey(key), parts: encodeKeyvValue(value, now + life) };
    });
    const digests = await Promise.all(entries.map(({ key }) => digestOfKeyvKey(key)));
    const changes = made.map((each, at): PutChange => ({
      ...each,
      type: "put",
      digest: digests[at]!,
      codec: KEYV_CODEC,
      functionName: KEYV_CODEC,
      writtenAt: now,
      duration: 0,
      promised: false,
    }));
    await this.#store.commit(changes, {
      limits: this.#limits,
      ...(longest === Infinity || longest === 0 ? {} : { keepFor: longest }),
    });
    return entries.map(() => true);
  }

  delete(key: string): Promise<boolean> {
    return this.deleteMany([key]);
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    const digests = await Promise.all(keys.map(digestOfKeyvKey));
    const found = await this.#find(digests);
    await this.#remove(digests);
    const now = this.#now();
    return found.some((each) => each !== undefined && now < each.expires);
  }

  async clear(): Promise<void> {
    const digests: Digest[] = [];
    for await (const { digest } of this.#entriesOf(this.namespace)) digests.push(digest);
    await this.#remove(digests);
  }

  async has(key: string): Promise<boolean> {
    return (await this.hasMany([key]))[0]!;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    const found = await this.#find(await Promise.all(keys.map(digestOfKeyvKey)));
    const now = this.#now();
    return found.map((each) => each !== undefined && now < each.expires);
  }

  // deno-lint-ignore no-explicit-any -- so that it is one of Keyv's
  async *iterator(namespace?: string): AsyncGenerator<any, void> {
    for await (const { digest, key } of this.#entriesOf(namespace ?? this.namespace)) {
      const [found] = await this.#find([digest]);
      if (found !== undefined && this.#now() < found.expires) yield [key, found.value];
    }
  }

  async disconnect(): Promise<void> {
    await this.#store.close();
  }

  on(_event: string, _listener: (...args: unknown[]) => void): KeyvAdapter {
    return this;
  }

  async #find(digests: readonly Digest[]) {
    const values = this.#store.getMany !== undefined
      ? await this.#store.getMany(digests)
      : await Promise.all(digests.map((digest) => this.#store.get(digest)));
    return values.map((value) =>
      value?.codec === KEYV_CODEC ? decodeKeyvValue(value.parts) : undefined
    );
  }

  async #remove(digests: readonly Digest[]): Promise<void> {
    for (let at = 0; at < digests.length; at += PAGE) {
      const page = digests.slice(at, at + PAGE);
      await this.#store.commit(page.map((digest) => ({ type: "delete", digest })));
    }
  }

  async *#entriesOf(
    namespace: string | undefined,
  ): AsyncGenerator<{ readonly digest: Digest; readonly key: string }> {
    const start = namespace === undefined || namespace === "" ? "" : `${namespace}:`;
    for await (const info of this.#store.entries()) {
      const key = keyOf(info);
      if (key?.startsWith(start)) yield { digest: info.digest, key };
    }
  }
}

function keyOf({ codec, key }: EntryInfo): string | undefined {
  return codec === KEYV_CODEC ? decodeKeyvKey(key) : undefined;
}
