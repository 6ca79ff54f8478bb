// Copyright 2026 the pecapiku authors. MIT license.

import { CacheMissError } from "../errors/cache_miss_error.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { StoredKey } from "../stores/store.ts";
import type { AnyFunction } from "./cached_function.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import { CallReports, reasonOf } from "./_call_reports.ts";
import { CallResults } from "./_call_results.ts";
import { figures } from "./_deferred.ts";
import { hasAlive } from "./_entries.ts";
import { isSwitchedOn } from "./function_options.ts";
import { isByteStream, makeAsyncGenerator, makeGenerator, makeStream } from "./_stream_drivers.ts";
import {
  chunkRemovalsAt,
  findManifest,
  isWhole,
  type Replay,
  runRemovalsAt,
  type StreamKind,
} from "./stream_entries.ts";
import { makeStreamSubject, type StreamSubject } from "./_stream_recorder.ts";
import { type StreamCall, StreamSession } from "./_stream_session.ts";

/** What goes wrong in the calls of a function that gives chunks, as errors that say where. */
export class StreamReports extends CallReports {
  readonly #location: () => string;

  /**
   * Makes what reports.
   *
   * @param name The function's name.
   * @param plan How it is cached.
   */
  constructor(name: string, plan: CachePlan) {
    super(name, plan);
    this.#location = () => plan.place.location;
  }

  /** Does what nobody waits for. That it fails is said on the console, unless errors are ignored. */
  quietly(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.warn(`Cannot remove what is left of a run: ${reasonOf(error)}`);
    }
  }

  /** Makes the error of a replay that can't go on. */
  lost(located: Located, given: number, reason: string): CacheMissError {
    const filePath = this.#location();
    return new CacheMissError(
      `Cannot go on with ${this.shown}: behind chunk ${given} nothing is cached any more, and ` +
        `${reason}: ${filePath}`,
      { filePath, key: located.key },
    );
  }
}

/** What a generator function is. */
export type GeneratorKind = "generator" | "async generator";

/** The calls of one cached generator function. */
export class CachedGenerators {
  /** The original function. */
  readonly fn: AnyFunction;
  /** The function's name. */
  readonly name: string;
  /** It is not mapped over, so nobody asks. */
  readonly isForeseeable = false;
  readonly #kind: GeneratorKind;
  readonly #results: CallResults;
  readonly #subject: StreamSubject;
  readonly #reports: StreamReports;

  /**
   * Prepares the calls of a function; nothing is opened yet.
   *
   * @param fn The function.
   * @param name Its name.
   * @param kind What it is.
   * @param plan How it is cached.
   */
  constructor(fn: AnyFunction, name: string, kind: GeneratorKind, plan: CachePlan) {
    this.fn = fn;
    this.name = name;
    this.#kind = kind;
    this.#reports = new StreamReports(name, plan);
    this.#results = new CallResults(name, plan, this.#reports);
    this.#subject = makeStreamSubject(name, plan, this.#results);
  }

  /** A call: a generator that looks the call up when it is asked for its first chunk, and else evaluates and stores. */
  call(self: unknown, args: readonly unknown[]): unknown {
    const { plan: { rights, control } } = this.#subject;
    if (isSwitchedOn(control, this.#reports.shown, self, args)) return this.#open(self, args, true);
    if (!rights.evaluate) throw this.#reports.miss(undefined, undefined);
    return Reflect.apply(this.fn, self, args);
  }

  /** Stores nothing: chunks are stored as they are given. */
  prime(): never {
    throw new TypeError(
      `Cannot prime ${this.#reports.shown}: a generator function, whose chunks are stored as it gives them`,
    );
  }

  /** A generator that evaluates whatever is stored. */
  rerun(self: unknown, args: readonly unknown[]): unknown {
    const { rights, control } = this.#subject.plan;
    if (!rights.evaluate) throw this.#reports.denied("rerun", "e");
    return rights.write && isSwitchedOn(control, this.#reports.shown, self, args)
      ? this.#open(self, args, false)
      : Reflect.apply(this.fn, self, args);
  }

  /** Looks up at once, and never evaluates. */
  get(self: unknown, args: readonly unknown[]): unknown {
    if (!this.#subject.plan.rights.read) return NO_CACHE;
    const located = this.#locate(self, args);
    if (located === undefined) return NO_CACHE;
    const call = this.#callOf(self, args, located, { looksUp: true, evaluate: undefined });
    const replay = this.#session(call).find();
    return replay === undefined ? NO_CACHE : this.#make(this.#session(call, replay));
  }

  /** Tells whether there is a whole run. */
  has(self: unknown, args: readonly unknown[]): boolean {
    const { rights, place, storage } = this.#subject.plan;
    if (!rights.read) return false;
    const located = this.#locate(self, args);
    if (located === undefined) return false;
    try {
      const { digest } = located;
      if (!hasAlive(place.store, digest, storage)) return false;
      const manifest = findManifest(place.store, digest);
      return manifest?.kind === this.#kind && isWhole(place.store, digest, manifest);
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, located);
      return false;
    }
  }

  /** Removes what is stored, and tells whether there was something to be seen. */
  delete(self: unknown, args: readonly unknown[]): boolean {
    const { plan: { rights, place }, commits } = this.#subject;
    if (!rights.write) throw this.#reports.denied("delete result of", "w");
    const located = this.#locate(self, args);
    if (located === undefined) return false;
    try {
      const seen = this.has(self, args);
      const { digest } = located;
      const { store } = place;
      const changes = runRemovalsAt(store, digest);
      if (store.has(digest)) {
        changes.push({ type: "delete", digest }, ...chunkRemovalsAt(store, digest));
      }
      if (changes.length > 0) commits.commit(changes);
      return seen;
    } catch (error) {
      this.#reports.fail("Cannot delete from cache", error, located);
      return false;
    }
  }

  /** The digest under which the result of a call is stored. */
  keyFor(self: unknown, args: readonly unknown[]): string {
    return this.#subject.plan.keys.locate(self, args).digest;
  }

  /** Tells what became of its calls, and what the store that keeps its results is like. */
  stats(): CacheStats {
    return figures.statsOfCalls(this.#subject.plan, this.#results, this.#reports);
  }

  #open(self: unknown, args: readonly unknown[], looksUp: boolean): unknown {
    const { plan: { rights, keys } } = this.#subject;
    let located: Located;
    try {
      located = keys.locate(self, args);
    } catch (error) {
      const failure = this.#reports.failKey(error);
      if (!rights.evaluate) throw this.#reports.miss(undefined, failure);
      return Reflect.apply(this.fn, self, args);
    }
    // Parameters get their values at the call, the body runs at the first step: so it is with the original.
    const generator = rights.evaluate ? Reflect.apply(this.fn, self, args) : undefined;
    const evaluate = rights.evaluate ? (): unknown => generator : undefined;
    return this.#make(this.#session(this.#callOf(self, args, located, { looksUp, evaluate })));
  }

  #callOf(
    self: unknown,
    args: readonly unknown[],
    located: Located,
    how: Pick<StreamCall, "looksUp" | "evaluate">,
  ): StreamCall {
    return { self, args, located, kind: this.#kind, promised: false, ...how };
  }

  #session(call: StreamCall, replay?: Replay): StreamSession {
    return new StreamSession(this.#subject, this.#reports, call, replay);
  }

  #make(session: StreamSession): unknown {
    return this.#kind === "generator" ? makeGenerator(session) : makeAsyncGenerator(session);
  }

  #locate(self: unknown, args: readonly unknown[]): Located | undefined {
    try {
      return this.#subject.plan.keys.locate(self, args);
    } catch (error) {
      this.#reports.failKey(error);
      return undefined;
    }
  }
}

/** The streams that the calls of one cached function gave, or give now. */
export class CachedStreams {
  readonly #fn: AnyFunction;
  readonly #subject: StreamSubject;
  readonly #reports: StreamReports;

  /**
   * Prepares the streams of a function.
   *
   * @param fn The function.
   * @param name Its name.
   * @param plan How it is cached.
   * @param results What stores the results of its calls.
   */
  constructor(fn: AnyFunction, name: string, plan: CachePlan, results: CallResults) {
    this.#fn = fn;
    this.#subject = makeStreamSubject(name, plan, results);
    this.#reports = new StreamReports(name, plan);
  }

  /**
   * Gives a stream again that is stored.
   *
   * @param located Where it is.
   * @param self The `this` of the call.
   * @param args Its arguments.
   * @param promised Whether it was given in a promise.
   * @param evaluates Whether the function may be evaluated if chunks get lost on the way.
   * @returns The stream; `undefined` if it is not all there.
   */
  replay(
    located: Located,
    self: unknown,
    args: readonly unknown[],
    promised: boolean,
    evaluates: boolean,
  ): ReadableStream<unknown> | undefined {
    const evaluate = (): unknown => this.#evaluate(self, args);
    const call: StreamCall = {
      ...{ self, args, located, kind: "stream", promised, looksUp: true },
      evaluate: evaluates && this.#subject.plan.rights.evaluate ? evaluate : undefined,
    };
    const replay = new StreamSession(this.#subject, this.#reports, call).find();
    if (replay === undefined) return undefined;
    const { kind } = replay.manifest;
    const session = new StreamSession(this.#subject, this.#reports, { ...call, kind }, replay);
    return makeStream(session, kind === "bytes");
  }

  /**
   * Takes a stream that the function gave, to store its chunks when the consumer asks for them.
   *
   * @param stream The stream, which is not locked. It is from now on.
   * @param located Where it is to be.
   * @param key The key that is kept with it; `undefined` if nothing is to be written.
   * @param promised Whether it was given in a promise.
   * @returns The stream for the consumer.
   */
  record(
    stream: ReadableStream<unknown>,
    located: Located,
    key: StoredKey | undefined,
    promised: boolean,
  ): ReadableStream<unknown> {
    if (key === undefined) return stream;
    const isBytes = isByteStream(stream);
    const kind: StreamKind = isBytes ? "bytes" : "stream";
    const session = new StreamSession(this.#subject, this.#reports, {
      ...{ self: undefined, args: [], located, kind, promised, key, looksUp: false },
      evaluate: () => stream,
    });
    session.begin();
    return makeStream(session, isBytes, stream);
  }

  async #evaluate(self: unknown, args: readonly unknown[]): Promise<unknown> {
    const made: unknown = await Reflect.apply(this.#fn, self, args);
    if (made instanceof ReadableStream) return made;
    throw new TypeError(
      `Cannot go on with stream of ${this.#reports.shown}: evaluated again, it gave none`,
    );
  }
}
