// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { Apply } from "../batch/mapped_calls.ts";
import { isStreamName } from "../codecs/resolve_codec.ts";
import type { CacheError } from "../errors/cache_error.ts";
import { NO_CACHE, NoCache } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { Parts, Store, StoredValue } from "../stores/store.ts";
import type { CachedStreams } from "./_cached_streams.ts";
import { CallReports, isStoredError } from "./_call_reports.ts";
import { CallResults, makeTarget, type Target } from "./_call_results.ts";
import { figures, streamEntries, streams } from "./_deferred.ts";
import { decodeStored, findAlive, hasAlive, isStreamAt } from "./_entries.ts";
import { SampleTurns } from "./entry_parts.ts";
import { Flight } from "./_flight.ts";
import type { AnyFunction } from "./cached_function.ts";
import { isSwitchedOn } from "./function_options.ts";
import type { CachePlan, Located } from "./cache_plan.ts";

/** The calls of one cached function: the one path of read, evaluate and write. */
export class CachedCalls {
  /** The original function. */
  readonly fn: AnyFunction;
  /** The function's name. */
  readonly name: string;
  readonly #plan: CachePlan;
  readonly #reports: CallReports;
  readonly #results: CallResults;
  readonly #clock: { now(): number };
  /** Whose turn it is, where there are several results of a call. */
  readonly #turns: SampleTurns | undefined;
  /** What stores and replays streams, if the function gives any. */
  #streams: CachedStreams | undefined;

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
    this.#reports = new CallReports(name, plan);
    this.#results = new CallResults(name, plan, this.#reports);
    const { place, control, meter = performance } = plan;
    this.#clock = meter;
    this.#turns = control.samples > 1 ? new SampleTurns(control.samples, place) : undefined;
  }

  /** Whether it is known before a call what that will give, if it is cached: not where `when` or turns decide. */
  get isForeseeable(): boolean {
    return this.#turns === undefined && this.#plan.control.when === undefined;
  }

  /** A call: read, else evaluate (by `apply`) and write, as far as the rights go. */
  call(self: unknown, args: readonly unknown[], apply: Apply = Reflect.apply): unknown {
    const plan = this.#plan;
    const { meter, control } = plan;
    if (control.when !== undefined && !isSwitchedOn(control, this.#reports.shown, self, args)) {
      if (!plan.rights.evaluate) throw this.#reports.miss(undefined, undefined);
      return apply(this.fn, self, args);
    }
    const since = meter?.now();
    let located: Located;
    try {
      located = plan.keys.locate(self, args);
    } catch (error) {
      return this.#callWithoutKey(error, self, args, apply);
    }
    if (this.#turns !== undefined) located = this.#turns.locate(located, true);
    if (!plan.rights.read) return this.#evaluate(located, self, args, since, apply);
    let store: Store;
    let found: StoredValue | undefined;
    try {
      store = plan.place.store;
      found = findAlive(store, located.digest, plan.storage);
    } catch (error) {
      const failure = this.#reports.fail("Cannot read cache", error, located);
      return this.#evaluate(located, self, args, since, apply, failure);
    }
    if (found !== undefined) {
      const { codec, parts, promised, duration } = found;
      const value = isStreamName(codec)
        ? this.#replay(located, self, args, promised, true)
        : decodeStored(parts, codec, plan.storage.codec, store.location);
      if (value !== NO_CACHE) {
        this.#hit(store, located.digest, duration, since);
        return promised ? Promise.resolve(value) : value;
      }
    }
    if (control.cacheErrors !== undefined) {
      const thrown = this.#results.findError(store, located);
      if (thrown !== undefined) {
        this.#hit(store, thrown.digest, thrown.duration, since);
        if (thrown.promised) return Promise.reject(thrown.error);
        throw thrown.error;
      }
    }
    const flight = control.singleFlight === false ? undefined : Flight.of(store, located.digest);
    // Joining an evaluation that won't be stored would lose what this call is to store.
    if (flight !== undefined && plan.rights.evaluate && (flight.stores || !plan.rights.write)) {
      const { counter } = this.#results;
      // Who waits for an evaluation saves none of its time.
      return flight.join(() => counter.hit(0), () => {
        counter.miss();
        return this.#evaluate(located, self, args, undefined, apply);
      });
    }
    if (control.singleFlight === "store" && plan.rights.text === "rew") {
      return this.#evaluateInTurn(located, self, args, apply);
    }
    this.#results.counter.miss();
    return this.#evaluate(located, self, args, since, apply);
  }

  /** Tells whether an error would come again at the next call. */
  isStored(error: unknown): boolean {
    return isStoredError(this.#plan, error);
  }

  /** Evaluates whatever is stored, and writes. */
  rerun(self: unknown, args: readonly unknown[]): unknown {
    const { rights, control, meter, keys } = this.#plan;
    if (!rights.evaluate) throw this.#reports.denied("rerun", "e");
    const touchesCache = (rights.read || rights.write) &&
      isSwitchedOn(control, this.#reports.shown, self, args);
    if (!touchesCache) return Reflect.apply(this.fn, self, args);
    const since = meter?.now();
    let located: Located;
    try {
      located = keys.locate(self, args);
    } catch (error) {
      return this.#callWithoutKey(error, self, args, Reflect.apply);
    }
    if (this.#turns !== undefined) located = this.#turns.locate(located, true);
    return this.#evaluate(located, self, args, since, Reflect.apply);
  }

  /** Stores a result without evaluating. What is given in a promise is stored when it is there, as such. */
  prime(self: unknown, args: readonly unknown[], value: unknown): Promise<void> | undefined {
    const promise = value instanceof Promise ? value : undefined;
    // A rejection passes through what is returned. Where something is thrown instead, that is what the caller hears of.
    promise?.catch(() => {});
    if (!this.#plan.rights.write) throw this.#reports.denied("prime", "w");
    if (!Array.isArray(args)) {
      throw new TypeError(
        `Cannot prime ${this.#reports.shown}: expected an array of arguments: ${show(args)}`,
      );
    }
    const located = this.#locate(self, args);
    if (located === undefined) return promise?.then(() => undefined);
    // Made now: the arguments may change until the value is there.
    const target = makeTarget(this.#plan, this.#reports, located, args);
    if (promise !== undefined) return promise.then((result) => this.#store(result, target, true));
    this.#store(value, target, false);
    return undefined;
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
      this.#reports.fail("Cannot read cache", error, located);
    }
    const { commits, counter } = this.#results;
    const value = found === undefined
      ? NO_CACHE
      : isStreamName(found.codec)
      ? this.#replay(located, self, args, found.promised, false)
      : decodeStored(found.parts, found.codec, storage.codec, place.location);
    if (found === undefined || value === NO_CACHE) {
      counter.miss();
      return NO_CACHE;
    }
    counter.hit(found.duration);
    if (commits.notesUses) commits.touch(located.digest);
    return found.promised ? Promise.resolve(value) : value;
  }

  /** Tells whether there is an entry. */
  has(self: unknown, args: readonly unknown[]): boolean {
    if (!this.#plan.rights.read) return false;
    const located = this.#locate(self, args);
    if (located === undefined) return false;
    try {
      const { store } = this.#plan.place;
      return hasAlive(store, located.digest, this.#plan.storage) &&
        (!isStreamAt(store, located.digest) || streamEntries.hasStream(store, located.digest));
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, located);
      return false;
    }
  }

  /** Removes all that is stored of a call, and tells whether there was something to be seen. */
  delete(self: unknown, args: readonly unknown[]): boolean {
    if (!this.#plan.rights.write) throw this.#reports.denied("delete result of", "w");
    let located: Located;
    try {
      located = this.#plan.keys.locate(self, args);
    } catch (error) {
      this.#reports.failKey(error);
      return false;
    }
    try {
      return this.#results.remove(located);
    } catch (error) {
      this.#reports.fail("Cannot delete from cache", error, located);
      return false;
    }
  }

  /** Gives the digest, whatever `onError` says: it was asked for. */
  keyFor(self: unknown, args: readonly unknown[]): string {
    try {
      return this.#plan.keys.locate(self, args).digest;
    } catch (error) {
      throw this.#reports.keyError(error);
    }
  }

  /** Tells what became of its calls, and what the store that keeps its results is like. */
  stats(): CacheStats {
    return figures.statsOfCalls(this.#plan, this.#results, this.#reports);
  }

  #hit(store: Store, digest: string, duration: number, since: number | undefined): void {
    const { commits, counter } = this.#results;
    counter.hit(duration);
    const { meter } = this.#plan;
    if (commits.notesUses) commits.touch(digest);
    if (meter !== undefined) meter.hit(meter.now() - since!, store, digest);
  }

  async #evaluateInTurn(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
  ): Promise<unknown> {
    const { place, keys } = this.#plan;
    const { computeInTurn } = await import("./_compute_turns.ts");
    const base = located.sample?.of ?? located.digest;
    const evaluate = (): unknown => {
      this.#results.counter.miss();
      let now: string | undefined;
      try {
        now = keys.locate(self, args).digest;
      } catch {
        // What they are now has no key.
      }
      // Arguments that were changed while it waited are those of another call, and nothing is stored of that.
      return now === base
        ? this.#evaluate(located, self, args, undefined, apply)
        : apply(this.fn, self, args);
    };
    const find = () => this.#find(located, self, args);
    const turn = { location: place.location, digest: located.digest, find, evaluate };
    return await computeInTurn(turn, this.#reports);
  }

  /** Looks up what somebody else has computed; throws a stored error. */
  #find(
    located: Located,
    self: unknown,
    args: readonly unknown[],
  ): { readonly value: unknown } | undefined {
    const { place, storage, control } = this.#plan;
    try {
      const found = findAlive(place.store, located.digest, storage);
      if (found !== undefined) {
        const { codec, parts, promised, duration } = found;
        const value = isStreamName(codec)
          ? this.#replay(located, self, args, promised, true)
          : decodeStored(parts, codec, storage.codec, place.location);
        if (value !== NO_CACHE) {
          this.#noteHit(located.digest, duration);
          return { value };
        }
      }
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, located);
    }
    if (control.cacheErrors === undefined) return undefined;
    const thrown = this.#results.findError(place.store, located);
    if (thrown === undefined) return undefined;
    this.#noteHit(thrown.digest, thrown.duration);
    throw thrown.error;
  }

  #noteHit(digest: string, duration: number): void {
    const { commits, counter } = this.#results;
    counter.hit(duration);
    if (commits.notesUses) commits.touch(digest);
  }

  #callWithoutKey(
    error: unknown,
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
  ): unknown {
    const failure = this.#reports.failKey(error);
    if (!this.#plan.rights.evaluate) throw this.#reports.miss(undefined, failure);
    return apply(this.fn, self, args);
  }

  #evaluate(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    since: number | undefined,
    apply: Apply,
    failure?: CacheError,
  ): unknown {
    const { rights } = this.#plan;
    if (!rights.evaluate) throw this.#reports.miss(located, failure);
    const target = makeTarget(this.#plan, this.#reports, located, args);
    const started = this.#clock.now();
    const spent = since === undefined ? 0 : started - since;
    let result: unknown;
    try {
      result = apply(this.fn, self, args);
    } catch (error) {
      this.#keepError(error, target, started, false);
      throw error;
    }
    if (result instanceof Promise) return this.#settle(result, target, started, spent);
    if (isStream(result)) return this.#record(result, target, false);
    const ended = this.#clock.now();
    if (target.key !== undefined && !(result instanceof NoCache)) {
      const parts = this.#results.encode(result, located);
      const outcome = { duration: ended - started, promised: false };
      if (parts !== undefined) this.#results.write(parts, result, target, outcome);
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
    target: Target,
    started: number,
    spent: number,
  ): Promise<unknown> {
    const { located, key } = target;
    const flight = this.#takeOff(located, key !== undefined);
    return promise.then((value) => {
      const ended = this.#clock.now();
      if (isStream(value)) {
        flight?.end();
        // A stream can be read once: whoever waits evaluates for itself.
        flight?.land(undefined, this.#plan.storage.codec, this.#plan.place.location);
        return this.#record(value, target, true);
      }
      const wanted = key !== undefined || flight?.isAwaited === true;
      let parts: Parts | undefined;
      try {
        if (wanted && !(value instanceof NoCache)) {
          parts = this.#results.encode(value, located, flight);
        }
        if (parts !== undefined && key !== undefined) {
          const outcome = { duration: ended - started, promised: true };
          this.#results.write(parts, value, target, outcome, flight);
        }
      } finally {
        flight?.end();
        flight?.land(parts, this.#plan.storage.codec, this.#plan.place.location);
      }
      this.#tell(started, ended, spent);
      return value;
    }, (error) => {
      this.#keepError(error, target, started, true, flight);
      flight?.end();
      flight?.crash(error);
      throw error;
    });
  }

  #keepError(
    error: unknown,
    target: Target,
    started: number,
    promised: boolean,
    flight?: Flight,
  ): void {
    if (this.#plan.control.cacheErrors === undefined) return;
    const duration = this.#clock.now() - started;
    this.#results.keepError(error, target, { duration, promised }, flight);
  }

  // Without the right to read there is no looking at what others have, be it stored or under way.
  #takeOff(located: Located, stores: boolean): Flight | undefined {
    const { rights, control } = this.#plan;
    if (!rights.read || control.singleFlight === false) return undefined;
    try {
      return new Flight(this.#plan.place.store, located.digest, stores);
    } catch {
      // The store can't be opened. That was reported when it was read, or will be when it is written.
      return undefined;
    }
  }

  #replay(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    promised: boolean,
    evaluates: boolean,
  ): unknown {
    return this.#streamsOf().replay(located, self, args, promised, evaluates) ?? NO_CACHE;
  }

  #record(stream: ReadableStream<unknown>, target: Target, promised: boolean): unknown {
    const key = target.key === undefined ? undefined : this.#results.keyOf(target);
    return this.#streamsOf().record(stream, target.located, key, promised);
  }

  #streamsOf(): CachedStreams {
    return this.#streams ??= new streams.CachedStreams(
      this.fn,
      this.name,
      this.#plan,
      this.#results,
    );
  }

  #store(value: unknown, target: Target, promised: boolean): void {
    if (value instanceof NoCache) {
      throw new TypeError(`Cannot prime ${this.#reports.shown}: not a result: ${value}`);
    }
    if (isStream(value)) {
      throw new TypeError(
        `Cannot prime ${this.#reports.shown}: a stream, which is stored as it is read`,
      );
    }
    if (target.key === undefined) return;
    const parts = this.#results.encode(value, target.located);
    if (parts === undefined) return;
    this.#results.write(parts, value, target, { duration: 0, promised });
  }

  #locate(self: unknown, args: readonly unknown[]): Located | undefined {
    try {
      const located = this.#plan.keys.locate(self, args);
      return this.#turns === undefined ? located : this.#turns.locate(located, false);
    } catch (error) {
      this.#reports.failKey(error);
      return undefined;
    }
  }
}

// Of one that is locked nobody can read: it is refused, as all is that can't be encoded.
function isStream(value: unknown): value is ReadableStream<unknown> {
  return typeof value === "object" && value instanceof ReadableStream && !value.locked;
}
