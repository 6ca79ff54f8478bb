// Copyright 2026 the pecapiku authors. MIT license.

import type {
  CommitOptions,
  Digest,
  EntryInfo,
  Limits,
  StoreChange,
  StoredValue,
} from "./store.ts";

/**
 * How a commit to an {@linkcode AsyncStore} is made.
 *
 * @example Usage
 * ```ts
 * import { type AsyncCommitOptions, MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: AsyncCommitOptions = { keepFor: 60_000 };
 * const store = toAsyncStore(new MemoryStore());
 * await store.commit([], options);
 * assertEquals(await store.count(), 0);
 * ```
 */
export interface AsyncCommitOptions extends CommitOptions {
  /**
   * For how long what this commit puts is wanted, in milliseconds. A store that removes what has expired by itself may
   * remove it then; another one does nothing with it. It never takes the place of a look at the time of writing.
   *
   * @default {Infinity}
   */
  readonly keepFor?: number | undefined;
  /**
   * What to keep a group of entries within. A store whose {@linkcode AsyncStore.keepsLimits} is `false` refuses
   * `maxEntries` and `maxBytes`, and does nothing with `writtenSince`.
   *
   * @default {No limits}
   */
  readonly limits?: Limits | undefined;
}

/**
 * Where entries live that are reached by way of a network: what {@linkcode Store} is, in promises. Every promise is
 * settled within a time that the store is given, so that no call hangs while a server is away: then it is rejected.
 *
 * Methods that are called one after another, without waiting, take effect in that order.
 *
 * @example Usage
 * ```ts
 * import { type AsyncStore, MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * async function namesIn(store: AsyncStore): Promise<string[]> {
 *   return (await Array.fromAsync(store.entries())).map((info) => info.functionName);
 * }
 * assertEquals(await namesIn(toAsyncStore(new MemoryStore())), []);
 * ```
 */
export interface AsyncStore {
  /** What tells this from a `Store`. */
  readonly isAsync: true;

  /** Where the store is, for messages: a URL without a password, or the absolute path of a file. */
  readonly location: string;

  /** Whether commits keep `maxEntries` and `maxBytes`. One that leaves eviction to a server does not. */
  readonly keepsLimits: boolean;

  /**
   * Looks an entry up. A damaged entry is not there; the store warns once on the console.
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   */
  get(digest: Digest): Promise<StoredValue | undefined>;

  /**
   * Looks many entries up in about the time that one takes. Whoever has a store without this method asks for one after
   * another.
   *
   * @param digests The digests to look for.
   * @returns What is stored of each, in the same order.
   */
  getMany?(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]>;

  /**
   * Tells what is known of an entry but its value.
   *
   * @param digest The digest to look for.
   * @returns What is known, or `undefined` if there is no such entry.
   */
  info(digest: Digest): Promise<EntryInfo | undefined>;

  /**
   * Tells whether {@linkcode AsyncStore.get} would find something.
   *
   * @param digest The digest to look for.
   * @returns Whether an undamaged entry is there.
   */
  has(digest: Digest): Promise<boolean>;

  /** Counts the entries. Some may turn out to be damaged when they are read. */
  count(): Promise<number>;

  /**
   * Goes through the entries, without their values, in the order in which their digests were first put. (A store that can't
   * know that order says so, and goes by the time of writing.) What others change meanwhile may show or not.
   *
   * @returns An iterator over the entries.
   */
  entries(): AsyncIterableIterator<EntryInfo, undefined, undefined>;

  /**
   * Makes all the changes or none of them: a reader and a crash see no state in between. (A store that can't do that for
   * several changes says so.) What was noted by {@linkcode AsyncStore.touch} is written with them, before them. Bytes are
   * taken as they are at the time of the call.
   *
   * A commit that is rejected because no answer came in time may have been made nevertheless, as a whole.
   *
   * @param changes What to do, in order. There may be none.
   * @param options Limits to keep, for how long to keep what is put, and when to wait for the medium.
   */
  commit(changes: readonly StoreChange[], options?: AsyncCommitOptions): Promise<void>;

  /**
   * Notes that an entry is used, so that limits spare it for longer. It never fails. A store that leaves eviction to its
   * server does nothing here: the server sees each lookup.
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void;

  /**
   * Takes the right to compute an entry, so that others who share the store wait for it instead of computing it, too. It
   * only saves work: nothing keeps anybody without a lease from putting the entry. A store where nobody can wait for another
   * does not have the method.
   *
   * @param digest The digest of the entry.
   * @param options For how long to take it.
   * @returns The lease; `undefined` if somebody else holds it.
   */
  lease?(digest: Digest, options: LeaseOptions): Promise<Lease | undefined>;

  /**
   * Waits until nobody holds the lease of an entry any more, be it released or expired. The holder's release wakes who
   * waits; nobody polls in short intervals. Then look the entry up, and if it is not there, take the lease: others may be
   * faster, so do both again until one succeeds. A store with {@linkcode AsyncStore.lease} has the method.
   *
   * @param digest The digest of the entry.
   * @param options What ends the waiting before.
   * @returns Nothing, also if the time is over.
   */
  waitFor?(digest: Digest, options?: WaitOptions): Promise<void>;

  /** Lets go of what the store holds open, when what was asked before is answered. The next call opens it again. */
  close(): Promise<void>;
}

/**
 * How a lease is taken.
 *
 * @example Usage
 * ```ts
 * import type { LeaseOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: LeaseOptions = { duration: 10_000 };
 * assertEquals(options.duration, 10_000);
 * ```
 */
export interface LeaseOptions {
  /** After how long it ends by itself unless it is renewed, in milliseconds: so long others wait when the holder dies. */
  readonly duration: number;
}

/**
 * How {@linkcode AsyncStore.waitFor} waits.
 *
 * @example Usage
 * ```ts
 * import type { WaitOptions } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const options: WaitOptions = { timeout: 60_000 };
 * assertEquals(options.timeout, 60_000);
 * ```
 */
export interface WaitOptions {
  /**
   * How long to wait at the most, in milliseconds.
   *
   * @default {Infinity}
   */
  readonly timeout?: number | undefined;
  /**
   * Ends the waiting: the promise is rejected with its reason.
   *
   * @default {Nothing does}
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The right to compute an entry, for some time. `await using` releases it.
 *
 * @example Usage
 * ```ts
 * import type { AsyncStore, Lease } from "@pecapiku/cache/stores";
 * import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store: AsyncStore = toAsyncStore(new MemoryStore());
 * // In memory, there is nobody to wait for.
 * const lease: Lease | undefined = await store.lease?.("5".repeat(64), { duration: 10_000 });
 * assertEquals(lease, undefined);
 * ```
 */
export interface Lease extends AsyncDisposable {
  /** The digest of the entry. */
  readonly digest: Digest;
  /** What tells the holder from others: nobody else has the same. */
  readonly token: string;

  /**
   * Makes the lease last for its duration from now on. Whoever works for longer than a third of the duration calls it in
   * such intervals.
   *
   * @returns Whether the lease is still held. If not, it has expired, and somebody else may hold it.
   */
  renew(): Promise<boolean>;

  /**
   * Gives the lease back, and wakes who waits for it. It does nothing if the lease is not held any more.
   *
   * @returns Whether it was still held.
   */
  release(): Promise<boolean>;
}
