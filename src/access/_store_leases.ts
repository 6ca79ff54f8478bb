// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore, Lease } from "../stores/async_store.ts";
import type { Digest } from "../stores/store.ts";
import { type CallReports, reasonOf } from "./_call_reports.ts";

/** How often a call waits for others in vain, before it evaluates without a lease: their results can't be stored, it seems. */
const MOST_WAITS = 3;

/** How many times a lease is renewed in the time that it lasts. */
const RENEWALS = 3;

/**
 * The leases by which one of all processes that share a store computes an entry. They only save work: whatever goes wrong with
 * them, the call evaluates.
 */
export class StoreLeases {
  readonly #store: AsyncStore;
  readonly #duration: number;
  readonly #reports: CallReports;

  /**
   * Makes what takes leases.
   *
   * @param store The store, which has leases.
   * @param duration For how long they are taken, in milliseconds.
   * @param reports What says that something is wrong with them.
   */
  constructor(store: AsyncStore, duration: number, reports: CallReports) {
    this.#store = store;
    this.#duration = duration;
    this.#reports = reports;
  }

  /**
   * Waits until an entry is found, or the lease is had.
   *
   * @param digest The digest of the entry.
   * @param lookUp Looks for the entry.
   * @returns What was found, or the lease; neither if it is to be evaluated without one.
   */
  async take<Found>(
    digest: Digest,
    lookUp: () => Promise<Found | undefined>,
  ): Promise<{ readonly found?: Found; readonly lease?: Lease }> {
    let lease: Lease | undefined;
    try {
      for (let waits = 0; waits < MOST_WAITS; waits++) {
        lease = await this.#store.lease!(digest, { duration: this.#duration });
        if (lease === undefined) await this.#store.waitFor!(digest);
        // Somebody may have been done just before the lease was taken.
        const found = await lookUp();
        if (found !== undefined) {
          if (lease !== undefined) await this.release(lease);
          return { found };
        }
        if (lease !== undefined) return { lease };
      }
    } catch (error) {
      this.#warn(error);
      if (lease !== undefined) return { lease };
    }
    return {};
  }

  /**
   * Keeps a lease while something is done.
   *
   * @param lease The lease.
   * @param work What is done.
   * @returns What it gives.
   */
  async keepWhile<T>(lease: Lease, work: () => Promise<T>): Promise<T> {
    const timer = setInterval(() => {
      lease.renew().then((isHeld) => {
        // It has expired: somebody else may have it, and both compute.
        if (!isHeld) clearInterval(timer);
      }, (error) => this.#warn(error));
    }, this.#duration / RENEWALS);
    // Who computes keeps the process alive, and nothing else has to.
    Deno.unrefTimer(timer);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /**
   * Gives a lease back.
   *
   * @param lease The lease.
   */
  async release(lease: Lease): Promise<void> {
    try {
      await lease.release();
    } catch (error) {
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    this.#reports.warn(
      `Cannot lease, ${this.#reports.shown} is evaluated without: ${reasonOf(error)}`,
    );
  }
}
