// Copyright 2026 the pecapiku authors. MIT license.

import { previewArguments } from "../keys/_preview.ts";
import type { EncodedValue } from "../codecs/compression.ts";
import { encodeParts } from "../codecs/encode_parts.ts";
import { resolveCodec } from "../codecs/resolve_codec.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { Digest, Parts, PutChange, Store, StoreChange, StoredKey } from "../stores/store.ts";
import { type CallReports, noteStoredError, reasonOf } from "./_call_reports.ts";
import { Commits, shownName, storedName } from "./_commits.ts";
import { Counter } from "./_counting.ts";
import { streamEntries } from "./_deferred.ts";
import { decodeStored, findAlive, hasAlive, storedForm } from "./_entries.ts";
import { type Flight, flights } from "./_flight.ts";
import {
  errorDigest,
  makePartKey,
  mayHaveParts,
  sampleDigest,
  seemsToHaveParts,
} from "./entry_parts.ts";
import { chunksAt, partRemovalsOf, removalsOf } from "./_removals.ts";
import type { CachePlan, Located } from "./cache_plan.ts";

/** Where what comes of an evaluation is stored. */
export interface Target {
  /** Where the result belongs. */
  readonly located: Located;
  /** The key that is kept with it; `undefined` if nothing is to be stored. */
  readonly key: StoredKey | undefined;
  /** The arguments, for people; `""` where nobody asks. */
  readonly preview: string;
  /** When the evaluation began, in milliseconds since the epoch; `Infinity` where nobody asks. */
  readonly begunAt: number;
}

/**
 * Prepares to store what comes of an evaluation. What is kept of the arguments is made before that, since it may change them.
 *
 * @param plan How the function is cached.
 * @param reports What reports failures.
 * @param located Where its result belongs.
 * @param args The arguments.
 * @returns Where to store it, and with what.
 */
export function makeTarget(
  { rights, keys, control, storage }: CachePlan,
  reports: CallReports,
  located: Located,
  args: readonly unknown[],
): Target {
  let key: StoredKey | undefined;
  let preview = "";
  if (rights.write) {
    try {
      key = keys.describe(located, args);
    } catch (error) {
      reports.failKey(error);
    }
    const asks = control.cacheErrors !== undefined || control.samples > 1;
    if (asks) preview = previewArguments(args);
  }
  const begunAt = control.cacheErrors === undefined ? Infinity : storage.now();
  return { located, key, preview, begunAt };
}

/** What a function gave or threw, beside the value. */
export interface Outcome {
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** Whether it came in a promise. */
  readonly promised: boolean;
}

/** An error that is stored, be it `undefined`. */
export interface StoredError {
  readonly error: unknown;
  readonly promised: boolean;
  /** How long the evaluation took, in milliseconds. */
  readonly duration: number;
}

/** The name of a function, with its namespace. */
export interface Names {
  /** As keys show it. */
  readonly shown: string;
  /** As entries have it. */
  readonly stored: string;
}

/**
 * Makes the change that stores a result.
 *
 * @param plan How the function is cached.
 * @param names What it is called.
 * @param target Where the result belongs; it has a key.
 * @param form The result, as it is stored.
 * @param outcome How it came about.
 * @returns The change.
 */
export function resultChange(
  plan: CachePlan,
  names: Names,
  target: Target,
  form: EncodedValue,
  outcome: Outcome,
): PutChange {
  return put(plan, names, target.located.digest, resultKey(target, names), form, outcome);
}

/**
 * Makes the change that stores an error.
 *
 * @param plan How the function is cached.
 * @param names What it is called.
 * @param target Where a result would belong.
 * @param form The error, as it is stored.
 * @param outcome How it came about.
 * @returns The change.
 */
export function errorChange(
  plan: CachePlan,
  names: Names,
  { located: { digest: of, sample }, preview }: Target,
  form: EncodedValue,
  outcome: Outcome,
): PutChange {
  const key = makePartKey({
    part: "error",
    of,
    ...(sample === undefined || sample.index === 0 ? {} : { index: sample.index }),
    name: names.shown,
    preview,
  });
  return put(plan, names, errorDigest(of), key, form, outcome);
}

/**
 * Tells whether an error is to be stored, as the option `cacheErrors` says.
 *
 * @param error What the function threw.
 * @param cacheErrors The option.
 * @returns Whether it is.
 * @throws {TypeError} If the option gives no boolean.
 */
export function isKeptError(error: unknown, cacheErrors: (error: unknown) => unknown): boolean {
  const answer = cacheErrors(error);
  if (typeof answer === "boolean") return answer;
  throw new TypeError(`cacheErrors gave no boolean, but ${typeof answer}`);
}

function resultKey({ located: { sample }, key, preview }: Target, names: Names): StoredKey {
  return sample === undefined || sample.index === 0
    ? key!
    : makePartKey({ part: "sample", ...sample, name: names.shown, preview });
}

function put(
  { storage }: CachePlan,
  names: Names,
  digest: Digest,
  key: StoredKey,
  { codec, parts }: EncodedValue,
  { duration, promised }: Outcome,
): PutChange {
  return {
    type: "put",
    ...{ digest, codec, key, parts, duration, promised },
    functionName: names.stored,
    writtenAt: storage.now(),
  };
}

/** What comes of the calls of one cached function, as it is stored. */
export class CallResults {
  /** How the store is written to. */
  readonly commits: Commits;
  /** What counts hits and misses, and what is stored. */
  readonly counter: Counter;
  /** The name under which the function's entries are stored. */
  readonly functionName: string;
  readonly #plan: CachePlan;
  readonly #names: Names;
  readonly #reports: CallReports;

  /**
   * Prepares what stores. Nothing is opened yet.
   *
   * @param name The function's name.
   * @param plan How it is cached.
   * @param reports What reports failures.
   */
  constructor(name: string, plan: CachePlan, reports: CallReports) {
    const { place, rights, storage, bounds, outerBounds, namespace } = plan;
    this.#plan = plan;
    this.functionName = storedName(name, namespace);
    this.#names = { shown: shownName(name, namespace), stored: this.functionName };
    this.#reports = reports;
    const own = { functionName: this.functionName, bounds };
    const groups = outerBounds === undefined ? [own] : [own, { bounds: outerBounds }];
    this.counter = new Counter(place, rights, storage, this.functionName);
    this.commits = new Commits(place, rights, storage, groups, this.counter);
  }

  /**
   * Encodes a result. If it is refused, what was stored before is removed: it would be a wrong hit from now on.
   *
   * @param value The result.
   * @param located Where it belongs.
   * @param flight The evaluation that it comes of, if it came in a promise.
   * @returns The bytes; `undefined` if it was refused, and `onError` did not have that thrown.
   */
  encode(value: unknown, located: Located, flight?: Flight): Parts | undefined {
    try {
      return encodeParts(this.#plan.storage.codec, value);
    } catch (error) {
      this.#discard(located, flight);
      this.#reports.fail("Cannot encode result", error, located, { value });
      return undefined;
    }
  }

  /**
   * Stores a result, in the place of an older one and of an error, unless it is outdated itself.
   *
   * @param encoded The encoded result.
   * @param value The result itself.
   * @param target Where it belongs; it has a key.
   * @param outcome How it came about.
   * @param flight The evaluation that it comes of, if it came in a promise.
   */
  write(encoded: Parts, value: unknown, target: Target, outcome: Outcome, flight?: Flight): void {
    if (flight?.isOutdated) return;
    const { storage, place } = this.#plan;
    const { located } = target;
    try {
      flights.outdate(place.store, located.digest, flight);
      const { codec, parts } = storedForm(encoded, storage);
      const put = resultChange(this.#plan, this.#names, target, { codec, parts }, outcome);
      const error = this.#errorAt(place.store, located);
      // The error goes first: no store, and no crash of one that commits change by change, may leave it for later to be found.
      const removal: StoreChange[] = error === undefined ? [] : [{ type: "delete", digest: error }];
      this.commits.commit([...removal, put, ...chunksAt(place.store, located.digest)]);
    } catch (error) {
      this.#reports.fail("Cannot write cache", error, located, { value });
    }
  }

  /**
   * Stores an error that the function threw, in the place of an older one and of a result, if it is one to be stored. Nothing
   * that goes wrong on the way is thrown: that would hide the error itself.
   *
   * @param error What was thrown.
   * @param target Where a result would belong.
   * @param outcome How it came about.
   * @param flight The evaluation that threw it, if it came in a promise. If that is outdated, so is the error.
   */
  keepError(error: unknown, target: Target, outcome: Outcome, flight?: Flight): void {
    const { cacheErrors } = this.#plan.control;
    if (cacheErrors === undefined || target.key === undefined || flight?.isOutdated) return;
    try {
      if (isKeptError(error, cacheErrors)) this.#writeError(error, target, outcome, flight);
    } catch (failure) {
      this.#reports.warn(
        `Cannot store error that ${this.#reports.shown} threw: ${reasonOf(failure)}`,
      );
    }
  }

  /**
   * Looks for a stored error.
   *
   * @param store The store.
   * @param located Where a result would be.
   * @returns What was thrown; `undefined` if no error is stored.
   */
  findError(store: Store, located: Located): (StoredError & { digest: Digest }) | undefined {
    const { storage } = this.#plan;
    const digest = errorDigest(located.digest);
    try {
      const found = findAlive(store, digest, storage);
      if (found === undefined) return undefined;
      const error = decodeStored(found.parts, found.codec, storage.codec, store.location);
      const { promised, duration } = found;
      if (error === NO_CACHE) return undefined;
      noteStoredError(error);
      return { error, promised, duration, digest };
    } catch (failure) {
      this.#reports.fail("Cannot read cache", failure, located);
      return undefined;
    }
  }

  /**
   * Removes all that is stored of a call.
   *
   * @param located Where its result is.
   * @returns Whether there was something to be seen.
   */
  remove(located: Located): boolean {
    const { rights, place, storage, control } = this.#plan;
    const { store } = place;
    const { samples } = control;
    for (let index = 0; index < samples; index++) {
      flights.outdate(store, sampleDigest(located.digest, index));
    }
    const changes = removalsOf(store, located.digest).slice(0, 1);
    const hasParts = mayHaveParts(store);
    if (samples > 1 || control.cacheErrors !== undefined || hasParts) {
      changes.push(...partRemovalsOf(store, located.digest, samples));
    }
    const seen = rights.read && changes.some(({ digest }) => hasAlive(store, digest, storage));
    if (hasParts) changes.push(...streamEntries.runRemovalsAt(store, located.digest));
    if (changes.length > 0) this.commits.commit(changes);
    return seen;
  }

  /** Gives the key that is kept with a result: the first sample is the call's own entry, the others belong to it. */
  keyOf(target: Target): StoredKey {
    return resultKey(target, this.#names);
  }

  #writeError(error: unknown, target: Target, outcome: Outcome, flight?: Flight): void {
    const { storage, place } = this.#plan;
    const { located, begunAt } = target;
    // What was stored since the evaluation began, as by `prime` or `rerun`, is no result that an error of then could outdate.
    if ((place.store.info(located.digest)?.writtenAt ?? -Infinity) > begunAt) return;
    // Other codecs may take an error for an object without properties.
    const codec = resolveCodec("structured");
    let encoded: Parts;
    try {
      encoded = encodeParts(codec, error);
    } catch (refusal) {
      this.#discard(located, flight);
      throw refusal;
    }
    flights.outdate(place.store, located.digest, flight);
    const stored = storedForm(encoded, { ...storage, codec });
    const put = errorChange(this.#plan, this.#names, target, stored, outcome);
    this.commits.commit([...removalsOf(place.store, located.digest), put]);
    noteStoredError(error);
  }

  // A function that stores errors must look; for another one it is enough to know of none that anybody else has stored.
  #errorAt(store: Store, { digest }: Located): Digest | undefined {
    if (this.#plan.control.cacheErrors === undefined && !seemsToHaveParts(store)) return undefined;
    const error = errorDigest(digest);
    return store.has(error) ? error : undefined;
  }

  #discard(located: Located, flight?: Flight): void {
    if (!this.#plan.rights.write || flight?.isOutdated) return;
    try {
      const { store } = this.#plan.place;
      flights.outdate(store, located.digest, flight);
      const error = this.#errorAt(store, located);
      const changes: StoreChange[] = removalsOf(store, located.digest);
      if (error !== undefined) changes.push({ type: "delete", digest: error });
      if (changes.length > 0) this.commits.commit(changes);
    } catch (error) {
      this.#reports.warn(String(error), true);
    }
  }
}
