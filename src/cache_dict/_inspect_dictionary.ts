// Copyright 2026 the pecapiku authors. MIT license.

import type { Dictionary } from "./_dictionary.ts";

// What Deno prints of a collection unless it is told otherwise.
const SHOWN = 100;

/**
 * Prints a dictionary as a `Map` of the same content prints. Printing never throws: it is what people do to find out what
 * is wrong.
 *
 * @param name The name to print.
 * @param dictionary The dictionary.
 * @param inspect What prints values.
 * @param options How to print.
 * @returns The text.
 */
export function inspectDictionary(
  name: string,
  dictionary: Dictionary,
  inspect: (value: unknown, options?: Deno.InspectOptions) => string,
  options: Deno.InspectOptions,
): string {
  if (dictionary.isClosed) return `${name} { <left> }`;
  try {
    const shown = new Map<unknown, unknown>();
    const most = options?.iterableLimit ?? SHOWN;
    for (const [key, value] of dictionary.pairs()) {
      if (shown.size >= most) break;
      shown.set(key, value);
    }
    const rest = dictionary.size - shown.size;
    // Only their number shows: decoding them all would take as long as the file is large.
    if (shown.size >= most) { for (let i = 0; i < rest; i++) shown.set(Symbol(), undefined); }
    return inspect(shown, options).replace(/^Map(?=\()/, name);
  } catch (error) {
    return `${name} { <${error instanceof Error ? error.message : "unreadable"}> }`;
  }
}
