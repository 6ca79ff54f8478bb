// Copyright 2026 the pecapiku authors. MIT license.

import { type Cell, FLOOR, OURS, type Row, type Unit } from "./_row.ts";

/**
 * Writes the table, with ratios to ours, as markdown; what has to be said of a cell is a footnote.
 *
 * @param rows The rows.
 * @param names The names of the contenders, in the order of their columns.
 * @returns The lines.
 */
export function renderTable(rows: readonly Row[], names: readonly string[]): string {
  const notes: string[] = [];
  const head = ["", ...names];
  const lines = rows.map(({ title, unit, cells }) => [
    title,
    ...names.map((name) => renderCell(cells.get(name) ?? {}, unit, name, notes)),
  ]);
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...lines].map((line) => line[column]!.length))
  );
  const join = (line: readonly string[]): string =>
    `| ${
      line.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
      ).join(" | ")
    } |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`
  );
  return [
    ...[head, rule, ...lines].map(join),
    "",
    ...notes.map((note, index) => `${superscript(index + 1)} ${note.replace(/\.$/, "")}.\\`),
  ].join("\n").replace(/\\$/, "").trimEnd();
}

function renderCell(cell: Cell, unit: Unit, name: string, notes: string[]): string {
  const { value, ratio, note } = cell;
  const mark = note === undefined ? "" : superscript(numberOf(`${escape(note)}`, notes));
  if (value === undefined) return `–${mark}`;
  const text = formatValue(value, unit);
  const isOurs = name === OURS || ratio === undefined;
  return `${text}${isOurs ? "" : ` (${formatRatio(ratio)})`}${mark}`;
}

function numberOf(note: string, notes: string[]): number {
  const index = notes.indexOf(note);
  return index >= 0 ? index + 1 : notes.push(note);
}

/** Nothing that an error says is to be read as markup. */
function escape(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, (letter) => `\\${letter}`);
}

function superscript(number: number): string {
  return String(number).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]!);
}

/**
 * Writes a ratio.
 *
 * @param ratio The ratio.
 * @returns As many digits as it is worth.
 */
export function formatRatio(ratio: number): string {
  const digits = Math.abs(ratio) >= 9.95 ? 0 : Math.abs(ratio) >= 0.995 ? 1 : 2;
  return `× ${
    ratio.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  }`;
}

/**
 * Writes a value in the unit that suits it.
 *
 * @param value The value: milliseconds, bytes, or a count.
 * @param unit What it is.
 * @returns The text.
 */
export function formatValue(value: number, unit: Unit): string {
  if (unit === "count") return value.toLocaleString("en");
  if (unit === "bytes") return `${(value / 1e6).toFixed(1)} MB`;
  const size = Math.abs(value);
  if (size >= 1_000) return `${(value / 1_000).toFixed(1)} s`;
  if (size >= 1) return `${value.toFixed(size >= 100 ? 0 : 1)} ms`;
  return `${(value * 1_000).toFixed(size >= 0.1 ? 0 : 1)} µs`;
}

/** The order of columns: ours, the floor, and the others as they come. */
export function columnsOf(names: readonly string[]): string[] {
  const first = [OURS, FLOOR].filter((name) => names.includes(name));
  return [...first, ...names.filter((name) => !first.includes(name))];
}
