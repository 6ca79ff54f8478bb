// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { CacheDict, config } from "@pecapiku/cache";
import { DiskMemory } from "../../src/files/_file_digests.ts";

const SHA256 = "0123456789abcdef".repeat(4);

/** Uses a cache directory of its own, which is removed at the end. */
function inOwnDirectory(body: (directory: string) => void): void {
  const before = config.getCacheDir();
  const directory = Deno.makeTempDirSync({ prefix: "disk_memory" });
  config.setCacheDir(directory);
  try {
    body(directory);
  } finally {
    config.setCacheDir(before);
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("DiskMemory finds the digest of a file in the state in which it was kept", () => {
  inOwnDirectory(() => {
    const memory = new DiskMemory();
    assertEquals(memory.find("/a", "1"), undefined);
    memory.keep("/a", "1", SHA256);
    assertEquals([memory.find("/a", "1"), memory.find("/a", "2")], [SHA256, undefined]);
    assertEquals(new DiskMemory().find("/a", "1"), SHA256);
    memory.keep("/a", "2", SHA256);
    assertEquals([memory.find("/a", "1"), memory.find("/a", "2")], [undefined, SHA256]);
  });
});

Deno.test("DiskMemory goes with the cache directory", () => {
  const memory = new DiskMemory();
  inOwnDirectory(() => memory.keep("/a", "1", SHA256));
  inOwnDirectory(() => assertEquals(memory.find("/a", "1"), undefined));
});

Deno.test("DiskMemory finds nothing in what it did not write", () => {
  inOwnDirectory((directory) => {
    const stored = [null, SHA256, [], ["1"], ["1", 7], ["1", "abc"], ["1", SHA256.toUpperCase()]];
    using cache = new CacheDict(`${directory}/_file_keys.cache`, { writeThrough: true });
    for (const value of stored) {
      cache.set("/a", value);
      assertEquals(new DiskMemory().find("/a", "1"), undefined);
    }
    cache.set("/a", ["1", SHA256]);
    assertEquals(new DiskMemory().find("/a", "1"), SHA256);
  });
});
