// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { appendBatch } from "../../src/stores/_append.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import { KIND } from "../../src/stores/_record.ts";
import { repair } from "../../src/stores/repair.ts";
import type { FunctionCounts } from "../../src/stores/store_stats.ts";
import { verify } from "../../src/stores/verify.ts";
import { digestOf, put, textAt } from "./_changes.ts";
import { goldenBytes, goldenText } from "./_golden.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import {
  assertHolds,
  assertRightOrMissing,
  makeSampleFile,
  SAMPLE_COUNTS,
} from "./_sample_file.ts";
import { placedRecords, saltChecksumOf } from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, ...options });
}

function counts(hits: number, functionName = "f"): FunctionCounts {
  return { functionName, hits, misses: 1, stores: 0, evictions: 0, savedMilliseconds: hits / 2 };
}

function hitsIn(store: LogStore): number {
  return store.stats().totals.all.hits;
}

function talliesIn(disk: MemoryDisk): number {
  return placedRecords(disk.read(PATH)).filter(({ kind }) => kind === KIND.tally).length;
}

Deno.test("LogStore.count() writes nothing until the next commit that has something to write", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  store.count([counts(2)]);
  assertEquals(disk.files.size, 0);
  store.commit([]);
  assertEquals(disk.files.size, 0);
  store.commit([put(1, "one")]);
  assertEquals([talliesIn(disk), hitsIn(store), hitsIn(open(disk))], [1, 2, 2]);
  const before = disk.read(PATH);
  store.count([counts(3)]);
  store.commit([]);
  assertEquals(disk.read(PATH), before);
  assertEquals(
    [hitsIn(store), hitsIn(open(disk))],
    [5, 2],
    "what is noted counts for who noted it",
  );
  store.commit([put(2, "two")]);
  store.commit([put(3, "three")]);
  assertEquals([talliesIn(disk), hitsIn(open(disk))], [2, 5]);
  assertEquals(open(disk).stats().totals.byFunction, [
    { ...counts(5), misses: 2 },
  ]);
});

Deno.test("LogStore adds up what several stores count, whoever writes first", () => {
  const disk = new MemoryDisk();
  const stores = [open(disk), open(disk), open(disk)];
  for (let round = 0; round < 5; round++) {
    for (const [index, store] of stores.entries()) {
      store.count([counts(1), counts(10, `g${index}`)]);
      store.commit([put(index, `${round}`)]);
    }
  }
  for (const store of [...stores, open(disk)]) {
    assertEquals(hitsIn(store), 3 * 5 * 11);
    assertEquals(store.stats().totals.byFunction.map(({ hits }) => hits), [15, 50, 50, 50]);
  }
});

Deno.test("LogStore finds the totals behind the newest snapshot, and reads no more for them", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { snapshotInterval: 64 });
  store.count([counts(7)]);
  for (let number = 0; number < 64 * 20; number++) store.commit([put(number, "x".repeat(100))]);
  const reader = open(disk);
  disk.bytesRead = 0;
  assertEquals(hitsIn(reader), 7);
  assert(disk.bytesRead < 40_000, `${disk.bytesRead} of ${disk.read(PATH).length} bytes`);
  // Also for who reads everything.
  assertEquals([...reader.entries()].length, 64 * 20);
  assertEquals(hitsIn(reader), 7);
});

Deno.test("LogStore begins the totals anew behind a snapshot that an older version took", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { snapshotInterval: 4 });
  store.count([counts(7)]);
  for (let number = 0; number < 4; number++) store.commit([put(number, "x")]);
  const last = placedRecords(disk.read(PATH)).at(-1)!;
  assertEquals(last.kind, KIND.tally);
  disk.files.get(PATH)!.bytes = disk.read(PATH).slice(0, last.offset);
  const other = open(disk, { snapshotInterval: 4 });
  assertEquals(hitsIn(other), 0);
  other.count([counts(2)]);
  other.commit([put(9, "nine")]);
  assertEquals([hitsIn(other), hitsIn(open(disk)), textAt(open(disk), 3)], [2, 2, "x"]);
});

Deno.test("LogStore.compact() and a compaction by itself make one record of the totals", () => {
  for (const snapshotInterval of [4, 4096]) {
    const disk = new MemoryDisk();
    const store = open(disk, { snapshotInterval });
    for (let round = 0; round < 10; round++) {
      store.count([counts(1)]);
      store.commit([put(round, "x".repeat(50)), put(1, `${round}`)]);
    }
    assert(talliesIn(disk) >= 10);
    store.compact();
    assertEquals([talliesIn(disk), hitsIn(store), hitsIn(open(disk))], [1, 10, 10]);
    const busy = open(disk, { snapshotInterval, compactFrom: 0 });
    for (let round = 0; round < 40; round++) {
      busy.count([counts(1)]);
      busy.commit([put(1, "y".repeat(200))]);
    }
    assertEquals([hitsIn(busy), hitsIn(open(disk))], [50, 50]);
    assert(talliesIn(disk) < 20);
  }
});

Deno.test("LogStore.stats() tells how long the file is, and what a compaction gives back", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  const empty = { bytes: 0, bytesLive: 0, bytesDead: 0 };
  assertEquals({ ...store.stats(), totals: undefined }, { ...empty, totals: undefined });
  store.commit([put(1, "x".repeat(100))]);
  const before = store.stats();
  assertEquals([before.bytes, before.bytesDead], [disk.read(PATH).length, 0]);
  store.count([counts(1)]);
  store.commit([put(1, "y".repeat(50)), put(2, "two")]);
  const { bytes, bytesLive, bytesDead } = store.stats();
  const { bytesAfter } = store.compact();
  const after = store.stats();
  assertEquals([after.bytes, after.bytesLive], [bytesAfter, bytesLive]);
  assertEquals(bytes - bytesDead, 172 + bytesLive);
  assert(bytesDead > after.bytesDead);
});

Deno.test("LogStore.evictions counts what limits have removed, and nothing where a commit failed", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  for (let number = 0; number < 5; number++) {
    store.commit([put(number, "x")], { limits: { maxEntries: 3 } });
  }
  assertEquals(store.evictions, 2);
  disk.space = 0;
  try {
    store.commit([put(9, "x")], { limits: { maxEntries: 1 } });
  } catch {
    // The disk is full.
  }
  assertEquals(store.evictions, 2);
  disk.space = Infinity;
  store.commit([], { limits: { writtenSince: Infinity } });
  assertEquals([store.evictions, store.size, open(disk).evictions], [5, 0, 0]);
});

Deno.test("LogStore.saveCounts() adds to a file that is there, and to nothing else", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  assertEquals(store.saveCounts(), true);
  store.count([counts(1)]);
  assertEquals([store.saveCounts(), disk.files.size], [false, 0]);
  assertEquals(store.saveCounts(), true, "what could not be written is dropped");
  store.commit([put(1, "one")]);
  store.count([counts(2)]);
  assertEquals([store.saveCounts(), hitsIn(open(disk)), talliesIn(disk)], [true, 2, 1]);
  assertEquals([store.saveCounts(), talliesIn(disk), disk.isLocked(PATH)], [true, 1, false]);
  assertEquals(textAt(store, 1), "one");

  // A file that was only begun is as good as none.
  const begun = diskWith(disk.read(PATH).subarray(0, 100));
  const other = open(begun);
  other.count([counts(1)]);
  assertEquals([other.saveCounts(), begun.read(PATH).length], [false, 100]);
});

Deno.test("LogStore.saveCounts() says nothing, waits for nobody and leaves the file as it is when it can't write", () => {
  const makeStore = () => {
    const disk = new MemoryDisk();
    const store = open(disk, {
      clock: {
        now: () => 0,
        pause: () => {
          throw new Error("waits");
        },
      },
    });
    store.commit([put(1, "one")]);
    store.close();
    store.count([counts(1)]);
    return { disk, store };
  };
  const faults: Record<string, (disk: MemoryDisk) => void> = {
    "the lock is held": (disk) => void disk.openSync(PATH, { read: true }).tryLockSync(true),
    "the disk is full": (disk) => disk.space = 20,
    "the file is read-only": (disk) => {
      disk.onCall = (name) => {
        if (name === "open") throw new Deno.errors.PermissionDenied("read-only");
      };
    },
    "a batch is unfinished": (disk) => {
      disk.files.get(PATH)!.bytes = new Uint8Array([...disk.read(PATH), 0xf1, 0x70]);
    },
    "the file is another one": (disk) => disk.write(PATH, new Uint8Array(500).fill(7)),
    "the file is gone": (disk) => disk.files.clear(),
  };
  for (const [name, spoil] of Object.entries(faults)) {
    const { disk, store } = makeStore();
    spoil(disk);
    const before = disk.files.has(PATH) ? disk.read(PATH) : undefined;
    const { result, warnings } = withWarnings(() => store.saveCounts());
    assertEquals([result, warnings], [false, []], name);
    disk.space = Infinity;
    assertEquals(disk.files.has(PATH) ? disk.read(PATH) : undefined, before, name);
  }
});

Deno.test("LogStore.saveCounts() keeps a file short to which nobody ever commits", () => {
  const disk = new MemoryDisk();
  open(disk).commit([put(1, "one")]);
  let longest = 0;
  for (let run = 1; run <= 200; run++) {
    // Another process each time, which has found what is there.
    const store = open(disk, { compactFrom: 4096 });
    assertEquals(textAt(store, 1), "one");
    store.count([counts(1)]);
    const { result, warnings } = withWarnings(() => store.saveCounts());
    assertEquals([result, warnings, hitsIn(store)], [true, [], run]);
    longest = Math.max(longest, disk.read(PATH).length);
  }
  assert(longest < 5000, `${longest}`);
  assertEquals([hitsIn(open(disk)), textAt(open(disk), 1), disk.files.size], [200, "one", 1]);
});

Deno.test("LogStore.saveCounts() says nothing where the file can't be made short", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { compactFrom: 1 });
  store.commit([put(1, "one")]);
  for (let run = 0; run < 20; run++) {
    disk.onCall = (name, path) => {
      if (name === "open" && path !== PATH) throw new Deno.errors.PermissionDenied("read-only");
    };
    store.count([counts(1)]);
    const { result, warnings } = withWarnings(() => store.saveCounts());
    assertEquals([result, warnings], [true, []]);
  }
  disk.onCall = () => {};
  assertEquals([hitsIn(open(disk)), textAt(open(disk), 1)], [20, "one"]);
});

Deno.test("LogStore takes a damaged record of totals for none, and the one before it counts", () => {
  const disk = new MemoryDisk();
  const store = open(disk);
  for (const hits of [1, 1]) {
    store.count([counts(hits)]);
    store.commit([put(hits, "x")]);
  }
  store.commit([put(2, "two")]);
  const whole = disk.read(PATH);
  for (const { offset, payloadAt, end, kind } of placedRecords(whole)) {
    if (kind !== KIND.tally) continue;
    for (let at = offset; at < end; at++) {
      for (const mask of [1, 0x80, 0xff]) {
        const bytes = whole.slice();
        bytes[at]! ^= mask;
        const damaged = diskWith(bytes);
        const { result } = withWarnings(() => {
          const reader = open(damaged);
          const found = [textAt(reader, 1), textAt(reader, 2)];
          return { hits: hitsIn(reader), found };
        });
        assert(result.hits === 1 || result.hits === 2, `${at}: ${result.hits}`);
        if (at >= payloadAt) assertEquals(result.found, ["x", "two"]);
        withWarnings(() => {
          const writer = open(damaged);
          writer.count([counts(1)]);
          writer.commit([put(3, "three")]);
          assertEquals(textAt(open(damaged), 3), "three");
          assert(hitsIn(open(damaged)) <= 3);
        });
      }
    }
  }
});

Deno.test("LogStore.stats() gives totals or lower ones, when any byte of the sample file is another", () => {
  const sample = makeSampleFile();
  const records = placedRecords(sample.bytes).filter(({ kind }) => kind === KIND.tally);
  assertEquals(records.length, 2);
  assertEquals(open(diskWith(sample.bytes)).stats().totals.byFunction, [SAMPLE_COUNTS]);
  for (let at = records[0]!.offset; at < sample.bytes.length; at += 3) {
    const bytes = sample.bytes.slice();
    bytes[at]! ^= 0x55;
    withWarnings(() => {
      const store = open(diskWith(bytes));
      const { hits } = store.stats().totals.all;
      assert(hits === 0 || hits === SAMPLE_COUNTS.hits, `${at}: ${hits}`);
      assertRightOrMissing(store, sample.state);
    });
  }
});

Deno.test("verify() and repair() know the totals", () => {
  const directory = Deno.makeTempDirSync();
  const path = `${directory}/a.cache`;
  const { bytes, state } = makeSampleFile();
  const [first, last] = placedRecords(bytes).filter(({ kind }) => kind === KIND.tally);
  Deno.writeFileSync(path, bytes);
  assertEquals(verify(path).isSound, true);
  for (const { payloadAt, offset, end } of [first!, last!]) {
    const damaged = bytes.slice();
    damaged[payloadAt]! ^= 1;
    Deno.writeFileSync(path, damaged);
    const { damaged: { ranges }, isSound } = verify(path);
    assertEquals(isSound, false);
    assertEquals(ranges, [{ offset, length: end - offset, what: "totals", loses: "nothing" }]);
    assertEquals(repair(path).lostEntries, 0);
    const store = new LogStore(path);
    assertHolds(store, state);
    // Behind the last snapshot there was no other record.
    assertEquals(hitsIn(store), offset === first!.offset ? SAMPLE_COUNTS.hits : 0);
    store.close();
    assertEquals(verify(path).isSound, true);
  }
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("LogStore writes and reads the totals in the document as they are described there", () => {
  const file = goldenBytes("totals");
  const given = JSON.parse(goldenText("counted")) as FunctionCounts[];
  const disk = diskWith(file);
  const { all, byFunction } = open(disk).stats().totals;
  assertEquals(byFunction, given);
  assertEquals(all.hits, given.reduce((sum, { hits }) => sum + hits, 0));
  const [record] = placedRecords(file).filter(({ kind }) => kind === KIND.tally);
  const copy = diskWith(file.subarray(0, record!.offset));
  const place = {
    end: record!.offset,
    saltChecksum: saltChecksumOf(file),
    replaced: 0,
    has: () => false,
  };
  appendBatch(copy.openSync(PATH, { read: true, write: true }), place, [
    { type: "tally", totals: { all, byFunction } },
  ]);
  assertEquals(copy.read(PATH).toHex(), file.slice(0, record!.end).toHex());
  assertEquals(open(disk).has(digestOf(1)), false);
});
