// Copyright 2026 the pecapiku authors. MIT license.

import { ANCHOR_LENGTH, moor } from "./_anchor.ts";
import { appendBatch } from "./_append.ts";
import { DIGEST_LENGTH, DigestTable } from "./_digest_table.ts";
import { CacheError } from "../errors/cache_error.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { writeFully } from "./_file_io.ts";
import { createFileStart, readSalt } from "./_file_start.ts";
import type { LogStoreOptions } from "./log_store_options.ts";
import type { LogFile } from "./_log_file.ts";
import type { LogIndex } from "./_log_index.ts";
import { orderOfWriting } from "./_log_uses.ts";
import { readUses } from "./_record_reader.ts";
import { HEADER_CHECKSUM_AT, KIND, RECORD_HEADER_LENGTH } from "./_record.ts";
import { RecordCopier } from "./_record_copier.ts";
import { type RecordSink, scanRecords } from "./_scan.ts";
import { EntryList } from "./_segment_builder.ts";
import { appendSnapshot } from "./_snapshot_writer.ts";
import type { Compaction, Digest } from "./store.ts";
import { BusyError, removeTemporary, tellReaders, TemporaryFile } from "./_temporary_file.ts";

/** What a compaction needs of the log that it is of. */
export interface CompactionHost {
  /** The file. */
  readonly file: LogFile;
  /** The disk. */
  readonly disk: Disk;
  /** How to go about the file. */
  readonly settings: Pick<Required<LogStoreOptions>, "snapshotInterval" | "compactFrom">;
  /** Waits for the lock of the file. Returns the handle, another one if the file was replaced. */
  lock(): DiskFile;
  /** Gives the lock up. */
  unlock(file: DiskFile): void;
  /** What the file holds by now, with a clean end; `undefined` if it was not begun. The lock is held. */
  indexed(file: DiskFile): LogIndex | undefined;
  /** The order in which entries were used, if that counts. */
  useOrder(index: LogIndex): readonly Digest[] | undefined;
  /** Where the file is damaged, as far as that is known. */
  damagedAt(): number | undefined;
  /** Goes on with the new file, which is locked, in the place of the old one. */
  goOnWith(temporary: TemporaryFile): void;
}

/** How often a compaction is begun anew because others have replaced the file meanwhile. */
const MOST_TRIES = 100;

/** How long a file without entries is. */
export const START_LENGTH = FILE_HEADER_LENGTH + ANCHOR_LENGTH;

/** How many bytes of a file are neither an entry's newest record nor of the newest snapshot. */
export function deadBytes(index: LogIndex): number {
  const live = START_LENGTH + index.liveBytes + (index.snapshot?.byteLength ?? 0);
  return Math.max(0, index.end - live);
}

/** Compacts a file: when it is worth it, and when somebody asks for it. */
export class Compactor {
  readonly #host: CompactionHost;
  /** From which length of the file on a compaction is worth a try. */
  #from: number;
  #isCleaned = false;
  #isRefusalSaid = false;

  /** Makes a compactor of a log. */
  constructor(host: CompactionHost) {
    this.#host = host;
    this.#from = host.settings.compactFrom;
  }

  /** Removes what a process that was stopped has left of a compaction, once. The lock is held. */
  cleanUp(): void {
    if (this.#isCleaned) return;
    this.#isCleaned = true;
    try {
      removeTemporary(this.#host.file, this.#host.disk);
    } catch {
      // To commit there is no need of it. A compaction will say what is wrong.
    }
  }

  /** Looks once more for what is left. */
  forgetCleaning(): void {
    this.#isCleaned = false;
  }

  /** Tells whether over half of a file is dead, and it is long enough for that to matter. */
  isWorthIt(index: LogIndex): boolean {
    return index.end >= this.#from && 2 * deadBytes(index) > index.end;
  }

  /**
   * Compacts the file, if that can be done.
   *
   * @param length How long it is.
   * @returns What to say of it, if there is something new to be said.
   */
  tryToCompact(length: number): string | undefined {
    const { file, settings } = this.#host;
    try {
      compactLog(this.#host);
      this.#from = settings.compactFrom;
    } catch (error) {
      // Not again at each commit.
      this.#from = 2 * length;
      if (error instanceof BusyError || this.#isRefusalSaid) return undefined;
      this.#isRefusalSaid = true;
      return file.wrap("compact cache", error).message;
    }
    return undefined;
  }

  /**
   * Compacts the file.
   *
   * @returns How long it was and is.
   * @throws {CacheError} If that can't be done.
   */
  compact(): Compaction {
    const { file } = this.#host;
    try {
      for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
        const compaction = compactLog(this.#host);
        if (compaction !== undefined) return compaction;
      }
    } catch (error) {
      throw file.wrap("compact cache", error);
    }
    throw new CacheError(`Cannot compact cache: the file is replaced all the time: ${file.path}`, {
      filePath: file.path,
    });
  }
}

/**
 * Writes a file anew without what is dead in it. Others read it, and append to it, nearly all the time: the lock is held only to
 * begin, and at the end, to copy what was appended meanwhile and to put the new file in the place of the old one.
 *
 * @param host The log.
 * @returns How long the file was and is; `undefined` if another process put another file in its place meanwhile.
 * @throws {CacheError} If the file is damaged, or can't be written anew. It is then as before.
 */
function compactLog(host: CompactionHost): Compaction | undefined {
  let file = host.lock();
  let temporary: TemporaryFile;
  let index: LogIndex | undefined;
  try {
    index = host.indexed(file);
    if (index === undefined) return { bytesBefore: 0, bytesAfter: 0 };
    temporary = new TemporaryFile("compact", host.file, host.disk);
  } finally {
    host.unlock(file);
  }
  let isLocked = false;
  try {
    // It is closed when it can't be unlocked.
    if (host.file.file !== file) return undefined;
    const compaction = new LogCompaction(host, index, temporary.file);
    compaction.copyEntries();
    const before = file;
    file = host.lock();
    isLocked = true;
    if (file !== before || host.indexed(file) !== index) return undefined;
    compaction.copyNewer();
    const bytesAfter = compaction.finish();
    const bytesBefore = index.end;
    temporary.replace();
    tellReaders(file, index);
    host.unlock(file);
    isLocked = false;
    host.goOnWith(temporary);
    return { bytesBefore, bytesAfter };
  } finally {
    try {
      temporary.abandon();
    } finally {
      if (isLocked) host.unlock(file);
    }
  }
}

class LogCompaction {
  readonly #host: CompactionHost;
  readonly #index: LogIndex;
  readonly #source: DiskFile;
  readonly #target: DiskFile;
  readonly #copier: RecordCopier;
  /** Where in the new file the entries are. */
  readonly #copied = new DigestTable();
  #liveBytes = 0;
  /** Up to where the old file is copied. */
  #end = 0;
  #replaced = 0;

  constructor(host: CompactionHost, index: LogIndex, target: DiskFile) {
    this.#host = host;
    this.#index = index;
    this.#source = index.follower.file;
    this.#target = target;
    const { bytes, saltChecksum } = createFileStart(readSalt(this.#source));
    writeFully(target, bytes);
    this.#copier = new RecordCopier(this.#source, index.saltChecksum, target, saltChecksum, {
      end: FILE_HEADER_LENGTH + ANCHOR_LENGTH,
      replaced: 0,
      checksumAt: FILE_HEADER_LENGTH + HEADER_CHECKSUM_AT,
      checksum: 0,
    });
  }

  /** Copies all entries, in the order in which they were first put. */
  copyEntries(): void {
    const index = this.#index;
    index.complete();
    this.#end = index.end;
    this.#replaced = index.replaced;
    const offsets: number[] = [];
    index.table.forEach((words, at, offset, length) => {
      offsets.push(offset);
      const start = this.#copier.copyWords(words, at, offset, length, false);
      if (start < 0) this.#refuse(offset);
      this.#copied.put(words, at, start, length);
      this.#liveBytes += length;
    });
    const order = this.#host.useOrder(index) ??
      orderOfWriting(offsets, () => [...index.digests()]);
    if (order.length > 0) this.#copier.writeUses(order);
    const damagedAt = this.#host.damagedAt();
    if (damagedAt !== undefined) this.#refuse(damagedAt);
    // Now, while others may go on: what is left for the end is little.
    this.#copier.flush();
    this.#target.syncSync();
  }

  /** Does what others have done to the old file since. */
  copyNewer(): void {
    const index = this.#index;
    const { saltChecksum } = index;
    const place = { filePath: this.#host.file.path, saltChecksum, replaced: this.#replaced };
    const sink: RecordSink = {
      onRecord: (fields, offset, bytes, digestAt, _metaAt, lost) => {
        const length = RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
        if (lost) return this.#refuse(offset);
        // All of them are in the totals of the index, which are written at the end.
        if (fields.kind === KIND.tally) return;
        if (fields.kind === KIND.uses) {
          return this.#copier.writeUses(readUses(this.#source, fields, offset));
        }
        if (fields.kind === KIND.put) this.#copy(bytes, digestAt, offset, length);
        else this.#delete(bytes, digestAt, offset);
      },
      onDamage: (offset) => this.#refuse(offset),
      onLostReplacement: (offset) => this.#refuse(offset),
    };
    const { end } = scanRecords(this.#source, this.#end, index.end, place, sink);
    if (end !== index.end) this.#refuse(end);
  }

  /** Writes the index and the totals, and has all of the file on the medium. Returns the length of the file. */
  finish(): number {
    const copier = this.#copier;
    copier.flush();
    const { replaced, saltChecksum } = copier;
    let { end } = copier;
    if (this.#copied.count >= this.#host.settings.snapshotInterval) {
      const changed = new EntryList(this.#copied.count);
      this.#copied.forEachSince(1, (words, at, offset, length) => {
        if (length > 0) changed.add(words, at, offset, length);
      });
      const { count } = changed;
      const liveBytes = this.#liveBytes;
      const plan = { end, saltChecksum, replaced, count, liveBytes, before: undefined, changed };
      const snapshot = appendSnapshot(this.#target, plan);
      end = snapshot.end;
      moor(this.#target, saltChecksum, snapshot);
    }
    const { totals } = this.#index;
    if (totals !== undefined) {
      const place = { end, replaced, saltChecksum, has: () => false };
      end = appendBatch(this.#target, place, [{ type: "tally", totals }]).end;
    }
    this.#target.syncSync();
    return end;
  }

  #copy(bytes: Uint8Array, digestAt: number, offset: number, length: number): void {
    const digest = bytes.subarray(digestAt, digestAt + DIGEST_LENGTH).toHex();
    const before = this.#copied.findBytes(bytes, digestAt);
    const start = this.#copier.copy(digest, { offset, length }, before >= 0);
    if (start < 0) this.#refuse(offset);
    if (before >= 0) this.#liveBytes -= this.#copied.length(before);
    this.#copied.put(digest, 0, start, length);
    this.#liveBytes += length;
  }

  #delete(bytes: Uint8Array, digestAt: number, offset: number): void {
    const before = this.#copied.findBytes(bytes, digestAt);
    if (before < 0) return;
    this.#copier.delete(bytes.subarray(digestAt, digestAt + DIGEST_LENGTH).toHex());
    this.#liveBytes -= this.#copied.length(before);
    this.#copied.remove(bytes, digestAt, offset);
  }

  /** Damage is not copied, and not thrown away either: it stays in the old file, for a repair to set it aside. */
  #refuse(offset: number): never {
    const { path } = this.#host.file;
    throw new CacheError(`Cannot compact cache: damaged at byte ${offset}, repair it: ${path}`, {
      filePath: path,
    });
  }
}
