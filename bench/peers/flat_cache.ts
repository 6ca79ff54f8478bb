// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, coldCall } from "./_by_hand.ts";
import { load, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:flat-cache@6.1.23";

interface FlatCache {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save(): void;
}

interface FlatCacheModule {
  create(options: { cacheId: string; cacheDir: string; ttl: number }): FlatCache;
}

/** All entries in memory, and in one file of JSON. */
export const peer: Peer = {
  name: "flat-cache",
  imports: [SPECIFIER],
  about:
    "It reads its whole file at the start and has all values in memory, of which `get` gives a clone. A store is `set` and `save`, " +
    "which writes the whole file: what is not saved is lost with the process. Fills are `set` and one `save`.",
  open: async (directory) =>
    open((await load<FlatCacheModule>(SPECIFIER)).create({
      cacheId: "flat",
      cacheDir: `${directory}/flat`,
      ttl: 0,
    })),
  coldScript: (directory) =>
    `import { create } from "${SPECIFIER}";` + coldCall(`
const cache = create({ cacheId: "flat", cacheDir: ${JSON.stringify(`${directory}/flat`)}, ttl: 0 });
value = cache.get(key);
if (value === undefined) {
  value = evaluate();
  cache.set(key, value);
  cache.save();
}
`),
};

function open(cache: FlatCache): Opened {
  return byHand({
    get: (key) => cache.get(key),
    set(key, value) {
      // It keeps the very object, which whoever called the function may change.
      cache.set(key, structuredClone(value));
      cache.save();
    },
    setMany(entries) {
      for (const [key, value] of entries) cache.set(key, structuredClone(value));
    },
    // What was filled is saved at the end, once.
    close: () => cache.save(),
  });
}
