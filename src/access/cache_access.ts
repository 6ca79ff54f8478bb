// Copyright 2026 the pecapiku authors. MIT license.

import { show } from "../_show.ts";

/**
 * What a cache may do: `r` look up what is stored, `e` evaluate the function, `w` store. The letters may come in any
 * order.
 *
 * @example Usage
 * ```ts
 * import { type CacheAccess, CacheDict, CacheMissError } from "@pecapiku/cache";
 * import { assertThrows } from "@std/assert";
 *
 * const access: CacheAccess = "r";
 * const filePath = Deno.makeTempDirSync() + "/a.cache";
 * const square = CacheDict.decorate((x: number) => x * x, { filePath, access });
 * assertThrows(() => square(2), CacheMissError);
 * ```
 */
export type CacheAccess = "r" | "w" | "e" | "rw" | "re" | "ew" | "rew";

/** An access string, taken apart. */
export interface Rights {
  /** The letters, in the order `rew`. */
  readonly text: string;
  /** Whether what is stored may be looked up. */
  readonly read: boolean;
  /** Whether the function may be evaluated. */
  readonly evaluate: boolean;
  /** Whether something may be stored. */
  readonly write: boolean;
}

/**
 * Takes an access string apart.
 *
 * @param access The letters; all three if it is not given.
 * @returns What is granted.
 * @throws {TypeError} If it is anything but the letters `r`, `e` and `w`, each at most once and at least one.
 */
export function parseAccess(access: unknown = "rew"): Rights {
  if (
    typeof access !== "string" || !/^[rew]{1,3}$/.test(access) ||
    new Set(access).size !== access.length
  ) {
    throw new TypeError(
      `Cannot set access: expected some of the letters "r", "e" and "w": ${show(access)}`,
    );
  }
  const read = access.includes("r");
  const evaluate = access.includes("e");
  const write = access.includes("w");
  const text = `${read ? "r" : ""}${evaluate ? "e" : ""}${write ? "w" : ""}`;
  return { text, read, evaluate, write };
}
