// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { repair, type RepairReport } from "../../src/stores/repair.ts";
import type { Digest, PutChange } from "../../src/stores/store.ts";
import { verify } from "../../src/stores/verify.ts";
import { asidePartsOf } from "./_aside_parts.ts";
import { bytesOf, digestOf, infoOf, noise, put, remove, valueOf } from "./_changes.ts";
import { assertAddsUp, makeCheckedFile } from "./_checked_files.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { withWarnings } from "./_warnings.ts";

/** Repairs a file, and checks all that a repair promises whatever the damage. */
function repairDisk(disk: MemoryDisk): RepairReport {
  const bytes = disk.read(PATH);
  const { result: report, warnings } = withWarnings(() => repair(PATH, { disk }));
  assertEquals(warnings, []);
  assertEquals([disk.open, disk.isLocked(PATH)], [0, false]);
  for (const each of [report.before, report.after]) assertAddsUp(each);
  assert(report.after.isSound);
  assertEquals(verify(PATH, { disk }), report.after);
  assertEquals(report.after.live, report.before.live);
  const others = [...disk.files.keys()].filter((path) => path !== PATH);
  assertEquals(others, report.asidePath === undefined ? [] : [report.asidePath]);
  if (report.asidePath === undefined) {
    assertEquals(report.asideBytes, 0);
  } else {
    assertMatch(report.asidePath, /^\/a\.cache\.damaged-[0-9a-f]{8}$/);
    const parts = asidePartsOf(disk.read(report.asidePath));
    for (const { offset, length, bytes: aside } of parts) {
      assertEquals(aside, bytes.slice(offset, offset + length));
    }
    assertEquals(parts.reduce((sum, { length }) => sum + length, 0), report.asideBytes);
    const { damaged, doubtful, unfinished } = report.before;
    const expected = [
      ...damaged.ranges.filter(({ what }) => what !== "index").map(({ offset }) => offset),
      ...doubtful.entries.map(({ offset }) => offset),
      ...unfinished.bytes > 0 ? [unfinished.offset] : [],
    ];
    assertEquals(parts.map(({ offset }) => offset), expected.sort((one, other) => one - other));
  }
  return report;
}

function assertHoldsAll(disk: MemoryDisk, changes: Iterable<PutChange>): void {
  const store = new LogStore(PATH, { disk });
  const expected = [...changes];
  assertEquals([...store.entries()], expected.map(infoOf));
  for (const change of expected) assertEquals(store.get(change.digest), valueOf(change));
  store.close();
}

function without(state: ReadonlyMap<Digest, PutChange>, lost: Iterable<Digest>): PutChange[] {
  const left = new Map(state);
  for (const digest of lost) left.delete(digest);
  return [...left.values()];
}

Deno.test("repair() leaves a file without damage as it is", () => {
  const { bytes, ends } = makeCheckedFile();
  // An empty one as well, and one that a crash has left before its first commit.
  for (const file of [bytes, bytes.slice(0, ends[0]!), bytes.slice(0, 0), bytes.slice(0, 20)]) {
    const disk = diskWith(file);
    const calls: string[] = [];
    disk.onCall = (name) => void calls.push(name);
    const report = repairDisk(disk);
    assert(!report.isChanged);
    assertEquals(report.after, report.before);
    assertEquals(disk.read(PATH), file);
    assert(!calls.includes("write") && !calls.includes("truncate"));
  }
  const disk = diskWith(bytes.slice(0, 100));
  assert(!repair(PATH, { disk }).isChanged);
  assertEquals([...disk.files.keys()], [PATH]);
});

Deno.test("repair() keeps every good entry, unchanged and in order, when a bit is flipped", () => {
  const { bytes, state } = makeCheckedFile();
  let asides = 0;
  for (let at = 0; at < bytes.length; at++) {
    const disk = diskWith(bytes);
    disk.files.get(PATH)!.bytes[at]! ^= 1 << at % 8;
    const { before, lostEntries, isChanged, asidePath } = repairDisk(disk);
    const range = before.damaged.ranges[0]!;
    assert(isChanged);
    assertEquals(asidePath === undefined, range.what === "index");
    if (asidePath !== undefined) asides++;
    assertEquals(lostEntries, range.loses === "entry" ? 1 : 0);
    assertHoldsAll(disk, without(state, lostEntries > 0 ? [range.digest!] : []));
    // Once for each page is enough.
    if (range.what === "index") at += 100;
  }
  assert(asides > 1000);
});

Deno.test("repair() keeps every good entry, when a run of bytes is overwritten", () => {
  const { bytes, state } = makeCheckedFile();
  for (const run of [90, 300]) {
    for (let at = 172; at < bytes.length; at += 23) {
      const disk = diskWith(bytes);
      disk.files.get(PATH)!.bytes.set(noise(Math.min(run, bytes.length - at), at), at);
      const old = new LogStore(PATH, { disk: diskWith(disk.read(PATH)) });
      const { result: there } = withWarnings(() =>
        [...state.values()].filter(({ digest, writtenAt, parts }) => {
          const value = old.get(digest);
          return value?.writtenAt === writtenAt && `${value.parts}` === `${parts}`;
        })
      );
      repairDisk(disk);
      const store = new LogStore(PATH, { disk });
      for (const change of there) assertEquals(store.get(change.digest), valueOf(change));
      store.close();
    }
  }
});

Deno.test("repair() sets entries in doubt aside, but for those that the index proves to be current", () => {
  const commits = [[put(1, "one")], [put(2, "two")], [put(1, "ONE")], [put(3, "three")]];
  for (const interval of [1000, 4]) {
    const { bytes, ends } = makeCheckedFile([...commits, [put(4, "four")]], interval);
    bytes.fill(0, ends[2]!, ends[3]!);
    const disk = diskWith(bytes);
    const { lostEntries, asidePath } = repairDisk(disk);
    const isProved = interval === 4;
    assertEquals(lostEntries, isProved ? 1 : 2);
    assertHoldsAll(disk, [
      ...isProved ? [put(2, "two")] : [],
      put(3, "three"),
      put(4, "four"),
    ]);
    const parts = asidePartsOf(disk.read(asidePath!));
    assertEquals(parts.map(({ what, digest, key }) => [what, digest, key]), [
      ["doubtful", digestOf(1), "1"],
      ...isProved ? [] : [["doubtful", digestOf(2), "2"]],
      ["unreadable", undefined, undefined],
    ]);
  }
});

Deno.test("repair() cuts an unfinished write off, and leaves what is before it as it is", () => {
  const { bytes, ends } = makeCheckedFile();
  for (let length = ends[5]! + 1; length < ends[6]!; length++) {
    const disk = diskWith(bytes.slice(0, length));
    const { ino } = disk.files.get(PATH)!;
    const { before, asidePath, isChanged } = repairDisk(disk);
    if (before.unfinished.bytes === 0) continue;
    assert(isChanged && before.isSound);
    assertEquals(disk.files.get(PATH)!.ino, ino);
    assertEquals(disk.read(PATH), bytes.slice(0, before.unfinished.offset));
    const [part] = asidePartsOf(disk.read(asidePath!));
    assertEquals(part!.what, "unfinished");
  }
});

Deno.test("repair() cuts a damaged end off, and sets an unfinished write aside with other damage", () => {
  const { bytes, ends, state } = makeCheckedFile([[put(1, "one")], [put(2, "two")]]);
  const damaged = bytes.slice();
  damaged.fill(0xaa, ends[1]!, ends[2]! - 20);
  const disk = diskWith(damaged);
  const { before } = repairDisk(disk);
  assertEquals(before.damaged.ranges.map(({ offset, loses }) => [offset, loses]), [
    [ends[1], "unknown"],
  ]);
  assertEquals(disk.read(PATH), bytes.slice(0, ends[1]!));

  const both = diskWith(bytes.slice(0, -1));
  both.files.get(PATH)!.bytes[30]! ^= 1;
  const { asidePath } = repairDisk(both);
  assertEquals(asidePartsOf(both.read(asidePath!)).map(({ what }) => what), [
    "file header",
    "unfinished",
  ]);
  assertHoldsAll(both, [state.get(digestOf(1))!]);
});

Deno.test("repair() makes the file header anew, when it is damaged", () => {
  const { bytes, state } = makeCheckedFile();
  const zeros = bytes.slice();
  zeros.fill(0, 0, 32);
  const random = bytes.slice();
  random.set(noise(32, 1));
  for (const file of [zeros, random]) {
    const disk = diskWith(file);
    const store = new LogStore(PATH, { disk });
    assertThrows(() => store.size, CacheFormatError);
    store.close();
    const { asidePath, lostEntries } = repairDisk(disk);
    assertEquals(lostEntries, 0);
    assertHoldsAll(disk, state.values());
    assertEquals(asidePartsOf(disk.read(asidePath!)).map(({ what }) => what), ["file header"]);
  }
});

Deno.test("repair() leaves alone what it can't make out, and what a newer version wrote", () => {
  const { bytes } = makeCheckedFile();
  const beheaded = bytes.slice();
  beheaded.fill(0, 0, 80);
  for (const file of [beheaded, bytesOf("notes"), noise(500, 1)]) {
    const disk = diskWith(file);
    const error = assertThrows(() => repair(PATH, { disk }), CacheFormatError);
    assertEquals(error.filePath, PATH);
    assertEquals(disk.read(PATH), file);
    assertEquals([disk.files.size, disk.open], [1, 0]);
  }
});

Deno.test("repair() passes large values through memory in pieces", () => {
  const values = [noise(3_000_000, 1), noise(1024 * 1024, 2), noise(1024 * 1024 - 113, 3)];
  const commits = values.map((value, index) => [put(index + 1, [value, noise(10, index)])]);
  const { bytes, state, ends } = makeCheckedFile([...commits, [put(4, "four")]]);
  bytes[ends[2]! - 1]! ^= 1;
  const disk = diskWith(bytes);
  let largest = 0;
  const { openSync } = disk;
  disk.openSync = (path, options) => {
    const handle = openSync.call(disk, path, options);
    const { readSync } = handle;
    handle.readSync = (target) => {
      largest = Math.max(largest, target.length);
      return readSync(target);
    };
    return handle;
  };
  repairDisk(disk);
  assert(largest <= 1024 * 1024, `${largest}`);
  assertHoldsAll(disk, without(state, [digestOf(2)]));
});

Deno.test("repair() keeps the order in which entries were used", () => {
  // By being put again, by notes of use, and by both; also where nothing was limited yet.
  const first = [put(1, "one"), put(2, "two"), put(3, "three"), put(4, "four"), put(5, "five")];
  const cases = [{ touched: [] }, { touched: [], limits: { maxEntries: 100 } }, {
    touched: [3],
    limits: { maxEntries: 100 },
  }, { touched: [3, 1], limits: { maxEntries: 100 } }];
  for (const { touched, limits } of cases) {
    const disk = new MemoryDisk();
    const store = new LogStore(PATH, { disk });
    store.commit(first, limits && { limits });
    store.commit([put(2, "TWO")]);
    for (const number of touched) store.touch(digestOf(number));
    store.commit([put(6, "six"), remove(5)]);
    store.close();
    const file = disk.files.get(PATH)!;
    file.bytes[33]! ^= 1;
    const order = () => {
      const copy = diskWith(disk.read(PATH));
      const limited = new LogStore(PATH, { disk: copy });
      return withWarnings(() =>
        [5, 4, 3, 2, 1].map((maxEntries) => {
          limited.commit([], { limits: { maxEntries } });
          return [...limited.entries()].map(({ digest }) => digest);
        })
      ).result;
    };
    const before = order();
    repairDisk(disk);
    assertEquals(order(), before);
  }
});

Deno.test("repair() gives a large file an index", () => {
  const commits = [Array.from({ length: 3000 }, (_, number) => put(number, `${number}`))];
  const { bytes, state, ends } = makeCheckedFile(commits, 10_000);
  bytes[ends[1]! - 1]! ^= 1;
  const disk = diskWith(bytes);
  assertEquals(repairDisk(disk).after.index.snapshots, 1);
  assertHoldsAll(disk, without(state, [digestOf(2999)]));
});

Deno.test("repair() says that there is no file, and creates none", () => {
  const disk = new MemoryDisk();
  const error = assertThrows(() => repair(PATH, { disk }), CacheError, "no such file: /a.cache");
  assert(error.cause instanceof Deno.errors.NotFound);
  assertEquals(disk.files.size, 0);
});

Deno.test("repair() refuses arguments of the wrong type", () => {
  for (const lockTimeout of [-1, NaN, "1" as unknown as number]) {
    assertThrows(() => repair(PATH, { lockTimeout }), TypeError, `lock time-out: ${lockTimeout}`);
  }
  assertThrows(() => repair(""), TypeError, "Cannot repair cache");
});
