// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";

/** An evaluation whose result is not there yet. */
export interface Evaluation {
  /** Whether the entry was put or deleted by somebody who came later: then what this one gives is not to be stored. */
  isOutdated: boolean;
}

/** The evaluations of this process that are under way, of each entry in the order in which they began. */
export class UnderWay<E extends Evaluation> {
  readonly #stores = new WeakMap<object, Map<Digest, E[]>>();

  /**
   * Registers an evaluation that begins.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @param evaluation The evaluation.
   */
  add(store: object, digest: Digest, evaluation: E): void {
    let entries = this.#stores.get(store);
    if (entries === undefined) this.#stores.set(store, entries = new Map());
    const begun = entries.get(digest);
    if (begun === undefined) entries.set(digest, [evaluation]);
    else begun.push(evaluation);
  }

  /**
   * Finds the evaluation to wait for.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @returns The one that began last, unless it is outdated.
   */
  newest(store: object, digest: Digest): E | undefined {
    const newest = this.#stores.get(store)?.get(digest)?.at(-1);
    return newest?.isOutdated === true ? undefined : newest;
  }

  /**
   * Takes an evaluation off the list. Nothing happens if it is not on it.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @param evaluation The evaluation.
   */
  remove(store: object, digest: Digest, evaluation: E): void {
    const entries = this.#stores.get(store);
    const begun = entries?.get(digest);
    const index = begun?.indexOf(evaluation) ?? -1;
    if (index < 0) return;
    if (begun!.length === 1) entries!.delete(digest);
    else begun!.splice(index, 1);
  }

  /**
   * Notes that an entry is put or deleted: no call waits any more for what began before, and what that gives is not stored.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @param by The evaluation that it is put by, whose turn on the list is not over: those behind it stay. Otherwise, none do.
   */
  outdate(store: object, digest: Digest, by?: E): void {
    const begun = this.#stores.get(store)?.get(digest);
    if (begun === undefined) return;
    for (const evaluation of begun) {
      if (evaluation === by) return;
      evaluation.isOutdated = true;
    }
  }

  /**
   * Notes that all entries are deleted.
   *
   * @param store Where they live.
   */
  outdateAll(store: object): void {
    for (const digest of this.#stores.get(store)?.keys() ?? []) this.outdate(store, digest);
  }
}
