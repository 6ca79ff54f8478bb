// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { verify } from "../../src/stores/verify.ts";
import { noise, put, remove } from "./_changes.ts";
import { assertAddsUp, makeCheckedFile } from "./_checked_files.ts";
import { childCommand, runChild } from "./_child.ts";
import type { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

/** What others may do to a file while it is verified. */
const DEEDS: Readonly<Record<string, (disk: MemoryDisk) => void>> = {
  commit: (disk) => new LogStore(PATH, { disk }).commit([put(8, "eight"), remove(1)]),
  snapshot: (disk) => new LogStore(PATH, { disk, snapshotInterval: 1 }).commit([put(8, "eight")]),
  compact: (disk) => void new LogStore(PATH, { disk }).compact(),
  "compact and commit": (disk) => {
    const store = new LogStore(PATH, { disk });
    store.compact();
    store.commit([put(8, "eight"), put(9, [noise(3000, 9)])]);
  },
};

for (const [name, deed] of Object.entries(DEEDS)) {
  Deno.test(`verify() finds no damage in a sound file, when another one does this at any moment: ${name}`, () => {
    const whole = makeCheckedFile();
    // Whole ones, and ones whose last batch was cut off, so that the next takes its place.
    for (const length of [whole.bytes.length, whole.bytes.length - 1, whole.ends[6]! + 80]) {
      for (let moment = 1;; moment++) {
        const disk = diskWith(whole.bytes.slice(0, length));
        let calls = 0;
        disk.onCall = () => {
          if (++calls !== moment) return;
          disk.onCall = () => {};
          withWarnings(() => deed(disk));
        };
        const report = verify(PATH, { disk });
        assertAddsUp(report);
        assert(report.isSound, `${length} ${moment} ${JSON.stringify(report.damaged)}`);
        if (calls < moment) break;
        // A file that was replaced is gone through anew: it is what the path leads to now.
        if (name === "compact") assertEquals(report.size, disk.read(PATH).length);
      }
    }
  });
}

Deno.test("verify() reports damage all the same, when others write meanwhile", () => {
  const { bytes } = makeCheckedFile();
  bytes[180]! ^= 1;
  for (let moment = 1; moment < 60; moment++) {
    const disk = diskWith(bytes);
    let calls = 0;
    disk.onCall = () => {
      if (++calls !== moment) return;
      disk.onCall = () => {};
      withWarnings(() => new LogStore(PATH, { disk }).commit([put(8, "eight")]));
    };
    const { damaged, live } = verify(PATH, { disk });
    assertEquals(damaged.ranges.map(({ offset, what }) => [offset, what]), [[
      172,
      "record header",
    ]]);
    assert(live.entries > 0);
  }
});

Deno.test("verify() reports no damage that is seen only once", () => {
  const { bytes } = makeCheckedFile();
  for (let moment = 1;; moment++) {
    const disk = diskWith(bytes);
    const { openSync } = disk;
    let reads = 0;
    disk.openSync = (path, options) => {
      const handle = openSync.call(disk, path, options);
      const { readSync } = handle;
      handle.readSync = (target) => {
        const count = readSync(target);
        if (++reads === moment) target[0]! ^= 1;
        return count;
      };
      return handle;
    };
    assert(verify(PATH, { disk }).isSound, `${moment}`);
    if (reads < moment) break;
  }
});

Deno.test("verify() says that there is no file, when it is removed meanwhile", () => {
  const { bytes } = makeCheckedFile();
  const disk = diskWith(bytes);
  disk.onCall = (name) => {
    if (name === "read") disk.files.delete(PATH);
  };
  assertThrows(() => verify(PATH, { disk }), CacheError, "Cannot verify cache: no such file");
  assertEquals(disk.open, 0);
});

Deno.test("verify() gives up, when the file is replaced all the time", () => {
  const { bytes } = makeCheckedFile();
  const disk = diskWith(bytes);
  disk.onCall = (name) => {
    if (name === "read") disk.write(PATH, bytes);
  };
  assertThrows(() => verify(PATH, { disk }), CacheError, "the file keeps changing: /a.cache");
  assertEquals(disk.open, 0);
});

Deno.test("verify() finds a file sound all the time, while another process commits to it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1_000_000, "first")]);
    const permissions = ["--allow-read", "--allow-write"];
    const child = childCommand("_child_commits.ts", permissions, [path, "0", "400", "3"]).spawn();
    let isRunning = true;
    const end = child.output().then((output) => {
      isRunning = false;
      return output;
    });
    let looks = 0;
    do {
      const report = verify(path);
      assert(report.isSound, JSON.stringify(report.damaged));
      assertAddsUp(report);
      looks++;
      await new Promise((resolve) => setTimeout(resolve));
    } while (isRunning);
    assertEquals((await end).code, 0);
    assert(looks > 1);
    assertEquals(verify(path).live.entries, 401);
  }));

Deno.test("verify() needs read access to the file only, and never asks for it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1, "one")]);
    const granted = await runChild("_child_check.ts", [`--allow-read=${path}`], ["verify", path]);
    assertEquals(granted, { code: 0, output: "true\n", errors: "" });
    const refused = await runChild("_child_check.ts", [], ["verify", path]);
    assertEquals(refused, {
      code: 0,
      output:
        `CacheError: Cannot open cache: no read access, run with --allow-read=${path}: ${path}\n`,
      errors: "",
    });
  }));
