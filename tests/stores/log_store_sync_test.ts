// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import type { Sync } from "../../src/stores/store.ts";
import { digestOf, put, remove, textAt } from "./_changes.ts";

import { MemoryDisk } from "./_memory_disk.ts";
import { PATH } from "./_memory_file.ts";
import { Medium } from "./_power.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 4, ...options });
}

/** A disk on which it is told what is on the medium. */
function volatileDisk(): MemoryDisk {
  const disk = new MemoryDisk();
  disk.medium = new Medium();
  return disk;
}

/** What a step asks of the disk, without what only looks. */
function callsOf(disk: MemoryDisk, step: () => void): string[] {
  const calls: string[] = [];
  disk.onCall = (name, path) => {
    if (/sync|rename|remove|^write$/.test(name.toLowerCase())) calls.push(`${name} ${path}`);
  };
  step();
  disk.onCall = () => {};
  return calls;
}

Deno.test("LogStore waits for the medium at no commit, unless it is told to", () => {
  const disk = new MemoryDisk();
  for (const store of [open(disk), open(disk, { sync: "none" })]) {
    const calls = callsOf(disk, () => {
      for (let number = 0; number < 30; number++) {
        store.commit([put(number, "x"), put(1, "y")], { limits: { maxEntries: 8 } });
        store.touch(digestOf(1));
      }
      store.commit([put(1, "one")], { sync: "none" });
    });
    assertEquals(calls.filter((call) => call.startsWith("sync")), []);
  }
});

Deno.test("LogStore waits for the medium once a commit, when it is told to, before that is done", () => {
  const options: [Sync, Sync | undefined][] = [["commit", undefined], ["none", "commit"], [
    "commit",
    "commit",
  ]];
  for (const [sync, ofCommit] of options) {
    const disk = new MemoryDisk();
    const store = open(disk, { sync, snapshotInterval: 1000 });
    const commit = (number: number) => () => store.commit([put(number, "x")], { sync: ofCommit });
    // A new file is one that its directory has to know of.
    const first = callsOf(disk, commit(1));
    assertEquals(first.filter((call) => call.startsWith("sync")).sort(), [
      "sync /",
      `syncData ${PATH}`,
    ]);
    assertEquals(first.at(-1), `syncData ${PATH}`);
    for (let number = 2; number < 10; number++) {
      assertEquals(callsOf(disk, commit(number)), [`write ${PATH}`, `syncData ${PATH}`]);
    }
    // Nothing is written, so there is nothing to wait for.
    assertEquals(callsOf(disk, () => store.commit([], { sync: ofCommit })), []);
    assertEquals(callsOf(disk, () => store.commit([remove(50)], { sync: ofCommit })), []);
    assertEquals(callsOf(disk, () => store.commit([remove(2)], { sync: ofCommit })), [
      `write ${PATH}`,
      `syncData ${PATH}`,
    ]);
    store.touch(digestOf(1));
    assertEquals(callsOf(disk, () => store.commit([], { sync: ofCommit })), [
      `write ${PATH}`,
      `syncData ${PATH}`,
    ]);
  }
  const disk = new MemoryDisk();
  const store = open(disk, { sync: "commit" });
  const calls = callsOf(disk, () => store.commit([put(1, "one")], { sync: "none" }));
  assertEquals(calls.filter((call) => call.startsWith("sync")), []);
});

Deno.test("LogStore waits for the medium with the entries, and not for a snapshot", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { sync: "commit" });
  store.commit([put(1, "one"), put(2, "two"), put(3, "three")]);
  const calls = callsOf(disk, () => store.commit([put(4, "four")]));
  // The batch; then the snapshot, in two pieces, and the slot of the anchor.
  const write = `write ${PATH}`;
  assertEquals(calls, [write, `syncData ${PATH}`, write, write, write]);
});

Deno.test("LogStore.compact() has the new file on the medium before it takes the place of the old one", () => {
  for (const sync of ["none", "commit"] as const) {
    const disk = new MemoryDisk();
    const store = open(disk, { sync });
    // As many as there is an index of.
    for (let number = 0; number < 6; number++) store.commit([put(number, "x"), put(1, "y")]);
    const calls = callsOf(disk, () => store.compact());
    const rename = calls.indexOf(`rename ${PATH}`);
    const lastWrite = calls.lastIndexOf(`write ${PATH}.compacting`);
    const lastSync = calls.lastIndexOf(`sync ${PATH}.compacting`);
    assert(0 <= lastWrite && lastWrite < lastSync && lastSync < rename, calls.join());
    assertEquals(calls[rename + 1], "sync /");
  }
});

Deno.test("LogStore throws a TypeError, and writes nothing, when sync can't be meant", () => {
  for (const sync of ["", "all", "Commit", true, 1, null]) {
    assertThrows(() => new LogStore(PATH, { sync: sync as Sync }), TypeError);
    const disk = new MemoryDisk();
    assertThrows(() => open(disk).commit([put(1, "one")], { sync: sync as Sync }), TypeError);
    assertEquals(disk.files.size, 0);
  }
});

Deno.test("LogStore.commit() throws, and leaves the file as it was, when the medium fails", () => {
  for (const isNew of [false, true]) {
    const disk = new MemoryDisk();
    const start = open(disk);
    if (!isNew) start.commit([put(1, "one"), put(2, "two"), put(3, "three")]);
    const before = isNew ? undefined : disk.read(PATH);
    const store = open(disk, { sync: "commit" });
    disk.onCall = (name) => {
      if (name === "syncData") throw new Error("An error of the disk");
    };
    const changes = [put(1, "uno"), put(4, "four"), remove(2)];
    const limits = { maxEntries: 2 };
    for (let time = 0; time < 3; time++) {
      const error = assertThrows(
        () => store.commit(changes, { limits }),
        CacheError,
        "An error of the disk",
      );
      assertEquals(error.filePath, PATH);
      if (before !== undefined) assertEquals(disk.read(PATH), before);
      for (const each of [store, start, open(disk)]) {
        assertEquals(each.size, isNew ? 0 : 3);
        assertEquals(textAt(each, 1), isNew ? undefined : "one");
      }
      assert(!disk.isLocked(PATH));
    }
    disk.onCall = () => {};
    store.commit(changes, { limits });
    for (const each of [store, start, open(disk)]) {
      assertEquals([1, 2, 3, 4].map((number) => textAt(each, number)), [
        "uno",
        undefined,
        undefined,
        "four",
      ]);
    }
    assertEquals([...disk.files.keys()], [PATH]);
  }
});

Deno.test("LogStore.commit() does not fail where a directory can't be synced", () => {
  for (const failing of ["open", "sync"]) {
    const disk = new MemoryDisk();
    disk.onCall = (name, path) => {
      if (name === failing && path === "/") {
        throw new Deno.errors.NotSupported("Not on this system");
      }
    };
    const store = open(disk, { sync: "commit" });
    store.commit([put(1, "one")]);
    store.compact();
    assertEquals(textAt(store, 1), "one");
    assertEquals(disk.open, 1);
  }
});

Deno.test('LogStore holds what was committed with sync: "commit" to a file that was begun without', () => {
  const disk = volatileDisk();
  open(disk).commit([put(1, "one")]);
  open(disk, { sync: "commit" }).commit([put(2, "two")]);
  disk.cutPower(() => false);
  assert(disk.files.has(PATH), "The directory was never told of the file");
  assertEquals([1, 2].map((number) => textAt(open(disk), number)), ["one", "two"]);
});

Deno.test("LogStore.commit() syncs the directory that a new file is in, when the path is a link, too", () => {
  const disk = new MemoryDisk();
  disk.directories.add("/there");
  disk.links.set(PATH, "/there/real.cache");
  const calls = callsOf(disk, () => open(disk, { sync: "commit" }).commit([put(1, "one")]));
  assert(disk.files.has("/there/real.cache"));
  assert(calls.includes("sync /there"), calls.join());
});
