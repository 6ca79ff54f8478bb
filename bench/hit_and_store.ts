// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Hits and stores of a small record, in a file of 1,000 entries and one of 100,000, beside the same function memoised by
 * hand through `node:sqlite` with the same digest and the same codec.
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { DatabaseSync } from "node:sqlite";
import { decodeParts } from "../src/codecs/decode_parts.ts";
import { encodeParts } from "../src/codecs/encode_parts.ts";
import { structured } from "../src/codecs/structured.ts";
import { digestCall } from "../src/keys/digest_call.ts";
import { measure, printRow } from "./_measure.ts";

interface Small {
  id: number;
  name: string;
  tags: string[];
  score: number;
}

function record(id: number): Small {
  return { id, name: `record ${id}`, tags: ["a", "b", "c"], score: id / 7 };
}

/** A function memoised by hand, as a careful user of `node:sqlite` would. */
function memoiseInSqlite(path: string): (id: number) => Small {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  database.exec("CREATE TABLE cache (digest TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID");
  const select = database.prepare("SELECT value FROM cache WHERE digest = ?");
  const insert = database.prepare("INSERT OR REPLACE INTO cache VALUES (?, ?)");
  return (id) => {
    const digest = digestCall({ name: "record", args: [id] });
    const row = select.get(digest);
    if (row !== undefined) {
      return decodeParts(structured, [row.value as Uint8Array<ArrayBuffer>]) as Small;
    }
    const value = record(id);
    insert.run(digest, encodeParts(structured, value)[0]);
    return value;
  };
}

/** Prints the rows. */
export function benchHitAndStore(directory: string): void {
  for (const entries of [1_000, 100_000]) {
    const ours = CacheDict.decorate(record, { filePath: `${directory}/ours-${entries}.cache` });
    const sqlite = memoiseInSqlite(`${directory}/sqlite-${entries}.db`);
    for (let id = 0; id < entries; id++) {
      ours(id);
      sqlite(id);
    }
    // The same keys for both, spread over the whole file, and never twice the same order.
    let turn = 0;
    const hit = (call: (id: number) => Small) => (times: number): void => {
      let id = turn++ >> 1;
      for (let index = 0; index < times; index++) call(id = (id * 7919 + 104_729) % entries);
    };
    printRow(
      `hit, ${entries.toLocaleString("en")} entries`,
      measure([{ name: "ours", run: hit(ours) }, { name: "node:sqlite", run: hit(sqlite) }], {
        times: 20_000,
      }),
      "µs",
    );
    const fresh = { ours: entries, sqlite: entries };
    const store =
      (name: "ours" | "sqlite", call: (id: number) => Small) => (times: number): void => {
        for (let index = 0; index < times; index++) call(fresh[name]++);
      };
    printRow(
      `store, from ${entries.toLocaleString("en")} entries on`,
      measure([{ name: "ours", run: store("ours", ours) }, {
        name: "node:sqlite",
        run: store("sqlite", sqlite),
      }], { times: 1_000 }),
      "µs",
    );
  }
}
