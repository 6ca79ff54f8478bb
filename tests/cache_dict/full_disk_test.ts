// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import { CacheDict, CacheError } from "@pecapiku/cache";
import { openLogStore } from "../../src/stores/open_log_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";

/** Mounts a file system of its own at a new directory; `undefined`, said in a clear line, where that is not possible. */
function mount(options: string): { directory: string } & Disposable | undefined {
  const directory = Deno.makeTempDirSync();
  const run = (command: string, ...args: string[]): boolean => {
    try {
      return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync()
        .success;
    } catch {
      // There is no such command on this system.
      return false;
    }
  };
  if (!run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory)) {
    console.log("skipped: this user can't mount a tmpfs");
    return undefined;
  }
  return {
    directory,
    [Symbol.dispose]: () => assert(run("umount", "-l", directory)),
  };
}

Deno.test("CacheDict.decorate() returns the value and keeps what is stored when the disk is full", () => {
  using disk = mount("size=256k");
  if (disk === undefined) return;
  using warnings = collectWarnings();
  const filePath = `${disk.directory}/small.cache`;
  const fill = (size: number): Uint8Array => new Uint8Array(size).fill(size % 251);
  const cached = CacheDict.decorate(fill, { filePath, onError: "warn" });
  assertEquals(cached(1000), fill(1000));
  assertEquals(cached(100_000), fill(100_000));
  assertEquals(cached(1_000_000), fill(1_000_000));
  assertEquals(warnings.lines.length, 1);
  assert(warnings.lines[0]!.includes(filePath), warnings.lines[0]);
  assertEquals(cached.has(1_000_000), false);

  // Nothing is left of the attempt, and there is room for what fits.
  assertEquals(cached(2000), fill(2000));
  const unevaluated = CacheDict.decorate(
    { fill: (_size: number): Uint8Array => new Uint8Array() }.fill,
    { filePath, access: "r" },
  );
  for (const size of [1000, 100_000, 2000]) assertEquals(unevaluated(size), fill(size));
});

Deno.test("CacheDict.decorate() throws an error with the value when the disk is full", () => {
  using disk = mount("size=64k");
  if (disk === undefined) return;
  const filePath = `${disk.directory}/small.cache`;
  const fill = (size: number): Uint8Array => new Uint8Array(size);
  const cached = CacheDict.decorate(fill, { filePath });
  const error = assertThrows(() => cached(1_000_000), CacheError);
  assertEquals(error.value, new Uint8Array(1_000_000));
  assertEquals(error.filePath, filePath);
  assertInstanceOf(error.cause, Error);
});

Deno.test("CacheDict commits nothing and keeps the file when the disk is full at the end of its block", () => {
  using disk = mount("size=128k");
  if (disk === undefined) return;
  const filePath = `${disk.directory}/small.cache`;
  CacheDict.with(filePath, (cache) => void cache.set("first", 1));
  assertThrows(() => {
    using cache = new CacheDict<unknown>(filePath);
    cache.set("second", 2);
    cache.set("large", new Uint8Array(1_000_000));
    cache.set("third", 3);
  }, CacheError);
  using cache = new CacheDict<unknown>(filePath, { access: "r" });
  assertEquals([...cache.keys()], ["first"]);
});

Deno.test("CacheDict.with() throws an error with the result when the disk is full", async () => {
  using disk = mount("size=64k");
  if (disk === undefined) return;
  const filePath = `${disk.directory}/small.cache`;
  const block = (cache: CacheDict): string => {
    cache.set("large", new Uint8Array(1_000_000));
    return "result";
  };
  assertEquals(assertThrows(() => CacheDict.with(filePath, block), CacheError).value, "result");
  const error = await assertRejects(
    () => CacheDict.with(filePath, (cache) => Promise.resolve(block(cache))),
    CacheError,
  );
  assertEquals(error.value, "result");
});

Deno.test("CacheDict.decorate() serves hits and says what failed when the directory is read-only", () => {
  using disk = mount("size=256k");
  if (disk === undefined) return;
  const filePath = `${disk.directory}/frozen.cache`;
  const double = (x: number): number => 2 * x;
  CacheDict.decorate(double, { filePath })(1);
  // A file system with a file open for writing can't be made read-only.
  openLogStore(filePath).close();
  const remount = new Deno.Command("mount", { args: ["-o", "remount,ro", disk.directory] });
  assert(remount.outputSync().success);
  const cached = CacheDict.decorate(double, { filePath });
  assertEquals(cached(1), 2);
  const error = assertThrows(() => cached(2), CacheError);
  assertEquals(error.value, 4);
  assert(error.message.includes(filePath), error.message);
});
