// Copyright 2026 the pecapiku authors. MIT license.

import { escapeHtml } from "./escape.ts";

// Nothing but inline styles: no class can be taken, no style sheet reaches what else is on the page. Colours are those of the page, which may
// be light or dark: the text's own, and shades of it.
const LINE = "1px solid color-mix(in srgb, currentColor 22%, transparent)";
const FONT = "font-family: ui-monospace, Menlo, Consolas, monospace";
const TABLE = "border-collapse: collapse; margin: 0.3em 0; font-size: 0.95em; color: inherit";

/** What is shown in a notebook: the same as HTML and as text. */
export interface MediaBundle {
  readonly "text/html": string;
  readonly "text/plain": string;
}

/** A column of a table. */
export interface Column {
  /** Its heading. */
  readonly title: string;
  /** Whether it is set to the right, as numbers are. */
  readonly isRight?: boolean;
  /** Whether it is set in a font of equal widths. */
  readonly isCode?: boolean;
  /** Whether its lines are broken where they get long. */
  readonly isLong?: boolean;
}

/**
 * Makes a table.
 *
 * @param columns Its columns.
 * @param rows The cells of each row: HTML, escaped.
 * @returns The HTML.
 */
export function tableHtml(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const cell = (tag: "th" | "td", { isRight, isCode, isLong }: Column, content: string) => {
    const style = [
      "padding: 0.2em 0.9em 0.2em 0",
      `border-bottom: ${LINE}`,
      "vertical-align: top",
      `text-align: ${isRight ? "right" : "left"}`,
      "background: transparent",
      ...isCode && tag === "td" ? [FONT] : [],
      isLong
        ? "overflow-wrap: anywhere; max-width: 36em; white-space: normal"
        : "white-space: nowrap",
    ].join("; ");
    return `<${tag}${tag === "th" ? ' scope="col"' : ""} style="${style}">${content}</${tag}>`;
  };
  const head = columns.every(({ title }) => title === "")
    ? ""
    : `<thead><tr>${
      columns.map((column) => cell("th", column, escapeHtml(column.title))).join("")
    }</tr></thead>`;
  const body = rows.map((row) =>
    `<tr style="background: transparent">${
      row.map((content, index) => cell("td", columns[index]!, content)).join("")
    }</tr>`
  );
  return `<table style="${TABLE}">${head}<tbody>${body.join("")}</tbody></table>`;
}

/** A line of text above or below something. */
export function lineHtml(content: string, isStrong = false): string {
  const style = isStrong ? "font-weight: 600" : "opacity: 0.75";
  return `<div style="${style}; overflow-wrap: anywhere">${content}</div>`;
}

/** A part of a bar. */
export interface BarPart {
  /** What it is. */
  readonly name: string;
  /** Its share, in any unit. */
  readonly size: number;
  /** Its share, as text. */
  readonly text: string;
}

const BAR_WIDTH = 320;
const BAR_HEIGHT = 12;

/** What the parts are filled with, the first one first. */
const FILLS = [
  'fill="var(--jp-brand-color1, #2f7ed8)"',
  'fill="currentColor" fill-opacity="0.35"',
  'fill="currentColor" fill-opacity="0.15"',
];

/**
 * Draws a bar of parts, as long as they are.
 *
 * @param title What it shows.
 * @param parts Its parts, three at the most.
 * @returns SVG.
 */
export function barSvg(title: string, parts: readonly BarPart[]): string {
  const sum = parts.reduce((total, { size }) => total + size, 0);
  let at = 0;
  const rects = parts.map(({ name, size, text }, index) => {
    const width = sum > 0 ? size / sum * BAR_WIDTH : 0;
    const x = at;
    at += width;
    if (width === 0) return "";
    return `<rect x="${round(x)}" y="0" width="${round(width)}" height="${BAR_HEIGHT}" ${
      FILLS[index]
    }>` +
      `<title>${escapeHtml(`${name}: ${text}`)}</title></rect>`;
  });
  const description = parts.map(({ name, text }) => `${name}: ${text}`).join(", ");
  return `<svg role="img" xmlns="http://www.w3.org/2000/svg" width="${BAR_WIDTH}" height="${BAR_HEIGHT}" ` +
    `viewBox="0 0 ${BAR_WIDTH} ${BAR_HEIGHT}" style="max-width: 100%; vertical-align: middle" ` +
    `aria-label="${escapeHtml(`${title}: ${description}`)}">` +
    `<title>${escapeHtml(title)}</title><desc>${escapeHtml(description)}</desc>` +
    `<rect x="0.5" y="0.5" width="${BAR_WIDTH - 1}" height="${
      BAR_HEIGHT - 1
    }" fill="none" stroke="currentColor" stroke-opacity="0.3"/>${rects.join("")}</svg>`;
}

/** Puts things below one another. */
export function blockHtml(lines: readonly string[]): string {
  return `<div style="color: var(--jp-content-font-color1, inherit)">${lines.join("")}</div>`;
}

function round(number: number): string {
  return String(Number(number.toFixed(2)));
}
