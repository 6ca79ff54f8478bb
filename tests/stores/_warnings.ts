// Copyright 2026 the pecapiku authors. MIT license.

import { collectWarnings } from "../_collect_warnings.ts";

/**
 * Calls a function, and keeps what it says with `console.warn` from the console.
 *
 * @param step The function.
 * @returns What it returned, and what it said.
 */
export function withWarnings<T>(step: () => T): { result: T; warnings: readonly string[] } {
  using warnings = collectWarnings();
  return { result: step(), warnings: warnings.lines };
}
