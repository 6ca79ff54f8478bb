// Copyright 2026 the pecapiku authors. MIT license.

/** What was said with `console.warn` since it was made; disposing of it gives the console back. */
export interface CollectedWarnings extends Disposable {
  /** What was said. */
  readonly lines: string[];
}

/**
 * Takes over `console.warn` until the result is disposed of.
 *
 * @returns What is said from now on.
 */
export function collectWarnings(): CollectedWarnings {
  const { warn } = console;
  const lines: string[] = [];
  console.warn = (...words: unknown[]) => void lines.push(words.join(" "));
  return { lines, [Symbol.dispose]: () => void (console.warn = warn) };
}
