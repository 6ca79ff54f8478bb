// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { ANCHOR_LENGTH } from "../../src/stores/_anchor.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import type { DiskFile } from "../../src/stores/disk.ts";
import { createFileStart } from "../../src/stores/_file_start.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  FLAG,
  KIND,
  MOST_USES,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
} from "../../src/stores/_record.ts";
import { RecordCopier } from "../../src/stores/_record_copier.ts";
import type { RecordLocation } from "../../src/stores/_record_reader.ts";
import { scanRecords } from "../../src/stores/_scan.ts";
import type { PutChange, StoreChange } from "../../src/stores/store.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, valueOf } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { PATH } from "./_memory_file.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";

const TARGET = "/b.cache";

/** How much the copier reads and writes at a time. */
const CHUNK = 1024 * 1024;

interface Found extends RecordFields {
  readonly offset: number;
  readonly digest: string;
}

/** The records of a file, in order. */
function recordsOf(bytes: Uint8Array): Found[] {
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  const found: Found[] = [];
  const saltChecksum = crc32(bytes.subarray(12, 20));
  const place = { filePath: PATH, saltChecksum, replaced: 0 };
  const end = scanRecords(disk.openSync(PATH, {}), 32, bytes.length, place, {
    onRecord: (fields, offset, source, at) =>
      found.push({ ...fields, offset, digest: source.subarray(at, at + 32).toHex() }),
    onDamage: (offset) => assert(false, `Damaged at ${offset}`),
    onLostReplacement: (offset) => assert(false, `Lost before ${offset}`),
  });
  assertEquals([end.end, end.tail], [bytes.length, "clean"]);
  return found;
}

/** A file of commits, one that is empty but for its start, and a copier between them. */
class Copying {
  readonly disk = new MemoryDisk();
  readonly copier: RecordCopier;
  readonly locations = new Map<string, RecordLocation>();
  readonly #targetSalt: number;

  constructor(commits: readonly (readonly StoreChange[])[], transfer = Infinity) {
    const { disk } = this;
    const store = new LogStore(PATH, { disk, compactFrom: Infinity });
    for (const changes of commits) store.commit(changes);
    for (const { kind, digest, offset, metaLength, payloadLength } of recordsOf(this.source)) {
      if (kind !== KIND.put) continue;
      const length = RECORD_HEADER_LENGTH + metaLength + payloadLength;
      this.locations.set(digest, { offset, length });
    }
    const { bytes, saltChecksum } = createFileStart();
    disk.write(TARGET, bytes);
    this.#targetSalt = saltChecksum;
    disk.transfer = transfer;
    this.copier = this.newCopier();
  }

  /** Makes another copier between the two. */
  newCopier(watch = (file: DiskFile) => file): RecordCopier {
    const { disk } = this;
    const sourceSalt = crc32(this.source.subarray(12, 20));
    const [source, target] = [watch(disk.openSync(PATH, {})), watch(disk.openSync(TARGET, {}))];
    const start = { end: 32 + ANCHOR_LENGTH, replaced: 0, checksumAt: 104, checksum: 0 };
    return new RecordCopier(source, sourceSalt, target, this.#targetSalt, start);
  }

  /** What the file holds that is copied. */
  get source(): Uint8Array<ArrayBuffer> {
    return this.disk.files.get(PATH)!.bytes;
  }

  /** What the other one holds by now. */
  get target(): Uint8Array<ArrayBuffer> {
    this.copier.flush();
    return this.disk.read(TARGET);
  }

  /** Copies the newest record of a digest. */
  copy(digest: string, replaces = false): number {
    return this.copier.copy(digest, this.locations.get(digest)!, replaces);
  }

  /** Checks that the file of copies holds certain entries, in order, and that the copier knows where it ends. */
  assertHolds(changes: readonly PutChange[]): void {
    const { target, copier } = this;
    assertEquals(copier.end, target.length);
    const { disk } = this;
    disk.transfer = Infinity;
    const store = new LogStore(TARGET, { disk });
    assertEquals([...store.entries()], changes.map(infoOf));
    for (const change of changes) assertEquals(store.get(change.digest), valueOf(change));
    const last = recordsOf(target).at(-1)!;
    assertEquals([copier.checksum, copier.checksumAt], [last.checksum, last.offset + 72]);
    const replaced = recordsOf(target).filter(({ flags }) => (flags & FLAG.replaces) !== 0).length;
    assertEquals(copier.replaced, replaced);
    store.close();
  }
}

const KINDS: readonly PutChange[] = [
  put(1, ""),
  put(2, "two", { functionName: "f", duration: 2.5, promised: true, writtenAt: -1.5 }),
  put(3, [bytesOf("3"), noise(40, 3), new Uint8Array()], { codec: "my codec" }),
  put(4, "four", { key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"4"}')] } }),
  put(5, "five", {
    codec: "msgpack",
    key: { kind: "value", parts: [noise(5000, 5), noise(3, 6)] },
  }),
  put(6, [noise(300_000, 6)], { functionName: "x".repeat(1024) }),
];

Deno.test("RecordCopier.copy() copies all that there is to an entry", () => {
  for (const transfer of [Infinity, 3000]) {
    const copying = new Copying([KINDS.slice(0, 4), KINDS.slice(4)], transfer);
    for (const { digest } of KINDS) {
      const before = copying.copier.end;
      assertEquals(copying.copy(digest), before);
    }
    copying.assertHolds(KINDS);
    // Each is a batch by itself, wherever it was before.
    for (const { flags } of recordsOf(copying.target)) assertEquals(flags & FLAG.continues, 0);
  }
});

Deno.test("RecordCopier.copy() copies records of any length, in any order", () => {
  const lengths = [0, 1, CHUNK - 200, CHUNK - 113, CHUNK - 112, CHUNK, CHUNK + 1, 3 * CHUNK + 5, 9];
  const changes = lengths.map((length, number) => put(number, [noise(length, number)]));
  for (const transfer of [Infinity, 100_001]) {
    const copying = new Copying([changes], transfer);
    const order = transfer === Infinity ? changes : changes.toReversed();
    for (const { digest } of order) copying.copy(digest);
    copying.assertHolds(order);
  }
});

Deno.test("RecordCopier.copy() takes a value through memory in pieces, and each byte once", () => {
  const large = put(1, [noise(10 * CHUNK, 1)]);
  const small = Array.from({ length: 300 }, (_, at) => put(at + 2, [noise(1000, at)]));
  const copying = new Copying([[large], small]);
  let longest = 0;
  let moved = 0;
  /** Watches a handle. */
  function watch<T extends DiskFile>(file: T): T {
    const count = (bytes: Uint8Array) => {
      longest = Math.max(longest, bytes.length);
      moved += bytes.length;
    };
    const { readSync, writeSync } = file;
    return Object.assign(file, {
      readSync: (bytes: Uint8Array) => {
        count(bytes);
        return readSync(bytes);
      },
      writeSync: (bytes: Uint8Array) => {
        count(bytes);
        return writeSync(bytes);
      },
    });
  }
  const { length } = copying.source;
  const copier = copying.newCopier(watch);
  for (const { digest } of [large, ...small]) {
    copier.copy(digest, copying.locations.get(digest)!, false);
  }
  copier.flush();
  assert(longest <= CHUNK, `${longest}`);
  // What is read ahead of a large record is read again with it.
  assert(moved < 2.2 * length, `${moved} of ${length}`);
});

Deno.test("RecordCopier counts what is replaced, as a store that wrote the file would", () => {
  const changes = [put(1, "one"), put(2, "two"), put(3, "three")];
  const copying = new Copying([changes]);
  for (const { digest } of changes) copying.copy(digest);
  copying.copy(digestOf(2), true);
  copying.copier.delete(digestOf(1));
  copying.copy(digestOf(1));
  copying.copier.delete(digestOf(3));
  copying.copier.writeUses([digestOf(1)]);
  copying.assertHolds([changes[1]!, changes[0]!]);
  const records = recordsOf(copying.target);
  assertEquals(records.map(({ replaced }) => replaced), [0, 0, 0, 0, 1, 2, 2, 3]);
  assertEquals(records.map(({ flags }) => flags), [0, 0, 0, 8, 8, 0, 8, 0]);
});

Deno.test("RecordCopier.copy() clears no flag but those that are about the file", () => {
  const change = put(1, "one", { promised: true, key: { kind: "call", parts: [bytesOf("{}")] } });
  const copying = new Copying([[put(1, "0")], [change, put(2, "two")]]);
  copying.copy(change.digest);
  assertEquals(recordsOf(copying.source)[1]!.flags, 15);
  assertEquals(recordsOf(copying.target)[0]!.flags, FLAG.promised | FLAG.callKey);
  copying.copy(change.digest, true);
  assertEquals(recordsOf(copying.target)[1]!.flags, FLAG.promised | FLAG.callKey | FLAG.replaces);
});

Deno.test("RecordCopier.copy() copies nothing of a record with a flipped bit, and goes on", () => {
  const changes = [put(1, "one"), put(2, [noise(20, 2), noise(30, 3)]), put(3, "three")];
  const { digest } = changes[1]!;
  const { source, locations } = new Copying([changes]);
  const { offset, length } = locations.get(digest)!;
  assert(offset + length < source.length);
  for (let bit = 8 * offset; bit < 8 * (offset + length); bit += bit < 8 * (offset + 76) ? 2 : 13) {
    const copying = new Copying([changes]);
    copying.copy(digestOf(1));
    copying.source[bit >>> 3]! ^= 1 << (bit & 7);
    assertEquals(copying.copy(digest), -1, `${bit - 8 * offset}`);
    copying.copy(digestOf(3));
    copying.assertHolds([changes[0]!, changes[2]!]);
  }
});

Deno.test("RecordCopier.copy() copies nothing of a large record that is damaged or cut off anywhere", () => {
  const changes = [put(1, "one"), put(2, [noise(3 * CHUNK, 2)]), put(3, "three")];
  const { digest } = changes[1]!;
  for (const at of [100, CHUNK - 1, CHUNK + 500, 2 * CHUNK + 1, 3 * CHUNK + 100]) {
    for (const isCut of [false, true]) {
      const copying = new Copying([[changes[0]!, changes[2]!], [changes[1]!]]);
      copying.copy(digestOf(1));
      const before = copying.target;
      const { offset } = copying.locations.get(digest)!;
      if (isCut) copying.disk.files.get(PATH)!.bytes = copying.source.slice(0, offset + at);
      else copying.source[offset + at]! ^= 1;
      assertEquals(copying.copy(digest), -1);
      assertEquals(copying.target.toHex(), before.toHex());
      copying.copy(digestOf(3));
      copying.assertHolds([changes[0]!, changes[2]!]);
    }
  }
});

Deno.test("RecordCopier.copy() takes no record for another", () => {
  const changes = [put(1, "one"), put(2, "two")];
  const copying = new Copying([changes, [remove(2)]]);
  const location = copying.locations.get(digestOf(1))!;
  const { offset, length } = location;
  const before = copying.target;
  const { copier, source } = copying;
  // The digest of another, or one that differs in a digit.
  for (let digit = 0; digit < 64; digit++) {
    const other = (parseInt(digestOf(1)[digit]!, 16) ^ 8).toString(16);
    const near = digestOf(1).slice(0, digit) + other + digestOf(1).slice(digit + 1);
    assertEquals(copier.copy(near, location, false), -1, `${digit}`);
  }
  for (const wrong of [length - 1, length + 1, 76, 0, 2 ** 40]) {
    assertEquals(copier.copy(digestOf(1), { offset, length: wrong }, false), -1, `${wrong}`);
  }
  for (
    const wrong of [
      0,
      32,
      offset - 1,
      offset + 1,
      source.length - 76,
      source.length - 75,
      source.length,
      2 ** 48,
    ]
  ) {
    assertEquals(copier.copy(digestOf(1), { offset: wrong, length }, false), -1, `${wrong}`);
  }
  // That is the record which deletes it.
  const deletion = { offset: source.length - 76, length: 76 };
  assertEquals(copier.copy(digestOf(2), deletion, false), -1);
  assertEquals(copying.target.toHex(), before.toHex());
  copying.copy(digestOf(1));
  copying.assertHolds([changes[0]!]);
});

Deno.test("RecordCopier.writeUses() writes at least one record, and no more digests in one than a reader takes", () => {
  for (const count of [0, 1, MOST_USES, MOST_USES + 1, 3 * MOST_USES]) {
    const copying = new Copying([[put(1, "one")]]);
    const digests = Array.from({ length: count }, (_, number) => digestOf(number));
    copying.copy(digestOf(1));
    copying.copier.writeUses(digests);
    const { target } = copying;
    const records = recordsOf(target).filter(({ kind }) => kind === KIND.uses);
    assertEquals(records.length, Math.max(1, Math.ceil(count / MOST_USES)));
    const written = records.map(({ offset, payloadLength, payloadChecksum }) => {
      const payload = target.subarray(offset + 76, offset + 76 + payloadLength);
      assertEquals(crc32(payload), payloadChecksum);
      return payload.toHex();
    });
    assertEquals(written.join(""), digests.join(""));
    copying.copy(digestOf(1), true);
    copying.assertHolds([put(1, "one")]);
  }
});

Deno.test("RecordCopier writes records that are good at their place in their file only", () => {
  const copying = new Copying([[put(1, "one"), put(2, "two")]]);
  copying.copy(digestOf(2));
  const { target, copier } = copying;
  const view = new DataView(target.buffer);
  const read = (salt: number, offset: number) =>
    readRecordHeader(target, view, FIRST_RECORD_AT, salt, offset, emptyRecordFields());
  assert(read(copier.saltChecksum, FIRST_RECORD_AT));
  assert(!read(crc32(copying.source.subarray(12, 20)), FIRST_RECORD_AT));
  assert(!read(copier.saltChecksum, copying.locations.get(digestOf(2))!.offset));
});
