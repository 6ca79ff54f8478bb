// Copyright 2026 the pecapiku authors. MIT license.

import stringWidth from "string-width";

const PLAIN = /^[\x20-\x7e]*$/;

/** Between words, but not between a number and its unit. */
const BREAK = /(?<=\S)(?<!\d(?= (?:[kMGTP]?B|ms|[smhdy])\b))(?= )/;

let segmenter: Intl.Segmenter | undefined;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** Cuts a text to a number of columns, and says with `…` that it was. */
export function cutToWidth(text: string, width: number): string {
  if (text.length <= width && PLAIN.test(text)) return text;
  if (width <= 0) return "";
  const [head, rest] = splitAt(text, width);
  if (rest === "") return head;
  return `${splitAt(text, width - 1)[0]}…`;
}

/** Fills a text up to a number of columns. */
export function pad(text: string, width: number, side: "left" | "right"): string {
  const room = " ".repeat(Math.max(0, width - widthOf(text)));
  return side === "left" ? room + text : text + room;
}

/**
 * Breaks a text into lines, between words where that can be.
 *
 * @param text The text, on one line.
 * @param width How many columns a line may have; `undefined` for any number.
 * @param indent How many columns all lines but the first are moved in.
 * @returns The lines.
 */
export function wrap(text: string, width: number | undefined, indent = 0): string[] {
  if (width === undefined || widthOf(text) <= width) return [text];
  const lines: string[] = [];
  const margin = " ".repeat(indent < width / 2 ? indent : 0);
  let line = "";
  for (const word of text.split(BREAK)) {
    if (widthOf(line + word) <= width) {
      line += word;
      continue;
    }
    // What has to be broken anyway begins on this line.
    const isTooLong = widthOf(margin + word.trimStart()) > width;
    if (!isTooLong && line.trim() !== "") lines.push(line);
    // What the words are parted by is not needed at the beginning of a line, but at that of the text.
    line = isTooLong || lines.length === 0 ? line + word : margin + word.trimStart();
    while (widthOf(line) > width) {
      const [head, rest] = splitAt(line, width);
      lines.push(head);
      line = margin + rest;
    }
  }
  if (line.trim() !== "") lines.push(line);
  return lines;
}

/** Splits a text behind the last character that still fits: what is seen as one is not split. */
function splitAt(text: string, width: number): [head: string, rest: string] {
  segmenter ??= new Intl.Segmenter();
  let taken = 0;
  for (const { segment, index } of segmenter.segment(text)) {
    taken += PLAIN.test(segment) ? segment.length : stringWidth(segment);
    if (taken > width) {
      // A line that is too narrow for even one character has it all the same: otherwise there would be no end.
      const at = index === 0 ? segment.length : index;
      return [text.slice(0, at), text.slice(at)];
    }
  }
  return [text, ""];
}
