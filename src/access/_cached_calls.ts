// Copyright 2026 the pecapiku authors. MIT license.

import { encodeParts } from "../codecs/encode_parts.ts";
import { addErrorContext, CacheError, type CacheErrorOptions } from "../errors/cache_error.ts";
import { CacheMissError } from "../errors/cache_miss_error.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { NO_CACHE, NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { Parts, Store, StoredKey, StoredValue } from "../stores/store.ts";
import type { AnyFunction } from "./cached_function.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { Commits, storedName } from "./_commits.ts";
import { Counter } from "./_counting.ts";
import { figures } from "./_deferred.ts";
import { decodeStored, findAlive, hasAlive, storedForm } from "./_entries.ts";
import { Flight } from "./_flight.ts";
import { report, warnOnce } from "./storage_options.ts";

/** The calls of one cached function: the one path of read, evaluate and write. */
export class CachedCalls {
  /** The original function. */
  readonly fn: AnyFunction;
  /** The function's name. */
  readonly name: string;
  readonly #plan: CachePlan;
  readonly #functionName: string;
  readonly #commits: Commits;
  readonly #counter: Counter;
  readonly #clock: { now(): number };

  /**
   * Prepares the calls of a function; nothing is opened yet.
   *
   * @param fn The function.
   * @param name Its name.
   * @param plan What is known about how it is cached.
   */
  constructor(fn: AnyFunction, name: string, plan: CachePlan) {
    this.fn = fn;
    this.name = name;
    this.#plan = plan;
    this.#functionName = storedName(name);
    const { place, rights, storage, bounds, outerBounds, meter = performance } = plan;
    this.#clock = meter;
    const own = { functionName: this.#functionName, bounds };
    const groups = outerBounds === undefined ? [own] : [own, { bounds: outerBounds }];
    this.#counter = new Counter(place, rights, storage, this.#functionName);
    this.#commits = new Commits(place, rights, storage, groups, this.#counter);
  }

  /** A call: read, else evaluate and write, as far as the rights go. */
  call(self: unknown, args: readonly unknown[]): unknown {
    const plan = this.#plan;
    const { meter } = plan;
    const since = meter?.now();
    let located: Located;
    try {
      located = plan.keys.locate(self, args);
    } catch (error) {
      return this.#callWithoutKey(error, self, args);
    }
    if (!plan.rights.read) return this.#evaluate(located, self, args, since);
    let store: Store;
    let found: StoredValue | undefined;
    try {
      store = plan.place.store;
      found = findAlive(store, located.digest, plan.storage);
    } catch (error) {
      const failure = this.#fail("Cannot read cache", error, located);
      return this.#evaluate(located, self, args, since, failure);
    }
    if (found !== undefined) {
      const { codec, parts, promised, duration } = found;
      const value = decodeStored(parts, codec, plan.storage.codec, store.location);
      if (value !== NO_CACHE) {
        this.#counter.hit(duration);
        if (this.#commits.notesUses) this.#commits.touch(located.digest);
        if (meter !== undefined) meter.hit(meter.now() - since!, store, located.digest);
        return promised ? Promise.resolve(value) : value;
      }
    }
    const flight = Flight.of(store, located.digest);
    // Joining an evaluation that won't be stored would lose what this call is to store.
    if (flight !== undefined && plan.rights.evaluate && (flight.stores || !plan.rights.write)) {
      // Who waits for an evaluation saves none of its time.
      return flight.join(() => this.#counter.hit(0), () => {
        this.#counter.miss();
        return this.#evaluate(located, self, args, undefined);
      });
    }
    this.#counter.miss();
    return this.#evaluate(located, self, args, since);
  }

  /** Evaluates whatever is stored, and writes. */
  rerun(self: unknown, args: readonly unknown[]): unknown {
    if (!this.#plan.rights.evaluate) {
      throw new CacheError(
        `Cannot rerun ${this.#shown}: the access ${this.#access} does not grant "e"`,
        { filePath: this.#location },
      );
    }
    const { read, write } = this.#plan.rights;
    if (!read && !write) return Reflect.apply(this.fn, self, args);
    const since = this.#plan.meter?.now();
    let located: Located;
    try {
      located = this.#plan.keys.locate(self, args);
    } catch (error) {
      return this.#callWithoutKey(error, self, args);
    }
    return this.#evaluate(located, self, args, since);
  }

  /** Looks up, and never evaluates. */
  get(self: unknown, args: readonly unknown[]): unknown {
    const { rights, place, storage } = this.#plan;
    if (!rights.read) return NO_CACHE;
    const located = this.#locate(self, args);
    if (located === undefined) return NO_CACHE;
    let found: StoredValue | undefined;
    try {
      found = findAlive(place.store, located.digest, storage);
    } catch (error) {
      this.#fail("Cannot read cache", error, located);
    }
    const value = found === undefined
      ? NO_CACHE
      : decodeStored(found.parts, found.codec, storage.codec, place.location);
    if (found === undefined || value === NO_CACHE) {
      this.#counter.miss();
      return NO_CACHE;
    }
    this.#counter.hit(found.duration);
    if (this.#commits.notesUses) this.#commits.touch(located.digest);
    return found.promised ? Promise.resolve(value) : value;
  }

  /** Tells whether there is an entry. */
  has(self: unknown, args: readonly unknown[]): boolean {
    if (!this.#plan.rights.read) return false;
    const located = this.#locate(self, args);
    if (located === undefined) return false;
    try {
      return hasAlive(this.#plan.place.store, located.digest, this.#plan.storage);
    } catch (error) {
      this.#fail("Cannot read cache", error, located);
      return false;
    }
  }

  /** Removes the entry, and tells whether there was one to be seen. */
  delete(self: unknown, args: readonly unknown[]): boolean {
    const { rights, place, storage } = this.#plan;
    if (!rights.write) {
      throw new CacheError(
        `Cannot delete result of ${this.#shown}: the access ${this.#access} does not grant "w"`,
        { filePath: this.#location },
      );
    }
    const located = this.#locate(self, args);
    if (located === undefined) return false;
    try {
      const seen = rights.read && hasAlive(place.store, located.digest, storage);
      this.#remove(located);
      return seen;
    } catch (error) {
      this.#fail("Cannot delete from cache", error, located);
      return false;
    }
  }

  /** Gives the digest, whatever `onError` says: it was asked for. */
  keyFor(self: unknown, args: readonly unknown[]): string {
    try {
      return this.#plan.keys.locate(self, args).digest;
    } catch (error) {
      throw this.#keyError(error);
    }
  }

  /** Tells what became of its calls, and what the store that keeps its results is like. */
  stats(): CacheStats {
    const { place, rights } = this.#plan;
    const tell = (reads: boolean) =>
      figures.statsOf(this.#counter, place, reads, this.#functionName);
    try {
      return tell(rights.read);
    } catch (error) {
      this.#fail("Cannot read cache", error, undefined);
      return tell(false);
    }
  }

  #callWithoutKey(error: unknown, self: unknown, args: readonly unknown[]): unknown {
    const failure = this.#reportKey(error);
    if (!this.#plan.rights.evaluate) throw this.#miss(undefined, failure);
    return Reflect.apply(this.fn, self, args);
  }

  #evaluate(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    since: number | undefined,
    failure?: CacheError,
  ): unknown {
    const { rights, keys } = this.#plan;
    if (!rights.evaluate) throw this.#miss(located, failure);
    let key: StoredKey | undefined;
    if (rights.write) {
      try {
        key = keys.describe(located, args);
      } catch (error) {
        this.#reportKey(error);
      }
    }
    const started = this.#clock.now();
    const spent = since === undefined ? 0 : started - since;
    const result = Reflect.apply(this.fn, self, args);
    if (result instanceof Promise) return this.#settle(result, located, key, started, spent);
    const ended = this.#clock.now();
    if (key !== undefined && !(result instanceof NoCache)) {
      const parts = this.#encode(result, located);
      if (parts !== undefined) this.#write(parts, result, located, key, ended - started, false);
    }
    this.#tell(started, ended, spent);
    return result;
  }

  #tell(started: number, ended: number, spent: number): void {
    const { meter } = this.#plan;
    if (meter !== undefined) meter.evaluated(spent + meter.now() - ended, ended - started);
  }

  #settle(
    promise: Promise<unknown>,
    located: Located,
    key: StoredKey | undefined,
    started: number,
    spent: number,
  ): Promise<unknown> {
    const flight = this.#takeOff(located, key !== undefined);
    return promise.then((value) => {
      const ended = this.#clock.now();
      flight?.end();
      const wanted = key !== undefined || flight?.isAwaited === true;
      let parts: Parts | undefined;
      try {
        if (wanted && !(value instanceof NoCache)) parts = this.#encode(value, located);
        if (parts !== undefined && key !== undefined) {
          this.#write(parts, value, located, key, ended - started, true);
        }
      } finally {
        flight?.land(parts, this.#plan.storage.codec, this.#location);
      }
      this.#tell(started, ended, spent);
      return value;
    }, (error) => {
      flight?.end();
      flight?.crash(error);
      throw error;
    });
  }

  // Without the right to read there is no looking at what others have, be it stored or under way.
  #takeOff(located: Located, stores: boolean): Flight | undefined {
    if (!this.#plan.rights.read) return undefined;
    try {
      return new Flight(this.#plan.place.store, located.digest, stores);
    } catch {
      // The store can't be opened. That was reported when it was read, or will be when it is written.
      return undefined;
    }
  }

  #encode(value: unknown, located: Located): Parts | undefined {
    try {
      return encodeParts(this.#plan.storage.codec, value);
    } catch (error) {
      this.#discard(located);
      this.#fail("Cannot encode result", error, located, { value });
      return undefined;
    }
  }

  // After a rerun whose result can't be stored, the older result would be a wrong hit.
  #discard(located: Located): void {
    if (!this.#plan.rights.write) return;
    try {
      this.#remove(located);
    } catch (error) {
      if (this.#plan.storage.onError === "warn") warnOnce(`${error}: ${this.#location}`);
    }
  }

  #remove({ digest }: Located): void {
    if (this.#plan.place.store.has(digest)) this.#commits.commit([{ type: "delete", digest }]);
  }

  #write(
    encoded: Parts,
    value: unknown,
    located: Located,
    key: StoredKey,
    duration: number,
    promised: boolean,
  ): void {
    const { storage } = this.#plan;
    try {
      const { codec, parts } = storedForm(encoded, storage);
      this.#commits.commit([{
        type: "put",
        digest: located.digest,
        codec,
        key,
        functionName: this.#functionName,
        writtenAt: storage.now(),
        duration,
        promised,
        parts,
      }]);
    } catch (error) {
      this.#fail("Cannot write cache", error, located, { value });
    }
  }

  #locate(self: unknown, args: readonly unknown[]): Located | undefined {
    try {
      return this.#plan.keys.locate(self, args);
    } catch (error) {
      this.#reportKey(error);
      return undefined;
    }
  }

  #reportKey(error: unknown): CacheError {
    const failure = this.#keyError(error);
    const { keys, storage } = this.#plan;
    if (keys.says?.(failure) !== true) report(failure, storage.onError);
    return failure;
  }

  #fail(
    action: string,
    error: unknown,
    located: Located | undefined,
    result?: { value: unknown },
  ): CacheError {
    const location = this.#location;
    const key = located === undefined ? {} : { key: located.key };
    const context: CacheErrorOptions = { filePath: location, ...key, ...result };
    const failure = error instanceof CacheError
      ? error
      : new CacheError(`${action}: ${location}: ${reasonOf(error)}`, { cause: error });
    addErrorContext(failure, context);
    report(failure, this.#plan.storage.onError);
    return failure;
  }

  #keyError(error: unknown): CacheError {
    const failure = error instanceof CacheError
      ? error
      : new UncacheableKeyError(`Cannot make key of ${this.#shown}: ${reasonOf(error)}`, {
        cause: error,
      });
    return addErrorContext(failure, { filePath: this.#location });
  }

  #miss(located: Located | undefined, cause: CacheError | undefined): CacheMissError {
    const location = this.#location;
    return new CacheMissError(
      `Cannot evaluate ${this.#shown}: nothing is cached for the call, and the access ` +
        `${this.#access} does not grant "e": ${location}`,
      {
        filePath: location,
        ...(located === undefined ? {} : { key: located.key }),
        ...(cause === undefined ? {} : { cause }),
      },
    );
  }

  get #location(): string {
    return this.#plan.place.location;
  }

  get #access(): string {
    return JSON.stringify(this.#plan.rights.text);
  }

  get #shown(): string {
    return this.name === "" ? "function" : this.name;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "it threw no error";
}
