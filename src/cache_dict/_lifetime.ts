// Copyright 2026 the pecapiku authors. MIT license.

import { addErrorContext, CacheError } from "../errors/cache_error.ts";

/**
 * Runs a function over a resource, and disposes of it when the function is left: at once, or when the promise that it
 * returned is settled.
 *
 * @param resource The resource.
 * @param callback The function.
 * @returns What the function returned.
 */
export function runInBlock<R extends Disposable, T>(resource: R, callback: (resource: R) => T): T {
  using guard = new DisposableStack();
  guard.use(resource);
  const result = callback(resource);
  if (isPromise(result)) return finish(result, guard.move()) as T;
  leave(guard, result);
  return result;
}

async function finish<T>(promise: PromiseLike<T>, guard: DisposableStack): Promise<T> {
  using block = guard;
  const result = await promise;
  leave(block, result);
  return result;
}

/** Disposes of what is guarded. Where that fails, the error carries the result, so that no work is lost. */
function leave(guard: DisposableStack, value: unknown): void {
  try {
    guard.dispose();
  } catch (error) {
    if (error instanceof CacheError) addErrorContext(error, { value });
    throw error;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}

let interactive: boolean | undefined;

/**
 * Tells whether this process evaluates lines or cells one by one, as the REPL and a notebook do. There, a top-level
 * `using` is never disposed.
 *
 * @returns Whether it does.
 */
export function isInteractive(): boolean {
  return interactive ??= hasInteractiveMain() || hasJupyter();
}

function hasInteractiveMain(): boolean {
  try {
    return /[\\/]\$deno\$(?:repl|jupyter)[^\\/]*$/.test(Deno.mainModule);
  } catch {
    // A worker may have no main module to tell of; it is not interactive either.
    return false;
  }
}

function hasJupyter(): boolean {
  try {
    return Reflect.get(Deno, "jupyter") !== undefined;
  } catch {
    // Outside of a notebook, asking for the namespace throws.
    return false;
  }
}
