// Copyright 2026 the pecapiku authors. MIT license.

import { escapeHtml } from "../src/display/escape.ts";

const FONT_SIZE = 13;
const LINE_HEIGHT = 20;
/** What a character of the usual monospaced fonts takes, rounded up. The text is set to exactly that. */
const CHARACTER_WIDTH = 7.8;
const MARGIN = 20;
/** Spaces that SVG does not make one of. */
const NO_BREAK_SPACE = "\u00a0";

/**
 * Draws a terminal with a command and what it printed, as SVG: text on a panel of its own, which can be read on light and on dark
 * pages.
 *
 * @param command The command, without a prompt.
 * @param output What it printed, of characters that take one column each.
 * @returns The SVG document.
 */
export function drawTerminal(command: string, output: string): string {
  const lines = [`$ ${command}`, "", ...output.split("\n")];
  const columns = Math.max(...lines.map((line) => line.length));
  const width = Math.ceil(columns * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const texts = lines.map((line, at) => drawLine(line, at)).filter((line) => line !== "");
  return `\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeHtml(lines[0]!)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#1c2128"/>
<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="${FONT_SIZE}" fill="#d7dde4">
${texts.join("\n")}
</g>
</svg>
`;
}

function drawLine(line: string, at: number): string {
  if (line === "") return "";
  const y = MARGIN + at * LINE_HEIGHT + FONT_SIZE;
  const length = (line.length * CHARACTER_WIDTH).toFixed(1);
  // Of the command, in another colour: the prompt is not typed.
  const color = at === 0 ? ' fill="#8ec8a0"' : "";
  return `<text x="${MARGIN}" y="${y}" textLength="${length}"${color}>${
    escapeHtml(line).replaceAll(" ", NO_BREAK_SPACE)
  }</text>`;
}
