// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { PutChange, StoreChange } from "../../src/stores/store.ts";
import { noise, put, remove, textAt } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { assertHolds, makeSampleFile, type SampleFile, type State } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

const PATH = "/a.cache";

function apply(state: State, changes: readonly StoreChange[]): Map<string, PutChange> {
  const after = new Map(state);
  for (const change of changes) {
    if (change.type === "put") after.set(change.digest, change);
    else after.delete(change.digest);
  }
  return after;
}

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
  const [large, larger] = [30, 31].map((length) =>
    makeSampleFile([
      [put(1, "one")],
      Array.from({ length }, (_, at) => put(at + 10, [noise(9000, at)])),
    ])
  ) as [SampleFile, SampleFile];
  const files = [
    small.bytes,
    small.bytes.slice(0, -5),
    large.bytes.slice(0, -1),
    // Longer than the batch that takes its place.
    larger.bytes.slice(0, -1),
  ];
  const rewrites: readonly (readonly StoreChange[])[] = [
    [put(2, "TWO")],
    [put(2, "TWO"), put(3, "THREE"), remove(1)],
    // The same places as before, of the same entries and of others; and other places.
    Array.from({ length: 30 }, (_, at) => put(at + 10, [noise(9000, at + 100)], { writtenAt: 1 })),
    Array.from({ length: 30 }, (_, at) => put(at + 50, [noise(9000, at)])),
    Array.from({ length: 90 }, (_, at) => put(at + 10, [noise(3000 + at, at)])),
  ];
  for (const bytes of files) {
    for (const changes of bytes.length < 1000 ? rewrites.slice(0, 2) : rewrites.slice(2)) {
      for (let moment = 0;; moment++) {
        const disk = new MemoryDisk();
        disk.write(PATH, bytes);
        const writer = new LogStore(PATH, { disk });
        const reader = new LogStore(PATH, { disk });
        let calls = 0;
        disk.onCall = () => {
          if (calls++ !== moment) return;
          disk.onCall = () => {};
          writer.commit(changes);
          writer.commit([remove(1), put(1, "uno")]);
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

Deno.test("LogStore.commit() loses nothing of a file whose end looks like that of before", () => {
  const { bytes } = makeSampleFile([[put(1, "one")], [
    put(2, "a"),
    put(3, "b"),
    put(4, "c"),
    put(5, "d"),
  ]]);
  const record = 76 + 37 + 1;
  const disk = new MemoryDisk();
  disk.write(PATH, bytes.slice(0, bytes.length - record));
  const late = new LogStore(PATH, { disk });
  assertEquals(late.size, 1);
  const other = new LogStore(PATH, { disk });
  withWarnings(() => other.commit([put(2, "a"), put(3, "b")]));
  other.commit([put(4, "c"), put(6, "e")]);
  disk.files.get(PATH)!.bytes = disk.read(PATH).slice(0, -record);
  assertEquals(disk.read(PATH).length, bytes.length - record);
  withWarnings(() => late.commit([put(7, "f")]));
  for (const store of [late, new LogStore(PATH, { disk })]) {
    assertEquals([1, 2, 3, 4, 7].map((number) => textAt(store, number)), [
      "one",
      "a",
      "b",
      undefined,
      "f",
    ]);
  }
});

Deno.test("LogStore sees nothing of a batch that is cut off, when it comes in the middle of a lookup", () => {
  const { bytes: before } = makeSampleFile([[put(1, "one")], [put(2, [noise(5000, 2)])]]);
  for (let moment = 0;; moment++) {
    const disk = new MemoryDisk();
    disk.write(PATH, before.slice(0, -1));
    const writer = new LogStore(PATH, { disk });
    const reader = new LogStore(PATH, { disk });
    let calls = 0;
    disk.onCall = () => {
      if (calls++ !== moment) return;
      disk.onCall = () => {};
      withWarnings(() => writer.commit([put(2, "never"), put(3, "never")]));
      disk.files.get(PATH)!.bytes = disk.read(PATH).slice(0, -1);
    };
    assertEquals(textAt(reader, 2), undefined, `${moment}`);
    assertEquals(textAt(reader, 1), "one");
    const isDone = calls <= moment;
    if (isDone) break;
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
