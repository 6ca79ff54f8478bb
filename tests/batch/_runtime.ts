// Copyright 2026 the pecapiku authors. MIT license.

import { setImmediate } from "node:timers";
import type { BatchRuntime } from "../../src/batch/_batch_runtime.ts";
import { BatchRun } from "../../src/batch/_batch_run.ts";
import type { ProgressDisplay } from "../../src/batch/_progress_display.ts";
import type { Tally } from "../../src/batch/_tally.ts";
import type { BatchProgress } from "../../src/batch/batch_progress.ts";
import { FailedCall } from "../../src/batch/failed_call.ts";
import type { MapOptions } from "../../src/batch/map_options.ts";
import type { Apply, MappedCalls } from "../../src/batch/mapped_calls.ts";
import { parseOptions } from "../../src/batch/start_batch.ts";
import { NO_CACHE } from "../../src/no_cache.ts";

/** A clock, timers and chance that a test has in its hand. */
export class TestRuntime implements BatchRuntime {
  /** The time, in milliseconds. */
  time = 0;
  /** What `random` gives. */
  chance = 1;
  /** How often the event loop was given a turn. */
  turns = 0;
  /** How the displays were finished. */
  readonly finished: boolean[] = [];
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  readonly now = (): number => this.time;
  readonly random = (): number => this.chance;
  readonly later = (callback: () => void, milliseconds: number): () => void => {
    const timer = { at: this.time + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };
  readonly soon = (callback: () => void): void => {
    this.turns++;
    queueMicrotask(callback);
  };
  readonly display = (): ProgressDisplay => ({
    changed: () => {},
    finish: (_: Tally, isComplete) => void this.finished.push(isComplete),
  });

  /** When each timer that is set goes off. */
  get due(): number[] {
    return [...this.#timers].map(({ at }) => at).sort((a, b) => a - b);
  }

  /** Goes on to the next timer. */
  tick(): void {
    const next = [...this.#timers].reduce((a, b) => b.at < a.at ? b : a);
    this.#timers.delete(next);
    this.time = Math.max(this.time, next.at);
    next.callback();
  }
}

/** An evaluation under way. */
export interface Evaluation {
  readonly x: number;
  resolve(value: number): void;
  reject(error: unknown): void;
}

/** A cached function of a number whose cache is a map, and whose evaluations a test ends. */
export class TestCalls implements MappedCalls {
  readonly name = "test";
  readonly cache = new Map<number, number>();
  /** The evaluations that were begun. */
  readonly begun: Evaluation[] = [];
  /** How many values were decoded. */
  decoded = 0;
  /** How many evaluations were under way at once, at the most. */
  most = 0;
  #active = 0;
  readonly #flights = new Map<number, Promise<number>>();

  readonly fn = (x: number): Promise<number> => {
    this.most = Math.max(this.most, ++this.#active);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.begun.push({ x, resolve, reject });
    return promise.finally(() => this.#active--);
  };

  has(_self: unknown, [x]: readonly unknown[]): unknown {
    return this.cache.has(x as number);
  }

  get(_self: unknown, [x]: readonly unknown[]): unknown {
    if (!this.cache.has(x as number)) return NO_CACHE;
    this.decoded++;
    return Promise.resolve(this.cache.get(x as number));
  }

  call(self: unknown, args: readonly unknown[], apply: Apply): unknown {
    const x = args[0] as number;
    if (this.cache.has(x)) return this.get(self, args);
    const flight = this.#flights.get(x);
    if (flight !== undefined) return flight.then((value) => value);
    const result = (apply(this.fn, self, args) as Promise<number>).then((value) => {
      this.cache.set(x, value);
      return value;
    }).finally(() => this.#flights.delete(x));
    this.#flights.set(x, result);
    return result;
  }

  /** Ends the first evaluation of a number that was begun and not ended, with ten times the number. */
  resolve(x: number): void {
    this.#take(x).resolve(x * 10);
  }

  /** Ends it with an error. */
  reject(x: number, error: unknown = new Error(`failed: ${x}`)): void {
    this.#take(x).reject(error);
  }

  /** The numbers whose evaluation was begun and not ended. */
  get underWay(): number[] {
    return this.begun.map(({ x }) => x);
  }

  #take(x: number): Evaluation {
    const at = this.begun.findIndex((evaluation) => evaluation.x === x);
    if (at < 0) throw new Error(`No evaluation under way: ${x}`);
    return this.begun.splice(at, 1)[0]!;
  }
}

/** A batch of an async function. */
export function runBatch(
  calls: MappedCalls,
  inputs: unknown,
  options: MapOptions = {},
  { runtime = new TestRuntime(), isAsync = true }: { runtime?: TestRuntime; isAsync?: boolean } =
    {},
): BatchRun {
  return new BatchRun({ calls, self: undefined, inputs }, parseOptions(options, isAsync), runtime);
}

/** Lets all happen that can happen without a timer. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Gathers what a batch gives, as it comes. */
export class Taken {
  /** Index and result, or `"failed"`, of each. */
  readonly entries: (readonly [number, unknown])[] = [];
  /** The failed calls. */
  readonly failures: FailedCall[] = [];
  /** How it ended, when it has: `undefined` for good. */
  end: { readonly error?: unknown } | undefined;

  /** Takes all. */
  constructor(run: BatchRun) {
    void this.#take(run);
  }

  async #take(run: BatchRun): Promise<void> {
    try {
      for (let next = await run.next(); next.done !== true; next = await run.next()) {
        const [index, value] = next.value;
        if (value instanceof FailedCall) this.failures.push(value);
        this.entries.push([index, value instanceof FailedCall ? "failed" : value]);
      }
      this.end = {};
    } catch (error) {
      this.end = { error };
    }
  }

  /** The results, without their places. */
  get values(): unknown[] {
    return this.entries.map(([, value]) => value);
  }
}

/** Inputs of numbers. */
export function numbers(...xs: number[]): [number][] {
  return xs.map((x) => [x]);
}

/** What of a progress is the same in all runs. */
export function countsOf({ done, total, cached, computed, failed, retried }: BatchProgress) {
  return { done, total, cached, computed, failed, retried };
}
