// Copyright 2026 the pecapiku authors. MIT license.

import { symbolKey, WELL_KNOWN } from "./_primordials.ts";

/**
 * Puts property keys in canonical order: strings by their UTF-16 code units, then well-known symbols by name, then
 * registered ones by key.
 *
 * @param keys The keys, strings first, as the language lists them. They are sorted in place.
 */
export function sortKeys(keys: (string | symbol)[]): void {
  for (let i = 1; i < keys.length; i++) {
    const before = keys[i - 1]!;
    const key = keys[i]!;
    if (typeof before === "symbol" || (typeof key === "string" && before > key)) {
      keys.sort(compare);
      return;
    }
  }
}

function compare(a: string | symbol, b: string | symbol): number {
  if (typeof a === "string") return typeof b === "symbol" || a < b ? -1 : a === b ? 0 : 1;
  if (typeof b === "string") return 1;
  const [aRank, aName] = rankOf(a);
  const [bRank, bName] = rankOf(b);
  if (aRank !== bRank) return aRank - bRank;
  return aName < bName ? -1 : aName === bName ? 0 : 1;
}

// A unique symbol is refused when it is written; until then any place will do.
function rankOf(symbol: symbol): [number, string] {
  const name = WELL_KNOWN.get(symbol);
  return name !== undefined ? [0, name] : [1, symbolKey(symbol) ?? ""];
}
