// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { PutChange, StoreChange } from "../../src/stores/store.ts";
import { noise, put, remove, textAt } from "./_changes.ts";
import { Crash, MemoryDisk } from "./_memory_disk.ts";
import { assertHolds, FIRST_RECORD_AT, makeSampleFile, type State } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

const PATH = "/a.cache";

/** A batch that overwrites, adds and deletes. */
const BATCH: readonly StoreChange[] = [
  put(1, "uno"),
  put(7, [noise(30, 7), noise(10, 8)]),
  remove(5),
  put(8, "otto"),
];

function apply(state: State, changes: readonly StoreChange[]): Map<string, PutChange> {
  const after = new Map(state);
  for (const change of changes) {
    if (change.type === "put") after.set(change.digest, change);
    else after.delete(change.digest);
  }
  return after;
}

function lengthOfBatch(before: Uint8Array): number {
  const disk = new MemoryDisk();
  disk.write(PATH, before);
  new LogStore(PATH, { disk }).commit(BATCH);
  return disk.read(PATH).length - before.length;
}

Deno.test("LogStore.commit() does all or nothing, when the process crashes at any byte of it", () => {
  const sample = makeSampleFile();
  const after = apply(sample.state, BATCH);
  const length = lengthOfBatch(sample.bytes);
  for (const transfer of [Infinity, 50]) {
    for (let written = 0; written <= length; written++) {
      const disk = new MemoryDisk();
      disk.write(PATH, sample.bytes);
      disk.transfer = transfer;
      disk.crashAfter = written;
      const reader = new LogStore(PATH, { disk });
      assertHolds(reader, sample.state);
      const crash = () => new LogStore(PATH, { disk }).commit(BATCH);
      if (written < length) {
        const error = assertThrows(crash, CacheError);
        assert((error.cause as AggregateError).errors[0] instanceof Crash);
      } else {
        crash();
      }
      disk.crashAfter = Infinity;
      disk.files.get(PATH)!.lockedBy = undefined;
      const expected = written < length ? sample.state : after;
      // Who has had the file open all the time, and who opens it now.
      for (const store of [reader, new LogStore(PATH, { disk })]) assertHolds(store, expected);
      withWarnings(() => new LogStore(PATH, { disk }).commit([put(2, "due")]));
      const next = apply(expected, [put(2, "due")]);
      for (const store of [reader, new LogStore(PATH, { disk })]) assertHolds(store, next);
    }
  }
});

Deno.test("LogStore.commit() starts a file anew, when the process crashed at any byte of the first one", () => {
  for (let written = 0; written < 340; written++) {
    const disk = new MemoryDisk();
    disk.crashAfter = written;
    try {
      new LogStore(PATH, { disk }).commit([put(1, "one")]);
    } catch (error) {
      assert(error instanceof CacheError);
    }
    disk.crashAfter = Infinity;
    disk.files.get(PATH)!.lockedBy = undefined;
    const store = new LogStore(PATH, { disk });
    const isDone = written >= FIRST_RECORD_AT + 76 + 37 + 3;
    assertEquals(textAt(store, 1), isDone ? "one" : undefined);
    withWarnings(() => store.commit([put(2, "two")]));
    const reader = new LogStore(PATH, { disk });
    assertEquals(textAt(reader, 1), isDone ? "one" : undefined);
    assertEquals(textAt(reader, 2), "two");
  }
});

Deno.test("LogStore.commit() leaves the file as it was, when the disk is full at any byte of it", () => {
  const sample = makeSampleFile();
  const after = apply(sample.state, BATCH);
  const length = lengthOfBatch(sample.bytes);
  for (let space = 0; space < length; space++) {
    const disk = new MemoryDisk();
    disk.write(PATH, sample.bytes);
    disk.space = space;
    const store = new LogStore(PATH, { disk });
    const reader = new LogStore(PATH, { disk });
    assertHolds(reader, sample.state);
    const error = assertThrows(
      () => store.commit(BATCH),
      CacheError,
      "Cannot write cache: No space",
    );
    assertEquals(error.filePath, PATH);
    assertEquals(disk.read(PATH), sample.bytes);
    assert(!disk.isLocked(PATH));
    for (const each of [store, reader]) assertHolds(each, sample.state);
    disk.space = Infinity;
    store.commit(BATCH);
    for (const each of [store, reader, new LogStore(PATH, { disk })]) assertHolds(each, after);
    assertEquals([...disk.files.keys()], [PATH]);
  }
});

Deno.test("LogStore.commit() repairs its own half-written batch, when that could not even be cut off", () => {
  const disk = new MemoryDisk();
  const store = new LogStore(PATH, { disk });
  store.commit([put(1, "one")]);
  disk.space = 100;
  disk.onCall = (name) => {
    if (name === "truncate") throw new Error("Read-only file system");
  };
  const error = assertThrows(() => store.commit([put(2, "two")]), CacheError);
  assertEquals((error.cause as AggregateError).errors.length, 2);
  disk.space = Infinity;
  disk.onCall = () => {};
  assertEquals([1, 2].map((number) => textAt(store, number)), ["one", undefined]);
  withWarnings(() => store.commit([put(2, "two")]));
  assertEquals([1, 2].map((number) => textAt(store, number)), ["one", "two"]);
});
