// Copyright 2026 the pecapiku authors. MIT license.

import { encodeParts } from "../codecs/encode_parts.ts";
import { resolveCodec } from "../codecs/resolve_codec.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { AsyncCommitOptions, AsyncStore } from "../stores/async_store.ts";
import type { Digest, Parts, PutChange, StoreChange, StoredValue } from "../stores/store.ts";
import { type AsyncFlight, asyncFlights } from "./_async_flight.ts";
import { type CallReports, noteStoredError, reasonOf } from "./_call_reports.ts";
import { errorChange, isKeptError, resultChange, type Target } from "./_call_results.ts";
import { shownName, storedName } from "./_commits.ts";
import type { Counter } from "./_counting.ts";
import { decodeStored, storedForm } from "./_entries.ts";
import { errorDigest, expectParts, isPartKey, makeNotice, sampleDigest } from "./entry_parts.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { type Bounds, isAlive } from "./storage_options.ts";

/** What comes of the calls of one function, as a store has it that answers in promises. */
export class AsyncResults {
  readonly #plan: CachePlan;
  readonly #store: AsyncStore;
  readonly #reports: CallReports;
  readonly #counter: Counter;
  readonly #names: { readonly shown: string; readonly stored: string };
  readonly #notesUses: boolean;

  /**
   * Prepares what reads and writes.
   *
   * @param name The function's name.
   * @param plan How it is cached.
   * @param store The store.
   * @param reports What reports failures.
   * @param counter What counts what is stored.
   */
  constructor(
    name: string,
    plan: CachePlan,
    store: AsyncStore,
    reports: CallReports,
    counter: Counter,
  ) {
    this.#plan = plan;
    this.#store = store;
    this.#reports = reports;
    this.#counter = counter;
    const { namespace, rights, bounds, outerBounds } = plan;
    this.#names = { shown: shownName(name, namespace), stored: storedName(name, namespace) };
    this.#notesUses = rights.write && [bounds, outerBounds].some((each) => evicts(each));
  }

  /** Gives what was found, if it counts by its age. */
  alive(found: StoredValue | undefined): StoredValue | undefined {
    return found === undefined || isAlive(found.writtenAt, this.#plan.storage) ? found : undefined;
  }

  /** Looks an entry up that counts. */
  async find(digest: Digest): Promise<StoredValue | undefined> {
    return this.alive(await this.#store.get(digest));
  }

  /** Looks many entries up that count. */
  async findMany(digests: readonly Digest[]): Promise<(StoredValue | undefined)[]> {
    return (await this.#store.getMany!(digests)).map((found) => this.alive(found));
  }

  /** Tells whether there is an entry that counts. */
  async has(digest: Digest): Promise<boolean> {
    const { storage } = this.#plan;
    if (storage.ttl !== Infinity) {
      const info = await this.#store.info(digest);
      if (info === undefined || !isAlive(info.writtenAt, storage)) return false;
    }
    return await this.#store.has(digest);
  }

  /** Looks for a stored error. */
  async findError(
    located: Located,
  ): Promise<{ error: unknown; digest: Digest; duration: number } | undefined> {
    const { storage } = this.#plan;
    const digest = errorDigest(located.digest);
    const found = await this.find(digest);
    if (found === undefined) return undefined;
    const { parts, codec, duration } = found;
    const error = decodeStored(parts, codec, storage.codec, this.#store.location);
    if (error === NO_CACHE) return undefined;
    noteStoredError(error);
    return { error, digest, duration };
  }

  /** Notes that an entry is used, where that counts. */
  use(digest: Digest): void {
    if (this.#notesUses) this.#store.touch(digest);
  }

  /** Encodes a result. If it is refused, what was stored before is removed: it would be a wrong hit from now on. */
  async encode(
    value: unknown,
    located: Located,
    flight?: AsyncFlight,
  ): Promise<Parts | undefined> {
    try {
      return encodeParts(this.#plan.storage.codec, value);
    } catch (error) {
      await this.#discard(located, flight);
      this.#reports.fail("Cannot encode result", error, located, { value });
      return undefined;
    }
  }

  /** Stores a result, in the place of an older one and of an error, unless it is outdated itself. */
  async write(
    encoded: Parts,
    value: unknown,
    target: Target,
    duration: number,
    flight?: AsyncFlight,
  ): Promise<void> {
    if (flight?.isOutdated) return;
    const { located } = target;
    asyncFlights.outdate(this.#store, located.digest, flight);
    try {
      const form = storedForm(encoded, this.#plan.storage);
      const outcome = { duration, promised: true };
      const put = resultChange(this.#plan, this.#names, target, form, outcome);
      // The error goes first: no store that commits change by change may leave it for later to be found.
      await this.#commit([...this.#errorRemovals(located), put]);
    } catch (error) {
      this.#reports.fail("Cannot write cache", error, located, { value });
    }
  }

  /** Stores an error that the function threw, if it is one to be stored. Nothing that goes wrong on the way is thrown. */
  async keepError(
    error: unknown,
    target: Target,
    duration: number,
    flight?: AsyncFlight,
  ): Promise<void> {
    const { cacheErrors } = this.#plan.control;
    if (cacheErrors === undefined || target.key === undefined) return;
    try {
      if (!isKeptError(error, cacheErrors)) return;
      const { digest } = target.located;
      // What was stored since the evaluation began is no result that an error of then could outdate.
      const older = await this.#store.info(digest);
      if ((older?.writtenAt ?? -Infinity) > target.begunAt || flight?.isOutdated) return;
      const codec = resolveCodec("structured");
      let encoded: Parts;
      try {
        encoded = encodeParts(codec, error);
      } catch (refusal) {
        await this.#discard(target.located, flight);
        throw refusal;
      }
      asyncFlights.outdate(this.#store, digest, flight);
      const form = storedForm(encoded, { ...this.#plan.storage, codec });
      const outcome = { duration, promised: true };
      const put = errorChange(this.#plan, this.#names, target, form, outcome);
      await this.#commit([{ type: "delete", digest }, put]);
      noteStoredError(error);
    } catch (failure) {
      this.#reports.warn(
        `Cannot store error that ${this.#reports.shown} threw: ${reasonOf(failure)}`,
      );
    }
  }

  /** Removes all that is stored of a call, and tells whether there was something to be seen. */
  async remove({ digest: of }: Located): Promise<boolean> {
    const { rights, control } = this.#plan;
    const digests: Digest[] = [];
    for (let index = 0; index < control.samples; index++) {
      const digest = sampleDigest(of, index);
      digests.push(digest, errorDigest(digest));
      asyncFlights.outdate(this.#store, digest);
    }
    const seen = rights.read ? await Promise.all(digests.map((digest) => this.has(digest))) : [];
    await this.#commit(digests.map((digest) => ({ type: "delete", digest })));
    return seen.includes(true);
  }

  // Whether there is one is not asked: that would take as long as to remove it.
  #errorRemovals({ digest }: Located): StoreChange[] {
    if (this.#plan.control.cacheErrors === undefined) return [];
    return [{ type: "delete", digest: errorDigest(digest) }];
  }

  async #discard(located: Located, flight?: AsyncFlight): Promise<void> {
    if (!this.#plan.rights.write || flight?.isOutdated) return;
    asyncFlights.outdate(this.#store, located.digest, flight);
    try {
      const { digest } = located;
      await this.#commit([...this.#errorRemovals(located), { type: "delete", digest }]);
    } catch (error) {
      this.#reports.warn(String(error), true);
    }
  }

  async #commit(changes: readonly StoreChange[]): Promise<void> {
    const { storage, bounds, outerBounds } = this.#plan;
    const store = this.#store;
    const part = changes.find(isPart);
    if (part !== undefined) expectParts(this.#store);
    const all = part === undefined ? changes : [...changes, makeNotice(part.writtenAt)];
    const options: AsyncCommitOptions = {
      ...(storage.sync === "none" ? {} : { sync: storage.sync }),
      ...(storage.ttl === Infinity ? {} : { keepFor: storage.ttl }),
    };
    const groups = [
      { functionName: this.#names.stored, bounds },
      ...(outerBounds === undefined ? [] : [{ functionName: undefined, bounds: outerBounds }]),
    ].filter(({ bounds }) => evicts(bounds) || bounds.ttl !== Infinity);
    const [first, ...others] = groups.map(({ functionName, bounds: { maxEntries, ...rest } }) => ({
      functionName,
      maxEntries: finiteOf(maxEntries),
      maxBytes: finiteOf(Math.min(rest.maxBytes, groups.at(-1)!.bounds.maxBytes)),
      writtenSince: rest.ttl === Infinity ? undefined : storage.now() - rest.ttl,
    }));
    await store.commit(all, first === undefined ? options : { ...options, limits: first });
    for (const limits of others) await store.commit([], { ...options, limits });
    const stores = changes.reduce((count, { type }) => type === "put" ? count + 1 : count, 0);
    this.#counter.committed(stores, 0);
  }
}

function isPart(change: StoreChange): change is PutChange {
  return change.type === "put" && isPartKey(change.key);
}

function evicts(bounds: Bounds | undefined): boolean {
  return bounds !== undefined && (bounds.maxEntries !== Infinity || bounds.maxBytes !== Infinity);
}

function finiteOf(bound: number): number | undefined {
  return Number.isFinite(bound) ? bound : undefined;
}
