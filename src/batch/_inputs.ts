// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";

/** What was thrown, be it `undefined`. */
export interface Failure {
  readonly error: unknown;
}

/** What reading an input gave: the arguments of a call; or the end, and what made it. */
export type Read =
  | { readonly args: readonly unknown[] }
  | { readonly args: undefined; readonly failure: Failure | undefined };

/** The inputs of a batch, read one by one. */
export class Inputs {
  readonly #inputs: object;
  #isAsync = false;
  #source: Iterator<unknown> | AsyncIterator<unknown> | undefined;
  #isReading = false;
  #isClosed = false;
  #count = 0;

  /**
   * Takes inputs; nothing is read yet.
   *
   * @param inputs What a person gave: an iterable or an async iterable.
   */
  constructor(inputs: unknown) {
    this.#inputs = Object(inputs);
  }

  /** How many there are, as far as they say. */
  get size(): number | undefined {
    for (const name of ["length", "size"]) {
      const size: unknown = Reflect.get(this.#inputs, name);
      if (typeof size === "number" && Number.isSafeInteger(size) && size >= 0) return size;
    }
    return undefined;
  }

  /** Whether {@linkcode Inputs.open} was called. */
  get isOpen(): boolean {
    return this.#source !== undefined;
  }

  /** How many were read. */
  get count(): number {
    return this.#count;
  }

  /** Begins. */
  open(): void {
    const inputs = this.#inputs;
    this.#isAsync = typeof Reflect.get(inputs, Symbol.asyncIterator) === "function";
    this.#source = this.#isAsync
      ? (inputs as AsyncIterable<unknown>)[Symbol.asyncIterator]()
      : (inputs as Iterable<unknown>)[Symbol.iterator]();
  }

  /**
   * Reads an input. The one before must have come.
   *
   * @returns What was read; in a promise, which is never rejected, if the source is async.
   */
  read(): Read | Promise<Read> {
    const source = this.#source!;
    if (this.#isAsync) return this.#readLater(source as AsyncIterator<unknown>);
    try {
      return this.#accept((source as Iterator<unknown>).next());
    } catch (error) {
      return this.#end({ error });
    }
  }

  async #readLater(source: AsyncIterator<unknown>): Promise<Read> {
    this.#isReading = true;
    try {
      return this.#accept(await source.next());
    } catch (error) {
      return this.#end({ error });
    } finally {
      this.#isReading = false;
    }
  }

  #accept({ done, value }: IteratorResult<unknown>): Read {
    if (done === true) return this.#end(undefined);
    if (Array.isArray(value)) {
      this.#count++;
      return { args: [...value] };
    }
    const error = new TypeError(
      `Cannot map: expected an array of arguments at index ${this.#count}, such as [1]: ${
        show(value)
      }`,
    );
    // The error that comes first is the one to tell.
    this.close().catch(() => {});
    return this.#end({ error });
  }

  #end(failure: Failure | undefined): Read {
    this.#isClosed = true;
    return { args: undefined, failure };
  }

  /**
   * Closes the source, unless it has ended by itself.
   *
   * @returns A promise that rejects if closing fails. An input that never comes does not hold it up.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closed = this.#source?.return?.();
    if (!this.#isReading) await closed;
    else Promise.resolve(closed).catch(() => {});
  }
}
