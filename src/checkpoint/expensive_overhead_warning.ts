// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What is printed with `console.warn`, once a function, when retrieving and saving a result took over 0.1 s longer than the
 * function itself: it is faster without a checkpoint. It is never thrown.
 *
 * @example Usage
 * ```ts
 * import { ExpensiveOverheadWarning } from "@pecapiku/cache/checkpoint";
 * import { assert } from "@std/assert";
 *
 * const warning = new ExpensiveOverheadWarning("load", 350, 20);
 * assert(`${warning}`.startsWith("ExpensiveOverheadWarning: "));
 * ```
 */
export class ExpensiveOverheadWarning {
  /** `"ExpensiveOverheadWarning"`. */
  readonly name = "ExpensiveOverheadWarning";
  /** The name of the function. */
  readonly functionName: string;
  /** How long the cache took, in milliseconds. */
  readonly overhead: number;
  /** How long the function took, in milliseconds. */
  readonly duration: number;

  /**
   * Makes a warning.
   *
   * @example Usage
   * ```ts
   * import { ExpensiveOverheadWarning } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new ExpensiveOverheadWarning("load", 350, 20).overhead, 350);
   * ```
   *
   * @param functionName The name of the function.
   * @param overhead How long the cache took, in milliseconds.
   * @param duration How long the function took, in milliseconds.
   */
  constructor(functionName: string, overhead: number, duration: number) {
    this.functionName = functionName;
    this.overhead = overhead;
    this.duration = duration;
  }

  /**
   * What is printed.
   *
   * @example Usage
   * ```ts
   * import { ExpensiveOverheadWarning } from "@pecapiku/cache/checkpoint";
   * import { assert } from "@std/assert";
   *
   * assert(`${new ExpensiveOverheadWarning("load", 350, 20)}`.includes("0.350 s"));
   * ```
   *
   * @returns Its name, and the times in seconds.
   */
  toString(): string {
    return `${this.name}: retrieving and saving results of ${
      this.functionName || "a function"
    } took ` +
      `${seconds(this.overhead)}, the function itself ${seconds(this.duration)}: ` +
      "it may be faster without a checkpoint";
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(3)} s`;
}
