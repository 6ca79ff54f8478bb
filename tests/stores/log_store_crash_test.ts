// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { Parts, PutChange, StoreChange } from "../../src/stores/store.ts";
import { digestOf, noise, put, randomNumbers, remove, textAt } from "./_changes.ts";
import { Crash, MemoryDisk } from "./_memory_disk.ts";
import { assertHolds, makeSampleFile, type State } from "./_sample_file.ts";
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
  for (let written = 0; written < 200; written++) {
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
    const isDone = written >= 32 + 76 + 37 + 3;
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

/** A file whose last batch was cut off where its first record ends. */
function cutBetweenRecords(): { bytes: Uint8Array; end: number; length: number } {
  const { bytes, history } = makeSampleFile([[put(1, "one")], [put(2, "two"), put(3, "three")]]);
  const end = history[1]!.length;
  return { bytes: bytes.slice(0, end + 76 + 37 + 3), end, length: 76 + 37 + 3 };
}

Deno.test("LogStore sees a batch that took the place of an unfinished one of the same length", () => {
  const { bytes } = cutBetweenRecords();
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  const reader = new LogStore(PATH, { disk });
  assertEquals([1, 2, 3].map((number) => textAt(reader, number)), ["one", undefined, undefined]);
  withWarnings(() => new LogStore(PATH, { disk }).commit([put(2, "TWO")]));
  assertEquals(disk.read(PATH).length, bytes.length);
  assertEquals([1, 2].map((number) => textAt(reader, number)), ["one", "TWO"]);
});

Deno.test("LogStore.commit() loses nothing of a batch that took the place of an unfinished one", () => {
  const { bytes } = cutBetweenRecords();
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  const late = new LogStore(PATH, { disk });
  assertEquals(late.size, 1);
  withWarnings(() => new LogStore(PATH, { disk }).commit([put(2, "TWO")]));
  late.commit([put(3, "THREE")]);
  for (const store of [late, new LogStore(PATH, { disk })]) {
    assertEquals([1, 2, 3].map((number) => textAt(store, number)), ["one", "TWO", "THREE"]);
  }
});

/** All that a store holds, in short. */
function summary(store: LogStore): string {
  return [...store.entries()].map(({ digest, writtenAt, byteLength }) => {
    const value = store.get(digest);
    return [digest, writtenAt, byteLength, value && crc32(value.parts[0])].join();
  }).join("\n");
}

Deno.test("LogStore reads a state of before or after, when a writer repairs the file at any moment", () => {
  const small = cutBetweenRecords();
  const large = makeSampleFile([
    [put(1, "one")],
    Array.from({ length: 30 }, (_, at) => put(at + 10, [noise(9000, at)])),
  ]);
  const files = [
    small.bytes,
    small.bytes.slice(0, -5),
    large.bytes.slice(0, -1),
    large.bytes.slice(0, -20_000),
  ];
  const rewrites: readonly (readonly StoreChange[])[] = [
    [put(2, "TWO")],
    [put(2, "TWO"), put(3, "THREE"), remove(1)],
    // The same places as before, but for the end, and other ones.
    Array.from({ length: 30 }, (_, at) => put(at + 10, [noise(9000, at + 100)], { writtenAt: 1 })),
    Array.from({ length: 90 }, (_, at) => put(at + 10, [noise(3000 + at, at)])),
  ];
  for (const bytes of files) {
    for (const changes of bytes.length < 1000 ? rewrites.slice(0, 2) : rewrites.slice(1)) {
      for (let moment = 0;; moment++) {
        const disk = new MemoryDisk();
        disk.write(PATH, bytes);
        const writer = new LogStore(PATH, { disk });
        const reader = new LogStore(PATH, { disk });
        let calls = 0;
        disk.onCall = () => {
          if (calls++ !== moment) return;
          disk.onCall = () => {};
          writer.commit([remove(1), put(1, "uno")]);
          writer.commit(changes);
        };
        const { warnings } = withWarnings(() => {
          const seen = textAt(reader, 1);
          assert(seen === "one" || seen === "uno" || seen === undefined);
          disk.onCall = () => {};
          const fresh = new LogStore(PATH, { disk });
          assertEquals(summary(reader), summary(fresh), `${moment}`);
        });
        const isDone = calls <= moment;
        // That of the writer, which repaired the file.
        assertEquals(warnings.filter((warning) => !warning.includes("are moved to")), []);
        if (isDone) break;
      }
    }
  }
});

Deno.test("LogStore loses nothing, when a writer commits at any moment of another one's commit", () => {
  for (let moment = 0;; moment++) {
    const disk = new MemoryDisk();
    const path = PATH;
    const one = new LogStore(path, { disk });
    let time = 0;
    const clock = { now: () => time, pause: (milliseconds: number) => void (time += milliseconds) };
    const two = new LogStore(path, { disk, clock });
    one.commit([put(1, "one")]);
    two.commit([put(2, "two")]);
    let calls = 0;
    let isRefused = false;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      try {
        two.commit([put(3, "three"), put(1, "uno")]);
      } catch (error) {
        assert(error instanceof CacheError);
        isRefused = true;
      }
    };
    one.commit([put(4, "four")]);
    disk.onCall = () => {};
    const expected = isRefused || calls <= moment
      ? ["one", "two", undefined, "four"]
      : ["uno", "two", "three", "four"];
    for (const store of [one, two, new LogStore(path, { disk })]) {
      assertEquals([1, 2, 3, 4].map((number) => textAt(store, number)), expected, `${moment}`);
    }
    if (calls <= moment) break;
    assert(!disk.isLocked(path));
  }
});

Deno.test("LogStore reads right, when the file is replaced or rewritten at any moment of a lookup", () => {
  const before = makeSampleFile([[put(1, "one")], [put(2, "two")]]);
  const after = makeSampleFile([[put(3, "three")], [put(1, "uno")], [put(2, "due"), put(4, "x")]]);
  for (const inPlace of [false, true]) {
    for (let moment = 0;; moment++) {
      const disk = new MemoryDisk();
      disk.write(PATH, before.bytes);
      const store = new LogStore(PATH, { disk });
      let calls = 0;
      disk.onCall = () => {
        if (calls++ !== moment) return;
        if (inPlace) disk.files.get(PATH)!.bytes = after.bytes.slice();
        else disk.write(PATH, after.bytes);
      };
      withWarnings(() => {
        const seen = textAt(store, 1);
        assert(seen === "one" || seen === "uno" || seen === undefined);
      });
      const isDone = calls <= moment;
      disk.onCall = () => {};
      if (isDone) break;
      // A commit looks at the path in any case.
      withWarnings(() => store.commit([put(8, "new")]));
      for (const reader of [store, new LogStore(PATH, { disk })]) {
        assertHolds(reader, apply(after.state, [put(8, "new")]));
      }
      assertEquals([...disk.files.keys()], [PATH], `${inPlace} ${moment}`);
    }
  }
});

Deno.test("LogStore reads right and loses nothing, however three processes take turns and crash", () => {
  for (let seed = 1; seed <= 60; seed++) {
    try {
      takeTurns(randomNumbers(seed));
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error });
    }
  }
});

function takeTurns(random: () => number): void {
  const pick = (count: number) => Math.floor(random() * count);
  const disk = new MemoryDisk();
  let time = 0;
  const clock = { now: () => time, pause: () => void (time += 40_000) };
  const stores = Array.from({ length: 3 }, () => new LogStore(PATH, { disk, clock }));
  /** What was committed, after each commit, the newest last. */
  const history: Map<string, string>[] = [new Map()];
  let number = 0;
  /** The one whose turn it is: a process does nothing else in the middle of a call. */
  let current: LogStore | undefined;

  function randomChanges(): StoreChange[] {
    return Array.from({ length: 1 + pick(3) }, () => {
      const digit = pick(6);
      // Some large enough to be written, and read, in several steps.
      const length = random() < 0.06 ? 70_000 + pick(100_000) : pick(12);
      return random() < 0.2
        ? remove(digit)
        : put(digit, `${number++}`.padEnd(length, "."), { writtenAt: 1 });
    });
  }
  function commit(store: LogStore): void {
    const changes = randomChanges();
    try {
      store.commit(changes);
    } catch (error) {
      assert(error instanceof CacheError && error.message.startsWith("Cannot lock"), String(error));
      return;
    }
    const state = new Map(history.at(-1)!);
    for (const change of changes) {
      if (change.type === "put") {
        state.set(change.digest, decode(change.parts));
      } else state.delete(change.digest);
    }
    history.push(state);
  }
  function after(changes: StoreChange[], bytes = disk.read(PATH)): Uint8Array {
    const copy = new MemoryDisk();
    copy.write(PATH, bytes);
    const store = new LogStore(PATH, { disk: copy });
    store.commit(changes);
    // Too many open files would close one that is in the middle of a call.
    store.close();
    return copy.read(PATH);
  }
  function crash(): void {
    if (!disk.files.has(PATH) || disk.isLocked(PATH)) return;
    const never = put(7, "never");
    const committed = after([never]).length - (after([never], new Uint8Array()).length - 32);
    const bytes = after([...randomChanges(), never]);
    // Between two records, too: a value that is large begins, or ends, a write of its own.
    const ends: number[] = [];
    for (let at = committed; (at = bytes.indexOf(0xf1, at + 1)) >= 0;) {
      if (bytes[at + 1] === 0x70) ends.push(at);
    }
    const end = ends.length > 0 && random() < 0.5
      ? ends[pick(ends.length)]!
      : committed + pick(bytes.length - committed);
    disk.files.get(PATH)!.bytes = bytes.slice(0, end);
  }
  function disturb(): void {
    if (random() > 0.06) return;
    const { onCall } = disk;
    disk.onCall = () => {};
    if (random() < 0.3) crash();
    else commit(stores.filter((store) => store !== current)[pick(2)]!);
    disk.onCall = onCall;
  }

  const { warnings } = withWarnings(() => {
    for (let turn = 0; turn < 40; turn++) {
      const store = current = stores[pick(3)]!;
      const from = history.length - 1;
      const action = pick(4);
      disk.onCall = disturb;
      if (action === 0) {
        disk.onCall = () => {};
        crash();
      } else if (action === 1) {
        // A commit inside its own commit is none of the store's concerns: others only.
        disk.onCall = () => {};
        commit(store);
      } else if (action === 2) {
        const digit = pick(6);
        const value = store.get(digestOf(digit));
        const text = value && decode(value.parts);
        const expected = history.slice(from).map((state) => state.get(digestOf(digit)));
        assert(expected.includes(text), `${digit}: ${text}`);
      } else {
        const digests = new Set([...store.entries()].map(({ digest }) => digest));
        for (const state of history.slice(from)) {
          for (const key of state.keys()) digests.delete(key);
        }
        assertEquals(digests.size, 0);
      }
      disk.onCall = () => {};
      if (turn % 5 < 4) continue;
      for (const each of stores) {
        const held = [...each.entries()].map((
          { digest },
        ) => [digest, decode(each.get(digest)!.parts)]);
        assertEquals(new Map(held as [string, string][]), history.at(-1));
      }
    }
    for (const store of stores) store.close();
  });
  assertEquals(warnings.filter((warning) => !warning.includes("are moved to")), []);
}

function decode([bytes]: Parts): string {
  return new TextDecoder().decode(bytes).replace(/\.+$/, (dots) => `${dots.length}`);
}
