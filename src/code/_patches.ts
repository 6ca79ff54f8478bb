// Copyright 2026 the pecapiku authors. MIT license.

import type { EffectPlace } from "./_changes.ts";
import { PLATFORM_NAMES } from "./_platform_names.ts";

/** Classes of which objects are made without naming them, so that what is put on their prototypes may be seen by any code. */
const UNNAMED: ReadonlySet<string> = new Set(
  ("Array BigInt Boolean Function Iterator Map Number Object Promise RegExp Set String Symbol Uint8Array")
    .split(" "),
);

/**
 * Tells whether what is put on a platform object may be seen by code that does not name it.
 *
 * @param name Its name.
 * @returns Whether it may.
 */
export function reachesAll(name: string): boolean {
  return UNNAMED.has(name);
}

/**
 * Tells whether a name is that of the global object.
 *
 * @param name The name.
 * @returns Whether it is.
 */
export function isGlobalObject(name: string): boolean {
  return name === "globalThis" || name === "self" || name === "window" || name === "global";
}

/**
 * Tells whether a statement that changes something of the platform may be seen. What is put on the global object under a name of
 * its own counts by its value at the call.
 *
 * @param effect The statement.
 * @param globals The global names that are used.
 * @returns Whether it may.
 */
export function touches(
  { module, effect, local }: EffectPlace,
  globals: ReadonlySet<string>,
): boolean {
  if (!isGlobalObject(local)) return true;
  const uses = module.unit(effect.code)?.free.find(({ name }) => name === local)?.uses;
  return uses === undefined ||
    uses.some(({ form, path: [name] }) =>
      (form === "write" || form === "mutate" || form === "escape" || form === "computed") &&
      (name === undefined || (PLATFORM_NAMES.has(name) && globals.has(name)))
    );
}
