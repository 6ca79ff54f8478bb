// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";

import { LogStore } from "../../src/stores/log_store.ts";
import type { LogStoreOptions } from "../../src/stores/log_store_options.ts";
import {
  emptyRecordFields,
  KIND,
  NO_DIGEST,
  RECORD_HEADER_LENGTH,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";
import { put, randomNumbers, remove, textAt } from "./_changes.ts";
import { History } from "./_history.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { placedRecords, saltChecksumOf } from "./_snapshots_in.ts";
import { withWarnings } from "./_warnings.ts";

/** What the new file is called until it is whole. */
const TEMPORARY = `${PATH}.compacting`;

function open(disk: MemoryDisk, options: LogStoreOptions = {}): LogStore {
  return new LogStore(PATH, { disk, compactFrom: Infinity, snapshotInterval: 5, ...options });
}

/** Ways to spoil a record, of which none is the end of the file. */
const SPOILERS: Record<string, (bytes: Uint8Array, offset: number, end: number) => void> = {
  "a bit of the header": (bytes, offset) => void (bytes[offset + 30]! ^= 4),
  "the header": (bytes, offset) => void bytes.fill(0xaa, offset, offset + 40),
  "all of it": (bytes, offset, end) => void bytes.fill(0, offset, end),
  "the last byte": (bytes, _, end) => void (bytes[end - 1]! ^= 1),
};

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

Deno.test("LogStore.compact() throws, and changes nothing, when the disk is full at any byte of it", () => {
  const { bytes, history } = usedFile();
  const copy = diskWith(bytes);
  const { bytesAfter } = open(copy).compact();
  for (
    let space = 0;
    space < bytesAfter + 32;
    space += space < 400 || space > bytesAfter ? 7 : 61
  ) {
    const disk = diskWith(bytes);
    disk.space = space;
    const store = open(disk);
    const error = assertThrows(() => store.compact(), CacheError, "Cannot compact cache: No space");
    assertEquals(error.filePath, PATH);
    assertEquals(disk.read(PATH), bytes);
    assertEquals([...disk.files.keys()], [PATH]);
    assert(!disk.isLocked(PATH));
    assertEquals(disk.open, 1);
    disk.space = Infinity;
    if (space % 4 === 0) assertGoesOn(disk, history, [store]);
  }
  // Room for all but to tell those that read the old file.
  const disk = diskWith(bytes);
  const reader = open(disk);
  history.assertHolds(reader);
  disk.space = bytesAfter + 32;
  open(disk).compact();
  disk.space = Infinity;
  assertGoesOn(disk, history, [reader]);
});

Deno.test("LogStore.commit() is done, and says so once, when the file can't be compacted", () => {
  const disk = new MemoryDisk();
  const store = open(disk, { compactFrom: 2000, snapshotInterval: 1000 });
  disk.onCall = (name) => {
    if (name === "rename") throw new Error("An error of the disk");
  };
  let tries = 0;
  const { warnings } = withWarnings(() => {
    for (let number = 0; number < 200; number++) {
      const { onCall } = disk;
      disk.onCall = (name, path) => {
        tries += Number(name === "rename");
        onCall(name, path);
      };
      store.commit([put(1, `${number}`)]);
      disk.onCall = onCall;
      assertEquals(textAt(open(disk), 1), `${number}`);
    }
  });
  assertEquals(warnings, [`Cannot compact cache: An error of the disk: ${PATH}`]);
  // Each time the file has doubled.
  assert(tries > 2 && tries < 8, `${tries}`);
  assertEquals([...disk.files.keys()], [PATH]);
  disk.onCall = () => {};
  store.compact();
  assert(disk.read(PATH).length < 500);
});

Deno.test("LogStore.compact() leaves the old file or the new one, when any call to the disk fails", () => {
  const { bytes, history } = usedFile();
  const names = new Set<string>();
  for (let moment = 0, isOver = false; !isOver; moment++) {
    // Twice, too: what is done when something has failed may fail as well.
    for (const again of [0, 1, 2]) {
      const disk = diskWith(bytes);
      const store = open(disk);
      const reader = open(disk);
      history.assertKnows(reader, 3);
      let calls = 0;
      disk.onCall = (name) => {
        const call = calls++;
        if (call !== moment && call !== moment + again) return;
        names.add(name);
        throw new Error("An error of the disk");
      };
      const { warnings } = withWarnings(() => {
        try {
          store.compact();
        } catch (error) {
          assert(error instanceof CacheError, `${moment}: ${error}`);
          // Where the lock can't be given up, the file is closed for that.
          assert(/An error of the disk|Bad resource ID/.test(error.message), error.message);
        }
      });
      disk.onCall = () => {};
      assertEquals(warnings, []);
      assert(!disk.isLocked(PATH) && !disk.isLocked(TEMPORARY), `${moment} ${again}`);
      assert(disk.open <= 2, `${moment} ${again}: ${disk.open} handles`);
      if (again === 0) assertGoesOn(disk, history, [store, reader]);
      else {
        history.assertHolds(open(disk));
        for (const each of [store, reader]) history.assertKnows(each, 3);
        open(disk).commit([put(99, "x")]);
        assertEquals([...disk.files.keys()], [PATH]);
      }
      isOver = calls <= moment;
    }
  }
  const all = ["stat", "lstat", "realPath", "open", "lock", "read", "write", "sync", "rename"];
  for (const name of [...all, "seek", "unlock", "remove"]) assert(names.has(name), name);
});

Deno.test("LogStore.compact() leaves the old file or the new one, when the process crashes at any call", () => {
  const { bytes, history } = usedFile();
  let [left, isOver] = [0, false];
  for (let moment = 0; !isOver; moment++) {
    const disk = diskWith(bytes);
    const reader = open(disk);
    history.assertKnows(reader, 3);
    let calls = 0;
    disk.onCall = () => {
      if (calls++ === moment) disk.crashAfter = -1;
    };
    withWarnings(() => {
      try {
        open(disk).compact();
        isOver = calls <= moment;
      } catch {
        // It is no more.
      }
    });
    disk.restart();
    left += Number(disk.files.has(TEMPORARY));
    assertGoesOn(disk, history, [reader]);
  }
  assert(left > 20, `${left}`);
});

Deno.test("LogStore.compact() leaves the old file, when the process crashes in the middle of a write", () => {
  const { bytes, history } = usedFile();
  const { bytesAfter } = open(diskWith(bytes)).compact();
  for (let written = 0; written < bytesAfter + 100; written += 37) {
    const disk = diskWith(bytes);
    disk.crashAfter = written;
    withWarnings(() => {
      try {
        open(disk).compact();
      } catch {
        // It is no more.
      }
    });
    disk.restart();
    assertGoesOn(disk, history, []);
  }
});

Deno.test("LogStore.compact() refuses a damaged file, says where, and changes nothing", () => {
  const { bytes: whole, history } = usedFile();
  const live = new Set(history.state.keys());
  let refused = 0;
  for (const { offset, end, kind, digest } of placedRecords(whole).slice(0, -1)) {
    if (kind === KIND.anchor) continue;
    const { "the last byte": payload, ...headers } = SPOILERS;
    const spoilers = Object.values(headers);
    const isNewest = placedRecords(whole).findLast((each) =>
      each.digest === digest
    )!.offset === offset;
    if (kind === KIND.put && live.has(digest) && isNewest) {
      spoilers.push((bytes) => void (bytes[offset + 80]! ^= 1), payload!);
    }
    for (const [at, spoil] of spoilers.entries()) {
      for (const isRead of [false, true]) {
        const bytes = whole.slice();
        spoil(bytes, offset, end);
        const disk = diskWith(bytes);
        withWarnings(() => {
          const store = open(disk);
          if (isRead) {
            for (const { digest } of store.entries()) {
              store.get(digest);
            }
          }
          const error = assertThrows(
            () => store.compact(),
            CacheError,
            `${offset}`,
          );
          assertEquals(
            error.message,
            `Cannot compact cache: damaged at byte ${offset}, repair it: ${PATH}`,
            `${kind} ${at} ${isRead}`,
          );
          assertEquals(error.filePath, PATH);
        });
        assertEquals(disk.read(PATH), bytes);
        assertEquals([...disk.files.keys()], [PATH]);
        assert(!disk.isLocked(PATH));
        refused++;
      }
    }
  }
  assert(refused > 100);
});

Deno.test("LogStore.compact() refuses a file when what others commit meanwhile is damaged", () => {
  const { bytes } = usedFile();
  for (const changes of [[put(1, "new")], [put(20, "new")], [remove(1)]]) {
    for (const spoil of Object.values(SPOILERS)) {
      const disk = diskWith(bytes);
      let writes = 0;
      disk.onCall = (name, path) => {
        // Once all is copied that was there at first.
        if (name !== "write" || path !== TEMPORARY || ++writes < 2) return;
        disk.onCall = () => {};
        const other = open(disk, { snapshotInterval: 1000 });
        other.commit(changes);
        other.commit([put(3, "last")]);
        const { offset, end } = placedRecords(disk.read(PATH)).at(-2)!;
        spoil(disk.files.get(PATH)!.bytes, offset, end);
      };
      const store = open(disk);
      withWarnings(() =>
        assertThrows(
          () => store.compact(),
          CacheError,
          `Cannot compact cache: damaged at byte ${bytes.length}, repair it: ${PATH}`,
        )
      );
      assertEquals(disk.read(PATH).subarray(0, bytes.length).toHex(), bytes.toHex());
      withWarnings(() => assertEquals(textAt(open(disk), 3), "last"));
      assertEquals([...disk.files.keys()], [PATH]);
      assert(!disk.isLocked(PATH));
    }
  }
});

Deno.test("LogStore.commit() does not compact a file that is damaged", () => {
  const disk = new MemoryDisk();
  const first = open(disk);
  first.commit([put(1, "one")]);
  first.commit([put(1, "uno")]);
  first.commit([put(2, "two")]);
  const { offset } = placedRecords(disk.read(PATH)).at(-2)!;
  disk.files.get(PATH)!.bytes.fill(0xaa, offset, offset + 40);
  const before = disk.read(PATH);
  // All before the gap is forgotten: more than half of the file seems to be dead.
  const { warnings } = withWarnings(() => {
    const store = open(disk, { compactFrom: 0, snapshotInterval: 1000 });
    for (let number = 0; number < 50; number++) store.commit([put(3, `${number}`)]);
    const after = disk.read(PATH).slice(0, before.length);
    // Only the anchor is written to.
    after.set(before.subarray(0, FIRST_RECORD_AT));
    assertEquals(after.toHex(), before.toHex());
    assertEquals(textAt(store, 3), "49");
  });
  assertEquals(warnings.length, 1, "of the damage; that it stays is no news");
  assertStringIncludes(warnings[0]!, `damaged at byte ${offset}`);
  assert(!warnings[0]!.includes("Cannot compact"), warnings[0]);
});

Deno.test("LogStore.compact() refuses what a newer version wrote, and changes nothing", () => {
  const { bytes } = usedFile();
  const disk = diskWith(new Uint8Array([...bytes, ...new Uint8Array(RECORD_HEADER_LENGTH)]));
  const { bytes: target } = disk.files.get(PATH)!;
  const fields = { ...emptyRecordFields(), kind: 3 };
  const view = new DataView(target.buffer);
  const salt = saltChecksumOf(bytes);
  writeRecordHeader(target, view, bytes.length, NO_DIGEST, fields, salt, bytes.length);
  const before = disk.read(PATH);
  assertThrows(() => open(disk).compact(), CacheFormatError, "a newer version");
  assertEquals(disk.read(PATH), before);
  assertEquals([...disk.files.keys()], [PATH]);
});

Deno.test("LogStore.compact() refuses a file with other names, which would stay what it is", () => {
  const { bytes, history } = usedFile();
  const disk = diskWith(bytes);
  disk.files.set("/b.cache", disk.files.get(PATH)!);
  const store = open(disk);
  assertThrows(() => store.compact(), CacheError, "other names (hard links)");
  assertEquals(disk.read(PATH), bytes);
  const { warnings } = withWarnings(() => {
    const writer = open(disk, { compactFrom: 0, snapshotInterval: 1000 });
    for (let number = 0; number < 50; number++) history.commit(writer, [history.put(1)]);
  });
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0]!, "hard links");
  assertEquals(disk.files.get("/b.cache"), disk.files.get(PATH));
  assert(disk.files.delete("/b.cache"));
  assertGoesOn(disk, history, [store]);
});
