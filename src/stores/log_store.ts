// Copyright 2026 the pecapiku authors. MIT license.

import { toAbsolutePath } from "../_absolute_path.ts";
import { show } from "../_show.ts";
import { deadBytes } from "./_compaction.ts";
import { DENO_DISK } from "./disk.ts";
import { DEFAULT_LOCK_TIMEOUT } from "./_file_lock.ts";
import { SYSTEM_LOCK_CLOCK } from "./lock_clock.ts";
import { Log } from "./_log.ts";
import type { LogIndex } from "./_log_index.ts";
import type { LogStoreOptions } from "./log_store_options.ts";
import { ReadAhead } from "./_file_io.ts";
import { isKeepable, readInfo, readValue } from "./_record_reader.ts";
import { retainValue } from "./_retained.ts";
import { checkChanges, checkOptions } from "./_check_commit.ts";
import { isDigest } from "./_digest_table.ts";
import type { FunctionCounts, StoreStats, StoreTotals } from "./store_stats.ts";
import { checkCounts } from "./_tally.ts";
import type {
  CommitOptions,
  Compaction,
  Digest,
  EntryInfo,
  Store,
  StoreChange,
  StoredValue,
} from "./store.ts";

/** After how many changes a snapshot of the index is written: to go through as many takes few milliseconds. */
const DEFAULT_SNAPSHOT_INTERVAL = 2048;

/** From which length of a file on it is compacted by itself: below, to have it on the medium takes longer than all the rest. */
const DEFAULT_COMPACT_FROM = 256 * 1024;

/**
 * A {@linkcode Store} in one file: a log of records, to which each commit appends. The newest record of a digest
 * counts. Its format is specified byte by byte in `docs/format.md`.
 *
 * A commit takes an exclusive lock on the file itself; a lookup takes none. The file, and its directory, are created by
 * the first commit. A process crash loses nothing that was committed, and what a crash left half-written counts for
 * nothing. Damage is not cached, and said once on the console. What other processes have committed is seen by the next
 * call, and that the file was deleted or replaced within 1 ms.
 *
 * Needs `--allow-read` for the file, and `--allow-write` for the file to commit (for the directory, too, if that has to
 * be created). A permission that is missing is never asked for.
 *
 * @example Usage
 * ```ts
 * import { LogStore } from "@pecapiku/cache/stores";
 * import { assertEquals } from "@std/assert";
 *
 * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
 * const digest = "5".repeat(64);
 * store.commit([{
 *   type: "put",
 *   digest,
 *   codec: "structured",
 *   key: { kind: "value", parts: [new TextEncoder().encode('"answer"')] },
 *   parts: [new TextEncoder().encode("42")],
 *   functionName: "",
 *   writtenAt: Date.now(),
 *   duration: 0,
 *   promised: false,
 * }]);
 *
 * assertEquals(new TextDecoder().decode(store.get(digest)?.parts[0]), "42");
 * store.close();
 * ```
 */
export class LogStore implements Store {
  readonly #log: Log;

  /**
   * Makes a store. Nothing is opened yet.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore(new URL("file:///tmp/none.cache"));
   * assertEquals(store.location, "/tmp/none.cache");
   * ```
   *
   * @param path The path or `file:` URL of the file.
   * @param options How to go about the file.
   * @throws {TypeError} If the path or an option can't be one.
   */
  constructor(path: string | URL, options: LogStoreOptions = {}) {
    const {
      lockTimeout = DEFAULT_LOCK_TIMEOUT,
      sync = "none",
      compactFrom = DEFAULT_COMPACT_FROM,
      snapshotInterval = DEFAULT_SNAPSHOT_INTERVAL,
      warn = (message) => console.warn(message),
      clock = SYSTEM_LOCK_CLOCK,
      disk = DENO_DISK,
    } = options;
    const absolute = toAbsolutePath(path, "Cannot make store");
    if (typeof lockTimeout !== "number" || !(lockTimeout >= 0)) {
      throw new TypeError(`Cannot make store: not a lock time-out: ${lockTimeout}`);
    }
    checkOptions({ sync });
    if (typeof compactFrom !== "number" || !(compactFrom >= 0)) {
      throw new TypeError(`Cannot make store: not a number of bytes: ${compactFrom}`);
    }
    if (!Number.isInteger(snapshotInterval) || snapshotInterval < 1) {
      throw new TypeError(`Cannot make store: not a number of changes: ${snapshotInterval}`);
    }
    if (typeof warn !== "function") {
      throw new TypeError(`Cannot make store: not a function as warn: ${show(warn)}`);
    }
    this.#log = new Log(absolute, {
      lockTimeout,
      sync,
      compactFrom,
      snapshotInterval,
      warn,
      clock,
      disk,
    });
  }

  /**
   * The absolute path of the file.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new LogStore("/tmp/none.cache").location, "/tmp/none.cache");
   * ```
   */
  get location(): string {
    return this.#log.path;
  }

  /**
   * How many entries there are. Some may turn out to be damaged when they are read.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new LogStore("/tmp/none.cache").size, 0);
   * ```
   *
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  get size(): number {
    return this.#call(() => this.#log.refresh()?.count ?? 0);
  }

  /**
   * Looks an entry up. Small values stay in memory for the next time, within a bound for the whole process.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new LogStore("/tmp/none.cache").get("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is stored, or `undefined`.
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  get(digest: Digest): StoredValue | undefined {
    return this.#call(() => {
      const index = this.#log.refresh();
      if (index === undefined) return undefined;
      const entry = index.find(digest);
      return entry < 0 ? undefined : index.table.value(entry) ?? this.#read(index, digest, entry);
    });
  }

  /**
   * Tells whether an undamaged entry is there. The first time, all of it is read to tell.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assert } from "@std/assert";
   *
   * assert(!new LogStore("/tmp/none.cache").has("0".repeat(64)));
   * ```
   *
   * @param digest The digest to look for.
   * @returns Whether {@linkcode LogStore.get} would find something.
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  has(digest: Digest): boolean {
    return this.#call(() => {
      const index = this.#log.refresh();
      if (index === undefined) return false;
      const entry = index.find(digest);
      return entry >= 0 &&
        (index.table.isChecked(entry) || this.#read(index, digest, entry) !== undefined);
    });
  }

  /**
   * Tells what is known of an entry but its value.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new LogStore("/tmp/none.cache").info("0".repeat(64)), undefined);
   * ```
   *
   * @param digest The digest to look for.
   * @returns What is known, or `undefined` if there is no such entry.
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  info(digest: Digest): EntryInfo | undefined {
    return this.#call(() => this.#info(digest));
  }

  /**
   * Goes through the entries, without their values, in the order in which their digests were first put.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals([...new LogStore("/tmp/none.cache").entries()], []);
   * ```
   *
   * @returns An iterator over the entries at the time of the call; those that are removed until their turn are left out.
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  entries(): IterableIterator<EntryInfo> {
    return this.#infos(this.#call(() => this.#log.refresh()?.digests() ?? []));
  }

  /**
   * Makes all the changes or none of them, as one batch under the lock.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
   * store.commit([{ type: "delete", digest: "5".repeat(64) }]);
   * assertEquals(store.size, 0);
   * ```
   *
   * @param changes What to do, in order.
   * @throws {TypeError} If a digest or the name of a codec can't be one.
   * @throws {CacheFormatError} If the file is not a cache file. It is left as it is.
   * @throws {CacheError} If the file can't be locked or written: it is then as before.
   */
  commit(changes: readonly StoreChange[], options: CommitOptions = {}): void {
    checkChanges(changes);
    checkOptions(options);
    // Nothing to do: no file is created for that, and none locked.
    this.#call(() => {
      if (this.#isNeeded(changes, options)) this.#log.commit(changes, options);
    });
  }

  /**
   * Notes that an entry is used, so that limits spare it for longer. The next commit writes it.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore("/tmp/none.cache");
   * store.touch("5".repeat(64));
   * assertEquals(store.size, 0);
   * ```
   *
   * @param digest The digest of the entry.
   */
  touch(digest: Digest): void {
    if (isDigest(digest)) this.#log.touch(digest);
  }

  /**
   * Writes the file anew, without what was overwritten and deleted, and puts it in the place of the old one. Others read and
   * write meanwhile. Commits do that by themselves once over half of a file is dead, but for small ones. It takes about as long as to
   * copy the file; a large value passes in pieces.
   *
   * Needs `--allow-read` and `--allow-write` for the directory: the new file is beside the old one until it is whole.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
   * assertEquals(store.compact(), { bytesBefore: 0, bytesAfter: 0 });
   * ```
   *
   * @returns How long the file was before and is now, in bytes.
   * @throws {CacheFormatError} If the file is not a cache file. It is left as it is.
   * @throws {CacheError} If the file is damaged, if it has other names (hard links), or if it can't be locked or written anew: it
   * is then as before.
   */
  compact(): Compaction {
    return this.#call(() => this.#log.compact());
  }

  /**
   * How many entries limits have removed through this object.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * assertEquals(new LogStore("/tmp/none.cache").evictions, 0);
   * ```
   */
  get evictions(): number {
    return this.#log.evictions;
  }

  /**
   * Tells how long the file is, how much of it is dead, and what was counted in all. It costs the same at any size, once the file is
   * open.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const { bytes, totals } = new LogStore("/tmp/none.cache").stats();
   * assertEquals([bytes, totals.all.hits], [0, 0]);
   * ```
   *
   * @returns What is known.
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  stats(): StoreStats & { readonly totals: StoreTotals } {
    return this.#call(() => {
      const index = this.#log.refresh();
      const totals = this.#log.counts.totals(index);
      if (index === undefined) return { bytes: 0, bytesLive: 0, bytesDead: 0, totals };
      const { liveBytes: bytesLive, follower: { size: bytes } } = index;
      return { bytes, bytesLive, bytesDead: deadBytes(index), totals };
    });
  }

  /**
   * Notes what was counted, to be added to the totals in the file by the next commit that has something to write.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore(Deno.makeTempDirSync() + "/a.cache");
   * const counts = { hits: 1, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 20 };
   * store.count([{ functionName: "f", ...counts }]);
   * assertEquals(store.stats().totals.all, counts);
   * ```
   *
   * @param counts What was counted.
   * @throws {TypeError} If a number is negative or none.
   */
  count(counts: readonly FunctionCounts[]): void {
    checkCounts(counts);
    this.#log.counts.note(counts);
  }

  /**
   * Writes what {@linkcode LogStore.count} was told, if that can be done at once: if there is a file, it may be read and written, nobody else
   * holds its lock, and its end is whole. Otherwise the counts are dropped, and nothing is said: nobody is told that they are kept.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore("/tmp/none.cache");
   * const counts = { hits: 1, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 20 };
   * store.count([{ functionName: "f", ...counts }]);
   * assertEquals(store.saveCounts(), false);
   * assertEquals(store.size, 0);
   * ```
   *
   * @returns Whether nothing is left to be written.
   */
  saveCounts(): boolean {
    return this.#call(() => this.#log.saveCounts());
  }

  /**
   * Lets go of the file. The next call opens it again, and checks anew what it reads.
   *
   * @example Usage
   * ```ts
   * import { LogStore } from "@pecapiku/cache/stores";
   * import { assertEquals } from "@std/assert";
   *
   * const store = new LogStore("/tmp/none.cache");
   * store.close();
   * assertEquals(store.size, 0);
   * ```
   */
  close(): void {
    this.#log.close();
  }

  /** Does something, and says what there is to say once it is done: whoever listens may use the store as well. */
  #call<T>(step: () => T): T {
    try {
      return this.#log.read(step);
    } finally {
      this.#log.notes.report();
    }
  }

  #read(index: LogIndex, digest: Digest, entry: number): StoredValue | undefined {
    const location = index.location(entry);
    const value = this.#log.notes.unlessTooLarge(() =>
      readValue(index.follower.file, index.saltChecksum, digest, location, true)
    );
    if (value === "too large") return undefined;
    if (value === undefined) {
      this.#dropDamaged(index, digest, entry);
      return undefined;
    }
    index.table.markChecked(entry);
    if (isKeepable(location, value)) retainValue(index.table, entry, value);
    return value;
  }

  #info(digest: Digest, ahead?: ReadAhead): EntryInfo | undefined {
    const index = this.#log.refresh();
    const entry = index?.find(digest) ?? -1;
    if (index === undefined || entry < 0) return undefined;
    const location = index.location(entry);
    const { file } = index.follower;
    const info = this.#log.notes.unlessTooLarge(() =>
      readInfo(ahead?.of(file, index.end) ?? file, index.saltChecksum, digest, location)
    );
    if (info === "too large") return undefined;
    if (info === undefined) this.#dropDamaged(index, digest, entry);
    return info;
  }

  *#infos(digests: Iterable<Digest>): IterableIterator<EntryInfo> {
    const ahead = new ReadAhead();
    for (const digest of digests) {
      // Whoever iterates may have done anything in between: closed the store, or removed entries.
      const info = this.#call(() => this.#info(digest, ahead));
      if (info !== undefined) yield info;
    }
  }

  #dropDamaged(index: LogIndex, digest: Digest, entry: number): void {
    this.#log.notes.onDamage(index.table.offset(entry));
    index.drop(digest);
  }

  #isNeeded(changes: readonly StoreChange[], { limits }: CommitOptions): boolean {
    if (changes.some((change) => change.type === "put")) return true;
    const index = this.#log.refresh();
    if (index === undefined) return false;
    return limits !== undefined || this.#log.hasTouched ||
      changes.some((change) => index.mayHave(change.digest));
  }
}
