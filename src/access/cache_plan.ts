// Copyright 2026 the pecapiku authors. MIT license.

import type { CacheError } from "../errors/cache_error.ts";
import type { Digest, Store, StoredKey } from "../stores/store.ts";
import type { Rights } from "./cache_access.ts";
import type { FunctionControl } from "./function_options.ts";
import type { Bounds, Storage, StorePlace } from "./storage_options.ts";

/** Where a call's result is found. */
export interface Located {
  /** The digest of the entry. */
  readonly digest: Digest;
  /** What errors show as the key: the dictionary's own key, or the digest of a call. */
  readonly key: unknown;
  /** Which of several results it is, where there may be several. */
  readonly sample?: Sample | undefined;
}

/** One of several results of a call. */
export interface Sample {
  /** The digest of the call, which is that of the first one. */
  readonly of: Digest;
  /** Which one it is, from 0 on. */
  readonly index: number;
}

/** How the calls of one function get their keys. */
export interface CallKeys {
  /**
   * Finds where the result of a call is.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @returns The place.
   * @throws {UncacheableKeyError} If there is no key for such a call.
   */
  locate(self: unknown, args: readonly unknown[]): Located;

  /**
   * Makes the key that is kept with the entry. It is made before the evaluation, which may change the arguments.
   *
   * @param located What `locate` gave.
   * @param args The arguments.
   * @returns The key.
   * @throws {UncacheableKeyError} If the codec could not give the key back.
   */
  describe(located: Located, args: readonly unknown[]): StoredKey;

  /**
   * Says on the console what `locate` or `describe` threw, where that is not for `onError` to decide.
   *
   * @param error The error.
   * @returns Whether nothing is left to be said.
   */
  says?(error: CacheError): boolean;
}

/** What is told how long the cache took beside the function. Times are in milliseconds. */
export interface CallMeter {
  /** The time now, by a clock that never goes back. */
  now(): number;

  /**
   * A result was found.
   *
   * @param spent How long that took.
   * @param store Where it was found.
   * @param digest Its digest.
   */
  hit(spent: number, store: Store, digest: Digest): void;

  /**
   * The function was evaluated, and its result stored if it could be.
   *
   * @param spent How long the cache took, before and after it.
   * @param duration How long the function took.
   */
  evaluated(spent: number, duration: number): void;
}

/** All that the one path of read, evaluate and write needs to know about a cached function. */
export interface CachePlan {
  /** What may be done. */
  readonly rights: Rights;
  /** How values are stored, and how old one may be that is found. */
  readonly storage: Storage;
  /** What the function's own entries are kept within. */
  readonly bounds: Bounds;
  /** What all entries of the store are kept within, if a dictionary made the function cached. */
  readonly outerBounds?: Bounds | undefined;
  /** Where values are stored. */
  readonly place: StorePlace;
  /** How calls get their keys. */
  readonly keys: CallKeys;
  /** Which calls are cached, and what of them. */
  readonly control: FunctionControl;
  /** What keeps the function apart from others of its name. */
  readonly namespace?: string | undefined;
  /** What is told how long the cache took, if anybody asks. */
  readonly meter?: CallMeter | undefined;
}
