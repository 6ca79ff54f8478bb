// Copyright 2026 the pecapiku authors. MIT license.

import { types } from "../_deferred.ts";

// What objects are inside and what they own, found out without running any of their code.

// Captured when the module loads, so that nothing a program patches later changes what is checked.
const {
  getOwnPropertyDescriptor,
  getOwnPropertyNames,
  getOwnPropertySymbols,
  getPrototypeOf,
  prototype: objectPrototype,
} = Object;
const { ownKeys } = Reflect;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const inspect = Deno.inspect;
const call = Function.prototype.call;
const tagOf = call.bind(objectPrototype.toString) as (value: unknown) => string;
const lookupGetter = call.bind(Reflect.get(objectPrototype, "__lookupGetter__")) as (
  object: object,
  name: PropertyKey,
) => unknown;

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

/** A getter as a function of the object, as it was when the module loaded: it reads the object itself, not a property. */
function getter<T>(prototype: object, name: PropertyKey): (object: object) => T {
  const { get } = getOwnPropertyDescriptor(prototype, name)!;
  return call.bind(get!) as (object: object) => T;
}

const typedArrayPrototype = getPrototypeOf(Uint8Array.prototype) as object;

/** The name of a typed array's class; `undefined` for anything else. */
export const typedArrayName: (view: object) => string | undefined = getter(
  typedArrayPrototype,
  Symbol.toStringTag,
);
/** Where a typed array begins in its buffer, in bytes. */
export const typedArrayOffset: (view: object) => number = getter(typedArrayPrototype, "byteOffset");
/** How many elements a typed array has. */
export const typedArrayLength: (view: object) => number = getter(typedArrayPrototype, "length");
/** Whether the content of an `ArrayBuffer` was moved elsewhere. */
export const isDetached: (buffer: object) => boolean = getter(ArrayBuffer.prototype, "detached");
/** Whether an `ArrayBuffer` can change its length. */
export const isResizable: (buffer: object) => boolean = getter(ArrayBuffer.prototype, "resizable");
/** The length of an `ArrayBuffer`, in bytes. */
export const byteLengthOf: (buffer: object) => number = getter(ArrayBuffer.prototype, "byteLength");

/** From this length on, the content of a buffer is a part of its own: V8 takes 11 ms to give 8 MB back. */
const APART = 65_536;

/**
 * Tells whether the content of an `ArrayBuffer` is a part of its own.
 *
 * @param buffer The buffer.
 * @returns Whether it is.
 */
export function isApart(buffer: object): boolean {
  return byteLengthOf(buffer) >= APART && !isResizable(buffer);
}

/**
 * Gives a buffer that has these bytes and no others: theirs, if that is such a one.
 *
 * @param content The bytes, which nobody else uses.
 * @returns The buffer.
 */
export function wholeBuffer(content: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = content;
  const whole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
  return whole ? buffer : content.slice().buffer;
}

const typedArrayBuffer = getter<ArrayBufferLike>(typedArrayPrototype, "buffer");
const dataViewBuffer = getter<ArrayBufferLike>(DataView.prototype, "buffer");

/**
 * Gives the buffer that a view shows.
 *
 * @param view A typed array or a `DataView`.
 * @returns Its buffer.
 * @throws {TypeError} If it is neither.
 */
export function bufferOf(view: object): ArrayBufferLike {
  return typedArrayName(view) === undefined ? dataViewBuffer(view) : typedArrayBuffer(view);
}

/** From this length on, listing the indices costs more than asking the console. */
const LONG = 128;

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
  // The console is asked twice.
  if (length >= 2 * LONG) {
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
