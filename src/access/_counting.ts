// Copyright 2026 the pecapiku authors. MIT license.

import { openLogStore } from "../stores/open_log_store.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { Store } from "../stores/store.ts";
import type { CacheCounts, FunctionCounts } from "../stores/store_stats.ts";
import { type CommitMeter, forgetAtUnload, saveLastAtUnload, type Unsaved } from "./_commits.ts";
import type { Rights } from "./cache_access.ts";
import type { Storage, StorePlace } from "./storage_options.ts";

/** After how many commits counts go along with one: each adds some 200 bytes to a file. */
const MOST_COMMITS = 256;

/** After which time they do, in milliseconds, so that a process that is killed loses little. */
const LONGEST_TIME = 10_000;

/** A duration beyond this, of thousands of years, was not measured. In milliseconds. */
const LONGEST_DURATION = Number.MAX_SAFE_INTEGER;

/** The counts of how many files are remembered. */
const MOST_FILES = 1024;

type Totals = NonNullable<Storage["totals"]>;

/** Numbers that only grow. */
export class Counts implements CacheCounts {
  hits = 0;
  misses = 0;
  stores = 0;
  evictions = 0;
  savedMilliseconds = 0;
}

/** What those of one name have counted in a store, and how much of it the store was told. */
interface Group {
  readonly counts: Counts;
  told: CacheCounts;
}

/** What was counted in a store since this process uses it, for all who use it. */
export class StoreCounts implements Unsaved {
  /** The store of a person's own, or the path of a file. */
  readonly #target: WeakRef<Store | AsyncStore> | string;
  /** By name: what goes to the totals of the store. */
  readonly #told = new Map<string, Group>();
  /** What does not. */
  readonly #untold = new Map<string, Group>();
  /** Whether this process has changed the store anyway. */
  #hasWritten = false;
  /** Whether somebody wants the totals to have what processes count that change nothing. */
  #tellsAlways = false;
  /** Whether there are totals to be told of anything. */
  readonly #hasTotals: boolean;
  #commits = 0;
  #toldAt: number | undefined;

  /**
   * Counts nothing yet.
   *
   * @param target The store, or the path of its file.
   */
  constructor(target: Store | AsyncStore | string) {
    const isPath = typeof target === "string";
    this.#target = isPath ? target : new WeakRef(target);
    this.#hasTotals = isPath || "count" in target && typeof target.count === "function";
  }

  /**
   * Gives what those of a name count with.
   *
   * @param name The name of a function as entries have it.
   * @param totals Whose counts the totals are to have; `"none"` also where nothing may be written.
   * @returns The counts, which are the same for all of a name.
   */
  of(name: string, totals: Totals): Counts {
    const groups = totals === "none" ? this.#untold : this.#told;
    if (totals === "all") this.#tellsAlways = true;
    if (totals !== "none" && this.#told.size === 0 && this.#hasTotals) saveLastAtUnload(this);
    let group = groups.get(name);
    if (group === undefined) groups.set(name, group = { counts: new Counts(), told: new Counts() });
    return group.counts;
  }

  /**
   * Sums up what was counted.
   *
   * @param name The name of a function; all of them without one.
   * @param which Everything, or only what the store was not told.
   * @returns The sum.
   */
  sum(name: string | undefined, which: "all" | "untold"): CacheCounts {
    const sum = new Counts();
    for (const groups of [this.#told, this.#untold]) {
      for (const [of, { counts, told }] of groups) {
        if (name !== undefined && name !== of) continue;
        add(sum, which === "all" ? counts : difference(counts, told));
      }
    }
    return sum;
  }

  /** Tells the store now and then, before a commit, so that the commit writes it. */
  beforeCommit(store: Store, now: number): void {
    this.#toldAt ??= now;
    this.#commits++;
    if (this.#commits < MOST_COMMITS && Math.abs(now - this.#toldAt) < LONGEST_TIME) return;
    this.#commits = 0;
    this.#toldAt = now;
    this.#tell(store);
  }

  /** Takes in that a commit was made. */
  afterCommit(): void {
    this.#hasWritten = true;
  }

  /** Has the store write what it was not told, where this process has changed it, or somebody wants it all the same. */
  saveAtUnload(): void {
    if (!this.#hasWritten && !this.#tellsAlways) return;
    const target = this.#target;
    const store = typeof target === "string" ? openLogStore(target) : target.deref();
    // One whose answers come in promises keeps no totals, and nothing could be waited for.
    if (store === undefined || "isAsync" in store) return;
    this.#tell(store);
    store.saveCounts?.();
  }

  #tell(store: Store): void {
    if (typeof store.count !== "function") return;
    const counts: FunctionCounts[] = [];
    for (const [functionName, group] of this.#told) {
      const more = difference(group.counts, group.told);
      if (Object.values(more).every((number) => number === 0)) continue;
      group.told = { ...group.counts };
      counts.push({ functionName, ...more });
    }
    if (counts.length > 0) store.count(counts);
  }
}

const byPath = new Map<string, StoreCounts>();
const byStore = new WeakMap<Store | AsyncStore, StoreCounts>();

// A program may make a store for each thing that it does.
const released = new FinalizationRegistry<StoreCounts>(forgetAtUnload);

/** Gives the counts of a store: the same for all who use a file in this process. */
function countsOf(place: StorePlace): StoreCounts {
  if (!place.isFile) {
    const store = place.asyncStore ?? place.store;
    let counts = byStore.get(store);
    if (counts === undefined) {
      byStore.set(store, counts = new StoreCounts(store));
      released.register(store, counts);
    }
    return counts;
  }
  const path = place.location;
  let counts = byPath.get(path);
  if (counts === undefined) {
    byPath.set(path, counts = new StoreCounts(path));
    if (byPath.size > MOST_FILES) forgetOldest();
  }
  return counts;
}

// Whoever still uses the file goes on to count, for itself.
function forgetOldest(): void {
  const [path, counts] = byPath.entries().next().value!;
  byPath.delete(path);
  forgetAtUnload(counts);
}

/** Counts what one function, or one dictionary, does. A hit costs a few additions. */
export class Counter implements CommitMeter {
  /** What it did itself. */
  readonly own = new Counts();
  readonly #place: StorePlace;
  readonly #name: string;
  readonly #totals: Totals;
  #shared: Counts | undefined;
  #store: StoreCounts | undefined;

  /**
   * Makes a counter. Nothing is opened.
   *
   * @param place Where the store is.
   * @param rights What may be done with it.
   * @param storage Whose counts its totals are to have.
   * @param name The name that entries have: that of a function, or `""` for a dictionary.
   */
  constructor(place: StorePlace, rights: Rights, storage: Storage, name: string) {
    this.#place = place;
    this.#name = name;
    const { totals = name === "" ? "writers" : "all" } = storage;
    this.#totals = rights.write ? totals : "none";
  }

  /** The counts of the store, for all who use it. */
  get store(): StoreCounts {
    return this.#store ??= countsOf(this.#place);
  }

  /**
   * A look-up found something.
   *
   * @param duration How long the evaluation took, as the store says.
   */
  hit(duration: number): void {
    // A store of somebody's own may not know, and what no store could add up must not keep it from commits.
    const saved = duration > 0 && duration <= LONGEST_DURATION ? duration : 0;
    const shared = this.#shared ?? this.#share();
    this.own.hits++;
    this.own.savedMilliseconds += saved;
    shared.hits++;
    shared.savedMilliseconds += saved;
  }

  /** A look-up found nothing. */
  miss(): void {
    this.own.misses++;
    (this.#shared ?? this.#share()).misses++;
  }

  beforeCommit(store: Store, now: number): void {
    this.store.beforeCommit(store, now);
  }

  /**
   * A commit was made.
   *
   * @param stores How many values it put.
   * @param evictions How many entries it removed for want of room, or because they were too old.
   */
  committed(stores: number, evictions: number): void {
    const shared = this.#shared ?? this.#share();
    for (const counts of [this.own, shared]) {
      counts.stores += stores;
      counts.evictions += evictions;
    }
    this.store.afterCommit();
  }

  #share(): Counts {
    return this.#shared = this.store.of(this.#name, this.#totals);
  }
}

function difference(one: CacheCounts, other: CacheCounts): Counts {
  const result = new Counts();
  result.hits = one.hits - other.hits;
  result.misses = one.misses - other.misses;
  result.stores = one.stores - other.stores;
  result.evictions = one.evictions - other.evictions;
  // Of numbers that were added up otherwise, rounding may leave less than nothing.
  result.savedMilliseconds = Math.max(0, one.savedMilliseconds - other.savedMilliseconds);
  return result;
}

/** Adds counts to others. */
export function add(sum: Counts, more: CacheCounts): void {
  sum.hits += more.hits;
  sum.misses += more.misses;
  sum.stores += more.stores;
  sum.evictions += more.evictions;
  sum.savedMilliseconds += more.savedMilliseconds;
}
