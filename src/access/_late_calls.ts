// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { Apply } from "../batch/mapped_calls.ts";
import { previewArguments } from "../keys/_preview.ts";
import type { CacheStats } from "../stats/cache_stats.ts";
import type { AsyncStore } from "../stores/async_store.ts";
import type { AsyncCalls } from "./_async_calls.ts";
import { CallReports, isStoredError } from "./_call_reports.ts";
import { storedName } from "./_commits.ts";
import { Counter } from "./_counting.ts";
import { figures } from "./_deferred.ts";
import type { CachePlan, Located } from "./cache_plan.ts";
import type { AnyFunction } from "./cached_function.ts";
import { isSwitchedOn } from "./function_options.ts";

/** Where the result of a call is; or why it has no key. */
export type MadeKey = { readonly located: Located } | { readonly error: unknown };

/**
 * The calls of one async function whose store answers in promises. What does the work is loaded with the first call; what has to be
 * done at the time of the call, before anything is waited for, is done here: arguments may change until then.
 */
export class LateCalls {
  /** The original function. */
  readonly fn: AnyFunction;
  /** The function's name. */
  readonly name: string;
  readonly #plan: CachePlan;
  readonly #store: AsyncStore;
  readonly #reports: CallReports;
  readonly #counter: Counter;
  #calls: AsyncCalls | undefined;
  #loading: Promise<AsyncCalls> | undefined;

  /**
   * Prepares the calls of a function; nothing is connected yet.
   *
   * @param fn The function.
   * @param name Its name.
   * @param plan What is known about how it is cached.
   * @param store The store.
   * @throws {TypeError} If the store can't do what an option asks for.
   */
  constructor(fn: AnyFunction, name: string, plan: CachePlan, store: AsyncStore) {
    assertPossible(plan, store);
    this.fn = fn;
    this.name = name;
    this.#plan = plan;
    this.#store = store;
    this.#reports = new CallReports(name, plan);
    const { place, rights, storage, namespace } = plan;
    // Such a store keeps no totals.
    const untold = { ...storage, totals: "none" } as const;
    this.#counter = new Counter(place, rights, untold, storedName(name, namespace));
  }

  /** Whether it is known before a call what that will give, if it is cached. */
  get isForeseeable(): boolean {
    const { samples, when } = this.#plan.control;
    return samples === 1 && when === undefined;
  }

  /** A call: read, else evaluate (by `apply`) and write, as far as the rights go. */
  call(self: unknown, args: readonly unknown[], apply: Apply = Reflect.apply): unknown {
    const { control, rights } = this.#plan;
    if (control.when !== undefined && !isSwitchedOn(control, this.#reports.shown, self, args)) {
      if (!rights.evaluate) throw this.#reports.miss(undefined, undefined);
      return apply(this.fn, self, args);
    }
    const key = this.#locate(self, args);
    return this.#with((calls) => calls.call(self, args, apply, key));
  }

  /** Tells whether an error would come again at the next call. */
  isStored(error: unknown): boolean {
    return isStoredError(this.#plan, error);
  }

  /** Evaluates whatever is stored, and writes. */
  rerun(self: unknown, args: readonly unknown[]): unknown {
    const { rights, control } = this.#plan;
    if (!rights.evaluate) throw this.#reports.denied("rerun", "e");
    const touchesCache = (rights.read || rights.write) &&
      isSwitchedOn(control, this.#reports.shown, self, args);
    if (!touchesCache) return Reflect.apply(this.fn, self, args);
    return this.#with((calls) => calls.rerun(self, args));
  }

  /** Stores a result, when it is there, without evaluating. */
  prime(self: unknown, args: readonly unknown[], value: unknown): Promise<void> {
    const promise = Promise.resolve(value);
    // A rejection passes through what is returned. Where something is thrown instead, that is what the caller hears of.
    promise.catch(() => {});
    if (!this.#plan.rights.write) throw this.#reports.denied("prime", "w");
    if (!Array.isArray(args)) {
      throw new TypeError(
        `Cannot prime ${this.#reports.shown}: expected an array of arguments: ${show(args)}`,
      );
    }
    const { keys } = this.#plan;
    let target;
    try {
      const located = keys.locate(self, args);
      const preview = previewArguments(args);
      target = { located, key: keys.describe(located, args), preview, begunAt: Infinity };
    } catch (error) {
      this.#reports.failKey(error);
      return promise.then(() => undefined);
    }
    return this.#with((calls) => calls.prime(target, promise));
  }

  /** Looks up, and never evaluates. */
  get(self: unknown, args: readonly unknown[]): Promise<unknown> {
    const key = this.#locate(self, args);
    return this.#with((calls) => calls.get(key));
  }

  /** Looks many calls up, in about the time that one takes, and never evaluates. */
  getMany(self: unknown, calls: readonly (readonly unknown[])[]): Promise<unknown[]> {
    const keys = calls.map((args) => this.#locate(self, args));
    return this.#with((calls) => calls.getMany(keys));
  }

  /** Tells whether there is an entry. */
  has(self: unknown, args: readonly unknown[]): Promise<boolean> {
    const key = this.#locate(self, args);
    return this.#with((calls) => calls.has(key));
  }

  /** Removes all that is stored of a call, and tells whether there was something to be seen. */
  delete(self: unknown, args: readonly unknown[]): Promise<boolean> {
    if (!this.#plan.rights.write) throw this.#reports.denied("delete result of", "w");
    const key = this.#locate(self, args);
    return this.#with((calls) => calls.delete(key));
  }

  /** Gives the digest, whatever `onError` says: it was asked for. */
  keyFor(self: unknown, args: readonly unknown[]): string {
    try {
      return this.#plan.keys.locate(self, args).digest;
    } catch (error) {
      throw this.#reports.keyError(error);
    }
  }

  /** Tells what became of its calls in this process. How many entries there are is not known at once. */
  stats(): CacheStats {
    const { name, namespace, place } = { name: this.name, ...this.#plan };
    return figures.statsOf(this.#counter, place, false, storedName(name, namespace));
  }

  #locate(self: unknown, args: readonly unknown[]): MadeKey {
    try {
      return { located: this.#plan.keys.locate(self, args) };
    } catch (error) {
      return { error };
    }
  }

  #with<T>(answer: (calls: AsyncCalls) => Promise<T>): Promise<T> {
    if (this.#calls !== undefined) return answer(this.#calls);
    this.#loading ??= import("./_async_calls.ts").then(({ AsyncCalls }) =>
      this.#calls = new AsyncCalls(
        { fn: this.fn, name: this.name },
        this.#plan,
        this.#store,
        this.#reports,
        this.#counter,
      )
    );
    return this.#loading.then(answer);
  }
}

function assertPossible({ bounds, outerBounds, control }: CachePlan, store: AsyncStore): void {
  for (const name of ["maxEntries", "maxBytes"] as const) {
    const isBounded = [bounds, outerBounds].some((each) => (each?.[name] ?? Infinity) !== Infinity);
    if (store.keepsLimits || !isBounded) continue;
    throw new TypeError(
      `Cannot set ${name}: the store leaves to its server what is evicted: ${store.location}`,
    );
  }
  if (control.singleFlight === "store" && store.lease === undefined) {
    throw new TypeError(`Cannot set singleFlight: the store has no leases: ${store.location}`);
  }
}
