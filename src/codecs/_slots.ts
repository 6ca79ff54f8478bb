// Copyright 2026 the pecapiku authors. MIT license.

import defer * as types from "node:util/types";

const { isView } = ArrayBuffer;
const toString = Object.prototype.toString;
const call = Function.prototype.call;
const tagOf = call.bind(toString) as (value: unknown) => string;

// Reading a name of a deferred module costs more than the check itself, so the functions are kept once they are loaded.
let loaded: typeof types | undefined;
let proxyCheck: ((value: unknown) => boolean) | undefined;

/**
 * The checks for what an object is inside, whatever its prototype says. Loaded when they are first needed.
 *
 * @returns The functions of `node:util/types`.
 */
export function slots(): typeof types {
  return loaded ??= { ...types };
}

/**
 * Tells whether an object is a proxy.
 *
 * @param value The object.
 * @returns Whether it is one.
 */
export function isProxy(value: object): boolean {
  return (proxyCheck ??= types.isProxy)(value);
}

/**
 * Tells whether an object without own properties only looks like a plain one: a `Map` or a `Date` whose prototype was
 * replaced, say. (Objects with properties are not asked: it takes two contrivances to make such a one.)
 *
 * @param value An object, not a proxy, without own properties.
 * @returns Whether it has something inside that its properties don't show.
 */
export function hasHiddenContent(value: object): boolean {
  if (tagOf(value) !== "[object Object]" || isView(value)) return true;
  const is = slots();
  return is.isMap(value) || is.isSet(value) || is.isAnyArrayBuffer(value) || is.isPromise(value) ||
    is.isWeakMap(value) || is.isWeakSet(value) || is.isGeneratorObject(value) ||
    is.isMapIterator(value) || is.isSetIterator(value);
}
