// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore } from "../stores/async_store.ts";
import type { Digest, Parts } from "../stores/store.ts";
import { UnderWay } from "./_flight.ts";
import { copyParts } from "./_entries.ts";

/** A result that others can make values of their own of: as it is stored. */
export interface Landed {
  readonly codec: string;
  /** Bytes that nobody changes. */
  readonly parts: Parts;
}

/** Those of stores whose answers come in promises. */
export const asyncFlights: UnderWay<AsyncFlight> = new UnderWay();

/** An evaluation under way in this process, until its result is stored, and the calls that wait for it. */
export class AsyncFlight {
  /** Whether the result will be stored. */
  readonly stores: boolean;
  isOutdated = false;
  readonly #store: AsyncStore;
  readonly #digest: Digest;
  readonly #promise = Promise.withResolvers<Landed | undefined>();
  #isAwaited = false;

  /**
   * Registers an evaluation: calls that come from now on can wait for it.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @param stores Whether the result will be stored.
   */
  constructor(store: AsyncStore, digest: Digest, stores: boolean) {
    this.#store = store;
    this.#digest = digest;
    this.stores = stores;
    asyncFlights.add(store, digest, this);
    // Who waits hears of it; where nobody does, the evaluation's own caller does.
    this.#promise.promise.catch(() => {});
  }

  /**
   * Finds an evaluation under way.
   *
   * @param store Where the entry lives.
   * @param digest The digest of the entry.
   * @returns The evaluation, or `undefined`.
   */
  static of(store: AsyncStore, digest: Digest): AsyncFlight | undefined {
    return asyncFlights.newest(store, digest);
  }

  /** Whether a call waits. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** What came of it: `undefined` if it can't be shared. It is rejected with what the function rejects with. */
  get landed(): Promise<Landed | undefined> {
    this.#isAwaited = true;
    return this.#promise.promise.then((landed) =>
      // Values may share memory with the bytes.
      landed && { ...landed, parts: copyParts(landed.parts) }
    );
  }

  /**
   * Gives the result to all that wait, and takes the evaluation off the list. Only the first time counts.
   *
   * @param landed The result, as it is stored; `undefined` if each is to evaluate for itself.
   */
  land(landed: Landed | undefined): void {
    this.#end();
    this.#promise.resolve(landed);
  }

  /**
   * Passes the rejection of the evaluation on to all that wait.
   *
   * @param error What the function rejected with.
   */
  crash(error: unknown): void {
    this.#end();
    this.#promise.reject(error);
  }

  #end(): void {
    asyncFlights.remove(this.#store, this.#digest, this);
  }
}
