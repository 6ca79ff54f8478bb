// Copyright 2026 the pecapiku authors. MIT license.

/** Where the project is. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** A fenced block of a page. */
export interface Block {
  /** The page, from the root of the project on: `docs/stores.md`. */
  readonly page: string;
  /** The line of the page that opens it, from 1 on. */
  readonly line: number;
  /** What stands behind the fence: `ts`, `ts ignore`, `text`. */
  readonly info: string;
  /** What is in it. */
  readonly code: string;
}

/** The pages of the project, from its root on. */
export function pages(): string[] {
  return ["", "docs/", "bench/"].flatMap((directory) =>
    Array.from(Deno.readDirSync(new URL(directory || ".", ROOT)))
      .filter(({ name }) => name.endsWith(".md"))
      .map(({ name }) => directory + name)
  ).sort();
}

/**
 * Reads a file of the project.
 *
 * @param path The path from the root of the project on.
 * @returns Its text.
 */
export function textOf(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/**
 * Finds the fenced blocks of a page.
 *
 * @param page The page.
 * @returns The blocks, in order.
 */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  for (const [at, text] of textOf(page).split("\n").entries()) {
    if (open === undefined) {
      const info = text.match(/^```(.+)$/)?.[1];
      if (info !== undefined) open = { line: at + 1, info, lines: [] };
    } else if (text === "```") {
      blocks.push({ page, line: open.line, info: open.info, code: open.lines.join("\n") + "\n" });
      open = undefined;
    } else open.lines.push(text);
  }
  return blocks;
}

/**
 * Finds the one block of a page that is marked so.
 *
 * @param page The page.
 * @param info What stands behind the fence.
 * @returns What is in the block.
 */
export function blockOf(page: string, info: string): string {
  const found = blocksOf(page).filter((block) => block.info === info);
  if (found.length !== 1) throw new Error(`${found.length} blocks ${info} in ${page}`);
  return found[0]!.code;
}

/**
 * The text of a page without its fenced blocks, so that nothing in them is taken for a heading or a link.
 *
 * @param page The page.
 * @returns The text.
 */
export function proseOf(page: string): string {
  return textOf(page).replace(/^```.+?^```$/gms, "");
}
