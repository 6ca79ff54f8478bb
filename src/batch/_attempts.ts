// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import type { BatchRuntime } from "./_batch_runtime.ts";
import type { BatchSettings } from "./_batch_settings.ts";
import type { Failure } from "./_inputs.ts";
import type { Tally } from "./_tally.ts";
import type { MappedCalls } from "./mapped_calls.ts";

/** A call of the batch, from when its input was read until its result was given out. */
export interface Slot {
  readonly index: number;
  readonly args: readonly unknown[];
  /**
   * `known`: it is cached, and was not decoded. `waiting`: it is to be called. `active`: it is under way, waits for a retry, or is
   * looked up. `ready` and `failed`: its value is the result, or the error.
   */
  state: "known" | "waiting" | "active" | "ready" | "failed";
  value: unknown;
  attempts: number;
  /** Whether the last attempt evaluated the function. */
  evaluated: boolean;
  /** What the function threw, or rejected with, at the last attempt. */
  thrown: Failure | undefined;
  /** Ends the pause before a retry. */
  cancel: (() => void) | undefined;
}

/** Who is told what becomes of calls. */
export interface AttemptsListener {
  /** The counts have changed. */
  changed(): void;
  /** A call has a result. */
  succeeded(slot: Slot, value: unknown): void;
  /** A call has failed for good. */
  failed(slot: Slot, error: unknown): void;
  /** What was to tell whether an error is worth a retry has failed itself. */
  broke(error: unknown): void;
}

/** What makes the calls of a batch, and makes them again after a pause. */
export class Attempts {
  readonly #calls: MappedCalls;
  readonly #self: unknown;
  readonly #settings: BatchSettings;
  readonly #runtime: BatchRuntime;
  readonly #tally: Tally;
  readonly #listener: AttemptsListener;
  readonly #pauses = new Set<Slot>();
  #limit = Infinity;
  #idle: (() => void)[] = [];

  /** Prepares the calls. */
  constructor(
    { calls, self }: { readonly calls: MappedCalls; readonly self: unknown },
    settings: BatchSettings,
    runtime: BatchRuntime,
    tally: Tally,
    listener: AttemptsListener,
  ) {
    this.#calls = calls;
    this.#self = self;
    this.#settings = settings;
    this.#runtime = runtime;
    this.#tally = tally;
    this.#listener = listener;
  }

  /** Begins a call. */
  begin(slot: Slot): void {
    this.#tally.active++;
    this.#attempt(slot);
  }

  /** Makes no call again that is not before the index. */
  stopBehind(index: number): void {
    this.#limit = index;
    for (const slot of this.#pauses) {
      if (slot.index < index) continue;
      this.#pauses.delete(slot);
      slot.cancel?.();
      this.#leave();
    }
  }

  /** Waits until no call is under way. */
  async settled(): Promise<void> {
    if (this.#tally.active > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #attempt(slot: Slot): void {
    slot.state = "active";
    slot.attempts++;
    slot.evaluated = false;
    slot.thrown = undefined;
    let result: unknown;
    try {
      result = this.#calls.call(
        this.#self,
        slot.args,
        (fn, self, args) => this.#evaluate(slot, () => Reflect.apply(fn, self, args)),
      );
    } catch (error) {
      return this.#fails(slot, error);
    }
    if (!(result instanceof Promise)) return this.#succeeds(slot, result);
    result.then((value) => this.#succeeds(slot, value), (error) => this.#fails(slot, error));
  }

  /** Evaluates the function, and notes what it throws: what the cache throws is another matter. */
  #evaluate(slot: Slot, evaluate: () => unknown): unknown {
    slot.evaluated = true;
    this.#tally.begins();
    this.#listener.changed();
    const note = (error: unknown): void => {
      slot.thrown = { error };
    };
    let result: unknown;
    try {
      result = evaluate();
    } catch (error) {
      note(error);
      throw error;
    }
    if (result instanceof Promise) result.then(undefined, note);
    return result;
  }

  #succeeds(slot: Slot, value: unknown): void {
    this.#leave();
    this.#listener.succeeded(slot, value);
  }

  #fails(slot: Slot, error: unknown): void {
    let isAgain = false;
    let failure: Failure | undefined;
    try {
      isAgain = this.#isWorthARetry(slot, error);
    } catch (error) {
      failure = { error };
    }
    if (isAgain) return this.#pause(slot);
    this.#leave();
    if (failure === undefined) this.#listener.failed(slot, error);
    else this.#listener.broke(failure.error);
  }

  #isWorthARetry(slot: Slot, error: unknown): boolean {
    if (slot.attempts > this.#settings.retries || slot.index >= this.#limit) return false;
    // A call that waited for an equal one sees the error of that, without an evaluation of its own.
    const isOfFunction = (slot.thrown !== undefined && Object.is(slot.thrown.error, error)) ||
      !(error instanceof CacheError);
    if (!isOfFunction || this.#calls.isStored?.(error) === true) return false;
    return this.#settings.retryIf(error) === true;
  }

  #pause(slot: Slot): void {
    const { initialMs, factor, maxMs } = this.#settings;
    const longest = Math.min(maxMs, initialMs * factor ** (slot.attempts - 1));
    this.#tally.retried++;
    this.#pauses.add(slot);
    slot.cancel = this.#runtime.later(() => {
      this.#pauses.delete(slot);
      this.#attempt(slot);
    }, this.#runtime.random() * longest);
    this.#listener.changed();
  }

  #leave(): void {
    if (--this.#tally.active === 0) { for (const resolve of this.#idle.splice(0)) resolve(); }
  }
}
