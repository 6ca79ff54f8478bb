// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { appendBatch, type LogChange, usesChanges, writeOrCutOff } from "./_append.ts";
import { Compactor } from "./_compaction.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH, type FileHeader, parseFileHeader } from "./_file_header.ts";
import { readAt, writeFully } from "./_file_io.ts";
import { parentOf } from "./_directory.ts";
import { createFileStart, isBegun } from "./_file_start.ts";
import { lockFile } from "./_file_lock.ts";
import type { LockClock } from "./lock_clock.ts";
import type { LogStoreOptions } from "./log_store_options.ts";
import { LogCounts } from "./_tally.ts";
import { LogFile } from "./_log_file.ts";
import type { LogFollower } from "./_log_follower.ts";
import { LogIndex } from "./_log_index.ts";
import { LogNotes } from "./_log_notes.ts";
import { LogUses } from "./_log_uses.ts";
import { SnapshotKeeper } from "./_snapshot_writer.ts";
import { tooLargeMessage } from "./_eviction.ts";
import type { CommitOptions, Compaction, Digest, StoreChange, Sync } from "./store.ts";
import { repairTail } from "./_tail.ts";
import { syncDirectory } from "./_temporary_file.ts";

/** A file up to this length, in bytes, is compacted where nothing else is to be done: that takes no time that anybody sees. */
const LONGEST_TIDIED = 4 * 1024 * 1024;

const NOTHING: readonly Digest[] = [];

/** How often a commit starts over because the file was replaced between opening and locking it. */
const MOST_REOPENINGS = 100;

/** How to go about a cache file: the options of a store, complete. */
export type LogSettings = Required<LogStoreOptions>;

/** A cache file, and what this process knows of it. */
export class Log {
  readonly #file: LogFile;
  readonly #disk: Disk;
  readonly #clock: LockClock;
  readonly #lockTimeout: number;
  readonly #sync: Sync;
  readonly #snapshots: SnapshotKeeper;
  readonly #compactor: Compactor;
  #index: LogIndex | undefined;
  /** Who used what, once limits have asked for it. */
  #uses: { readonly of: LogIndex; readonly uses: LogUses } | undefined;
  /** What was used since that was written last, in that order. */
  readonly #touched = new Set<Digest>();
  #isNameSynced = false;
  /** How many entries limits have removed through this log. */
  evictions = 0;
  /** What was counted since that was written last. */
  readonly counts = new LogCounts();
  /** What is to be said on the console once a call is done. */
  readonly notes: LogNotes;

  /**
   * Makes a log. Nothing is opened yet.
   *
   * @param path The absolute path of the file.
   * @param settings How to go about it.
   */
  constructor(path: string, settings: LogSettings) {
    this.#file = new LogFile(path, settings.disk);
    this.notes = new LogNotes(path, settings.warn);
    this.#disk = settings.disk;
    this.#clock = settings.clock;
    this.#lockTimeout = settings.lockTimeout;
    this.#sync = settings.sync;
    this.#snapshots = new SnapshotKeeper(settings.snapshotInterval);
    this.#compactor = new Compactor({
      file: this.#file,
      disk: this.#disk,
      settings,
      lock: () => this.#lock(),
      unlock: (file) => this.#unlock(file),
      indexed: (file) => this.#indexed(file),
      damagedAt: () => this.notes.damagedAt,
      useOrder: (index) => index.hasUses ? [...this.#usesOf(index).order()] : undefined,
      goOnWith: ({ file, info }) => {
        this.#file.replaceHandle(file, info);
        this.#index = undefined;
        this.#uses = undefined;
        this.#unlock(file);
      },
    });
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
    let file = this.#file.file!;
    const index = this.#index;
    try {
      // The hot path: nothing was appended, which the length alone tells.
      if (
        index !== undefined && index.follower.file === file && index.follower.tail === "clean" &&
        file.seekSync(0, Deno.SeekMode.End) === index.follower.size
      ) return index;
      // Something was appended; perhaps that the file was compacted, and the path leads to another one now.
      if (!this.#file.open(true)) return this.#index = undefined;
      file = this.#file.file!;
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

  /** Whether something was used that is not written yet. */
  get hasTouched(): boolean {
    return this.#touched.size > 0;
  }

  /** Notes that an entry is used. */
  touch(digest: Digest): void {
    this.#touched.delete(digest);
    this.#touched.add(digest);
  }

  /**
   * Writes what was counted, if there is a file, nobody else is at it, and nothing is to be repaired first. Nobody waits for this, and
   * nothing is lost that anybody counts on: so whatever is in the way, nothing is said, and the counts are dropped.
   *
   * @returns Whether nothing is left to be written.
   */
  saveCounts(): boolean {
    if (this.counts.isEmpty) return true;
    const end = this.#appendCounts();
    if (end === undefined) return false;
    // Whoever only ever finds what is there would otherwise make the file longer at each end of a process, and nobody would make it
    // short again. What takes long is left to those who commit.
    if (end <= LONGEST_TIDIED && this.#isWorthTidying()) this.#compactor.tryToCompact(end);
    return true;
  }

  #isWorthTidying(): boolean {
    try {
      return this.notes.damagedAt === undefined && this.#compactor.isWorthIt(this.#index!);
    } catch {
      // As with the counts themselves: nobody waits for it, and the next commit says what is wrong.
      return false;
    }
  }

  /** Appends what was counted; tells how long the file is then, `undefined` if that was not possible. */
  #appendCounts(): number | undefined {
    let locked: DiskFile | undefined;
    try {
      const file = this.#lockAtOnce();
      if (file === undefined) return undefined;
      locked = file;
      const index = this.#file.isCurrent() ? this.#current(file, this.#file.size, true) : undefined;
      if (index === undefined || index.follower.tail !== "clean" || isBegun(index.follower)) {
        return undefined;
      }
      this.#append(file, index, this.counts.changes(index));
      return index.end;
    } catch {
      return undefined;
    } finally {
      this.counts.clear();
      if (locked !== undefined) this.#unlock(locked);
    }
  }

  /**
   * Appends changes as one batch, under the lock. Then the file is compacted, if that is worth it.
   *
   * @param changes The changes.
   * @param options How to commit them.
   */
  commit(changes: readonly StoreChange[], options: CommitOptions): void {
    const file = this.#lock();
    let worthCompacting: number | undefined;
    try {
      this.#compactor.cleanUp();
      const index = this.#indexed(file) ?? this.#begin(file);
      this.#commitTo(file, index, changes, options);
      if (this.#isWorthCompacting(file, index)) worthCompacting = index.end;
    } catch (error) {
      throw this.#file.wrap("write cache", error);
    } finally {
      this.#unlock(file);
    }
    if (worthCompacting === undefined) return;
    const message = this.#compactor.tryToCompact(worthCompacting);
    if (message !== undefined) this.notes.say(message);
  }

  /**
   * Writes the file anew, without what is dead in it.
   *
   * @returns How long the file was and is.
   */
  compact(): Compaction {
    // What is damaged may have been repaired since.
    this.close();
    return this.refresh() === undefined
      ? { bytesBefore: 0, bytesAfter: 0 }
      : this.#compactor.compact();
  }

  /** Lets go of the file. The next call opens it again, and believes nothing of it that was checked before. */
  close(): void {
    this.#file.close();
    this.#compactor.forgetCleaning();
    // An entry that was damaged is no longer in the index: it may have been repaired since.
    if (this.notes.damagedAt !== undefined) this.#index = undefined;
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
    index.catchUp(size, locked);
    return index;
  }

  #readHeader(file: DiskFile): FileHeader | undefined {
    const bytes = new Uint8Array(FILE_HEADER_LENGTH);
    const length = readAt(file, 0, bytes);
    return parseFileHeader(bytes.subarray(0, length), this.path);
  }

  #load(file: DiskFile): LogIndex | undefined {
    this.notes.damagedAt = undefined;
    this.#isNameSynced = false;
    const header = this.#readHeader(file);
    return header === undefined ? undefined : new LogIndex(file, header, this.path, this.notes);
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

  /** The file, open for writing and locked, if it is there, may be written, and nobody holds its lock. */
  #lockAtOnce(): DiskFile | undefined {
    if (!this.#file.open(true) || !this.#file.isGranted("write")) return undefined;
    if (!this.#file.openForWriting(false)) return undefined;
    const file = this.#file.file!;
    return file.tryLockSync(true) ? file : undefined;
  }

  #unlock(file: DiskFile): void {
    try {
      file.unlockSync();
    } catch {
      // The changes are made, and to close the file gives its lock up as well.
      this.#file.close();
    }
  }

  /** What the file holds by now, with a clean end; `undefined` if it was not begun. The lock is held. */
  #indexed(file: DiskFile): LogIndex | undefined {
    const index = this.#current(file, this.#file.size, true);
    if (index === undefined || isBegun(index.follower)) return undefined;
    this.#cleanTail(index);
    return index;
  }

  /** Writes what a file begins with, over the part of it that a crash may have left. */
  #begin(file: DiskFile): LogIndex {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    writeFully(file, createFileStart().bytes);
    const index = this.#index = this.#load(file)!;
    index.catchUp(file.seekSync(0, Deno.SeekMode.End), true);
    return index;
  }

  #commitTo(
    file: DiskFile,
    index: LogIndex,
    changes: readonly StoreChange[],
    { limits, sync = this.#sync }: CommitOptions,
  ): void {
    const touched = this.#touched.size === 0
      ? NOTHING
      : [...this.#touched].filter((digest) => index.has(digest));
    let limited: readonly StoreChange[] = changes;
    let evictions = 0;
    if (limits !== undefined) {
      const { changes, tooLarge, evicted } = this.#usesOf(index).limit(touched, limited, limits);
      limited = changes;
      evictions = evicted;
      if (tooLarge !== undefined) {
        this.notes.say(tooLargeMessage(tooLarge, limits, this.path), "too large");
      }
    }
    let batch: readonly LogChange[] = index.effective(limited);
    // Even if there is none: from then on, the file is known to be one where it counts who was used.
    const tellsUses = touched.length > 0 ||
      (limits !== undefined && batch.length > 0 && !index.hasUses);
    if (tellsUses) batch = [...usesChanges(touched), ...batch];
    if (batch.length > 0) {
      if (!this.counts.isEmpty) batch = [...this.counts.changes(index), ...batch];
      // What had to be read anew on the way may have ended with what stays there.
      this.#cleanTail(index);
      if (sync === "commit") this.#syncName();
      try {
        this.#append(file, index, batch, sync);
      } catch (error) {
        // What limits go by counts the changes as made.
        this.#uses = undefined;
        throw error;
      }
      this.counts.clear();
    }
    this.evictions += evictions;
    this.#touched.clear();
  }

  #append(file: DiskFile, index: LogIndex, batch: readonly LogChange[], sync: Sync = "none"): void {
    writeOrCutOff(file, index.follower, () => {
      const appended = appendBatch(file, index, batch);
      if (sync === "commit") file.syncDataSync();
      index.append(appended);
    });
  }

  #cleanTail({ follower }: LogIndex): void {
    if (follower.tail === "clean") return;
    this.notes.onTail(repairTail(this.#file, this.#disk, follower));
  }

  /** Has the file's name on the medium: whoever has made the file may not have waited for it. */
  #syncName(): void {
    if (this.#isNameSynced) return;
    this.#isNameSynced = true;
    syncDirectory(this.#disk, parentOf(this.#disk.realPathSync(this.path)));
  }

  #usesOf(index: LogIndex): LogUses {
    if (this.#uses?.of !== index) this.#uses = { of: index, uses: new LogUses(index) };
    return this.#uses.uses;
  }

  /**
   * Does what there is to do after a commit, but for a compaction. It is made: nothing of this is an error of it.
   *
   * @returns Whether the file is worth compacting.
   */
  #isWorthCompacting(file: DiskFile, index: LogIndex): boolean {
    try {
      const { totals, snapshot } = index;
      const failure = this.#snapshots.takeIfDue(file, index);
      if (failure !== undefined) this.notes.onFailure("write index", failure);
      // Who opens the file begins at the snapshot, and has to find the totals behind it.
      const isNew = index.snapshot !== snapshot && index.snapshot?.end === index.end;
      if (totals !== undefined && isNew) this.#append(file, index, [{ type: "tally", totals }]);
      return this.notes.damagedAt === undefined && this.#compactor.isWorthIt(index);
    } catch (error) {
      this.notes.onFailure("read index", error);
      return false;
    }
  }
}

/** Tells whether what is known of a file still is: it only ever grows, and the last header that is known is in its place. */
function isSameFile(follower: LogFollower, file: DiskFile, size: number): boolean {
  if (size < follower.end) return false;
  const isUnchanged = follower.file === file && follower.tail === "clean" && follower.size === size;
  return isUnchanged || follower.describes(file);
}
