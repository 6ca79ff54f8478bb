// Copyright 2026 the pecapiku authors. MIT license.

import { isPlatformsOwn } from "./_platform_names.ts";

const NATIVE_SOURCE = /\{\s*\[native code\]\s*\}\s*$/;
const NAMED_SOURCE = /^function [^(\s][^]*\{\s*\[native code\]\s*\}\s*$/;

/** Where the functions of the language are found. */
const HOLDERS = [
  ...[
    "Array",
    "BigInt",
    "Boolean",
    "Date",
    "JSON",
    "Math",
    "Number",
    "Object",
    "Reflect",
    "RegExp",
  ],
  ...["String", "Symbol", "Map", "Set", "Promise", "Error", "Atomics", "Intl", "Deno"],
];

let names: Map<unknown, string> | undefined;

/**
 * Gives the source of a function or class.
 *
 * @param fn The function.
 * @returns The source; `undefined` if it is native or bound.
 */
export function sourceOf(fn: object): string | undefined {
  const source: string = Function.prototype.toString.call(fn);
  return NATIVE_SOURCE.test(source) ? undefined : source;
}

/**
 * Gives the name by which a native function is found, such as `Math.max`.
 *
 * @param fn The function.
 * @returns The name; `undefined` if it is none of the language's, such as a bound function.
 */
export function nativeName(fn: object): string | undefined {
  return (names ??= collect()).get(fn);
}

function collect(): Map<unknown, string> {
  const found = new Map<unknown, string>();
  // What a program has put there is none of the language's: nor is what is bound, or a proxy, which have no name in their text.
  const add = (
    holder: object,
    prefix: string,
    isOwn: (key: string, fn: object) => boolean,
  ): void => {
    for (const key of Object.getOwnPropertyNames(holder)) {
      const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
      if (typeof value === "function" && !found.has(value) && isOwn(key, value)) {
        found.set(value, prefix + key);
      }
    }
  };
  const isNamed = (_key: string, fn: object) =>
    NAMED_SOURCE.test(Function.prototype.toString.call(fn));
  add(globalThis, "", isPlatformsOwn);
  for (const name of HOLDERS) {
    const holder: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (typeof holder !== "function" && (typeof holder !== "object" || holder === null)) continue;
    // Those of Deno are written in JavaScript.
    add(holder, `${name}.`, name === "Deno" ? () => true : isNamed);
    const prototype: unknown = Object.getOwnPropertyDescriptor(holder, "prototype")?.value;
    if (typeof prototype === "object" && prototype !== null) {
      add(prototype, `${name}.prototype.`, isNamed);
    }
  }
  return found;
}
