// Copyright 2026 the pecapiku authors. MIT license.

import { escapeHtml, escapeText, shorten } from "./escape.ts";
import { formatAge, formatBytes, formatCount, formatTable } from "./format.ts";
import { blockHtml, lineHtml, type MediaBundle, tableHtml } from "./html.ts";

/** The longest preview, in UTF-16 code units. */
const LONGEST_PREVIEW = 120;

/** The longest cell of a table in a terminal. */
const LONGEST_CELL = 32;

const STACK_FRAME = /\n +at [^\n]*?(?::\d+:\d+\)?|\(<anonymous>\)|\(native\)|\(index \d+\))/g;

/** What is shown of something: a text as it is, or a value. */
export type Shown = { readonly text: string } | { readonly value: unknown };

/** An entry that is shown. */
export interface ShownEntry {
  /** Gives the key. */
  readonly key: () => Shown;
  /** Gives the value. */
  readonly value: () => Shown;
  /** The length of the encoded value. */
  readonly bytes: number;
  /** How long ago it was written, in milliseconds. */
  readonly age: number;
  /** The function that it is of; `""` if of none. */
  readonly functionName: string;
}

/**
 * Gives what a notebook shows of a dictionary: a table of its entries, and the same as text.
 *
 * @param title What it is.
 * @param entries The entries that are shown.
 * @param more How many there are beside them.
 * @returns The table.
 */
export function entriesBundle(
  title: string,
  entries: readonly ShownEntry[],
  more: number,
): MediaBundle {
  const titles = ["key", "value", "size", "age", "function"];
  const rows = entries.map(({ key, value, bytes, age, functionName }) => [
    preview(key),
    preview(value),
    formatBytes(bytes),
    formatAge(age),
    escapeText(functionName),
  ]);
  const rest = more > 0 ? [`… and ${formatCount(more)} more`] : [];
  const cells = rows.map((row) => row.map((cell) => shorten(cell, LONGEST_CELL)));
  const columns = titles.map((title, index) => ({
    title,
    isRight: index === 2 || index === 3,
    isCode: index !== 2 && index !== 3,
    isLong: index < 2,
  }));
  return {
    "text/plain": [
      escapeText(title),
      ...rows.length === 0 ? [] : formatTable([titles, ...cells], columns.map((it) => it.isRight)),
      ...rest,
    ].join("\n"),
    "text/html": blockHtml([
      lineHtml(escapeHtml(title), true),
      ...rows.length === 0 ? [] : [tableHtml(columns, rows.map((row) => row.map(escapeHtml)))],
      ...rest.map((line) => lineHtml(escapeHtml(line))),
    ]),
  };
}

/** Shows a value on one line. What can't be shown tells why instead. */
function preview(give: () => Shown): string {
  try {
    const shown = give();
    const text = "text" in shown ? shown.text : Deno.inspect(shown.value, {
      depth: 3,
      colors: false,
      compact: true,
      breakLength: Infinity,
      iterableLimit: 8,
      strAbbreviateSize: LONGEST_PREVIEW,
      getters: false,
      showProxy: false,
    });
    // The stack of an error has paths of this machine, and would leave no room for anything else.
    const line = shorten(text.replaceAll(STACK_FRAME, ""), 4 * LONGEST_PREVIEW);
    return shorten(escapeText(line), LONGEST_PREVIEW);
  } catch (error) {
    return `<${escapeText(messageOf(error))}>`;
  }
}

/** Gives what a notebook shows of what can't be shown. */
export function failureBundle(title: string, error: unknown): MediaBundle {
  const text = escapeText(`${title}: ${messageOf(error)}`);
  return { "text/plain": text, "text/html": blockHtml([lineHtml(escapeHtml(text), true)]) };
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    // What was thrown may be anything, even something that throws when it is made a text.
    return "it can't be shown";
  }
}
