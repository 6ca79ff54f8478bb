// Copyright 2026 the pecapiku authors. MIT license.

import { crc32, tableCrc32 } from "./_crc32.ts";
import {
  emptyRecordFields,
  FLAG,
  KIND,
  READING,
  readingOf,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "./_record.ts";
import { codecNumber, metaBound, writeRecordMeta } from "./_record_meta.ts";
import { checkMeta, entryInfo, matchHeader, storedValue } from "./_record_reader.ts";
import type { Digest, EntryInfo, Parts, PutChange, StoredValue } from "./store.ts";

/**
 * Writes the record of one entry into memory, behind what is to come before it.
 *
 * @param change The entry.
 * @param saltChecksum What ties the record to its place.
 * @param offset How many bytes to leave free before it.
 * @returns The bytes, which nobody else has.
 */
export function encodeRecord(
  change: PutChange,
  saltChecksum: number,
  offset: number,
): Uint8Array<ArrayBuffer> {
  let length = offset + RECORD_HEADER_LENGTH + metaBound(change);
  for (const part of change.key.parts) length += part.byteLength;
  for (const part of change.parts) length += part.byteLength;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const metaAt = offset + RECORD_HEADER_LENGTH;
  let end = writeRecordMeta(bytes, view, metaAt, change);
  const append = (parts: Parts): void => {
    for (const part of parts) {
      bytes.set(part, end);
      end += part.byteLength;
    }
  };
  append(change.key.parts);
  const payloadAt = end;
  append(change.parts);
  const fields = emptyRecordFields();
  fields.kind = KIND.put;
  if (change.promised) fields.flags |= FLAG.promised;
  if (change.key.kind === "call") fields.flags |= FLAG.callKey;
  fields.codec = codecNumber(change.codec);
  fields.writtenAt = change.writtenAt;
  fields.metaLength = payloadAt - metaAt;
  fields.metaChecksum = crc32(bytes.subarray(metaAt, payloadAt));
  fields.payloadLength = end - payloadAt;
  fields.payloadChecksum = crc32(bytes.subarray(payloadAt, end));
  writeRecordHeader(bytes, view, offset, change.digest, fields, saltChecksum, offset);
  return bytes.subarray(0, end);
}

/** The front of a record: all but its payload. */
export interface RecordFront {
  /** What is known of the entry. */
  readonly info: EntryInfo;
  /** How long the record is up to its payload, in bytes. */
  readonly frontLength: number;
  /** Gives the value whose payload this is; `undefined` if that is damaged. */
  value(payload: Uint8Array): StoredValue | undefined;
}

/** What is missing to read the front of a record: so many bytes of it. */
export type FrontLength = number;

/**
 * Reads the front of a record, and checks every byte of it.
 *
 * @param bytes The record, or the beginning of it: a plain array of bytes, no `Buffer`.
 * @param digest The digest that it must have.
 * @param saltChecksum What ties it to its place.
 * @param offset How many bytes came before it.
 * @param length The length of the whole record, in bytes.
 * @returns The front; how many bytes are needed to read it, if there are too few; `undefined` if it is damaged.
 */
export function readRecordFront(
  bytes: Uint8Array,
  digest: Digest,
  saltChecksum: number,
  offset: number,
  length: number,
): RecordFront | FrontLength | undefined {
  if (bytes.byteLength < RECORD_HEADER_LENGTH) {
    return length < RECORD_HEADER_LENGTH ? undefined : RECORD_HEADER_LENGTH;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = matchHeader(bytes, view, saltChecksum, digest, { offset, length });
  // A newer version may have put it in a way that this one does not know.
  if (header?.kind !== KIND.put || readingOf(header) !== READING.known) return undefined;
  const frontLength = RECORD_HEADER_LENGTH + header.metaLength;
  if (bytes.byteLength < frontLength) return frontLength;
  const metaBytes = bytes.subarray(RECORD_HEADER_LENGTH, frontLength);
  const meta = checkMeta(metaBytes, header);
  if (meta === undefined) return undefined;
  return {
    get info() {
      return entryInfo(digest, header, meta, metaBytes);
    },
    frontLength,
    value(payload) {
      if (payload.byteLength !== header.payloadLength) return undefined;
      if (crc32(payload) !== header.payloadChecksum) return undefined;
      const parts: Uint8Array[] = [];
      let at = 0;
      for (const partLength of meta.valueLengths) {
        parts.push(payload.slice(at, at += partLength));
      }
      return storedValue(header, meta, parts);
    },
  };
}

/**
 * The CRC-32 of the bytes before a record, which ties it to them.
 *
 * @param bytes The bytes.
 * @returns The checksum.
 */
export function placeChecksum(bytes: Uint8Array): number {
  return tableCrc32(bytes, 0, bytes.byteLength);
}
