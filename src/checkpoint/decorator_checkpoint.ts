// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";
import { makeDecorator } from "../access/cache_decorator.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { assertOneOf, assertOptions, type OnError } from "../access/storage_options.ts";
import { CheckpointedCalls, type RerunnableParts } from "./_checkpointed_calls.ts";
import type { Cache } from "./cache.ts";
import { defaults } from "./defaults.ts";
import type { ContextId, FunctionCallIdentifier } from "./function_call_identifier.ts";

/**
 * The options of a `DecoratorCheckpoint`.
 *
 * @example Usage
 * ```ts
 * import {
 *   AutoFunctionCallIdentifier,
 *   DecoratorCheckpoint,
 *   type DecoratorCheckpointOptions,
 *   InMemoryLruCache,
 * } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const options: DecoratorCheckpointOptions = { onError: "raise" };
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache(), options);
 * assertEquals(cached((x: number) => x * x)(3), 9);
 * ```
 */
export interface DecoratorCheckpointOptions {
  /**
   * What an error of the identifier or the cache does.
   *
   * @default {`defaults["checkpoint.on_error"]`, and that is "warn"}
   */
  readonly onError?: OnError | undefined;
}

/**
 * A function whose results a `DecoratorCheckpoint` keeps: it is called as the original is.
 *
 * @example Usage
 * ```ts
 * import {
 *   AutoFunctionCallIdentifier,
 *   DecoratorCheckpoint,
 *   InMemoryLruCache,
 *   type RerunnableFunction,
 * } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
 * const square: RerunnableFunction<(x: number) => number> = cached((x: number) => x * x);
 * assertEquals([square(3), square.rerun(3), square.fn(3)], [9, 9, 9]);
 * ```
 */
export type RerunnableFunction<F extends AnyFunction> = F & {
  /** The original function. */
  readonly fn: F;
  /** Evaluates the function whatever is cached, and saves the result. */
  readonly rerun: F;
};

/** What it is beside an object: a function that decorates others. */
export interface DecoratorCheckpoint {
  /** Makes a method checkpointed; the language calls it for `@`. */
  <F extends AnyFunction>(method: F, context: ClassMethodDecoratorContext): RerunnableFunction<F>;
  /** Makes a function checkpointed. */
  <F extends AnyFunction>(fn: F): RerunnableFunction<F>;
}

/**
 * A checkpoint of your own making: an identifier that tells calls apart, and a cache that keeps results. It is a decorator: it is
 * called with a function, or put on a method with `@`. Of an async function, the resolved value is kept, and concurrent calls with
 * one id evaluate once.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, DecoratorCheckpoint, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
 *
 * class Circle {
 *   constructor(readonly radius: number) {}
 *   @cached
 *   area(): number {
 *     return Math.PI * this.radius ** 2;
 *   }
 * }
 *
 * assertEquals(cached((x: number) => x * x)(3), 9);
 * assertEquals(new Circle(2).area(), Math.PI * 4);
 * ```
 */
export class DecoratorCheckpoint {
  /**
   * Makes a checkpoint.
   *
   * @example Usage
   * ```ts
   * import { DecoratorCheckpoint, FileCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const byArguments = { identify: ({ args }: { args: readonly unknown[] }) => JSON.stringify(args) };
   * const cached = new DecoratorCheckpoint(byArguments, new FileCache(Deno.makeTempDirSync()), { onError: "raise" });
   * assertEquals(cached((x: number) => x * x)(3), 9);
   * ```
   *
   * @param identifier What tells calls apart.
   * @param cache What keeps results.
   * @param options What an error of theirs does.
   * @throws {TypeError} If one of them is not what it may be, or is async.
   */
  constructor(
    identifier: FunctionCallIdentifier,
    cache: Cache<ContextId>,
    options: DecoratorCheckpointOptions = {},
  ) {
    assertOptions(options, "Cannot create DecoratorCheckpoint");
    const { onError = defaults["checkpoint.on_error"] } = options;
    assertOneOf("onError", onError, ["raise", "warn", "ignore"]);
    checkMethods("identifier", identifier, ["identify"]);
    checkMethods("cache", cache, ["retrieve", "save"]);
    const parts = { identifier, cache, onError };
    const decorator = makeDecorator((fn, isMethod) => rerunnable(fn, isMethod, parts) as never);
    Object.setPrototypeOf(decorator, new.target.prototype);
    return decorator as unknown as this;
  }

  /**
   * Makes a function checkpointed: the same as to call the checkpoint.
   *
   * @example Usage
   * ```ts
   * import { AutoFunctionCallIdentifier, DecoratorCheckpoint, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const checkpoint = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
   * assertEquals(checkpoint.decorate((x: number) => x * x)(3), 9);
   * ```
   *
   * @param fn The function: sync or async, not a generator function, for whose chunks a `Cache` has no place.
   * @returns The checkpointed function.
   * @throws {TypeError} If it is not a function whose result can be cached.
   */
  decorate<F extends AnyFunction>(fn: F): RerunnableFunction<F> {
    return this(fn);
  }
}

function rerunnable<F extends AnyFunction>(
  fn: F,
  isMethod: boolean,
  parts: RerunnableParts,
): RerunnableFunction<F> {
  return new CheckpointedCalls(fn, isMethod, parts).wrapped() as unknown as RerunnableFunction<F>;
}

function checkMethods(what: string, given: unknown, names: readonly string[]): void {
  const isObject = (typeof given === "object" && given !== null) || typeof given === "function";
  for (const name of names) {
    const method: unknown = isObject ? Reflect.get(given, name) : undefined;
    if (typeof method !== "function") {
      throw new TypeError(`Cannot set ${what}: expected an object with ${name}(): ${show(given)}`);
    }
    const tag = Object.prototype.toString.call(method);
    if (tag !== "[object Function]") {
      throw new TypeError(
        `Cannot set ${what}: its ${name}() must not be async: ${tag.slice(8, -1)}`,
      );
    }
  }
}
