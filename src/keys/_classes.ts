// Copyright 2026 the pecapiku authors. MIT license.

import {
  functionToString,
  getDescriptor,
  getNames,
  getPrototypeOf,
  hasOwn,
  slotTests,
} from "./_platform.ts";

/** A class that a user wrote. */
export interface UserClass {
  readonly name: string;
  readonly constructor: object;
}

/** What the prototype chain of an object says of it. */
export interface ClassInfo {
  /** The user's classes, the object's own first. */
  readonly classes: readonly UserClass[];
  /** The known built-in class below them; `undefined` if there is none, and then there is a refusal. */
  readonly base: NativeBase | undefined;
  /** The name of the built-in class below them. */
  readonly baseName: string;
  /** Why the content of such an object can't be known, if so. */
  readonly refusal: string | undefined;
  /** Whether a method to speak for the object could be looked for: there is no proxy to run into. */
  readonly open: boolean;
  readonly chain: readonly object[];
}

const NATIVE_SOURCE = /\{\s*\[native code\]\s*\}$/;
// Taken at load: what a program puts there later is its own. Its getters load parts of the platform, so they are not asked.
const globalNames: readonly string[] = getNames(globalThis);

const knownInfos = new WeakMap<object, ClassInfo>();

/**
 * Finds out what class an object is of, by its prototype.
 *
 * @param prototype The object's prototype.
 * @returns What is known.
 */
export function classInfo(prototype: object | null): ClassInfo {
  if (prototype === null) return NULL_PROTOTYPE;
  const cached = knownInfos.get(prototype);
  if (cached !== undefined && isUnchanged(cached)) return cached;
  const info = analyze(prototype);
  knownInfos.set(prototype, info);
  return info;
}

const NULL_PROTOTYPE: ClassInfo = {
  classes: [],
  base: "null",
  baseName: "",
  refusal: undefined,
  open: true,
  chain: [],
};

const BEHIND_PROXY = { refusal: "an object with a proxy for a prototype", open: false } as const;

function isUnchanged({ chain, open }: ClassInfo): boolean {
  // Behind a proxy nothing may be asked.
  if (!open) return true;
  for (let i = 0; i + 1 < chain.length; i++) {
    if (getPrototypeOf(chain[i]!) !== chain[i + 1]) return false;
  }
  return true;
}

function analyze(prototype: object): ClassInfo {
  const { isProxy } = slotTests();
  const classes: UserClass[] = [];
  const chain: object[] = [];
  let base: NativeBase | undefined;
  let baseName = "";
  let refusal: string | undefined;
  for (let at: object | null = prototype;; at = getPrototypeOf(at)) {
    if (at === null) {
      refusal ??= "an object whose prototypes end in null";
      break;
    }
    chain.push(at);
    if (isProxy(at)) {
      return { ...BEHIND_PROXY, classes, base, baseName, chain };
    }
    const native = nativeClasses.get(at);
    if (native !== undefined) {
      base = native.base;
      baseName = native.name;
      break;
    }
    const constructor = constructorOf(at);
    if (constructor === undefined) {
      refusal ??= "an object with a prototype that is no class's";
      continue;
    }
    if (isProxy(constructor)) {
      refusal ??= "an instance of a class behind a proxy";
      continue;
    }
    const name = nameOf(constructor);
    const source = Reflect.apply(functionToString, constructor, []) as string;
    const isNative = NATIVE_SOURCE.test(source);
    const late = name === undefined ? undefined : lateNativeClass(at, name, isNative);
    if (late !== undefined) {
      base = late.base;
      baseName = late.name;
      break;
    }
    if (isNative || isPlatformClass(name, constructor)) {
      refusal ??= `an instance of ${name ?? "a native class"}`;
      baseName = name ?? "";
      break;
    }
    if (!name) refusal ??= "an instance of a class without a name";
    else if (mayHavePrivateNames(source)) {
      refusal ??= `an instance of ${name}, a class with #private names`;
    }
    classes.push({ name: name ?? "", constructor });
  }
  // The chain past a native class that is not known may still hold a proxy.
  const last = chain.at(-1)!;
  for (let at = getPrototypeOf(last); at !== null; at = getPrototypeOf(at)) {
    if (isProxy(at)) {
      return { ...BEHIND_PROXY, classes, base, baseName, chain };
    }
    chain.push(at);
  }
  return {
    classes,
    base: refusal === undefined ? base : undefined,
    baseName,
    refusal,
    open: true,
    chain,
  };
}

function constructorOf(prototype: object): object | undefined {
  const constructor: unknown = getDescriptor(prototype, "constructor")?.value;
  if (typeof constructor !== "function") return undefined;
  if (slotTests().isProxy(constructor)) return constructor;
  return getDescriptor(constructor, "prototype")?.value === prototype ? constructor : undefined;
}

function nameOf(constructor: object): string | undefined {
  const name: unknown = getDescriptor(constructor, "name")?.value;
  return typeof name === "string" ? name : undefined;
}

function isPlatformClass(name: string | undefined, constructor: object): boolean {
  // A Buffer is a Uint8Array with more methods and no more content.
  if (name === undefined || name === "Buffer") return false;
  return [globalThis, Deno].some((holder) => {
    if (holder === globalThis && !globalNames.includes(name)) return false;
    const descriptor = getDescriptor(holder, name);
    if (descriptor === undefined) return false;
    if (descriptor.get === undefined) return descriptor.value === constructor;
    return Reflect.apply(descriptor.get, holder, []) === constructor;
  });
}

/** What an object is at bottom, and so how its content is written. */
export type NativeBase =
  | "object"
  | "null"
  | "array"
  | "map"
  | "set"
  | "date"
  | "regExp"
  | "boxed"
  | "error"
  | "arrayBuffer"
  | "view"
  | "url"
  | "urlSearchParams"
  | "headers"
  | "domException"
  | "temporal";

/** A built-in class whose content is known. */
interface NativeClass {
  /** What its instances are. */
  readonly base: NativeBase;
  /** Its name. */
  readonly name: string;
}

const nativeClasses = new Map<object, NativeClass>([
  [Object.prototype, { base: "object", name: "Object" }],
  [Array.prototype, { base: "array", name: "Array" }],
  [Map.prototype, { base: "map", name: "Map" }],
  [Set.prototype, { base: "set", name: "Set" }],
  [Date.prototype, { base: "date", name: "Date" }],
  [RegExp.prototype, { base: "regExp", name: "RegExp" }],
  [Boolean.prototype, { base: "boxed", name: "Boolean" }],
  [Number.prototype, { base: "boxed", name: "Number" }],
  [String.prototype, { base: "boxed", name: "String" }],
  [BigInt.prototype, { base: "boxed", name: "BigInt" }],
  [Symbol.prototype, { base: "boxed", name: "Symbol" }],
  [Error.prototype, { base: "error", name: "Error" }],
  [AggregateError.prototype, { base: "error", name: "AggregateError" }],
  [EvalError.prototype, { base: "error", name: "EvalError" }],
  [RangeError.prototype, { base: "error", name: "RangeError" }],
  [ReferenceError.prototype, { base: "error", name: "ReferenceError" }],
  [SuppressedError.prototype, { base: "error", name: "SuppressedError" }],
  [SyntaxError.prototype, { base: "error", name: "SyntaxError" }],
  [TypeError.prototype, { base: "error", name: "TypeError" }],
  [URIError.prototype, { base: "error", name: "URIError" }],
  [ArrayBuffer.prototype, { base: "arrayBuffer", name: "ArrayBuffer" }],
  [BigInt64Array.prototype, { base: "view", name: "BigInt64Array" }],
  [BigUint64Array.prototype, { base: "view", name: "BigUint64Array" }],
  [DataView.prototype, { base: "view", name: "DataView" }],
  [Float16Array.prototype, { base: "view", name: "Float16Array" }],
  [Float32Array.prototype, { base: "view", name: "Float32Array" }],
  [Float64Array.prototype, { base: "view", name: "Float64Array" }],
  [Int16Array.prototype, { base: "view", name: "Int16Array" }],
  [Int32Array.prototype, { base: "view", name: "Int32Array" }],
  [Int8Array.prototype, { base: "view", name: "Int8Array" }],
  [Uint16Array.prototype, { base: "view", name: "Uint16Array" }],
  [Uint32Array.prototype, { base: "view", name: "Uint32Array" }],
  [Uint8Array.prototype, { base: "view", name: "Uint8Array" }],
  [Uint8ClampedArray.prototype, { base: "view", name: "Uint8ClampedArray" }],
  [URL.prototype, { base: "url", name: "URL" }],
  [URLSearchParams.prototype, { base: "urlSearchParams", name: "URLSearchParams" }],
  [DOMException.prototype, { base: "domException", name: "DOMException" }],
]);

// To touch these loads parts of the platform, which takes longer than all else here: so only when there is an instance.
const lateClasses: Readonly<
  Record<string, () => { base: NativeBase; constructor: { prototype: object } }>
> = {
  Headers: () => ({ base: "headers", constructor: Headers }),
  Duration: () => ({ base: "temporal", constructor: Temporal.Duration }),
  Instant: () => ({ base: "temporal", constructor: Temporal.Instant }),
  PlainDate: () => ({ base: "temporal", constructor: Temporal.PlainDate }),
  PlainDateTime: () => ({ base: "temporal", constructor: Temporal.PlainDateTime }),
  PlainMonthDay: () => ({ base: "temporal", constructor: Temporal.PlainMonthDay }),
  PlainTime: () => ({ base: "temporal", constructor: Temporal.PlainTime }),
  PlainYearMonth: () => ({ base: "temporal", constructor: Temporal.PlainYearMonth }),
  ZonedDateTime: () => ({ base: "temporal", constructor: Temporal.ZonedDateTime }),
};

// A polyfill is no native code.
function lateNativeClass(
  prototype: object,
  name: string,
  isNative: boolean,
): NativeClass | undefined {
  if (!hasOwn(lateClasses, name)) return undefined;
  const { base, constructor } = lateClasses[name]!();
  if (constructor.prototype !== prototype || (base === "temporal" && !isNative)) return undefined;
  const found = { base, name };
  nativeClasses.set(prototype, found);
  return found;
}

/**
 * Tells whether a class may have `#private` names, whose values can't be seen. It never misses one. Comments, strings and
 * templates are left out as far as they can be told for sure; at the first `/` that may begin a regular expression, and at
 * what may be an HTML-like comment, certainty ends, and whatever looks like a name from there on counts.
 *
 * @param source The source text of a class.
 * @returns Whether a private name may be in it.
 */
export function mayHavePrivateNames(source: string): boolean {
  // To make an expression with classes of Unicode takes long, at the start of a process above all.
  if (!source.includes("#")) return false;
  const privateName = /#[\p{ID_Start}$_\\]/u;
  if (!privateName.test(source)) return false;
  // For each `${` that is open, how many braces are open within it.
  const templates: number[] = [];
  let at = 0;
  const skipString = (quote: string): void => {
    for (at++; at < source.length && source[at] !== quote; at++) if (source[at] === "\\") at++;
    at++;
  };
  const skipTemplate = (): void => {
    for (; at < source.length; at++) {
      const char = source[at];
      if (char === "\\") at++;
      else if (char === "`") return void at++;
      else if (char === "$" && source[at + 1] === "{") {
        templates.push(0);
        at += 2;
        return;
      }
    }
  };
  while (at < source.length) {
    const char = source[at]!;
    if (char === "#" && privateName.test(source.slice(at, at + 3))) return true;
    if (char === '"' || char === "'") {
      skipString(char);
    } else if (char === "`") {
      at++;
      skipTemplate();
    } else if (char === "/" && source[at + 1] === "/") {
      while (at < source.length && !/[\n\r\u2028\u2029]/.test(source[at]!)) at++;
    } else if (char === "/" && source[at + 1] === "*") {
      const end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (char === "/" || source.startsWith("<!--", at) || source.startsWith("-->", at)) {
      return privateName.test(source.slice(at));
    } else {
      const open = templates.length - 1;
      if (char === "{" && open >= 0) templates[open]!++;
      if (char === "}" && open >= 0 && templates[open]!-- === 0) {
        templates.pop();
        at++;
        skipTemplate();
        continue;
      }
      at++;
    }
  }
  return false;
}
