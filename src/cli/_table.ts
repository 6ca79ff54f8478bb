// Copyright 2026 the pecapiku authors. MIT license.

import { safeText } from "../inspect/safe_text.ts";
import { cutToWidth, pad, widthOf } from "./_layout.ts";
import type { Output } from "./_output.ts";

/** A column of a table. */
export interface Column<T> {
  /** What is above it. */
  readonly title: string;
  /** What is in it. It is made safe for a terminal. */
  readonly cell: (row: T) => string;
  /**
   * The side on which it is even.
   *
   * @default {"left"}
   */
  readonly align?: "left" | "right";
  /** Whether it goes first where there is not enough room: the lowest number does. The last column always stays. */
  readonly rank: number;
}

/** How many rows are looked at to know how wide columns are: a list may have any number, and is written as it comes. */
const LOOKED_AT = 1000;

/** The least that is left of the last column before another one is left out. */
const LEAST = 16;

/** No column but the last is wider: names of functions may have any length. */
const WIDEST = 24;

const GAP = "  ";

/**
 * Writes a table. In a terminal, columns that don't fit are left out, and what is too long is cut; elsewhere, the last column is never cut.
 *
 * @param out Where to.
 * @param columns The columns. The last one takes the room that is left.
 * @param rows The rows.
 * @returns How many there were.
 */
export function writeTable<T>(
  out: Output,
  columns: readonly Column<T>[],
  rows: Iterable<T>,
): number {
  let count = 0;
  let layout: Layout<T> | undefined;
  let first: string[][] = [];
  for (const row of rows) {
    count++;
    const cells = columns.map(({ cell }) => safeText(cell(row)));
    if (layout !== undefined) {
      writeRow(out, layout, cells);
      continue;
    }
    first.push(cells);
    if (first.length < LOOKED_AT) continue;
    layout = begin(out, columns, first);
    first = [];
  }
  if (layout === undefined && first.length > 0) begin(out, columns, first);
  return count;
}

interface Layout<T> {
  /** The columns that are shown, with their place among all. */
  readonly shown: readonly { readonly column: Column<T>; readonly at: number }[];
  /** How wide each of all is. */
  readonly widths: readonly number[];
  /** How wide the last one may be. */
  readonly room: number;
}

function begin<T>(
  out: Output,
  columns: readonly Column<T>[],
  rows: readonly string[][],
): Layout<T> {
  const widths = columns.map(({ title }, at) =>
    rows.reduce(
      (width, cells) => Math.max(width, Math.min(WIDEST, widthOf(cells[at]!))),
      title.length,
    )
  );
  const layout = fit(columns, widths, out.columns);
  out.raw(lineOf(layout, columns.map(({ title }) => title)), "bold");
  for (const cells of rows) writeRow(out, layout, cells);
  return layout;
}

function fit<T>(
  columns: readonly Column<T>[],
  widths: readonly number[],
  width: number | undefined,
): Layout<T> {
  let shown = columns.map((column, at) => ({ column, at }));
  if (width === undefined) return { shown, widths, room: Infinity };
  const last = columns.length - 1;
  const room = (): number =>
    width - shown.reduce((sum, { at }) => at === last ? sum : sum + widths[at]! + GAP.length, 0);
  while (shown.length > 1 && room() < Math.min(LEAST, widths[last]!)) {
    const least = Math.min(...shown.map(({ column, at }) => at === last ? Infinity : column.rank));
    shown = shown.filter(({ column, at }) => at === last || column.rank !== least);
  }
  return { shown, widths, room: Math.max(1, room()) };
}

function writeRow<T>(out: Output, layout: Layout<T>, cells: readonly string[]): void {
  out.raw(lineOf(layout, cells));
}

function lineOf<T>({ shown, widths, room }: Layout<T>, cells: readonly string[]): string {
  const texts = shown.map(({ column, at }, index) => {
    if (index === shown.length - 1) {
      return room === Infinity ? cells[at]! : cutToWidth(cells[at]!, room);
    }
    const text = cutToWidth(cells[at]!, widths[at]!);
    return pad(text, widths[at]!, column.align === "right" ? "left" : "right");
  });
  return texts.join(GAP).trimEnd();
}
