// Copyright 2026 the pecapiku authors. MIT license.

import { crc32 } from "../../src/stores/_crc32.ts";
import {
  emptyRecordFields,
  KIND,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { digestOf } from "../stores/_changes.ts";
import type { RecordPlace, Sample } from "./_hostile_samples.ts";

/** An integer from 0 up to, and not, a count. */
export type Pick = (count: number) => number;

const FILE_HEADER_LENGTH = 32;
const DIGEST_AT = 20;

/** Damage such as happens by itself: no checksum is made to fit. */
export function damage({ bytes, records }: Sample, pick: Pick): Uint8Array {
  const anywhere = () => FILE_HEADER_LENGTH + pick(bytes.length - FILE_HEADER_LENGTH);
  // Records that count are more worth it than the pages of an index.
  const somewhere = () =>
    pick(2) === 0 ? anywhere() : records[pick(records.length)]!.offset + pick(80);
  const start = Math.min(somewhere(), bytes.length - 1);
  const end = Math.min(bytes.length, start + 1 + pick(300));
  const to = Math.min(somewhere(), bytes.length - 1);
  switch (pick(6)) {
    case 0: {
      const flipped = bytes.slice();
      for (let count = pick(20); count >= 0; count--) {
        flipped[Math.min(somewhere(), bytes.length - 1)]! ^= 1 << pick(8);
      }
      return flipped;
    }
    case 1:
      return concat(bytes.subarray(0, start), bytes.subarray(end));
    case 2:
      return concat(bytes.subarray(0, to), bytes.subarray(start, end), bytes.subarray(to));
    case 3:
      return bytes.slice().copyWithin(to, start, end);
    case 4:
      return bytes.slice().fill([0, 0xff, 0xf1, pick(256)][pick(4)]!, start, end);
    default:
      return concat(
        bytes.subarray(0, start),
        bytes.subarray(FILE_HEADER_LENGTH, FILE_HEADER_LENGTH + pick(2000)),
      );
  }
}

/** Records of other files, and of other places, in the place of some or in between, as if they had been written for it. */
export function splice(sample: Sample, others: readonly Sample[], pick: Pick): Uint8Array {
  const runs: Uint8Array[] = [sample.bytes.subarray(0, FILE_HEADER_LENGTH)];
  let length = FILE_HEADER_LENGTH;
  const add = (source: Sample, record: RecordPlace) => {
    const run = source.bytes.slice(record.offset, endOf(record));
    rewriteHeader(run, 0, source.saltChecksum, record.offset, sample.saltChecksum, length);
    runs.push(run);
    length += run.length;
  };
  // One of the file's own is left out, or moved, now and then; the others keep their order, not their place.
  const gap = pick(sample.records.length);
  const count = 1 + pick(4);
  for (const [index, record] of sample.records.entries()) {
    if (index < gap || index >= gap + pick(count)) add(sample, record);
    if (index !== gap) continue;
    const other = others[pick(others.length)]!;
    const first = pick(other.records.length);
    for (const each of other.records.slice(first, first + count)) add(other, each);
  }
  return concat(...runs);
}

/** What somebody could write who knows the format, but for payloads and the digests that they are found under. */
export function forgeHeaders(sample: Sample, pick: Pick): Uint8Array {
  return forge(sample, pick, (fields) => forgeField(fields, pick));
}

/** What somebody could write who knows the format. */
export function forgeContents(sample: Sample, pick: Pick): Uint8Array {
  return forge(sample, pick, (fields, { offset, metaLength, payloadLength }, bytes) => {
    const metaAt = offset + RECORD_HEADER_LENGTH;
    if (pick(9) < 7 || metaLength + payloadLength === 0) forgeField(fields, pick);
    else {bytes[metaAt + pick(Math.min(metaLength + payloadLength, [44, 999][pick(2)]!))] = pick(
        256,
      );}
    fields.metaChecksum = crc32(bytes.subarray(metaAt, metaAt + metaLength));
    fields.payloadChecksum = crc32(
      bytes.subarray(metaAt + metaLength, metaAt + metaLength + payloadLength),
    );
    return pick(4) === 0 ? digestOf(pick(9)) : undefined;
  });
}

function forge(
  { bytes: original, records, saltChecksum }: Sample,
  pick: Pick,
  change: (
    fields: RecordFields,
    place: RecordPlace,
    bytes: Uint8Array,
  ) => string | undefined | void,
): Uint8Array {
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  const fields = emptyRecordFields();
  for (let count = pick(3); count >= 0; count--) {
    const place = records[pick(records.length)]!;
    const { offset } = place;
    if (!readRecordHeader(bytes, view, offset, saltChecksum, offset, fields)) continue;
    const digest = change(fields, place, bytes) ?? digestAt(bytes, offset);
    writeRecordHeader(bytes, view, offset, digest, fields, saltChecksum, offset);
  }
  return bytes;
}

function forgeField(fields: RecordFields, pick: Pick): void {
  const numbers = [0, 1, 2, 75, 76, 255, 65535, 2 ** 31, 2 ** 32 - 1, pick(300)];
  const number = numbers[pick(numbers.length)]!;
  switch (pick(7)) {
    case 0:
      fields.metaLength = number;
      break;
    case 1:
      fields.payloadLength = [number, 2 ** 52, 2 ** 53 - 1, Infinity, NaN][pick(5)]!;
      break;
    case 2:
      fields.kind = pick(3) === 0 ? pick(256) : [...Object.values(KIND)][pick(5)]!;
      break;
    case 3:
      fields.flags = pick(16);
      break;
    case 4:
      fields.codec = pick(5);
      break;
    case 5:
      fields.replaced = number;
      break;
    default:
      fields.writtenAt = [NaN, Infinity, -1, 0][pick(4)]!;
  }
}

/** Makes a record header right for another file, or another place. */
function rewriteHeader(
  bytes: Uint8Array<ArrayBuffer>,
  at: number,
  saltBefore: number,
  offsetBefore: number,
  salt: number,
  offset: number,
): void {
  const fields = emptyRecordFields();
  const view = new DataView(bytes.buffer);
  if (!readRecordHeader(bytes, view, at, saltBefore, offsetBefore, fields)) return;
  writeRecordHeader(bytes, view, at, digestAt(bytes, at), fields, salt, offset);
}

function digestAt(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at + DIGEST_AT, at + DIGEST_AT + 32).toHex();
}

function endOf({ offset, metaLength, payloadLength }: RecordPlace): number {
  return offset + RECORD_HEADER_LENGTH + metaLength + payloadLength;
}

function concat(...runs: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    bytes.set(run, at);
    at += run.length;
  }
  return bytes;
}
