// Copyright 2026 the pecapiku authors. MIT license.

const GREEN = "color: green";
const RED = "color: red";

/**
 * A value as a message shows it.
 *
 * @param value The value.
 * @returns Its text, in full, with sorted keys.
 */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    getters: true,
    strAbbreviateSize: Infinity,
  });
}

/**
 * Where two values differ, line by line.
 *
 * @param actual What was there.
 * @param expected What should have been.
 * @returns The lines, those of `actual` after a `-`, those of `expected` after a `+`.
 */
export function difference(actual: unknown, expected: unknown): string {
  const a = format(actual).split("\n");
  const b = format(expected).split("\n");
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const lines = [
    ...a.slice(0, start).map((line) => `    ${line}`),
    ...a.slice(start, a.length - end).map((line) => painted(`-   ${line}`, RED)),
    ...b.slice(start, b.length - end).map((line) => painted(`+   ${line}`, GREEN)),
    ...a.slice(a.length - end).map((line) => `    ${line}`),
  ];
  const title = `    [Diff] ${painted("Actual", RED)} / ${painted("Expected", GREEN)}`;
  return ["", "", title, "", "", ...lines, ""].join("\n");
}

/**
 * A text in colour, unless the user wants none.
 *
 * @param text The text.
 * @param style Its style.
 * @returns The text with its codes.
 */
function painted(text: string, style: typeof GREEN | typeof RED): string {
  if (Deno.noColor) return text;
  return `\x1b[${style === RED ? 31 : 32}m\x1b[1m${text}\x1b[22m\x1b[39m`;
}
