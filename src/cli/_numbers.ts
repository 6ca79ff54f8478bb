// Copyright 2026 the pecapiku authors. MIT license.

import { safeText } from "../inspect/safe_text.ts";
import { parseBytes, parseSpan } from "../inspect/units.ts";
import { UsageError } from "./_exit.ts";

/** Reads a number that an option was given; `undefined` if it was not. */
export function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  return value ?? wrong(name, "a number", text);
}

/** Reads a size that an option was given, in bytes. */
export function size(name: string, text: string | undefined): number | undefined {
  return text === undefined
    ? undefined
    : parseBytes(text) ?? wrong(name, "a size such as 500M or 1G", text);
}

/** Reads a time span that an option was given, in milliseconds. */
export function span(name: string, text: string | undefined): number | undefined {
  return text === undefined
    ? undefined
    : parseSpan(text) ?? wrong(name, "a time such as 12h or 30d", text);
}

/** Reads one of several words that an option was given. */
export function oneOf<const T extends string>(
  name: string,
  words: readonly T[],
  text: string | undefined,
): T | undefined {
  if (text === undefined) return undefined;
  return words.find((word) => word === text) ?? wrong(name, words.join(", "), text);
}

/** Writes a number for people. */
export function number(value: number): string {
  return value.toLocaleString("en");
}

/** Writes how many there are of something. */
export function many(value: number, one: string, several = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : several}`;
}

function wrong(name: string, expected: string, given: string): never {
  throw new UsageError(`Cannot use --${name}: expected ${expected}: ${safeText(given)}`);
}
