// Copyright 2026 the pecapiku authors. MIT license.

import { process } from "../_deferred.ts";

/**
 * Gives Node's `util`. It takes 20 ms to load, which `import defer` would not put off.
 *
 * @returns The module.
 */
export function nodeUtil(): typeof import("node:util") {
  return process.getBuiltinModule("node:util");
}
