// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { digestOf, put, randomNumbers, textAt } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { makeSampleFile, SAMPLE_NUMBERS } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

const PATH = "/a.cache";
const RUNS = 5000;

interface RecordPlace {
  readonly offset: number;
  readonly metaLength: number;
  readonly payloadLength: number;
}

const sample = makeSampleFile();
const saltChecksum = crc32(sample.bytes.subarray(12, 20));

function findRecords(): RecordPlace[] {
  const view = new DataView(sample.bytes.buffer);
  const records: RecordPlace[] = [];
  for (let offset = 32; offset < sample.bytes.length;) {
    const fields = emptyRecordFields();
    assert(readRecordHeader(sample.bytes, view, offset, saltChecksum, offset, fields));
    const { metaLength, payloadLength } = fields;
    records.push({ offset, metaLength, payloadLength });
    offset += RECORD_HEADER_LENGTH + metaLength + payloadLength;
  }
  return records;
}

const records = findRecords();

/** Damage such as happens by itself: no checksum is made to fit. */
function damage(pick: (count: number) => number): Uint8Array {
  const { bytes } = sample;
  const start = 32 + pick(bytes.length - 32);
  const end = Math.min(bytes.length, start + 1 + pick(300));
  const to = 32 + pick(bytes.length - 32);
  switch (pick(6)) {
    case 0: {
      const flipped = bytes.slice();
      for (let count = pick(20); count >= 0; count--) {
        flipped[32 + pick(bytes.length - 32)]! ^= 1 << pick(8);
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
      return concat(bytes.subarray(0, start), bytes.subarray(32, 32 + pick(2000)));
  }
}

/** What somebody could write who knows the format. */
function forge(pick: (count: number) => number): Uint8Array {
  const bytes = sample.bytes.slice();
  const view = new DataView(bytes.buffer);
  for (let count = pick(3); count >= 0; count--) {
    const { offset, metaLength, payloadLength } = records[pick(records.length)]!;
    const fields = emptyRecordFields();
    if (!readRecordHeader(bytes, view, offset, saltChecksum, offset, fields)) continue;
    const metaAt = offset + RECORD_HEADER_LENGTH;
    const numbers = [0, 1, 2, 75, 76, 255, 65535, 2 ** 31, 2 ** 32 - 1, pick(300)];
    const number = numbers[pick(numbers.length)]!;
    switch (pick(9)) {
      case 0:
        fields.metaLength = number;
        break;
      case 1:
        fields.payloadLength = [number, 2 ** 52, 2 ** 53 - 1, Infinity, NaN][pick(5)]!;
        break;
      case 2:
        fields.kind = pick(3) === 0 ? pick(256) : 1 + pick(2);
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
      case 6:
        fields.writtenAt = [NaN, Infinity, -1, 0][pick(4)]!;
        break;
      default:
        if (metaLength > 0) {
          bytes[metaAt + pick(Math.min(metaLength, pick(2) === 0 ? 44 : 999))] = number;
        }
    }
    const meta = bytes.subarray(metaAt, metaAt + metaLength);
    fields.metaChecksum = crc32(meta);
    fields.payloadChecksum = crc32(
      bytes.subarray(metaAt + metaLength, metaAt + metaLength + payloadLength),
    );
    const digest = pick(4) === 0
      ? digestOf(pick(9))
      : bytes.subarray(offset + 20, offset + 52).toHex();
    writeRecordHeader(bytes, view, offset, digest, fields, saltChecksum, offset);
  }
  return bytes;
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

/** Reads everything there is. Returns each entry's value as text. */
function readAll(store: LogStore): Map<string, string> {
  const found = new Map<string, string>();
  for (const number of SAMPLE_NUMBERS) {
    const value = store.get(digestOf(number));
    assertEquals(store.has(digestOf(number)), value !== undefined);
    if (value === undefined) continue;
    found.set(
      digestOf(number),
      [value.codec, value.promised, ...value.parts.map((part) => part.toHex())].join(),
    );
  }
  for (const info of store.entries()) {
    assert(info.key.parts.length > 0 && info.codec !== "" && info.byteLength >= 0);
  }
  assert(store.size >= 0);
  return found;
}

/** Every value that an entry ever had, and one that is committed later. */
function pastValues(): Map<string, Set<string>> {
  const past = new Map<string, Set<string>>();
  const states = sample.history.map(({ state }) => state);
  for (const change of [...states.flatMap((state) => [...state.values()]), put(7, "new")]) {
    const text = [change.codec, change.promised, ...change.parts.map((part) => part.toHex())]
      .join();
    past.set(change.digest, (past.get(change.digest) ?? new Set()).add(text));
  }
  return past;
}

function fuzz(
  seed: number,
  make: typeof damage,
  check: (found: Map<string, string>) => void,
): void {
  const random = randomNumbers(seed);
  const bytes = make((count) => Math.floor(random() * count));
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  let calls = 0;
  disk.onCall = () => assert(++calls < 10_000, "no end of calls");
  try {
    withWarnings(() => {
      const store = new LogStore(PATH, { disk });
      const before = readAll(store);
      check(before);
      if (make === damage) assert(store.size >= before.size);
      store.commit([put(7, "new")]);
      for (const reader of [store, new LogStore(PATH, { disk })]) {
        const after = readAll(reader);
        check(after);
        assertEquals(textAt(reader, 7), "new");
        before.delete(digestOf(7));
        after.delete(digestOf(7));
        // A forged snapshot tells another story than the records.
        if (make === damage) assertEquals(after, before);
      }
    });
  } catch (error) {
    // Some forged records are those of a newer version.
    if (make === forge && error instanceof CacheFormatError) {
      assertEquals(disk.read(PATH), bytes);
      return;
    }
    throw new Error(`Seed ${seed}`, { cause: error });
  }
}

Deno.test("LogStore gives no value that was never committed, whatever damage there is", () => {
  const past = pastValues();
  for (let seed = 1; seed <= RUNS / 2; seed++) {
    fuzz(seed, damage, (found) => {
      for (const [digest, text] of found) assert(past.get(digest)?.has(text), `${digest}: ${text}`);
    });
  }
});

Deno.test("LogStore reads a file to its end without harm, whatever somebody forged in it", () => {
  for (let seed = 1; seed <= RUNS / 2; seed++) fuzz(seed, forge, () => {});
});
