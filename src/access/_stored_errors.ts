// Copyright 2026 the pecapiku authors. MIT license.

import type { CachePlan } from "./cache_plan.ts";

/** The errors that are stored, as they were thrown. */
const storedErrors = new WeakSet<object>();

/**
 * Notes that an error is stored.
 *
 * @param error What was thrown.
 */
export function noteStoredError(error: unknown): void {
  if (typeof error === "object" && error !== null) storedErrors.add(error);
}

/**
 * Tells whether an error is stored, so that the next call gives it again.
 *
 * @param plan How the function is cached that threw it.
 * @param error What it threw.
 * @returns Whether it is known to be: not of what is no object, nor where the next call asks for another sample.
 */
export function isStoredError({ control, rights }: CachePlan, error: unknown): boolean {
  return control.cacheErrors !== undefined && control.samples === 1 && rights.read &&
    typeof error === "object" && error !== null && storedErrors.has(error);
}
