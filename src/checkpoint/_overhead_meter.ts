// Copyright 2026 the pecapiku authors. MIT license.

import type { CallMeter } from "../access/cache_plan.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import type { FunctionCode } from "../code/function_code.ts";
import type { Digest, Store } from "../stores/store.ts";
import type { Callers, CodeSource } from "./_code_source.ts";
import { ExpensiveOverheadWarning } from "./expensive_overhead_warning.ts";

/** How much longer than the function the cache may take, in milliseconds. */
const MOST_OVERHEAD = 100;

/** A clock in milliseconds that never goes back. */
export type Clock = () => number;

/** Warns, once, where the cache of a function takes longer than the function. */
export class OverheadMeter implements CallMeter {
  readonly now: Clock;
  readonly #functionName: string;
  readonly #reading: Pick<TimedSource, "takeTime"> | undefined;
  #isSaid = false;

  /**
   * Makes the meter of a function.
   *
   * @param functionName Its name.
   * @param reading What reads code: that is done once, and does not count; `undefined` if nothing does.
   * @param now The clock.
   */
  constructor(
    functionName: string,
    reading: Pick<TimedSource, "takeTime"> | undefined,
    now: Clock,
  ) {
    this.#functionName = functionName;
    this.#reading = reading;
    this.now = now;
  }

  hit(spent: number, store: Store, digest: Digest): void {
    if (spent <= MOST_OVERHEAD || this.#isSaid) return;
    const duration = store.info(digest)?.duration;
    if (duration !== undefined) this.evaluated(spent, duration);
  }

  evaluated(spent: number, duration: number): void {
    const overhead = spent - (this.#reading?.takeTime() ?? 0);
    if (this.#isSaid || overhead - duration <= MOST_OVERHEAD) return;
    this.#isSaid = true;
    console.warn(`${new ExpensiveOverheadWarning(this.#functionName, overhead, duration)}`);
  }
}

/** Reads code, and knows how long that took since it was last asked. */
export class TimedSource implements CodeSource {
  readonly #source: () => CodeSource;
  readonly #now: Clock;
  readonly #known = new WeakMap<AnyFunction, FunctionCode>();
  #time = 0;

  /**
   * Makes a source of another one, which is made at the first use.
   *
   * @param source Makes the other one.
   * @param now The clock.
   */
  constructor(source: () => CodeSource, now: Clock) {
    this.#source = source;
    this.#now = now;
  }

  read(fn: AnyFunction, callers: Callers): FunctionCode {
    return this.#known.get(fn) ?? this.#readAnew(fn, callers);
  }

  /** Gives the milliseconds that reading took, and begins anew. */
  takeTime(): number {
    const time = this.#time;
    this.#time = 0;
    return time;
  }

  #readAnew(fn: AnyFunction, callers: Callers): FunctionCode {
    const started = this.#now();
    try {
      const code = this.#source().read(fn, callers);
      code.identify();
      this.#known.set(fn, code);
      return code;
    } finally {
      this.#time += this.#now() - started;
    }
  }
}
