// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { createAnchor, type Mooring, writeMooring } from "../../src/stores/_anchor.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import { digestOf, put, randomNumbers, remove, textAt } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import {
  begunDisk,
  mooringsIn,
  placedRecords,
  saltChecksumOf,
  snapshotsIn,
} from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 4, ...options });
}

function textsOf(store: LogStore, numbers: readonly number[]): (string | undefined)[] {
  return numbers.map((number) => textAt(store, number));
}

Deno.test("LogStore reads right, when the slots of the anchor are torn at any byte, one or both", () => {
  const history = new History(randomNumbers(22), 20);
  const disk = new MemoryDisk();
  for (let commit = 0; commit < 30; commit++) history.commit(open(disk));
  const whole = disk.read(PATH);
  const slotsAt = 32 + 76;
  for (const [from, to] of [[0, 32], [32, 64], [0, 64]] as const) {
    for (let length = 1; length <= to - from; length++) {
      for (const fill of [length % 2 * 0xff]) {
        const bytes = whole.slice();
        bytes.fill(fill, slotsAt + from, slotsAt + from + length);
        const torn = diskWith(bytes);
        const { warnings } = withWarnings(() => {
          const store = open(torn);
          history.assertKnows(store, 3);
          if (length % 8 === 0) history.assertHolds(open(torn));
          const after = new History(randomNumbers(length), 20);
          after.done([...history.state.values()]);
          for (let commit = 0; commit < 3; commit++) after.commit(open(torn));
          after.assertKnows(open(torn), 3);
        });
        assertEquals(warnings, [], "nothing is lost");
      }
    }
  }
});

Deno.test("LogStore reads right, wherever the slots of the anchor lead", () => {
  const history = new History(randomNumbers(23), 20);
  const disk = new MemoryDisk();
  const snapshot = (bytes: Uint8Array) => {
    const { offset, end } = snapshotsIn(diskWith(bytes)).at(-1)!;
    return bytes.slice(offset, end);
  };
  for (let commit = 0; commit < 8; commit++) history.commit(open(disk));
  // A value that looks like a snapshot: a copy of one.
  const copy = put(19, [snapshot(disk.read(PATH))]);
  history.commit(open(disk, { snapshotInterval: 1e9 }), [copy]);
  const valueAt = disk.read(PATH).length - copy.parts[0].length;
  for (let commit = 0; commit < 8; commit++) history.commit(open(disk));
  const whole = disk.read(PATH);
  const salt = saltChecksumOf(whole);
  const view = new DataView(whole.buffer);
  const places = [
    ...placedRecords(whole).map(({ offset }) => offset),
    valueAt,
    0,
    32,
    33,
    whole.length - 76,
    whole.length - 1,
    whole.length,
    whole.length + 1,
    2 ** 53 - 1,
  ];
  for (const offset of new Set(places)) {
    const checksum = offset + 76 <= whole.length ? view.getUint32(offset + 72, true) : 1;
    for (const slots of [1, 2]) {
      const bytes = whole.slice();
      bytes.set(createAnchor(salt), 32);
      const led = diskWith(bytes);
      const newest = mooringsIn(disk)[0]!;
      const moorings: Mooring[] = [{ offset, checksum, generation: newest.generation + 1 }];
      if (slots === 2) moorings.push(newest);
      for (const mooring of moorings) writeMooring(led.openSync(PATH, {}), salt, mooring);
      const after = new History(randomNumbers(offset), 20);
      after.done([...history.state.values()]);
      const { warnings } = withWarnings(() => {
        for (let number = 0; number < 20; number++) after.assertOne(open(led), digestOf(number));
        for (let commit = 0; commit < 3; commit++) after.commit(open(led));
        after.assertHolds(open(led));
      });
      assertEquals(warnings, [], `${offset}`);
    }
  }
});

Deno.test("LogStore goes on from an older snapshot, when the file was cut off before the newest", () => {
  const history = new History(randomNumbers(24), 15);
  const disk = new MemoryDisk();
  const lengths: [number, History["state"]][] = [];
  const open3 = (on: MemoryDisk) => open(on, { snapshotInterval: 3 });
  for (let commit = 0; commit < 24; commit++) {
    history.commit(open3(disk));
    lengths.push([disk.read(PATH).length, new Map(history.state)]);
  }
  const whole = disk.read(PATH);
  for (const [length, state] of lengths) {
    const cut = diskWith(whole.slice(0, length));
    const after = new History(randomNumbers(length), 15);
    after.done([...state.values()]);
    const reader = open3(cut);
    after.assertHolds(open3(cut));
    for (let commit = 0; commit < 15; commit++) {
      after.commit(open3(cut));
      after.assertKnows(open3(cut), 2);
      after.assertKnows(reader, 2);
    }
    for (const store of [reader, open3(cut)]) after.assertHolds(store);
  }
});

Deno.test("LogStore knows how many entries there are, when it goes on with a snapshot that was taken meanwhile", () => {
  const start = begunDisk();
  const writer = open(start, { snapshotInterval: 1000 });
  writer.commit(Array.from({ length: 1000 }, (_, number) => put(number, "x")));
  const before = start.read(PATH);
  // So many that who only reads looks for a newer snapshot.
  for (let first = 1000; first < 20_000; first += 1000) {
    writer.commit(Array.from({ length: 1000 }, (_, at) => put(first + at, "x")));
  }
  const after = start.read(PATH);
  /** Has a writer come at a call of a lookup, counted from the last. Returns how many calls there are. */
  function lookUp(moment: number): number {
    const disk = diskWith(before);
    const reader = open(disk);
    assertEquals(reader.size, 1000);
    disk.files.get(PATH)!.bytes = after.slice();
    let calls = 0;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      open(disk, { snapshotInterval: 1 }).commit([put(3, "z"), remove(4), put(20_001, "z")]);
    };
    reader.has(digestOf(5000));
    if (calls > moment) {
      assertEquals(reader.size, 20_000, `${moment}`);
      assertEquals(textsOf(reader, [3, 4, 5, 20_001]), ["z", undefined, "x", "z"]);
      open(disk, { snapshotInterval: 1 }).commit([put(5, "z"), remove(3), remove(6)]);
      assertEquals(reader.size, 19_998, `${moment}`);
      assertEquals(textsOf(reader, [3, 4, 5, 20_001]), [undefined, undefined, "z", "z"]);
    }
    return calls;
  }
  // It looks for a newer snapshot last.
  const calls = lookUp(Infinity);
  for (let moment = Math.max(0, calls - 14); moment < calls; moment++) lookUp(moment);
});
