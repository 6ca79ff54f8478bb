// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Calls a function, and keeps what it says with `console.warn` from the console.
 *
 * @param step The function.
 * @returns What it returned, and what it said.
 */
export function withWarnings<T>(step: () => T): { result: T; warnings: string[] } {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (...words: unknown[]) => void warnings.push(words.join(" "));
  try {
    return { result: step(), warnings };
  } finally {
    console.warn = warn;
  }
}
