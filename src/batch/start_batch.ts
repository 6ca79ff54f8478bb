// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import type { BatchRun } from "./_batch_run.ts";
import type { BatchSettings } from "./_batch_settings.ts";
import type { Batch } from "./batch.ts";
import type { MapOptions } from "./map_options.ts";
import type { MappedCalls } from "./mapped_calls.ts";

const GENERATORS = ["[object GeneratorFunction]", "[object AsyncGeneratorFunction]"];

/**
 * Checks what `map` of a cached function was given. Nothing else is done, and what does the work is not loaded, before the first
 * result is asked for.
 *
 * @param calls The function's calls.
 * @param isAsync Whether it is declared `async`.
 * @param self The `this` of the calls.
 * @param inputs The arguments of each.
 * @param options How to run them.
 * @returns The results.
 * @throws {TypeError} If the inputs are not iterable, an option is not what it may be, or the function gives a generator.
 */
export function startBatch(
  calls: MappedCalls,
  isAsync: boolean,
  self: unknown,
  inputs: unknown,
  options: MapOptions = {},
): Batch<unknown> {
  if (GENERATORS.includes(Object.prototype.toString.call(calls.fn))) {
    throw new TypeError(
      `Cannot map: a generator function, whose results are streams: ${calls.name}`,
    );
  }
  if (!isIterable(inputs)) {
    throw new TypeError(
      `Cannot map: expected an iterable or async iterable of arguments, such as [[1], [2]]: ${
        show(inputs)
      }`,
    );
  }
  const settings = parseOptions(options, isAsync);
  return new LateBatch(async () => {
    const [{ BatchRun }, { RUNTIME }] = await Promise.all([
      import("./_batch_run.ts"),
      import("./_batch_runtime.ts"),
    ]);
    return new BatchRun({ calls, self, inputs }, settings, RUNTIME);
  });
}

function isIterable(inputs: unknown): boolean {
  return inputs !== undefined && inputs !== null &&
    [Symbol.asyncIterator, Symbol.iterator].some((name) =>
      typeof Reflect.get(Object(inputs), name) === "function"
    );
}

/**
 * Checks the options of `map`, and fills in the defaults.
 *
 * @param options What a person gave.
 * @param isAsync Whether the function is declared `async`.
 * @returns All of them.
 * @throws {TypeError} If one of them is not what it may be.
 */
export function parseOptions(options: MapOptions, isAsync: boolean): BatchSettings {
  const isObject = typeof options === "object" && options !== null && !Array.isArray(options);
  check("options", isObject, "an object of options", options);
  const { concurrency = isAsync ? 4 : 1, lookahead = 1000, retries = 0, backoff = {} } = options;
  const { unordered = false, signal, onError = "stop", retryIf = () => true } = options;
  const { progress = false } = options;
  check("concurrency", isCount(concurrency, 1), "a positive integer", concurrency);
  check("lookahead", isCount(lookahead, 1), "a positive integer", lookahead);
  check("retries", retries === Infinity || isCount(retries, 0), "an integer from 0", retries);
  check("unordered", typeof unordered === "boolean", "a boolean", unordered);
  check("signal", isSignal(signal), "an AbortSignal", signal);
  check("onError", ["stop", "collect"].includes(onError), '"stop" or "collect"', onError);
  check("retryIf", typeof retryIf === "function", "a function", retryIf);
  const shows = ["boolean", "function"].includes(typeof progress);
  check("progress", shows, "a boolean or a function", progress);
  check("backoff", typeof backoff === "object" && backoff !== null, "an object", backoff);
  const { initialMs = 100, factor = 2, maxMs = 30_000 } = backoff;
  check("backoff.initialMs", isAtLeast(initialMs, 0), "milliseconds", initialMs);
  check("backoff.factor", isAtLeast(factor, 1), "a number from 1", factor);
  check("backoff.maxMs", isAtLeast(maxMs, 0), "milliseconds", maxMs);
  return {
    ...{ isAsync, concurrency, lookahead, retries, unordered, signal, retryIf, progress },
    ...{ initialMs, factor, maxMs, collects: onError === "collect" },
  };
}

function check(name: string, isGood: boolean, expected: string, given: unknown): void {
  if (isGood) return;
  throw new TypeError(`Cannot set ${name}: expected ${expected}: ${show(given)}`);
}

function isCount(given: unknown, least: number): boolean {
  return Number.isSafeInteger(given) && Number(given) >= least;
}

function isAtLeast(given: unknown, least: number): boolean {
  return typeof given === "number" && Number.isFinite(given) && given >= least;
}

// By what is used of it: a signal may come from another realm, or a library.
function isSignal(given: unknown): boolean {
  return given === undefined || (typeof given === "object" && given !== null &&
    "aborted" in given && "addEventListener" in given);
}

/** A batch that is made when the first result is asked for. */
class LateBatch implements Batch<unknown> {
  readonly #make: () => Promise<BatchRun>;
  #run: Promise<BatchRun> | undefined;
  #isOver = false;

  constructor(make: () => Promise<BatchRun>) {
    this.#make = make;
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    const { done, value } = await this.#nextEntry();
    return done === true ? { done, value: undefined } : { done: false, value: value[1] };
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    this.#isOver = true;
    // What was asked for before is begun: then there is something to end.
    if (this.#run !== undefined) await (await this.#run).return();
    return { done: true, value: undefined };
  }

  entries(): AsyncIterableIterator<[number, unknown], undefined, undefined> {
    const entries = {
      next: (): Promise<IteratorResult<[number, unknown], undefined>> => this.#nextEntry(),
      return: async (): Promise<IteratorResult<[number, unknown], undefined>> => {
        await this.return();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => entries,
      [Symbol.asyncDispose]: () => this[Symbol.asyncDispose](),
    };
    return entries;
  }

  [Symbol.asyncIterator](): Batch<unknown> {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
    await (await this.#run)?.settled();
  }

  async #nextEntry(): Promise<IteratorResult<[number, unknown], undefined>> {
    if (this.#isOver && this.#run === undefined) return { done: true, value: undefined };
    return await (await (this.#run ??= this.#make())).next();
  }
}
