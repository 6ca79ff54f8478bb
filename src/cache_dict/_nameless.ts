// Copyright 2026 the pecapiku authors. MIT license.

import { functionSource, originalOf } from "../access/cache_function.ts";
import type { AnyFunction } from "../access/cached_function.ts";
import { type StorePlace, warnOnce } from "../access/storage_options.ts";

/** Of how many files it is known which function without a name they have. */
const MOST_FILES = 1000;

/** The source of the function without a name, by the store or the path and the namespace. */
const inStores = new WeakMap<object, Map<string, string>>();
const inFiles = new Map<string, string>();

/**
 * Warns of a second function without a name in one place: its calls have the same keys as those of the first one. The same text
 * may come again, as in a cell of a notebook that is run once more.
 *
 * @param fn A function without a name.
 * @param place Where its results are.
 * @param namespace What keeps it apart from others.
 */
export function warnOfSecondNameless(
  fn: AnyFunction,
  place: StorePlace,
  namespace: string | undefined,
): void {
  const { id } = place;
  const key = typeof id === "string" ? JSON.stringify([id, namespace]) : namespace ?? "";
  const sources = typeof id === "string" ? inFiles : sourcesIn(id);
  const source = functionSource(originalOf(fn)) ?? "";
  const first = sources.get(key);
  if (first === undefined) {
    if (sources.size >= MOST_FILES) sources.clear();
    sources.set(key, source);
  } else if (first !== source) {
    const shown = typeof id === "string" ? id : id.location;
    warnOnce(
      "Cannot tell functions without a name apart, they give each other's results (name them, or give each a " +
        `namespace, an innerKey or a file of its own): ${shown}`,
    );
  }
}

function sourcesIn(store: object): Map<string, string> {
  let sources = inStores.get(store);
  if (sources === undefined) inStores.set(store, sources = new Map());
  return sources;
}
