// Copyright 2026 the pecapiku authors. MIT license.

// Control and format characters (terminal escapes, changes of direction, what can't be seen), private ones, halves of
// surrogate pairs, and separators of lines. The joiner within an emoji is none of these: it is part of one picture.
const UNSAFE =
  /(?!(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d\p{Extended_Pictographic})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Most text is of these only, and this is faster to tell. */
const SAFE = /^[ -~]*$/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes text of unknown origin safe to show in a terminal: what is in a cache file may have been made by anybody, and nothing of it
 * may reach a terminal as a command. Everything that could be one is written as an escape, such as `\\x1b`.
 *
 * @param text The text.
 * @returns The text, on one line.
 */
export function safeText(text: string): string {
  return SAFE.test(text) ? text : text.replace(UNSAFE, escapeOf);
}

/**
 * Does what {@linkcode safeText} does, and keeps the line breaks.
 *
 * @param text The text.
 * @returns The text.
 */
export function safeLines(text: string): string {
  return text.replace(UNSAFE, (character) => character === "\n" ? character : escapeOf(character));
}

/**
 * Writes JSON that is safe to show in a terminal, on one line: JSON itself lets many of these characters through.
 *
 * @param value What JSON can have.
 * @returns The text, which means the same.
 */
export function safeJson(value: unknown): string {
  const json = JSON.stringify(value);
  return SAFE.test(json) ? json : json.replace(UNSAFE, (character) => {
    let escaped = "";
    for (let at = 0; at < character.length; at++) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
    }
    return escaped;
  });
}

function escapeOf(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0)!;
  return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
