// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, coldCall } from "./_by_hand.ts";
import { load, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "npm:lmdb@3.5.6";

interface Database {
  get(key: string): unknown;
  put(key: string, value: unknown): Promise<boolean>;
  transaction(work: () => void): Promise<unknown>;
  close(): Promise<void>;
}

interface Lmdb {
  open(options: Record<string, unknown>): Database;
}

/** LMDB. */
export const peer: Peer = {
  name: "lmdb",
  imports: [SPECIFIER],
  about:
    "Its defaults, with `sharedStructuresKey`, which it recommends, and `structuredClone` of its encoder, without which a Float64Array " +
    "comes back as a Buffer. Each `put` is awaited, which is when it is committed; fills are transactions of 10,000.",
  open: async (directory) => open(await load<Lmdb>(SPECIFIER), directory),
  coldScript: (directory) =>
    `import { open } from "${SPECIFIER}";` + coldCall(`
const database = open({
  path: ${JSON.stringify(pathIn(directory))},
  sharedStructuresKey: Symbol.for("structures"),
  encoder: { structuredClone: true },
});
value = database.get(key);
if (value === undefined) {
  value = evaluate();
  await database.put(key, value);
}
await database.close();
`),
};

function pathIn(directory: string): string {
  return `${directory}/cache.mdb`;
}

function open(lmdb: Lmdb, directory: string): Opened {
  const database = lmdb.open({
    path: pathIn(directory),
    sharedStructuresKey: Symbol.for("structures"),
    encoder: { structuredClone: true },
  });
  return byHand({
    get: (key) => database.get(key),
    // What it gives is no Promise, but can be awaited.
    set: (key, value) => Promise.resolve(database.put(key, value)),
    async setMany(entries) {
      await database.transaction(() => {
        for (const [key, value] of entries) database.put(key, value);
      });
    },
    close: () => database.close(),
  });
}
