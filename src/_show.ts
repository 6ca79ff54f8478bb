// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Shows an argument of a wrong type in a message, without running any of its code.
 *
 * @param given The argument.
 * @returns A short text.
 */
export function show(given: unknown): string {
  if (typeof given === "string") return JSON.stringify(given);
  if (typeof given === "bigint") return `${given}n`;
  if (typeof given === "function") return "a function";
  if (Array.isArray(given)) return "an array";
  if (typeof given === "object" && given !== null) return "an object";
  return String(given);
}
