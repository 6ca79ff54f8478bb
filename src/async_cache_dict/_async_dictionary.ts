// Copyright 2026 the pecapiku authors. MIT license.

import { decodeKey, decodeStored, locateKey, warnUndecodable } from "../access/_entries.ts";
import { isPartKey } from "../access/entry_parts.ts";
import type { Rights } from "../access/cache_access.ts";
import { report, type Storage } from "../access/storage_options.ts";
import type { ContentEntry, ContentValue } from "../cache_dict/_content.ts";
import { encodeChange } from "../cache_dict/_dictionary.ts";
import { show } from "../_show.ts";
import { addErrorContext, CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Digest } from "../stores/store.ts";
import { AsyncContent } from "./_async_content.ts";

const READING = "Cannot read cache";
const SETTING = "Cannot set value";

/** An async dictionary in terms of keys and values. */
export class AsyncDictionary {
  readonly #store: AsyncStore;
  readonly #storage: Storage;
  readonly #writeThrough: boolean;
  readonly #content: AsyncContent;
  /** What computes a value at the moment, for each key. */
  readonly #computing = new Map<Digest, Promise<unknown>>();
  #isClosed = false;
  /** The commit that came last: one is made after another. */
  #committing: Promise<void> = Promise.resolve();
  /** That commit, if it has not begun. */
  #waiting: Promise<void> | undefined;

  /**
   * Makes a dictionary. Nothing is opened yet.
   *
   * @param store Where the entries are.
   * @param rights What may be done with them.
   * @param storage How they are stored.
   * @param writeThrough Whether each change is committed at once.
   */
  constructor(store: AsyncStore, rights: Rights, storage: Storage, writeThrough: boolean) {
    this.#store = store;
    this.#storage = storage;
    this.#writeThrough = writeThrough;
    this.#content = new AsyncContent(store, rights, storage);
  }

  /** Counts the entries. */
  async size(): Promise<number> {
    this.#assertOpen();
    return await this.#guard(READING, 0, {}, () => this.#content.size());
  }

  /** Gives a value, or the marker for none. */
  async get(key: unknown): Promise<unknown> {
    this.#assertOpen();
    return await this.#guard(READING, NO_CACHE, { key }, async () => {
      const { digest } = locateKey(key, this.#storage.keys);
      const value = this.#decode(await this.#content.find(digest));
      if (value !== NO_CACHE) this.#content.use(digest);
      return value;
    });
  }

  /** Tells whether there is an entry. */
  async has(key: unknown): Promise<boolean> {
    this.#assertOpen();
    return await this.#guard(READING, false, { key }, async () => {
      return await this.#content.has(locateKey(key, this.#storage.keys).digest);
    });
  }

  /** Sets a value, which is encoded at once. */
  async set(key: unknown, value: unknown): Promise<void> {
    await this.#set(key, value, 0, { key });
  }

  /** Looks a value up, and computes and sets one if there is none. */
  async getOrInsertComputed<K>(key: K, compute: (key: K) => unknown): Promise<unknown> {
    if (typeof compute !== "function") {
      throw new TypeError(`Cannot compute value: not a function: ${show(compute)}`);
    }
    this.#assertOpen();
    const digest = await this.#locate(key);
    while (true) {
      const found = await this.get(key);
      if (found !== NO_CACHE) return found;
      const other = digest === undefined ? undefined : this.#computing.get(digest);
      if (other === undefined) break;
      // Its error is that of another call: this one computes the value itself, then.
      await other.catch(() => {});
    }
    const computed = this.#compute(key, compute);
    if (digest === undefined) return await computed;
    this.#computing.set(digest, computed);
    try {
      return await computed;
    } finally {
      if (this.#computing.get(digest) === computed) this.#computing.delete(digest);
    }
  }

  /** Removes an entry, and tells whether there was one. */
  async delete(key: unknown): Promise<boolean> {
    this.#assertOpen();
    const seen = await this.#guard("Cannot delete from cache", false, { key }, async () => {
      return await this.#content.remove(locateKey(key, this.#storage.keys).digest);
    });
    await this.#changed({ key });
    return seen;
  }

  /** Removes all entries. */
  async clear(): Promise<void> {
    this.#assertOpen();
    await this.#guard("Cannot clear cache", undefined, {}, () => this.#content.clear());
    await this.#changed({});
  }

  /** Goes through the keys. */
  async *keys(): AsyncGenerator<unknown, undefined, undefined> {
    for await (const entry of this.#entries()) {
      const key = this.#keyOf(entry);
      if (key !== NO_CACHE) yield key;
    }
    return undefined;
  }

  /** Goes through the values. */
  async *values(): AsyncGenerator<unknown, undefined, undefined> {
    for await (const [, value] of this.pairs()) yield value;
    return undefined;
  }

  /** Goes through the keys and values. */
  async *pairs(): AsyncGenerator<[key: unknown, value: unknown], undefined, undefined> {
    for await (const entry of this.#entries()) {
      const key = this.#keyOf(entry);
      if (key === NO_CACHE) continue;
      const value = await this.#guard(READING, NO_CACHE, {}, async () => {
        return this.#decode(await this.#content.find(entry.digest));
      });
      if (value !== NO_CACHE) yield [key, value];
    }
    return undefined;
  }

  /** Commits what is pending. */
  async flush(): Promise<void> {
    this.#assertOpen();
    await this.#commitAll();
  }

  /** Commits what is pending, and ends. If the commit is refused with an error, the dictionary stays open. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#commitAll();
    this.#isClosed = true;
    this.#content.forget();
  }

  /** Checks that the block was not left. */
  assertOpen(): void {
    this.#assertOpen();
  }

  // deno-lint-ignore require-await
  async #locate(key: unknown): Promise<Digest | undefined> {
    return this.#guardSync(READING, undefined, { key }, () => {
      return locateKey(key, this.#storage.keys).digest;
    });
  }

  async #compute<K>(key: K, compute: (key: K) => unknown): Promise<unknown> {
    const started = performance.now();
    const value = await compute(key);
    await this.#set(key, value, performance.now() - started, { key, value });
    return value;
  }

  // Up to its first `await`, it runs at the time of the call: the value is encoded as it is then.
  async #set(
    key: unknown,
    value: unknown,
    duration: number,
    context: CacheErrorOptions,
  ): Promise<void> {
    this.#assertOpen();
    const storage = this.#storage;
    const digest = this.#guardSync(SETTING, undefined, context, () => {
      return locateKey(key, storage.keys).digest;
    });
    if (digest === undefined) return;
    try {
      this.#content.put(encodeChange(digest, key, value, duration, storage));
    } catch (error) {
      this.#fail(SETTING, error, context);
      // Whoever goes on after a refusal must not find what was there before and take it for what was set.
      await this.#guard(SETTING, false, context, () => this.#content.remove(digest));
    }
    await this.#changed(context);
  }

  async *#entries(): AsyncGenerator<ContentEntry, undefined, undefined> {
    const iterator = this.#content.entries();
    try {
      while (true) {
        this.#assertOpen();
        const next = await this.#guard(READING, undefined, {}, () => iterator.next());
        if (next === undefined || next.done) return undefined;
        // Errors, samples and the like belong to entries of functions.
        if (!isPartKey(next.value.key)) yield next.value;
      }
    } finally {
      await iterator.return(undefined);
    }
  }

  async #changed(context: CacheErrorOptions): Promise<void> {
    // A change whose commit throws is not made; tried again, it would throw once more when the block is left.
    if (this.#writeThrough) await this.#commit(context, this.#storage.onError === "raise");
  }

  async #commitAll(): Promise<void> {
    await this.#commit({});
    // Where the changes could not be written, neither can this.
    if (this.#content.isDirty) return;
    await this.#guard("Cannot write cache", undefined, {}, () => this.#content.writeUses());
  }

  #commit(context: CacheErrorOptions, takesBack = false): Promise<void> {
    // One that has not begun has all changes that were made until now.
    return this.#waiting ??= this.#committing = this.#commitAfter(
      this.#committing,
      context,
      takesBack,
    );
  }

  async #commitAfter(
    before: Promise<void>,
    context: CacheErrorOptions,
    takesBack: boolean,
  ): Promise<void> {
    await before.catch(() => {});
    this.#waiting = undefined;
    await this.#guard(
      "Cannot write cache",
      undefined,
      context,
      () => this.#content.commit(takesBack),
    );
  }

  #decode(found: ContentValue | undefined): unknown {
    if (found === undefined) return NO_CACHE;
    return decodeStored(found.parts, found.codec, this.#storage.codec, this.#store.location);
  }

  #keyOf(entry: ContentEntry): unknown {
    try {
      return decodeKey(entry, this.#storage.codec);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warnUndecodable(this.#store.location, reason);
      return NO_CACHE;
    }
  }

  async #guard<T>(
    action: string,
    fallback: T,
    context: CacheErrorOptions,
    body: () => Promise<T>,
  ): Promise<T> {
    try {
      return await body();
    } catch (error) {
      this.#fail(action, error, context);
      return fallback;
    }
  }

  #guardSync<T>(action: string, fallback: T, context: CacheErrorOptions, body: () => T): T {
    try {
      return body();
    } catch (error) {
      this.#fail(action, error, context);
      return fallback;
    }
  }

  #fail(action: string, error: unknown, context: CacheErrorOptions): void {
    const filePath = this.#store.location;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
    const failure = error instanceof CacheError
      ? error
      : new CacheError(`${action}: ${filePath}: ${reason}`, { cause: error });
    report(addErrorContext(failure, { filePath, ...context }), this.#storage.onError);
  }

  #assertOpen(): void {
    if (!this.#isClosed) return;
    const filePath = this.#store.location;
    throw new CacheError(`Cannot use cache: its block has been left: ${filePath}`, { filePath });
  }
}
