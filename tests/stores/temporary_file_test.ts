// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";

import { createFileStart } from "../../src/stores/_file_start.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";

import { digestOf, noise, put, randomNumbers, remove } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";

/** What the new file is called until it is whole. */
const TEMPORARY = `${PATH}.compacting`;

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 5, ...options });
}

/** A file with a history, most of it dead. */
function usedFile(): { bytes: Uint8Array<ArrayBuffer>; history: History } {
  const disk = new MemoryDisk();
  const history = new History(randomNumbers(41), 8);
  for (let commit = 0; commit < 15; commit++) {
    const changes = history.changes();
    open(disk).commit(changes, { limits: { maxEntries: 100 } });
    history.done(changes);
  }
  history.commit(open(disk), [history.put(1), history.put(2)]);
  return { bytes: disk.read(PATH), history };
}

/** Checks that a store can do everything with a disk, and that no file stays there beside the cache. */
function assertGoesOn(disk: MemoryDisk, history: History, stores: readonly LogStore[]): void {
  const after = new History(randomNumbers(7), history.numbers);
  after.done([...history.state.values()]);
  for (const store of [...stores, open(disk)]) after.assertHolds(store);
  for (const store of [...stores, open(disk)]) after.commit(store);
  assertEquals([...disk.files.keys()], [PATH]);
  for (const store of [...stores, open(disk)]) store.compact();
  for (const store of [...stores, open(disk)]) after.assertHolds(store);
  assertEquals([...disk.files.keys()], [PATH]);
  assert(!disk.isLocked(PATH));
}

Deno.test("LogStore touches nothing of somebody else's that has the name of the new file, and says so", () => {
  const { bytes, history } = usedFile();
  const other = new MemoryDisk();
  open(other).commit([put(9, "of somebody else")]);
  const foreign: Record<string, (disk: MemoryDisk) => void> = {
    notes: (disk) => disk.write(TEMPORARY, noise(500, 1)),
    "a short note": (disk) => disk.write(TEMPORARY, noise(3, 1)),
    "a cache": (disk) => disk.write(TEMPORARY, other.read(PATH)),
    "a copy": (disk) => disk.write(TEMPORARY, bytes),
    "the new file of another": (disk) => disk.write(TEMPORARY, createFileStart(noise(8, 3)).bytes),
    "a link": (disk) => disk.links.set(TEMPORARY, "/elsewhere"),
    "a link to notes": (disk) => {
      disk.links.set(TEMPORARY, "/elsewhere");
      disk.write("/elsewhere", noise(500, 1));
    },
    "a directory": (disk) => disk.directories.add(TEMPORARY),
  };
  for (const [name, add] of Object.entries(foreign)) {
    for (const isNew of [false, true]) {
      const disk = isNew ? new MemoryDisk() : diskWith(bytes);
      add(disk);
      const isThere = () => [
        disk.links.get(TEMPORARY),
        disk.directories.has(TEMPORARY),
        disk.files.get(TEMPORARY)?.bytes.toHex(),
        disk.files.get("/elsewhere")?.bytes.toHex(),
      ];
      const before = isThere();
      const after = new History(randomNumbers(1), history.numbers);
      if (!isNew) after.done([...history.state.values()]);
      const store = open(disk);
      after.commit(store);
      assertEquals(isThere(), before, `${name} ${isNew}`);
      const error = assertThrows(() => store.compact(), CacheError, TEMPORARY);
      assertStringIncludes(error.message, "something else is there");
      assertEquals(isThere(), before, `${name} ${isNew}`);
      for (const each of [store, open(disk)]) after.assertHolds(each);
    }
  }
});

Deno.test("LogStore.commit() removes what a compaction left that was cut off, and none that goes on", () => {
  const { bytes, history } = usedFile();
  const salt = bytes.subarray(12, 20);
  for (const length of [0, 5, 31, 32, 100, 172]) {
    const disk = diskWith(bytes);
    disk.write(TEMPORARY, createFileStart(salt).bytes.slice(0, length));
    const holder = disk.openSync(TEMPORARY, {});
    assert(holder.tryLockSync(true));
    const store = open(disk);
    store.commit([put(1, "one")]);
    assert(disk.files.has(TEMPORARY));
    assertThrows(() => store.compact(), CacheError, "another process is at it");
    assert(disk.files.has(TEMPORARY));
    holder.close();
    // It looks once, as long as the file is open.
    open(disk).commit([remove(1)]);
    assertEquals([...disk.files.keys()], [PATH], `${length}`);
    history.done([remove(1)]);
    assertGoesOn(disk, history, [store]);
    assertEquals(store.has(digestOf(1)), history.state.has(digestOf(1)));
  }
});
