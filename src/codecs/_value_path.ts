// Copyright 2026 the pecapiku authors. MIT license.

import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";

const INDEX = /^(?:0|[1-9]\d*)$/;
const MAX_NAME = 200;
const MAX_STEPS = 40;

// Made when there is an error to report: V8 takes a millisecond for the properties of Unicode, as soon as it sees them.
let identifier: RegExp | undefined;

/**
 * Writes how a property is reached: `.name`, `[0]` or `["a b"]`.
 *
 * @param name The property's name.
 * @returns The step of a path.
 */
export function propertyStep(name: string): string {
  if (INDEX.test(name)) return `[${name}]`;
  if (name.length > MAX_NAME) return `[${JSON.stringify(name.slice(0, MAX_NAME) + "…")}]`;
  identifier ??= new RegExp("^[\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*$", "u");
  return identifier.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/**
 * Joins the steps to a path that begins at `value`; of a very long one, only the beginning and the end.
 *
 * @param steps The steps.
 * @returns The path.
 */
export function valuePath(steps: readonly string[]): string {
  if (steps.length <= MAX_STEPS) return "value" + steps.join("");
  const half = MAX_STEPS / 2;
  return `value${steps.slice(0, half).join("")}…${steps.slice(-half).join("")}`;
}

/**
 * Makes the error that says what can't be stored.
 *
 * @param what What was met, such as `a function`.
 * @param path Where it was met.
 * @param cause The error that led to this one.
 * @returns The error.
 */
export function cannotStore(what: string, path: string, cause?: unknown): UncacheableValueError {
  const message = `Cannot store value: ${what} at ${path}`;
  return cause === undefined
    ? new UncacheableValueError(message)
    : new UncacheableValueError(message, { cause });
}
