// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";

import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import { FLAG, KIND } from "../../src/stores/_record.ts";
import type { PutChange } from "../../src/stores/store.ts";
import {
  bytesOf,
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
import { FIRST_RECORD_AT } from "./_sample_file.ts";
import { placedRecords, snapshotsIn } from "./_snapshots_in.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 10, ...options });
}

const ENTRIES: readonly PutChange[] = [
  put(1, ""),
  put(2, "two", { functionName: "f", duration: 2.5, promised: true, writtenAt: -1.5 }),
  put(3, [bytesOf("3"), noise(40, 3), new Uint8Array()], { codec: "my codec" }),
  put(4, "four", { key: { kind: "call", parts: [bytesOf('{"name":"f","preview":"4"}')] } }),
  put(5, "5", { codec: "msgpack", key: { kind: "value", parts: [noise(5000, 5), noise(3, 6)] } }),
  put(6, [noise(2_500_000, 6), noise(1_200_000, 7)], { functionName: "x".repeat(1024) }),
];

Deno.test("LogStore.compact() keeps all that there is to each entry, and leaves nothing else", () => {
  for (const transfer of [Infinity, 100_001]) {
    const disk = new MemoryDisk();
    disk.transfer = transfer;
    const store = open(disk);
    store.commit([put(3, "0"), put(1, "0"), put(7, [noise(10_000, 7)]), put(2, "0")]);
    store.commit([remove(3), remove(7)]);
    store.commit([...ENTRIES]);
    // Put for the first time in this order: 3 was deleted in between.
    const expected = [1, 2, 3, 4, 5, 6].map((number) => ENTRIES[number - 1]!);
    const { length } = disk.read(PATH);
    const { bytesBefore, bytesAfter } = store.compact();
    assertEquals([bytesBefore, bytesAfter], [length, disk.read(PATH).length]);
    for (const each of [store, open(disk)]) {
      assertEquals(each.size, 6);
      for (const change of expected) assertEquals(each.get(change.digest), valueOf(change));
      assertEquals([...each.entries()], expected.map(infoOf));
      assertEquals(each.has(digestOf(7)), false);
      each.close();
    }
    const records = placedRecords(disk.read(PATH));
    assertEquals(records.map(({ kind }) => kind), [KIND.anchor, ...expected.map(() => KIND.put)]);
    for (const { flags } of records) assertEquals(flags & (FLAG.continues | FLAG.replaces), 0);
    assertEquals([...disk.files.keys()], [PATH]);
    assertEquals(disk.open, 0);
  }
});

Deno.test("LogStore.compact() changes nothing that a Map tells, at any moment of a long history", () => {
  for (const snapshotInterval of [1, 10, 1000]) {
    const disk = new MemoryDisk();
    const history = new History(randomNumbers(snapshotInterval), 80);
    const stores = Array.from({ length: 2 }, () => open(disk, { snapshotInterval }));
    for (let commit = 0; commit < 200; commit++) {
      history.commit(stores[history.pick(2)]!);
      if (history.pick(10) > 0) continue;
      const { bytesBefore, bytesAfter } = stores[history.pick(2)]!.compact();
      assert(bytesAfter === disk.read(PATH).length && bytesBefore > 0);
      for (const store of [...stores, open(disk)]) history.assertKnows(store);
      assertEquals(snapshotsIn(disk).length, history.state.size >= snapshotInterval ? 1 : 0);
    }
    for (const store of [...stores, open(disk)]) history.assertHolds(store);
    stores[0]!.compact();
    const { bytesBefore, bytesAfter } = stores[1]!.compact();
    assertEquals(bytesBefore, bytesAfter, "there is nothing more to be done");
  }
});

/** The entries in the order in which limits take them. */
function orderOfUse(disk: MemoryDisk): string[] {
  const store = open(diskWith(disk.read(PATH)));
  const order: string[] = [];
  for (let left = store.size; left > 0; left--) {
    const before = [...store.entries()].map(({ digest }) => digest);
    store.commit([], { limits: { maxEntries: left - 1 } });
    const after = new Set([...store.entries()].map(({ digest }) => digest));
    order.push(...before.filter((digest) => !after.has(digest)));
  }
  return order;
}

Deno.test("LogStore.compact() keeps the order of use, once limits go by it", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const disk = new MemoryDisk();
    const history = new History(randomNumbers(seed), 25);
    const store = open(disk);
    for (let commit = 0; commit < 40; commit++) {
      if (history.pick(3) > 0) store.touch(history.pickDigest());
      const changes = history.changes();
      history.done(changes);
      store.commit(changes, { limits: { maxEntries: 1000 } });
      if (commit % 10 < 9) continue;
      const before = orderOfUse(disk);
      assertEquals(before.length, history.state.size);
      (commit === 19 ? open(disk) : store).compact();
      assertEquals(orderOfUse(disk), before, `${seed}`);
    }
  }
});

Deno.test("LogStore.compact() keeps the order of writing, which limits go by once there are some", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const disk = new MemoryDisk();
    const history = new History(randomNumbers(seed), 12);
    const store = open(disk, { snapshotInterval: seed % 2 === 0 ? 3 : 1000 });
    for (let commit = 0; commit < 15; commit++) {
      history.commit(store);
      if (commit % 5 < 4) continue;
      const before = orderOfUse(disk);
      assertEquals(before.length, history.state.size);
      store.compact();
      assertEquals(orderOfUse(disk), before, `${seed}`);
    }
  }
  // Where it is that of the copies anyway, nothing more is written.
  const disk = new MemoryDisk();
  const store = open(disk);
  store.commit([put(1, "one"), put(2, "two"), put(3, "three")]);
  store.commit([remove(2), put(2, "two"), put(4, "four"), remove(4)]);
  store.compact();
  assertEquals([...store.entries()].map(({ digest }) => digest), [1, 3, 2].map(digestOf));
  assert(!placedRecords(disk.read(PATH)).some(({ kind }) => kind === KIND.uses));
});

Deno.test("LogStore.compact() keeps a note of use that is not written yet", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  store.commit([put(1, "one"), put(2, "two"), put(3, "three")], { limits: { maxEntries: 9 } });
  store.touch(digestOf(1));
  store.compact();
  store.commit([], { limits: { maxEntries: 2 } });
  assertEquals([1, 2, 3].filter((number) => store.has(digestOf(number))), [1, 3]);
});

Deno.test("LogStore.commit() compacts once over half of the file is dead, and not before", () => {
  const compactFrom = 20_000;
  const disk = new MemoryDisk();
  const store = open(disk, { compactFrom, snapshotInterval: 1000 });
  store.commit([put(0, [noise(1000, 0)]), put(9, [noise(50, 9)])]);
  let { length } = disk.read(PATH);
  const live = length;
  let compactions = 0;
  for (let number = 1; number < 100; number++) {
    store.commit([put(0, [noise(1000, number)])]);
    const after = disk.read(PATH).length;
    const grown = length + 76 + 37 + 1000;
    if (after < grown) {
      compactions++;
      assert(grown >= compactFrom, `${grown}`);
      // And who was used last.
      assert(after >= live && after <= live + 76 + 64, `${after}`);
    } else {
      assertEquals(after, grown);
      assert(after < compactFrom);
    }
    length = after;
    assertEquals(store.get(digestOf(0))!.parts[0], noise(1000, number));
    assertEquals([store.size, open(disk).size], [2, 2]);
  }
  assert(compactions > 3);
  // Where most of it is alive, length is no reason.
  const large = new MemoryDisk();
  const growing = open(large, { compactFrom, snapshotInterval: 1000 });
  let renames = 0;
  large.onCall = (name) => void (renames += Number(name === "rename"));
  for (let number = 0; number < 40; number++) growing.commit([put(number, [noise(2000, number)])]);
  for (let number = 0; number < 35; number++) growing.commit([put(number, [noise(2000, number)])]);
  assertEquals(renames, 0);
  growing.commit(Array.from({ length: 8 }, (_, number) => remove(number)));
  assertEquals(renames, 1, "deleted entries are dead, too");
  assert(large.read(PATH).length < 33 * 2200);
});

Deno.test("LogStore.commit() does not compact a file for its snapshots, nor where it is told not to", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { compactFrom: 0, snapshotInterval: 500 });
  let renames = 0;
  disk.onCall = (name) => void (renames += Number(name === "rename"));
  for (let number = 0; number < 3000; number += 5) {
    // Also one that has read no more than the newest snapshot.
    const each = number % 100 === 0 ? open(disk, { compactFrom: 0, snapshotInterval: 500 }) : store;
    each.commit(Array.from({ length: 5 }, (_, at) => put(number + at, "x")));
  }
  const never = open(disk, { compactFrom: Infinity });
  for (let time = 0; time < 100; time++) {
    never.commit(Array.from({ length: 100 }, (_, number) => put(number, `${time}`)));
  }
  // Those in use count as alive: of so few entries they take more than these.
  const small = new MemoryDisk();
  small.onCall = disk.onCall;
  const writer = open(small, { compactFrom: 0, snapshotInterval: 5 });
  for (let number = 0; number < 75; number++) writer.commit([put(number, "x")]);
  assert(snapshotsIn(small).length === 15);
  assertEquals(renames, 0);
});

Deno.test("LogStore.compact() does nothing where there is no file, or none that holds something", () => {
  const none = new MemoryDisk();
  assertEquals(open(none).compact(), { bytesBefore: 0, bytesAfter: 0 });
  assertEquals(none.files.size, 0);
  const disk = new MemoryDisk();
  open(disk).commit([put(1, "one")]);
  const whole = disk.read(PATH);
  for (const length of [0, 1, 20, 31, 32, 33, FIRST_RECORD_AT - 1]) {
    const begun = diskWith(whole.slice(0, length));
    assertEquals(open(begun).compact(), { bytesBefore: 0, bytesAfter: 0 });
    assertEquals(begun.read(PATH), whole.slice(0, length));
    assertEquals([...begun.files.keys()], [PATH]);
    assert(!begun.isLocked(PATH));
  }
  const empty = diskWith(whole.slice(0, FIRST_RECORD_AT));
  assertEquals(open(empty).compact(), {
    bytesBefore: FIRST_RECORD_AT,
    bytesAfter: FIRST_RECORD_AT,
  });
  open(empty).commit([put(2, "two")]);
  assertEquals(textAt(open(empty), 2), "two");
});
