// Copyright 2026 the pecapiku authors. MIT license.

import { NOTICE } from "../../src/access/entry_parts.ts";
import type { Store } from "../../src/stores/store.ts";

/**
 * Counts the entries of a store, the parts of others among them; but for the notice that there are such.
 *
 * @param store The store.
 * @returns How many there are.
 */
export function sizeOf(store: Store): number {
  return store.size - (store.has(NOTICE) ? 1 : 0);
}
