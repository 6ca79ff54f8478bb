// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a check of a whole cache file found: what every byte of it is. The bytes of all parts, `live` to `unfinished`, add up to
 * the size.
 *
 * @example Usage
 * ```ts
 * import { LogStore, verify, type VerifyReport } from "@pecapiku/cache/stores";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * const store = new LogStore(path);
 * const part = new TextEncoder().encode("42");
 * const entry = { codec: "structured", key: { kind: "value", parts: [part] }, parts: [part] } as const;
 * const more = { functionName: "", writtenAt: Date.now(), duration: 0, promised: false };
 * store.commit([{ type: "put", digest: "5".repeat(64), ...entry, ...more }]);
 * store.close();
 *
 * const report: VerifyReport = verify(path);
 * assert(report.isSound);
 * assertEquals(report.live.entries, 1);
 * Deno.removeSync(path);
 * ```
 */
export interface VerifyReport {
  /** The absolute path of the file. */
  readonly path: string;
  /** The length of the file, in bytes. */
  readonly size: number;
  /** The version of the file format. */
  readonly formatVersion: number;
  /** Whether nothing is damaged, and nothing in doubt. */
  readonly isSound: boolean;
  /** The entries that can be read, every byte of them checked. */
  readonly live: {
    readonly entries: number;
    readonly bytes: number;
  };
  /** What is of no use any more. A compaction gives its room back. */
  readonly dead: {
    readonly records: number;
    readonly bytes: number;
    /** How many of the records put an entry that was put again since. */
    readonly overwritten: number;
    /** How many put an entry that was deleted since. */
    readonly deleted: number;
    /** How many say that an entry is deleted. */
    readonly deletions: number;
    /** How many are an index that newer ones have made superfluous. */
    readonly snapshots: number;
  };
  /** The index by which entries are found without reading the file: where it is, and the parts of it that are in use. */
  readonly index: {
    readonly snapshots: number;
    readonly bytes: number;
  };
  /** The file header, and records that are about no entry: who was used when, and what newer versions have added. */
  readonly other: {
    readonly records: number;
    readonly bytes: number;
  };
  /** What is not as it was written. */
  readonly damaged: {
    /** How many ranges there are. */
    readonly count: number;
    readonly bytes: number;
    /** How many entries are known to be lost with them. */
    readonly lostEntries: number;
    /** The ranges in the order of the file; the first 10,000 if there are more. */
    readonly ranges: readonly DamagedRange[];
  };
  /**
   * Entries that are whole, but may be out of date, and are not given to anybody for that: behind them is a damaged range in which a record
   * is lost that replaced or deleted an entry, and nobody knows of which.
   */
  readonly doubtful: {
    /** How many entries there are. */
    readonly count: number;
    readonly bytes: number;
    /** The entries in the order of the file; the first 10,000 if there are more. */
    readonly entries: readonly DoubtfulEntry[];
  };
  /**
   * The beginning of a write at the end of the file, which is being made or was cut off. It is no damage: nobody was told that it
   * was stored.
   */
  readonly unfinished: {
    /** Where it begins; the size of the file if there is none. */
    readonly offset: number;
    readonly bytes: number;
  };
}

/**
 * A part of a cache file that is not as it was written.
 *
 * @example Usage
 * ```ts
 * import { type DamagedRange, LogStore, verify } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * const store = new LogStore(path);
 * const digest = "5".repeat(64);
 * const part = new TextEncoder().encode("42");
 * const entry = { codec: "structured", key: { kind: "value", parts: [part] }, parts: [part] } as const;
 * const more = { functionName: "", writtenAt: Date.now(), duration: 0, promised: false };
 * store.commit([{ type: "put", digest, ...entry, ...more }]);
 * store.close();
 *
 * const bytes = Deno.readFileSync(path);
 * bytes[bytes.length - 1]! ^= 1;
 * Deno.writeFileSync(path, bytes);
 * const [range] = verify(path).damaged.ranges as [DamagedRange];
 * assertEquals([range.what, range.loses, range.digest, range.key], ["payload", "entry", digest, "42"]);
 * Deno.removeSync(path);
 * ```
 */
export interface DamagedRange {
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes: that of the whole record, if it is known which one is damaged. */
  readonly length: number;
  /**
   * What is damaged: the `"file header"`; of the record of an entry its `"record header"`, its `"meta section"` (which has the
   * key) or its `"payload"` (the value); the `"index"`; a record of `"uses"`, which tells who was used when, or of
   * `"totals"`, which tells how often what was found; or something `"unreadable"`, so that nobody knows which records were there.
   */
  readonly what:
    | "file header"
    | "record header"
    | "meta section"
    | "payload"
    | "index"
    | "uses"
    | "totals"
    | "unreadable";
  /**
   * What is lost with it: an `"entry"`; `"nothing"`, since the entry was replaced or deleted anyway, or since it can be made anew (the index) or
   * done without (the order of use); or it is `"unknown"`.
   */
  readonly loses: "entry" | "nothing" | "unknown";
  /** The digest of the entry that the record is about, where that is known. */
  readonly digest?: string;
  /** The entry's key as text, where that is known, and is text: for people to read, at most 200 characters. */
  readonly key?: string;
}

/**
 * An entry that may be out of date.
 *
 * @example Usage
 * ```ts
 * import { type DoubtfulEntry, LogStore, verify } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const path = Deno.makeTempFileSync();
 * new LogStore(path).commit([]);
 * const entries: readonly DoubtfulEntry[] = verify(path).doubtful.entries;
 * assertEquals(entries, []);
 * Deno.removeSync(path);
 * ```
 */
export interface DoubtfulEntry {
  /** Where its record begins, in bytes from the start of the file. */
  readonly offset: number;
  /** The length of its record, in bytes. */
  readonly length: number;
  /** Its digest. */
  readonly digest: string;
  /** Its key as text, where it is text: for people to read, at most 200 characters. */
  readonly key?: string;
}
