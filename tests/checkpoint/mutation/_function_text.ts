// Copyright 2026 the pecapiku authors. MIT license.

import generate, { type GeneratorOptions } from "@babel/generator";
import { parse } from "@babel/parser";
import * as t from "@babel/types";

/** What `toString` gives: a function or class, or a method, which has to stand in something to be parsed. */
export type FunctionNode =
  | t.FunctionExpression
  | t.ArrowFunctionExpression
  | t.ClassExpression
  | t.ObjectMethod
  | t.ClassMethod;

/** The text of a function, parsed. */
export interface ParsedFunction {
  /** The text. */
  readonly text: string;
  /** What stands before it in what was parsed: the offsets of nodes count from there. */
  readonly before: string;
  /** What stands after it. */
  readonly after: string;
  /** All that was parsed. */
  readonly file: t.File;
  /** The function in it. */
  readonly node: FunctionNode;
}

const KINDS: readonly string[] = [
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
  "ObjectMethod",
  "ClassMethod",
];

/**
 * Parses the text of a function, class or method, as `toString` gives it.
 *
 * @param text The text.
 * @param tokens Whether the tokens are wanted.
 * @returns What it is; `undefined` if it is no such text, or none in strict mode.
 */
export function parseFunction(text: string, tokens = false): ParsedFunction | undefined {
  for (const [before, after] of wrappings(text)) {
    const file = tryParse(before + text + after, tokens);
    if (file?.program.body.length !== 1) continue;
    const node = findFunction(file, before.length, before.length + text.length);
    if (node !== undefined) return { text, before, after, file, node };
  }
  return undefined;
}

/**
 * Prints a function.
 *
 * @param node The function.
 * @param options How it is printed; with its comments by default.
 * @returns Its text, as `toString` would give it.
 */
export function printFunction(node: FunctionNode, options: GeneratorOptions = {}): string {
  // Babel takes the last ones in an empty body for comments behind it.
  t.removeComments(node);
  return generate(node, options).code;
}

/** What a text has to stand in to be parsed on its own, the likeliest first. */
function wrappings(text: string): readonly (readonly [before: string, after: string])[] {
  const privates = new Set(text.match(/#[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const fields = Array.from(privates, (name) => `${name};`).join("");
  const asMethod = fields === "" ? "({" : `(class extends Object{${fields}`;
  return [["(", "\n)"], [asMethod, "\n})"]];
}

/**
 * Parses a module.
 *
 * @param code Its code.
 * @param tokens Whether to list its tokens, too.
 * @returns Its tree.
 * @throws {SyntaxError} If it is none.
 */
export function parseModule(code: string, tokens = false): t.File {
  // The parser's own types may come from a newer patch of `@babel/types` than the one that is named in `deno.json`.
  return parse(code, { sourceType: "module", tokens }) as t.File;
}

function tryParse(text: string, tokens: boolean): t.File | undefined {
  try {
    return parseModule(text, tokens);
  } catch {
    return undefined;
  }
}

function findFunction(file: t.File, start: number, end: number): FunctionNode | undefined {
  let found: FunctionNode | undefined;
  t.traverseFast(file, (node) => {
    if (node.start === start && node.end === end && KINDS.includes(node.type)) {
      found ??= node as FunctionNode;
    }
  });
  return found;
}
