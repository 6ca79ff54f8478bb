// Copyright 2026 the pecapiku authors. MIT license.

import type { Driver } from "unstorage";

/** A driver that keeps texts only, as that of `localStorage` does. */
export function textDriver(items = new Map<string, string>()): Driver {
  return {
    name: "texts",
    hasItem: (key) => items.has(key),
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, `${value}`),
    removeItem: (key) => void items.delete(key),
    getKeys: () => [...items.keys()],
  };
}
