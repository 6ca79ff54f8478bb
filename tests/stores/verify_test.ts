// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { CorruptCacheError } from "../../src/errors/corrupt_cache_error.ts";
import { readAnchor, writeMooring } from "../../src/stores/_anchor.ts";
import {
  emptyRecordFields,
  NO_DIGEST,
  readRecordHeader,
  writeRecordHeader,
} from "../../src/stores/_record.ts";
import { crc32 } from "../../src/stores/_crc32.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { verify } from "../../src/stores/verify.ts";
import { bytesOf, digestOf, noise, put, remove } from "./_changes.ts";
import { makeCheckedFile, verifyBytes } from "./_checked_files.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { diskWith, PATH } from "./_memory_file.ts";
import { makeSampleFile } from "./_sample_file.ts";
import { withWarnings } from "./_warnings.ts";

Deno.test("verify() tells what each part of a file is", () => {
  const { bytes, state } = makeCheckedFile();
  const report = verifyBytes(bytes);
  assertEquals(report.path, PATH);
  assertEquals(report.formatVersion, 1);
  assert(report.isSound);
  assertEquals(report.live.entries, state.size);
  const { overwritten, deleted, deletions } = report.dead;
  // Of 1, 2 and 3 there are newer records; 4 was put and deleted; 2 and 4 were deleted.
  assertEquals({ overwritten, deleted, deletions }, { overwritten: 3, deleted: 1, deletions: 2 });
  assert(report.index.snapshots > 1);
  // One note of use for each commit but the first.
  assertEquals(report.other.records, 7);
  assertEquals(report.unfinished, { offset: bytes.length, bytes: 0 });
});

Deno.test("verify() tells which snapshots of the index are no longer in use", () => {
  // Each has a segment of its own, until 16 of them are merged.
  const commits = Array.from({ length: 16 }, (_, number) => [put(number, `${number}`)]);
  const { bytes } = makeCheckedFile(commits, 1);
  const { dead, index, isSound } = verifyBytes(bytes);
  assert(isSound);
  assertEquals([dead.snapshots, index.snapshots], [15, 1]);
});

Deno.test("verify() finds nothing in an empty file, nor in one that was just begun", () => {
  const whole = makeCheckedFile([[put(1, "one")]]);
  for (let length = 0; length <= whole.ends[0]!; length++) {
    const report = verifyBytes(whole.bytes.slice(0, length));
    assert(report.isSound);
    assertEquals(report.live.entries, 0);
    assertEquals(report.unfinished.bytes, length < 32 ? length : length < 172 ? length - 32 : 0);
  }
});

Deno.test("verify() reports every bit that is flipped, and what is lost with it", () => {
  const { bytes, state } = makeCheckedFile();
  const whats = new Set<string>();
  for (let at = 0; at < bytes.length; at++) {
    for (let count = 0; count < 8; count++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << (at + count) % 8;
      const { damaged, live, doubtful, unfinished } = verifyBytes(flipped);
      assertEquals(damaged.count, 1, `${at}`);
      const range = damaged.ranges[0]!;
      assert(range.offset <= at && at < range.offset + range.length, `${at}`);
      assert(range.what !== "unreadable" && range.loses !== "unknown");
      assertEquals(live.entries + damaged.lostEntries, state.size);
      assertEquals(damaged.lostEntries, range.loses === "entry" ? 1 : 0);
      if (range.loses === "entry") assert(state.has(range.digest!));
      assertEquals([doubtful.count, unfinished.bytes], [0, 0]);
      whats.add(range.what);
      // The pages of an index are long: there, one bit of each byte will do.
      if (range.what === "index") break;
    }
  }
  assertEquals([...whats].sort(), [
    "file header",
    "index",
    "meta section",
    "payload",
    "record header",
    "uses",
  ]);
});

Deno.test("verify() takes what is cut off anywhere for an unfinished write", () => {
  const { bytes, history } = makeSampleFile();
  for (let length = 0; length < bytes.length; length++) {
    const past = history.findLast((state) => state.length <= length);
    const { isSound, live, unfinished } = verifyBytes(bytes.slice(0, length));
    assert(isSound, `${length}`);
    assertEquals(live.entries, past?.state.size ?? 0);
    const end = length < 32 ? 0 : past?.length ?? 32;
    assertEquals(unfinished, { offset: end, bytes: length - end });
  }
});

Deno.test("verify() reports what is overwritten, and calls no entry live that is not there", () => {
  const { bytes, state, ends } = makeCheckedFile();
  for (const run of [3, 80, 200]) {
    for (const fill of [0, 0xf1, undefined]) {
      for (let at = 32; at + run <= ends.at(-2)!; at += 11) {
        const damaged = bytes.slice();
        if (fill === undefined) damaged.set(noise(run, at), at);
        else damaged.fill(fill, at, at + run);
        if (damaged.every((byte, index) => byte === bytes[index])) continue;
        const report = verifyBytes(damaged);
        assert(!report.isSound, `${run} ${fill} ${at}`);
        const store = new LogStore(PATH, { disk: diskWith(damaged) });
        withWarnings(() => {
          const there = [...state.keys()].filter((digest) => store.has(digest));
          assertEquals(report.live.entries, there.length, `${run} ${fill} ${at}`);
        });
      }
    }
  }
});

Deno.test("verify() tells which entries are in doubt, when a lost record may have replaced any of them", () => {
  const commits = [[put(1, "one")], [put(2, "two")], [put(1, "ONE")], [put(3, "three")]];
  const { bytes, ends } = makeCheckedFile(commits, 1000);
  bytes.fill(0, ends[2]!, ends[3]!);
  const { damaged, doubtful, live, isSound } = verifyBytes(bytes);
  assert(!isSound);
  assertEquals(live.entries, 1);
  assertEquals(damaged.ranges, [
    { offset: ends[2]!, length: ends[3]! - ends[2]!, what: "unreadable", loses: "unknown" },
  ]);
  assertEquals(doubtful.entries.map(({ digest, key }) => [digest, key]), [
    [digestOf(1), "1"],
    [digestOf(2), "2"],
  ]);
});

Deno.test("verify() doubts no entry that a newer index proves to be current", () => {
  const commits = [[put(1, "one")], [put(2, "two")], [put(1, "ONE")], [put(3, "three")]];
  const { bytes, ends } = makeCheckedFile([...commits, [put(4, "four")]], 4);
  bytes.fill(0, ends[2]!, ends[3]!);
  const { doubtful, live } = verifyBytes(bytes);
  // The 1 that was there before the damage is out of date.
  assertEquals(doubtful.entries.map(({ digest }) => digest), [digestOf(1)]);
  assertEquals(live.entries, 3);
});

Deno.test("verify() reports an index that counts the entries wrong", () => {
  const { bytes } = makeCheckedFile([[put(1, "one")], [put(2, "two")]], 2);
  const salt = crc32(bytes.subarray(12, 20));
  for (const [at, what] of [[0, "entries"], [8, "bytes"]] as const) {
    const disk = diskWith(bytes);
    const file = disk.openSync(PATH, { read: true, write: true });
    const [mooring] = readAnchor(file, salt)!;
    const { offset } = mooring!;
    const record = bytes.slice(offset);
    const fields = emptyRecordFields();
    const view = new DataView(record.buffer);
    readRecordHeader(record, view, 0, salt, offset, fields);
    record[76 + at]!++;
    fields.metaChecksum = crc32(record.subarray(76, 76 + fields.metaLength));
    writeRecordHeader(record, view, 0, NO_DIGEST, fields, salt, offset);
    file.seekSync(offset, Deno.SeekMode.Start);
    file.writeSync(record);
    writeMooring(file, salt, { ...mooring!, checksum: fields.checksum });
    const { ranges } = verifyBytes(disk.read(PATH)).damaged;
    assertEquals(ranges.map((range) => [range.offset, range.what]), [[offset, "index"]], what);
  }
});

Deno.test("verify() shows the key of what is damaged, where it is text that does no harm", () => {
  const keyOf = (...changes: Parameters<typeof put>) => {
    const { bytes } = makeCheckedFile([[put(...changes)]]);
    bytes[bytes.length - 1]! ^= 1;
    return verifyBytes(bytes).damaged.ranges[0]!.key;
  };
  const value = (text: string | Uint8Array) => ({
    key: { kind: "value", parts: [typeof text === "string" ? bytesOf(text) : text] } as const,
  });
  assertEquals(keyOf(1, "x"), "1");
  assertEquals(keyOf(1, "x", value('{"a":"é"}')), '{"a":"é"}');
  assertEquals(keyOf(1, "x", value("\x02undefined")), "undefined");
  assertEquals(keyOf(1, "x", value("é".repeat(300))), "é".repeat(199) + "…");
  assertEquals(keyOf(1, "x", value(noise(20, 1))), undefined);
  assertEquals(keyOf(1, "x", value("\x1b[2Jgone")), undefined);
  assertEquals(keyOf(1, "x", value("a\u202eb")), undefined);
  assertEquals(keyOf(1, "x", value("x".repeat(100_000))), undefined);
  const call = (text: string) => ({ key: { kind: "call", parts: [bytesOf(text)] } as const });
  assertEquals(keyOf(1, "x", call('{"name":"f","preview":"1, 2"}')), "f(1, 2)");
  assertEquals(keyOf(1, "x", call("no JSON")), undefined);
});

Deno.test("verify() passes a value through memory in pieces, however large it is", () => {
  const value = noise(5_000_000, 1);
  const { bytes } = makeCheckedFile([[put(1, [value])], [put(2, "two")]]);
  for (const at of [-1, 300, 4_000_000]) {
    const file = bytes.slice();
    if (at > 0) file[at]! ^= 1;
    const disk = diskWith(file);
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
    const report = verify(PATH, { disk });
    assertEquals(report.damaged.ranges.map(({ what }) => what), at > 0 ? ["payload"] : []);
    assert(largest <= 1024 * 1024, `${largest}`);
  }
});

Deno.test("verify() checks a key that is larger than what is read at a time", () => {
  const key = { kind: "value", parts: [noise(3_000_000, 1)] } as const;
  const { bytes, ends } = makeCheckedFile([[put(1, "one", { key })], [put(2, "two")]]);
  assert(verifyBytes(bytes).isSound);
  for (const at of [ends[0]! + 100, ends[1]! - 10]) {
    const file = bytes.slice();
    file[at]! ^= 1;
    const { live, damaged } = verifyBytes(file);
    assertEquals([live.entries, damaged.ranges[0]!.what], [1, "meta section"]);
  }
});

Deno.test("verify() passes over the records that a newer version may have added", () => {
  const { bytes } = makeCheckedFile();
  const record = new Uint8Array(76 + 10);
  const fields = { ...emptyRecordFields(), kind: 200, payloadLength: 10, payloadChecksum: 7 };
  const salt = crc32(bytes.subarray(12, 20));
  writeRecordHeader(record, new DataView(record.buffer), 0, NO_DIGEST, fields, salt, bytes.length);
  const before = verifyBytes(bytes);
  const after = verifyBytes(new Uint8Array([...bytes, ...record]));
  assertEquals(after, {
    ...before,
    size: before.size + 86,
    other: { records: before.other.records + 1, bytes: before.other.bytes + 86 },
    unfinished: { offset: before.size + 86, bytes: 0 },
  });
});

Deno.test("verify() refuses what is no cache file, or one of a newer version", () => {
  const { bytes } = makeCheckedFile();
  const newer = bytes.slice();
  newer[8] = 2;
  new DataView(newer.buffer).setUint32(28, crc32(newer.subarray(0, 28)), true);
  // Nobody knows what one that is damaged as well would mean.
  const damagedNewer = newer.slice();
  damagedNewer[3]! ^= 1;
  const files = [bytesOf("notes"), noise(1000, 1), new Uint8Array(40), newer, damagedNewer];
  for (const file of files) {
    const disk = diskWith(file);
    const error = assertThrows(() => verify(PATH, { disk }), CacheFormatError, PATH);
    assertEquals(error.filePath, PATH);
    assertEquals(disk.open, 0);
  }
  const directory = Deno.makeTempDirSync();
  assertThrows(() => verify(directory), CacheFormatError, "not a file");
  Deno.removeSync(directory);
});

Deno.test("verify() makes out a damaged file header by the records, if the first are undamaged", () => {
  const { bytes, state, ends } = makeCheckedFile();
  for (const file of [bytes, bytes.slice(0, ends[1]!)]) {
    const damaged = file.slice();
    damaged.fill(0, 0, 32);
    const { live, damaged: { ranges } } = verifyBytes(damaged);
    assertEquals(ranges, [{ offset: 0, length: 32, what: "file header", loses: "nothing" }]);
    assertEquals(live.entries, file === bytes ? state.size : 1);
    // Without the first record nothing is certain: what follows may be a cache file that is stored as a value.
    damaged[40]! ^= 1;
    assertThrows(() => verify(PATH, { disk: diskWith(damaged) }), CacheFormatError);
  }
  // The first record says one thing, the second nothing, and there is no index.
  const { bytes: contradicted } = makeCheckedFile([[put(1, "one")]]);
  contradicted.fill(0, 0, 32);
  contradicted[ends[0]! + 20]! ^= 1;
  assertThrows(() => verify(PATH, { disk: diskWith(contradicted) }), CacheFormatError);
});

Deno.test("verify() says that there is no file, and creates none", () => {
  const disk = new MemoryDisk();
  const error = assertThrows(() => verify(PATH, { disk }), CacheError, "no such file: /a.cache");
  assert(error.cause instanceof Deno.errors.NotFound);
  assertEquals(error.filePath, PATH);
  assertEquals(disk.files.size, 0);
});

Deno.test("verify() raises an error that has the report, if asked to, and there is damage", () => {
  const { bytes } = makeCheckedFile();
  assert(verify(PATH, { disk: diskWith(bytes), onDamage: "raise" }).isSound);
  const cut = bytes.slice(0, -1);
  assert(verify(PATH, { disk: diskWith(cut), onDamage: "raise" }).isSound);
  bytes[200]! ^= 1;
  const disk = diskWith(bytes);
  const error = assertThrows(() => verify(PATH, { disk, onDamage: "raise" }), CorruptCacheError);
  assertEquals(error.report, verify(PATH, { disk }));
  assertEquals(error.filePath, PATH);
  const { bytes: damaged } = error.report!.damaged;
  assertEquals(
    error.message,
    `Cannot verify cache: 1 damaged range of ${damaged} bytes, 0 entries lost, 0 in doubt: ${PATH}`,
  );
});

Deno.test("verify() refuses arguments of the wrong type", () => {
  assertThrows(
    () => verify("/a.cache", { onDamage: "throw" as "raise" }),
    TypeError,
    'onDamage: "throw"',
  );
  assertThrows(() => verify(7 as unknown as string), TypeError, "Cannot verify cache");
  assertThrows(() => verify("https://example.com/a"), TypeError, "Cannot verify cache");
});

Deno.test("verify() changes nothing, locks nothing, and leaves nothing open", () => {
  for (const damage of [0, 300]) {
    const { bytes } = makeCheckedFile([[put(1, "one")], [remove(1)], [put(2, "two")]]);
    if (damage > 0) bytes[damage]! ^= 1;
    const disk = diskWith(bytes);
    const calls = new Set<string>();
    disk.onCall = (name) => void calls.add(name);
    const { warnings } = withWarnings(() => verify(PATH, { disk }));
    assertEquals(warnings, []);
    assertEquals([...calls].sort(), ["open", "read", "seek", "stat"]);
    assertEquals(disk.read(PATH), bytes);
    assertEquals(disk.open, 0);
  }
});
