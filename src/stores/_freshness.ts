// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "./store.ts";

/** Remembers for which entries a near store was seen to have what the far one has, for as long as that counts. */
export class Freshness {
  readonly #ttl: number;
  readonly #now: () => number;
  /** When each was seen last, the longest ago first. */
  readonly #seen = new Map<Digest, number>();
  /** With no end of the time, those that are not to be believed. */
  readonly #doubtful = new Set<Digest>();
  /** With no end of the time, since a doubt about all: only these are believed. */
  #isAllDoubtful = false;

  /**
   * Makes one that knows of nothing.
   *
   * @param ttl For how long it counts, in milliseconds; `Infinity` believes all of which nothing else is known.
   * @param now Gives the time, in milliseconds.
   */
  constructor(ttl: number, now: () => number) {
    this.#ttl = ttl;
    this.#now = now;
  }

  /** Tells whether what the near store has counts. */
  has(digest: Digest): boolean {
    if (this.#ttl === Infinity) {
      return this.#isAllDoubtful ? this.#seen.has(digest) : !this.#doubtful.has(digest);
    }
    const seen = this.#seen.get(digest);
    return seen !== undefined && this.#now() - seen < this.#ttl;
  }

  /** Notes that the near store has what the far one has. */
  add(digest: Digest): void {
    if (this.#ttl === Infinity) {
      this.#doubtful.delete(digest);
      if (this.#isAllDoubtful) this.#seen.set(digest, 0);
      return;
    }
    if (this.#ttl === 0) return;
    const now = this.#now();
    this.#seen.delete(digest);
    this.#seen.set(digest, now);
    for (const [oldest, seen] of this.#seen) {
      if (now - seen < this.#ttl) break;
      this.#seen.delete(oldest);
    }
  }

  /** Notes that the near store may have something else. */
  delete(digest: Digest): void {
    this.#seen.delete(digest);
    if (this.#ttl === Infinity && !this.#isAllDoubtful) this.#doubtful.add(digest);
  }

  /** Notes that the near store may have something else of each. */
  clear(): void {
    this.#seen.clear();
    this.#doubtful.clear();
    this.#isAllDoubtful = this.#ttl === Infinity;
  }
}
