// Copyright 2026 the pecapiku authors. MIT license.

import { CacheFormatError } from "../errors/cache_format_error.ts";
import type { DiskFile } from "./disk.ts";
import { readChecksum } from "./_file_io.ts";
import { DIGEST_LENGTH } from "./_digest_table.ts";
import {
  correctRecordHeader,
  DIGEST_AT,
  emptyRecordFields,
  FIRST_SYNC_BYTE,
  FLAG,
  HEADER_CHECKSUM_AT,
  READING,
  readingOf,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
  replacedAfter,
} from "./_record.ts";

const WINDOW_LENGTH = 256 * 1024;

/** How much is read where the last record was larger than the window: its successor may be as large. */
const JUMP_LENGTH = 4 * 1024;

/** What a scan goes by. */
export interface ScanPlace {
  /** The path of the file, for messages. */
  readonly filePath: string;
  /** The CRC-32 of the file's salt. */
  readonly saltChecksum: number;
  /** How many records before those to be scanned took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
}

/** What a scan tells of. */
export interface RecordSink {
  /**
   * Is given each record of each complete batch, in order: its fields, where it begins, and where its digest is. All of
   * it is good for the time of the call only. A `lost` record's header was damaged, though not beyond knowing the digest.
   * Where `metaAt` is not negative, the meta section is in the same bytes, from that position on.
   */
  onRecord(
    fields: RecordFields,
    offset: number,
    bytes: Uint8Array,
    digestAt: number,
    metaAt: number,
    lost: boolean,
  ): void;
  /** Is told where there is damage that more records follow. */
  onDamage(offset: number): void;
  /**
   * Is told that a record before this offset is lost which took the place of an entry or deleted one, and that nobody knows of
   * which: no entry that was given before can be relied on.
   */
  onLostReplacement(offset: number): void;
}

/** How a scan ended. */
export interface ScanResult {
  /** Where the last complete batch ends. */
  readonly end: number;
  /**
   * What is behind it: nothing (`"clean"`), the beginning of a batch (`"torn"`: it is being written, or its writer was
   * stopped), or bytes that are no record (`"damaged"`). Or nothing is known (`"changed"`), not even of what is before it,
   * since a writer put other records in the place of some that were read.
   */
  readonly tail: "clean" | "torn" | "damaged" | "changed";
  /** Where the last whole record behind it begins; the end of the file's last batch if there is none. */
  readonly last: number;
  /** Where the first thing begins that is not a whole record; the end of the file if there is none. */
  readonly fault: number;
  /** How many records up to `end` took the place of an entry or deleted one, modulo 2^32. */
  readonly replaced: number;
  /** Where the checksum of the last undamaged header before `end` is; `-1` if there is none. */
  readonly checksumAt: number;
  /** That checksum. */
  readonly checksum: number;
}

interface BatchRecord {
  readonly fields: RecordFields;
  readonly offset: number;
  readonly digest: Uint8Array;
  readonly lost: boolean;
}

/** The bytes of a file around the place that is being read. */
class Window {
  readonly #file: DiskFile;
  readonly #size: number;
  #start = 0;
  #length = 0;
  /** How often bytes were read from the file. */
  loads = 0;
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
    this.#length = 0;
    this.loads++;
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    // No more calls than it takes: between two of them a writer may put something else there.
    do {
      const target = this.bytes.subarray(this.#length, Math.max(length, count));
      const read = this.#file.readSync(target);
      if (read === null || read === 0) return -1;
      this.#length += read;
    } while (this.#length < count);
    return 0;
  }

  /** Tells whether the bytes before a position in `bytes` are of the file. */
  has(end: number): boolean {
    return end <= this.#length;
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
 * @param place What to go by.
 * @param sink What to tell of it.
 * @returns How it ended.
 * @throws {CacheFormatError} If a newer version of this package wrote a record that must not be passed over.
 */
export function scanRecords(
  file: DiskFile,
  from: number,
  size: number,
  place: ScanPlace,
  sink: RecordSink,
): ScanResult {
  const { saltChecksum } = place;
  const window = new Window(file, size, from);
  const fields = emptyRecordFields();
  /** The records of a batch of several, until its last one is seen. */
  let batch: BatchRecord[] = [];
  let offset = from;
  let last = from;
  let replaced = place.replaced;
  /** Whether records may be missing before the one at hand. */
  let isGap = false;
  let checksumAt = -1;
  let checksum = 0;
  const done = { end: from, replaced, checksumAt, checksum };
  let loads = 0;

  /**
   * Tells that the last header is where it was. A reader takes no lock: what it read may have been an unfinished batch,
   * which a writer has cut off since and begun anew, and what it reads next belongs to something else.
   */
  function isStillThere(): boolean {
    loads = window.loads;
    return checksumAt < 0 || readChecksum(file, checksumAt) === checksum;
  }
  function finishBatch(): void {
    if (batch.length === 0) return;
    for (const record of batch) {
      sink.onRecord(record.fields, record.offset, record.digest, 0, -1, record.lost);
    }
    batch = [];
  }
  function stop(tail: ScanResult["tail"]): ScanResult {
    // For the same reason the length may be out of date, and the last record incomplete.
    const isChanged = done.end > file.seekSync(0, Deno.SeekMode.End) || !isStillThere();
    return { ...done, tail: isChanged ? "changed" : tail, last, fault: offset };
  }

  while (offset < size) {
    let at = window.seek(offset, RECORD_HEADER_LENGTH);
    if (at < 0) return stop("torn");
    if (loads !== window.loads && !isStillThere()) return stop("changed");
    let bytes = window.bytes;
    let lost = false;
    if (!readRecordHeader(bytes, window.view, at, saltChecksum, offset, fields)) {
      bytes = bytes.slice(at, at + RECORD_HEADER_LENGTH);
      at = 0;
      lost = correctRecordHeader(bytes, saltChecksum, offset, fields);
      if (!lost) {
        const next = findRecord(window, offset + 1, saltChecksum);
        if (next < 0) return stop("damaged");
        // What came before in the batch stays: a batch is torn only at the end of the file, and there is more behind.
        sink.onDamage(offset);
        offset = next;
        isGap = true;
        continue;
      }
    }
    const next = offset + RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength;
    if (next > size) return stop("torn");
    const reading = readingOf(fields);
    if (reading === READING.newer) throw newerRecord(fields, place.filePath);
    if (lost) {
      sink.onDamage(offset);
    } else {
      checksumAt = offset + HEADER_CHECKSUM_AT;
      checksum = fields.checksum;
    }
    if (isGap) {
      isGap = false;
      if (fields.replaced !== replaced) {
        // What came before in the batch counts no less, and no more, than what came before that.
        finishBatch();
        sink.onLostReplacement(offset);
      }
      if (batch.length === 0) {
        // The gap stays where it is, whatever becomes of the records behind it: it tells what was lost.
        done.end = last = offset;
        done.replaced = fields.replaced;
      }
    }
    replaced = replacedAfter(fields);
    const continues = (fields.flags & FLAG.continues) !== 0;
    if (reading === READING.known) {
      const digestAt = at + DIGEST_AT;
      if (continues || batch.length > 0) {
        const digest = bytes.slice(digestAt, digestAt + DIGEST_LENGTH);
        batch.push({ fields: { ...fields }, offset, digest, lost });
      } else {
        const metaAt = at + RECORD_HEADER_LENGTH;
        const isThere = !lost && window.has(metaAt + fields.metaLength);
        sink.onRecord(fields, offset, bytes, digestAt, isThere ? metaAt : -1, lost);
      }
    }
    last = offset;
    offset = next;
    if (continues) continue;
    finishBatch();
    done.end = last = offset;
    done.replaced = replaced;
    done.checksumAt = checksumAt;
    done.checksum = checksum;
  }
  return stop(done.end === offset ? "clean" : "torn");
}

function newerRecord({ kind, flags }: RecordFields, filePath: string): CacheFormatError {
  return new CacheFormatError(
    `Cannot open cache: a newer version wrote a record of kind ${kind} with flags ${flags}: ${filePath}`,
    { filePath },
  );
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
