// Copyright 2026 the pecapiku authors. MIT license.

import type { Rights } from "../access/cache_access.ts";
import type { Commits } from "../access/_commits.ts";
import { copyParts, findAlive, hasAlive } from "../access/_entries.ts";
import { streamEntries } from "../access/_deferred.ts";
import { flights } from "../access/_flight.ts";
import { errorDigest, isPartKey, mayHaveParts, NOTICE } from "../access/entry_parts.ts";
import { chunksAt, partRemovalsOf } from "../access/_removals.ts";
import { isAlive, type Storage, type StorePlace } from "../access/storage_options.ts";
import type { Digest, EntryInfo, Parts, PutChange, StoreChange } from "../stores/store.ts";

/** An entry without its value, or one that is pending with it. */
export type ContentEntry = EntryInfo | PutChange;

/** An encoded value, which the one who decodes it may keep. */
export interface ContentValue {
  /** The name of the codec that encoded it. */
  readonly codec: string;
  /** The bytes. */
  readonly parts: Parts;
  /** How long it took to compute it, in milliseconds. */
  readonly duration: number;
}

type Pending =
  | {
    readonly type: "put";
    readonly change: PutChange;
    /** When it came to its place among the pending ones; `-1` if its place is the one it has in the store. */
    readonly stamp: number;
    /** Whether its place is the end, although the store may have such an entry: it was deleted in between, or is too old. */
    readonly moved: boolean;
  }
  | { readonly type: "delete" };

const DELETE: Pending = { type: "delete" };

/**
 * What a dictionary contains, in terms of digests and bytes: the store as it is at each moment, if it may be read, and
 * over it the changes that are not committed yet.
 */
export class Content {
  readonly #place: StorePlace;
  readonly #storage: Storage;
  readonly #commits: Commits;
  readonly #reads: boolean;
  readonly #writes: boolean;
  readonly #overlay = new Map<Digest, Pending>();
  /** Those of the overlay that are to be committed, in the order in which they will be: where that counts, of their last use. */
  readonly #uncommitted = new Set<Digest>();
  /** Counts changes. */
  #version = 0;

  /**
   * Makes the content of a dictionary. Nothing is opened yet.
   *
   * @param place Where the store is.
   * @param rights What may be done with it.
   * @param storage How old entries may be that are seen.
   * @param commits What commits.
   */
  constructor(place: StorePlace, rights: Rights, storage: Storage, commits: Commits) {
    this.#place = place;
    this.#storage = storage;
    this.#commits = commits;
    this.#reads = rights.read;
    this.#writes = rights.write;
  }

  /** Whether there is something to commit. */
  get isDirty(): boolean {
    return this.#writes && this.#uncommitted.size > 0;
  }

  /** How many entries there are. Where they can be too old, or belong to others, each is looked at. */
  get size(): number {
    if (this.#expires || (this.#reads && mayHaveParts(this.#place.store))) {
      return this.entries().reduce((count) => count + 1, 0);
    }
    let size = this.#reads ? this.#place.store.size : 0;
    for (const [digest, pending] of this.#overlay) {
      const stored = this.#reads && this.#place.store.has(digest);
      if (pending.type === "put" && !stored) size++;
      else if (pending.type === "delete" && stored) size--;
    }
    return size;
  }

  /**
   * Looks an entry up.
   *
   * @param digest The digest of its key.
   * @returns The value, or `undefined`.
   */
  find(digest: Digest): ContentValue | undefined {
    const pending = this.#overlay.get(digest);
    if (pending === undefined) {
      return this.#reads ? findAlive(this.#place.store, digest, this.#storage) : undefined;
    }
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
  has(digest: Digest): boolean {
    const pending = this.#overlay.get(digest);
    if (pending !== undefined) return this.#isSeen(pending);
    return this.#reads && hasAlive(this.#place.store, digest, this.#storage);
  }

  /**
   * Notes that an entry is used, so that limits spare it for longer.
   *
   * @param digest The digest of its key. The entry is there.
   */
  use(digest: Digest): void {
    if (!this.#commits.notesUses) return;
    if (this.#uncommitted.has(digest)) this.#setUncommitted(digest);
    else this.#commits.touch(digest);
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
    const isStored = before === undefined && this.has(digest);
    const moved = before !== undefined || (this.#expires && this.#reads && !isStored);
    const stamp = isStored ? -1 : this.#version;
    this.#setPending(digest, { type: "put", change, stamp, moved });
  }

  /**
   * Removes an entry.
   *
   * @param digest The digest of its key.
   * @returns Whether it was there to be seen.
   */
  remove(digest: Digest): boolean {
    const seen = this.has(digest);
    if (this.#reads) this.#removePartsOf(digest);
    // Without the right to read, what can't be seen can still be deleted; and so is what is there, but too old to be seen.
    if (!seen && this.#reads && !(this.#expires && this.#isThere(digest))) {
      if (this.#writes) flights.outdate(this.#place.store, digest);
      return false;
    }
    this.#version++;
    this.#setPending(digest, DELETE);
    return seen;
  }

  /** Removes all entries that are to be seen. */
  clear(): void {
    this.#version++;
    for (const [digest, pending] of this.#overlay) {
      if (pending.type === "delete") continue;
      // What was there before the block set it, and can't be seen, is not the block's to drop.
      const drops = this.#reads || !this.#uncommitted.has(digest);
      if (drops) this.#setPending(digest, DELETE);
      else {
        this.#overlay.delete(digest);
        this.#uncommitted.delete(digest);
      }
    }
    if (!this.#reads) return;
    const { store } = this.#place;
    if (this.#writes) flights.outdateAll(store);
    for (const { digest } of store.entries()) {
      // By the time of the commit there may be parts of others, which nobody would know of without it.
      if (digest !== NOTICE) this.#setPending(digest, DELETE);
    }
  }

  /**
   * Goes through the entries in the order in which their keys were first set. Changes made on the way show as they do
   * while a `Map` is gone through.
   *
   * @returns An iterator over the entries.
   */
  *entries(): Generator<ContentEntry, undefined, unknown> {
    // When each was visited: one that was removed and set again since then comes again.
    const visited = new Map<Digest, number>();
    let version: number;
    do {
      version = this.#version;
      if (this.#reads) yield* this.#storedEntries(visited);
      for (const [digest, pending] of this.#overlay) {
        if (!this.#isSeen(pending) || (visited.get(digest) ?? -2) >= pending.stamp) continue;
        visited.set(digest, this.#version);
        yield pending.change;
      }
      // A commit on the way moves entries from the overlay to the store, behind those that were gone through.
    } while (version !== this.#version);
    return undefined;
  }

  /** Makes all changes that are pending, in one step. If that fails, they stay pending. */
  commit(): void {
    if (!this.isDirty) return;
    const { store } = this.#place;
    const changes: StoreChange[] = [];
    const hasParts = mayHaveParts(store);
    for (const digest of this.#uncommitted) {
      const pending = this.#overlay.get(digest)!;
      flights.outdate(store, digest);
      if (hasParts) changes.push(...this.#outdatedBy(digest, pending));
      // A new place in the store's order takes a removal. There is no sense in removing what is not there.
      if ((pending.type === "delete" || pending.moved) && store.has(digest)) {
        changes.push({ type: "delete", digest });
      }
      if (pending.type === "put") changes.push(pending.change);
    }
    if (changes.length > 0) this.#commits.commit(changes);
    this.#version++;
    if (this.#reads) this.#overlay.clear();
    else this.#keepOwn();
    this.#uncommitted.clear();
  }

  /** Takes back all changes that are not committed. */
  takeBack(): void {
    for (const digest of this.#uncommitted) this.#overlay.delete(digest);
    this.#uncommitted.clear();
    this.#version++;
  }

  /** Forgets everything that is pending. */
  forget(): void {
    this.#overlay.clear();
    this.#uncommitted.clear();
  }

  // What the block itself set is all that it sees without the right to read, so that has to stay.
  #keepOwn(): void {
    for (const digest of this.#uncommitted) {
      const pending = this.#overlay.get(digest)!;
      if (pending.type === "delete") this.#overlay.delete(digest);
      else if (pending.moved) this.#overlay.set(digest, { ...pending, moved: false });
    }
  }

  // What belongs to an entry goes with it, also where it is all that there is.
  #removePartsOf(digest: Digest): void {
    const { store } = this.#place;
    if (!mayHaveParts(store)) return;
    const removals = [
      ...partRemovalsOf(store, digest),
      ...streamEntries.runRemovalsAt(store, digest),
    ];
    for (const { digest: part } of removals) this.#setPending(part, DELETE);
  }

  // A value takes the place of an error, and of a stream. Without the right to read, what belongs to an entry is looked for here.
  #outdatedBy(digest: Digest, { type }: Pending): StoreChange[] {
    const { store } = this.#place;
    if (type === "delete" && this.#reads) return [];
    if (type === "delete") return partRemovalsOf(store, digest);
    const error = errorDigest(digest);
    const chunks = chunksAt(store, digest);
    return store.has(error) ? [{ type: "delete", digest: error }, ...chunks] : chunks;
  }

  get #expires(): boolean {
    return this.#storage.ttl !== Infinity;
  }

  #isThere(digest: Digest): boolean {
    const pending = this.#overlay.get(digest);
    return pending === undefined ? this.#place.store.has(digest) : pending.type === "put";
  }

  #isSeen(pending: Pending): pending is Pending & { type: "put" } {
    return pending.type === "put" && isAlive(pending.change.writtenAt, this.#storage);
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
    if (this.#commits.notesUses) this.#uncommitted.delete(digest);
    this.#uncommitted.add(digest);
  }

  *#storedEntries(visited: Map<Digest, number>): Generator<ContentEntry, undefined, unknown> {
    const { store } = this.#place;
    const version = this.#version;
    for (const info of store.entries()) {
      const { digest } = info;
      if (visited.has(digest) || isPartKey(info.key)) continue;
      const pending = this.#overlay.get(digest);
      if (pending === undefined) {
        if (!isAlive(info.writtenAt, this.#storage)) continue;
        if (version !== this.#version && !store.has(digest)) continue;
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
