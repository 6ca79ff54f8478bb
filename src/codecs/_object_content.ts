// Copyright 2026 the pecapiku authors. MIT license.

import { hasGetter, isBareArray } from "./_own_properties.ts";
import { isProxy } from "./_slots.ts";

const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf } =
  Object;
const { isArray } = Array;

/**
 * Tells whether an array has no holes, no accessors and nothing but its elements.
 *
 * @param array The array.
 * @returns Whether it is so.
 */
export function isDenseArray(array: readonly unknown[]): boolean {
  if (!isBareArray(array)) return false;
  for (let i = 0; i < array.length; i++) {
    if (!(i in array) || hasGetter(array, i)) return false;
  }
  return true;
}

/**
 * Reads the properties of an object, without running an accessor.
 *
 * @param value A plain object or an array.
 * @param names Is filled with their names, in order; the length of an array is left out.
 * @param values Is filled with their values.
 * @returns What keeps the object from coming back equal, and under which name; `undefined` if nothing does.
 */
export function readProperties(
  value: object,
  names: string[],
  values: unknown[],
): { readonly what: string; readonly name?: string } | undefined {
  const symbol = getOwnPropertySymbols(value)[0];
  if (symbol !== undefined) return { what: `the symbol key ${String(symbol)}` };
  const skipLength = isArray(value);
  for (const name of getOwnPropertyNames(value)) {
    if (skipLength && name === "length") continue;
    const descriptor = getOwnPropertyDescriptor(value, name)!;
    if (!("value" in descriptor)) return { what: "an accessor", name };
    if (!descriptor.enumerable) return { what: "a hidden property", name };
    names.push(name);
    values.push(descriptor.value);
  }
  return undefined;
}

/**
 * Reads what an error holds beside its message and stack.
 *
 * @param error The error.
 * @returns The names, of `cause` and `errors`, and their values.
 */
export function errorContent(error: object): { names: string[]; values: unknown[] } {
  const names: string[] = [];
  const values: unknown[] = [];
  for (const name of ["cause", "errors"]) {
    const descriptor = getOwnPropertyDescriptor(error, name);
    if (descriptor === undefined) continue;
    names.push(name);
    values.push(descriptor.value);
  }
  return { names, values };
}

/**
 * Says what an object is, for a message, without running any code of it.
 *
 * @param value The object, not a proxy.
 * @returns Such as `an instance of Point`.
 */
export function describeObject(value: object): string {
  return `an instance of ${className(value) ?? "an unnamed class"}`;
}

/**
 * Finds the name of an object's class, without running any code of it.
 *
 * @param value The object, not a proxy.
 * @returns The name, if there is one.
 */
export function className(value: object): string | undefined {
  let prototype = getPrototypeOf(value) as object | null;
  while (prototype !== null && !isProxy(prototype)) {
    const constructor: unknown = getOwnPropertyDescriptor(prototype, "constructor")?.value;
    if (typeof constructor === "function" && !isProxy(constructor)) {
      const name: unknown = getOwnPropertyDescriptor(constructor, "name")?.value;
      if (typeof name === "string" && name !== "") return name;
    }
    prototype = getPrototypeOf(prototype) as object | null;
  }
  return undefined;
}
