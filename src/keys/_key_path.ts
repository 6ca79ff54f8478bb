// Copyright 2026 the pecapiku authors. MIT license.

import { getDescriptor, isError, symbolKey, WELL_KNOWN } from "./_primordials.ts";

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;
const MAX_STEPS = 40;

/**
 * Writes how a property is reached, such as `.name`, `["a b"]`, `[0]` or `[Symbol.iterator]`.
 *
 * @param key The property's key.
 * @returns The step of a path.
 */
export function propertyStep(key: string | symbol): string {
  if (typeof key === "symbol") return `[${symbolText(key)}]`;
  if (IDENTIFIER.test(key)) return `.${key}`;
  if (/^(?:0|[1-9]\d*)$/.test(key)) return `[${key}]`;
  return `[${JSON.stringify(key.length > 200 ? `${key.slice(0, 200)}…` : key)}]`;
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

/**
 * Joins the steps of a path; of a very long one, only the beginning and the end.
 *
 * @param root What the path begins with.
 * @param steps The steps.
 * @returns The path.
 */
export function joinPath(root: string, steps: readonly string[]): string {
  if (steps.length <= MAX_STEPS) return root + steps.join("");
  const half = MAX_STEPS / 2;
  return `${root}${steps.slice(0, half).join("")}…${steps.slice(-half).join("")}`;
}

/**
 * Writes why something was thrown, without running code of who threw it.
 *
 * @param error What was thrown.
 * @returns The beginning of its message.
 */
export function reasonOf(error: unknown): string {
  if (!isError(error)) return typeof error;
  const message: unknown = getDescriptor(error as object, "message")?.value;
  return typeof message === "string" ? message.slice(0, 200) : "an error";
}
