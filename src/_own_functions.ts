// Copyright 2026 the pecapiku authors. MIT license.

const own = new WeakSet<object>();

/**
 * Marks a function as this package's own: what it does is no part of the user's code.
 *
 * @param fn The function.
 * @returns The same function.
 */
export function markOwn<F extends object>(fn: F): F {
  own.add(fn);
  return fn;
}

/**
 * Tells whether a function is marked as this package's own.
 *
 * @param fn The function.
 * @returns Whether it is.
 */
export function isOwn(fn: object): boolean {
  return own.has(fn);
}
