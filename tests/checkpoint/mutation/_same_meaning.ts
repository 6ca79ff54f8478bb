// Copyright 2026 the pecapiku authors. MIT license.

import { withComments } from "./_comments.ts";
import { type ParsedFunction, parseFunction, printFunction } from "./_function_text.ts";
import type { Random } from "./_random.ts";
import { renameAll } from "./_renaming.ts";
import { reorderDeclarations } from "./_reordering.ts";
import { restate } from "./_restating.ts";
import { restyle } from "./_restyling.ts";

/** A change that keeps the meaning: it works on a tree, and gives `undefined` where there is nothing to change. */
type Rewriting = (parsed: ParsedFunction, random: Random) => string | undefined;

/** The kinds of changes that keep the meaning, by name. */
export const SAME_MEANING: Readonly<Record<string, Rewriting>> = {
  reformat: ({ node }) => printFunction(node, { comments: false }),
  minify: ({ node }) => printFunction(node, { comments: false, minified: true }),
  comment: withComments,
  rename: renameAll,
  reorder: reorderDeclarations,
  restyle,
  restate,
  "all at once": (parsed, random) => {
    let text = parsed.text;
    for (const rewrite of [restate, reorderDeclarations, renameAll, restyle, withComments]) {
      const current = parseFunction(text, true);
      if (current === undefined) return undefined;
      text = rewrite(current, random) ?? text;
    }
    return text;
  },
};

/** The kinds that change names, or give one to what had none. */
export const RENAMING: readonly string[] = ["rename", "restate", "all at once"];

/**
 * Changes a function without changing its meaning.
 *
 * @param kind The kind of change.
 * @param text The text of the function.
 * @param random Chooses.
 * @returns The changed text; `undefined` if there is nothing to change in that way.
 */
export function rewrite(kind: string, text: string, random: Random): string | undefined {
  // A tree of its own: they change it.
  const parsed = parseFunction(text, true);
  const changed = parsed && SAME_MEANING[kind]!(parsed, random);
  return changed === text ? undefined : changed;
}
