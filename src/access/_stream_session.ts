// Copyright 2026 the pecapiku authors. MIT license.

import { encodeParts } from "../codecs/encode_parts.ts";
import type { CacheMissError } from "../errors/cache_miss_error.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import type { Parts, StoredKey } from "../stores/store.ts";
import type { Located } from "./cache_plan.ts";
import type { StreamReports } from "./_cached_streams.ts";
import { findAlive } from "./_entries.ts";
import { errorRemovalsOf, removalsOf } from "./_removals.ts";
import {
  chunkDigest,
  decodeManifest,
  GivenChunks,
  isStreamKind,
  isWhole,
  type Manifest,
  Replay,
  type StreamKind,
} from "./stream_entries.ts";
import { Recorder, type StreamSubject, sweepRuns } from "./_stream_recorder.ts";

/** One call of a function that gives chunks. */
export interface StreamCall {
  /** The `this` of the call. */
  readonly self: unknown;
  /** The arguments. */
  readonly args: readonly unknown[];
  /** Where the result is. */
  readonly located: Located;
  /** What gives the chunks. */
  readonly kind: StreamKind;
  /** Whether the function gives the stream in a promise. */
  readonly promised: boolean;
  /** The key that is kept with the entry, where it was made already; `undefined` where nothing is to be written. */
  readonly key?: StoredKey | undefined;
  /** Whether what is stored is looked up. */
  readonly looksUp: boolean;
  /** Makes what gives the chunks: the generator, or the stream; `undefined` if the function is not to be evaluated. */
  readonly evaluate: (() => unknown) | undefined;
}

/**
 * What one consumer of a call gets, in steps: first what is stored, as long as it is there, then what the function gives. What
 * waits for the function's chunks is not in here, so that it can be sync or async.
 */
export class StreamSession {
  readonly #subject: StreamSubject;
  readonly #reports: StreamReports;
  readonly #call: StreamCall;
  readonly #clock: { now(): number };
  #replay: Replay | undefined;
  #looksUp: boolean;
  /** What the consumer has, as far as it was replayed. */
  #given = new GivenChunks();
  /** What it had when a chunk was not there any more: another run has to give the same. */
  #expected: GivenChunks | undefined;
  #lostRun: string | undefined;
  #recorder: Recorder | undefined;
  #isOver = false;
  #duration = 0;
  #since = 0;
  #spent = 0;

  /**
   * Prepares the steps; nothing is looked up yet.
   *
   * @param subject The function.
   * @param reports What says what goes wrong.
   * @param call The call.
   * @param replay What was found already.
   */
  constructor(subject: StreamSubject, reports: StreamReports, call: StreamCall, replay?: Replay) {
    this.#subject = subject;
    this.#reports = reports;
    this.#call = call;
    this.#clock = subject.plan.meter ?? performance;
    this.#replay = replay;
    this.#looksUp = call.looksUp;
  }

  /** The name of the function, for messages. */
  get name(): string {
    return this.#reports.shown;
  }

  /** Whether nothing more will be stored: the run came to its end, or was cut off. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Looks the call up, and prepares to replay it.
   *
   * @returns What is stored; `undefined` if the function has to be evaluated.
   */
  find(): Replay | undefined {
    const { plan: { rights, place, meter }, counter } = this.#subject;
    if (!rights.read) return undefined;
    const since = meter?.now();
    const found = this.#look();
    // Of a stream, the call counts and tells it.
    if (isStreamKind(this.#call.kind) || this.#lostRun !== undefined) return found?.replay;
    if (found === undefined) {
      counter.miss();
      return undefined;
    }
    counter.hit(found.duration);
    meter?.hit(meter.now() - since!, place.store, this.#call.located.digest);
    return found.replay;
  }

  #look(): { readonly replay: Replay; readonly duration: number } | undefined {
    const { plan: { place, storage } } = this.#subject;
    const { located: { digest }, kind } = this.#call;
    try {
      if (!this.#isAsCalled()) return undefined;
      const { store } = place;
      const found = findAlive(store, digest, storage);
      const manifest = found && decodeManifest(found);
      if (manifest === undefined || !isLike(manifest.kind, kind)) return undefined;
      if (manifest.run === this.#lostRun || !isWhole(store, digest, manifest)) return undefined;
      this.#touch(manifest);
      this.#sweep();
      const { duration } = found!;
      return { replay: new Replay(store, digest, manifest, storage.codec), duration };
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, this.#call.located);
      return undefined;
    }
  }

  /**
   * Gives the next step of what is stored.
   *
   * @returns The step; `undefined` if the function's own has to be taken.
   * @throws {CacheMissError} If chunks were given, and what is stored now begins with others.
   */
  replay(): IteratorResult<unknown, unknown> | undefined {
    while (this.#looksUp && !this.#isOver) {
      this.#replay ??= this.find();
      if (this.#replay === undefined) {
        this.#looksUp = false;
        break;
      }
      const step = this.#readStep(this.#replay);
      if (step === undefined) this.#lose();
      else if (this.#gives(step.done === true)) return step;
    }
    return undefined;
  }

  /**
   * Prepares the evaluation.
   *
   * @returns What the function gave: a generator, a stream, or a promise of one.
   * @throws {CacheMissError} If the function is not to be evaluated, or what it would give now is not what it was called for.
   */
  begin(): unknown {
    const { located, evaluate } = this.#call;
    const { plan: { rights } } = this.#subject;
    if (evaluate === undefined) {
      throw this.#expected === undefined
        ? this.#reports.miss(located, undefined)
        : this.#reports.lost(located, this.#expected.count, "it is not to be evaluated again");
    }
    const key = this.#keyNow();
    if (key !== undefined && rights.write) {
      this.#recorder = new Recorder(this.#subject, {
        digest: located.digest,
        key,
        kind: this.#call.kind,
        promised: this.#call.promised,
      });
    }
    return this.#timed(evaluate);
  }

  /** Measures how long the function takes for a step: it is told when it begins, and when it ends. */
  resume(): void {
    this.#since = this.#clock.now();
  }

  /** See {@linkcode resume}. */
  pause(): void {
    this.#duration += this.#clock.now() - this.#since;
  }

  /**
   * Stores a chunk that the function gave.
   *
   * @param value The chunk.
   * @returns Whether the consumer is to get it: not if it has it from what was stored.
   * @throws {CacheError} If it can't be stored, where `onError` says so; the chunk is its `value`.
   * @throws {CacheMissError} If chunks were given, and the function gave others now.
   */
  take(value: unknown): boolean {
    if (this.#isOver) return true;
    const since = this.#clock.now();
    const expected = this.#expected;
    const plain = this.#call.kind === "bytes" ? ownBytes(value) : value;
    let parts: Parts | undefined;
    if (this.#recorder !== undefined) {
      parts = this.#encode(plain, value);
      if (parts !== undefined) this.#store(() => this.#recorder!.add(parts!), value);
    }
    this.#spent += this.#clock.now() - since;
    if (expected === undefined) return true;
    const codec = expected.codec!;
    const isSame = codec === this.#subject.plan.storage.codec && parts !== undefined;
    const compared = isSame ? parts! : this.#compared(() => encodeParts(codec, plain));
    this.#given.add(this.#given.digest(compared), codec);
    return this.#gives(false);
  }

  /**
   * The function gave its last chunk: what was stored becomes the result of the call.
   *
   * @param value What the generator returned.
   * @throws {CacheError} If it can't be stored, where `onError` says so; what was returned is its `value`.
   * @throws {CacheMissError} If chunks were given, and the function gave less now.
   */
  finish(value: unknown): void {
    if (this.#isOver) return;
    if (this.#expected !== undefined) this.#gives(true);
    const recorder = this.#recorder;
    const since = this.#clock.now();
    if (recorder !== undefined) {
      const parts = value === undefined ? undefined : this.#encode(value, value);
      if (parts !== undefined || value === undefined) {
        this.#store(() => recorder.finish(parts, this.#duration), value);
      }
    }
    this.#recorder = undefined;
    this.#isOver = true;
    const { meter } = this.#subject.plan;
    if (meter !== undefined) {
      meter.evaluated(this.#spent + meter.now() - since, this.#duration);
    }
  }

  /** The run won't come to its end: what it stored is removed. What was stored by an earlier one stays. */
  cutOff(): void {
    this.#isOver = true;
    this.#abandon();
  }

  #readStep(replay: Replay): IteratorResult<unknown, unknown> | undefined {
    try {
      return replay.next(this.#given);
    } catch (error) {
      this.#reports.fail("Cannot read cache", error, this.#call.located);
      return undefined;
    }
  }

  // What is stored may be another run's by now, which is as good if it begins with the same chunks.
  #lose(): void {
    this.#lostRun = this.#replay!.manifest.run;
    this.#replay = undefined;
    // It may be lost once more, before it gave all that is expected.
    if (this.#given.count > 0) this.#expected ??= this.#given;
    this.#given = new GivenChunks();
  }

  // Tells whether a step goes on behind what was given.
  #gives(isDone: boolean): boolean {
    const expected = this.#expected;
    if (expected === undefined) return true;
    const { count } = this.#given;
    if (count < expected.count && !isDone) return false;
    if (count > expected.count) {
      this.#expected = undefined;
      return true;
    }
    if (!this.#given.equals(expected)) throw this.#changed(expected);
    // The chunk that makes it complete was given before; the end was not.
    return isDone;
  }

  #changed(expected: GivenChunks): CacheMissError {
    return this.#reports.lost(
      this.#call.located,
      expected.count,
      "what there is now begins with other chunks than those that were given",
    );
  }

  #compared(encode: () => Parts): Parts {
    try {
      return encode();
    } catch {
      throw this.#changed(this.#expected!);
    }
  }

  // Generators read their arguments when they begin, which may be long after the call: by then they must be what they were, or
  // what is evaluated is not what the key stands for.
  #isAsCalled(): boolean {
    const { self, args, located, kind } = this.#call;
    if (isStreamKind(kind) || (!isChangeable(self) && !args.some(isChangeable))) return true;
    return this.#subject.plan.keys.locate(self, args).digest === located.digest;
  }

  #keyNow(): StoredKey | undefined {
    const { self, args, located, key, kind } = this.#call;
    const { plan: { keys, rights } } = this.#subject;
    const isFirst = this.#expected === undefined;
    if (isFirst && key !== undefined) return key;
    let failure: unknown;
    try {
      const now = keys.locate(self, args);
      const { sample } = located;
      if (now.digest === (sample?.of ?? located.digest)) {
        // The key of a further sample is not that of the call, and there is no more to be known of it: it is not stored again.
        const isOwn = sample === undefined || sample.index === 0;
        return rights.write && isOwn ? this.#described(now, isFirst) : undefined;
      }
    } catch (error) {
      failure = error;
    }
    // The function that gives a stream would have seen its arguments as they were at the call.
    if (!isFirst || isStreamKind(kind)) {
      throw this.#reports.lost(
        located,
        this.#expected?.count ?? 0,
        "its arguments have changed, so that it can't be evaluated again",
      );
    }
    this.#reports.failKey(
      failure ?? new UncacheableKeyError(
        `Cannot make key of ${this.name}: its arguments were changed between the call and the first chunk`,
        { key: located.key },
      ),
    );
    return undefined;
  }

  #described(located: Located, reports: boolean): StoredKey | undefined {
    try {
      return this.#subject.plan.keys.describe(located, this.#call.args);
    } catch (error) {
      if (reports) this.#reports.failKey(error);
      return undefined;
    }
  }

  #timed(evaluate: () => unknown): unknown {
    this.resume();
    try {
      return evaluate();
    } catch (error) {
      this.cutOff();
      throw error;
    } finally {
      this.pause();
    }
  }

  #encode(plain: unknown, value: unknown): Parts | undefined {
    try {
      return encodeParts(this.#subject.plan.storage.codec, plain);
    } catch (error) {
      this.#refuse();
      this.#reports.fail("Cannot encode result", error, this.#call.located, { value });
      return undefined;
    }
  }

  #store(step: () => boolean, value: unknown): void {
    try {
      if (!step()) this.#refuse();
    } catch (error) {
      this.#abandon();
      this.#reports.fail("Cannot write cache", error, this.#call.located, { value });
    }
  }

  // After a rerun whose result can't be stored, the older result, or error, would be a wrong hit.
  #refuse(): void {
    this.#abandon();
    const { plan: { place }, commits } = this.#subject;
    const { digest } = this.#call.located;
    this.#reports.quietly(() => {
      const { store } = place;
      const removals = [...errorRemovalsOf(store, digest), ...removalsOf(store, digest)];
      if (removals.length > 0) commits.commit(removals);
    });
  }

  #abandon(): void {
    const recorder = this.#recorder;
    this.#recorder = undefined;
    if (recorder !== undefined) this.#reports.quietly(() => recorder.abandon());
  }

  // The manifest last, so that it is there for longer than its chunks: without it, nobody would know of them.
  #touch({ run, chunks, returns }: Manifest): void {
    const { commits } = this.#subject;
    if (!commits.notesUses) return;
    const { digest } = this.#call.located;
    const count = returns ? chunks + 1 : chunks;
    for (let index = 0; index < count; index++) commits.touch(chunkDigest(digest, run, index));
    commits.touch(digest);
  }

  #sweep(): void {
    if (!this.#subject.plan.rights.write) return;
    this.#reports.quietly(() => sweepRuns(this.#subject, this.#call.located.digest));
  }
}

function isChangeable(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function isLike(found: StreamKind, wanted: StreamKind): boolean {
  return found === wanted || (isStreamKind(found) && isStreamKind(wanted));
}

// A chunk of bytes is the part of its buffer that it shows, and nothing else of it.
function ownBytes(value: unknown): unknown {
  return value instanceof Uint8Array && value.byteLength !== value.buffer.byteLength
    ? value.slice()
    : value;
}
