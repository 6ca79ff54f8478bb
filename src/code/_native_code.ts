// Copyright 2026 the pecapiku authors. MIT license.

const NATIVE_SOURCE = /\{\s*\[native code\]\s*\}\s*$/;

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
  const add = (holder: object, prefix: string): void => {
    for (const key of Object.getOwnPropertyNames(holder)) {
      const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
      if (typeof value === "function" && !found.has(value)) found.set(value, prefix + key);
    }
  };
  add(globalThis, "");
  for (const name of HOLDERS) {
    const holder: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value;
    if (typeof holder !== "function" && (typeof holder !== "object" || holder === null)) continue;
    add(holder, `${name}.`);
    const prototype: unknown = Object.getOwnPropertyDescriptor(holder, "prototype")?.value;
    if (typeof prototype === "object" && prototype !== null) add(prototype, `${name}.prototype.`);
  }
  return found;
}
