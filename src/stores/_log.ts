// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { appendBatch } from "./_append.ts";
import type { Disk, DiskFile } from "./disk.ts";
import {
  createFileHeader,
  FILE_HEADER_LENGTH,
  type FileHeader,
  parseFileHeader,
  SALT_LENGTH,
} from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import { lockFile } from "./_file_lock.ts";
import type { LockClock } from "./lock_clock.ts";
import { LogFile } from "./_log_file.ts";
import { LogIndex } from "./_log_index.ts";
import type { StoreChange } from "./store.ts";
import { repairTail } from "./_tail.ts";

/** How often a commit starts over because the file was replaced between opening and locking it. */
const MOST_REOPENINGS = 100;

/** A cache file, and what this process knows of it. */
export class Log {
  readonly #file: LogFile;
  readonly #disk: Disk;
  readonly #clock: LockClock;
  readonly #lockTimeout: number;
  #index: LogIndex | undefined;
  #isDamageKnown = false;
  /** What is to be said on the console: at the end of each call only, since whoever listens may use the cache, too. */
  #notes: string[] = [];

  /**
   * Makes a log. Nothing is opened yet.
   *
   * @param path The absolute path of the file.
   * @param disk The calls that reach the disk.
   * @param clock What a wait for the lock goes by.
   * @param lockTimeout How long to wait for the lock, in milliseconds.
   */
  constructor(path: string, disk: Disk, clock: LockClock, lockTimeout: number) {
    this.#file = new LogFile(path, disk);
    this.#disk = disk;
    this.#clock = clock;
    this.#lockTimeout = lockTimeout;
  }

  /** The absolute path of the file. */
  get path(): string {
    return this.#file.path;
  }

  /** What the file holds by now; `undefined` if there is no file, or its first write was cut off. */
  refresh(): LogIndex | undefined {
    if (!this.#file.open()) {
      this.#index = undefined;
      return undefined;
    }
    const file = this.#file.file!;
    const index = this.#index;
    try {
      // The hot path: nothing was appended, which the length alone tells.
      if (
        index !== undefined && index.file === file && index.tail === "clean" &&
        file.seekSync(0, Deno.SeekMode.End) === index.size
      ) return index;
      return this.#current(file, file.seekSync(0, Deno.SeekMode.End), false);
    } catch (error) {
      throw this.#file.wrap("read cache", error);
    }
  }

  /** Does something that reads the file. */
  read<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw this.#file.wrap("read cache", error);
    }
  }

  /**
   * Appends changes as one batch, under the lock.
   *
   * @param changes The changes.
   */
  commit(changes: readonly StoreChange[]): void {
    const file = this.#lock();
    try {
      const index = this.#current(file, this.#file.size, true) ?? this.#begin(file);
      const effective = index.effective(changes);
      if (effective.length > 0) this.#append(file, index, effective);
    } catch (error) {
      throw this.#file.wrap("write cache", error);
    } finally {
      this.#unlock(file);
    }
  }

  /** Notes damage, which is said once for a file. */
  noteDamage(offset: number): void {
    if (this.#isDamageKnown) return;
    this.#isDamageKnown = true;
    this.#notes.push(`damaged at byte ${offset}, taken as not cached`);
  }

  /** Says on the console what was noted. */
  report(): void {
    if (this.#notes.length === 0) return;
    const text = this.#notes.join("; ");
    this.#notes = [];
    console.warn(`Cannot read all of cache: ${text}: ${this.path}`);
  }

  /** Lets go of the file. The next call opens it again, and believes nothing of it that was checked before. */
  close(): void {
    this.#file.close();
    // An entry that was damaged is no longer in the index: it may have been repaired since.
    if (this.#isDamageKnown) this.#index = undefined;
    this.#index?.table.forgetChecks();
  }

  #current(file: DiskFile, size: number, locked: boolean): LogIndex | undefined {
    let index = this.#index;
    if (index !== undefined && index.file !== file) {
      const header = this.#readHeader(file);
      if (header?.saltChecksum !== index.saltChecksum) index = undefined;
    }
    if (
      index === undefined || size < index.end ||
      // A file of the same length is the same file: it only ever grows.
      ((index.file !== file || index.tail !== "clean" || index.size !== size) &&
        !index.describes(file))
    ) {
      index = this.#index = this.#load(file);
      if (index === undefined) return undefined;
    }
    index.file = file;
    index.catchUp(size, locked);
    return index;
  }

  #readHeader(file: DiskFile): FileHeader | undefined {
    const bytes = new Uint8Array(FILE_HEADER_LENGTH);
    const length = readAt(file, 0, bytes);
    return parseFileHeader(bytes.subarray(0, length), this.path);
  }

  #load(file: DiskFile): LogIndex | undefined {
    const header = this.#readHeader(file);
    return header === undefined
      ? undefined
      : new LogIndex(file, header, this.path, (offset) => this.noteDamage(offset));
  }

  /** The file, open for writing and locked, and still what the path leads to. */
  #lock(): DiskFile {
    for (let attempt = 0; attempt < MOST_REOPENINGS; attempt++) {
      this.#file.openForWriting();
      const file = this.#file.file!;
      try {
        lockFile(file, this.path, this.#lockTimeout, this.#clock);
        // Whoever was given the lock of a file that has been replaced since would write where nobody reads.
        if (this.#file.isCurrent()) return file;
      } catch (error) {
        this.#file.close();
        throw this.#file.wrap("lock cache", error);
      }
      this.#file.close();
    }
    throw new CacheError(`Cannot lock cache: the file is replaced all the time: ${this.path}`, {
      filePath: this.path,
    });
  }

  #unlock(file: DiskFile): void {
    try {
      file.unlockSync();
    } catch {
      // The changes are made, and to close the file gives its lock up as well.
      this.#file.close();
    }
  }

  /** Writes the file header, over the part of one that a crash may have left. */
  #begin(file: DiskFile): LogIndex {
    const header = createFileHeader(crypto.getRandomValues(new Uint8Array(SALT_LENGTH)));
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeFully(file, header);
    return this.#index = this.#load(file)!;
  }

  #append(file: DiskFile, index: LogIndex, changes: readonly StoreChange[]): void {
    if (index.tail !== "clean") this.#notes.push(repairTail(this.#file, this.#disk, index));
    try {
      index.append(appendBatch(file, index, changes));
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
}
