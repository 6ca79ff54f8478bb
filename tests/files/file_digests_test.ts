// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CacheError } from "@pecapiku/cache";
import { DISK_FROM, FileDigests } from "../../src/files/_file_digests.ts";
import { FakeFile, FakeMemory, FakeSystem, START } from "./_fake_system.ts";

const PATH = "/data/a.csv";
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** A system with one file that was left alone for a minute, and what digests it. */
function setUp(content = "abc") {
  const system = new FakeSystem();
  const memory = new FakeMemory();
  const file = new FakeFile(content);
  system.files.set(PATH, file);
  const digests = new FileDigests(system, memory);
  const digest = () => digests.digest(PATH, "disk").sha256;
  return { system, memory, file, digests, digest };
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

Deno.test("FileDigests gives the SHA-256 and the size of a file", () => {
  const { digests } = setUp();
  assertEquals(digests.digest(PATH, false), { sha256: ABC, size: 3 });
  assertEquals(setUp("").digests.digest(PATH, false), { sha256: EMPTY, size: 0 });
});

for (const size of [65_535, 65_536, 65_537, 1024 ** 2 - 1, 1024 ** 2, 3 * 1024 ** 2 + 1]) {
  Deno.test(`FileDigests digests a file of ${size} bytes piece by piece`, async () => {
    const { digests, file } = setUp("x".repeat(size));
    file.content[size - 1] = 0;
    assertEquals(digests.digest(PATH, false), { sha256: await sha256(file.content), size });
  });
}

Deno.test("FileDigests does not read a file again that is unchanged", () => {
  const { system, digest } = setUp();
  assertEquals([digest(), digest(), system.read, system.openNow], [ABC, ABC, 1, 0]);
});

Deno.test("FileDigests reads a file at each call when it is to remember nothing", () => {
  const { system, digests } = setUp();
  for (let i = 0; i < 2; i++) digests.digest(PATH, false);
  assertEquals(system.read, 2);
  digests.digest(PATH, "process");
  digests.digest(PATH, false);
  assertEquals(system.read, 4);
});

const CHANGES: Record<string, (file: FakeFile, system: FakeSystem) => void> = {
  "was edited": (file) => file.mtime = file.ctime = START - 30_000,
  "was edited and its time of modification set back": (file) => file.ctime = START - 30_000,
  "was edited on a file system that keeps the time of creation only": (file) =>
    file.birthtime = START - 30_000,
  "has another inode, by a rename over it": (file) => file.ino = 8,
  "is on another device, by a mount over it": (file) => file.dev = 2,
  "took an inode that was used again": (file) => file.birthtime = file.ctime = START - 9_000,
};

for (const [change, apply] of Object.entries(CHANGES)) {
  Deno.test(`FileDigests reads a file of the same size again that ${change}`, async () => {
    const { system, file, digest } = setUp();
    digest();
    file.content = new TextEncoder().encode("abd");
    apply(file, system);
    assertEquals(digest(), await sha256(file.content));
    assertEquals(system.read, 2);
  });
}

for (const [field, age] of [["mtime", 0], ["mtime", 2_000], ["ctime", 2_000], ["mtime", -9_999]]) {
  Deno.test(`FileDigests does not remember a file whose ${field} is ${age} ms ago`, async () => {
    const { system, file, memory, digest } = setUp("x".repeat(DISK_FROM));
    file[field as "mtime" | "ctime"] = START - (age as number);
    digest();
    assertEquals(memory.kept.size, 0);
    // Once more in the same tick: nothing shows it.
    file.content[0] = 0;
    assertEquals(digest(), await sha256(file.content));
    assertEquals(system.read, 2);
    system.time += 20_000;
    digest();
    digest();
    assertEquals([system.read, memory.kept.size], [3, 1]);
  });
}

const UNTOLD: Record<string, (file: FakeFile) => void> = {
  "no inode": (file) => file.ino = null,
  "the inode 0": (file) => file.ino = 0,
  "an inode that is rounded": (file) => file.ino = 2 ** 60,
  "no time of the change of status": (file) => file.ctime = null,
  "no time of modification": (file) => file.mtime = null,
  "a time of modification at the epoch": (file) => file.mtime = 0,
};

for (const [what, apply] of Object.entries(UNTOLD)) {
  Deno.test(`FileDigests does not remember a file of which the system tells ${what}`, () => {
    const { system, file, memory, digest } = setUp("x".repeat(DISK_FROM));
    apply(file);
    digest();
    digest();
    assertEquals([system.read, memory.kept.size, memory.asked], [2, 0, 0]);
  });
}

Deno.test("FileDigests keeps digests of large files only for the next process", () => {
  const { system, memory, digests, digest } = setUp("x".repeat(DISK_FROM));
  const large = digest();
  assertEquals(memory.kept.get(PATH)?.[1], large);
  system.files.set("/small", new FakeFile("x".repeat(DISK_FROM - 1)));
  digests.digest("/small", "disk");
  assertEquals([...memory.kept.keys()], [PATH]);
  const next = new FileDigests(system, memory);
  assertEquals([next.digest(PATH, "disk").sha256, system.read], [large, 2]);
  assertEquals([next.digest(PATH, "disk").sha256, memory.asked], [large, 2]);
});

Deno.test("FileDigests keeps the state that the document specifies", () => {
  const { file, memory, digest } = setUp("x".repeat(DISK_FROM));
  digest();
  file.birthtime = null;
  digest();
  const time = START - 60_000;
  assertEquals(memory.kept.get(PATH)?.[0], `1 1 7 ${DISK_FROM} ${time} ${time} -`);
});

Deno.test("FileDigests asks the next process's memory nothing with process or false", () => {
  const { system, memory, digests } = setUp("x".repeat(DISK_FROM));
  digests.digest(PATH, "process");
  digests.digest(PATH, false);
  assertEquals([memory.asked, memory.kept.size, system.read], [0, 0, 2]);
});

Deno.test("FileDigests reads a file again that the memory knows in another state", async () => {
  const { system, memory, file, digest } = setUp("x".repeat(DISK_FROM));
  digest();
  file.content[9] = 0;
  file.ctime = START - 30_000;
  const expected = await sha256(file.content);
  assertEquals(new FileDigests(system, memory).digest(PATH, "disk").sha256, expected);
  assertEquals(memory.kept.get(PATH)?.[1], expected);
});

Deno.test("FileDigests reads a file again that changes while it is read", async () => {
  const { system, file, digests } = setUp("x".repeat(100_000));
  system.meanwhile = () => {
    system.meanwhile = undefined;
    file.content[99_999] = 0;
    file.mtime = START;
  };
  const { sha256: found } = digests.digest(PATH, "process");
  assertEquals([found, system.read], [await sha256(file.content), 2]);
});

Deno.test("FileDigests reads a file again that another one replaces while it is read", () => {
  const { system, digest } = setUp("before");
  const other = new FakeFile("abc");
  other.ino = 8;
  system.meanwhile = () => system.files.set(PATH, other);
  assertEquals([digest(), system.read, system.openNow], [ABC, 2, 0]);
});

Deno.test("FileDigests takes what it finds at opening for newer than what it was told before", () => {
  const { system, file, digest } = setUp("abd");
  digest();
  // A network file system asks its server when a file is opened, and not before.
  system.atOpening = () => {
    file.content = new TextEncoder().encode("abc");
    file.mtime = file.ctime = START - 9_000;
  };
  assertEquals([digest(), system.read, system.openNow], [ABC, 2, 0]);
});

Deno.test("FileDigests gives up on a file that keeps changing", () => {
  const { system, file, memory, digest } = setUp("x".repeat(DISK_FROM));
  system.meanwhile = () => file.mtime! += 1;
  const error = assertThrows(digest, CacheError, "it keeps changing");
  assertEquals([error.filePath, system.read, memory.kept.size], [PATH, 3, 0]);
  assertEquals(system.openNow, 0);
});

Deno.test("FileDigests gives up on a file that grows as fast as it is read", () => {
  const { system, file, digest } = setUp("x");
  file.saidSize = 1;
  system.meanwhile = () => file.content = new Uint8Array(file.content.length + 9);
  assertThrows(digest, CacheError, "it keeps changing");
  assertEquals(system.openNow, 0);
});

for (const saidSize of [0, 4096]) {
  Deno.test(`FileDigests refuses a file that is not as long as its size of ${saidSize}`, () => {
    const { file, digest } = setUp();
    file.saidSize = saidSize;
    assertThrows(digest, CacheError, "no file with a size");
  });
}

for (const [kind, message] of [["directory", "a directory"], ["pipe", "not a regular"]] as const) {
  Deno.test(`FileDigests refuses a ${kind} without opening it`, () => {
    const { system, file, digest } = setUp();
    file.kind = kind;
    const error = assertThrows(digest, CacheError, message);
    assertEquals([error.filePath, system.read], [PATH, 0]);
  });
}

Deno.test("FileDigests names the flag without asking for the permission", () => {
  const { system, digest } = setUp();
  system.readable = false;
  system.stat = () => {
    throw new Error("it was asked");
  };
  assertThrows(digest, CacheError, `run with --allow-read=${PATH}: ${PATH}`);
});

Deno.test("FileDigests says what is wrong when there is no file, and with which", () => {
  const { system, digest } = setUp();
  system.files.clear();
  const error = assertThrows(digest, CacheError, `Cannot make file key: no such file: ${PATH}`);
  assert(error.cause instanceof Deno.errors.NotFound);
});

Deno.test("FileDigests closes a file that can't be read to its end", () => {
  const { system, digest } = setUp();
  system.meanwhile = () => {
    throw new Error("I/O error");
  };
  const error = assertThrows(digest, CacheError);
  assertMatch(error.message, /^Cannot make file key: I\/O error: \/data\/a\.csv$/);
  assertEquals(system.openNow, 0);
});

Deno.test("FileDigests remembers 10,000 files, those last read", () => {
  const { system, digests } = setUp();
  const paths = Array.from({ length: 10_001 }, (_, i) => `/data/${i}`);
  for (const path of paths) {
    system.files.set(path, new FakeFile(path));
    digests.digest(path, "process");
  }
  digests.digest(paths[1]!, "process");
  assertEquals(system.read, 10_001);
  digests.digest(paths[0]!, "process");
  assertEquals(system.read, 10_002);
});
