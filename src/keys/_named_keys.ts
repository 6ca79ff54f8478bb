// Copyright 2026 the pecapiku authors. MIT license.

import { getPrototypeOf, getSymbols } from "./_primordials.ts";

/** Above this number of elements it costs less to let the runtime look for named properties than to list all keys. */
export const MANY_ELEMENTS = 256;

const outlines = new WeakMap<object, string>();

/**
 * Tells, of a long array or typed array, whether it has no properties but its elements. To list all keys takes longer than
 * to digest the elements, and nothing in the language lists only the named ones; but the runtime prints them.
 *
 * @param value The array, of a built-in class or `Buffer`.
 * @param sample Makes an array of the same kind with {@linkcode MANY_ELEMENTS} elements, to compare with.
 * @returns `true` if it surely has no others.
 */
export function hasOnlyElements(value: object, sample: () => object): boolean {
  if (getSymbols(value).length > 0) return false;
  const prototype = getPrototypeOf(value)!;
  let expected = outlines.get(prototype);
  if (expected === undefined) {
    expected = outline(Object.setPrototypeOf(sample(), prototype));
    outlines.set(prototype, expected);
  }
  return outline(value) === expected;
}

/**
 * Tells, of a long plain array, whether it has no properties but its elements.
 *
 * @param value The array.
 * @returns `true` if it surely has no others.
 */
export function isOnlyElements(value: readonly unknown[]): boolean {
  return hasOnlyElements(value, () => new Array(MANY_ELEMENTS));
}

// Numbers differ from array to array, and white space with their length; a name can't consist of them alone.
function outline(value: object): string {
  const options = {
    colors: false,
    customInspect: false,
    depth: 0,
    getters: false,
    iterableLimit: 0,
    showHidden: true,
    showProxy: true,
  };
  return Deno.inspect(value, options as Deno.InspectOptions).replace(/[\s\d]+/g, "");
}
