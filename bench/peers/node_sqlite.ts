// Copyright 2026 the pecapiku authors. MIT license.

import type { DatabaseSync } from "node:sqlite";
import { byHand, coldCall, decode, encode } from "./_by_hand.ts";
import { load, type Opened, type Peer } from "./_peer.ts";

const SPECIFIER = "node:sqlite";

const SETTINGS =
  "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";
const TABLE =
  "CREATE TABLE IF NOT EXISTS cache (digest TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID";

/** SQLite, as Deno has it. */
export const peer: Peer = {
  name: "node:sqlite",
  imports: [SPECIFIER],
  about:
    "WAL, `synchronous = NORMAL`, `busy_timeout`, a page cache of 64 MB, a table `WITHOUT ROWID` by the digest, prepared statements, " +
    "and the codec of this package in a BLOB. Fills are transactions of 10,000.",
  open: async (directory) =>
    open(await load<{ DatabaseSync: typeof DatabaseSync }>(SPECIFIER), directory),
  coldScript: (directory) =>
    coldCall(`
const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
const database = new DatabaseSync(${JSON.stringify(pathIn(directory))});
database.exec("${SETTINGS}; ${TABLE}");
const row = database.prepare("SELECT value FROM cache WHERE digest = ?").get(key);
if (row === undefined) {
  value = evaluate();
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  database.prepare("INSERT OR REPLACE INTO cache VALUES (?, ?)").run(key, bytes);
} else {
  value = JSON.parse(new TextDecoder().decode(row.value));
}
database.close();
`),
};

function pathIn(directory: string): string {
  return `${directory}/cache.db`;
}

function open(
  { DatabaseSync: Database }: { DatabaseSync: typeof DatabaseSync },
  directory: string,
): Opened {
  const database = new Database(pathIn(directory));
  database.exec(`${SETTINGS}; PRAGMA cache_size = -64000; ${TABLE}`);
  const select = database.prepare("SELECT value FROM cache WHERE digest = ?");
  const insert = database.prepare("INSERT OR REPLACE INTO cache VALUES (?, ?)");
  return byHand({
    get(key) {
      const row = select.get(key);
      return row === undefined ? undefined : decode(row.value as Uint8Array);
    },
    set(key, value) {
      insert.run(key, encode(value));
    },
    setMany(entries) {
      database.exec("BEGIN");
      for (const [key, value] of entries) insert.run(key, encode(value));
      database.exec("COMMIT");
    },
    close: () => database.close(),
  });
}
