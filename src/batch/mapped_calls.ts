// Copyright 2026 the pecapiku authors. MIT license.

/** Evaluates a function, as `Reflect.apply` does. */
export type Apply = (
  fn: (...args: never[]) => unknown,
  self: unknown,
  args: readonly unknown[],
) => unknown;

/** All that a batch needs to know about a cached function. What it answers may come in a promise. */
export interface MappedCalls {
  /** The original function. */
  readonly fn: (...args: never[]) => unknown;
  /** Its name. */
  readonly name: string;

  /**
   * Tells whether a result is cached.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @returns Whether there is one.
   */
  has(self: unknown, args: readonly unknown[]): unknown;

  /**
   * Looks a result up, and never evaluates.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @returns The result, or the marker that says that there is none.
   */
  get(self: unknown, args: readonly unknown[]): unknown;

  /**
   * Calls the cached function.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @param apply Evaluates the function, if that is needed.
   * @returns The result.
   */
  call(self: unknown, args: readonly unknown[], apply: Apply): unknown;
}
