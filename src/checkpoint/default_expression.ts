// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Stands for the value of a parameter whose default is in effect, where that is not a literal: it is not known before the function
 * runs. As a part of a canonical key, it counts by its code.
 *
 * @example Usage
 * ```ts
 * import { DefaultExpression } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(`${new DefaultExpression("now", "9f86d0…")}`, "<default of now>");
 * ```
 */
export class DefaultExpression {
  /** The name of the parameter. */
  readonly parameter: string;
  /** Stands for the code of the expression and all that it reaches: equal if and only if that is. */
  readonly digest: string;

  /**
   * Makes what stands for a value.
   *
   * @example Usage
   * ```ts
   * import { DefaultExpression } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DefaultExpression("now", "9f86d0…").parameter, "now");
   * ```
   *
   * @param parameter The name of the parameter.
   * @param digest What stands for the code of the expression.
   */
  constructor(parameter: string, digest: string) {
    this.parameter = parameter;
    this.digest = digest;
    Object.freeze(this);
  }

  /**
   * What it prints as.
   *
   * @example Usage
   * ```ts
   * import { DefaultExpression } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new DefaultExpression("now", "9f86d0…").toString(), "<default of now>");
   * ```
   *
   * @returns Such as `<default of now>`.
   */
  toString(): string {
    return `<default of ${this.parameter}>`;
  }

  /** What counts where it is a part of a key. */
  [Symbol.for("pecapiku.key")](): string {
    return this.digest;
  }

  /** What it prints as in `console.log`. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** What it prints as in Node's `util.inspect`. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
