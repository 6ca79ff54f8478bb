// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32 } from "../../src/stores/_crc32.ts";
import {
  emptyRecordFields,
  FLAG,
  KIND,
  NO_DIGEST,
  readRecordHeader,
  RECORD_HEADER_LENGTH,
  type RecordFields,
  writeLength,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { PAGE_CAPACITY, PAGE_LENGTH } from "../../src/stores/_segment.ts";
import {
  DamagedSnapshotError,
  type Segment,
  segmentLength,
  Snapshot,
} from "../../src/stores/_snapshot.ts";
import { randomNumbers } from "./_changes.ts";
import { PATH } from "./_memory_file.ts";
import { digestOfHash, randomDigest, randomEntry } from "./_segment_entries.ts";
import { randomChanges, SALT, SnapshotFile } from "./_snapshot_file.ts";

type NonEmpty = Snapshot & { segments: [Segment] };

Deno.test("readSnapshot() gives what was written, down to its length in the file", () => {
  const random = randomNumbers(8);
  const log = new SnapshotFile();
  const pool: string[] = [];
  for (let number = 1; number <= 70; number++) {
    const snapshot = log.take(randomChanges(random, pool, 3));
    const read = log.read()!;
    assert(read !== snapshot);
    const { end, replaced, checksum, checksumAt, byteLength, count, liveBytes } = snapshot;
    assertEquals(
      [read.end, read.replaced, read.checksum, read.checksumAt, read.byteLength],
      [end, replaced, checksum, checksumAt, byteLength],
    );
    assertEquals([read.count, read.liveBytes], [count, liveBytes]);
    const plain = (each: Snapshot) =>
      each.segments.map((segment) => ({ ...segment, filter: undefined }));
    assertEquals(plain(read), plain(snapshot));
    assertEquals(end, log.bytes.length);
    const sum = read.segments.reduce((total, segment) => total + segmentLength(segment), 0);
    assertEquals(byteLength, RECORD_HEADER_LENGTH + 24 + 32 * read.segments.length + sum);
  }
});

Deno.test("readSnapshot() reads as many segments as there may be", () => {
  const random = randomNumbers(9);
  const log = new SnapshotFile(5_000_000);
  const { segments: [first], ...place } = log.take([randomEntry(random)]);
  for (const count of [62, 63, 64, 65, 4095, 4096]) {
    const segments = Array.from(
      { length: count },
      (_, at) => ({ ...first!, offset: at, level: 2 }),
    );
    const before = new Snapshot(SALT, { count: 1, liveBytes: 1, segments }, place);
    log.take([randomEntry(random)], before);
    const read = log.read();
    if (count === 4096) assertEquals(read, undefined);
    else {assertEquals(read!.segments.slice(1).map(({ offset }) => offset), [
        ...Array(count).keys(),
      ]);}
  }
});

Deno.test("readSnapshot() gives undefined for any flipped bit before the pages, and any cut", () => {
  const log = new SnapshotFile();
  for (let number = 1; number <= 3; number++) log.take([randomEntry(randomNumbers(number))]);
  const { checksumAt, checksum, end, segments: [{ offset: pagesAt }] } = log.snapshot as NonEmpty;
  const start = checksumAt - 72;
  for (let bit = 8 * start; bit < 8 * pagesAt; bit++) {
    log.bytes[bit >>> 3]! ^= 1 << (bit & 7);
    assertEquals(log.read(), undefined, `${bit - 8 * start}`);
    log.bytes[bit >>> 3]! ^= 1 << (bit & 7);
  }
  for (let size = start; size < end; size++) assertEquals(log.read(log.snapshot!, size), undefined);
  // Whose checksum is another, is another.
  assertEquals(log.read({ checksumAt, checksum: checksum ^ 1 } as Snapshot), undefined);
  const whole = log.disk.read(PATH);
  // Cut off after its length was looked at.
  for (let size = start; size < pagesAt + PAGE_LENGTH; size += 7) {
    log.disk.files.get(PATH)!.bytes = whole.slice(0, size);
    const read = log.read(log.snapshot!, end);
    assertEquals(read === undefined, size < pagesAt, `${size}`);
    if (read === undefined) continue;
    const [segment] = (read as NonEmpty).segments;
    assertThrows(() => read.readEntries(log.file, segment, () => {}), DamagedSnapshotError);
    assertThrows(() => log.assertTells(read), DamagedSnapshotError);
  }
});

Deno.test("readSnapshot() takes no other record, nor one that contradicts itself", () => {
  const log = new SnapshotFile();
  for (let number = 1; number <= 3; number++) log.take([randomEntry(randomNumbers(number))]);
  const { bytes } = log;
  const start = log.snapshot!.checksumAt - 72;
  const metaAt = start + RECORD_HEADER_LENGTH;
  const view = new DataView(bytes.buffer);
  const original = emptyRecordFields();
  assert(readRecordHeader(bytes, view, start, SALT, start, original));
  const copy = bytes.slice();
  function readWith(
    change: Partial<RecordFields>,
    edit: () => void = () => {},
  ): Snapshot | undefined {
    edit();
    const fields = { ...original, ...change };
    fields.metaChecksum = crc32(bytes.subarray(metaAt, metaAt + fields.metaLength));
    writeRecordHeader(bytes, view, start, NO_DIGEST, fields, SALT, start);
    const { checksum } = fields;
    const read = log.read({ ...log.snapshot!, checksumAt: start + 72, checksum } as Snapshot);
    bytes.set(copy);
    return read;
  }
  assert(readWith({}) !== undefined);
  for (const kind of Object.values(KIND)) {
    assertEquals(readWith({ kind }) !== undefined, kind === KIND.snapshot);
  }
  for (const flags of Object.values(FLAG)) assertEquals(readWith({ flags }), undefined);
  // Lengths that do not fit: of the meta section, of the list, of the pages.
  for (const metaLength of [0, 23, 24, 56, 88, 119, 121, 152, 2 ** 32 - 1]) {
    assertEquals(readWith({ metaLength }), undefined, `${metaLength}`);
  }
  for (const count of [0, 2, 4, 2 ** 27 + 3, 2 ** 32 - 1]) {
    assertEquals(readWith({}, () => view.setUint32(metaAt + 16, count, true)), undefined);
  }
  for (const offset of [bytes.length, bytes.length - PAGE_LENGTH, 2 ** 53 - 1, 2 ** 63]) {
    assertEquals(
      readWith({}, () => writeLength(view, metaAt + 24, offset)),
      undefined,
      `${offset}`,
    );
  }
  for (const pages of [0, 2, 2 ** 32 - 1]) {
    assertEquals(readWith({}, () => view.setUint32(metaAt + 32, pages, true)), undefined);
  }
  // More entries than its pages are for.
  for (const entries of [33, 2 ** 20, 2 ** 32 - 1]) {
    assertEquals(readWith({}, () => view.setUint32(metaAt + 36, entries, true)), undefined);
  }
  assertEquals(readWith({ payloadLength: original.payloadLength + 1 }), undefined);
});

Deno.test("Snapshot.find() throws, when a page that it needs is damaged, and only then", () => {
  const log = new SnapshotFile();
  const random = randomNumbers(12);
  const older = Array.from({ length: 60 }, () => randomEntry(random));
  log.take(older);
  const newer = Array.from({ length: 60 }, () => randomEntry(random));
  // Knows that some of the older ones were overwritten, and deleted.
  log.take([
    ...newer,
    ...older.slice(0, 5).map((entry) => ({ ...entry, length: 0 })),
    ...older.slice(5, 10).map((entry) => ({ ...entry, offset: entry.offset - 1 })),
  ]);
  const whole = log.disk.read(PATH);
  for (const { offset, pageCount, entryCount } of log.snapshot!.segments) {
    for (let at = offset; at < offset + pageCount * PAGE_LENGTH; at += 31) {
      log.bytes[at]! ^= 0x10;
      const read = log.read()!;
      const pageAt = at - (at - offset) % PAGE_LENGTH;
      let thrown = 0;
      for (const [digest, entry] of log.model) {
        try {
          assertEquals(log.find(digest, read), entry);
        } catch (error) {
          assert(error instanceof DamagedSnapshotError, String(error));
          assertEquals(error.offset, pageAt);
          thrown++;
        }
        // Filters are another matter.
        if (thrown === 20) break;
      }
      assert(thrown > 5, `${entryCount}`);
      log.bytes.set(whole);
    }
  }
});

Deno.test("Snapshot.find() looks into filters once it has read many pages, and throws when one is damaged", () => {
  const log = new SnapshotFile();
  const random = randomNumbers(13);
  for (let number = 0; number < 15; number++) {
    log.take(Array.from({ length: 30 }, () => randomEntry(random)));
  }
  const read = log.read()!;
  const misses = (count: number) =>
    log.countReads(() => {
      for (let miss = 0; miss < count; miss++) {
        assertEquals(log.find(randomDigest(random), read), undefined);
      }
    });
  assertEquals(misses(4), 60, "a page of each segment");
  assertEquals(misses(1), 15);
  // From here on few pages are read but for the filters themselves, once.
  assert(misses(200) < 15 + 200);
  assert(misses(200) < 200);
  log.assertTells(read);
  const { offset, pageCount } = read.segments[14]!;
  const filterAt = offset + pageCount * PAGE_LENGTH;
  log.bytes[filterAt]! ^= 1;
  log.assertTells(read);
  const error = assertThrows(
    () => log.assertTells(log.read()!),
    DamagedSnapshotError,
    `byte ${filterAt}`,
  );
  assertEquals(error.offset, filterAt);
});

Deno.test("Snapshot.find() reads all pages of a segment at once, when half of them were read", () => {
  const log = new SnapshotFile();
  const random = randomNumbers(15);
  const entries = Array.from({ length: 8_000 }, () => randomEntry(random));
  log.take(entries);
  const { pageCount, offset } = (log.snapshot as NonEmpty).segments[0];
  assert(pageCount > 200);
  const whole = log.disk.read(PATH);
  const read = log.read()!;
  const lookUp = (count: number) =>
    log.countReads(() => {
      for (const { digest } of entries.splice(0, count)) {
        assertEquals(log.find(digest, read), log.model.get(digest));
      }
    });
  const few = Math.floor(pageCount / 2);
  assert(lookUp(few) >= few);
  assert(lookUp(few) <= few / 2, "pages that spill, the filter, and all at once");
  assertEquals(lookUp(1_000), 0);
  log.assertTells(read);
  for (let miss = 0; miss < 100; miss++) {
    assertEquals(log.find(randomDigest(random), read), undefined);
  }

  // Damage anywhere in it is found then, and told as that of one page is.
  for (
    const at of [offset + 3, offset + 77 * PAGE_LENGTH + 500, offset + pageCount * PAGE_LENGTH - 1]
  ) {
    log.bytes[at]! ^= 4;
    const error = assertThrows(() => log.assertTells(log.read()!), DamagedSnapshotError);
    assertEquals(error.offset, at - (at - offset) % PAGE_LENGTH);
    log.bytes.set(whole);
  }
  // And a file that was cut off meanwhile.
  const cut = log.read()!;
  log.disk.files.get(PATH)!.bytes = whole.slice(0, offset + pageCount * PAGE_LENGTH - 1);
  assertThrows(() => log.assertTells(cut), DamagedSnapshotError);
});

Deno.test("Snapshot.find() looks for an entry on 64 pages behind its home, and takes more for damage", () => {
  const random = randomNumbers(14);
  const log = new SnapshotFile();
  // All of them are at home on the first page.
  const alike = Array.from(
    { length: 66 * PAGE_CAPACITY },
    () => randomEntry(random, digestOfHash(0, SALT, random)),
  );
  log.take(alike);
  const { offset } = log.snapshot!.segments[0]!;
  let [found, refused] = [0, 0];
  // Those are in order of nothing that is known here: some of them are on each page.
  for (const entry of alike.filter((_, at) => at % 5 === 0)) {
    try {
      assertEquals(log.find(entry.digest), entry);
      found++;
    } catch (error) {
      assert(error instanceof DamagedSnapshotError, String(error));
      assertEquals(error.offset, offset + 65 * PAGE_LENGTH);
      refused++;
    }
  }
  assert(found > 500 && refused > 0 && refused < 20, `${found} ${refused}`);
});
