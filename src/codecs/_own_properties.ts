// Copyright 2026 the pecapiku authors. MIT license.

// Captured when the module loads, so that nothing a program patches later changes what is checked.
const { getOwnPropertyNames, getOwnPropertySymbols } = Object;
const { ownKeys } = Reflect;
const inspect = Deno.inspect;
const lookupGetter = Function.prototype.call.bind(
  Reflect.get(Object.prototype, "__lookupGetter__"),
) as (object: object, name: PropertyKey) => unknown;

/** From this length on, listing the indices costs more than asking the console. */
const LONG = 256;

const INSPECT_OPTIONS: Deno.InspectOptions = {
  iterableLimit: 0,
  depth: 0,
  showHidden: true,
  colors: false,
  compact: true,
  breakLength: Infinity,
  trailingComma: false,
};

/**
 * Tells whether an element of an array is read by a getter, without calling it.
 *
 * @param array The array.
 * @param index Which element.
 * @returns Whether there is a getter.
 */
export function hasGetter(array: readonly unknown[], index: number): boolean {
  // A third of what a property descriptor costs for an index.
  return lookupGetter(array, index) !== undefined;
}

/**
 * Tells whether an array owns nothing but its elements and its length: no holes are looked for.
 *
 * @param array A real array, not a proxy.
 * @returns Whether there is nothing else.
 */
export function isBareArray(array: readonly unknown[]): boolean {
  const length = array.length;
  if (length < LONG) return ownKeys(array).length === length + 1;
  if (getOwnPropertySymbols(array).length > 0) return false;
  // Every way to list the named properties of an array also makes a string of each index, 50 ms for a million of them.
  // The console does not. It is believed only when it says that there is nothing else; whatever else it says,
  // the names are counted.
  return saysNothingElse(array, `[ ... ${length} more items, [length]: ${length} ]`) ||
    getOwnPropertyNames(array).length === length + 1;
}

/**
 * Tells whether a typed array owns nothing but its elements.
 *
 * @param view A real typed array, not a proxy.
 * @param length Its length.
 * @param pristine Makes another view like it, over the same bytes.
 * @returns Whether there is nothing else.
 */
export function isBareTypedArray(view: object, length: number, pristine: () => object): boolean {
  if (getOwnPropertySymbols(view).length > 0) return false;
  if (length >= LONG) {
    const expected = inspect(pristine(), INSPECT_OPTIONS);
    if (saysNothingElse(view, expected)) return true;
  }
  return getOwnPropertyNames(view).length === length;
}

function saysNothingElse(value: object, expected: string): boolean {
  try {
    return inspect(value, INSPECT_OPTIONS) === expected;
  } catch {
    // A patched console: the names are counted instead.
    return false;
  }
}
