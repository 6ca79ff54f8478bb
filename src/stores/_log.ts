// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { ANCHOR_LENGTH, createAnchor, type Mooring, writeMooring } from "./_anchor.ts";
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
import type { LogStoreOptions } from "./log_store_options.ts";
import { LogFile } from "./_log_file.ts";
import type { LogFollower } from "./_log_follower.ts";
import { type IndexNotes, LogIndex } from "./_log_index.ts";
import { HEADER_CHECKSUM_AT, RECORD_HEADER_LENGTH } from "./_record.ts";
import { DamagedSnapshotError } from "./_snapshot.ts";
import { appendSnapshot } from "./_snapshot_writer.ts";
import type { StoreChange } from "./store.ts";
import { repairTail } from "./_tail.ts";

/** How often a commit starts over because the file was replaced between opening and locking it. */
const MOST_REOPENINGS = 100;

/** How to go about a cache file: the options of a store, complete. */
export type LogSettings = Required<LogStoreOptions>;

/** A cache file, and what this process knows of it. */
export class Log implements IndexNotes {
  readonly #file: LogFile;
  readonly #disk: Disk;
  readonly #clock: LockClock;
  readonly #lockTimeout: number;
  readonly #snapshotInterval: number;
  #index: LogIndex | undefined;
  /** A snapshot is not tried before so many changes, because the last one failed. */
  #snapshotNotBefore = 0;
  #isDamageKnown = false;
  /** What is to be said on the console: at the end of each call only, since whoever listens may use the cache, too. */
  #notes: string[] = [];

  /**
   * Makes a log. Nothing is opened yet.
   *
   * @param path The absolute path of the file.
   * @param settings How to go about it.
   */
  constructor(path: string, settings: LogSettings) {
    this.#file = new LogFile(path, settings.disk);
    this.#disk = settings.disk;
    this.#clock = settings.clock;
    this.#lockTimeout = settings.lockTimeout;
    this.#snapshotInterval = settings.snapshotInterval;
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
        index !== undefined && index.follower.file === file && index.follower.tail === "clean" &&
        file.seekSync(0, Deno.SeekMode.End) === index.follower.size
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
      let index = this.#current(file, this.#file.size, true);
      if (index === undefined || isBegun(index.follower)) index = this.#begin(file);
      const effective = index.effective(changes);
      if (effective.length > 0) this.#append(file, index, effective);
      this.#takeSnapshotIfDue(file, index);
    } catch (error) {
      throw this.#file.wrap("write cache", error);
    } finally {
      this.#unlock(file);
    }
  }

  /** Notes damage, which is said once for a file. */
  onDamage(offset: number): void {
    if (this.#isDamageKnown) return;
    this.#isDamageKnown = true;
    this.#notes.push(`damaged at byte ${offset}, taken as not cached`);
  }

  /** Notes that a snapshot of the index is damaged. */
  onSnapshotDamage(offset: number): void {
    this.#notes.push(`index damaged at byte ${offset}, the whole file is read instead`);
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
    if (index !== undefined && index.follower.file !== file) {
      const header = this.#readHeader(file);
      if (header?.saltChecksum !== index.saltChecksum) index = undefined;
    }
    if (index === undefined || !isSameFile(index.follower, file, size)) {
      index = this.#index = this.#load(file);
      if (index === undefined) return undefined;
    }
    index.follower.file = file;
    index.follower.catchUp(size, locked);
    return index;
  }

  #readHeader(file: DiskFile): FileHeader | undefined {
    const bytes = new Uint8Array(FILE_HEADER_LENGTH);
    const length = readAt(file, 0, bytes);
    return parseFileHeader(bytes.subarray(0, length), this.path);
  }

  #load(file: DiskFile): LogIndex | undefined {
    const header = this.#readHeader(file);
    return header === undefined ? undefined : new LogIndex(file, header, this.path, this);
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
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeFully(file, createFileStart());
    const index = this.#index = this.#load(file)!;
    index.follower.catchUp(file.seekSync(0, Deno.SeekMode.End), true);
    return index;
  }

  #append(file: DiskFile, index: LogIndex, changes: readonly StoreChange[]): void {
    const { follower } = index;
    if (follower.tail !== "clean") this.#notes.push(repairTail(this.#file, this.#disk, follower));
    this.#orCutOff(file, follower, () => index.append(appendBatch(file, index, changes)));
  }

  /** Takes a snapshot of the index, if enough has changed since the last one. */
  #takeSnapshotIfDue(file: DiskFile, index: LogIndex): void {
    if (index.recent < this.#snapshotInterval || index.recent < this.#snapshotNotBefore) return;
    try {
      const moorings = index.adoptNewest();
      if (moorings === undefined || index.recent < this.#snapshotInterval) return;
      this.#takeSnapshot(file, index, moorings);
      this.#snapshotNotBefore = 0;
    } catch (error) {
      // The changes are committed, whatever becomes of the snapshot, which only saves time.
      this.#snapshotNotBefore = index.recent + this.#snapshotInterval;
      if (error instanceof DamagedSnapshotError) index.distrust(error);
      else this.#notes.push(`index not written: ${error}`);
    }
  }

  #takeSnapshot(file: DiskFile, index: LogIndex, moorings: readonly Mooring[]): void {
    const { follower, count, liveBytes } = index;
    const { saltChecksum, replaced, end } = follower;
    this.#orCutOff(file, follower, () => {
      const changed = index.changes();
      const before = index.snapshot;
      const plan = { end, saltChecksum, replaced, count, liveBytes, before, changed };
      const snapshot = appendSnapshot(file, plan);
      follower.appended(snapshot);
      index.adopt(snapshot);
      const offset = snapshot.checksumAt - HEADER_CHECKSUM_AT;
      const generation = (moorings[0]?.generation ?? 0) + 1 >>> 0;
      writeMooring(file, saltChecksum, { offset, checksum: snapshot.checksum, generation });
    });
  }

  #orCutOff(file: DiskFile, follower: LogFollower, write: () => void): void {
    try {
      write();
    } catch (error) {
      // Readers pass over what was half-written; to cut it is for the next writer's sake. The length is to be looked at
      // again, whether or not that works.
      follower.size = -1;
      try {
        file.truncateSync(follower.end);
      } catch (truncateError) {
        throw new AggregateError([error, truncateError], String(error));
      }
      throw error;
    }
  }
}

/** Tells whether what is known of a file still is: it only ever grows, and the last header that is known is in its place. */
function isSameFile(follower: LogFollower, file: DiskFile, size: number): boolean {
  if (size < follower.end) return false;
  const isUnchanged = follower.file === file && follower.tail === "clean" && follower.size === size;
  return isUnchanged || follower.describes(file);
}

/** Tells whether a file is one that was begun, but not as far as to its first commit. */
function isBegun({ file, end, size, saltChecksum }: LogFollower): boolean {
  if (end !== FILE_HEADER_LENGTH || size >= FILE_HEADER_LENGTH + ANCHOR_LENGTH) return false;
  const rest = new Uint8Array(Math.min(size - end, RECORD_HEADER_LENGTH));
  const length = readAt(file, end, rest);
  const anchor = createAnchor(saltChecksum);
  return rest.subarray(0, length).every((byte, at) => byte === anchor[at]);
}

/** What a new file begins with. */
function createFileStart(): Uint8Array {
  const header = createFileHeader(crypto.getRandomValues(new Uint8Array(SALT_LENGTH)));
  const anchor = createAnchor(parseFileHeader(header, "")!.saltChecksum);
  const start = new Uint8Array(header.byteLength + anchor.byteLength);
  start.set(header);
  start.set(anchor, header.byteLength);
  return start;
}
