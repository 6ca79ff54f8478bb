// Copyright 2026 the pecapiku authors. MIT license.

import { type Mooring, readAnchor } from "./_anchor.ts";
import type { AppendedBatch, AppendPlace } from "./_append.ts";
import { DIGEST_LENGTH, DigestTable, NOT_FOUND } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import type { FileHeader } from "./_file_header.ts";
import { EntryTally } from "./_entry_tally.ts";
import type { IndexNotes, IndexObserver } from "./_index_observer.ts";
import { IndexSnapshots, outOfDate } from "./_index_snapshots.ts";
import { type FollowerSink, LogFollower } from "./_log_follower.ts";
import { FLAG, KIND, RECORD_HEADER_LENGTH, type RecordFields } from "./_record.ts";
import type { RecordLocation } from "./_record_reader.ts";
import { EntryList } from "./_segment_builder.ts";
import { DamagedSnapshotError, type Snapshot } from "./_snapshot.ts";
import type { Digest, StoreChange } from "./store.ts";
import type { StoreTotals } from "./store_stats.ts";
import { TallyPlaces } from "./_tally.ts";

/** How many records behind the newest snapshot that is known are many. */
const MANY_RECENT = 16 * 1024;

/**
 * What a process knows of the entries in one file: of those up to the newest snapshot in the file what it has looked up,
 * and all of those behind it; or all there are, once that is asked for.
 */
export class LogIndex implements AppendPlace, FollowerSink {
  readonly #notes: IndexNotes;
  /** What reads the file. */
  readonly follower: LogFollower;
  /** Where the newest record of each digest is, as far as it is known. */
  readonly table = new DigestTable();
  readonly #snapshots = new IndexSnapshots();
  readonly #tally = new EntryTally();
  /** Whether the table knows of every entry, and the snapshot need not be asked. */
  #isComplete = true;
  /** Whether somebody has asked for a table that does. */
  #needsAll = false;
  /** While a table is made complete: what tells which entries before a gap count. */
  #arbiter: Snapshot | undefined;
  /** Where the last such gap ends; `0` if there is none that was not arbitrated. */
  #gapEnd = 0;
  /** How many records put or delete entries behind the snapshot. */
  #recent = 0;
  /** From how many such records on it is worth looking for a newer snapshot. */
  #mostRecent = MANY_RECENT;
  /** Whether the file tells who was used. */
  hasUses = false;
  readonly #tallies = new TallyPlaces();
  #isDamaged = false;
  #observer: IndexObserver | undefined;

  /**
   * Makes an index, from the newest snapshot in the file if there is one.
   *
   * @param file The handle to read the file through.
   * @param header What the file header says.
   * @param filePath The path of the file, for messages.
   * @param notes What is to be said on the console.
   */
  constructor(file: DiskFile, header: FileHeader, filePath: string, notes: IndexNotes) {
    this.#notes = notes;
    this.follower = new LogFollower(file, header, filePath, this);
    this.onRestart();
  }

  /** Where the last complete batch ends, and the next one belongs. */
  get end(): number {
    return this.follower.end;
  }

  /** The CRC-32 of the file's salt. */
  get saltChecksum(): number {
    return this.follower.saltChecksum;
  }

  /** How many records of the file took the place of an entry or deleted one, modulo 2^32. */
  get replaced(): number {
    return this.follower.replaced;
  }

  /** How many entries there are. */
  get count(): number {
    this.#settle();
    return this.#tally.count;
  }

  /** How many records put or delete entries behind the newest snapshot that is known. */
  get recent(): number {
    return this.#recent;
  }

  /** How many bytes the records of all entries take. */
  get liveBytes(): number {
    this.#settle();
    return this.#tally.bytes;
  }

  /** What the file says was counted in all; `undefined` if it says nothing that can be read. */
  get totals(): StoreTotals | undefined {
    return this.#tallies.read(this.follower.file, this.saltChecksum);
  }

  /** The newest snapshot that is known. */
  get snapshot(): Snapshot | undefined {
    return this.#snapshots.current;
  }

  /**
   * Looks for an entry.
   *
   * @param digest Its digest.
   * @returns Its number in the table; negative if there is none.
   */
  find(digest: Digest): number {
    const entry = this.table.find(digest);
    return entry !== NOT_FOUND.unknown || this.#isComplete ? entry : this.#findOlder(digest);
  }

  /** Tells whether there is an entry of a digest. */
  has(digest: Digest): boolean {
    return this.find(digest) >= 0;
  }

  /** Tells whether there is an entry of a digest, as far as anybody can tell: another process may have seen more of it. */
  mayHave(digest: Digest): boolean {
    return this.#isDamaged || this.has(digest);
  }

  /** Where the newest record of an entry is. */
  location(entry: number): RecordLocation {
    return { offset: this.table.offset(entry), length: this.table.length(entry) };
  }

  /** The digests of all entries as of now, in the order in which they were first put. */
  digests(): IterableIterator<Digest> {
    this.complete();
    return this.table.digests();
  }

  /** Reads what the snapshot stands for, so that the table knows every entry, in order. It goes through all of the file. */
  complete(): void {
    this.#needsAll = true;
    if (this.#isComplete) return;
    this.#restart();
  }

  /** Has somebody told of all records, the ones that are in the file already as well. */
  observe(observer: IndexObserver): void {
    this.#observer = observer;
    this.#needsAll = true;
    this.#restart();
  }

  /** Takes in what this process has appended itself. */
  append(batch: AppendedBatch): void {
    for (const { change, offset, length } of batch.records) {
      this.#observer?.onAppended(change, length);
      if (change.type === "uses") {
        this.hasUses = true;
        continue;
      }
      if (change.type === "tally") {
        this.#tallies.add(offset);
        continue;
      }
      // It was looked for when the batch was written, so the table knows.
      const entry = this.table.find(change.digest);
      if (entry >= 0) this.#tally.subtract(this.table.length(entry));
      if (change.type === "delete") this.table.remove(change.digest, 0, offset);
      else {
        this.table.put(change.digest, 0, offset, length);
        this.#tally.add(length);
      }
      this.#recent++;
    }
    this.follower.appended(batch);
  }

  /** Takes out an entry that turned out to be damaged. The file still has its record. */
  drop(digest: Digest): void {
    const entry = this.table.find(digest);
    if (entry < 0) return;
    this.#tally.subtract(this.table.length(entry));
    this.#isDamaged = true;
    // As if its record had deleted it: otherwise the next snapshot would go by an older one.
    this.table.remove(digest, 0, this.table.offset(entry));
    this.#observer?.onDropped(digest);
  }

  /**
   * Goes by a snapshot that is newer than the one before: of this process, or of another one.
   *
   * @param snapshot The snapshot.
   */
  adopt(snapshot: Snapshot): void {
    this.#settle();
    this.#snapshots.current = snapshot;
    this.table.keepsRemovedFrom = snapshot.end;
    this.#recent = 0;
    this.table.forEachSince(snapshot.end, () => this.#recent++);
  }

  /**
   * Forgets what the snapshot knows as well, if that is more than a number of entries.
   *
   * @param most The number.
   */
  trim(most: number): void {
    // What is behind the snapshot nobody else knows.
    if (this.#needsAll || this.table.numbers <= most || this.#recent > 0) return;
    if (this.#snapshots.end !== this.end) return;
    this.table.clear();
    this.#isComplete = false;
  }

  /**
   * Goes by the newest snapshot of the file, if another process has made one since.
   *
   * @returns What the anchor says; `undefined` if the file has none, so that there can be no snapshot.
   */
  adoptNewest(): Mooring[] | undefined {
    const { file, saltChecksum } = this.follower;
    const moorings = readAnchor(file, saltChecksum);
    const newest = this.#snapshots.findNewest(file, saltChecksum, moorings);
    // Not one that was made just now, of more than is known here.
    if (newest !== undefined && newest.end <= this.end && newest.end > this.#snapshots.end) {
      this.adopt(newest);
    }
    return moorings;
  }

  /** What has changed since the newest snapshot, for the next one. */
  changes(): EntryList {
    const list = new EntryList(this.#recent + 1);
    const { current, end } = this.#snapshots;
    this.table.forEachSince(end, (words, at, offset, length) => {
      if (length > 0 || current !== undefined) list.add(words, at, offset, length);
    });
    return list;
  }

  /** The changes of a batch without the deletions that have nothing to delete. */
  effective(changes: readonly StoreChange[]): readonly StoreChange[] {
    if (changes.every((change) => change.type === "put")) return changes;
    const put = new Set<Digest>();
    return changes.filter((change) => {
      if (change.type === "put") put.add(change.digest);
      return change.type === "put" || put.has(change.digest) || this.mayHave(change.digest);
    });
  }

  onRecord(
    fields: RecordFields,
    offset: number,
    bytes: Uint8Array,
    digestAt: number,
    metaAt: number,
    lost: boolean,
  ): void {
    if (this.#gapEnd > 0 && offset >= this.#arbiter!.end) this.#arbitrate();
    this.#observer?.onRecord(fields, offset, bytes, digestAt, metaAt, lost);
    if (fields.kind === KIND.uses) {
      this.hasUses = true;
      return;
    }
    if (fields.kind === KIND.tally) {
      if (!lost) this.#tallies.add(offset);
      return;
    }
    if (offset >= this.#snapshots.end) this.#recent++;
    const entry = this.table.findBytes(bytes, digestAt);
    if (entry >= 0) {
      this.#tally.subtract(this.table.length(entry));
    } else if (
      entry === NOT_FOUND.unknown && !this.#isComplete && (fields.flags & FLAG.replaces) !== 0
    ) {
      this.#tally.subtractIfThere(bytes.subarray(digestAt, digestAt + DIGEST_LENGTH).toHex());
    }
    if (lost || fields.kind === KIND.delete) {
      this.table.remove(bytes, digestAt, offset);
    } else {
      const length = RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
      this.table.put(bytes, digestAt, offset, length);
      this.#tally.add(length);
    }
  }

  onLostReplacement(offset: number): void {
    if (this.#arbiter !== undefined && offset <= this.#arbiter.end) {
      this.#gapEnd = offset;
      return;
    }
    // What the snapshot knows of is older than the gap, too.
    this.#snapshots.distrust();
    this.#forget();
  }

  onRestart(): void {
    const { file, saltChecksum } = this.follower;
    const snapshot = this.#snapshots.findNewest(file, saltChecksum);
    this.#forget();
    this.#tallies.clear();
    this.#recent = 0;
    if (snapshot === undefined) return this.follower.startAt();
    this.#snapshots.current = snapshot;
    this.table.keepsRemovedFrom = snapshot.end;
    if (this.#needsAll) {
      this.#arbiter = snapshot;
      return this.follower.startAt();
    }
    this.#isComplete = false;
    this.#tally.reset(snapshot.count, snapshot.liveBytes);
    this.follower.startAt(snapshot);
  }

  onDamage(offset: number): void {
    this.#isDamaged = true;
    this.#notes.onDamage(offset);
  }

  /** To look for what was replaced takes time, and is for those only who want to know how much there is. */
  #settle(): void {
    this.#tally.settle((digest) =>
      this.#ask((snapshot, file) => snapshot.find(file, digest) ? snapshot.foundLength : 0)
    );
  }

  /** Knows of no entry, and that there is none but those that are read from here on. */
  #forget(): void {
    this.table.clear();
    // Another writer may take a snapshot that a removal comes behind.
    this.table.keepsRemovedFrom = 0;
    this.#isComplete = true;
    this.#snapshots.current = undefined;
    this.#arbiter = undefined;
    this.#gapEnd = 0;
    this.#observer?.onRestart();
    this.#tally.reset();
  }

  #restart(): void {
    this.onRestart();
    this.catchUp(this.follower.file.seekSync(0, Deno.SeekMode.End), false);
  }

  /**
   * Takes in what has been appended to the file since the last look.
   *
   * @param size The length of the file, not less than `end`.
   * @param locked Whether nobody else can be writing.
   */
  catchUp(size: number, locked: boolean): void {
    this.follower.catchUp(size, locked);
    if (this.#gapEnd > 0) this.#arbitrate();
    this.#arbiter = undefined;
    // Who never writes takes no snapshot, and need not remember all that was removed either.
    if (this.#recent > this.#mostRecent) {
      this.adoptNewest();
      this.#mostRecent = 2 * this.#recent + MANY_RECENT;
    }
  }

  #findOlder(digest: Digest): number {
    const found = this.#ask((snapshot, file) => snapshot.find(file, digest) ? snapshot : undefined);
    // Where the snapshot was damaged, the table has everything by now.
    if (found === undefined) return this.#isComplete ? this.table.find(digest) : NOT_FOUND.unknown;
    return this.table.put(digest, 0, found.foundOffset, found.foundLength);
  }

  /** Asks the snapshot; if it is damaged, reads the whole file instead, and gives nothing. */
  #ask<T>(question: (snapshot: Snapshot, file: DiskFile) => T): T | undefined {
    const snapshot = this.#snapshots.current;
    if (snapshot === undefined) return undefined;
    try {
      return question(snapshot, this.follower.file);
    } catch (error) {
      if (!(error instanceof DamagedSnapshotError)) throw error;
      this.distrust(error);
      return undefined;
    }
  }

  /** Goes by the records instead of a snapshot that is damaged. */
  distrust(error: DamagedSnapshotError): void {
    this.#notes.onSnapshotDamage(error.offset);
    this.#snapshots.distrust();
    this.#restart();
  }

  /** Keeps of what was read before the last gap what the snapshot, which was made without the gap, has as well. */
  #arbitrate(): void {
    const before = this.#gapEnd;
    this.#gapEnd = 0;
    for (const digest of outOfDate(this.table, this.#arbiter!, this.follower.file, before)) {
      this.drop(digest);
    }
  }
}
