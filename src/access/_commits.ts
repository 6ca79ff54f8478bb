// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import type {
  CommitOptions,
  Compaction,
  Digest,
  Limits,
  PutChange,
  Store,
  StoreChange,
} from "../stores/store.ts";
import { expectParts, isPartKey, isResultKey, makeNotice, mayHaveParts } from "./entry_parts.ts";
import type { Rights } from "./cache_access.ts";
import {
  type Bounds,
  type OnError,
  type Storage,
  type StorePlace,
  warnOnce,
} from "./storage_options.ts";

/** The name under which the entries of a function without one are stored: `""` is that of entries that no function gave. */
const NAMELESS = "(anonymous)";

/** How many uses are noted in memory at the most before they are written. */
const MOST_NOTED = 1000;

const NO_CHANGES: readonly StoreChange[] = Object.freeze([]);

/** What is kept within bounds: all entries of a store, or those of one function. */
export interface Group {
  /** The function's name, as {@linkcode storedName} gives it; `undefined` for all entries. */
  readonly functionName?: string | undefined;
  /** What they are kept within. */
  readonly bounds: Bounds;
}

/**
 * Gives the name under which a function's entries are stored, and by which limits find them.
 *
 * @param name The function's name.
 * @param namespace What keeps it apart from others of its name.
 * @returns The name to store.
 */
export function storedName(name: string, namespace?: string): string {
  return shownName(name === "" ? NAMELESS : name, namespace);
}

/**
 * Gives the name of a function with its namespace, as keys show it.
 *
 * @param name The function's name.
 * @param namespace What keeps it apart from others of its name.
 * @returns The name to show.
 */
export function shownName(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** What counts commits. */
export interface CommitMeter {
  /** A commit is about to be made. */
  beforeCommit(store: Store, now: number): void;
  /** It was made: put so many values, and removed so many entries to keep limits. */
  committed(stores: number, evictions: number): void;
}

/** How a store is written to: within which limits, and when the medium is waited for. */
export class Commits {
  /** Whether it counts what is used: not without limits that spare what was used lately, nor without the right to write. */
  readonly notesUses: boolean;
  readonly #place: StorePlace;
  readonly #storage: Storage;
  readonly #groups: readonly Group[];
  readonly #unbounded: CommitOptions | undefined;
  readonly #meter: CommitMeter | undefined;
  #uses: Uses | undefined;

  /**
   * Makes what commits. Nothing is opened yet.
   *
   * @param place Where the store is.
   * @param rights What may be done with it.
   * @param storage How entries are stored.
   * @param groups What is kept within bounds. Where there are several, each is a part of the next one.
   * @param meter What counts commits, if anybody does.
   */
  constructor(
    place: StorePlace,
    rights: Rights,
    storage: Storage,
    groups: readonly Group[],
    meter?: CommitMeter,
  ) {
    this.#place = place;
    this.#meter = meter;
    this.#storage = storage;
    this.#groups = groups.filter(({ bounds }) => evicts(bounds) || bounds.ttl !== Infinity);
    this.#unbounded = storage.sync === "none" ? undefined : { sync: storage.sync };
    this.notesUses = rights.write && this.#groups.some(({ bounds }) => evicts(bounds));
  }

  /**
   * Makes changes in one step, and removes what there is no room for. What was noted of uses is written with them.
   *
   * @param changes The changes.
   */
  commit(changes: readonly StoreChange[]): void {
    const { store } = this.#place;
    const all = this.#withNotice(store, changes);
    const before = store.evictions;
    this.#meter?.beforeCommit(store, this.#storage.now());
    if (this.#groups.length === 0) {
      if (this.#unbounded === undefined) store.commit(all);
      else store.commit(all, this.#unbounded);
    } else {
      this.#commitWithin(store, all);
    }
    (this.#uses ?? allUses.get(store))?.settle();
    this.#meter?.committed(
      changes.reduce((count, each) => isResult(each) ? count + 1 : count, 0),
      before === undefined ? 0 : Number(store.evictions) - before,
    );
  }

  /**
   * Notes that an entry is used. It is written with the next commit, when the process ends, or when much was noted.
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void {
    (this.#uses ??= usesOf(this.#place.store)).note(digest, this.#storage.onError);
  }

  /** Writes what was noted, if anything was. A failure is said on the console: nothing is lost that anybody waits for. */
  writeUses(): void {
    if (this.notesUses) this.#uses?.write();
  }

  /**
   * Gives back the room of what was overwritten and deleted, and of what there is no room for.
   *
   * @returns How many bytes the store took before and takes now.
   * @throws {TypeError} If it is a store that has no need of that.
   * @throws {CacheError} If the store can't be read or written.
   */
  compact(): Compaction {
    const { store, location } = this.#place;
    if (typeof store.compact !== "function") {
      throw new TypeError(`Cannot compact cache: its store has no compact(): ${location}`);
    }
    try {
      if (this.#groups.length > 0) this.commit(NO_CHANGES);
      return store.compact();
    } catch (cause) {
      if (cause instanceof CacheError) throw cause;
      throw new CacheError(`Cannot compact cache: ${location}: ${reasonOf(cause)}`, {
        filePath: location,
        cause,
      });
    }
  }

  // Where limits are for all entries, the notice is written with each part: it must not get older than these, and go first.
  #withNotice(store: Store, changes: readonly StoreChange[]): readonly StoreChange[] {
    const part = changes.find((change) => change.type === "put" && isPartKey(change.key));
    if (part === undefined) return changes;
    expectParts(store);
    const isLimited = this.#groups.some(({ functionName }) => functionName === undefined);
    if (!isLimited && mayHaveParts(store)) return changes;
    return [makeNotice((part as PutChange).writtenAt), ...changes];
  }

  // A store keeps one group within its limits at a commit. What is too large for the whole is too large for its parts: so
  // it goes in the first step, before others would go for it.
  #commitWithin(store: Store, changes: readonly StoreChange[]): void {
    const { sync } = this.#storage;
    const time = this.#groups.some(({ bounds }) => bounds.ttl !== Infinity)
      ? this.#storage.now()
      : 0;
    let pending = changes;
    for (const { functionName, bounds } of this.#groups) {
      const limits: Limits = {
        functionName,
        maxEntries: finiteOf(bounds.maxEntries),
        maxBytes: finiteOf(Math.min(bounds.maxBytes, this.#groups.at(-1)!.bounds.maxBytes)),
        writtenSince: finiteOf(time - bounds.ttl),
      };
      store.commit(pending, { limits, sync });
      pending = NO_CHANGES;
    }
  }
}

function isResult(change: StoreChange): boolean {
  return change.type === "put" && isResultKey(change.key);
}

function evicts({ maxEntries, maxBytes }: Bounds): boolean {
  return maxEntries !== Infinity || maxBytes !== Infinity;
}

function finiteOf(bound: number): number | undefined {
  return Number.isFinite(bound) ? bound : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
}

/** What was used of each store, for all who use it. */
const allUses = new WeakMap<Store, Uses>();

function usesOf(store: Store): Uses {
  let uses = allUses.get(store);
  if (uses === undefined) allUses.set(store, uses = new Uses(store));
  return uses;
}

/** The uses of a store's entries that it has noted, and not written. */
class Uses implements Unsaved {
  readonly #store: Store;
  #noted = 0;
  #onError: OnError = "raise";

  constructor(store: Store) {
    this.#store = store;
  }

  note(digest: Digest, onError: OnError): void {
    this.#onError = onError;
    try {
      this.#store.touch(digest);
    } catch (error) {
      this.#warn(error);
      return;
    }
    if (this.#noted++ === 0) saveAtUnload(this);
    else if (this.#noted >= MOST_NOTED) this.write();
  }

  write(): void {
    if (this.#noted === 0) return;
    try {
      this.#store.commit(NO_CHANGES);
    } catch (error) {
      this.#warn(error);
    }
    this.settle();
  }

  /** What was noted is written. */
  settle(): void {
    if (this.#noted === 0) return;
    this.#noted = 0;
    forgetAtUnload(this);
  }

  saveAtUnload(): void {
    this.write();
  }

  // A hit is a hit: that the order of eviction suffers is no reason to take it away.
  #warn(error: unknown): void {
    if (this.#onError === "ignore") return;
    warnOnce(`Cannot note what is used of cache: ${this.#store.location}: ${reasonOf(error)}`);
  }
}

/** What has something to save before the process ends. */
export interface Unsaved {
  /** Saves it. An error that it throws is printed, and the process fails. */
  saveAtUnload(): void;
}

const unsaved = new Set<Unsaved>();

/** What the others do last is a part of what these save. */
const unsavedAtLast = new Set<Unsaved>();

// A process that ends by an error that nobody caught does not unload: these events are the last that it hears of.
const LAST_EVENTS = ["unload", "error", "unhandledrejection"];

/**
 * Has something saved when the process unloads, also by `Deno.exit()` or an error that nobody caught.
 *
 * @param item What to save.
 */
export function saveAtUnload(item: Unsaved): void {
  listen();
  unsaved.add(item);
}

/**
 * Has something saved when the process unloads, once everything else is saved.
 *
 * @param item What to save.
 */
export function saveLastAtUnload(item: Unsaved): void {
  listen();
  unsavedAtLast.add(item);
}

function listen(): void {
  if (unsaved.size > 0 || unsavedAtLast.size > 0) return;
  for (const type of LAST_EVENTS) globalThis.addEventListener(type, saveAll);
}

/**
 * Takes something off the list, because it is saved.
 *
 * @param item What is saved.
 */
export function forgetAtUnload(item: Unsaved): void {
  const isForgotten = unsaved.delete(item) || unsavedAtLast.delete(item);
  if (isForgotten && unsaved.size === 0 && unsavedAtLast.size === 0) {
    for (const type of LAST_EVENTS) globalThis.removeEventListener(type, saveAll);
  }
}

function saveAll(event: Event): void {
  // Somebody took care of the error, and the process goes on.
  if (event.defaultPrevented) return;
  for (const item of [...unsaved, ...unsavedAtLast]) {
    try {
      item.saveAtUnload();
    } catch (error) {
      // Thrown from here, it would keep the other listeners from being called.
      console.error(error);
      Deno.exitCode ||= 1;
    }
  }
}
