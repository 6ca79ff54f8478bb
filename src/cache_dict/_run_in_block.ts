// Copyright 2026 the pecapiku authors. MIT license.

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
  if (!isPromise(result)) return result;
  return finish(result, guard.move()) as T;
}

async function finish<T>(promise: PromiseLike<T>, guard: DisposableStack): Promise<T> {
  using _block = guard;
  return await promise;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value &&
    typeof value.then === "function";
}
