// Copyright 2026 the pecapiku authors. MIT license.

import * as t from "@babel/types";
import type { ParsedFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";

const BLOCK_COMMENTS = [" /* why */ ", " /** @param {a} b `${c}` */ ", " /*// 1*/ "];
const LINE_COMMENTS = [" // it's so /*\n", "\n\n// eslint-disable-line\n  "];

/** A line may end behind these. */
const LINE_ENDS = ["{", ";", ",", "("];

/** A token of Babel's, as far as it is needed. */
interface Token {
  readonly type: { readonly label: string } | string;
  readonly start: number;
  readonly end: number;
}

/**
 * Adds comments between tokens.
 *
 * @param parsed The function, with its tokens.
 * @param random Chooses where and what.
 * @returns The changed text.
 */
export function withComments(parsed: ParsedFunction, random: Random): string {
  const { text, before, file } = parsed;
  const pieces: [number, number][] = [];
  t.traverseFast(file, (node) => {
    if (t.isTemplateElement(node)) pieces.push([node.start!, node.end!]);
  });
  let result = "";
  let last = before.length;
  let previous = "";
  for (const token of (file.tokens ?? []) as readonly Token[]) {
    const { start, end, type } = token;
    if (start < before.length || end > before.length + text.length) continue;
    const isInText = pieces.some(([from, to]) => start >= from && start <= to);
    const isFirst = start === before.length;
    result += text.slice(last - before.length, start - before.length);
    if (!isInText && !isFirst && typeof type !== "string" && random() < 0.3) {
      const isLineEnd = LINE_ENDS.includes(previous) && random() < 0.5;
      const comments = isLineEnd ? LINE_COMMENTS : BLOCK_COMMENTS;
      result += comments[Math.floor(random() * comments.length)];
    }
    last = start;
    previous = text.slice(start - before.length, end - before.length);
  }
  return result + text.slice(last - before.length);
}
