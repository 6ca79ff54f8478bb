// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { FILE_HEADER_LENGTH } from "./_file_header.ts";
import { readAt } from "./_file_io.ts";
import {
  correctRecordHeader,
  emptyRecordFields,
  FIRST_SYNC_BYTE,
  KIND,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
} from "./_record.ts";
import { readRecordMeta } from "./_record_meta.ts";
import { readSnapshot } from "./_snapshot.ts";
import { FileChangedError } from "./_verify_records.ts";

/** How much is read at a time. */
const WINDOW_LENGTH = 1024 * 1024;

/** Up to this length, a meta section is looked at as a whole. Of a longer one, which has a huge key, the checksum has to do. */
const LARGEST_META = 16 * 1024 * 1024;

/** A record that was gone by. */
export interface WalkedRecord {
  /** What its header says. */
  readonly fields: RecordFields;
  /** Its header, as it must have been. */
  readonly header: Uint8Array;
  /** Where it begins, in bytes from the start of the file. */
  readonly offset: number;
  /** Its length, in bytes. */
  readonly length: number;
  /** Which part of it is damaged. */
  readonly fault: "record header" | "meta section" | "payload" | undefined;
}

/** What a walk tells of, in the order of the file. All of it is good for the time of the call only. */
export interface WalkSink {
  /** Is given each record. */
  onRecord(record: WalkedRecord): void;
  /** Is told where no record can be made out. */
  onUnreadable(offset: number, length: number): void;
}

/**
 * Goes by all records of a part of a file that does not change any more, and checks every byte of them.
 *
 * Memory: a window of 1 MiB, and up to 16 MiB for a key that is as large as that. A value passes through the window.
 *
 * @param file The file.
 * @param end Where the last complete batch ends.
 * @param saltChecksum The CRC-32 of the file's salt.
 * @param sink What to tell of it.
 * @throws {FileChangedError} If the file was changed meanwhile.
 */
export function walkRecords(
  file: DiskFile,
  end: number,
  saltChecksum: number,
  sink: WalkSink,
): void {
  const window = new Window(file, end);
  const fields = emptyRecordFields();
  const header = new Uint8Array(RECORD_HEADER_LENGTH);
  const view = new DataView(header.buffer);
  let next: number;
  for (let offset = FILE_HEADER_LENGTH; offset < end; offset = next) {
    let fault: WalkedRecord["fault"];
    let isFound = false;
    if (offset + RECORD_HEADER_LENGTH <= end) {
      const at = window.seek(offset, RECORD_HEADER_LENGTH);
      header.set(window.bytes.subarray(at, at + RECORD_HEADER_LENGTH));
      isFound = readRecordHeader(header, view, 0, saltChecksum, offset, fields);
      if (!isFound) {
        isFound = correctRecordHeader(header, saltChecksum, offset, fields);
        fault = "record header";
      }
    }
    if (!isFound) {
      next = findRecord(window, offset + 1, end, saltChecksum);
      sink.onUnreadable(offset, next - offset);
      continue;
    }
    const length = RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
    next = offset + length;
    // Up to `end` there were whole records just now.
    if (next > end) throw new FileChangedError();
    fault ??= faultIn(window, fields, offset, end, saltChecksum);
    sink.onRecord({ fields, header, offset, length, fault });
  }
}

function faultIn(
  window: Window,
  fields: RecordFields,
  offset: number,
  end: number,
  saltChecksum: number,
): WalkedRecord["fault"] {
  const { kind, codec, metaLength, metaChecksum, payloadLength, payloadChecksum } = fields;
  const metaAt = offset + RECORD_HEADER_LENGTH;
  // What a newer version has put there may change in place, as the anchor does.
  if (kind === KIND.anchor || kind > KIND.tally) return undefined;
  if (kind === KIND.put && metaLength <= LARGEST_META) {
    const meta = window.read(metaAt, metaLength);
    if (
      crc32(meta) !== metaChecksum || readRecordMeta(meta, codec, payloadLength) === undefined
    ) return "meta section";
  } else if (window.checksum(metaAt, metaLength) !== metaChecksum) return "meta section";
  if (
    kind === KIND.snapshot &&
    readSnapshot(window.file, end, saltChecksum, offset, fields.checksum) === undefined
  ) return "meta section";
  return window.checksum(metaAt + metaLength, payloadLength) === payloadChecksum
    ? undefined
    : "payload";
}

/** Where the next header with a right checksum is; `end` if there is none. */
function findRecord(window: Window, from: number, end: number, saltChecksum: number): number {
  const fields = emptyRecordFields();
  for (let offset = from; offset + RECORD_HEADER_LENGTH <= end; offset++) {
    const at = window.seek(offset, RECORD_HEADER_LENGTH);
    const found = window.bytes.subarray(0, window.length).indexOf(FIRST_SYNC_BYTE, at);
    if (found !== at) {
      // The next step is to that byte, or to the first one that the window does not show.
      offset += (found < 0 ? window.length : found) - at - 1;
      continue;
    }
    if (readRecordHeader(window.bytes, window.view, at, saltChecksum, offset, fields)) {
      return offset;
    }
  }
  return end;
}

/** The bytes of a file around the place that is being read. */
class Window {
  readonly file: DiskFile;
  readonly #end: number;
  #start = 0;
  /** How many bytes there are. */
  length = 0;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;

  constructor(file: DiskFile, end: number) {
    this.file = file;
    this.#end = end;
    this.bytes = new Uint8Array(Math.min(WINDOW_LENGTH, end));
    this.view = new DataView(this.bytes.buffer);
  }

  /** The position in `bytes` of an offset of the file, with `count` bytes behind it that are in the file. */
  seek(offset: number, count: number): number {
    const at = offset - this.#start;
    if (at >= 0 && at + count <= this.length) return at;
    const length = Math.min(this.bytes.byteLength, this.#end - offset);
    this.#start = offset;
    this.length = readAt(this.file, offset, this.bytes.subarray(0, length));
    if (this.length < length) throw new FileChangedError();
    return 0;
  }

  /** Some bytes as a whole. */
  read(offset: number, length: number): Uint8Array {
    if (length <= this.bytes.byteLength) {
      const at = this.seek(offset, length);
      return this.bytes.subarray(at, at + length);
    }
    const bytes = new Uint8Array(length);
    if (readAt(this.file, offset, bytes) < length) throw new FileChangedError();
    return bytes;
  }

  /** The CRC-32 of some bytes, however many. */
  checksum(offset: number, length: number): number {
    let checksum = 0;
    for (let done = 0; done < length;) {
      const at = this.seek(offset + done, 1);
      const count = Math.min(length - done, this.length - at);
      checksum = crc32(this.bytes.subarray(at, at + count), checksum);
      done += count;
    }
    return checksum;
  }
}
