// Copyright 2026 the pecapiku authors. MIT license.

import {
  assertCacheableFunction,
  define,
  functionName,
  generatorKind,
  isAsyncFunction,
  originalOf,
  standFor,
} from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { type OnError, report, warnOnce } from "../access/storage_options.ts";
import { addErrorContext, CacheError } from "../errors/cache_error.ts";
import { CheckpointFailedError } from "../errors/checkpoint_failed_error.ts";
import { CheckpointNotExist } from "../errors/checkpoint_not_exist.ts";
import { CallContext, ContextFunction } from "./_call_context.ts";
import { OverheadMeter } from "./_overhead_meter.ts";
import { UnseenError } from "./_unseen_error.ts";
import type { Cache } from "./cache.ts";
import type { ContextId, FunctionCallIdentifier } from "./function_call_identifier.ts";

/** What a checkpoint is made of. */
export interface RerunnableParts {
  readonly identifier: FunctionCallIdentifier;
  readonly cache: Cache<ContextId>;
  readonly onError: OnError;
}

/** What a look-up gave: a result, be it `undefined`. */
interface Found {
  readonly value: unknown;
}

/** The calls of one function that a checkpoint with a cache of somebody's own was put on. */
export class CheckpointedCalls {
  readonly #fn: AnyFunction;
  readonly #isAsync: boolean;
  readonly #context: ContextFunction;
  readonly #parts: RerunnableParts;
  readonly #meter: OverheadMeter;
  /** The evaluations of async functions under way. */
  readonly #flights = new Map<ContextId, Promise<unknown>>();

  /**
   * Prepares the calls of a function.
   *
   * @param fn The function.
   * @param isMethod Whether it was decorated as a method.
   * @param parts What the checkpoint is made of.
   * @throws {TypeError} If the function's result can't be cached.
   */
  constructor(fn: AnyFunction, isMethod: boolean, parts: RerunnableParts) {
    assertCacheableFunction(fn);
    if (generatorKind(originalOf(fn)) !== undefined) {
      throw new TypeError(
        "Cannot decorate: a generator function, for whose chunks such a cache has no place: " +
          functionName(fn),
      );
    }
    this.#fn = fn;
    this.#isAsync = isAsyncFunction(originalOf(fn));
    this.#context = new ContextFunction(fn, isMethod);
    this.#parts = parts;
    this.#meter = new OverheadMeter(this.#context.name, undefined, () => performance.now());
  }

  /**
   * Makes the function that stands for the original.
   *
   * @returns The function, with its handles.
   */
  wrapped(): AnyFunction {
    const answer = (self: unknown, args: readonly unknown[], reruns: boolean): unknown =>
      this.#isAsync ? this.#callAsync(self, args, reruns) : this.#callSync(self, args, reruns);
    // Methods, because they can't be called with `new`.
    const { checkpointed, rerun } = {
      checkpointed(this: unknown, ...args: never[]): unknown {
        return answer(this, args, false);
      },
      rerun(this: unknown, ...args: never[]): unknown {
        // In `square.rerun(2)` the function itself is `this`, which stands for none.
        return answer(this === checkpointed ? undefined : this, args, true);
      },
    };
    standFor(checkpointed, this.#fn);
    define(checkpointed, "rerun", rerun);
    return checkpointed;
  }

  #callSync(self: unknown, args: readonly unknown[], reruns: boolean): unknown {
    const id = this.#identify(self, args);
    if (id === undefined) return Reflect.apply(this.#fn, self, args);
    const since = this.#meter.now();
    const found = reruns ? undefined : this.#retrieve(id);
    if (found !== undefined) return found.value;
    const started = this.#meter.now();
    const value = Reflect.apply(this.#fn, self, args);
    const ended = this.#meter.now();
    if (value instanceof Promise) {
      this.#fail("cache", id, "it gave a promise, and is not declared async", { value });
      return value;
    }
    this.#save(id, value);
    this.#meter.evaluated(started - since + this.#meter.now() - ended, ended - started);
    return value;
  }

  async #callAsync(self: unknown, args: readonly unknown[], reruns: boolean): Promise<unknown> {
    const id = this.#identify(self, args);
    if (id === undefined) return await Reflect.apply(this.#fn, self, args);
    const since = this.#meter.now();
    if (!reruns) {
      const found = this.#retrieve(id);
      if (found !== undefined) return found.value;
      const flight = this.#flights.get(id);
      if (flight !== undefined) {
        await flight;
        // What came of it is looked up, so that each call has a value of its own.
        const landed = this.#retrieve(id);
        if (landed !== undefined) return landed.value;
        return await this.#evaluate(id, self, args, this.#meter.now());
      }
    }
    return await this.#evaluate(id, self, args, since);
  }

  async #evaluate(
    id: ContextId,
    self: unknown,
    args: readonly unknown[],
    since: number,
  ): Promise<unknown> {
    const started = this.#meter.now();
    const evaluation = Reflect.apply(this.#fn, self, args) as Promise<unknown>;
    const flight = evaluation.then((value) => {
      const ended = this.#meter.now();
      this.#save(id, value);
      this.#meter.evaluated(started - since + this.#meter.now() - ended, ended - started);
      return value;
    });
    this.#flights.set(id, flight);
    try {
      return await flight;
    } finally {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    }
  }

  #identify(self: unknown, args: readonly unknown[]): ContextId | undefined {
    let id: unknown;
    try {
      id = this.#parts.identifier.identify(new CallContext(this.#context, self, args));
    } catch (error) {
      if (error instanceof UnseenError) {
        warnOnce(error.message);
        return undefined;
      }
      this.#report("identify", error, undefined);
      return undefined;
    }
    if (typeof id === "string") return id;
    // One id for all calls, such as `undefined`, would give one result for all of them.
    this.#fail("identify", undefined, `its id is no string: ${typeof id}`);
    return undefined;
  }

  #retrieve(id: ContextId): Found | undefined {
    let value: unknown;
    try {
      value = this.#parts.cache.retrieve(id);
    } catch (error) {
      if (!(error instanceof CheckpointNotExist)) this.#report("retrieve", error, id);
      return undefined;
    }
    if (!(value instanceof Promise)) return { value };
    throw new TypeError(
      `Cannot retrieve result of ${this.#shown}: the cache gave a promise, and must be sync: ${id}`,
    );
  }

  #save(id: ContextId, value: unknown): void {
    let given: unknown;
    try {
      given = this.#parts.cache.save(id, value);
    } catch (error) {
      this.#report("save", error, id, { value });
      return;
    }
    if (given instanceof Promise) {
      this.#fail("save", id, "the cache gave a promise, and must be sync", { value });
    }
  }

  #report(
    action: string,
    cause: unknown,
    key: ContextId | undefined,
    result?: { value: unknown },
  ): void {
    if (cause instanceof CacheError) {
      report(
        addErrorContext(cause, { ...(key === undefined ? {} : { key }), ...result }),
        this.#parts.onError,
      );
      return;
    }
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : "it threw no error";
    this.#fail(action, key, reason, result, cause);
  }

  #fail(
    action: string,
    key: ContextId | undefined,
    reason: string,
    result?: { value: unknown },
    cause?: unknown,
  ): void {
    const error = new CheckpointFailedError(
      `Cannot ${action} result of ${this.#shown}: ${reason}`,
      {
        ...(key === undefined ? {} : { key }),
        ...(cause === undefined ? {} : { cause }),
        ...result,
      },
    );
    report(error, this.#parts.onError);
  }

  get #shown(): string {
    return this.#context.name || "a function without a name";
  }
}
