// Copyright 2026 the pecapiku authors. MIT license.

import { copyParts } from "../access/_entries.ts";
import { asyncFlights } from "../access/_async_flight.ts";
import { type EntryChange, partRemovalsOver } from "../access/_async_removals.ts";
import { isPartKey, NOTICE } from "../access/entry_parts.ts";
import type { Rights } from "../access/cache_access.ts";
import { isAlive, type Storage } from "../access/storage_options.ts";
import type { ContentEntry, ContentValue } from "../cache_dict/_content.ts";
import type { AsyncCommitOptions, AsyncStore } from "../stores/async_store.ts";
import type { Digest, PutChange, StoreChange } from "../stores/store.ts";

type Pending =
  | {
    readonly type: "put";
    readonly change: PutChange;
    /** When it came to its place among the pending ones. */
    readonly stamp: number;
    /** Whether its place is the end, although the store may have such an entry: it was deleted in between. */
    readonly moved: boolean;
  }
  | EntryChange & { readonly type: "delete" };

// What clears a dictionary finds all parts by itself.
const DELETE: Pending = { type: "delete", takesParts: false };

/**
 * What an async dictionary contains, in terms of digests and bytes: what the store has, if it may be read, and over it the
 * changes that are not committed yet.
 *
 * Unlike the content of a `CacheDict`, it can't ask the store in the middle of a change. So a change is made over what is
 * there, whatever it is, before anything is waited for: changes take effect in the order of the calls.
 */
export class AsyncContent {
  readonly #store: AsyncStore;
  readonly #storage: Storage;
  readonly #reads: boolean;
  readonly #writes: boolean;
  readonly #options: AsyncCommitOptions;
  readonly #overlay = new Map<Digest, Pending>();
  /** Those of the overlay that are to be committed, in the order of their last use where that counts. */
  readonly #uncommitted = new Set<Digest>();
  readonly #notesUses: boolean;
  /** Counts changes. */
  #version = 0;
  /** While it is found out what a `clear` has to remove. */
  #clearing: Promise<void> | undefined;

  /**
   * Makes the content of a dictionary. Nothing is opened yet.
   *
   * @param store The store.
   * @param rights What may be done with it.
   * @param storage How entries are stored, and how old those may be that are seen.
   */
  constructor(store: AsyncStore, rights: Rights, storage: Storage) {
    this.#store = store;
    this.#storage = storage;
    this.#reads = rights.read;
    this.#writes = rights.write;
    const { maxEntries, maxBytes, ttl } = storage;
    this.#notesUses = rights.write && (maxEntries !== Infinity || maxBytes !== Infinity);
    this.#options = { sync: storage.sync, ...(ttl === Infinity ? {} : { keepFor: ttl }) };
  }

  /** Whether there is something to commit. */
  get isDirty(): boolean {
    return this.#writes && (this.#uncommitted.size > 0 || this.#clearing !== undefined);
  }

  /** Counts the entries. Where they can be too old, each is looked at. */
  async size(): Promise<number> {
    if (this.#expires) {
      let count = 0;
      for await (const { key } of this.entries()) if (!isPartKey(key)) count++;
      return count;
    }
    const pending = [...this.#overlay];
    const [count, hasParts, ...stored] = this.#seesStore
      ? await Promise.all([
        this.#store.count(),
        this.#store.has(NOTICE),
        ...pending.map(([digest]) => this.#store.has(digest)),
      ])
      : [0, false];
    let parts = 0;
    // What belongs to entries of functions, such as errors, is no entry of its own.
    if (hasParts) {
      for await (const { key } of this.#store.entries()) {
        if (isPartKey(key)) parts++;
      }
    }
    return pending.reduce((sum, [, { type }], at) => {
      if (type === "put") return stored[at] ? sum : sum + 1;
      return stored[at] ? sum - 1 : sum;
    }, count - parts);
  }

  /**
   * Looks an entry up.
   *
   * @param digest The digest of its key.
   * @returns The value, or `undefined`.
   */
  find(digest: Digest): ContentValue | undefined | Promise<ContentValue | undefined> {
    const pending = this.#overlay.get(digest);
    if (pending === undefined) return this.#seesStore ? this.#findStored(digest) : undefined;
    if (!this.#isSeen(pending)) return undefined;
    const { codec, parts, duration } = pending.change;
    return { codec, parts: copyParts(parts), duration };
  }

  /**
   * Tells whether there is an entry.
   *
   * @param digest The digest of its key.
   * @returns Whether there is one.
   */
  async has(digest: Digest): Promise<boolean> {
    const pending = this.#overlay.get(digest);
    if (pending !== undefined) return this.#isSeen(pending);
    if (!this.#seesStore) return false;
    if (!this.#expires) return await this.#store.has(digest);
    const info = await this.#store.info(digest);
    return info !== undefined && isAlive(info.writtenAt, this.#storage) &&
      await this.#store.has(digest);
  }

  /**
   * Notes that an entry is used, so that limits spare it for longer.
   *
   * @param digest The digest of its key.
   */
  use(digest: Digest): void {
    if (!this.#notesUses) return;
    if (this.#uncommitted.has(digest)) this.#setUncommitted(digest);
    else this.#store.touch(digest);
  }

  /**
   * Sets an entry, in the place of one with the same digest or at the end.
   *
   * @param change The entry. Its bytes must belong to nobody else.
   */
  put(change: PutChange): void {
    const { digest } = change;
    const before = this.#overlay.get(digest);
    this.#version++;
    if (before !== undefined && this.#isSeen(before)) {
      this.#overlay.set(digest, { ...before, change });
      this.#setUncommitted(digest);
      return;
    }
    const moved = before !== undefined || this.#clearing !== undefined;
    this.#setPending(digest, { type: "put", change, stamp: this.#version, moved });
  }

  /**
   * Removes an entry, if it is there.
   *
   * @param digest The digest of its key.
   * @returns Whether it was there to be seen.
   */
  remove(digest: Digest): Promise<boolean> {
    // Asked before, as the store answers in order.
    const seen = this.has(digest);
    this.#version++;
    this.#setPending(digest, { type: "delete", takesParts: true });
    return seen;
  }

  /** Removes all entries that are to be seen. */
  async clear(): Promise<void> {
    this.#version++;
    for (const [digest, pending] of this.#overlay) {
      if (pending.type === "delete") continue;
      // What was there before the block set it, and can't be seen, is not the block's to drop.
      if (this.#reads || !this.#uncommitted.has(digest)) {
        this.#setPending(digest, DELETE);
      } else {
        this.#overlay.delete(digest);
        this.#uncommitted.delete(digest);
      }
    }
    if (!this.#reads) return;
    if (this.#writes) asyncFlights.outdateAll(this.#store);
    const before = this.#clearing;
    const clearing = this.#removeStored(before).finally(() => {
      if (this.#clearing === clearing) this.#clearing = undefined;
    });
    this.#clearing = clearing;
    await clearing;
  }

  /**
   * Goes through the entries in the order in which the store does, and then through those that are not in it yet. Changes
   * made on the way show as they do while a `Map` is gone through.
   *
   * @returns An iterator over the entries.
   */
  async *entries(): AsyncGenerator<ContentEntry, undefined, undefined> {
    // When each was visited: one that was removed and set again since then comes again.
    const visited = new Map<Digest, number>();
    let version: number;
    do {
      version = this.#version;
      if (this.#seesStore) yield* this.#storedEntries(visited);
      for (const [digest, pending] of this.#overlay) {
        if (!this.#isSeen(pending)) continue;
        const time = visited.get(digest);
        if (time !== undefined && (!pending.moved || time >= pending.stamp)) continue;
        visited.set(digest, this.#version);
        yield pending.change;
      }
      // A commit on the way moves entries from the overlay to the store, behind those that were gone through.
    } while (version !== this.#version);
    return undefined;
  }

  /**
   * Makes all changes that are pending, in one step.
   *
   * @param takesBack Whether they are taken back if that fails. Otherwise they stay pending.
   */
  async commit(takesBack: boolean): Promise<void> {
    await this.#clearing;
    if (!this.isDirty) return;
    const committed = new Map<Digest, Pending>();
    const changes: StoreChange[] = [];
    for (const digest of this.#uncommitted) {
      const pending = this.#overlay.get(digest)!;
      committed.set(digest, pending);
      asyncFlights.outdate(this.#store, digest);
      // A new place in the store's order takes a removal.
      if (pending.type === "delete" || pending.moved) changes.push({ type: "delete", digest });
      if (pending.type === "put") changes.push(pending.change);
    }
    let isMade = false;
    try {
      const parts = await partRemovalsOver(this.#store, committed);
      await this.#store.commit([...parts, ...changes], this.#commitOptions());
      isMade = true;
    } finally {
      if (isMade || takesBack) this.#settle(committed, isMade);
    }
  }

  #settle(committed: ReadonlyMap<Digest, Pending>, isMade: boolean): void {
    this.#version++;
    for (const [digest, pending] of committed) {
      // What was changed again meanwhile is for the next commit.
      if (this.#overlay.get(digest) !== pending) continue;
      this.#uncommitted.delete(digest);
      if (!isMade || this.#reads || pending.type === "delete") this.#overlay.delete(digest);
      else if (pending.moved) this.#overlay.set(digest, { ...pending, moved: false });
    }
  }

  /** Writes what was noted of uses, if nothing else is to be committed. */
  async writeUses(): Promise<void> {
    if (this.#notesUses && !this.isDirty) await this.#store.commit([], this.#commitOptions());
  }

  /** Forgets everything that is pending. */
  forget(): void {
    this.#overlay.clear();
    this.#uncommitted.clear();
  }

  // While it is found out what to remove, nothing of what is stored is there any more.
  get #seesStore(): boolean {
    return this.#reads && this.#clearing === undefined;
  }

  get #expires(): boolean {
    return this.#storage.ttl !== Infinity;
  }

  #isSeen(pending: Pending): pending is Pending & { type: "put" } {
    return pending.type === "put" && isAlive(pending.change.writtenAt, this.#storage);
  }

  async #findStored(digest: Digest): Promise<ContentValue | undefined> {
    const found = await this.#store.get(digest);
    return found === undefined || isAlive(found.writtenAt, this.#storage) ? found : undefined;
  }

  async #removeStored(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => {});
    const digests: Digest[] = [];
    for await (const { digest } of this.#store.entries()) digests.push(digest);
    this.#version++;
    for (const digest of digests) {
      // What was set since then is newer. The notice stays, for parts that others store until the commit.
      if (digest === NOTICE || this.#overlay.has(digest)) continue;
      this.#setPending(digest, DELETE);
    }
  }

  #commitOptions(): AsyncCommitOptions {
    const { maxEntries, maxBytes, ttl, now } = this.#storage;
    if (!this.#notesUses && !this.#expires) return this.#options;
    return {
      ...this.#options,
      limits: {
        maxEntries: Number.isFinite(maxEntries) ? maxEntries : undefined,
        maxBytes: Number.isFinite(maxBytes) ? maxBytes : undefined,
        writtenSince: this.#expires ? now() - ttl : undefined,
      },
    };
  }

  #setPending(digest: Digest, pending: Pending): void {
    // Both go to the end: the order of the overlay is the order in which the store will get the entries.
    this.#overlay.delete(digest);
    this.#overlay.set(digest, pending);
    this.#uncommitted.delete(digest);
    this.#uncommitted.add(digest);
  }

  // With limits, it is the order in which they are used that the store has to know; else it is that of the overlay.
  #setUncommitted(digest: Digest): void {
    if (this.#notesUses) this.#uncommitted.delete(digest);
    this.#uncommitted.add(digest);
  }

  async *#storedEntries(
    visited: Map<Digest, number>,
  ): AsyncGenerator<ContentEntry, undefined, undefined> {
    const version = this.#version;
    for await (const info of this.#store.entries()) {
      if (!this.#seesStore) return undefined;
      const { digest } = info;
      if (visited.has(digest)) continue;
      const pending = this.#overlay.get(digest);
      if (pending === undefined) {
        if (!isAlive(info.writtenAt, this.#storage)) continue;
        if (version !== this.#version && !await this.#store.has(digest)) continue;
        visited.set(digest, this.#version);
        yield info;
      } else if (this.#isSeen(pending) && !pending.moved) {
        visited.set(digest, this.#version);
        yield pending.change;
      }
    }
    return undefined;
  }
}
