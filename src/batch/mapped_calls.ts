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
   * Looks many results up in about the time that one takes, and never evaluates. Who does not have it is asked for one after another.
   *
   * @param self The `this` of the calls.
   * @param calls The arguments of each.
   * @returns For each, the result or the marker that says that there is none.
   */
  getMany?(
    self: unknown,
    calls: readonly (readonly unknown[])[],
  ): Promise<readonly unknown[]>;

  /**
   * Calls the cached function.
   *
   * @param self The `this` of the call.
   * @param args The arguments.
   * @param apply Evaluates the function, if that is needed.
   * @returns The result.
   */
  call(self: unknown, args: readonly unknown[], apply: Apply): unknown;

  /**
   * Tells whether an error is stored: then the next call gives it again, and does not evaluate.
   *
   * @param error What a call threw, or rejected with.
   * @returns Whether it is known to be.
   */
  isStored?(error: unknown): boolean;
}
