// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { LARGEST_SEGMENT, PAGE_LENGTH } from "../../src/stores/_segment.ts";
import { EntryList } from "../../src/stores/_segment_builder.ts";
import { DamagedSnapshotError, Snapshot } from "../../src/stores/_snapshot.ts";
import { appendSnapshot } from "../../src/stores/_snapshot_writer.ts";
import { randomNumbers } from "./_changes.ts";
import { PATH } from "./_memory_file.ts";
import { digestOfWords, randomDigest, randomEntry } from "./_segment_entries.ts";
import { randomChanges, SALT, SnapshotFile } from "./_snapshot_file.ts";

Deno.test("appendSnapshot() has the file tell what a Map does, over many snapshots", () => {
  const random = randomNumbers(1);
  const log = new SnapshotFile();
  const pool: string[] = [];
  for (let number = 1; number <= 300; number++) {
    log.take(randomChanges(random, pool, 8));
    if (number % 15 > 1) continue;
    log.assertTells();
    const read = log.read()!;
    log.assertTells(read);
    for (let miss = 0; miss < 10; miss++) {
      assertEquals(log.find(randomDigest(random), read), undefined);
    }
  }
  assert(log.model.size > 400);
});

Deno.test("appendSnapshot() merges fifteen segments of a level, and never those of the second", () => {
  const random = randomNumbers(2);
  const log = new SnapshotFile();
  const pool: string[] = [];
  for (let number = 1; number <= 540; number++) {
    const { segments } = log.take(randomChanges(random, pool, 2));
    const levels = [
      ...Array(number % 16).fill(0),
      ...Array(Math.floor(number / 16) % 16).fill(1),
      ...Array(Math.floor(number / 256)).fill(2),
    ];
    assertEquals(segments.map(({ level }) => level), levels, `${number}`);
  }
  log.assertTells();
  log.assertTells(log.read());
});

Deno.test("appendSnapshot() keeps removals only as long as an older segment may have the entry", () => {
  const random = randomNumbers(3);
  const log = new SnapshotFile();
  const entries = Array.from({ length: 20 }, () => randomEntry(random));
  const removals = entries.map((entry) => ({ ...entry, length: 0 }));
  log.take(removals);
  assertEquals(log.snapshot!.segments[0]!.entryCount, 0, "there is nothing older");
  log.take(entries);
  log.take(removals);
  assertEquals(log.snapshot!.segments.map(({ entryCount }) => entryCount), [20, 20, 0]);
  log.assertTells(log.read());
  for (let number = 4; number <= 16; number++) log.take([randomEntry(random)]);
  assertEquals(log.snapshot!.segments.map(({ entryCount }) => entryCount), [13], "all are merged");
  log.take(removals);
  log.assertTells(log.read());
  for (let number = 18; number <= 32; number++) log.take([randomEntry(random)]);
  assertEquals(log.snapshot!.segments.map(({ entryCount }) => entryCount), [35, 13]);
  log.assertTells(log.read());
});

Deno.test("appendSnapshot() puts the newest first, whatever is merged", () => {
  const random = randomNumbers(4);
  const log = new SnapshotFile();
  const digest = randomDigest(random);
  for (let number = 1; number <= 50; number++) {
    // Every third time it is deleted.
    const change = { digest, offset: number, length: number % 3 === 0 ? 0 : 100 };
    log.take([change]);
    assertEquals(log.find(digest, log.read()!), change.length > 0 ? change : undefined);
  }
});

Deno.test("appendSnapshot() throws, and writes nothing, when a page is damaged that it has to merge", () => {
  const random = randomNumbers(14);
  for (const damaged of [0, 7, 14]) {
    const log = new SnapshotFile();
    for (let number = 1; number <= 15; number++) {
      log.take(Array.from({ length: 80 }, () => randomEntry(random)));
    }
    const { offset, pageCount } = log.snapshot!.segments[damaged]!;
    const pageAt = offset + PAGE_LENGTH * (pageCount - 1);
    log.bytes[pageAt + 100]! ^= 1;
    const before = log.disk.read(PATH);
    const error = assertThrows(() => log.take([randomEntry(random)]), DamagedSnapshotError);
    assertEquals(error.offset, pageAt);
    assertEquals(log.disk.read(PATH), before);
  }
});

Deno.test("appendSnapshot() makes a segment of the highest level of more than 65,536 changes", () => {
  const random = randomNumbers(5);
  for (const [count, level] of [[2 ** 16, 0], [2 ** 16 + 1, 2]] as const) {
    const log = new SnapshotFile();
    log.take([randomEntry(random)]);
    const many = Array.from({ length: count }, (_, at) => {
      const digest = (at * 0x9e3779b1 >>> 0).toString(16).padStart(8, "0").repeat(8);
      return { digest, offset: at + 1, length: 100 };
    });
    const snapshot = log.take(many);
    assertEquals(snapshot.segments.map((segment) => segment.level), [level, 0]);
    for (const entry of [many[0]!, many[999]!, many.at(-1)!]) {
      assertEquals(log.find(entry.digest), entry);
    }
  }
});

Deno.test("appendSnapshot() writes several records of more than 2^20 changes, the last of which has all", () => {
  const log = new SnapshotFile();
  log.take([randomEntry(randomNumbers(6))]);
  const before = log.snapshot!;
  const count = LARGEST_SEGMENT + 1000;
  const changed = new EntryList(count);
  const words = new Uint32Array(8);
  for (let at = 0; at < count; at++) {
    words[0] = Math.imul(at, 0x9e3779b1);
    words[1] = at;
    changed.add(words, 0, at + 1, 100 + at);
  }
  const plan = { saltChecksum: SALT, replaced: 3, count, liveBytes: count, before, changed };
  const snapshot = appendSnapshot(log.file, { ...plan, end: log.bytes.length });
  const read = log.read(snapshot)!;
  assertEquals(read.segments.map(({ entryCount }) => entryCount), [1000, LARGEST_SEGMENT, 1]);
  assertEquals(read.segments.map(({ level }) => level), [2, 2, 0]);
  assertEquals([read.count, read.end], [count, log.bytes.length]);
  for (let at = 0; at < count; at += 9973) {
    const digest = digestOfWords([Math.imul(at, 0x9e3779b1), at, 0, 0, 0, 0, 0, 0]);
    assertEquals(log.find(digest, read), { digest, offset: at + 1, length: 100 + at });
  }
});

Deno.test("appendSnapshot() merges no more than 2^20 entries", () => {
  const random = randomNumbers(7);
  for (const tooMany of [false, true]) {
    const log = new SnapshotFile();
    for (let number = 1; number <= 15; number++) log.take([randomEntry(random)]);
    // One that only seems to be that large: to merge it would be to read beyond the end of the file.
    const large = {
      offset: 1e9,
      pageCount: 2 ** 15,
      entryCount: LARGEST_SEGMENT - (tooMany ? 15 : 16),
      filterChecksum: 0,
      level: 1,
      filter: undefined,
    };
    const { segments: taken, ...place } = log.snapshot!;
    const segments = [...taken, ...Array(15).fill(large)];
    const before = new Snapshot(SALT, { count: 15, liveBytes: 15, segments }, place);
    if (tooMany) {
      const { segments } = log.take([randomEntry(random)], before);
      assertEquals(segments.map(({ level }) => level), [1, ...Array(15).fill(1)]);
      assertEquals(segments[0]!.entryCount, 16);
    } else {
      const { length } = log.bytes;
      // The first of them fits, and is read, and is not there.
      assertThrows(
        () => log.take([randomEntry(random)], before),
        DamagedSnapshotError,
        "1000000000",
      );
      assertEquals(log.bytes.length, length, "nothing is written");
    }
  }
});
