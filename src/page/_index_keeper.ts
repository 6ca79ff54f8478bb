// Copyright 2026 the pecapiku authors. MIT license.

import { entryCount, entryInfos } from "../inspect/entry_rows.ts";
import { LogStore } from "../stores/log_store.ts";
import type { Digest, Store } from "../stores/store.ts";
import { EntryIndex } from "./_entry_index.ts";
import { EntryQueries } from "./_entry_query.ts";

/** How long things take at most, in milliseconds; for tests. */
export interface KeeperTimes {
  /** For how long entries are read before others get their turn. */
  readonly turn: number;
  /** For how long a request waits for a newer index: after that it is answered from the one that there is. */
  readonly patience: number;
  /** What takes less time to read is read again at every change; with all else that is done for half of the time. */
  readonly quick: number;
}

const TIMES: KeeperTimes = { turn: 25, patience: 400, quick: 100 };

/** What was found in a store at some time. */
export interface Reading {
  /** What is known of the entries. */
  readonly index: EntryIndex;
  /** What finds and sorts them. */
  readonly queries: EntryQueries;
  /** When the store was read, in milliseconds since the epoch. */
  readonly readAt: number;
  /** How many entries could not be read: they are damaged, or were removed meanwhile. */
  readonly unread: number;
}

/** How far the reading has come. */
export interface ReadingProgress {
  /** How many entries were read. */
  readonly done: number;
  /** How many there are. */
  readonly total: number;
}

/**
 * Keeps an index of a store, and makes it anew once the store has changed: in turns, so that requests are answered
 * meanwhile, and for half of the time at most.
 */
export class IndexKeeper {
  readonly #store: Store;
  readonly #times: KeeperTimes;
  #reading: Reading | undefined;
  /** The state of the file that was read. */
  #version: string | undefined;
  #work: Promise<void> | undefined;
  #progress: ReadingProgress = { done: 0, total: 0 };
  /** What was removed while the store is read. */
  #removed = new Set<Digest>();
  #restUntil = -Infinity;
  #isStopped = false;

  /** Keeps an index of a store. Nothing is read yet. */
  constructor(store: Store, times: KeeperTimes = TIMES) {
    this.#store = store;
    this.#times = times;
  }

  /** How far the reading has come. */
  get progress(): ReadingProgress {
    return this.#progress;
  }

  /** Whether the store is as it was read, as far as that can be told without reading it. */
  get isCurrent(): boolean {
    return this.#reading !== undefined &&
      (this.#version === undefined || this.#version === this.#versionNow());
  }

  /**
   * Gives what is known of the store: as it is now, if that does not take long; else as it was when it was last read.
   *
   * @returns What is known; `undefined` if the store is being read for the first time.
   * @throws {CacheError} If the store can't be read.
   */
  async look(): Promise<Reading | undefined> {
    const isSure = this.#version !== undefined && this.isCurrent;
    if (this.#work === undefined && !isSure && this.#mayRead()) {
      this.#work = this.#read().finally(() => this.#work = undefined);
    }
    if (this.#work !== undefined) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<void>((resolve) =>
        timer = setTimeout(resolve, this.#times.patience)
      );
      await Promise.race([this.#work, patience]);
      clearTimeout(timer);
    }
    return this.#reading;
  }

  /**
   * Takes entries out of what is known, which were removed from the store.
   *
   * @returns How many of them were known.
   */
  remove(digests: ReadonlySet<Digest>): number {
    if (this.#work !== undefined) { for (const digest of digests) this.#removed.add(digest); }
    return this.#reading?.index.remove(digests) ?? 0;
  }

  /** Ends a reading. */
  stop(): void {
    this.#isStopped = true;
  }

  #mayRead(): boolean {
    return this.#reading === undefined || performance.now() >= this.#restUntil;
  }

  async #read(): Promise<void> {
    const start = performance.now();
    try {
      const version = this.#versionNow();
      const readAt = Date.now();
      const total = entryCount(this.#store);
      const index = new EntryIndex(total);
      let turnEnds = performance.now() + this.#times.turn;
      for (const info of entryInfos(this.#store, { parts: true })) {
        index.add(info);
        if (performance.now() < turnEnds) continue;
        this.#progress = { done: index.length, total };
        await new Promise((resolve) => setTimeout(resolve));
        if (this.#isStopped) return;
        turnEnds = performance.now() + this.#times.turn;
      }
      const unread = Math.max(0, total - index.length - this.#removed.size);
      index.remove(this.#removed);
      this.#reading = { index, queries: new EntryQueries(index), readAt, unread };
      this.#version = version;
    } finally {
      const took = performance.now() - start;
      this.#restUntil = took < this.#times.quick ? -Infinity : performance.now() + took;
      this.#removed = new Set();
    }
  }

  /** What changes with each commit of a file; `undefined` where there is no such thing. */
  #versionNow(): string | undefined {
    if (!(this.#store instanceof LogStore)) return undefined;
    const path = this.#store.location;
    // To look without the permission is to prompt for it.
    if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return undefined;
    try {
      const { dev, ino, size, mtime } = Deno.statSync(path);
      return `${dev} ${ino} ${size} ${mtime?.getTime()}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "none";
      throw error;
    }
  }
}
