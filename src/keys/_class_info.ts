// Copyright 2026 the pecapiku authors. MIT license.

import { lateNativeClass, type NativeBase, nativeClass } from "./_native_bases.ts";
import {
  functionToString,
  getDescriptor,
  getNames,
  getPrototypeOf,
  slotTests,
} from "./_primordials.ts";
import { mayHavePrivateNames } from "./_private_names.ts";

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
const globalNames: ReadonlySet<string> = new Set(getNames(globalThis));

const known = new WeakMap<object, ClassInfo>();

/**
 * Finds out what class an object is of, by its prototype.
 *
 * @param prototype The object's prototype.
 * @returns What is known.
 */
export function classInfo(prototype: object | null): ClassInfo {
  if (prototype === null) return NULL_PROTOTYPE;
  const cached = known.get(prototype);
  if (cached !== undefined && isUnchanged(cached)) return cached;
  const info = analyze(prototype);
  known.set(prototype, info);
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
      return {
        classes,
        base,
        baseName,
        refusal: "an object with a proxy for a prototype",
        open: false,
        chain,
      };
    }
    const native = nativeClass(at);
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
      return {
        classes,
        base,
        baseName,
        refusal: "an object with a proxy for a prototype",
        open: false,
        chain,
      };
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
    if (holder === globalThis && !globalNames.has(name)) return false;
    const descriptor = getDescriptor(holder, name);
    if (descriptor === undefined) return false;
    if (descriptor.get === undefined) return descriptor.value === constructor;
    return Reflect.apply(descriptor.get, holder, []) === constructor;
  });
}
