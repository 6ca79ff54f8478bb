// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { DiskFile } from "../../src/stores/disk.ts";
import { readAt } from "../../src/stores/_file_io.ts";
import { ReadAhead } from "../../src/stores/_file_io.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { noise, put, randomNumbers } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";

const PATH = "/a";

function fileOf(bytes: Uint8Array): { file: DiskFile; disk: MemoryDisk; reads: () => number } {
  const disk = new MemoryDisk();
  disk.write(PATH, bytes);
  const file = disk.openSync(PATH, { read: true });
  let reads = 0;
  const { readSync } = file;
  file.readSync = (target) => {
    reads++;
    return readSync.call(file, target);
  };
  return { file, disk, reads: () => reads };
}

Deno.test("ReadAhead gives what is in the file, wherever it is read, and reads little of it", () => {
  const bytes = noise(300_000, 1);
  const random = randomNumbers(2);
  for (const jumps of [0, 0.1, 1]) {
    const { file, reads } = fileOf(bytes);
    const ahead = new ReadAhead();
    let calls = 0;
    for (let offset = 0; offset < bytes.length; calls++) {
      const at = random() < jumps ? Math.floor(random() * bytes.length) : offset;
      const target = new Uint8Array(1 + Math.floor(random() * 1_000));
      const read = readAt(ahead.of(file, bytes.length), at, target);
      const expected = bytes.subarray(at, at + target.length);
      assertEquals(read, expected.length);
      assertEquals(target.subarray(0, read), expected);
      offset += target.length;
    }
    if (jumps === 0) assert(reads() < calls / 20, `${reads()} of ${calls}`);
  }
});

Deno.test("ReadAhead keeps nothing of what is behind complete batches, or of another file", () => {
  const before = noise(20_000, 1);
  const { file, disk } = fileOf(before);
  const ahead = new ReadAhead();
  const target = new Uint8Array(10);
  for (let at = 0; at < 10_000; at += 10) readAt(ahead.of(file, 10_000), at, target);
  const after = before.slice();
  after.fill(7, 10_000);
  disk.write(PATH, after);
  const changed = disk.openSync(PATH, { read: true });
  const replace = {
    ...file,
    readSync: changed.readSync.bind(changed),
    seekSync: changed.seekSync.bind(changed),
  };
  Object.assign(file, { readSync: replace.readSync, seekSync: replace.seekSync });
  for (let at = 10_000; at < 20_000; at += 10) {
    readAt(ahead.of(file, 20_000), at, target);
    assertEquals(target, new Uint8Array(10).fill(7));
  }
  const { file: other } = fileOf(new Uint8Array(20_000).fill(9));
  readAt(ahead.of(other, 20_000), 19_000, target);
  assertEquals(target, new Uint8Array(10).fill(9));
});

Deno.test("LogStore.entries() gives each entry as it is while others write", () => {
  const disk = new MemoryDisk();
  const store = new LogStore(PATH, { disk });
  const other = new LogStore(PATH, { disk });
  store.commit(Array.from({ length: 500 }, (_, n) => put(n, `${n}`)));
  let seen = 0;
  for (const { digest, writtenAt, byteLength } of store.entries()) {
    const number = parseInt(digest.slice(0, 8), 16) - 0x1000;
    const isNew = number > 0 && number % 3 === 0;
    assertEquals([number, writtenAt, byteLength], [
      seen,
      isNew ? 5 : 1_700_000_000_000 + number,
      isNew ? 9 : `${number}`.length,
    ]);
    seen++;
    const next = seen % 3 === 0 ? seen : seen + 3 - seen % 3;
    other.commit([put(next, "x".repeat(9), { writtenAt: 5 })]);
    if (seen % 100 === 0) other.compact();
  }
  assertEquals(seen, 500);
});
