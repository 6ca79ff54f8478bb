// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../../src/stores/store.ts";

/**
 * The value that goes with a number: its bytes repeated, and for every third number as many large parts as are asked for,
 * each of which is a write of its own.
 *
 * @param number The number.
 * @param largeParts How many large parts.
 * @returns The parts.
 */
export function numberedValue(number: number, largeParts: number): Parts {
  const front = new Uint8Array(new Uint32Array(25).fill(number).buffer, 0, number % 100);
  if (number % 3 > 0 || largeParts === 0) return [front];
  const large = new Uint8Array(new Uint32Array(30_000).fill(number).buffer);
  return [front, ...Array.from({ length: largeParts }, () => large)];
}
