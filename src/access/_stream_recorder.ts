// Copyright 2026 the pecapiku authors. MIT license.

import { streamNameOf } from "../codecs/resolve_codec.ts";
import type { Digest, Parts, PutChange, Store, StoreChange, StoredKey } from "../stores/store.ts";
import type { CachePlan } from "./cache_plan.ts";
import type { CallResults } from "./_call_results.ts";
import { type Commits, shownName } from "./_commits.ts";
import type { Counter } from "./_counting.ts";
import { storedForm } from "./_entries.ts";
import { errorRemovalsOf } from "./_removals.ts";
import { makePartKey } from "./entry_parts.ts";
import {
  type BegunRun,
  chunkDigest,
  chunkRemovals,
  chunkRemovalsAt,
  encodeManifest,
  encodeRuns,
  findRuns,
  RUNS_CODEC,
  runsDigest,
  type StreamKind,
} from "./stream_entries.ts";

/** For how long a run of another process may be silent until it counts as cut off, in milliseconds. */
const LONGEST_SILENCE = 3_600_000;

/** How often a run that stores chunks says that it goes on, in milliseconds. */
const RENEWAL = 60_000;

/** How many runs of one call are remembered that may go on in other processes. Of more, that one goes which was silent for longest. */
const MOST_RUNS = 16;

/** This process, or this worker of it. */
const OWNER = crypto.randomUUID();

/** The runs of this process. One that nobody holds any more can't go on. */
const going = new Map<string, WeakRef<Recorder>>();
const forgotten = new FinalizationRegistry<string>((run) => void going.delete(run));

/** Whose chunks are stored, and how. */
export interface StreamSubject {
  /** How the function is cached. */
  readonly plan: CachePlan;
  /** What commits. */
  readonly commits: Commits;
  /** What counts hits and misses. */
  readonly counter: Counter;
  /** The function's name. */
  readonly name: string;
  /** The name under which its entries are stored. */
  readonly functionName: string;
}

/**
 * Prepares what is to be known of a function.
 *
 * @param name Its name.
 * @param plan How it is cached.
 * @param results What stores the results of its calls.
 * @returns What its streams share.
 */
export function makeStreamSubject(
  name: string,
  plan: CachePlan,
  { commits, counter, functionName }: CallResults,
): StreamSubject {
  return { plan, commits, counter, name: shownName(name, plan.namespace), functionName };
}

/** What is stored of a call beside its chunks. */
export interface RecordedCall {
  /** The digest of the call. */
  readonly digest: Digest;
  /** The key that is kept with its entry. */
  readonly key: StoredKey;
  /** What gives the chunks. */
  readonly kind: StreamKind;
  /** Whether the function gave the stream in a promise. */
  readonly promised: boolean;
}

/** Stores what one run of a function gives, chunk by chunk. Until its end, nobody takes it for a result. */
export class Recorder {
  readonly #subject: StreamSubject;
  readonly #call: RecordedCall;
  readonly #run: string = crypto.randomUUID();
  readonly #begunAt: number;
  #count = 0;
  #bytes = 0;
  #reserved = 0;
  #seen = -Infinity;
  /** Whether somebody took the run off the list, perhaps with its chunks. */
  #isDoubtful = false;

  /**
   * Begins a run. Nothing is stored before its first chunk.
   *
   * @param subject Whose run it is.
   * @param call The call.
   */
  constructor(subject: StreamSubject, call: RecordedCall) {
    this.#subject = subject;
    this.#call = call;
    this.#begunAt = subject.plan.storage.now();
    going.set(this.#run, new WeakRef(this));
    forgotten.register(this, this.#run);
  }

  /**
   * Stores the next chunk.
   *
   * @param encoded The chunk, encoded.
   * @returns Whether there may be room for it. If not, nothing is stored.
   */
  add(encoded: Parts): boolean {
    const change = this.#chunkChange(this.#count, encoded);
    if (!this.#fits(change)) return false;
    this.#subject.commits.commit([...this.#reservation(this.#count + 1), change]);
    this.#count++;
    return true;
  }

  /**
   * Makes what was stored the result of the call, in one step. The chunks of the result before are removed in the same.
   *
   * @param returned What the generator returned, encoded; `undefined` if that is `undefined`.
   * @param duration How long the function took, in milliseconds.
   * @returns Whether it is stored: not if another process took the run for one that was cut off, and removed its chunks.
   */
  finish(returned: Parts | undefined, duration: number): boolean {
    const { plan, commits, functionName } = this.#subject;
    const { digest, key, kind, promised } = this.#call;
    const { place: { store }, storage } = plan;
    const { others, removals } = this.#survey(store, storage.now());
    const last = returned && this.#chunkChange(this.#count, returned);
    if ((last !== undefined && !this.#fits(last)) || !this.#isThere(store)) return false;
    commits.commit([
      // An error goes first, as it does where a value takes its place.
      ...errorRemovalsOf(store, digest),
      ...(last === undefined ? [] : [last]),
      {
        type: "put",
        digest,
        codec: streamNameOf(storage.codec.name),
        key,
        functionName,
        // The time of its beginning: no chunk is too old as long as this is not.
        writtenAt: this.#begunAt,
        duration,
        promised,
        parts: encodeManifest({
          kind,
          run: this.#run,
          chunks: this.#count,
          returns: last !== undefined,
        }),
      },
      // Behind the new one, for stores that make changes one by one.
      ...chunkRemovalsAt(store, digest),
      ...removals,
      ...this.#runsChange(store, others),
    ]);
    going.delete(this.#run);
    return true;
  }

  /** Removes what was stored: the run won't come to its end. */
  abandon(): void {
    going.delete(this.#run);
    if (this.#reserved === 0) return;
    const { plan: { place: { store }, storage }, commits } = this.#subject;
    const { others, removals } = this.#survey(store, storage.now());
    const own = chunkRemovals(store, this.#call.digest, this.#run, this.#count);
    commits.commit([...own, ...removals, ...this.#runsChange(store, others)]);
  }

  // Before a chunk is stored, its run is on the list of those that have begun, with room for it: so whoever comes later knows
  // what there may be. The room doubles, so that the list is written seldom.
  #reservation(count: number): StoreChange[] {
    const { place: { store }, storage } = this.#subject.plan;
    const time = storage.now();
    if (count <= this.#reserved && Math.abs(time - this.#seen) < RENEWAL) return [];
    if (count > this.#reserved) this.#reserved = Math.max(count, 2 * this.#reserved);
    this.#seen = time;
    if (this.#count > 0 && !this.#isListed(store)) this.#isDoubtful = true;
    const { others, removals } = this.#survey(store, time);
    const own = { run: this.#run, owner: OWNER, seen: time, reserved: this.#reserved };
    return [...removals, ...this.#runsChange(store, [...others, own])];
  }

  #survey(store: Store, time: number): Survey {
    return surveyRuns(store, this.#call.digest, time, this.#run);
  }

  #runsChange(store: Store, runs: readonly BegunRun[]): StoreChange[] {
    return runsChange(store, this.#call.digest, runs, this.#subject);
  }

  // Whoever removes the chunks of a run takes it off the list.
  #isThere(store: Store): boolean {
    const { digest } = this.#call;
    if (this.#count === 0 || (!this.#isDoubtful && this.#isListed(store))) return true;
    for (let index = 0; index < this.#count; index++) {
      if (!store.has(chunkDigest(digest, this.#run, index))) return false;
    }
    return true;
  }

  #isListed(store: Store): boolean {
    return findRuns(store, this.#call.digest).some(({ run }) => run === this.#run);
  }

  #chunkChange(index: number, encoded: Parts): PutChange {
    const { plan: { storage }, name, functionName } = this.#subject;
    const { digest } = this.#call;
    const { codec, parts } = storedForm(encoded, storage);
    return {
      type: "put",
      digest: chunkDigest(digest, this.#run, index),
      codec,
      key: makePartKey({ part: "chunk", of: digest, index, name, preview: "" }),
      functionName,
      writtenAt: storage.now(),
      duration: 0,
      promised: false,
      parts,
    };
  }

  // What can't be kept as a whole must not drive out what can. The manifest is an entry, too, and so is the notice where limits
  // are for all entries.
  #fits({ key, parts }: PutChange): boolean {
    const { bounds, outerBounds = bounds } = this.#subject.plan;
    for (const part of [...key.parts, ...parts]) this.#bytes += part.byteLength;
    const outerEntries = outerBounds === bounds ? Infinity : outerBounds.maxEntries - 1;
    return this.#count + 2 <= Math.min(bounds.maxEntries, outerEntries) &&
      this.#bytes <= Math.min(bounds.maxBytes, outerBounds.maxBytes);
  }
}

/**
 * Removes what runs of a call left that were cut off, if there is anything.
 *
 * @param subject Whose runs they are.
 * @param base The digest of the call.
 */
export function sweepRuns(subject: StreamSubject, base: Digest): void {
  const { place: { store }, storage } = subject.plan;
  if (!store.has(runsDigest(base))) return;
  const { others, removals, isChanged } = surveyRuns(store, base, storage.now(), undefined);
  if (!isChanged) return;
  subject.commits.commit([...removals, ...runsChange(store, base, others, subject)]);
}

/** What is known of the runs of a call but one. */
interface Survey {
  /** Those that may go on. */
  readonly others: readonly BegunRun[];
  /** What removes the chunks of those that do not. */
  readonly removals: readonly StoreChange[];
  /** Whether there are any that do not. */
  readonly isChanged: boolean;
}

function surveyRuns(store: Store, base: Digest, time: number, own: string | undefined): Survey {
  const known = findRuns(store, base);
  const begun = known.filter((each) => each.run !== own && mayGoOn(each, time));
  const [near, far] = [begun.filter(isOwned), begun.filter((each) => !isOwned(each))];
  const others = [...near, ...far.sort((a, b) => b.seen - a.seen).slice(0, MOST_RUNS)];
  const removals = known.filter((each) => each.run !== own && !others.includes(each))
    .flatMap(({ run, reserved }) => chunkRemovals(store, base, run, reserved));
  return { others, removals, isChanged: others.length < known.length };
}

function isOwned({ owner }: BegunRun): boolean {
  return owner === OWNER;
}

function mayGoOn({ run, owner, seen }: BegunRun, time: number): boolean {
  if (owner === OWNER) return going.get(run)?.deref() !== undefined;
  // A time to come is that of a clock that was wrong.
  return Math.abs(time - seen) < LONGEST_SILENCE;
}

function runsChange(
  store: Store,
  base: Digest,
  runs: readonly BegunRun[],
  { plan: { storage }, name, functionName }: StreamSubject,
): StoreChange[] {
  const digest = runsDigest(base);
  if (runs.length === 0) return store.has(digest) ? [{ type: "delete", digest }] : [];
  return [{
    type: "put",
    digest,
    codec: RUNS_CODEC,
    key: makePartKey({ part: "runs", of: base, name, preview: "" }),
    functionName,
    writtenAt: storage.now(),
    duration: 0,
    promised: false,
    parts: encodeRuns(runs),
  }];
}
