// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec } from "../codecs/codec.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { Digest, Parts, Store } from "../stores/store.ts";
import { copyParts, decodeStored } from "./_entries.ts";

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

/** A call that waits for another one's evaluation. */
interface Waiter {
  readonly onLand: () => void;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly evaluate: () => unknown;
}

/** Those of local stores. */
export const flights: UnderWay<Flight> = new UnderWay();

/** An evaluation under way whose result will come in a promise, and the calls that wait for it. */
export class Flight {
  /** Whether the result will be stored. */
  readonly stores: boolean;
  isOutdated = false;
  readonly #store: Store;
  readonly #digest: Digest;
  readonly #waiters: Waiter[] = [];

  /**
   * Registers an evaluation: calls that come from now on can wait for it.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @param stores Whether the result will be stored.
   */
  constructor(store: Store, digest: Digest, stores: boolean) {
    this.#store = store;
    this.#digest = digest;
    this.stores = stores;
    flights.add(store, digest, this);
  }

  /**
   * Finds an evaluation under way.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @returns The evaluation, or `undefined`.
   */
  static of(store: Store, digest: Digest): Flight | undefined {
    return flights.newest(store, digest);
  }

  /** Whether a call waits. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0;
  }

  /**
   * Waits for the result.
   *
   * @param onLand Is called when the result is shared.
   * @param evaluate Evaluates the waiting call itself, if the result can't be shared.
   * @returns A promise of a value of its own.
   */
  join(onLand: () => void, evaluate: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ onLand, resolve, reject, evaluate });
    });
  }

  /** Takes the evaluation off the list: calls that come from now on don't wait for it. */
  end(): void {
    flights.remove(this.#store, this.#digest, this);
  }

  /**
   * Gives each waiting call a value of its own; or has each evaluate for itself, where there are no bytes to make one of.
   *
   * @param parts The encoded result, if it could be encoded.
   * @param codec The codec that encoded it.
   * @param location Where the store is.
   */
  land(parts: Parts | undefined, codec: Codec, location: string): void {
    for (const { onLand, resolve, reject, evaluate } of this.#waiters) {
      const value = parts === undefined
        ? NO_CACHE
        : decodeStored(copyParts(parts), codec.name, codec, location);
      if (value !== NO_CACHE) {
        onLand();
        resolve(value);
        continue;
      }
      try {
        resolve(evaluate());
      } catch (error) {
        reject(error);
      }
    }
  }

  /**
   * Passes the rejection of the evaluation on to all that wait.
   *
   * @param error What the function rejected with.
   */
  crash(error: unknown): void {
    for (const { reject } of this.#waiters) reject(error);
  }
}
