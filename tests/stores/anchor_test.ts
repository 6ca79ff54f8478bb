// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import {
  ANCHOR_LENGTH,
  createAnchor,
  type Mooring,
  readAnchor,
  writeMooring,
} from "../../src/stores/_anchor.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import {
  emptyRecordFields,
  KIND,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  type RecordFields,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { noise, put } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";

const SALT = 0xfedcba98;
const FILE_HEADER = 32;
const SLOTS_AT = FILE_HEADER + RECORD_HEADER_LENGTH;

/** A file with an anchor, and whatever is before and behind it. */
function anchoredDisk(...moorings: Mooring[]): MemoryDisk {
  const rest = noise(100, 1);
  const disk = diskWith(
    new Uint8Array([...noise(FILE_HEADER, 2), ...createAnchor(SALT), ...rest]),
  );
  for (const mooring of moorings) moor(disk, mooring);
  return disk;
}

function moor(disk: MemoryDisk, mooring: Mooring): void {
  writeMooring(disk.openSync(PATH, {}), SALT, mooring);
}

function read(disk: MemoryDisk, salt = SALT): Mooring[] | undefined {
  return readAnchor(disk.openSync(PATH, {}), salt);
}

function mooring(generation: number): Mooring {
  return { offset: 172 + generation % 1000, checksum: ~generation >>> 0, generation };
}

Deno.test("readAnchor() gives nothing of a new anchor", () => {
  assertEquals(createAnchor(SALT).length, ANCHOR_LENGTH);
  assertEquals(read(anchoredDisk()), []);
});

Deno.test("readAnchor() gives what was written last and what was before, the newest first", () => {
  const disk = anchoredDisk();
  let before: Mooring | undefined;
  for (let generation = 1; generation < 10; generation++) {
    const newest = mooring(generation);
    moor(disk, newest);
    assertEquals(read(disk), before === undefined ? [newest] : [newest, before]);
    before = newest;
  }
});

Deno.test("writeMooring() takes numbers of any size, and a generation after the last one", () => {
  for (const offset of [0, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]) {
    const each = { offset, checksum: 0xffff_ffff, generation: 3 };
    assertEquals(read(anchoredDisk(each)), [each]);
  }
  for (const last of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    const [one, other] = [mooring(last), mooring((last + 1) % 2 ** 32)];
    assertEquals(read(anchoredDisk(one, other)), [other, one], "they are counted modulo 2^32");
    assertEquals(read(anchoredDisk(other, one)), [other, one]);
  }
});

Deno.test("writeMooring() changes the older slot, and no other byte", () => {
  const disk = anchoredDisk(mooring(1), mooring(2));
  for (let generation = 3; generation < 7; generation++) {
    const before = disk.read(PATH);
    moor(disk, mooring(generation));
    const after = disk.read(PATH);
    const slotAt = SLOTS_AT + 32 * (generation % 2);
    assert(
      after.subarray(slotAt, slotAt + 32).toHex() !== before.subarray(slotAt, slotAt + 32).toHex(),
    );
    after.set(before.subarray(slotAt, slotAt + 32), slotAt);
    assertEquals(after.toHex(), before.toHex());
  }
});

Deno.test("readAnchor() gives the other slot, when one is torn at any byte", () => {
  for (const generation of [3, 4]) {
    const before = anchoredDisk(mooring(generation - 2), mooring(generation - 1));
    const after = diskWith(before.read(PATH));
    moor(after, mooring(generation));
    const [old, target] = [before.read(PATH), after.read(PATH)];
    const slotAt = SLOTS_AT + 32 * (generation % 2);
    for (let written = 0; written <= 32; written++) {
      // From the front, and from the back: the medium may get them in any order.
      for (const isFront of [true, false]) {
        const bytes = (isFront ? old : target).slice();
        const other = isFront ? target : old;
        bytes.set(other.subarray(slotAt, slotAt + written), slotAt);
        const whole = [old, target].findIndex((each) => each.toHex() === bytes.toHex());
        const expected = whole === 0
          ? [mooring(generation - 1), mooring(generation - 2)]
          : whole === 1
          ? [mooring(generation), mooring(generation - 1)]
          : [mooring(generation - 1)];
        assertEquals(read(diskWith(bytes)), expected, `${written} ${isFront}`);
      }
    }
  }
});

Deno.test("readAnchor() takes no slot with a flipped bit, nor one of another file", () => {
  const disk = anchoredDisk(mooring(1), mooring(2));
  const bytes = disk.read(PATH);
  for (let bit = 0; bit < 8 * 64; bit++) {
    const flipped = bytes.slice();
    flipped[SLOTS_AT + (bit >>> 3)]! ^= 1 << (bit & 7);
    // The slot of an even generation is the first one.
    assertEquals(read(diskWith(flipped)), [mooring(bit < 256 ? 1 : 2)], `${bit}`);
  }
  const other = diskWith(new Uint8Array([...noise(32, 2), ...createAnchor(SALT ^ 1)]));
  other.files.get(PATH)!.bytes.set(bytes.subarray(SLOTS_AT, SLOTS_AT + 64), SLOTS_AT);
  assertEquals(read(other, SALT ^ 1), []);
});

Deno.test("readAnchor() gives undefined, when there is no whole anchor", () => {
  const bytes = anchoredDisk(mooring(1)).read(PATH);
  for (let length = 0; length < SLOTS_AT + 64; length++) {
    assertEquals(read(diskWith(bytes.slice(0, length))), undefined, `${length}`);
  }
  assertEquals(read(diskWith(bytes.slice(0, SLOTS_AT + 64))), [mooring(1)]);
  assertEquals(read(diskWith(bytes), SALT ^ 1), undefined);
  for (let bit = 0; bit < 8 * RECORD_HEADER_LENGTH; bit++) {
    const flipped = bytes.slice();
    flipped[FILE_HEADER + (bit >>> 3)]! ^= 1 << (bit & 7);
    assertEquals(read(diskWith(flipped)), undefined, `${bit}`);
  }
});

Deno.test("readAnchor() takes no other record for one", () => {
  const bytes = anchoredDisk(mooring(1)).read(PATH);
  const view = new DataView(bytes.buffer);
  const anchor: RecordFields = {
    ...emptyRecordFields(),
    kind: KIND.anchor,
    payloadLength: 64,
  };
  const write = (fields: RecordFields, offset = FILE_HEADER) =>
    writeRecordHeader(bytes, view, FILE_HEADER, NO_DIGEST, fields, SALT, offset);
  for (const kind of [KIND.put, KIND.snapshot, KIND.uses, 131]) {
    write({ ...anchor, kind });
    assertEquals(read(diskWith(bytes)), undefined);
  }
  for (const payloadLength of [0, 32, 63, 65, 96]) {
    write({ ...anchor, payloadLength });
    assertEquals(read(diskWith(bytes)), undefined);
  }
  write({ ...anchor, metaLength: 4 });
  assertEquals(read(diskWith(bytes)), undefined);
  write(anchor, FILE_HEADER + 1);
  assertEquals(read(diskWith(bytes)), undefined);
  write(anchor);
  assertEquals(read(diskWith(bytes)), [mooring(1)]);
});

Deno.test("LogStore.commit() begins a new file with an anchor, and writes its slots in turn", () => {
  const disk = new MemoryDisk();
  const store = new LogStore(PATH, { disk, snapshotInterval: 1, compactFrom: Infinity });
  for (let generation = 1; generation < 6; generation++) {
    store.commit([put(generation, "x")]);
    const bytes = disk.read(PATH);
    const moorings = read(disk, crc32(bytes.subarray(12, 20)))!;
    assertEquals(
      moorings.map((each) => each.generation),
      [generation, generation - 1].filter(Boolean),
    );
    const [{ offset, checksum }] = moorings as [Mooring];
    assertEquals(bytes[offset + 4], KIND.snapshot);
    assertEquals(new DataView(bytes.buffer).getUint32(offset + 72, true), checksum);
    assert(offset > FIRST_RECORD_AT);
  }
});
