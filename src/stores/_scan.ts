// Copyright 2026 the pecapiku authors. MIT license.

import { CacheFormatError } from "../errors/cache_format_error.ts";
import type { DiskFile } from "./disk.ts";
import { readAt } from "./_file_io.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import {
  DIGEST_AT,
  emptyRecordFields,
  FIRST_OPTIONAL_KIND,
  FIRST_SYNC_BYTE,
  FLAG,
  KIND,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
} from "./_record.ts";

const WINDOW_LENGTH = 256 * 1024;

/** How much is read where the last record was larger than the window: its successor may be as large. */
const JUMP_LENGTH = 4 * 1024;

/** What a scan goes by. */
export interface ScanOptions {
  /** The path of the file, for messages. */
  readonly filePath: string;
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
  /**
   * Is given each record of each complete batch, in order: its fields, where it begins, and where its digest is. All of
   * it is good for the time of the call only.
   */
  readonly onRecord: (
    fields: RecordFields,
    offset: number,
    bytes: Uint8Array,
    digestAt: number,
  ) => void;
  /** Is given each range that is no record, though a record follows it. */
  readonly onDamage: (start: number, end: number) => void;
}

/** How a scan ended. */
export interface ScanResult {
  /** Where the last complete batch ends. */
  readonly end: number;
  /**
   * What is behind it: nothing (`"clean"`), the beginning of a batch (`"torn"`: it is being written, or its writer was
   * stopped), or bytes that are no record (`"damaged"`).
   */
  readonly tail: "clean" | "torn" | "damaged";
  /** Where the first thing begins that is not a whole record; the end of the file if there is none. */
  readonly fault: number;
}

/** The bytes of a file around the place that is being read. */
class Window {
  readonly #file: DiskFile;
  readonly #size: number;
  #start = 0;
  #length = 0;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(file: DiskFile, size: number, from: number) {
    this.#file = file;
    this.#size = size;
    this.bytes = new Uint8Array(Math.min(WINDOW_LENGTH, Math.max(size - from, JUMP_LENGTH)));
    this.view = new DataView(this.bytes.buffer);
  }

  /** The position in `bytes` of an offset of the file, with `count` bytes behind it; `-1` at the end of the file. */
  seek(offset: number, count: number): number {
    const at = offset - this.#start;
    if (at >= 0 && at + count <= this.#length) return at;
    if (offset + count > this.#size) return -1;
    const adjacent = at >= 0 && at <= this.#length;
    const length = Math.min(adjacent ? this.bytes.length : JUMP_LENGTH, this.#size - offset);
    this.#start = offset;
    this.#length = readAt(this.#file, offset, this.bytes.subarray(0, Math.max(length, count)));
    return this.#length >= count ? 0 : -1;
  }

  /** The offset from `from` on of the next byte of a kind that the window can show; `-1` if there is none. */
  find(byte: number, from: number): number {
    for (let offset = from;;) {
      if (this.seek(offset, 1) < 0) return -1;
      const at = this.bytes.subarray(0, this.#length).indexOf(byte, offset - this.#start);
      if (at >= 0) return this.#start + at;
      offset = this.#start + this.#length;
    }
  }
}

/**
 * Goes through the records of a file.
 *
 * @param file The file.
 * @param from Where to begin: the end of the file header, or of a complete batch.
 * @param size Where to end: the length of the file.
 * @param options What to go by.
 * @returns How it ended.
 * @throws {CacheFormatError} If a record is of a kind that a newer version of this package wrote, and must not be
 * passed over.
 */
export function scanRecords(
  file: DiskFile,
  from: number,
  size: number,
  options: ScanOptions,
): ScanResult {
  const { saltChecksum, filePath, onRecord } = options;
  const window = new Window(file, size, from);
  const fields = emptyRecordFields();
  /** The records of a batch of several, until its last one is seen. */
  let batch: { fields: RecordFields; offset: number; digest: Uint8Array }[] = [];
  let end = from;
  let offset = from;
  while (offset < size) {
    const at = window.seek(offset, RECORD_HEADER_LENGTH);
    if (at < 0) return { end, tail: "torn", fault: offset };
    if (!readRecordHeader(window.bytes, window.view, at, saltChecksum, offset, fields)) {
      const next = findRecord(window, offset + 1, saltChecksum);
      if (next < 0) return { end, tail: "damaged", fault: offset };
      // What came before in the batch stays: a batch is torn only at the end of the file, and there is more behind.
      options.onDamage(offset, next);
      offset = next;
      continue;
    }
    const next = offset + RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
    if (next > size) return { end, tail: "torn", fault: offset };
    const { kind } = fields;
    if (kind !== KIND.put && kind !== KIND.delete && kind < FIRST_OPTIONAL_KIND) {
      throw new CacheFormatError(
        `Cannot open cache: a newer version wrote a record of kind ${kind}: ${filePath}`,
        { filePath },
      );
    }
    const continues = (fields.flags & FLAG.continues) !== 0;
    if (kind < FIRST_OPTIONAL_KIND) {
      const digestAt = at + DIGEST_AT;
      if (continues || batch.length > 0) {
        const digest = window.bytes.slice(digestAt, digestAt + DIGEST_LENGTH);
        batch.push({ fields: { ...fields }, offset, digest });
      } else {
        onRecord(fields, offset, window.bytes, digestAt);
      }
    }
    offset = next;
    if (!continues) {
      for (const record of batch) onRecord(record.fields, record.offset, record.digest, 0);
      if (batch.length > 0) batch = [];
      end = offset;
    }
  }
  return { end, tail: end === offset ? "clean" : "torn", fault: offset };
}

function findRecord(window: Window, from: number, saltChecksum: number): number {
  const fields = emptyRecordFields();
  for (let offset = from;; offset++) {
    offset = window.find(FIRST_SYNC_BYTE, offset);
    if (offset < 0) return -1;
    const at = window.seek(offset, RECORD_HEADER_LENGTH);
    if (at < 0) return -1;
    if (readRecordHeader(window.bytes, window.view, at, saltChecksum, offset, fields)) {
      return offset;
    }
  }
}
