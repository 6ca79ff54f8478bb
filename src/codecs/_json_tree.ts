// Copyright 2026 the pecapiku authors. MIT license.

import { hasGetter, hasHiddenContent, isBareArray, isProxy } from "./_objects.ts";

const {
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  getPrototypeOf,
  prototype: objectPrototype,
} = Object;
const { isArray, prototype: arrayPrototype } = Array;

/** How deep this check follows a value, by recursion. Deeper values are for the check that uses no stack. */
const MAX_DEPTH = 100;

/** Up to this many objects are compared one by one, which costs less than a `Set`. */
const FEW = 8;

/** The objects met so far. */
interface Seen {
  readonly few: object[];
  many: Set<object> | undefined;
}

/**
 * Tells, as fast as can be, whether a value surely comes back equal from JSON: it and all it holds are `null`, booleans,
 * strings, finite numbers but `-0`, arrays without holes and plain objects, none of them met twice. No code of the value
 * runs: a property with an accessor makes it `false`.
 *
 * @param value The value.
 * @returns `true` if it surely does. `false` says nothing: the value may be too deep for this check.
 */
export function isJsonTree(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    return isTree(value, 0, { few: [], many: undefined });
  }
  return isJsonLeaf(value);
}

/**
 * Tells whether anything that a program added to the prototypes makes `JSON.stringify` call it.
 *
 * @returns Whether JSON can't be trusted in this program.
 */
export function isJsonPatched(): boolean {
  return "toJSON" in objectPrototype || "toJSON" in arrayPrototype;
}

/**
 * Tells whether something that is not an object comes back equal from JSON.
 *
 * @param value Anything but an object.
 * @returns Whether it does.
 */
export function isJsonLeaf(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      // Not NaN, not infinite, not -0.
      return value - value === 0 && (value !== 0 || 1 / value > 0);
    default:
      return value === null;
  }
}

function isTree(value: object, depth: number, seen: Seen): boolean {
  if (depth > MAX_DEPTH || isProxy(value) || !addNew(seen, value)) return false;
  if (isArray(value)) {
    if (getPrototypeOf(value) !== arrayPrototype || !isBareArray(value)) return false;
    const length = value.length;
    for (let i = 0; i < length; i++) {
      if (hasGetter(value, i)) return false;
      // A hole reads as undefined, which is no JSON.
      const element: unknown = value[i];
      if (typeof element === "object" && element !== null) {
        if (!isTree(element, depth + 1, seen)) return false;
      } else if (!isJsonLeaf(element)) return false;
    }
    return true;
  }
  if (getPrototypeOf(value) !== objectPrototype) return false;
  if (getOwnPropertySymbols(value).length > 0) return false;
  const names = getOwnPropertyNames(value);
  const count = names.length;
  if (count === 0) return !hasHiddenContent(value);
  for (let i = 0; i < count; i++) {
    const descriptor = getOwnPropertyDescriptor(value, names[i]!)!;
    if (!descriptor.enumerable) return false;
    // The value of an accessor is undefined here, which is no JSON.
    const property: unknown = descriptor.value;
    if (typeof property === "object" && property !== null) {
      if (!isTree(property, depth + 1, seen)) return false;
    } else if (!isJsonLeaf(property)) return false;
  }
  return true;
}

function addNew(seen: Seen, value: object): boolean {
  const { few, many } = seen;
  if (many !== undefined) {
    if (many.has(value)) return false;
    many.add(value);
    return true;
  }
  if (few.length === FEW) {
    seen.many = new Set(few);
    return addNew(seen, value);
  }
  if (few.includes(value)) return false;
  few.push(value);
  return true;
}
