// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "./_crc32.ts";
import type { DiskFile } from "./disk.ts";
import { readAt, writeFully } from "./_file_io.ts";
import {
  emptyRecordFields,
  FLAG,
  hasDigestWords,
  HEADER_CHECKSUM_AT,
  KIND,
  MOST_USES,
  moveRecordHeader,
  NO_DIGEST,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  replacedAfter,
  writeRecordHeader,
} from "./_record.ts";
import type { FollowedPlace } from "./_log_follower.ts";
import type { RecordLocation } from "./_record_reader.ts";
import type { Digest } from "./store.ts";

/** How much is read, and written, at a time. A larger record passes through in pieces. */
const CHUNK_LENGTH = 1024 * 1024;

/** The records that follow one another are read together; one that is elsewhere, by itself. */
const READ_AHEAD = 256 * 1024;

/** Copies records from one file to the end of another. Each passes through memory once, and is checked on the way. */
export class RecordCopier implements FollowedPlace {
  readonly #source: DiskFile;
  readonly #sourceSalt: number;
  readonly #target: DiskFile;
  /** The CRC-32 of the target's salt. */
  readonly saltChecksum: number;
  end: number;
  replaced = 0;
  checksumAt: number;
  checksum: number;
  readonly #output = new Uint8Array(CHUNK_LENGTH);
  readonly #outputView = new DataView(this.#output.buffer);
  #filled = 0;
  readonly #input = new Uint8Array(CHUNK_LENGTH);
  readonly #inputView = new DataView(this.#input.buffer);
  #inputStart = 0;
  #inputLength = 0;
  #sourceNext = 0;
  readonly #fields = emptyRecordFields();

  /**
   * Makes a copier.
   *
   * @param source The file to read.
   * @param sourceSalt The CRC-32 of its salt.
   * @param target The file to write.
   * @param targetSalt The CRC-32 of its salt.
   * @param place Where in the target to begin: its end.
   */
  constructor(
    source: DiskFile,
    sourceSalt: number,
    target: DiskFile,
    targetSalt: number,
    place: FollowedPlace,
  ) {
    this.#source = source;
    this.#sourceSalt = sourceSalt;
    this.#target = target;
    this.saltChecksum = targetSalt;
    this.end = place.end;
    this.replaced = place.replaced;
    this.checksumAt = place.checksumAt;
    this.checksum = place.checksum;
    target.seekSync(this.end, Deno.SeekMode.Start);
  }

  /**
   * Copies a record that puts an entry.
   *
   * @param words The digest that it must have, in words.
   * @param wordsAt The position of the first word.
   * @param offset Where it begins.
   * @param length Its length.
   * @param replaces Whether the target has an entry of that digest.
   * @returns Where the copy begins; `-1` if the record is damaged, and nothing was copied.
   */
  copyWords(
    words: Uint32Array,
    wordsAt: number,
    offset: number,
    length: number,
    replaces: boolean,
  ): number {
    const at = this.#read(offset, length);
    const fields = this.#fields;
    if (
      at < 0 ||
      !readRecordHeader(this.#input, this.#inputView, at, this.#sourceSalt, offset, fields) ||
      fields.kind !== KIND.put || !hasDigestWords(this.#inputView, at, words, wordsAt) ||
      RECORD_HEADER_LENGTH + fields.metaLength + fields.payloadLength !== length
    ) return -1;
    fields.flags &= ~(FLAG.continues | FLAG.replaces);
    if (replaces) fields.flags |= FLAG.replaces;
    const { metaLength, metaChecksum, payloadLength, payloadChecksum } = fields;
    const start = this.end;
    this.#moveHeader(at);
    const metaAt = offset + RECORD_HEADER_LENGTH;
    const isWhole = this.#copyBytes(metaAt, metaLength) === metaChecksum &&
      this.#copyBytes(metaAt + metaLength, payloadLength) === payloadChecksum;
    if (!isWhole) {
      this.#cutOff(start);
      return -1;
    }
    this.#sourceNext = offset + length;
    this.#finishRecord(start, length);
    return start;
  }

  /** Does what {@linkcode copyWords} does for a digest that is a string. */
  copy(digest: Digest, { offset, length }: RecordLocation, replaces: boolean): number {
    const view = new DataView(Uint8Array.fromHex(digest).buffer);
    const words = new Uint32Array(8).map((_, word) => view.getUint32(4 * word));
    return this.copyWords(words, 0, offset, length, replaces);
  }

  /** Writes a record that deletes an entry which the target has. */
  delete(digest: Digest): void {
    const start = this.end;
    this.#begin(KIND.delete, FLAG.replaces);
    this.#writeHeader(digest);
    this.#finishRecord(start, RECORD_HEADER_LENGTH);
  }

  /**
   * Writes who was used in which order.
   *
   * @param digests The digests, the one used least recently first.
   */
  writeUses(digests: readonly Digest[]): void {
    // At least one, so that it is known that the order of use counts in this file.
    for (let first = 0; first === 0 || first < digests.length; first += MOST_USES) {
      const bytes = Uint8Array.fromHex(digests.slice(first, first + MOST_USES).join(""));
      const start = this.end;
      this.#begin(KIND.uses, 0);
      this.#fields.payloadLength = bytes.byteLength;
      this.#fields.payloadChecksum = crc32(bytes);
      this.#writeHeader(NO_DIGEST);
      this.#write(bytes);
      this.#finishRecord(start, RECORD_HEADER_LENGTH + bytes.byteLength);
    }
  }

  /** Hands what is in memory over to the operating system. */
  flush(): void {
    if (this.#filled === 0) return;
    writeFully(this.#target, this.#output.subarray(0, this.#filled));
    this.#filled = 0;
  }

  #begin(kind: number, flags: number): void {
    Object.assign(this.#fields, emptyRecordFields());
    this.#fields.kind = kind;
    this.#fields.flags = flags;
  }

  #moveHeader(at: number): void {
    if (this.#filled + RECORD_HEADER_LENGTH > CHUNK_LENGTH) this.flush();
    this.#output.set(this.#input.subarray(at, at + RECORD_HEADER_LENGTH), this.#filled);
    this.#fields.replaced = this.replaced;
    moveRecordHeader(
      this.#output,
      this.#outputView,
      this.#filled,
      this.#fields,
      this.saltChecksum,
      this.end,
    );
    this.#filled += RECORD_HEADER_LENGTH;
  }

  #writeHeader(digest: Digest): void {
    if (this.#filled + RECORD_HEADER_LENGTH > CHUNK_LENGTH) this.flush();
    this.#fields.replaced = this.replaced;
    writeRecordHeader(
      this.#output,
      this.#outputView,
      this.#filled,
      digest,
      this.#fields,
      this.saltChecksum,
      this.end,
    );
    this.#filled += RECORD_HEADER_LENGTH;
  }

  #finishRecord(start: number, length: number): void {
    this.replaced = replacedAfter(this.#fields);
    this.checksumAt = start + HEADER_CHECKSUM_AT;
    this.checksum = this.#fields.checksum;
    this.end = start + length;
  }

  /** Copies bytes that are not in a record's header. Returns their checksum, or `-1` if the source ends before. */
  #copyBytes(offset: number, length: number): number {
    let checksum = 0;
    for (let done = 0; done < length;) {
      const inside = this.#inputStart + this.#inputLength - (offset + done);
      const at = inside > 0 && offset + done >= this.#inputStart
        ? offset + done - this.#inputStart
        : this.#load(offset + done, Math.min(length - done, CHUNK_LENGTH));
      if (at < 0) return -1;
      const count = Math.min(length - done, this.#inputLength - at);
      const piece = this.#input.subarray(at, at + count);
      checksum = crc32(piece, checksum);
      this.#write(piece);
      done += count;
    }
    return checksum;
  }

  #write(bytes: Uint8Array): void {
    if (this.#filled + bytes.byteLength > CHUNK_LENGTH) this.flush();
    if (bytes.byteLength > CHUNK_LENGTH) return writeFully(this.#target, bytes);
    this.#output.set(bytes, this.#filled);
    this.#filled += bytes.byteLength;
  }

  /** Has a record's header in memory. Returns its position in the input; `-1` if the source ends before. */
  #read(offset: number, length: number): number {
    const at = offset - this.#inputStart;
    if (at >= 0 && at + RECORD_HEADER_LENGTH <= this.#inputLength) return at;
    const most = offset === this.#sourceNext ? READ_AHEAD : length;
    const count = Math.max(RECORD_HEADER_LENGTH, Math.min(most, CHUNK_LENGTH));
    const loaded = this.#load(offset, count);
    return this.#inputLength < RECORD_HEADER_LENGTH ? -1 : loaded;
  }

  #load(offset: number, count: number): number {
    this.#inputStart = offset;
    this.#inputLength = readAt(this.#source, offset, this.#input.subarray(0, count));
    return this.#inputLength === 0 ? -1 : 0;
  }

  /** Takes back what was written of a record. */
  #cutOff(start: number): void {
    this.flush();
    this.#target.truncateSync(start);
    this.#target.seekSync(start, Deno.SeekMode.Start);
  }
}
