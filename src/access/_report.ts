// Copyright 2026 the pecapiku authors. MIT license.

import type { OnError } from "./storage_options.ts";

// A script that runs for days must not keep every message that it ever printed.
const REMEMBERED = 1000;
const printed = new Set<string>();

/**
 * Does with an error of the cache what `onError` says.
 *
 * @param error The error.
 * @param onError What to do.
 */
export function report(error: Error, onError: OnError): void {
  if (onError === "raise") throw error;
  if (onError === "warn") warnOnce(`${error.name}: ${error.message}`);
}

/**
 * Prints a warning, unless the same one was printed before.
 *
 * @param message The warning.
 */
export function warnOnce(message: string): void {
  if (printed.has(message)) return;
  if (printed.size >= REMEMBERED) printed.clear();
  printed.add(message);
  console.warn(message);
}
