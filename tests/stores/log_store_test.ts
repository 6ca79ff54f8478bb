// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { dirname, toFileUrl } from "@std/path";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { testStore } from "../../src/stores/testing.ts";
import { digestOf, infoOf, noise, put, remove, textAt, valueOf } from "./_changes.ts";
import { MemoryDisk } from "./_memory_disk.ts";
import { FIRST_RECORD_AT } from "./_sample_file.ts";
import { namesIn, withDirectory } from "./_temporary.ts";

/** Whether commits keep limits by now. */
const HAS_LIMITS = true;

testStore({
  name: "LogStore",
  open: () => new LogStore(`${Deno.makeTempDirSync({ prefix: "pecapiku_stores_" })}/a.cache`),
  reopen: ({ location }) => new LogStore(location),
  remove: ({ location }) => Deno.removeSync(dirname(location), { recursive: true }),
  hasLimits: HAS_LIMITS,
});

const disks = new WeakMap<LogStore, MemoryDisk>();

testStore({
  name: "LogStore on a disk that transfers 3,000 bytes at a time",
  open: () => {
    const disk = new MemoryDisk();
    disk.transfer = 3000;
    const store = new LogStore("/a.cache", { disk });
    disks.set(store, disk);
    return store;
  },
  reopen: (store) => new LogStore("/a.cache", { disk: disks.get(store)! }),
  remove: (store) => assertEquals(disks.get(store)!.open, 0),
  hasLimits: HAS_LIMITS,
});

Deno.test("new LogStore() touches nothing", () =>
  withDirectory((directory) => {
    const store = new LogStore(`${directory}/a/b.cache`);
    assertEquals(store.location, `${directory}/a/b.cache`);
    assertEquals(store.size, 0);
    store.commit([]);
    store.commit([remove(1)]);
    store.close();
    assertEquals(namesIn(directory), []);
  }));

Deno.test("new LogStore() takes a path, a relative path or a file URL", () =>
  withDirectory((directory) => {
    const path = `${directory}/a b.cache`;
    assertEquals(new LogStore(toFileUrl(path)).location, path);
    assertEquals(new LogStore("a.cache").location, `${Deno.cwd()}/a.cache`);
  }));

Deno.test("new LogStore() throws when an argument can't be one", () => {
  for (const path of ["", "a\0b", undefined, 7, new URL("https://example.com/a.cache")]) {
    assertThrows(() => new LogStore(path as string), TypeError);
  }
  for (const lockTimeout of [NaN, -1, "1", null]) {
    assertThrows(
      () => new LogStore("/a.cache", { lockTimeout: lockTimeout as number }),
      TypeError,
      String(lockTimeout),
    );
  }
});

Deno.test("LogStore.commit() throws, and writes nothing, when a change can't be read back", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  const digests = [
    "",
    "0",
    "0".repeat(63),
    "0".repeat(65),
    "A".repeat(64),
    "g".repeat(64),
    "W".repeat(64),
    "0".repeat(63) + "é",
  ];
  for (const digest of digests) {
    assertThrows(
      () => store.commit([put(1, "a"), { ...put(2, "b"), digest }]),
      TypeError,
      digest,
    );
    assertThrows(() => store.commit([{ type: "delete", digest }]), TypeError, digest);
    assertEquals(store.get(digest), undefined);
    assertEquals(store.has(digest), false);
  }
  for (const codec of ["", "x".repeat(257), "\ud800", undefined]) {
    assertThrows(
      () => store.commit([put(1, "a", { codec: codec as string })]),
      TypeError,
      "not the name of a codec",
    );
  }
  assertEquals(disk.files.size, 0);
  store.commit([put(1, "a", { codec: "é".repeat(256) })]);
  assertEquals(new LogStore("/a.cache", { disk }).get(digestOf(1))!.codec, "é".repeat(256));
});

Deno.test("LogStore.commit() keeps the first KiB of a function's name, in whole characters", () => {
  const disk = new MemoryDisk();
  new LogStore("/a.cache", { disk }).commit([
    put(1, "a", { functionName: "x" + "é".repeat(9999) }),
  ]);
  const [info] = new LogStore("/a.cache", { disk }).entries();
  assertEquals(info!.functionName, "x" + "é".repeat(511));
});

Deno.test("LogStore sees by the next call what another store has committed", () =>
  withDirectory((directory) => {
    const [one, two] = [
      new LogStore(`${directory}/a.cache`),
      new LogStore(`${directory}/a.cache`),
    ] as const;
    assertEquals(two.size, 0);
    for (let number = 0; number < 100; number++) {
      const [writer, reader] = number % 2 === 0 ? [one, two] : [two, one];
      writer.commit([put(number, `${number}`), put(1000, `last ${number}`)]);
      assertEquals(textAt(reader, number), `${number}`);
      assertEquals(textAt(reader, 1000), `last ${number}`);
      assertEquals(reader.size, number + 2);
    }
    one.commit([remove(1000)]);
    assertEquals(two.has(digestOf(1000)), false);
    one.close();
    two.close();
  }));

Deno.test("LogStore holds no lock between calls, and one handle", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  for (let number = 0; number < 5; number++) {
    store.commit([put(number, "x")]);
    assert(!disk.isLocked("/a.cache"));
    store.get(digestOf(number));
    assertEquals(disk.open, 1);
  }
  store.close();
  assertEquals(disk.open, 0);
});

Deno.test("LogStore.get() says damage once, and takes it as not cached", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  const changes = [put(1, "one"), put(2, "two"), put(3, "three")];
  for (const change of changes) store.commit([change]);
  const bytes = disk.files.get("/a.cache")!.bytes;
  // The last byte of each payload.
  bytes[FIRST_RECORD_AT + 76 + 37 + 3 - 1]! ^= 1;
  bytes[bytes.length - 1]! ^= 1;
  const warnings: unknown[] = [];
  const { warn } = console;
  console.warn = (text) => {
    warnings.push(text);
    // Whoever hears of it may use the cache.
    store.commit([put(7, "seven")]);
    assertEquals(textAt(store, 7), "seven");
  };
  try {
    assertEquals(changes.map(({ digest }) => store.has(digest)), [false, true, false]);
    assertEquals(changes.map(({ digest }) => store.get(digest) !== undefined), [
      false,
      true,
      false,
    ]);
    assertEquals([...store.entries()].length, 2);
  } finally {
    console.warn = warn;
  }
  assertEquals(warnings.length, 1);
  assertStringIncludes(String(warnings[0]), "damaged at byte 172, taken as not cached: /a.cache");
  store.commit([changes[0]!]);
  assertEquals(store.get(changes[0]!.digest), valueOf(changes[0]!));
});

Deno.test("LogStore wraps what goes wrong on the disk in a CacheError, and leaves nothing locked", () => {
  for (const name of ["stat", "open", "fstat", "seek", "read", "write", "lock", "truncate"]) {
    for (let after = 0;; after++) {
      const disk = new MemoryDisk();
      const path = "/a.cache";
      new LogStore(path, { disk }).commit([put(1, "one")]);
      const before = disk.files.get(path)!.bytes.slice(0, -1);
      disk.files.get(path)!.bytes = before;
      const store = new LogStore(path, { disk });
      let calls = 0;
      let failed = false;
      const openBefore = disk.open;
      disk.onCall = (called) => {
        if (called !== name || failed || calls++ < after) return;
        failed = true;
        throw new Error("An error of the disk");
      };
      const { warn } = console;
      console.warn = () => {};
      try {
        const error = assertThrowsOrNot(() => {
          store.get(digestOf(2));
          store.commit([put(2, "two")]);
        });
        if (!failed) {
          assertEquals(error, undefined);
          break;
        }
        if (error === undefined) {
          // What is done behind a commit is no part of it.
          assertEquals(textAt(new LogStore(path, { disk }), 2), "two", `${name} ${after}`);
          continue;
        }
        assert(error instanceof CacheError, `${name} ${after}: ${error}`);
        assertEquals(error.filePath, path);
        assertStringIncludes(error.message, "An error of the disk");
        assert(error.cause instanceof Error);
        assert(!disk.isLocked(path), `${name} ${after}`);
        store.commit([put(2, "two")]);
        assertEquals(textAt(new LogStore(path, { disk }), 2), "two");
      } finally {
        console.warn = warn;
      }
      store.close();
      assert(disk.open <= openBefore + 1, `${name} ${after}`);
    }
  }
});

Deno.test("LogStore unlocks by closing the file when it can't be unlocked", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  disk.onCall = (name) => {
    if (name === "unlock") throw new Error("An error of the disk");
  };
  store.commit([put(1, "one")]);
  assert(!disk.isLocked("/a.cache"));
  assertEquals(textAt(store, 1), "one");
});

Deno.test("LogStore.commit() is done when console.warn() throws", () => {
  const disk = new MemoryDisk();
  new LogStore("/a.cache", { disk }).commit([put(1, "one")]);
  disk.files.get("/a.cache")!.bytes = disk.read("/a.cache").slice(0, -1);
  const { warn } = console;
  console.warn = () => {
    throw new Error("No warnings here");
  };
  try {
    assertThrows(
      () => new LogStore("/a.cache", { disk }).commit([put(2, "two")]),
      Error,
      "No warn",
    );
  } finally {
    console.warn = warn;
  }
  assert(!disk.isLocked("/a.cache"));
  assertEquals(textAt(new LogStore("/a.cache", { disk }), 2), "two");
});

Deno.test("LogStore.commit() writes a small batch at once", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  store.commit([put(1, "one")]);
  let writes = 0;
  disk.onCall = (name) => void (writes += Number(name === "write"));
  store.commit(Array.from({ length: 100 }, (_, number) => put(number, [noise(400, number)])));
  assertEquals(writes, 1);
});

Deno.test("LogStore keeps an index that survives closing, reopening and more commits", () => {
  const disk = new MemoryDisk();
  const store = new LogStore("/a.cache", { disk });
  const changes = Array.from({ length: 500 }, (_, number) => put(number, `${number}`));
  for (const change of changes) store.commit([change]);
  store.close();
  let reads = 0;
  disk.onCall = (name) => void (reads += Number(name === "read"));
  assertEquals(store.size, 500);
  assert(reads < 3, `${reads} reads`);
  assertEquals([...store.entries()], changes.map(infoOf));
});

function assertThrowsOrNot(step: () => void): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
}
