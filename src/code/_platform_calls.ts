// Copyright 2026 the pecapiku authors. MIT license.

/** Makes a set of the words of a text. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/**
 * Methods of built-in objects that change nothing, and whose result has no part of what has them, but for what a function that they
 * are given returns.
 */
const PLAIN_METHODS: ReadonlySet<string> = words(`
  every findIndex findLastIndex flatMap forEach includes indexOf join lastIndexOf map some toLocaleString toString
  has isDisjointFrom isSubsetOf isSupersetOf
  charAt charCodeAt codePointAt endsWith isWellFormed localeCompare match matchAll normalize padEnd padStart repeat replace
  replaceAll search split startsWith substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase toWellFormed
  trim trimEnd trimLeft trimRight trimStart
  getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate
  getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds getYear toDateString
  toGMTString toISOString toJSON toLocaleDateString toLocaleTimeString toTimeString toUTCString
  toExponential toFixed toPrecision
  getBigInt64 getBigUint64 getFloat16 getFloat32 getFloat64 getInt16 getInt32 getInt8 getUint16 getUint32 getUint8
  hasOwnProperty isPrototypeOf propertyIsEnumerable`);

/** Methods that change nothing and give a member of what has them, or itself. */
const MEMBER_METHODS: ReadonlySet<string> = words(`
  at find findLast get reduce reduceRight subarray valueOf`);

/** Methods that change nothing and give something new that holds members of what has them. */
const COPY_METHODS: ReadonlySet<string> = words(`
  concat difference entries filter flat intersection keys slice symmetricDifference toReversed toSorted toSpliced
  union values with`);

/** Methods that change what has them, by their names. */
export const CHANGING_METHODS: ReadonlySet<string> = words(`
  copyWithin fill pop push reverse shift sort splice unshift
  add clear delete getOrInsert getOrInsertComputed set append next return throw
  setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours
  setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds setYear
  setBigInt64 setBigUint64 setFloat16 setFloat32 setFloat64 setInt16 setInt32 setInt8 setUint16 setUint32 setUint8 setFromBase64
  setFromHex
  abort addEventListener adopt defer dispatchEvent dispose disposeAsync move register removeEventListener resize transfer
  transferToFixedLength unregister use`);

/** Of those, the ones that arrays do not have: a class of the program's own may call something else so. */
export const CHANGING_BY_NAME: ReadonlySet<string> = words(`
  add clear delete getOrInsert getOrInsertComputed set append next return throw
  abort adopt defer dispose disposeAsync move register resize transfer unregister use`);

/** Methods that call what they are given on the spot, and with members of what has them. */
export const CALLING_METHODS: ReadonlySet<string> = words(`
  every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight replace replaceAll some sort
  toSorted`);

/** Of those, the ones that only test what the function gives. */
export const TESTING_METHODS: ReadonlySet<string> = words(`
  every filter find findIndex findLast findLastIndex forEach some sort toSorted`);

/** Methods that text and arrays alone have, or that give an array when an array has them. */
export const ARRAY_GIVERS: ReadonlySet<string> = words(`
  concat filter flat flatMap map reverse slice sort toReversed toSorted toSpliced with`);

/** Platform functions that call a function on the spot, wherever it is in the list of arguments. */
export const CALLING_FUNCTIONS: ReadonlySet<string> = words(`
  Array.from JSON.parse JSON.stringify Map.groupBy Object.groupBy new:Promise`);

/**
 * Platform functions that change and keep nothing of their arguments, and give no part of them. A class is there as `new:Error`. They
 * may run methods of them such as `toString` and `toJSON`.
 */
const KEEPING_NOTHING: ReadonlySet<string> = words(`
  Array.isArray ArrayBuffer.isView BigInt Boolean Date Date.UTC Date.parse Error.isError JSON.parse JSON.stringify Number
  Number.isFinite Number.isInteger Number.isNaN Number.isSafeInteger Number.parseFloat Number.parseInt Object.getOwnPropertyNames
  Object.getOwnPropertySymbols Object.hasOwn Object.is Object.isExtensible Object.isFrozen Object.isSealed Object.keys
  Reflect.has Reflect.isExtensible Reflect.ownKeys RegExp.escape String String.fromCharCode String.fromCodePoint String.raw
  Symbol Symbol.for Symbol.keyFor URL.canParse URL.parse
  atob btoa decodeURI decodeURIComponent encodeURI encodeURIComponent escape isFinite isNaN parseFloat parseInt
  structuredClone unescape
  new:Boolean new:Date new:EvalError new:RangeError new:ReferenceError new:SyntaxError new:TypeError new:URIError new:Error
  new:Number new:RegExp new:String new:URL new:URLSearchParams new:TextDecoder new:TextEncoder`);

/** Platform functions that change nothing and give something that holds members of their arguments, or of their members. */
const COPYING: ReadonlySet<string> = words(`
  Array.from Map.groupBy Object.entries Object.fromEntries Object.getOwnPropertyDescriptor Object.getOwnPropertyDescriptors
  Object.groupBy Object.values new:Map new:Set`);

/** Platform functions that give their first argument, or a part of it, or what it resolves to. */
const PASSING: ReadonlySet<string> = words(`
  Object Object.freeze Object.getPrototypeOf Object.preventExtensions Object.seal Promise.resolve Reflect.get
  Reflect.getPrototypeOf`);

/** Platform functions that change their first argument and may put the others into it. */
const CHANGING: ReadonlySet<string> = words(`
  Object.assign Object.defineProperties Object.defineProperty Object.setPrototypeOf Reflect.defineProperty Reflect.deleteProperty
  Reflect.set Reflect.setPrototypeOf Atomics.add Atomics.and Atomics.compareExchange Atomics.exchange Atomics.or Atomics.store
  Atomics.sub Atomics.xor crypto.getRandomValues`);

/** Platform classes whose constructor runs no code but that of the iterators, getters and `toString` of its arguments. */
const INERT_CLASSES = words(`
  AbortController Array ArrayBuffer BigInt64Array BigUint64Array DataView Float16Array Float32Array Float64Array Int16Array
  Int32Array Int8Array Map Object Set SharedArrayBuffer Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakSet
  AggregateError`);

/** Platform objects of which all functions keep nothing. */
const INERT_OBJECTS: ReadonlySet<string> = words("Math console");

/** The names of the platform's objects and functions that any of these lists knows. */
export const KNOWN_PLATFORM: ReadonlySet<string> = new Set(
  [
    ...[
      KEEPING_NOTHING,
      COPYING,
      PASSING,
      CHANGING,
      CALLING_FUNCTIONS,
      INERT_CLASSES,
      INERT_OBJECTS,
    ]
      .flatMap((names) => [...names].map((name) => name.replace(/^new:|\..*$/g, ""))),
    "Object",
  ],
);

/**
 * Tells whether a platform function keeps and changes nothing of its arguments, and gives no part of them.
 *
 * @param name Its name, with `new:` before it where it is called by `new`.
 * @returns Whether that is known.
 */
export function keepsNothing(name: string): boolean {
  return KEEPING_NOTHING.has(name) || INERT_OBJECTS.has(name.split(".", 1)[0]!);
}

/**
 * Tells whether a platform function is known to run no code of the program's but that of its arguments' conversions.
 *
 * @param name Its name, with `new:` before it where it is called by `new`.
 * @returns Whether that is known.
 */
export function runsNothing(name: string): boolean {
  return keepsNothing(name) || COPYING.has(name) || PASSING.has(name) || CHANGING.has(name) ||
    (name.startsWith("new:") && INERT_CLASSES.has(name.slice(4))) || name === "Object.create" ||
    name === "Array.of" ||
    name === "Array";
}

/**
 * Tells what a method does, by its name.
 *
 * @param name The name.
 * @returns Whether it only looks, gives a member, gives something new that holds members, changes what has it, or none of these.
 */
export function methodRole(name: string): "plain" | "member" | "copy" | "changing" | "unknown" {
  if (PLAIN_METHODS.has(name)) return "plain";
  if (MEMBER_METHODS.has(name)) return "member";
  if (COPY_METHODS.has(name)) return "copy";
  return CHANGING_METHODS.has(name) ? "changing" : "unknown";
}

/** What a platform function does with an argument. */
export type ArgumentRole =
  /** It only looks at it. */
  | "seen"
  /** It gives something new that holds members of it. */
  | "copied"
  /** It gives the argument, or a part of it. */
  | "passed"
  /** It changes it. */
  | "changed"
  /** It puts it, or a part of it, into the first argument. */
  | "put"
  /** That is not known. */
  | "given";

/**
 * Tells what a platform function does with an argument.
 *
 * @param name Its name, with `new:` before it where it is called by `new`.
 * @param index Which argument.
 * @returns What it does.
 */
export function platformRole(name: string, index: number): ArgumentRole {
  // An error keeps its cause.
  if (name.startsWith("new:") && name.endsWith("Error") && index > 0) return "given";
  if (keepsNothing(name)) return "seen";
  if (COPYING.has(name)) return "copied";
  if (PASSING.has(name)) return "passed";
  if (CHANGING.has(name)) return index === 0 ? "changed" : "put";
  return "given";
}
