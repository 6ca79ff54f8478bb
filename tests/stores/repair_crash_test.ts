// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { createFileStart } from "../../src/stores/_file_start.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { repair } from "../../src/stores/repair.ts";
import type { Digest, PutChange } from "../../src/stores/store.ts";
import { verify } from "../../src/stores/verify.ts";
import { asidePartsOf } from "./_aside_parts.ts";
import { digestOf, infoOf, put, randomNumbers, valueOf } from "./_changes.ts";
import { makeCheckedFile } from "./_checked_files.ts";
import { Crash, MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { Medium } from "./_power.ts";
import { withWarnings } from "./_warnings.ts";

/** The length of the record that is put at the end of the old file for those that read it: repairs can do without. */
const MOVED_LENGTH = 76;

interface BadFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What must be there in the end. */
  readonly good: readonly PutChange[];
  /** What must be in a file aside, or still in the file. */
  readonly bad: Uint8Array;
  /** Whether it is repaired by writing it anew. */
  readonly isWrittenAnew: boolean;
}

/** A file that has to be written anew, and one that only has to be cut. */
function badFiles(): BadFile[] {
  const { bytes, state, ends } = makeCheckedFile();
  const damaged = bytes.slice();
  damaged[ends[4]! + 30]! ^= 1;
  damaged[ends[0]! + 80]! ^= 1;
  const uses = verify(PATH, { disk: diskWith(damaged) }).damaged.ranges[1]!;
  assertEquals(uses.what, "uses");
  const cut = bytes.slice(0, -1);
  const left = new Map<Digest, PutChange>(state);
  left.delete(digestOf(6));
  return [
    {
      bytes: damaged,
      good: [...state.values()],
      bad: damaged.slice(uses.offset, uses.offset + uses.length),
      isWrittenAnew: true,
    },
    { bytes: cut, good: [...left.values()], bad: cut.slice(ends.at(-2)), isWrittenAnew: false },
  ];
}

/** Checks that a file is as it was, or repaired, and that nothing of it is lost. */
function assertNothingLost(disk: MemoryDisk, { bytes, good, bad }: BadFile): void {
  disk.restart();
  const isRepaired = verify(PATH, { disk }).isSound && disk.read(PATH).length !== bytes.length;
  if (!isRepaired) assertEquals(disk.read(PATH), bytes);
  const asides = [...disk.files.keys()].filter((path) => path.includes(".damaged-"));
  const isAside = asides.some((path) => {
    try {
      return asidePartsOf(disk.read(path)).some((part) => `${part.bytes}` === `${bad}`);
    } catch {
      // It was cut off while it was written.
      return false;
    }
  });
  assert(!isRepaired || isAside);
  const store = new LogStore(PATH, { disk });
  withWarnings(() => {
    assertEquals([...store.entries()], good.map(infoOf));
    for (const change of good) assertEquals(store.get(change.digest), valueOf(change));
  });
  store.close();
}

/** Counts the calls that reach the disk. */
function countCalls(bytes: Uint8Array): number {
  const disk = diskWith(bytes);
  let calls = 0;
  disk.onCall = () => void calls++;
  repair(PATH, { disk });
  return calls;
}

function bytesWritten(bytes: Uint8Array): number {
  const disk = diskWith(bytes);
  disk.space = 1_000_000;
  repair(PATH, { disk });
  return 1_000_000 - disk.space;
}

Deno.test("repair() leaves a whole file, when the process dies at any call", () => {
  for (const file of badFiles()) {
    const most = countCalls(file.bytes);
    for (let moment = 1; moment <= most; moment++) {
      const disk = diskWith(file.bytes);
      let calls = 0;
      disk.onCall = () => {
        if (++calls < moment) return;
        disk.crashAfter = -1;
        throw new Crash();
      };
      try {
        repair(PATH, { disk });
      } catch (error) {
        assert(error instanceof CacheError);
      }
      assertNothingLost(disk, file);
      const { after } = repair(PATH, { disk });
      assert(after.isSound);
      assertNothingLost(disk, file);
      assert([...disk.files.keys()].every((path) => !path.endsWith(".compacting")));
    }
  }
});

Deno.test("repair() leaves a whole file, when the process dies at any byte that it writes", () => {
  for (const file of badFiles()) {
    for (let written = bytesWritten(file.bytes) - 1; written >= 0; written -= 3) {
      const disk = diskWith(file.bytes);
      disk.crashAfter = written;
      try {
        repair(PATH, { disk });
        // All was done by then, but to tell who reads the old file.
        assert(file.isWrittenAnew && written >= bytesWritten(file.bytes) - MOVED_LENGTH);
      } catch (error) {
        assert(error instanceof CacheError);
      }
      assertNothingLost(disk, file);
    }
  }
});

Deno.test("repair() loses nothing, when the power is cut at any call", () => {
  const random = randomNumbers(1);
  for (const file of badFiles()) {
    const most = countCalls(file.bytes);
    for (let moment = 1; moment <= most + 1; moment++) {
      for (const chance of [0, 0.5, 1]) {
        const disk = new MemoryDisk();
        disk.medium = new Medium();
        disk.write(PATH, file.bytes);
        disk.syncAll();
        let calls = 0;
        disk.onCall = () => {
          if (++calls < moment) return;
          disk.crashAfter = -1;
          throw new Crash();
        };
        try {
          repair(PATH, { disk });
        } catch (error) {
          assert(error instanceof CacheError);
        }
        disk.cutPower(() => random() < chance);
        assertNothingLost(disk, file);
      }
    }
  }
});

Deno.test("repair() leaves the file as it was and nothing beside it, when the disk is full", () => {
  for (const file of badFiles()) {
    const needed = bytesWritten(file.bytes) - (file.isWrittenAnew ? MOVED_LENGTH : 0);
    for (let space = needed - 1; space >= 0; space -= 3) {
      const disk = diskWith(file.bytes);
      disk.space = space;
      const error = assertThrows(
        () => repair(PATH, { disk }),
        CacheError,
        "Cannot repair cache: No space",
      );
      assertEquals(error.filePath, PATH);
      assertEquals(disk.read(PATH), file.bytes);
      assertEquals([...disk.files.keys()], [PATH]);
      assertEquals([disk.open, disk.isLocked(PATH)], [0, false]);
    }
  }
});

Deno.test("repair() loses nothing, when any call fails", () => {
  for (const file of badFiles()) {
    const most = countCalls(file.bytes);
    for (let moment = 1; moment <= most; moment++) {
      const disk = diskWith(file.bytes);
      let calls = 0;
      disk.onCall = () => {
        if (++calls === moment) throw new Error("Input/output error");
      };
      try {
        withWarnings(() => repair(PATH, { disk }));
      } catch (error) {
        assert(error instanceof CacheError, `${error}`);
      }
      assertEquals(disk.isLocked(PATH), false);
      assertNothingLost(disk, file);
    }
  }
});

Deno.test("repair() keeps what it has set aside, when a call fails that did its work", () => {
  const [file, cut] = badFiles() as [BadFile, BadFile];
  const disk = diskWith(file.bytes);
  disk.renameSync = (from, to) => {
    MemoryDisk.prototype.renameSync.call(disk, from, to);
    throw new Error("Connection timed out");
  };
  assertThrows(() => repair(PATH, { disk }), CacheError, "Connection timed out");
  assertNothingLost(disk, file);
  assertEquals(disk.files.size, 2);

  const other = diskWith(cut.bytes);
  const { openSync } = other;
  other.openSync = (path, options) => {
    const handle = openSync.call(other, path, options);
    const { truncateSync } = handle;
    handle.truncateSync = (length) => {
      truncateSync(length);
      throw new Error("Connection timed out");
    };
    return handle;
  };
  assertThrows(() => repair(PATH, { disk: other }), CacheError, "Connection timed out");
  assertNothingLost(other, cut);
  assertEquals(other.files.size, 2);
});

Deno.test("repair() does not put a file in place that does not give back what was written", () => {
  const [file] = badFiles() as [BadFile];
  const disk = diskWith(file.bytes);
  const { openSync } = disk;
  let isWritten = false;
  disk.openSync = (path, options) => {
    const handle = openSync.call(disk, path, options);
    const { writeSync } = handle;
    handle.writeSync = (bytes) => {
      // The copy of the entries.
      if (!path.endsWith(".compacting") || isWritten || bytes.length < 300) return writeSync(bytes);
      isWritten = true;
      const changed = bytes.slice();
      changed[changed.length - 1]! ^= 1;
      return writeSync(changed);
    };
    return handle;
  };
  assertThrows(() => repair(PATH, { disk }), CacheError, "does not give back what was written");
  assert(isWritten);
  assertEquals(disk.read(PATH), file.bytes);
  assertEquals([...disk.files.keys()], [PATH]);
});

Deno.test("repair() waits for who writes or compacts the file, at most for the time-out", () => {
  const [file] = badFiles() as [BadFile];
  // A compaction that was just begun.
  const successor = createFileStart(file.bytes.slice(12, 20)).bytes;
  const temporary = `${PATH}.compacting`;
  for (const locked of [PATH, temporary]) {
    for (const lockTimeout of [100, 1_000]) {
      const disk = diskWith(file.bytes);
      if (locked === temporary) disk.write(temporary, successor);
      const owner = disk.files.get(locked)!;
      owner.lockedBy = {};
      let time = 0;
      const clock = {
        now: () => time,
        pause: (milliseconds: number) => {
          time += milliseconds;
          // The other one needs half a second. Who compacts waits for the lock of the file itself in the end.
          if (time > 500) owner.lockedBy = undefined;
          if (locked === temporary) assert(!disk.isLocked(PATH));
        },
      };
      const attempt = () => repair(PATH, { disk, clock, lockTimeout });
      if (lockTimeout > 500) {
        assert(attempt().after.isSound);
        assertNothingLost(disk, file);
      } else {
        assertThrows(attempt, CacheError, PATH);
        assertEquals(disk.read(PATH), file.bytes);
      }
      assertEquals(disk.open, 0);
    }
  }
});

Deno.test("repair() repairs the file that the path leads to, when it is replaced during the wait", () => {
  const [file] = badFiles() as [BadFile];
  const disk = diskWith(file.bytes);
  const old = disk.files.get(PATH)!;
  old.lockedBy = {};
  let time = 0;
  const clock = {
    now: () => time,
    pause: (milliseconds: number) => {
      time += milliseconds;
      disk.write(PATH, new Uint8Array());
      new LogStore(PATH, { disk }).commit([put(1, "new")]);
      old.lockedBy = undefined;
    },
  };
  const { before, isChanged } = repair(PATH, { disk, clock });
  assertEquals([before.isSound, before.live.entries, isChanged], [true, 1, false]);
});
