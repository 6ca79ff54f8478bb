// Copyright 2026 the pecapiku authors. MIT license.

import type { AppendedRecord } from "./_append.ts";
import { crc32 } from "./_crc32.ts";
import { DigestTable } from "./_digest_table.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import { KIND, RECORD_HEADER_LENGTH } from "./_record.ts";
import type { RecordLocation } from "./_record_reader.ts";
import { scanRecords, type ScanResult } from "./_scan.ts";
import type { Digest, StoreChange } from "./store.ts";

/** What a process knows of the records in one file. */
export class LogIndex {
  /** The handle that the file is read through. */
  file: DiskFile;
  readonly salt: Uint8Array;
  readonly saltChecksum: number;
  readonly #filePath: string;
  readonly #onDamage: (offset: number) => void;
  /** Where the newest record of each digest is. */
  readonly table = new DigestTable();
  /** Where the last complete batch ends, and the next one belongs. */
  end = FILE_HEADER_LENGTH;
  /** The length of the file at the last look. */
  size = FILE_HEADER_LENGTH;
  /** What was behind the end at the last look. */
  tail: ScanResult["tail"] = "clean";
  /** Where the tail stops to make sense. */
  tailFault = FILE_HEADER_LENGTH;
  /** The first bytes of the tail: as long as they are the same, in a file of the same length, the tail is the same. */
  #tailBytes = new Uint8Array(0);

  constructor(
    file: DiskFile,
    salt: Uint8Array,
    filePath: string,
    onDamage: (offset: number) => void,
  ) {
    this.file = file;
    this.salt = salt;
    this.saltChecksum = crc32(salt);
    this.#filePath = filePath;
    this.#onDamage = onDamage;
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
   * Takes in what has been appended to the file since the last look.
   *
   * @param size The length of the file, not less than `end`.
   */
  catchUp(size: number): void {
    if (size === this.size && (this.tail === "clean" || this.#isTailSame())) return;
    const result = scanRecords(this.file, this.end, size, {
      filePath: this.#filePath,
      saltChecksum: this.saltChecksum,
      onRecord: ({ kind, metaLength, payloadLength }, offset, bytes, digestAt) => {
        if (kind === KIND.delete) this.table.remove(bytes, digestAt);
        else this.table.put(bytes, digestAt, offset, metaLength, payloadLength);
      },
      onDamage: this.#onDamage,
    });
    this.end = result.end;
    this.size = size;
    this.tail = result.tail;
    this.tailFault = result.fault;
    if (this.tail !== "clean") this.#tailBytes = this.#readTail();
    if (this.tail === "damaged") this.#onDamage(this.tailFault);
  }

  /**
   * Takes in what this process has appended itself.
   *
   * @param end Where the batch ends.
   * @param records Its records.
   */
  append(end: number, records: readonly AppendedRecord[]): void {
    for (const { change, offset, metaLength, payloadLength } of records) {
      if (change.type === "delete") this.table.remove(change.digest, 0);
      else this.table.put(change.digest, 0, offset, metaLength, payloadLength);
    }
    this.end = this.size = end;
    this.tail = "clean";
  }

  /** The changes of a batch without the deletions that have nothing to delete. */
  effective(changes: readonly StoreChange[]): readonly StoreChange[] {
    if (changes.every((change) => change.type === "put")) return changes;
    const put = new Set<Digest>();
    return changes.filter((change) => {
      if (change.type === "put") put.add(change.digest);
      return change.type === "put" || put.has(change.digest) || this.table.find(change.digest) >= 0;
    });
  }

  #isTailSame(): boolean {
    const bytes = this.#readTail();
    return bytes.length === this.#tailBytes.length &&
      bytes.every((byte, index) => byte === this.#tailBytes[index]);
  }

  #readTail(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(RECORD_HEADER_LENGTH);
    return bytes.subarray(0, readAt(this.file, this.tailFault, bytes));
  }
}
