// Copyright 2026 the pecapiku authors. MIT license.

import type { KeyOptions } from "./key_options.ts";

/** How to encode, with what only the package itself sets. */
export interface EncodingOptions extends KeyOptions {
  /**
   * Gives the bytes that stand for a function or class. Without it, functions and classes are refused.
   *
   * @param fn The function or class; also the class of an instance.
   * @param path Where it was met.
   * @returns The bytes.
   */
  // deno-lint-ignore ban-types -- it may be a class as well
  readonly encodeFunction?: (fn: Function, path: string) => Uint8Array;
}
