// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, noise, put, textAt } from "./_changes.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

/** Runs a system command; tells whether it did what it should. */
function system(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Whether this system lets the test do what only an administrator may, on a scratch directory. */
function can(set: (path: string) => boolean, unset: (path: string) => boolean): boolean {
  if (Deno.build.os !== "linux") return false;
  return withDirectory((directory) => set(directory) && unset(directory));
}

const mountSmall = (path: string) =>
  system("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", path);
const unmount = (path: string) => system("umount", path);
const canMount = can(mountSmall, unmount);

const protect = (path: string) => system("chattr", "+i", path);
const unprotect = (path: string) => system("chattr", "-i", path);
const canProtect = can(protect, unprotect);

if (!canMount || !canProtect) {
  console.log(
    "Some tests of full disks and of read-only files are left out: they need Linux, and to be root",
  );
}

Deno.test({
  name:
    "LogStore.commit() throws a CacheError, and leaves the file as it was, when it is read-only",
  ignore: !canProtect,
  fn: () =>
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      new LogStore(path).commit([put(1, "one")]);
      const before = Deno.readFileSync(path);
      assert(protect(path));
      try {
        const store = new LogStore(path);
        const error = assertThrows(() => store.commit([put(2, "two")]), CacheError, path);
        assert(error.cause instanceof Deno.errors.PermissionDenied);
        assertEquals([1, 2].map((number) => textAt(store, number)), ["one", undefined]);
        assertEquals(Deno.readFileSync(path), before);
        store.close();
      } finally {
        unprotect(path);
      }
    }),
});

Deno.test({
  name: "LogStore.commit() needs no right to create files beside its own",
  ignore: !canProtect,
  fn: () =>
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      new LogStore(path).commit([put(1, "one")]);
      new LogStore(path).commit([put(2, "two")]);
      Deno.truncateSync(path, Deno.statSync(path).size - 1);
      assert(protect(directory));
      try {
        const { warnings } = withWarnings(() => {
          const store = new LogStore(path);
          store.commit([put(3, "three")]);
          store.close();
        });
        assertEquals(warnings.length, 1);
        assertStringIncludes(warnings[0]!, "of an unfinished write at the end are cut off");
        const reader = new LogStore(path);
        assertEquals([1, 2, 3].map((number) => textAt(reader, number)), [
          "one",
          undefined,
          "three",
        ]);
        reader.close();
        const other = new LogStore(`${directory}/b.cache`);
        assertThrows(() => other.commit([put(1, "one")]), CacheError, `${directory}/b.cache`);
        assertEquals(namesIn(directory), ["a.cache"]);
      } finally {
        unprotect(directory);
      }
    }),
});

Deno.test({
  name:
    "LogStore.commit() throws a CacheError, and keeps all that was stored, when the disk is full",
  ignore: !canMount,
  fn: () =>
    withDirectory((directory) => {
      assert(mountSmall(directory));
      try {
        const path = `${directory}/a.cache`;
        const store = new LogStore(path);
        let stored = 0;
        const error = assertThrows(
          () => {
            for (;; stored++) store.commit([put(stored, [noise(10_000, stored)])]);
          },
          CacheError,
          "No space left on device",
        );
        assert(error.cause instanceof Error);
        assert(stored > 5 && stored < 30);
        const { size } = Deno.statSync(path);
        // Many times over: a full disk is full for long.
        for (let time = 0; time < 3; time++) {
          assertThrows(
            () => store.commit([put(99, [noise(100_000, 1)]), put(98, "x")]),
            CacheError,
          );
        }
        assertEquals(Deno.statSync(path).size, size);
        assertEquals(namesIn(directory), ["a.cache"]);
        for (const each of [store, new LogStore(path)]) {
          assertEquals(each.size, stored);
          for (let number = 0; number < stored; number++) {
            assertEquals(each.get(digestOf(number))!.parts[0], noise(10_000, number));
          }
          each.close();
        }
        store.commit([put(1000, "small")]);
        assertEquals(textAt(store, 1000), "small");
        store.close();
      } finally {
        unmount(directory);
      }
    }),
});
