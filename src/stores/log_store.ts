// Copyright 2026 the pecapiku authors. MIT license.

// Slow to load, and needed only for a path that is not yet absolute.
import defer * as paths from "@std/path";
import { CacheError } from "../errors/cache_error.ts";
import { appendBatch } from "./_append.ts";
import { DENO_DISK, type Disk, type DiskFile } from "./disk.ts";
import { createFileHeader, FILE_HEADER_LENGTH, parseFileHeader, readSalt } from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import { DEFAULT_LOCK_TIMEOUT, lockFile } from "./_file_lock.ts";
import { type LockClock, SYSTEM_LOCK_CLOCK } from "./lock_clock.ts";
import { LogFile } from "./_log_file.ts";
import { LogIndex } from "./_log_index.ts";
import { readInfo, readValue } from "./_record_reader.ts";
import { isRetainable, retainValue } from "./_retained.ts";
import type { Digest, EntryInfo, Store, StoreChange, StoredValue } from "./store.ts";
import { repairTail } from "./_tail.ts";

/** How a {@linkcode LogStore} goes about its file. */
export interface LogStoreOptions {
  /**
   * How long a commit waits for another process to finish its own, in milliseconds.
   *
   * @default {30_000}
   */
  readonly lockTimeout?: number;
  /**
   * What the wait for the lock goes by; for tests.
   *
   * @default {The machine's clock}
   */
  readonly clock?: LockClock;
  /**
   * The calls that reach the disk; for tests.
   *
   * @default {Deno's own}
   */
  readonly disk?: Disk;
}

/** How often a commit starts over because the file was replaced between opening and locking it. */
const MOST_REOPENINGS = 100;

/**
 * A {@linkcode Store} in one file: a log of records, to which each commit appends. The newest record of a digest
 * counts. Its format is specified byte by byte in `docs/format.md`.
 *
 * A commit takes an exclusive lock on the file itself; a lookup takes none. The file, and its directory, are created by
 * the first commit. A process crash loses nothing that was committed, and what a crash left half-written counts for
 * nothing.
 *
 * Needs `--allow-read` for the file, and `--allow-write` for the file to commit (for the directory, too, if that has to
 * be created).
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
  readonly #log: LogFile;
  readonly #disk: Disk;
  readonly #clock: LockClock;
  readonly #lockTimeout: number;
  #index: LogIndex | undefined;
  #warned = false;

  /**
   * Makes a store. Nothing is opened yet.
   *
   * @param path The path or `file:` URL of the file.
   * @param options How to go about the file.
   */
  constructor(path: string | URL, options: LogStoreOptions = {}) {
    const { lockTimeout = DEFAULT_LOCK_TIMEOUT, clock = SYSTEM_LOCK_CLOCK, disk = DENO_DISK } =
      options;
    const file = path instanceof URL ? paths.fromFileUrl(path) : path;
    this.#log = new LogFile(file.startsWith("/") ? file : paths.resolve(file), disk);
    this.#disk = disk;
    this.#clock = clock;
    this.#lockTimeout = lockTimeout;
  }

  /** The absolute path of the file. */
  get location(): string {
    return this.#log.path;
  }

  /**
   * How many entries there are.
   *
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  get size(): number {
    return this.#refresh()?.table.count ?? 0;
  }

  /**
   * Looks an entry up. Small values stay in memory for the next time, within a bound for the whole process.
   *
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  get(digest: Digest): StoredValue | undefined {
    const index = this.#refresh();
    if (index === undefined) return undefined;
    const entry = index.table.find(digest);
    return entry < 0 ? undefined : index.table.value(entry) ?? this.#read(index, digest, entry);
  }

  /**
   * Tells whether an undamaged entry is there. The first time, all of it is read to tell.
   *
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  has(digest: Digest): boolean {
    const index = this.#refresh();
    if (index === undefined) return false;
    const entry = index.table.find(digest);
    return entry >= 0 &&
      (index.table.isChecked(entry) || this.#read(index, digest, entry) !== undefined);
  }

  /**
   * Goes through the entries, without their values.
   *
   * @throws {CacheFormatError} If the file is not a cache file.
   * @throws {CacheError} If the file can't be opened or read.
   */
  *entries(): IterableIterator<EntryInfo> {
    const digests = this.#refresh()?.table.digests() ?? [];
    for (const digest of digests) {
      // Whoever iterates may have done anything in between: closed the store, or removed entries.
      const index = this.#refresh();
      const entry = index?.table.find(digest) ?? -1;
      if (index === undefined || entry < 0) continue;
      const info = this.#attempt(() =>
        readInfo(index.file, index.saltChecksum, digest, index.location(entry))
      );
      if (info !== undefined) yield info;
      else this.#dropDamaged(index, digest, entry);
    }
  }

  /**
   * Appends the changes as one batch, under the lock.
   *
   * @throws {CacheFormatError} If the file is not a cache file. It is left as it is.
   * @throws {CacheError} If the file can't be locked or written: the file is then as before.
   */
  commit(changes: readonly StoreChange[]): void {
    if (changes.length === 0) return;
    // Nothing to delete is nothing to do: no file is created for it.
    if (changes.every((change) => change.type === "delete") && !this.#hasAny(changes)) return;
    const file = this.#lock();
    try {
      this.#attempt(() => {
        const index = this.#current(file) ?? this.#begin(file);
        const effective = index.effective(changes);
        if (effective.length > 0) this.#append(file, index, effective);
      });
    } finally {
      file.unlockSync();
    }
  }

  /** Lets go of the file. The next call opens it again. */
  close(): void {
    this.#log.close();
  }

  /** What the file holds by now; `undefined` if there is no file, or its first write was cut off. */
  #refresh(): LogIndex | undefined {
    if (!this.#log.open()) {
      this.#forget();
      return undefined;
    }
    const file = this.#log.file!;
    const index = this.#index;
    // The hot path: nothing was appended, which the length alone tells.
    if (
      index !== undefined && index.file === file && index.tail === "clean" &&
      file.seekSync(0, Deno.SeekMode.End) === index.size
    ) return index;
    return this.#attempt(() => this.#current(file));
  }

  #current(file: DiskFile): LogIndex | undefined {
    const size = file.seekSync(0, Deno.SeekMode.End);
    let index = this.#index;
    if (index === undefined || index.file !== file || size < index.end) {
      const header = new Uint8Array(FILE_HEADER_LENGTH);
      const length = readAt(file, 0, header);
      const salt = parseFileHeader(header.subarray(0, length), this.location);
      if (salt === undefined) {
        this.#forget();
        return undefined;
      }
      index = this.#adopt(file, salt, size);
    }
    index.catchUp(size);
    return index;
  }

  /** The index of before, if the file is still the same, or a new one. */
  #adopt(file: DiskFile, salt: Uint8Array, size: number): LogIndex {
    const index = this.#index;
    if (
      index !== undefined && !this.#log.isReplaced && size >= index.end &&
      index.salt.every((byte, at) => byte === salt[at])
    ) {
      index.file = file;
      return index;
    }
    this.#forget();
    this.#log.isReplaced = false;
    return this.#index = new LogIndex(
      file,
      salt,
      this.location,
      (offset) => this.#warnOnce(`damaged at byte ${offset}`),
    );
  }

  #forget(): void {
    this.#index = undefined;
  }

  #read(index: LogIndex, digest: Digest, entry: number): StoredValue | undefined {
    const value = this.#attempt(() =>
      readValue(index.file, index.saltChecksum, digest, index.location(entry))
    );
    if (value === undefined) {
      this.#dropDamaged(index, digest, entry);
      return undefined;
    }
    index.table.markChecked(entry);
    if (isRetainable(value.parts.length, value.parts[0].byteLength)) {
      retainValue(index.table, entry, value);
    }
    return value;
  }

  #dropDamaged(index: LogIndex, digest: Digest, entry: number): void {
    this.#warnOnce(`damaged record at byte ${index.table.offset(entry)}`);
    index.table.remove(digest, 0);
  }

  #hasAny(changes: readonly StoreChange[]): boolean {
    const index = this.#refresh();
    return index !== undefined && changes.some((change) => index.table.find(change.digest) >= 0);
  }

  /** The file, open for writing and locked, and still what the path leads to. */
  #lock(): DiskFile {
    for (let attempt = 0; attempt < MOST_REOPENINGS; attempt++) {
      this.#log.openForWriting();
      const file = this.#log.file!;
      lockFile(file, this.location, this.#lockTimeout, this.#clock);
      // Whoever was given the lock of a file that has been replaced since would write where nobody reads.
      if (this.#log.isCurrent()) return file;
      file.unlockSync();
      this.#log.close();
    }
    throw new CacheError(`Cannot lock cache: the file is replaced all the time: ${this.location}`, {
      filePath: this.location,
    });
  }

  /** Writes the file header, over the part of one that a crash may have left. */
  #begin(file: DiskFile): LogIndex {
    const header = createFileHeader();
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeFully(file, header);
    return this.#adopt(file, readSalt(header), header.byteLength);
  }

  #append(file: DiskFile, index: LogIndex, changes: readonly StoreChange[]): void {
    if (index.tail !== "clean") repairTail(this.#log, this.#disk, index);
    try {
      const { end, records } = appendBatch(file, index.end, index.saltChecksum, changes);
      index.append(end, records);
    } catch (error) {
      // Readers pass over what was half-written; to cut it is for the next writer's sake. The length is to be looked at
      // again, whether or not that works.
      index.size = -1;
      try {
        file.truncateSync(index.end);
      } catch (truncateError) {
        throw new AggregateError([error, truncateError], String(error));
      }
      throw error;
    }
  }

  #warnOnce(what: string): void {
    if (this.#warned) return;
    this.#warned = true;
    console.warn(`Cannot read all of cache: ${what}, taken as not cached: ${this.location}`);
  }

  #attempt<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw this.#log.wrap("use cache", error);
    }
  }
}
