// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "./store.ts";

/** How many entries there are, and how many bytes their records take. */
export class EntryTally {
  #count = 0;
  #bytes = 0;
  /** Digests that were replaced: whether the snapshot has entries of them, which are then still to be subtracted, takes time to tell. */
  #replaced: Digest[] = [];

  /** How many entries there are, once all is settled. Damage may make it more than that, never less than none. */
  get count(): number {
    return Math.max(0, this.#count);
  }

  /** How many bytes their records take. */
  get bytes(): number {
    return Math.max(0, this.#bytes);
  }

  /** Begins anew. */
  reset(count = 0, bytes = 0): void {
    this.#count = count;
    this.#bytes = bytes;
    this.#replaced = [];
  }

  /** Counts an entry whose record has so many bytes. */
  add(length: number): void {
    this.#count++;
    this.#bytes += length;
  }

  /** Counts an entry no longer. */
  subtract(length: number): void {
    this.#count--;
    this.#bytes -= length;
  }

  /** Notes that an entry was replaced or deleted, if the snapshot has it. */
  subtractIfThere(digest: Digest): void {
    this.#replaced.push(digest);
  }

  /**
   * Subtracts what was noted.
   *
   * @param lengthOf Tells how long the record of an entry is, `0` if there is none, and `undefined` if nothing of what was noted counts any
   * more. It may throw: the rest is then settled the next time.
   */
  settle(lengthOf: (digest: Digest) => number | undefined): void {
    while (this.#replaced.length > 0) {
      const length = lengthOf(this.#replaced.at(-1)!);
      if (length === undefined) return;
      this.#replaced.pop();
      if (length > 0) this.subtract(length);
    }
  }
}
