// Copyright 2026 the pecapiku authors. MIT license.

import { DatabaseSync } from "node:sqlite";
import { digestKey } from "../src/keys/digest_key.ts";
import { LogStore } from "../src/stores/log_store.ts";
import type { PutChange } from "../src/stores/store.ts";

/** The length of an encoded value, in bytes. */
const VALUE_LENGTH = 100;

const BATCH = 20_000;

const encoder = new TextEncoder();

/** The value that is stored under a number: a string of which JSON makes 100 bytes. */
export function valueOf(number: number): string {
  return String(number).padStart(VALUE_LENGTH - 2, ".");
}

/** The entry that `new CacheDict(path).set(number, valueOf(number))` makes. */
export function entryOf(number: number): PutChange {
  return {
    type: "put",
    digest: digestKey(number),
    codec: "structured",
    // JSON of the number and of the text, as the codec would write it, at half the cost.
    key: { kind: "value", parts: [encoder.encode(`${number}`)] },
    parts: [encoder.encode(`"${valueOf(number)}"`)],
    functionName: "",
    writtenAt: 1_700_000_000_000 + number,
    duration: 0,
    promised: false,
  };
}

/** Entries of the numbers from one on. */
export function entriesFrom(first: number, count: number): PutChange[] {
  return Array.from({ length: count }, (_, index) => entryOf(first + index));
}

/** Makes a cache file of the numbers from 0 on, in large batches. */
export function makeCacheFile(path: string, entries: number): void {
  const store = new LogStore(path);
  for (let first = 0; first < entries; first += BATCH) {
    store.commit(entriesFrom(first, Math.min(BATCH, entries - first)));
  }
  store.close();
}

/** A database as a careful user of `node:sqlite` would have it for the same entries. */
export class Database implements Disposable {
  readonly #database: DatabaseSync;
  readonly #insert: ReturnType<DatabaseSync["prepare"]>;
  readonly #select: ReturnType<DatabaseSync["prepare"]>;

  /**
   * Opens a database, and creates it if there is none.
   *
   * @param path The path of the file.
   * @param synchronous When it waits for the medium.
   */
  constructor(path: string, synchronous: "NORMAL" | "FULL" = "NORMAL") {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    this.#database.exec("PRAGMA cache_size = -64000");
    this.#database.exec(
      "CREATE TABLE IF NOT EXISTS entries (digest BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID",
    );
    this.#insert = this.#database.prepare("INSERT OR REPLACE INTO entries VALUES (?, ?)");
    this.#select = this.#database.prepare("SELECT value FROM entries WHERE digest = ?");
  }

  /** Puts an entry, in a transaction of its own unless one is going on. */
  put(digest: Uint8Array, value: Uint8Array): void {
    this.#insert.run(digest, value);
  }

  /** Looks a value up. */
  get(digest: Uint8Array): unknown {
    return this.#select.get(digest)?.value;
  }

  /** Puts the numbers from 0 on, in one transaction. */
  fill(entries: number): void {
    // In any order, as entries come: sorted ones would be faster to put, but leave no room for later ones.
    this.#database.exec("PRAGMA cache_size = -500000; BEGIN");
    for (let number = 0; number < entries; number++) {
      const { digest, parts } = entryOf(number);
      this.put(Uint8Array.fromHex(digest), parts[0]);
    }
    this.#database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = -64000");
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
