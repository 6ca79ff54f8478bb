// Copyright 2026 the pecapiku authors. MIT license.

import type { DiskFile } from "./disk.ts";
import { FILE_CHECKSUM_AT, FILE_HEADER_LENGTH, type FileHeader } from "./_file_header.ts";
import { readAt, readChecksum } from "./_file_io.ts";
import { RECORD_HEADER_LENGTH } from "./_record.ts";
import { type RecordSink, scanRecords, type ScanResult } from "./_scan.ts";

/** How often a file is gone through anew because others keep changing what is being read. */
const MOST_LOOKS = 32;

interface Look extends ScanResult {
  /** Where damage is that more records follow. */
  readonly damage: readonly number[];
}

/** A place up to which a file is known. */
export interface FollowedPlace {
  /** Where the last complete batch ends, and the next one belongs. */
  readonly end: number;
  /** How many records before it took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** Where the checksum of the last header before it is, by which the file is known again. */
  readonly checksumAt: number;
  /** That checksum. */
  readonly checksum: number;
}

/** What a follower tells of. */
export interface FollowerSink extends Omit<RecordSink, "onDamage"> {
  /** Is told that nothing counts of what it was told before. */
  onRestart(): void;
  /** Is told where there is damage that is there to stay. */
  onDamage(offset: number): void;
}

/** Reads what is appended to a file, by this process and by others. */
export class LogFollower implements FollowedPlace {
  /** The handle that the file is read through. */
  file: DiskFile;
  readonly saltChecksum: number;
  readonly #header: FileHeader;
  readonly #filePath: string;
  readonly #sink: FollowerSink;
  end = FILE_HEADER_LENGTH;
  /** The length of the file at the last look; `-1` to look again. */
  size = -1;
  /** What was behind the end at the last look. */
  tail: ScanResult["tail"] = "clean";
  /** Where the tail stops to make sense. */
  tailFault = FILE_HEADER_LENGTH;
  /** Where the last whole record of the tail begins. */
  #tailLast = FILE_HEADER_LENGTH;
  /** Bytes by which the tail is known again; `undefined` if it has to be looked at anew. */
  #tailMarks: Uint8Array | undefined;
  /** Whether something was told of, and then the file could not be read: to tell of it twice is not the same. */
  #isInterrupted = false;
  replaced = 0;
  checksumAt = FILE_CHECKSUM_AT;
  checksum: number;

  /**
   * Makes a follower that begins at the first record.
   *
   * @param file The handle to read the file through.
   * @param header What the file header says.
   * @param filePath The path of the file, for messages.
   * @param sink What to tell of the records.
   */
  constructor(file: DiskFile, header: FileHeader, filePath: string, sink: FollowerSink) {
    this.file = file;
    this.saltChecksum = header.saltChecksum;
    this.#header = header;
    this.checksum = header.checksum;
    this.#filePath = filePath;
    this.#sink = sink;
  }

  /**
   * Tells whether a file still is the one that is followed: whether the last header that is known is where it was.
   *
   * @param file A handle on the file.
   * @returns Whether what is known may be used for it.
   */
  describes(file: DiskFile): boolean {
    return readChecksum(file, this.checksumAt) === this.checksum;
  }

  /** Goes on from a place, whatever was read before; without one, from the first record. */
  startAt(place?: FollowedPlace): void {
    this.end = place?.end ?? FILE_HEADER_LENGTH;
    this.size = -1;
    this.#isInterrupted = false;
    this.tail = "clean";
    this.replaced = place?.replaced ?? 0;
    this.checksumAt = place?.checksumAt ?? FILE_CHECKSUM_AT;
    this.checksum = place?.checksum ?? this.#header.checksum;
  }

  /**
   * Takes in what has been appended to the file since the last look.
   *
   * @param size The length of the file, not less than `end`.
   * @param locked Whether nobody else can be writing.
   */
  catchUp(size: number, locked: boolean): void {
    if (
      size === this.size && (this.tail === "clean" || (!locked && this.#isTailSame()))
    ) return;
    if (this.#isInterrupted) {
      this.#sink.onRestart();
      size = this.file.seekSync(0, Deno.SeekMode.End);
    }
    for (let looks = 1;; looks++) {
      const from = this.end;
      const replaced = this.replaced;
      this.#isInterrupted = true;
      const look = this.#scan(from, size, replaced, true);
      this.#isInterrupted = false;
      if (look.tail === "changed") {
        this.#sink.onRestart();
        if (looks === MOST_LOOKS) throw new Error("The file keeps changing while it is read");
        size = this.file.seekSync(0, Deno.SeekMode.End);
        continue;
      }
      this.#take(look, size);
      const fault = look.damage[0] ?? (look.tail === "damaged" ? look.fault : undefined);
      if (locked || (look.tail === "clean" && fault === undefined)) {
        if (fault !== undefined) this.#sink.onDamage(fault);
        break;
      }
      // A writer that cuts off a tail, and writes another in its place, looks like damage to who reads at that moment:
      // only what is seen twice counts. The marks are read in between, so that they never are newer than what they mark.
      const marks = this.#readMarks();
      if (looks === MOST_LOOKS || isSame(look, this.#scan(from, size, replaced, false))) {
        this.#tailMarks = marks;
        if (fault !== undefined) this.#sink.onDamage(fault);
        break;
      }
      this.#sink.onRestart();
      size = this.file.seekSync(0, Deno.SeekMode.End);
    }
  }

  /** Goes on behind what this process has appended itself. */
  appended({ end, replaced, checksumAt, checksum }: FollowedPlace): void {
    this.end = this.size = end;
    this.replaced = replaced;
    this.checksumAt = checksumAt;
    this.checksum = checksum;
    this.tail = "clean";
  }

  #scan(from: number, size: number, replaced: number, apply: boolean): Look {
    const damage: number[] = [];
    const onDamage = (offset: number) => void damage.push(offset);
    const sink: RecordSink = apply
      ? {
        onRecord: (fields, offset, bytes, digestAt, metaAt, lost) =>
          this.#sink.onRecord(fields, offset, bytes, digestAt, metaAt, lost),
        onLostReplacement: (offset) => this.#sink.onLostReplacement(offset),
        onDamage,
      }
      : { onRecord: () => {}, onLostReplacement: () => {}, onDamage };
    const place = { filePath: this.#filePath, saltChecksum: this.saltChecksum, replaced };
    return { ...scanRecords(this.file, from, size, place, sink), damage };
  }

  #take(look: Look, size: number): void {
    this.end = look.end;
    this.size = size;
    this.tail = look.tail;
    this.tailFault = look.fault;
    this.#tailLast = look.last;
    this.#tailMarks = undefined;
    this.replaced = look.replaced;
    if (look.checksumAt >= 0) {
      this.checksumAt = look.checksumAt;
      this.checksum = look.checksum;
    }
  }

  #isTailSame(): boolean {
    const before = this.#tailMarks;
    return before !== undefined && isEqual(before, this.#readMarks());
  }

  /**
   * The header that the tail begins with, its last whole one, and the bytes that are none. Not those alone: where a batch was
   * cut off between two records there are none, and another file of the same length could have a whole batch there.
   */
  #readMarks(): Uint8Array {
    const marks = new Uint8Array(3 * RECORD_HEADER_LENGTH);
    let filled = 0;
    for (const offset of [this.end, this.#tailLast, this.tailFault]) {
      filled += readAt(
        this.file,
        offset,
        marks.subarray(filled, filled + RECORD_HEADER_LENGTH),
      );
    }
    return marks.subarray(0, filled);
  }
}

function isSame(one: Look, other: Look): boolean {
  return one.end === other.end && one.tail === other.tail && one.fault === other.fault &&
    one.last === other.last && one.damage.join() === other.damage.join();
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
