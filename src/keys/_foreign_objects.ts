// Copyright 2026 the pecapiku authors. MIT license.

import {
  apply,
  getNames,
  getPrototypeOf,
  isError,
  isView,
  objectToString,
  slotTests,
} from "./_primordials.ts";

const isRawJSON = (JSON as unknown as { isRawJSON(value: unknown): boolean }).isRawJSON;

/**
 * Tells whether an object is more than its properties, though its prototype does not say so: `arguments`, a module
 * namespace, or a built-in object whose prototype was replaced.
 *
 * @param value The object. It is no proxy and no array.
 * @returns What it is, `undefined` if it is an ordinary object.
 */
export function describeForeign(value: object): string | undefined {
  const slots = slotTests();
  if (Symbol.toStringTag in value) {
    // What toString says is then up to the program.
    if (slots.isModuleNamespaceObject(value)) return "a module namespace";
    if (
      slots.isDate(value) || slots.isRegExp(value) || slots.isBoxedPrimitive(value) ||
      isError(value) || slots.isArgumentsObject(value)
    ) return REPLACED;
  } else {
    const text: string = apply(objectToString, value, []);
    if (text !== "[object Object]") {
      return text === "[object Arguments]" ? "an arguments object" : REPLACED;
    }
  }
  if (
    slots.isMap(value) || slots.isSet(value) || slots.isPromise(value) || slots.isWeakMap(value) ||
    slots.isWeakSet(value) || slots.isGeneratorObject(value) || slots.isMapIterator(value) ||
    slots.isSetIterator(value) || slots.isAnyArrayBuffer(value) || isView(value)
  ) return REPLACED;
  return getPrototypeOf(value) === null ? describeNullObject(value) : undefined;
}

const REPLACED = "a built-in object whose prototype was replaced";

function describeNullObject(value: object): string | undefined {
  if (Object.isExtensible(value)) return undefined;
  if (isRawJSON(value)) return "a raw JSON text";
  if (getNames(value).length > 0) return undefined;
  try {
    // A native pointer has no properties, and nothing else that could be asked.
    structuredClone(value);
    return undefined;
  } catch {
    return "a native pointer";
  }
}
