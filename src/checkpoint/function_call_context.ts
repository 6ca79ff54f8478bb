// Copyright 2026 the pecapiku authors. MIT license.

import type { AnyFunction } from "../access/cached_function.ts";

/**
 * What a {@linkcode FunctionCallIdentifier} can know of a call.
 *
 * @example Usage
 * ```ts
 * import { DecoratorCheckpoint, type FunctionCallContext, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: FunctionCallContext[] = [];
 * const identifier = {
 *   identify(context: FunctionCallContext): string {
 *     seen.push(context);
 *     return `${context.qualifiedName} ${JSON.stringify(context.args)}`;
 *   },
 * };
 * const power = new DecoratorCheckpoint(identifier, new InMemoryLruCache())(function power(base: number, exponent = 2) {
 *   return base ** exponent;
 * });
 * assertEquals(power(3), 9);
 * assertEquals([seen[0]?.name, seen[0]?.args], ["power", [3]]);
 * ```
 */
export interface FunctionCallContext {
  /** The function that was given to be decorated. */
  readonly fn: AnyFunction;
  /** The arguments, as they were given. */
  readonly args: readonly unknown[];
  /** The `this` of the call. */
  readonly self: unknown;
  /** Whether the decorator was put on a method with `@`, so that `self` matters at every call. */
  readonly isMethod: boolean;
  /**
   * The arguments in effect, by the names of the parameters (the text of the pattern, where one is destructured): a default that is
   * a literal is applied, any other shows as a `DefaultExpression`; what a rest parameter takes is an array. Where the parameters
   * can't be told, the names are `"0"`, `"1"` and so on.
   */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The name of the function; `""` if it has none. */
  readonly name: string;
  /** The name with that of the class around it, as far as it is known: `"Model.predict"`. */
  readonly qualifiedName: string;
  /** The module that defines the function; `undefined` if there is none or it can't be told. */
  readonly module: URL | undefined;
  /** The text of the function, as JavaScript. */
  readonly code: string;
}
