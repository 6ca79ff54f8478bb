// Copyright 2026 the pecapiku authors. MIT license.

import { isAbsolutePath } from "../_absolute_path.ts";
import { CacheError } from "../errors/cache_error.ts";
import { type ComputeLock, takeComputeLock } from "../stores/compute_lock.ts";
import type { Digest } from "../stores/store.ts";
import { type CallReports, reasonOf } from "./_call_reports.ts";

/** How often a call waits for others in vain, before it evaluates all the same: their results can't be stored, it seems. */
const MOST_WAITS = 3;

/** What computes an entry in this process, by the place of its store and its digest. */
const computing = new Map<string, Promise<unknown>>();

/** A call whose result is not stored. */
export interface Turn {
  /** Where the store is: the absolute path of a file, where other processes can be met. */
  readonly location: string;
  /** The digest of the entry. */
  readonly digest: Digest;
  /** Looks the entry up; throws a stored error. */
  readonly find: () => { readonly value: unknown } | undefined;
  /** Evaluates, and stores. */
  readonly evaluate: () => unknown;
}

/**
 * Has one of all processes that use a file compute an entry, while the others wait for it. They take over when it ends.
 *
 * @param turn The call.
 * @param reports What says that there are no locks to be had.
 * @returns The result.
 */
export async function computeInTurn(turn: Turn, reports: CallReports): Promise<unknown> {
  const id = `${turn.digest} ${turn.location}`;
  const other = computing.get(id);
  if (other !== undefined) {
    try {
      await other;
    } catch (error) {
      // What the function throws is for all who wait; what the cache says, for whom it concerns.
      if (!(error instanceof CacheError)) throw error;
    }
    const found = turn.find();
    return found === undefined ? await turn.evaluate() : await found.value;
  }
  const own = computeAlone(turn, reports);
  computing.set(id, own);
  try {
    return await own;
  } finally {
    computing.delete(id);
  }
}

async function computeAlone(
  { location, digest, find, evaluate }: Turn,
  reports: CallReports,
): Promise<unknown> {
  // In memory, there is nobody to wait for.
  if (!isAbsolutePath(location)) return await evaluate();
  for (let waits = 0; waits < MOST_WAITS; waits++) {
    const lock = await take(location, digest, reports);
    if (lock === undefined) break;
    try {
      // Somebody may have been done just before.
      const found = find();
      if (found !== undefined) return await found.value;
      if (lock.isCurrent) return await evaluate();
    } finally {
      release(lock, reports);
    }
  }
  return await evaluate();
}

async function take(
  location: string,
  digest: Digest,
  reports: CallReports,
): Promise<ComputeLock | undefined> {
  try {
    const lock = await takeComputeLock(location, digest);
    if (lock === undefined) warn("no read and write access to its directory", reports);
    return lock;
  } catch (error) {
    warn(reasonOf(error), reports);
    return undefined;
  }
}

function release(lock: ComputeLock, reports: CallReports): void {
  try {
    lock.release();
  } catch (error) {
    warn(reasonOf(error), reports);
  }
}

function warn(reason: string, reports: CallReports): void {
  reports.warn(
    `Cannot lock what is computed, other processes may compute the same: ${reports.shown}: ${reason}`,
  );
}
