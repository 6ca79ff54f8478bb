// Copyright 2026 the pecapiku authors. MIT license.

import type { Apply } from "../batch/mapped_calls.ts";
import { isStreamName } from "../codecs/resolve_codec.ts";
import type { CacheError } from "../errors/cache_error.ts";
import { NO_CACHE, NoCache } from "../no_cache.ts";
import type { AsyncStore, Lease } from "../stores/async_store.ts";
import type { Digest, Parts, StoredValue } from "../stores/store.ts";
import { AsyncFlight } from "./_async_flight.ts";
import { AsyncResults } from "./_async_results.ts";
import type { CallReports } from "./_call_reports.ts";
import { makeTarget, type Target } from "./_call_results.ts";
import type { Counter } from "./_counting.ts";
import { copyParts, decodeStored } from "./_entries.ts";
import { SampleTurns } from "./entry_parts.ts";
import type { MadeKey } from "./_late_calls.ts";
import { StoreLeases } from "./_store_leases.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import type { AnyFunction } from "./cached_function.ts";

/** What a call is answered with. */
type Answer =
  | { readonly value: unknown }
  | { readonly thrown: unknown };

/** What a look-up found: the entry as it is stored, too, for those who wait for it in this process. */
interface Hit {
  readonly answer: Answer;
  readonly stored: { readonly codec: string; readonly parts: Parts } | undefined;
  readonly digest: Digest;
  readonly duration: number;
}

/** How often a call begins again whose arguments were changed while the store was asked. */
const MOST_CHANGES = 2;

/** The calls of one async function whose store answers in promises: the one path of read, evaluate and write. */
export class AsyncCalls {
  readonly #fn: AnyFunction;
  readonly #plan: CachePlan;
  readonly #store: AsyncStore;
  readonly #reports: CallReports;
  readonly #counter: Counter;
  readonly #results: AsyncResults;
  readonly #turns: SampleTurns | undefined;
  readonly #leases: StoreLeases | undefined;

  /**
   * Makes what answers calls.
   *
   * @param fn The function, and its name.
   * @param plan How it is cached.
   * @param store The store.
   * @param reports What reports failures.
   * @param counter What counts hits and misses.
   */
  constructor(
    { fn, name }: { readonly fn: AnyFunction; readonly name: string },
    plan: CachePlan,
    store: AsyncStore,
    reports: CallReports,
    counter: Counter,
  ) {
    this.#fn = fn;
    this.#plan = plan;
    this.#store = store;
    this.#reports = reports;
    this.#counter = counter;
    this.#results = new AsyncResults(name, plan, store, reports, counter);
    const { control, rights, place } = plan;
    this.#turns = control.samples > 1 ? new SampleTurns(control.samples, place) : undefined;
    const { singleFlight = "store" } = control;
    // Who can't look can't wait for others, and nobody has anything of an evaluation that is not stored.
    if (singleFlight === "store" && store.lease !== undefined && rights.read && rights.write) {
      this.#leases = new StoreLeases(store, control.leaseDuration, reports);
    }
  }

  /** A call: read, else evaluate (by `apply`) and write, as far as the rights go. */
  async call(
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
    key: MadeKey,
  ): Promise<unknown> {
    for (let made = key, changes = 0;; changes++) {
      if ("error" in made) return await this.#callWithoutKey(made.error, self, args, apply);
      const answer = await this.#answer(made.located, self, args, apply, changes);
      if (answer !== undefined) return valueOf(answer);
      // What the function would be given now is not what the look-up was about.
      made = this.#locate(self, args);
    }
  }

  /** Evaluates whatever is stored, and writes. */
  async rerun(self: unknown, args: readonly unknown[]): Promise<unknown> {
    // Made now, and not at the call: this module may have been loaded since then, and the arguments changed.
    const key = this.#locate(self, args);
    if ("error" in key) return await this.#callWithoutKey(key.error, self, args, Reflect.apply);
    const located = this.#turns?.locate(key.located, true) ?? key.located;
    const flight = this.#takeOff(located, this.#plan.rights.write);
    const target = makeTarget(this.#plan, this.#reports, located, args);
    return await this.#evaluate(target, self, args, Reflect.apply, flight);
  }

  /** Stores a result, when it is there, without evaluating. */
  async prime(target: Target, promise: Promise<unknown>): Promise<void> {
    const located = this.#turns?.locate(target.located, false) ?? target.located;
    const value = await promise;
    if (value instanceof NoCache) {
      throw new TypeError(`Cannot prime ${this.#reports.shown}: not a result: ${value}`);
    }
    if (value instanceof ReadableStream) {
      throw new TypeError(
        `Cannot prime ${this.#reports.shown}: a stream, which can't be stored over a network`,
      );
    }
    const placed = { ...target, located };
    const encoded = await this.#results.encode(value, located);
    if (encoded !== undefined) await this.#results.write(encoded, value, placed, 0);
  }

  /** Looks up, and never evaluates. */
  async get(key: MadeKey): Promise<unknown> {
    const located = this.#seen(key);
    if (located === undefined) return NO_CACHE;
    let found: StoredValue | undefined;
    try {
      found = await this.#results.find(located.digest);
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, located);
    }
    return this.#given(found, located.digest);
  }

  /** Looks many calls up, and never evaluates. */
  async getMany(keys: readonly MadeKey[]): Promise<unknown[]> {
    const { getMany } = this.#store;
    const located = keys.map((key) => "error" in key ? undefined : key.located);
    // One by one, each reports by itself what is wrong with it.
    if (
      getMany === undefined || !this.#plan.rights.read || this.#turns || located.includes(undefined)
    ) {
      return await Promise.all(keys.map((key) => this.get(key)));
    }
    const digests = located.map((each) => each!.digest);
    const found = await this.#results.findMany(digests);
    return found.map((each, at) => this.#given(each, digests[at]!));
  }

  /** Tells whether there is an entry. */
  async has(key: MadeKey): Promise<boolean> {
    const located = this.#seen(key);
    if (located === undefined) return false;
    try {
      return await this.#results.has(located.digest);
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, located);
      return false;
    }
  }

  /** Removes all that is stored of a call, and tells whether there was something to be seen. */
  async delete(key: MadeKey): Promise<boolean> {
    if ("error" in key) {
      this.#reports.failKey(key.error);
      return false;
    }
    try {
      return await this.#results.remove(key.located);
    } catch (error) {
      this.#reports.fail("Cannot delete from cache", error, key.located);
      return false;
    }
  }

  /** Answers a call; gives `undefined` if its arguments were changed on the way. */
  async #answer(
    base: Located,
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
    changes: number,
  ): Promise<Answer | undefined> {
    const { rights, control } = this.#plan;
    const located = this.#turns?.locate(base, true) ?? base;
    let failure: CacheError | undefined;
    if (rights.read) {
      try {
        // Each `async` function on the way of a hit takes its time.
        const hit = this.#hitOf(await this.#store.get(located.digest), located.digest) ??
          (control.cacheErrors === undefined ? undefined : await this.#errorHit(located));
        if (hit !== undefined) return this.#take(hit);
      } catch (error) {
        failure = this.#reports.fail("Cannot read cache", error, located);
      }
    }
    if (!rights.evaluate) throw this.#reports.miss(located, failure);
    const other = control.singleFlight === false || !rights.read
      ? undefined
      : AsyncFlight.of(this.#store, located.digest);
    // Joining an evaluation that won't be stored would lose what this call is to store.
    if (other !== undefined && (other.stores || !rights.write)) {
      const landed = await other.landed;
      const value = landed === undefined ? NO_CACHE : this.#decode(landed.parts, landed.codec);
      if (value !== NO_CACHE) {
        // Who waits for an evaluation saves none of its time.
        this.#counter.hit(0);
        return { value };
      }
    }
    const flight = this.#takeOff(located, rights.write);
    let lease: Lease | undefined;
    try {
      if (this.#leases !== undefined && failure === undefined && other === undefined) {
        const taken = await this.#leases.take(located.digest, () => this.#lookUp(located));
        if (taken.found !== undefined) {
          const { found } = taken;
          if ("thrown" in found.answer) flight?.crash(found.answer.thrown);
          else flight?.land(found.stored);
          return this.#take(found);
        }
        lease = taken.lease;
      }
      const now = this.#locate(self, args);
      const isSame = "located" in now && now.located.digest === base.digest;
      if (!isSame && changes < MOST_CHANGES) return undefined;
      if (rights.read && failure === undefined) this.#counter.miss();
      // What comes of other arguments is neither for who waits for these, nor to be stored.
      const evaluate = () =>
        isSame
          ? this.#evaluate(
            makeTarget(this.#plan, this.#reports, located, args),
            self,
            args,
            apply,
            flight,
          )
          : apply(this.#fn, self, args);
      const value = lease === undefined
        ? await evaluate()
        : await this.#leases!.keepWhile(lease, async () => await evaluate());
      return { value };
    } finally {
      // Nothing, if it has landed.
      flight?.land(undefined);
      if (lease !== undefined) await this.#leases!.release(lease);
    }
  }

  async #evaluate(
    target: Target,
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
    flight: AsyncFlight | undefined,
  ): Promise<unknown> {
    const started = performance.now();
    let value: unknown;
    try {
      value = await apply(this.#fn, self, args);
    } catch (error) {
      const duration = performance.now() - started;
      await this.#results.keepError(error, target, duration, flight);
      flight?.crash(error);
      throw error;
    }
    const duration = performance.now() - started;
    const isWanted = target.key !== undefined || flight?.isAwaited === true;
    let encoded: Parts | undefined;
    try {
      if (isWanted && !(value instanceof NoCache)) {
        encoded = await this.#results.encode(value, target.located, flight);
      }
      if (encoded !== undefined && target.key !== undefined) {
        await this.#results.write(encoded, value, target, duration, flight);
      }
    } finally {
      // What others have of it must not change with what this caller does to its own.
      const parts = encoded !== undefined && flight?.isAwaited ? copyParts(encoded) : encoded;
      flight?.land(parts && { codec: this.#plan.storage.codec.name, parts });
    }
    return value;
  }

  async #lookUp(located: Located): Promise<Hit | undefined> {
    const { digest } = located;
    const hit = this.#hitOf(await this.#store.get(digest), digest);
    if (hit !== undefined || this.#plan.control.cacheErrors === undefined) return hit;
    return await this.#errorHit(located);
  }

  #hitOf(given: StoredValue | undefined, digest: Digest): Hit | undefined {
    const found = this.#results.alive(given);
    // Chunks of a stream, from a local function, can't be had one by one.
    if (found === undefined || isStreamName(found.codec)) return undefined;
    // Before it is decoded: values may share memory with the bytes.
    const stored = AsyncFlight.of(this.#store, digest) !== undefined
      ? { codec: found.codec, parts: copyParts(found.parts) }
      : undefined;
    const value = this.#decode(found.parts, found.codec);
    if (value === NO_CACHE) return undefined;
    return { answer: { value }, stored, digest, duration: found.duration };
  }

  async #errorHit(located: Located): Promise<Hit | undefined> {
    const error = await this.#results.findError(located);
    if (error === undefined) return undefined;
    return {
      answer: { thrown: error.error },
      stored: undefined,
      digest: error.digest,
      duration: error.duration,
    };
  }

  #take({ answer, digest, duration }: Hit): Answer {
    this.#counter.hit(duration);
    this.#results.use(digest);
    return answer;
  }

  #given(found: StoredValue | undefined, digest: Digest): unknown {
    const value = found === undefined || isStreamName(found.codec)
      ? NO_CACHE
      : this.#decode(found.parts, found.codec);
    if (found === undefined || value === NO_CACHE) {
      this.#counter.miss();
      return NO_CACHE;
    }
    this.#counter.hit(found.duration);
    this.#results.use(digest);
    return value;
  }

  #decode(parts: Parts, codec: string): unknown {
    return decodeStored(parts, codec, this.#plan.storage.codec, this.#store.location);
  }

  async #callWithoutKey(
    error: unknown,
    self: unknown,
    args: readonly unknown[],
    apply: Apply,
  ): Promise<unknown> {
    const failure = this.#reports.failKey(error);
    if (!this.#plan.rights.evaluate) throw this.#reports.miss(undefined, failure);
    return await apply(this.#fn, self, args);
  }

  // Without the right to read there is no looking at what others have, be it stored or under way.
  #takeOff({ digest }: Located, stores: boolean): AsyncFlight | undefined {
    const { rights, control } = this.#plan;
    if (!rights.read || control.singleFlight === false) return undefined;
    return new AsyncFlight(this.#store, digest, stores);
  }

  #locate(self: unknown, args: readonly unknown[]): MadeKey {
    try {
      return { located: this.#plan.keys.locate(self, args) };
    } catch (error) {
      return { error };
    }
  }

  /** Where to look, of a handle that evaluates nothing; `undefined` if nothing is to be seen. */
  #seen(key: MadeKey): Located | undefined {
    if (!this.#plan.rights.read) return undefined;
    if ("error" in key) {
      this.#reports.failKey(key.error);
      return undefined;
    }
    return this.#turns?.locate(key.located, false) ?? key.located;
  }
}

function valueOf(answer: Answer): unknown {
  if ("thrown" in answer) throw answer.thrown;
  return answer.value;
}
