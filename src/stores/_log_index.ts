// Copyright 2026 the pecapiku authors. MIT license.

import type { AppendedBatch, AppendPlace } from "./_append.ts";
import { DigestTable } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_CHECKSUM_AT, FILE_HEADER_LENGTH, type FileHeader } from "./_file_header.ts";
import { readAt, readChecksum } from "./_file_io.ts";
import { KIND, RECORD_HEADER_LENGTH } from "./_record.ts";
import type { RecordLocation } from "./_record_reader.ts";
import { type ScanOptions, scanRecords, type ScanResult } from "./_scan.ts";
import type { Digest, StoreChange } from "./store.ts";

/** How often a file is gone through anew because others keep changing what is being read. */
const MOST_LOOKS = 32;

interface Look extends ScanResult {
  /** Where damage is that more records follow. */
  readonly damage: readonly number[];
}

/** What a process knows of the records in one file. */
export class LogIndex implements AppendPlace {
  /** The handle that the file is read through. */
  file: DiskFile;
  readonly saltChecksum: number;
  readonly #header: FileHeader;
  readonly #filePath: string;
  readonly #onDamage: (offset: number) => void;
  /** Where the newest record of each digest is. */
  readonly table = new DigestTable();
  /** Where the last complete batch ends, and the next one belongs. */
  end = FILE_HEADER_LENGTH;
  /** The length of the file at the last look; `-1` to look again. */
  size = FILE_HEADER_LENGTH;
  /** What was behind the end at the last look. */
  tail: ScanResult["tail"] = "clean";
  /** Where the tail stops to make sense. */
  tailFault = FILE_HEADER_LENGTH;
  /** Where the last whole record of the tail begins. */
  #tailLast = FILE_HEADER_LENGTH;
  /** Bytes by which the tail is known again; `undefined` if it has to be looked at anew. */
  #tailMarks: Uint8Array | undefined;
  replaced = 0;
  /** Where the checksum of the last known header is, by which the file is known again. */
  #checksumAt = FILE_CHECKSUM_AT;
  #checksum: number;

  /**
   * Makes an index that knows of no record yet.
   *
   * @param file The handle to read the file through.
   * @param header What the file header says.
   * @param filePath The path of the file, for messages.
   * @param onDamage Is told where there is damage.
   */
  constructor(
    file: DiskFile,
    header: FileHeader,
    filePath: string,
    onDamage: (offset: number) => void,
  ) {
    this.file = file;
    this.saltChecksum = header.saltChecksum;
    this.#header = header;
    this.#checksum = header.checksum;
    this.#filePath = filePath;
    this.#onDamage = onDamage;
  }

  /** Tells whether there is an entry of a digest. */
  has(digest: Digest): boolean {
    return this.table.find(digest) >= 0;
  }

  /** Where the newest record of an entry is. */
  location(entry: number): RecordLocation {
    const { table } = this;
    return {
      offset: table.offset(entry),
      metaLength: table.metaLength(entry),
      payloadLength: table.payloadLength(entry),
    };
  }

  /**
   * Tells whether a file still is the one that this index is of: whether the last header that it knows of is where it was.
   *
   * @param file A handle on the file.
   * @returns Whether the index may be used for it.
   */
  describes(file: DiskFile): boolean {
    return readChecksum(file, this.#checksumAt) === this.#checksum;
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
    for (let looks = 1;; looks++) {
      const from = this.end;
      const replaced = this.replaced;
      const look = this.#scan(from, size, replaced, true);
      if (look.tail === "changed") {
        this.#reset();
        if (looks === MOST_LOOKS) throw new Error("The file keeps changing while it is read");
        size = this.file.seekSync(0, Deno.SeekMode.End);
        continue;
      }
      this.#take(look, size);
      const fault = look.damage[0] ?? (look.tail === "damaged" ? look.fault : undefined);
      if (locked || (look.tail === "clean" && fault === undefined)) {
        if (fault !== undefined) this.#onDamage(fault);
        break;
      }
      // A writer that cuts off a tail, and writes another in its place, looks like damage to who reads at that moment:
      // only what is seen twice counts. The marks are read in between, so that they never are newer than what they mark.
      const marks = this.#readMarks();
      if (looks === MOST_LOOKS || isSame(look, this.#scan(from, size, replaced, false))) {
        this.#tailMarks = marks;
        if (fault !== undefined) this.#onDamage(fault);
        break;
      }
      this.#reset();
      size = this.file.seekSync(0, Deno.SeekMode.End);
    }
  }

  /** Takes in what this process has appended itself. */
  append({ records, end, replaced, checksumAt, checksum }: AppendedBatch): void {
    for (const { change, offset, metaLength, payloadLength } of records) {
      if (change.type === "delete") this.table.remove(change.digest, 0);
      else this.table.put(change.digest, 0, offset, metaLength, payloadLength);
    }
    this.end = this.size = end;
    this.replaced = replaced;
    this.#checksumAt = checksumAt;
    this.#checksum = checksum;
    this.tail = "clean";
  }

  /** The changes of a batch without the deletions that have nothing to delete. */
  effective(changes: readonly StoreChange[]): readonly StoreChange[] {
    if (changes.every((change) => change.type === "put")) return changes;
    const put = new Set<Digest>();
    return changes.filter((change) => {
      if (change.type === "put") put.add(change.digest);
      return change.type === "put" || put.has(change.digest) || this.has(change.digest);
    });
  }

  #scan(from: number, size: number, replaced: number, apply: boolean): Look {
    const damage: number[] = [];
    const options: ScanOptions = {
      filePath: this.#filePath,
      saltChecksum: this.saltChecksum,
      replaced,
      onRecord: (fields, offset, bytes, digestAt, lost) => {
        if (!apply) return;
        if (lost || fields.kind === KIND.delete) this.table.remove(bytes, digestAt);
        else this.table.put(bytes, digestAt, offset, fields.metaLength, fields.payloadLength);
      },
      onDamage: (offset) => damage.push(offset),
      onLostReplacement: () => apply && this.table.clear(),
    };
    return { ...scanRecords(this.file, from, size, options), damage };
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
      this.#checksumAt = look.checksumAt;
      this.#checksum = look.checksum;
    }
  }

  #reset(): void {
    this.table.clear();
    this.end = FILE_HEADER_LENGTH;
    this.size = -1;
    this.tail = "clean";
    this.replaced = 0;
    this.#checksumAt = FILE_CHECKSUM_AT;
    this.#checksum = this.#header.checksum;
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
