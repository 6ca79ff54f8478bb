// Copyright 2026 the pecapiku authors. MIT license.

import { joinPath, toAbsolutePath, toPath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { parseAccess } from "../access/cache_access.ts";
import type { Decorate } from "../access/cache_decorator.ts";
import {
  assertCacheableFunction,
  cacheFunction,
  define,
  functionName,
  isCachedFunction,
  originalOf,
} from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { checkNamespace, parseFunctionOptions } from "../access/function_options.ts";
import { parseStorage, StorePlace } from "../access/storage_options.ts";
import { CheckpointKeys } from "./_checkpoint_keys.ts";
import { type Callers, type CodeSource, codeSourceOf, currentCallers } from "./_code_source.ts";
import { explainCall } from "./_explain.ts";
import { type Clock, OverheadMeter, TimedSource } from "./_overhead_meter.ts";
import type { CheckpointOptions } from "./checkpoint_options.ts";
import { checkDirectory, defaults } from "./defaults.ts";
import type { Explanation } from "./explanation.ts";

/** The file that holds the results. */
const RESULTS = "results.cache";

/** What a checkpoint is made with, but for its options; tests give others. */
export interface CheckpointRuntime {
  /** Gives what tells the code of functions. */
  readonly source: (directory: string | undefined) => CodeSource;
  /** Tells who makes a checkpoint. */
  readonly callers: () => Callers;
  /** Measures how long things take. */
  readonly clock: Clock;
}

const RUNTIME: CheckpointRuntime = {
  source: codeSourceOf,
  callers: currentCallers,
  clock: () => performance.now(),
};

/**
 * Checks the options of a checkpoint. What can be refused without the function is refused here.
 *
 * @param options The options.
 * @param runtime What else it is made with.
 * @returns What makes a function checkpointed.
 * @throws {TypeError} If an option is not what it may be.
 */
export function prepareCheckpoint(
  options: CheckpointOptions<never>,
  runtime: CheckpointRuntime = RUNTIME,
): Decorate {
  const { store, uses, namespace } = options;
  const storage = parseStorage({
    ...options,
    codec: options.codec ?? defaults["cache.codec"],
    onError: options.onError ?? defaults["checkpoint.on_error"],
  });
  const control = parseFunctionOptions(options);
  checkNamespace(namespace);
  checkUses(uses);
  const directory = lateDirectory(
    // Who gives a store, and no directory, does not expect to find one.
    options.directory ?? (store === undefined ? defaults["cache.filesystem.directory"] : undefined),
  );
  const place = store === undefined
    ? StorePlace.at(() => joinPath(directory()!, RESULTS))
    : new StorePlace(undefined, store);
  const rights = parseAccess("rew");
  return <F extends AnyFunction>(fn: F, isMethod: boolean) => {
    assertCacheableFunction(fn);
    const name = functionName(fn);
    const source = new TimedSource(() => runtime.source(directory()), runtime.clock);
    const keys = new CheckpointKeys({
      fn: originalOf(fn),
      name,
      isMethod,
      source,
      callers: runtime.callers(),
      uses,
      namespace,
      keyOrder: storage.keys.keyOrder ?? "sort",
    });
    const meter = new OverheadMeter(name, source, runtime.clock);
    const checkpointed = cacheFunction(fn, {
      ...{ rights, storage, place, keys, control, namespace, meter },
      bounds: storage,
    });
    // A method, as the other handles are: it can't be called with `new`.
    const { explain } = {
      explain(this: unknown, ...args: unknown[]): Explanation {
        // In `square.explain(2)` the function itself is `this`, which stands for none.
        const isHandle = isCachedFunction(this) && originalOf(this) === originalOf(fn);
        if (place.asyncStore !== undefined) {
          throw new TypeError(
            `Cannot explain ${name}: explain is never async, and its store answers in promises: ${place.location}`,
          );
        }
        const subject = { name, namespace, keys, place, storage, control };
        return explainCall(subject, isHandle ? undefined : this, args);
      },
    };
    define(checkpointed, "explain", explain);
    return checkpointed;
  };
}

/**
 * Resolves a directory at the first use: a script may change the current directory before.
 *
 * @param given The directory.
 * @returns What gives its absolute path.
 * @throws {TypeError} If it is no path or `file:` URL.
 */
export function lateDirectory(given: string | URL): () => string;
export function lateDirectory(given: string | URL | undefined): () => string | undefined;
export function lateDirectory(given: string | URL | undefined): () => string | undefined {
  if (given === undefined) return () => undefined;
  const checked = checkDirectory(given);
  let path: string | undefined;
  return () => path ??= absolutePathOf(checked);
}

function absolutePathOf(directory: string | URL): string {
  try {
    return toAbsolutePath(directory, "Cannot use directory");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    // The current directory was removed: opening a file in it will say so, by `onError`.
    return toPath(directory, "Cannot use directory");
  }
}

/**
 * Checks the option `uses`.
 *
 * @param uses What a person gave.
 * @throws {TypeError} If it is no sync function.
 */
export function checkUses(uses: unknown): void {
  if (uses === undefined) return;
  if (typeof uses !== "function") {
    throw new TypeError(
      `Cannot set uses: expected a function, such as () => ({ a, b }): ${show(uses)}`,
    );
  }
  const tag = Object.prototype.toString.call(uses);
  if (tag !== "[object Function]") {
    throw new TypeError(`Cannot set uses: it must give its values at once: ${tag.slice(8, -1)}`);
  }
}
