// Copyright 2026 the pecapiku authors. MIT license.

import { functionName, originalOf } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { assertOptions, parseStorage, type StorageOptions } from "../access/storage_options.ts";
import { CallContext } from "./_call_context.ts";
import { CheckpointKeys } from "./_checkpoint_keys.ts";
import { codeSourceOf, currentCallers } from "./_code_source.ts";
import { checkUses, lateDirectory } from "./_prepare.ts";
import type { CheckpointOptions } from "./checkpoint_options.ts";
import type { FunctionCallContext } from "./function_call_context.ts";
import type { ContextId, FunctionCallIdentifier } from "./function_call_identifier.ts";

/**
 * The options of an `AutoFunctionCallIdentifier`.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, type AutoIdentifierOptions } from "@pecapiku/cache/checkpoint";
 * import { assert } from "@std/assert";
 *
 * const options: AutoIdentifierOptions = { directory: Deno.makeTempDirSync() };
 * assert(new AutoFunctionCallIdentifier(options));
 * ```
 */
export interface AutoIdentifierOptions {
  /**
   * The path or `file:` URL of the directory in which it may keep what it knows of code, so that the next process need not find it
   * out anew.
   *
   * @default {It is kept in memory}
   */
  readonly directory?: string | URL | undefined;
  /** Gives all values that results depend on and that can't be seen in the code. */
  readonly uses?: CheckpointOptions["uses"];
  /**
   * Whether keys differ when the properties of plain objects in them come in another order.
   *
   * @default {"sort"}
   */
  readonly keyOrder?: StorageOptions["keyOrder"];
}

/**
 * Tells calls apart as `checkpoint` does: by the function's code, all that it reaches, and the arguments in effect.
 *
 * Needs `--allow-read` for the modules of the program, and for its directory, if it has one, `--allow-read` and `--allow-write`. No
 * permission is asked for.
 *
 * @example Usage
 * ```ts
 * import { AutoFunctionCallIdentifier, DecoratorCheckpoint, InMemoryLruCache } from "@pecapiku/cache/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const cached = new DecoratorCheckpoint(new AutoFunctionCallIdentifier(), new InMemoryLruCache());
 * const square = cached((x: number) => x * x);
 * assertEquals([square(3), square(3)], [9, 9]);
 * ```
 */
export class AutoFunctionCallIdentifier implements FunctionCallIdentifier {
  readonly #directory: () => string | undefined;
  readonly #uses: CheckpointOptions["uses"];
  readonly #keyOrder: "sort" | "keep";
  /** What makes the keys of each function, as a method and not. */
  readonly #keys = [
    new WeakMap<AnyFunction, CheckpointKeys>(),
    new WeakMap<AnyFunction, CheckpointKeys>(),
  ] as const;

  /**
   * Makes an identifier.
   *
   * @example Usage
   * ```ts
   * import { AutoFunctionCallIdentifier } from "@pecapiku/cache/checkpoint";
   * import { assert } from "@std/assert";
   *
   * const limit = 10;
   * assert(new AutoFunctionCallIdentifier({ uses: () => ({ limit }) }));
   * ```
   *
   * @param options What counts beside code and arguments, and where it may remember.
   * @throws {TypeError} If an option is not what it may be.
   */
  constructor(options: AutoIdentifierOptions = {}) {
    assertOptions(options, "Cannot create AutoFunctionCallIdentifier");
    const { directory, uses, keyOrder } = options;
    checkUses(uses);
    this.#directory = lateDirectory(directory);
    this.#uses = uses;
    this.#keyOrder = parseStorage({ keyOrder }).keys.keyOrder ?? "sort";
  }

  /**
   * Makes the id of a call.
   *
   * @example Usage
   * ```ts
   * import { AutoFunctionCallIdentifier, type FunctionCallContext } from "@pecapiku/cache/checkpoint";
   * import { assertEquals } from "@std/assert";
   *
   * const square = (x: number): number => x * x;
   * const context: FunctionCallContext = {
   *   fn: square,
   *   args: [3],
   *   self: undefined,
   *   isMethod: false,
   *   arguments: { x: 3 },
   *   name: "square",
   *   qualifiedName: "square",
   *   module: undefined,
   *   code: square.toString(),
   * };
   * assertEquals(new AutoFunctionCallIdentifier().identify(context).length, 64);
   * ```
   *
   * @param context The call.
   * @returns The digest of its identity.
   * @throws {CheckpointFailedError} If the call depends on what can't be seen, or the function assigns outer state.
   * @throws {UncacheableKeyError} If an argument has no canonical form.
   */
  identify(context: FunctionCallContext): ContextId {
    return this.#keysOf(context).locate(context.self, context.args).digest;
  }

  #keysOf(context: FunctionCallContext): CheckpointKeys {
    const { fn, isMethod } = context;
    const known = this.#keys[isMethod ? 1 : 0];
    let keys = known.get(fn);
    if (keys === undefined) {
      const callers = CallContext.functionOf(context)?.callers ?? currentCallers();
      keys = new CheckpointKeys({
        fn: originalOf(fn),
        name: functionName(fn),
        isMethod,
        source: codeSourceOf(this.#directory()),
        callers,
        uses: this.#uses,
        keyOrder: this.#keyOrder,
      });
      known.set(fn, keys);
    }
    return keys;
  }
}
