// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";

import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import { KIND } from "../../src/stores/_record.ts";
import { PAGE_LENGTH } from "../../src/stores/_segment.ts";
import type { Store, StoreChange } from "../../src/stores/store.ts";
import { digestOf, noise, put, randomNumbers, remove, textAt } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { begunDisk, placedRecords, snapshotsIn } from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 4, ...options });
}

/** A file of commits, with a snapshot after every fourth change. */
function fileOf(commits: readonly (readonly StoreChange[])[]): Uint8Array<ArrayBuffer> {
  const disk = new MemoryDisk();
  for (const changes of commits) open(disk).commit(changes);
  return disk.read(PATH);
}

function textsOf(store: Store, numbers: readonly number[]): (string | undefined)[] {
  return numbers.map((number) => textAt(store, number));
}

/** Flips a bit of the last byte of what is before a place. */
function flipBefore(bytes: Uint8Array, end: number): void {
  bytes[end - 1]! ^= 1;
}

/** Ways to spoil a record: its payload (of a deletion, the header), a bit of its header, all of its header, all of it. */
const SPOILERS: Record<string, (bytes: Uint8Array, offset: number, end: number) => void> = {
  "the last byte": (bytes, _, end) => flipBefore(bytes, end),
  "a bit of the header": (bytes, offset) => void (bytes[offset + 30]! ^= 4),
  "the header": (bytes, offset) => void bytes.fill(0xaa, offset, offset + 40),
  "all of it": (bytes, offset, end) => void bytes.fill(0, offset, end),
};

Deno.test("LogStore never gives the value of before, when the record is damaged that took its place", () => {
  const first = [put(1, "old"), put(2, "two"), put(3, "three"), put(4, "four")];
  for (const last of [put(1, "new"), remove(1)]) {
    // Before the newest snapshot, and behind it.
    for (const covering of [0, 1, 5]) {
      const more = Array.from({ length: covering * 4 }, (_, at) => [put(at + 10, "x")]);
      const whole = fileOf([first, [last], ...more, [put(50, "last")]]);
      const record = placedRecords(whole).findLast(({ digest }) => digest === digestOf(1))!;
      for (const [name, spoil] of Object.entries(SPOILERS)) {
        const bytes = whole.slice();
        spoil(bytes, record.offset, record.end);
        const message = `${last.type} ${covering} ${name}`;
        withWarnings(() => {
          const disk = diskWith(bytes);
          const [sparse, complete] = [open(disk), open(disk)];
          for (const _ of complete.entries());
          for (let round = 0; round < 12; round++) {
            for (const store of [sparse, complete, open(disk)]) {
              assertEquals(textAt(store, 1), undefined, message);
              assertEquals(store.has(digestOf(1)), false, message);
              assertEquals(textAt(store, 50), "last", message);
            }
            const [one, other] = round % 2 === 0 ? [sparse, complete] : [complete, sparse];
            one.commit([put(100 + round, "y"), put(200 + round, "y")]);
            // As many as make tables grow.
            if (round === 6) {
              other.commit(Array.from({ length: 150 }, (_, at) => put(at + 300, "z")));
            }
          }
          for (const store of [sparse, complete, open(disk)]) {
            const digests = [...store.entries()].map(({ digest }) => digest);
            // Values are not read for that, so nobody who has not looked at it knows.
            const isListed = digests.includes(digestOf(1));
            assert(!isListed || (last.type === "put" && name === "the last byte"), message);
          }
          sparse.commit([put(1, "again")]);
          for (const store of [sparse, complete, open(disk)]) {
            assertEquals(textAt(store, 1), "again");
          }
        });
      }
    }
  }
});

Deno.test("LogStore loses no other entry, when a record before a snapshot is lost that replaced one", () => {
  const whole = fileOf([
    [put(1, "one"), put(2, "two")],
    [put(3, "three")],
    [put(2, "TWO")],
    [put(4, "four"), remove(1), put(5, "five"), put(6, "six")],
    [put(7, "seven")],
  ]);
  assertEquals(snapshotsIn(diskWith(whole)).length, 2);
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  const all = [undefined, "TWO", "three", "four", "five", "six", "seven"];
  for (const { offset, end, kind, digest } of placedRecords(whole).slice(0, -1)) {
    if (kind === KIND.anchor) continue;
    const bytes = whole.slice();
    bytes.fill(0xaa, offset, offset + 40);
    const expected = numbers.map((number, at) => digest === digestOf(number) ? undefined : all[at]);
    // That of number 2 which was overwritten is of no use to anybody.
    if (kind === KIND.put && offset < 500) expected[1] = "TWO";
    withWarnings(() => {
      assertEquals(textsOf(open(diskWith(bytes)), numbers), expected, `${offset}`);
      const complete = open(diskWith(bytes));
      const digests = [...complete.entries()].map((info) => info.digest);
      const left = numbers.filter((_, at) => expected[at] !== undefined);
      assertEquals(new Set(digests), new Set(left.map(digestOf)), `${offset}`);
      assertEquals(complete.size, left.length);
      assertEquals(textsOf(complete, numbers), expected, `${offset}`);
    });
    assert(end > offset);
  }
});

Deno.test("LogStore.close() has it look anew at what was damaged, since that may have been mended", () => {
  for (const snapshotInterval of [2, 1000]) {
    const disk = new MemoryDisk();
    open(disk, { snapshotInterval }).commit([put(1, "one"), put(2, "two")]);
    const { end } = placedRecords(disk.read(PATH)).findLast(({ kind }) => kind === KIND.put)!;
    const store = open(disk, { snapshotInterval });
    flipBefore(disk.files.get(PATH)!.bytes, end);
    withWarnings(() => assertEquals(textsOf(store, [1, 2]), ["one", undefined]));
    flipBefore(disk.files.get(PATH)!.bytes, end);
    assertEquals(textsOf(store, [1, 2]), ["one", undefined]);
    store.close();
    assertEquals(textsOf(store, [1, 2]), ["one", "two"]);
    assertEquals(store.size, 2);
  }
});

Deno.test("LogStore does not count an entry, when a bit of its record's header is wrong", () => {
  const bytes = fileOf([[put(1, "one"), put(2, "two")], [put(1, "uno")]]);
  const { offset } = placedRecords(bytes).at(-1)!;
  for (let bit = 0; bit < 8 * 76; bit += 3) {
    const disk = diskWith(bytes);
    disk.files.get(PATH)!.bytes[offset + (bit >>> 3)]! ^= 1 << (bit & 7);
    withWarnings(() => {
      assertEquals(open(disk).size, 1, `${bit}`);
      assertEquals([...open(disk).entries()].map(({ digest }) => digest), [digestOf(2)]);
    });
  }
});

Deno.test("LogStore forgets all before a gap behind the newest snapshot, when a record is lost that replaced one", () => {
  const commits = [[put(1, "one"), put(2, "two"), put(3, "three"), put(4, "four")]];
  for (
    const [lost, isKept] of [[put(1, "uno"), false], [remove(1), false], [
      put(5, "five"),
      true,
    ]] as const
  ) {
    const bytes = fileOf([...commits, [lost], [put(6, "six")]]);
    const { offset } = placedRecords(bytes).at(-2)!;
    bytes.fill(0xaa, offset, offset + 40);
    const disk = diskWith(bytes);
    const { warnings } = withWarnings(() => {
      const store = open(disk);
      const expected = isKept
        ? ["one", "two", "three", "four", undefined, "six"]
        : [...Array(5), "six"];
      assertEquals(textsOf(store, [1, 2, 3, 4, 5, 6]), expected);
      assertEquals(store.size, isKept ? 5 : 1);
      assertEquals([...store.entries()].length, isKept ? 5 : 1);
    });
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, `damaged at byte ${offset}`);
    // What is taken in a snapshot from here on is what is left.
    withWarnings(() => {
      const store = open(disk);
      store.commit([put(7, "seven"), put(8, "eight"), put(9, "nine"), put(10, "ten")]);
      assertEquals(open(disk).size, isKept ? 9 : 5);
      assertEquals(textsOf(open(disk), [1, 6, 7]), [isKept ? "one" : undefined, "six", "seven"]);
    });
  }
});

/** A file of which every entry was overwritten since it was put, some are deleted, and all is in snapshots. */
function overwrittenFile(): { bytes: Uint8Array<ArrayBuffer>; history: History } {
  const history = new History(randomNumbers(21), 90);
  const disk = begunDisk();
  const store = open(disk, { snapshotInterval: 40 });
  for (let pass = 0; pass < 3; pass++) {
    for (let first = 0; first < 90; first += 10) {
      history.commit(store, Array.from({ length: 10 }, (_, at) => history.put(first + at)));
    }
  }
  history.commit(store, Array.from({ length: 15 }, (_, at) => remove(at * 6)));
  history.commit(store, Array.from({ length: 30 }, (_, at) => history.put(at)));
  return { bytes: disk.read(PATH), history };
}

Deno.test("LogStore reads all records, and says so, when a page or a filter of a snapshot is damaged", () => {
  const { bytes: whole, history } = overwrittenFile();
  let [places, found] = [0, 0];
  for (const snapshot of snapshotsIn(diskWith(whole))) {
    // Each page, and each block of the filter.
    for (
      let at = snapshot.payloadAt;
      at < snapshot.end;
      at += at + PAGE_LENGTH < snapshot.end ? 400 : 96
    ) {
      const bytes = whole.slice();
      bytes[at]! ^= 8;
      const disk = diskWith(bytes);
      const store = open(disk, { snapshotInterval: 40 });
      const { warnings } = withWarnings(() => {
        for (let miss = 90; miss < 98; miss++) assertEquals(textAt(store, miss), undefined);
        // Often enough for filters to be read.
        for (let round = 0; round < 3; round++) {
          for (let number = 0; number < 90; number++) history.assertOne(store, digestOf(number));
        }
        history.assertHolds(store);
      });
      // What is needed by nobody is not looked at.
      assert(warnings.length <= 1);
      places++;
      found += warnings.length;
      for (const each of warnings) assertStringIncludes(each, "index damaged at byte");
      if (warnings.length === 0) continue;
      // The next snapshot is made anew, of everything.
      const after = new History(randomNumbers(at), 90);
      after.done([...history.state.values()]);
      after.commit(store, [after.put(3)]);
      const last = withWarnings(() => {
        const reader = open(disk);
        for (let round = 0; round < 3; round++) after.assertHolds(reader);
      });
      assertEquals(last.warnings, [], `${at}`);
    }
  }
  assert(found > 0.9 * places && places > 30, `${found} of ${places}`);
});

Deno.test("LogStore.commit() loses nothing, when a page is damaged that the next snapshot has to merge", () => {
  for (const damaged of [0, 7, 14]) {
    const history = new History(randomNumbers(25), 40);
    const disk = begunDisk();
    const writer = open(disk, { snapshotInterval: 10 });
    while (snapshotsIn(disk).length < 15) history.commit(writer);
    const snapshot = snapshotsIn(disk)[damaged]!;
    disk.files.get(PATH)!.bytes[snapshot.payloadAt + 20]! ^= 1;
    const { warnings } = withWarnings(() => {
      while (snapshotsIn(disk).length < 16) history.commit(writer);
    });
    assertEquals(warnings, [
      `Cannot read all of cache: index damaged at byte ${snapshot.payloadAt}, the whole file is read instead: ${PATH}`,
    ]);
    const later = withWarnings(() => {
      for (const store of [writer, open(disk), open(disk)]) history.assertHolds(store);
      for (let commit = 0; commit < 20; commit++) history.commit(writer);
      for (const store of [writer, open(disk), open(disk)]) history.assertHolds(store);
    });
    assertEquals(later.warnings, []);
  }
});

Deno.test("LogStore gives the newest value or none, wherever a file is damaged and whoever goes on with it", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed);
    const pick = (limit: number) => Math.floor(random() * limit);
    const history = new History(random, 12);
    const disk = new MemoryDisk();
    const snapshotInterval = 1 + pick(6);
    const late = open(disk, { snapshotInterval });
    const until = 5 + pick(20);
    for (let commit = 0; commit < until; commit++) {
      history.commit(pick(4) === 0 ? late : open(disk, { snapshotInterval }));
    }
    const { length } = disk.read(PATH);
    // One that is not damaged follows, so that nothing is taken for the unfinished end of the file.
    history.commit(late, [history.put(0)]);
    const { bytes } = disk.files.get(PATH)!;
    for (let count = 1 + pick(2); count > 0; count--) {
      const run = [1, 1, 4, 40, 150][pick(5)]!;
      const at = 32 + pick(length - 32 - run);
      if (run === 1) bytes[at]! ^= 1 << pick(8);
      else bytes.set(noise(run, seed), at);
    }
    withWarnings(() => {
      const complete = open(disk, { snapshotInterval });
      for (const _ of complete.entries());
      const stores = [late, open(disk, { snapshotInterval }), complete];
      try {
        for (let commit = 0; commit < 15; commit++) {
          for (const store of [...stores, open(disk)]) history.assertRightOrMissing(store);
          const store = stores[pick(3)]!;
          // To delete what a store can't see is another matter.
          const changes = history.changes().filter((change) =>
            change.type === "put" || store.has(change.digest)
          );
          history.commit(store, changes);
          for (const { digest } of changes) {
            for (const each of [...stores, open(disk)]) history.assertOne(each, digest);
          }
        }
        for (const store of [...stores, open(disk)]) {
          for (const { digest } of store.entries()) assert(history.state.has(digest));
          assert(history.assertRightOrMissing(store) > 0);
        }
      } catch (error) {
        throw new Error(`Seed ${seed}`, { cause: error });
      }
    });
  }
});

Deno.test("LogStore.commit() deletes an entry for everybody, when it can't see it itself for damage", () => {
  const disk = new MemoryDisk();
  const late = open(disk, { snapshotInterval: 1e9 });
  late.commit([put(1, "one"), put(2, "two")]);
  late.commit([put(2, "due")]);
  late.commit([put(3, "three")]);
  const { offset } = placedRecords(disk.read(PATH)).at(-2)!;
  disk.files.get(PATH)!.bytes.fill(0xaa, offset, offset + 40);
  withWarnings(() => {
    // It can't tell which entry was replaced: perhaps this one.
    const store = open(disk, { snapshotInterval: 1e9 });
    assertEquals(textAt(store, 1), undefined);
    // Who has seen the record before it was damaged can.
    assertEquals(textAt(late, 1), "one");
    store.commit([remove(1)]);
    assertEquals(textAt(late, 1), undefined);
    late.commit([put(4, "four")]);
    assertEquals(textAt(open(disk), 1), undefined);
  });
});
