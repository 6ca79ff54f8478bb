// Copyright 2026 the pecapiku authors. MIT license.

import { equal } from "@std/assert";

/**
 * Tells whether two values are equal, types included. The numbers of large arrays are compared here, which takes far less long.
 *
 * @param value What came back.
 * @param expected What it should be.
 * @returns Whether they are.
 */
export function isEqual(value: unknown, expected: unknown): boolean {
  if (!(expected instanceof Float64Array)) return equal(value, expected);
  return value instanceof Float64Array && value.length === expected.length &&
    value.every((number, index) => Object.is(number, expected[index]));
}
