// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { appendBatch } from "../../src/stores/_append.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { createFileHeader } from "../../src/stores/_file_header.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import {
  digestOf,
  infoOf,
  noise,
  put,
  randomNumbers,
  remove,
  textAt,
  valueOf,
} from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { begunDisk, mooringsIn, snapshotsIn } from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 4, ...options });
}

Deno.test("LogStore does what a Map does, however often a snapshot is taken", () => {
  for (const snapshotInterval of [1, 3, 7, 50]) {
    const disk = new MemoryDisk();
    const history = new History(randomNumbers(snapshotInterval), 150);
    const writer = open(disk, { snapshotInterval });
    const reader = open(disk);
    for (let commit = 0; commit < 200; commit++) {
      history.commit(writer);
      for (const store of [writer, reader, open(disk)]) history.assertKnows(store);
      if (commit % 50 < 49) continue;
      for (const store of [writer, reader, open(disk)]) history.assertHolds(store);
    }
    assert(snapshotsIn(disk).length >= 5);
  }
});

Deno.test("LogStore does what a Map does, when several writers take snapshots in turn", () => {
  for (let seed = 1; seed <= 8; seed++) {
    const disk = new MemoryDisk();
    const history = new History(randomNumbers(seed), 100);
    const intervals = [3, 10, 40, 1e9];
    const stores = intervals.map((snapshotInterval) => open(disk, { snapshotInterval }));
    for (let commit = 0; commit < 160; commit++) {
      const turn = history.pick(stores.length);
      // Some are away for a while.
      const store = stores[commit % 40 < 30 ? turn % 2 : turn]!;
      if (history.pick(20) === 0) store.close();
      if (history.pick(40) === 0) stores[turn] = open(disk, { snapshotInterval: intervals[turn]! });
      history.commit(store);
      history.assertKnows(open(disk), 3);
      history.assertKnows(stores[history.pick(stores.length)]!, 3);
    }
    for (const store of [...stores, open(disk)]) history.assertHolds(store);
  }
});

Deno.test("LogStore has a deleted entry in no snapshot, also when one of another writer lies between", () => {
  for (const others of [10, 60, 200, 1000]) {
    const disk = new MemoryDisk();
    // Opened when there was no snapshot yet.
    const late = open(disk, { snapshotInterval: 20 });
    late.commit([put(1, "one")]);
    const writer = open(disk, { snapshotInterval: others });
    writer.commit(Array.from({ length: others }, (_, at) => put(at + 10, "x")));
    assertEquals(late.size, others + 1);
    assertEquals(snapshotsIn(disk).length, 1);
    writer.commit([remove(1)]);
    assertEquals(late.size, others);
    // Its table needs room.
    for (let count = 0; count < 3; count++) {
      const more = Math.floor(others / 4);
      writer.commit(Array.from({ length: more }, (_, at) => put(at + 2000 + count * more, "x")));
      assertEquals(textAt(late, 1), undefined);
    }
    late.commit(Array.from({ length: 20 }, (_, at) => put(at + 5000, "x")));
    assert(snapshotsIn(disk).length > 1);
    for (const store of [late, writer, open(disk)]) {
      assertEquals(textAt(store, 1), undefined, `${others}`);
      const { size } = store;
      assertEquals([...store.entries()].length, size);
    }
  }
});

Deno.test("LogStore takes one snapshot an interval, whoever commits", () => {
  const disk = new MemoryDisk();
  const stores = Array.from({ length: 3 }, () => open(disk, { snapshotInterval: 10 }));
  for (let number = 0; number < 300; number++) stores[number % 3]!.commit([put(number, "x")]);
  const taken = snapshotsIn(disk);
  assert(taken.length >= 28 && taken.length <= 30, `${taken.length}`);
  const { offset, checksum } = taken.at(-1)!;
  assertEquals(mooringsIn(disk)[0], { offset, checksum, generation: taken.length });
});

Deno.test("LogStore opens a file at the same cost, whatever its size", () => {
  const costs = [500, 5000].map((count) => {
    const disk = new MemoryDisk();
    const writer = open(disk, { snapshotInterval: 100 });
    for (let first = 0; first < count; first += 50) {
      writer.commit(Array.from({ length: 50 }, (_, at) => put(first + at, [noise(200, at)])));
    }
    disk.bytesRead = 0;
    const reader = open(disk);
    assert(reader.has(digestOf(count >> 1)));
    assertEquals(reader.size, count);
    assertEquals(textAt(reader, count), undefined);
    return disk.bytesRead;
  });
  // A page of each segment, of which there are more.
  assert(costs[0]! < 50_000 && costs[1]! < 80_000, costs.join());
});

Deno.test("LogStore takes a snapshot of a batch that is larger than many intervals", () => {
  const disk = new MemoryDisk();
  const writer = open(disk);
  writer.commit([put(1, "one"), put(2, "two")]);
  const changes = Array.from({ length: 3000 }, (_, at) => put(at, `${at}`));
  writer.commit([...changes, remove(2)]);
  assertEquals(snapshotsIn(disk).length, 1);
  const reader = open(disk);
  assertEquals(reader.size, 2999);
  assertEquals([0, 1, 2, 2999, 3000].map((number) => textAt(reader, number)), [
    "0",
    "1",
    undefined,
    "2999",
    undefined,
  ]);
});

Deno.test("LogStore.commit() is done, and says so of the snapshot, when the disk is full at any byte of it", () => {
  const disk = new MemoryDisk();
  open(disk).commit([put(1, "one"), put(2, "two")]);
  open(disk).commit([put(1, "uno"), put(2, "due"), remove(2)]);
  const before = disk.read(PATH);
  const changes = [put(3, "three"), put(4, "four"), put(5, "five"), remove(1)];
  const whole = diskWith(before);
  open(whole, { snapshotInterval: 1e9 }).commit(changes);
  const batch = whole.read(PATH).length - before.length;
  const copy = diskWith(before);
  open(copy).commit(changes);
  const all = copy.read(PATH).length - before.length + 32;
  assert(all > batch + 1000);
  const expected = [undefined, undefined, "three", "four", "five"];
  for (let space = batch; space <= all; space += space < batch + 90 || space > all - 40 ? 1 : 17) {
    const full = diskWith(before);
    full.space = space;
    const store = open(full);
    const reader = open(full);
    assertEquals(textAt(reader, 1), "uno");
    const { warnings } = withWarnings(() => store.commit(changes));
    assertEquals(warnings.length, space < all ? 1 : 0, `${space}`);
    if (space < all) assertStringIncludes(warnings[0]!, "index of cache: No space left on device");
    assert(!full.isLocked(PATH));
    // What was half-written is cut off; a whole one that no slot leads to does no harm.
    if (space < all - 32) assertEquals(full.read(PATH).length, before.length + batch);
    full.space = Infinity;
    const next = withWarnings(() => {
      for (const each of [store, reader, open(full)]) {
        assertEquals([1, 2, 3, 4, 5].map((number) => textAt(each, number)), expected);
        assertEquals(each.size, 3);
      }
      store.commit([put(6, "six"), put(7, "seven")]);
      store.commit([remove(6), put(8, "eight"), put(9, "nine"), put(1, "one")]);
    });
    assertEquals(next.warnings, []);
    const taken = snapshotsIn(full).at(-1)!;
    assert(taken.offset > before.length + batch, "another one is taken");
    const last = withWarnings(() => {
      for (const each of [store, reader, open(full)]) {
        const texts = ["one", undefined, "three", "four", "five", undefined, "seven", "eight"];
        assertEquals([1, 2, 3, 4, 5, 6, 7, 8].map((number) => textAt(each, number)), texts);
        for (let miss = 20; miss < 30; miss++) assertEquals(textAt(each, miss), undefined);
        assertEquals(each.size, 7);
      }
    });
    assertEquals(last.warnings, []);
    assertEquals([...full.files.keys()], [PATH]);
  }
});

Deno.test("LogStore.commit() tries a snapshot again only after another interval, when one failed", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { snapshotInterval: 10 });
  const { warnings } = withWarnings(() => {
    for (let number = 0; number < 40; number++) {
      // Room for the entry alone.
      disk.space = 10 < number && number < 35 ? 200 : 32 < number ? Infinity : 200;
      if (number < 5) disk.space = Infinity;
      store.commit([put(number, "x")]);
    }
  });
  // At 10, 20 and 30 changes; at 40 there is room.
  assertEquals(warnings.length, 3);
  assertEquals(snapshotsIn(disk).length, 1);
  assertEquals(open(disk).size, 40);
});

Deno.test("LogStore loses nothing, when the process crashes at any byte of a snapshot", () => {
  const history = new History(randomNumbers(9), 12);
  const disk = new MemoryDisk();
  const store = open(disk);
  for (let commit = 0; commit < 20; commit++) history.commit(store);
  // The next commit is one that takes a snapshot.
  const quiet = open(disk, { snapshotInterval: 1e9 });
  history.commit(quiet, [history.put(1), history.put(2), history.put(3)]);
  const before = disk.read(PATH);
  const changes = [history.put(4), remove(5), history.put(6)];
  history.done(changes);
  const lengths = [1e9, 4].map((snapshotInterval) => {
    const copy = diskWith(before);
    open(copy, { snapshotInterval }).commit(changes);
    return copy.read(PATH).length - before.length;
  }) as [number, number];
  assert(lengths[1] > lengths[0]);
  for (let written = lengths[0]; written < lengths[1] + 32; written += 19) {
    const crashed = diskWith(before);
    const reader = open(crashed);
    assert(reader.size > 0);
    crashed.crashAfter = written;
    withWarnings(() => {
      try {
        open(crashed).commit(changes);
      } catch {
        // It is no more.
      }
    });
    crashed.restart();
    const after = new History(randomNumbers(1), 12);
    after.done([...history.state.values()]);
    for (const each of [reader, open(crashed)]) after.assertHolds(each);
    const { warnings } = withWarnings(() => {
      for (let commit = 0; commit < 6; commit++) after.commit(open(crashed));
    });
    // What was half-written is set aside.
    assertEquals(warnings.filter((warning) => !warning.includes("are moved to")), []);
    for (const each of [reader, open(crashed)]) after.assertHolds(each);
  }
});

Deno.test("LogStore never takes the entry of one digest for that of another which looks the same to a snapshot", () => {
  // Such digests are made, not found: where words are flipped in pairs, the twelve bytes are the same.
  const one = put(1, "one");
  const flipped = (word: string, at: number) => at === 0 || at === 3 ? "ffff0000" : word;
  const other = { ...put(2, "two"), digest: one.digest.match(/.{8}/g)!.map(flipped).join("") };
  const alike = {
    ...other,
    digest: other.digest.replace("ffff0000", "ffff0001").replace(/ffff0000/, "ffff0001"),
  };
  for (const isTogether of [false, true]) {
    const disk = new MemoryDisk();
    const writer = open(disk, { snapshotInterval: isTogether ? 2 : 1 });
    writer.commit([other]);
    writer.commit([alike]);
    assert(snapshotsIn(disk).length > 0);
    withWarnings(() => {
      for (const store of [open(disk), writer]) {
        for (const change of [other, alike]) {
          const value = store.get(change.digest);
          if (value !== undefined) assertEquals(value, valueOf(change));
          assertEquals(store.has(change.digest), value !== undefined);
        }
      }
      assertEquals([...open(disk).entries()], [infoOf(other), infoOf(alike)]);
      writer.commit([{ type: "delete", digest: other.digest }, put(3, "three")]);
      assertEquals(open(disk).get(other.digest), undefined);
      assertEquals(textAt(open(disk), 3), "three");
    });
  }
});

Deno.test("LogStore reads and writes a file that begins with no anchor, as older versions wrote it", () => {
  const salt = noise(8, 1);
  const disk = diskWith(createFileHeader(salt));
  const history = new History(randomNumbers(11), 30);
  const first = [put(1, "one"), put(2, "two")];
  const place = { end: 32, saltChecksum: crc32(salt), replaced: 0, has: () => false };
  appendBatch(disk.openSync(PATH, {}), place, first);
  history.done(first);
  const file = disk.read(PATH);
  history.assertHolds(open(disk));
  const writer = open(disk);
  for (let commit = 0; commit < 60; commit++) {
    history.commit(writer);
    history.assertKnows(open(disk));
  }
  assertEquals(snapshotsIn(disk), [], "there is no place to say where one is");
  assertEquals(disk.read(PATH).subarray(0, file.length).toHex(), file.toHex());
  for (const each of [writer, open(disk)]) history.assertHolds(each);
  writer.compact();
  assert(snapshotsIn(disk).length > 0, "a file that was written anew has one");
  for (const each of [writer, open(disk)]) history.assertHolds(each);
});

Deno.test("LogStore tells the number and the order of entries, when a read failed before at any moment", () => {
  const start = begunDisk();
  const history = new History(randomNumbers(12), 10);
  for (let commit = 0; commit < 14; commit++) history.commit(open(start));
  const steps: Record<string, (store: LogStore) => unknown> = {
    size: (store) => store.size,
    "entries()": (store) => [...store.entries()],
    "get()": (store) => textAt(store, 3),
    "commit()": (store) => store.commit([], { limits: { maxEntries: 100 } }),
    "compact()": (store) => store.compact(),
  };
  for (const [name, step] of Object.entries(steps)) {
    for (let moment = 0;; moment++) {
      const disk = diskWith(start.read(PATH));
      const store = open(disk);
      assertEquals(store.size, history.state.size);
      const after = new History(randomNumbers(moment), 10);
      after.done([...history.state.values()]);
      // What others replace is looked for only when it is asked how many there are.
      after.commit(open(disk, { snapshotInterval: 1e9 }), [
        after.put(1),
        after.put(2),
        after.put(3),
      ]);
      let calls = 0;
      disk.onCall = (called) => {
        if ((called === "read" || called === "seek") && calls++ === moment) {
          throw new Error("An error of the disk");
        }
      };
      try {
        step(store);
      } catch (error) {
        assert(error instanceof CacheError, `${name} ${moment}: ${error}`);
      }
      disk.onCall = () => {};
      after.assertHolds(store);
      for (let commit = 0; commit < 4; commit++) after.commit(store);
      for (const each of [store, open(disk)]) after.assertHolds(each);
      if (calls <= moment) break;
    }
  }
});
