// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";

import { put, randomNumbers, remove, textAt } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";

import { withWarnings } from "./_warnings.ts";

/** A clock by which whoever has to wait gives up at once. */
function hurry(): LogStoreOptions {
  let time = 0;
  return { clock: { now: () => time, pause: () => void (time += 1e9) }, lockTimeout: 1 };
}

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, {
    disk,
    compactFrom: Infinity,
    snapshotInterval: 10,
    ...hurry(),
    ...options,
  });
}

Deno.test("LogStore.compact() loses nothing of what others commit at any moment of it", () => {
  const start = new MemoryDisk();
  const history = new History(randomNumbers(31), 12);
  for (let commit = 0; commit < 20; commit++) {
    const changes = history.changes();
    open(start).commit(changes, { limits: { maxEntries: 100 } });
    history.done(changes);
  }
  let [done, refused] = [0, 0];
  for (let moment = 0;; moment++) {
    const disk = diskWith(start.read(PATH));
    const [compacting, other, reader] = [open(disk), open(disk), open(disk)];
    const after = new History(randomNumbers(moment), 12);
    after.done([...history.state.values()]);
    for (const store of [other, reader]) after.assertKnows(store);
    let calls = 0;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      // One that overwrites, one that deletes, one that puts, one that is used; one by one and together.
      const [first] = after.state.keys();
      const commits = [
        [after.put(13), after.put(0)],
        [{ type: "delete", digest: first! } as const],
        [after.put(3), remove(3), after.put(3), remove(4)],
      ];
      for (const changes of commits) {
        try {
          other.commit(changes, { limits: { maxEntries: 100 } });
        } catch (error) {
          assert(error instanceof CacheError && error.message.startsWith("Cannot lock"));
          refused++;
          break;
        }
        done++;
        after.done(changes);
      }
    };
    const { warnings } = withWarnings(() => compacting.compact());
    assertEquals(warnings, []);
    const isOver = calls <= moment;
    disk.onCall = () => {};
    const order = [...after.state.keys()];
    for (const store of [compacting, other, reader, open(disk)]) {
      for (const digest of order) after.assertOne(store, digest);
      assertEquals([...store.entries()].map(({ digest }) => digest), order, `${moment}`);
      assertEquals(store.size, order.length);
    }
    for (const store of [other, compacting, other]) after.commit(store);
    for (const store of [compacting, other, reader, open(disk)]) after.assertKnows(store);
    assertEquals([...disk.files.keys()], [PATH]);
    if (isOver) break;
  }
  assert(done > 50 && refused > 10, `${done} ${refused}`);
});

Deno.test("LogStore reads right at any moment of another store's compaction", () => {
  const start = new MemoryDisk();
  const history = new History(randomNumbers(32), 12);
  for (let commit = 0; commit < 20; commit++) history.commit(open(start));
  for (let moment = 0;; moment++) {
    const disk = diskWith(start.read(PATH));
    const readers = [open(disk), open(disk)];
    history.assertKnows(readers[0]!);
    const entries = readers[0]!.entries();
    let calls = 0;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      for (const reader of [...readers, open(disk)]) history.assertHolds(reader);
    };
    open(disk).compact();
    const isOver = calls <= moment;
    disk.onCall = () => {};
    // Who was going through the old file goes on.
    assertEquals([...entries].map(({ digest }) => digest), [...history.state.keys()]);
    for (const reader of readers) history.assertHolds(reader);
    if (isOver) break;
  }
});

Deno.test("LogStore sees by the next call what is committed to the new file, also when the clock stands still", () => {
  const disk = new MemoryDisk();
  const history = new History(randomNumbers(34), 12);
  const [writer, reader] = [open(disk), open(disk)];
  const { now } = Date;
  const time = now();
  // So that the path is looked at no more often than it must be.
  Date.now = () => time;
  try {
    for (let round = 0; round < 10; round++) {
      for (let commit = 0; commit < 4; commit++) history.commit(writer);
      history.assertKnows(reader);
      writer.compact();
      for (let commit = 0; commit < 2; commit++) history.commit(writer);
      history.assertHolds(reader);
    }
  } finally {
    Date.now = now;
  }
});

Deno.test("LogStore.compact() says so, when another store is at it, and a commit goes on without", () => {
  const start = new MemoryDisk();
  const history = new History(randomNumbers(33), 12);
  for (let commit = 0; commit < 20; commit++) history.commit(open(start));
  let [busy, done] = [0, 0];
  for (let moment = 0;; moment++) {
    const disk = diskWith(start.read(PATH));
    const other = open(disk, { compactFrom: 0, snapshotInterval: 1e9 });
    let calls = 0;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      try {
        other.compact();
        done++;
      } catch (error) {
        assert(error instanceof CacheError, String(error));
        if (error.message.startsWith("Cannot lock")) return;
        assertEquals(error.message, `Cannot compact cache: another process is at it: ${PATH}`);
        busy++;
        // One that would compact by itself does not mind.
        const { warnings } = withWarnings(() => {
          for (let time = 0; time < 5; time++) history.commit(other, [history.put(2)]);
        });
        assertEquals(warnings, []);
      }
    };
    open(disk).compact();
    const isOver = calls <= moment;
    disk.onCall = () => {};
    for (const store of [other, open(disk)]) {
      for (const digest of history.state.keys()) history.assertOne(store, digest);
    }
    assertEquals([...disk.files.keys()], [PATH]);
    start.files.get(PATH)!.bytes = disk.read(PATH);
    if (isOver) break;
  }
  assert(busy > 10 && done > 0, `${busy} ${done}`);
});

Deno.test("LogStore.compact() compacts what is there, when the file is replaced or removed meanwhile", () => {
  for (const isRemoved of [false, true]) {
    for (let moment = 0;; moment++) {
      const disk = new MemoryDisk();
      const store = open(disk);
      store.commit([put(1, "one")]);
      const another = new MemoryDisk();
      for (const text of ["zwei", "deux", "two"]) open(another).commit([put(2, text)]);
      let calls = 0;
      // Whether the path was looked at in between, before the new file took its place.
      let isSeen = false;
      disk.onCall = (name, path) => {
        const call = calls++;
        if (call > moment && name === "stat" && path === PATH) isSeen = true;
        if (call > moment && name === "rename") disk.onCall = () => {};
        if (call !== moment) return;
        if (isRemoved) disk.files.delete(PATH);
        else disk.write(PATH, another.read(PATH));
      };
      const { warnings } = withWarnings(() => {
        try {
          store.compact();
        } catch (error) {
          // Where there is none.
          assert(error instanceof CacheError && isRemoved, String(error));
        }
      });
      assertEquals(warnings, []);
      const isOver = calls <= moment;
      disk.onCall = () => {};
      const reader = open(disk);
      if (isOver) assertEquals([reader.size, textAt(reader, 1)], [1, "one"]);
      else if (isSeen) {
        assertEquals(textAt(reader, 2), isRemoved ? undefined : "two", `${moment}`);
        assertEquals(textAt(reader, 1), undefined, `${isRemoved} ${moment}`);
      }
      store.commit([put(3, "three")]);
      assertEquals(textAt(open(disk), 3), "three");
      assertEquals([...disk.files.keys()], [PATH], `${isRemoved} ${moment}`);
      if (isOver) break;
    }
  }
});
