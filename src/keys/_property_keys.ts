// Copyright 2026 the pecapiku authors. MIT license.

import { getPrototypeOf, getSymbols, symbolKey, WELL_KNOWN } from "./_platform.ts";

/**
 * Puts property keys in canonical order: strings by their UTF-16 code units, then well-known symbols by name, then
 * registered ones by key.
 *
 * @param keys The keys, strings first, as the language lists them. They are sorted in place.
 */
export function sortKeys(keys: (string | symbol)[]): void {
  for (let i = 1; i < keys.length; i++) {
    const before = keys[i - 1]!;
    const key = keys[i]!;
    if (typeof before === "symbol" || (typeof key === "string" && before > key)) {
      keys.sort(compare);
      return;
    }
  }
}

function compare(a: string | symbol, b: string | symbol): number {
  if (typeof a === "string") return typeof b === "symbol" || a < b ? -1 : a === b ? 0 : 1;
  if (typeof b === "string") return 1;
  const [aRank, aName] = rankOf(a);
  const [bRank, bName] = rankOf(b);
  if (aRank !== bRank) return aRank - bRank;
  return aName < bName ? -1 : aName === bName ? 0 : 1;
}

// A unique symbol is refused when it is written; until then any place will do.
function rankOf(symbol: symbol): [number, string] {
  const name = WELL_KNOWN.get(symbol);
  return name !== undefined ? [0, name] : [1, symbolKey(symbol) ?? ""];
}

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

/**
 * Writes how a property is reached, such as `.name`, `["a b"]`, `[0]` or `[Symbol.iterator]`.
 *
 * @param key The property's key.
 * @returns The step of a path.
 */
export function propertyStep(key: string | symbol): string {
  if (typeof key === "symbol") return `[${symbolText(key)}]`;
  if (isIdentifier(key)) return `.${key}`;
  if (/^(?:0|[1-9]\d*)$/.test(key)) return `[${key}]`;
  return `[${JSON.stringify(key.length > 200 ? `${key.slice(0, 200)}…` : key)}]`;
}

// To make an expression with classes of Unicode takes longer than all else in a preview.
function isIdentifier(name: string): boolean {
  return /^[A-Za-z$_][\w$]*$/.test(name) ||
    (/[\u0080-\uffff]/.test(name) &&
      /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name));
}

/**
 * Writes a symbol as code that gives it, or, if it is unique, as it prints.
 *
 * @param symbol The symbol.
 * @returns Its text.
 */
export function symbolText(symbol: symbol): string {
  const name = WELL_KNOWN.get(symbol);
  if (name !== undefined) return `Symbol.${name}`;
  const key = symbolKey(symbol);
  if (key !== undefined) return `Symbol.for(${JSON.stringify(key)})`;
  return `Symbol(${symbol.description ?? ""})`;
}
