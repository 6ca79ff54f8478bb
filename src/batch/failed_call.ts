// Copyright 2026 the pecapiku authors. MIT license.

/** What a {@linkcode FailedCall} is made of. */
export interface FailedCallOptions {
  /** The place of the call among the inputs, from 0. */
  readonly index: number;
  /** The arguments of the call. */
  readonly args: readonly unknown[];
  /** What the call threw, or rejected with. */
  readonly error: unknown;
  /** How many times it was tried. */
  readonly attempts: number;
}

/**
 * What stands in the place of a result where a call of a batch failed, and the batch was told to go on with
 * `onError: "collect"`. It is no error itself: {@linkcode FailedCall.error} has that.
 *
 * @example Usage
 * ```ts
 * import { CacheDict, FailedCall } from "@pecapiku/cache";
 * import { assertEquals } from "@std/assert";
 *
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const parse = CacheDict.decorate((text: string): unknown => JSON.parse(text), { filePath });
 *
 * const shown: string[] = [];
 * for await (const result of parse.map([["1"], ["{"], ["[]"]], { onError: "collect" })) {
 *   shown.push(result instanceof FailedCall ? `${result.index}: ${result.args[0]}` : "good");
 * }
 * assertEquals(shown, ["good", "1: {", "good"]);
 * ```
 */
export class FailedCall {
  /** The place of the call among the inputs, from 0. */
  readonly index: number;
  /** The arguments of the call. */
  readonly args: readonly unknown[];
  /** What the call threw, or rejected with, the last time. */
  readonly error: unknown;
  /** How many times it was tried: 1, and 1 for each retry. */
  readonly attempts: number;
  // A result of the same shape is no failed call, to the compiler either.
  readonly #isFailedCall = true;

  /**
   * Makes what stands for a failed call.
   *
   * @example Usage
   * ```ts
   * import { FailedCall } from "@pecapiku/cache";
   * import { assertEquals } from "@std/assert";
   *
   * const failed = new FailedCall({ index: 0, args: ["{"], error: new SyntaxError("Unexpected end"), attempts: 1 });
   * assertEquals(failed.args, ["{"]);
   * ```
   *
   * @param options What is known about it.
   */
  constructor({ index, args, error, attempts }: FailedCallOptions) {
    this.index = index;
    this.args = args;
    this.error = error;
    this.attempts = attempts;
    void this.#isFailedCall;
  }
}
