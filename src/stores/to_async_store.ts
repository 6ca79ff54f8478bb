// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncCommitOptions, AsyncStore } from "./async_store.ts";
import type { Digest, EntryInfo, Store, StoreChange, StoredValue } from "./store.ts";

/**
 * Gives a local store as an {@linkcode AsyncStore}, for what takes only those. Each call does its work at once, as the
 * store does it, so that it holds up whatever else the process does; an error rejects the promise.
 *
 * @example Usage
 * ```ts
 * import { LogStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = toAsyncStore(new LogStore(Deno.makeTempDirSync() + "/a.cache"));
 * assertEquals(await store.get("0".repeat(64)), undefined);
 * ```
 *
 * @param store The local store.
 * @returns The same store in promises; what is an async store already is given back as it is.
 */
export function toAsyncStore(store: Store | AsyncStore): AsyncStore {
  return isAsyncStore(store) ? store : new LocalStore(store);
}

/**
 * Tells the two kinds of stores apart.
 *
 * @param store A store.
 * @returns Whether its methods give promises.
 */
export function isAsyncStore(store: Store | AsyncStore): store is AsyncStore {
  return "isAsync" in store && store.isAsync === true;
}

class LocalStore implements AsyncStore {
  readonly isAsync = true;
  readonly keepsLimits = true;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get location(): string {
    return this.#store.location;
  }

  // deno-lint-ignore require-await
  async get(digest: Digest): Promise<StoredValue | undefined> {
    return this.#store.get(digest);
  }

  // deno-lint-ignore require-await
  async getMany(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]> {
    return digests.map((digest) => this.#store.get(digest));
  }

  // deno-lint-ignore require-await
  async info(digest: Digest): Promise<EntryInfo | undefined> {
    return this.#store.info(digest);
  }

  // deno-lint-ignore require-await
  async has(digest: Digest): Promise<boolean> {
    return this.#store.has(digest);
  }

  // deno-lint-ignore require-await
  async count(): Promise<number> {
    return this.#store.size;
  }

  // The entries are those at the time of the call: a generator would ask for them later.
  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined> {
    return inPromises(this.#store.entries());
  }

  // deno-lint-ignore require-await
  async commit(changes: readonly StoreChange[], options?: AsyncCommitOptions): Promise<void> {
    this.#store.commit(changes, options);
  }

  touch(digest: Digest): void {
    this.#store.touch(digest);
  }

  // deno-lint-ignore require-await
  async close(): Promise<void> {
    this.#store.close();
  }
}

async function* inPromises(
  entries: Iterable<EntryInfo>,
): AsyncGenerator<EntryInfo, undefined, undefined> {
  yield* entries;
  return undefined;
}
