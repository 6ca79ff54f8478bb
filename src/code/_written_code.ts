// Copyright 2026 the pecapiku authors. MIT license.

import type { Parameter, Unit } from "./unit.ts";

/** What Deno has decorators applied by. It is in the text of each class that has any. */
const APPLY = "_apply_decs_2203_r";

/**
 * Tells whether what runs may be a class with decorators. They are not written in its text any more.
 *
 * @param running What is known of the text that runs.
 * @param written What is known of the class as it is written.
 * @param renamed The classes in it that have other names when it runs.
 * @returns Whether the one can be the other.
 */
export function mayBeDecorated(
  running: Unit,
  written: Unit,
  renamed: readonly string[] | undefined,
): boolean {
  const names = new Set(written.free.map(({ name }) => name));
  return running.free.some(({ name }) => name === APPLY) &&
    running.free.every(({ name }) =>
      // There are helpers and variables as well, that Deno has declared.
      names.has(name) || name.startsWith("_") || renamed?.includes(name)
    );
}

/**
 * Tells whether what runs is a piece of code, but for the names of classes with decorators.
 *
 * @param running What is known of the text that runs.
 * @param written What is known of it as it is written.
 * @param renamed The classes in it that have other names when it runs.
 * @returns Whether it is.
 */
export function isRenamed(
  running: Unit,
  written: Unit,
  renamed: readonly string[] = [],
): boolean {
  return running.normal === written.normal && running.isClass === written.isClass &&
    running.selfName === written.selfName && running.free.length === written.free.length &&
    running.free.every(({ name }, index) => isNameOf(name, written.free[index]!.name, renamed)) &&
    running.parameters.length === written.parameters.length &&
    running.parameters.every((each, index) =>
      isParameter(each, written.parameters[index]!, renamed)
    );
}

// Deno takes the first one of `_P`, `_P1`, `_P2`, … that nothing else is called.
function isNameOf(name: string, written: string, renamed: readonly string[]): boolean {
  if (name === written) return true;
  return renamed.includes(written) && name.startsWith(`_${written}`) &&
    /^\d*$/.test(name.slice(written.length + 1));
}

function isParameter(a: Parameter, b: Parameter, renamed: readonly string[]): boolean {
  if (a.name !== b.name || a.rest !== b.rest) return false;
  if (a.default === undefined || b.default === undefined) return a.default === b.default;
  if ("unit" in a.default) {
    return "unit" in b.default && isRenamed(a.default.unit, b.default.unit, renamed);
  }
  return "literal" in b.default &&
    JSON.stringify(a.default.literal) === JSON.stringify(b.default.literal);
}
