// Copyright 2026 the pecapiku authors. MIT license.

import { NO_CACHE, NoCache } from "../no_cache.ts";
import { Attempts, type Slot } from "./_attempts.ts";
import type { BatchRuntime } from "./_batch_runtime.ts";
import type { BatchSettings } from "./_batch_settings.ts";
import { type Failure, Inputs, type Read } from "./_inputs.ts";
import type { ProgressDisplay } from "./_progress_display.ts";
import { Tally } from "./_tally.ts";
import { Turns } from "./_turns.ts";
import { FailedCall } from "./failed_call.ts";
import type { MappedCalls } from "./mapped_calls.ts";

/** What a batch is about. */
export interface BatchTask {
  readonly calls: MappedCalls;
  readonly self: unknown;
  readonly inputs: unknown;
}

/** How many results are asked for at once, where that saves time: so many are in memory. */
const MOST_AT_ONCE = 64;

type EntryResult = IteratorResult<[index: number, result: unknown], undefined>;

/**
 * A batch under way. One thing drives it: whenever something has happened, {@linkcode BatchRun.#pump} gives out what there is to be
 * given, and begins what may be begun.
 */
export class BatchRun {
  readonly #calls: MappedCalls;
  readonly #self: unknown;
  readonly #inputs: Inputs;
  readonly #settings: BatchSettings;
  readonly #tally: Tally;
  readonly #attempts: Attempts;
  readonly #display: ProgressDisplay | undefined;

  /** Whether an input is waited for. */
  #isReading = false;
  /** Whether there are no more inputs, and what has made it so. */
  #isRead = false;
  #sourceFailure: Failure | undefined;

  /** All that was read and not given out. */
  readonly #window = new Map<number, Slot>();
  /** The calls to begin next. */
  #waiting: Slot[] = [];
  /** Without order: what is ready or has failed, and what is known, in turn. */
  readonly #settled: Slot[] = [];
  readonly #known: Slot[] = [];
  #nextIndex = 0;
  /** How many results are ready. */
  #ready = 0;
  /** How many are looked up to be given out. */
  #decoding = 0;
  /** Calls from this index on are not begun: one before them has failed. */
  #limit = Infinity;

  readonly #requests: ((result: Promise<EntryResult> | EntryResult) => void)[] = [];
  #isOver = false;
  #failure: Failure | undefined;
  #shown: Promise<void> | undefined;

  #isPumping = false;
  #hasNews = false;
  readonly #turns: Turns;

  /**
   * Prepares a batch; nothing is read before the first result is asked for.
   *
   * @param task What it is about.
   * @param settings How to run it.
   * @param runtime What it has from outside.
   */
  constructor(task: BatchTask, settings: BatchSettings, runtime: BatchRuntime) {
    this.#calls = task.calls;
    this.#self = task.self;
    this.#inputs = new Inputs(task.inputs);
    this.#settings = settings;
    this.#turns = new Turns(runtime, () => this.#pump());
    this.#tally = new Tally(this.#inputs.size, runtime.now);
    this.#display = displayOf(settings.progress, task.calls.name, runtime);
    this.#attempts = new Attempts(task, settings, runtime, this.#tally, {
      changed: () => this.#changed(),
      succeeded: (slot, value) => this.#succeeded(slot, value),
      failed: (slot, error) => this.#failed(slot, error),
      broke: (error) => this.#break(error),
    });
  }

  /** Gives the next result, with its index. */
  next(): Promise<EntryResult> {
    if (!this.#inputs.isOpen && !this.#isOver) this.#begin();
    if (this.#isOver) return this.#atEnd();
    return new Promise((resolve) => {
      this.#requests.push(resolve);
      this.#pump();
    });
  }

  /** Ends the batch; what the source of the inputs throws at that is thrown. */
  async return(): Promise<void> {
    if (!this.#isOver) await this.#finish(undefined);
    await this.#shown;
  }

  /** Waits until no call is under way. */
  async settled(): Promise<void> {
    await this.#attempts.settled();
  }

  #begin(): void {
    const { signal } = this.#settings;
    if (signal?.aborted) return this.#break(signal.reason);
    signal?.addEventListener("abort", this.#abort, { once: true });
    try {
      this.#inputs.open();
    } catch (error) {
      this.#break(error);
    }
  }

  readonly #abort = (): void => this.#break(this.#settings.signal?.reason);

  // What is begun may come back here at once, as a sync function that aborts the batch does.
  #pump(): void {
    this.#hasNews = true;
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#hasNews && !this.#isOver) {
      this.#hasNews = false;
      while (!this.#isOver && this.#turns.mayGoOn() && (this.#giveOut() || this.#work()));
    }
    this.#isPumping = false;
  }

  /** Gives a result out, or comes nearer to one; tells whether there was something to do. */
  #giveOut(): boolean {
    if (this.#requests.length === 0) return false;
    if (this.#isRead && this.#window.size === 0) {
      this.#end(this.#sourceFailure);
      return false;
    }
    const slot = this.#settings.unordered
      ? this.#settled.shift() ?? this.#nextKnown()
      : this.#window.get(this.#nextIndex);
    if (slot === undefined) return false;
    const { index, args, state, value, attempts } = slot;
    if (state === "known") {
      this.#decode(slot);
      return true;
    }
    if (state !== "ready" && state !== "failed") return false;
    this.#window.delete(index);
    this.#nextIndex++;
    if (state === "ready") this.#ready--;
    if (state === "failed" && !this.#settings.collects) {
      this.#end({ error: value });
      return false;
    }
    const result = state === "ready"
      ? value
      : new FailedCall({ index, args, error: value, attempts });
    this.#requests.shift()!({ done: false, value: [index, result] });
    return true;
  }

  // What waits for an answer of the store takes its turn already.
  #nextKnown(): Slot | undefined {
    return this.#decoding < this.#requests.length ? this.#known.shift() : undefined;
  }

  // Only now: what is known ahead takes no memory.
  #decode(slot: Slot): void {
    slot.state = "active";
    if (this.#calls.getMany !== undefined) return this.#decodeMany(slot);
    let found: unknown;
    try {
      found = this.#calls.get(this.#self, slot.args);
    } catch {
      return this.#decoded(slot, NO_CACHE);
    }
    if (!(found instanceof Promise)) return this.#decoded(slot, found);
    this.#decoding++;
    found.catch(() => NO_CACHE).then((found) => {
      this.#decoding--;
      this.#decoded(slot, found);
      this.#pump();
    });
  }

  /** Asks for some that come next, too, where one after another would take the way to a store as often. */
  #decodeMany(first: Slot): void {
    const slots = [first];
    const { unordered } = this.#settings;
    for (let next = this.#nextOf(first); slots.length < MOST_AT_ONCE; next = this.#nextOf(next!)) {
      if (next?.state !== "known") break;
      next.state = "active";
      slots.push(next);
      if (unordered) this.#known.shift();
    }
    const args = slots.map((slot) => slot.args);
    const none = (): unknown[] => slots.map(() => NO_CACHE);
    let found: Promise<readonly unknown[]>;
    try {
      found = this.#calls.getMany!(this.#self, args);
    } catch {
      found = Promise.resolve(none());
    }
    found.catch(none).then((found) => {
      slots.forEach((slot, at) => this.#decoded(slot, found[at]));
      this.#pump();
    });
  }

  #nextOf(slot: Slot): Slot | undefined {
    return this.#settings.unordered ? this.#known[0] : this.#window.get(slot.index + 1);
  }

  #decoded(slot: Slot, found: unknown): void {
    if (this.#isOver) return;
    if (!(found instanceof NoCache)) return this.#keep(slot, "ready", found);
    // It is gone, or can't be read: the call itself will say so, if that is to be said.
    this.#tally.cached--;
    slot.state = "waiting";
    if (slot.index < this.#limit) this.#waiting.unshift(slot);
  }

  #keep(slot: Slot, state: "ready" | "failed", value: unknown): void {
    slot.state = state;
    slot.value = value;
    if (state === "ready") this.#ready++;
    if (this.#settings.unordered) this.#settled.push(slot);
  }

  /** Begins a call, or reads an input; tells whether there was something to do. */
  #work(): boolean {
    const { isAsync, unordered } = this.#settings;
    const mayRead = this.#mayRead();
    // A sync function would hold up what is cached behind it: without order, that goes first.
    if (this.#mayBegin() && (isAsync || !unordered || !mayRead)) {
      this.#attempts.begin(this.#waiting.shift()!);
      return true;
    }
    if (mayRead) this.#read();
    return mayRead;
  }

  #mayBegin(): boolean {
    const { isAsync, concurrency } = this.#settings;
    return this.#waiting.length > 0 && this.#tally.active < concurrency &&
      (this.#requests.length > 0 || (isAsync && this.#ready < concurrency));
  }

  #mayRead(): boolean {
    return !this.#isReading && !this.#isRead && this.#limit === Infinity &&
      this.#window.size < this.#settings.lookahead &&
      (this.#requests.length > 0 || this.#tally.active > 0);
  }

  #read(): void {
    const read = this.#inputs.read();
    if (!(read instanceof Promise)) return this.#accept(read);
    this.#isReading = true;
    read.then((read) => {
      this.#isReading = false;
      if (!this.#isOver) this.#accept(read);
      this.#pump();
    });
  }

  #accept(read: Read): void {
    const { count } = this.#inputs;
    const { total } = this.#tally;
    if (read.args === undefined) {
      this.#isRead = true;
      this.#sourceFailure = read.failure;
      this.#tally.total = count;
      return;
    }
    if (total !== undefined && total < count) this.#tally.total = count;
    const slot: Slot = {
      ...{ index: count - 1, args: read.args, state: "waiting", value: undefined, attempts: 0 },
      ...{ evaluated: false, thrown: undefined, cancel: undefined },
    };
    this.#window.set(slot.index, slot);
    // In its turn, the call itself finds out whether it is cached.
    const isNext = !this.#settings.unordered && slot.index === this.#nextIndex;
    if (isNext && this.#requests.length > 0) this.#waiting.push(slot);
    else this.#lookUp(slot);
  }

  #lookUp(slot: Slot): void {
    let known: unknown;
    try {
      known = this.#calls.has(this.#self, slot.args);
    } catch {
      // The call itself will say what is wrong, in its turn.
      known = false;
    }
    if (!(known instanceof Promise)) return this.#lookedUp(slot, known === true);
    // More is read and asked for meanwhile: a store takes no longer for many than for one.
    known.then((known) => known === true, () => false).then((isKnown) => {
      if (!this.#isOver) this.#lookedUp(slot, isKnown);
      this.#pump();
    });
  }

  #lookedUp(slot: Slot, isKnown: boolean): void {
    if (!isKnown) {
      if (slot.index < this.#limit) this.#waiting.push(slot);
      return;
    }
    slot.state = "known";
    if (this.#settings.unordered) this.#known.push(slot);
    this.#tally.cached++;
    this.#changed();
  }

  #succeeded(slot: Slot, value: unknown): void {
    if (this.#isOver) return;
    this.#tally.settled(slot.evaluated ? "computed" : "cached");
    this.#keep(slot, "ready", value);
    this.#changed();
    this.#pump();
  }

  #failed(slot: Slot, error: unknown): void {
    if (this.#isOver) return;
    this.#tally.settled("failed");
    this.#keep(slot, "failed", error);
    if (!this.#settings.collects) {
      // Without order, none is before another.
      this.#limit = this.#settings.unordered ? -1 : Math.min(this.#limit, slot.index);
      this.#waiting = this.#waiting.filter(({ index }) => index < this.#limit);
      this.#attempts.stopBehind(this.#limit);
    }
    this.#changed();
    this.#pump();
  }

  #break(error: unknown): void {
    if (!this.#isOver) this.#end({ error });
  }

  #end(failure: Failure | undefined): void {
    // Whoever stops because of an error is told that one, as `for await` does.
    this.#finish(failure).catch(() => {});
  }

  /** Ends the batch, and answers all who wait; tells what came of closing the source. */
  #finish(failure: Failure | undefined): Promise<void> {
    const isComplete = failure === undefined && this.#isRead && this.#window.size === 0;
    this.#isOver = true;
    this.#failure = failure;
    this.#settings.signal?.removeEventListener("abort", this.#abort);
    this.#attempts.stopBehind(-1);
    this.#window.clear();
    this.#waiting = [];
    this.#settled.length = 0;
    this.#known.length = 0;
    const closed = this.#inputs.close();
    try {
      this.#shown = this.#display?.finish(this.#tally, isComplete) ?? undefined;
    } catch (error) {
      this.#failure ??= { error };
    }
    for (const answer of this.#requests.splice(0)) answer(this.#atEnd());
    return closed;
  }

  async #atEnd(): Promise<EntryResult> {
    await this.#shown;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    return { done: true, value: undefined };
  }

  #changed(): void {
    if (this.#isOver) return;
    try {
      this.#display?.changed(this.#tally);
    } catch (error) {
      this.#break(error);
    }
  }
}

function displayOf(
  progress: BatchSettings["progress"],
  name: string,
  { display }: BatchRuntime,
): ProgressDisplay | undefined {
  if (progress === false) return undefined;
  if (progress === true) return display(name);
  return {
    changed: (tally) => progress(tally.snapshot(false)),
    finish: (tally) => progress(tally.snapshot(true)),
  };
}
