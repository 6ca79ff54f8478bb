// Copyright 2026 the pecapiku authors. MIT license.

import { types } from "../_deferred.ts";

// Built-ins as they were when this module was loaded: a method that somebody patched later, or that a subclass
// overrides, could run their code or lie about the content.

/** The tests of `node:util/types` that look at internal slots. Loaded when the first object is met. */
export interface SlotTests {
  isProxy(value: unknown): boolean;
  isMap(value: unknown): boolean;
  isSet(value: unknown): boolean;
  isPromise(value: unknown): boolean;
  isWeakMap(value: unknown): boolean;
  isWeakSet(value: unknown): boolean;
  isGeneratorObject(value: unknown): boolean;
  isMapIterator(value: unknown): boolean;
  isSetIterator(value: unknown): boolean;
  isAnyArrayBuffer(value: unknown): boolean;
  isSharedArrayBuffer(value: unknown): boolean;
  isArgumentsObject(value: unknown): boolean;
  isBoxedPrimitive(value: unknown): boolean;
  isDate(value: unknown): boolean;
  isModuleNamespaceObject(value: unknown): boolean;
  isRegExp(value: unknown): boolean;
}

let slots: SlotTests | undefined;

/**
 * The tests that look at internal slots.
 *
 * @returns The functions of `node:util/types`, off its namespace: calls through a deferred namespace are slower.
 */
export function slotTests(): SlotTests {
  return slots ??= {
    isProxy: types.isProxy,
    isMap: types.isMap,
    isSet: types.isSet,
    isPromise: types.isPromise,
    isWeakMap: types.isWeakMap,
    isWeakSet: types.isWeakSet,
    isGeneratorObject: types.isGeneratorObject,
    isMapIterator: types.isMapIterator,
    isSetIterator: types.isSetIterator,
    isAnyArrayBuffer: types.isAnyArrayBuffer,
    isSharedArrayBuffer: types.isSharedArrayBuffer,
    isArgumentsObject: types.isArgumentsObject,
    isBoxedPrimitive: types.isBoxedPrimitive,
    isDate: types.isDate,
    isModuleNamespaceObject: types.isModuleNamespaceObject,
    isRegExp: types.isRegExp,
  };
}

/** `Reflect.apply`. */
export const apply = Reflect.apply;
/** `Reflect.getPrototypeOf`. */
export const getPrototypeOf = Reflect.getPrototypeOf as (target: object) => object | null;
/** `Reflect.getOwnPropertyDescriptor`. */
export const getDescriptor = Reflect.getOwnPropertyDescriptor;
/** `Object.getOwnPropertyNames`: all string keys, hidden ones too. */
export const getNames = Object.getOwnPropertyNames;
/** `Object.getOwnPropertySymbols`. */
export const getSymbols = Object.getOwnPropertySymbols;
/** `Reflect.ownKeys`. */
export const ownKeys = Reflect.ownKeys;
/** `Object.hasOwn`. */
export const hasOwn = Object.hasOwn;
/** `Array.isArray`. */
export const isArray = Array.isArray;
/** `ArrayBuffer.isView`. */
export const isView = ArrayBuffer.isView;
/** `Error.isError`: looks at the internal slot. */
export const isError = (Error as unknown as { isError(value: unknown): boolean }).isError;
/** `Symbol.keyFor`. */
export const symbolKey = Symbol.keyFor;
/** `Object.keys`: only the string keys of enumerable properties. */
export const getEnumerableNames = Object.keys;
/** `Object.prototype.__lookupGetter__`: faster than a descriptor, and it calls nothing. */
export const lookUpGetter = (Object.prototype as unknown as {
  __lookupGetter__(this: unknown, key: string | number): unknown;
}).__lookupGetter__;
/** `Object.prototype.toString`. */
export const objectToString = Object.prototype.toString;
/** `Function.prototype.toString`. */
export const functionToString = Function.prototype.toString;

/** The names of the well-known symbols. */
export const WELL_KNOWN: ReadonlyMap<symbol, string> = new Map(
  getNames(Symbol).flatMap((name): [symbol, string][] => {
    const value: unknown = getDescriptor(Symbol, name)?.value;
    return typeof value === "symbol" ? [[value, name]] : [];
  }),
);

/**
 * A method or a getter of a built-in, to be applied to whatever claims to be one: it throws if the internal slot is not
 * there.
 *
 * @param target Where the property is.
 * @param name The property's name.
 * @returns A function that calls it on its first argument.
 */
export function uncurry<T>(
  target: object,
  name: string | symbol,
): (self: unknown, ...args: unknown[]) => T {
  const descriptor = getDescriptor(target, name);
  const method = descriptor?.get ?? descriptor?.value;
  return (self, ...args) => apply(method, self, args);
}

const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };

/** A typed array's kind, such as `Float64Array`, by its internal slot; `undefined` of all else. */
export const typedArrayKind = uncurry<string | undefined>(TypedArray.prototype, Symbol.toStringTag);
/** A typed array's buffer. */
export const typedArrayBuffer = uncurry<ArrayBufferLike>(TypedArray.prototype, "buffer");
/** Where a typed array begins in its buffer, in bytes. */
export const typedArrayByteOffset = uncurry<number>(TypedArray.prototype, "byteOffset");
/** A typed array's length in bytes. */
export const typedArrayByteLength = uncurry<number>(TypedArray.prototype, "byteLength");
/** A typed array's number of elements. */
export const typedArrayLength = uncurry<number>(TypedArray.prototype, "length");
/** A `DataView`'s buffer. */
export const dataViewBuffer = uncurry<ArrayBufferLike>(DataView.prototype, "buffer");
/** Where a `DataView` begins in its buffer, in bytes. */
export const dataViewByteOffset = uncurry<number>(DataView.prototype, "byteOffset");
/** A `DataView`'s length in bytes. */
export const dataViewByteLength = uncurry<number>(DataView.prototype, "byteLength");
/** An `ArrayBuffer`'s length in bytes. */
export const bufferByteLength = uncurry<number>(ArrayBuffer.prototype, "byteLength");
/** Whether an `ArrayBuffer` can be resized. */
export const bufferResizable = uncurry<boolean>(ArrayBuffer.prototype, "resizable");
/** How long an `ArrayBuffer` can become, in bytes. */
export const bufferMaxByteLength = uncurry<number>(ArrayBuffer.prototype, "maxByteLength");
/** Whether an `ArrayBuffer` was transferred away. */
export const bufferDetached = uncurry<boolean>(ArrayBuffer.prototype, "detached");
/** `Map.prototype.forEach`. */
export const mapForEach = uncurry<void>(Map.prototype, "forEach");
/** `Set.prototype.forEach`. */
export const setForEach = uncurry<void>(Set.prototype, "forEach");
/** `BigInt.prototype.toString`. */
export const bigintText = uncurry<string>(BigInt.prototype, "toString");
/** A `Date`'s time, in milliseconds since the epoch. */
export const dateTime = uncurry<number>(Date.prototype, "getTime");
/** A regular expression's source. */
export const regExpSource = uncurry<string>(RegExp.prototype, "source");

const FLAGS: readonly [string, (self: unknown) => boolean][] = [
  ["d", uncurry(RegExp.prototype, "hasIndices")],
  ["g", uncurry(RegExp.prototype, "global")],
  ["i", uncurry(RegExp.prototype, "ignoreCase")],
  ["m", uncurry(RegExp.prototype, "multiline")],
  ["s", uncurry(RegExp.prototype, "dotAll")],
  ["u", uncurry(RegExp.prototype, "unicode")],
  ["v", uncurry(RegExp.prototype, "unicodeSets")],
  ["y", uncurry(RegExp.prototype, "sticky")],
];

/**
 * The flags of a regular expression, past the `flags` getter, which asks properties that anybody can override.
 *
 * @param value The regular expression.
 * @returns Its flags, in alphabetical order.
 */
export function regExpFlags(value: object): string {
  let flags = "";
  for (const [flag, isSet] of FLAGS) if (isSet(value)) flags += flag;
  return flags;
}

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
