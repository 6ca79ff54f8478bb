// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What must not come to be in a text that people look at: controls (with those of a terminal), what turns the direction of writing or can't be
 * seen, and halves of characters.
 */
const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Makes a text fit to be shown as text, on one line: what is hidden in it is written as an escape, such as `\u{1b}`.
 *
 * @param text Any text.
 * @returns A well-formed text without control characters.
 */
export function escapeText(text: string): string {
  return text.replace(/[\t\r\n]+ */g, " ")
    .replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/**
 * Makes a text fit to stand in HTML or SVG, as content or in an attribute within quotes.
 *
 * @param text Any text.
 * @returns HTML that shows it, on one line.
 */
export function escapeHtml(text: string): string {
  return escapeText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Cuts a text where it gets long.
 *
 * @param text The text.
 * @param most How many UTF-16 code units it may have.
 * @returns The text, or its beginning and an ellipsis. No character is cut in two.
 */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\ud800-\udbff]/.test(text[most - 2]!) ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}
