// Copyright 2026 the pecapiku authors. MIT license.

/** Constructors of values whose text says all there is to compare. */
const TOLD_BY_TEXT = new Set<unknown>(
  [
    Intl.Locale,
    RegExp,
    Temporal.Duration,
    Temporal.Instant,
    Temporal.PlainDate,
    Temporal.PlainDateTime,
    Temporal.PlainMonthDay,
    Temporal.PlainTime,
    Temporal.PlainYearMonth,
    Temporal.ZonedDateTime,
    URL,
    URLSearchParams,
  ].map((Class) => Class.prototype),
);

const TypedArray = Object.getPrototypeOf(Uint8Array) as new () => ArrayLike<unknown>;

type Pairs = Map<object, object>;
type Keyed = Map<unknown, unknown> | Set<unknown>;

/**
 * Deep equality as `@std/assert` means it: `0` equals `-0`, a null prototype equals a plain one,
 * holes equal what is absent, sharing does not count.
 *
 * @param a A value.
 * @param b Another.
 * @returns Whether they are equal.
 * @throws {TypeError} If there are weak maps or weak sets to compare.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

function compare(a: unknown, b: unknown, pairs: Pairs): boolean {
  if (same(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) return same(a.getTime(), b.getTime());
  if (typeof a === "function" || typeof b === "function" || !haveSamePrototype(a, b)) return false;
  if (a instanceof TypedArray) return compareItems(a, b as typeof a);
  if (a instanceof ArrayBuffer || a instanceof SharedArrayBuffer) {
    return compareItems(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (a instanceof WeakMap) throw new TypeError("Cannot compare WeakMap instances");
  if (a instanceof WeakSet) throw new TypeError("Cannot compare WeakSet instances");
  if (a instanceof WeakRef) return compare(a.deref(), (b as typeof a).deref(), pairs);
  // A pair met before is being compared further up, or was.
  if (pairs.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  pairs.set(a, b);
  if (isKeyed(a) && isKeyed(b)) return compareKeyed(a, b, pairs);
  return compareProperties(a, b, pairs);
}

function same(a: unknown, b: unknown): boolean {
  return a === b || Object.is(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" ? value !== null : typeof value === "function";
}

function isKeyed(value: object): value is Keyed {
  return value instanceof Map || value instanceof Set;
}

function haveSamePrototype(a: object, b: object): boolean {
  return (Object.getPrototypeOf(a) ?? Object.prototype) ===
    (Object.getPrototypeOf(b) ?? Object.prototype);
}

function compareItems(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!same(a[i], b[i])) return false;
  }
  return true;
}

function compareKeyed(a: Keyed, b: Keyed, pairs: Pairs): boolean {
  if (a.size !== b.size) return false;
  if (!a.keys().some(isObject)) {
    if (a instanceof Set) return a.isSubsetOf(b);
    return a.entries().every(([key, value]) =>
      b.has(key) && compare(value, (b as typeof a).get(key), pairs)
    );
  }
  // Every entry needs its like, wherever it stands.
  let unmatched = a.size;
  for (const [aKey, aValue] of a.entries()) {
    for (const [bKey, bValue] of b.entries()) {
      if (!compare(aKey, bKey, pairs)) continue;
      const areItems = aKey === aValue && bKey === bValue;
      if (areItems || compare(aValue, bValue, pairs)) {
        unmatched--;
        break;
      }
    }
  }
  return unmatched === 0;
}

function compareProperties(a: object, b: object, pairs: Pairs): boolean {
  const prototype = Object.getPrototypeOf(a);
  if (TOLD_BY_TEXT.has(prototype)) return String(a) === String(b);
  const isBasic = prototype === null || prototype === Object.prototype ||
    prototype === Array.prototype;
  const keys = isBasic ? Reflect.ownKeys({ ...a, ...b }) : keysOfChain(a).union(keysOfChain(b));
  for (const key of keys) {
    if (!compare(Reflect.get(a, key), Reflect.get(b, key), pairs)) return false;
    if (key in a !== key in b) return false;
  }
  return true;
}

/** The own keys of an object and of its prototypes below the built-in ones. */
function keysOfChain(object: object): Set<string | symbol> {
  const keys = new Set<string | symbol>();
  let link: object | null = object;
  while (link !== null && link !== Object.prototype && link !== Array.prototype) {
    for (const key of Reflect.ownKeys(link)) keys.add(key);
    link = Object.getPrototypeOf(link);
  }
  return keys;
}
