// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import type { Store } from "../../src/stores/store.ts";
import { digestOf, noise, put, remove, textAt } from "./_changes.ts";
import { entryPath, FaultyDisk } from "./_directory_disk.ts";
import { withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

const NOW = 1_750_000_000_000;

function putAll(store: Store, numbers: Iterable<number>): void {
  store.commit([...numbers].map((number) => put(number, `${number}`)));
}

/** The numbers below 1,000 of which there are entries. */
function numbersIn(store: Store): number[] {
  return [...store.entries()].map(({ key }) => Number(new TextDecoder().decode(key.parts[0])))
    .sort((one, other) => one - other);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

function timeOf(directory: string, number: number): number {
  return Deno.statSync(entryPath(directory, digestOf(number))).mtime!.getTime();
}

Deno.test("DirectoryStore.commit() goes through the directory once, as long as nobody else commits", () =>
  withDirectory((directory) => {
    const disk = new FaultyDisk();
    const store = new DirectoryStore(directory, { disk });
    putAll(store, range(0, 100));
    assertEquals(disk.count("readDir"), 0, "without limits nothing is gone through");
    store.commit([], { limits: { maxEntries: 100 } });
    const once = disk.count("readDir");
    assert(once > 0);
    for (const number of range(100, 200)) {
      store.touch(digestOf(number - 50));
      store.commit([put(number, "x")], { limits: { maxEntries: 100 } });
      store.commit([remove(number - 1)]);
      assertEquals(textAt(store, number), "x");
    }
    assertEquals(disk.count("readDir"), once);
  }));

Deno.test("DirectoryStore.commit() goes through a directory that others change, for 32 entries a commit", () =>
  withDirectory((directory) => {
    const disk = new FaultyDisk();
    const store = new DirectoryStore(directory, { disk });
    const other = new DirectoryStore(directory);
    putAll(other, range(0, 320));
    const isRoot = (name: string, path: string) => name === "readDir" && path === directory;
    let walks = 0;
    disk.onCall = (name, path) => void (walks += Number(isRoot(name, path)));
    for (let commit = 0; commit < 100; commit++) {
      other.commit([put(1000 + commit, "other")], { limits: { maxEntries: 320 } });
      store.commit([put(2000 + commit, "own")], { limits: { maxEntries: 320 } });
      // One entry at a time of the other, for at most ten commits.
      assert(other.size <= 320 + 11, `${other.size}`);
    }
    assert(walks >= 9 && walks <= 11, `${walks}`);
    for (const each of [store, other]) {
      for (let commit = 0; commit < 11; commit++) {
        each.commit([put(0, `${commit}`)], { limits: { maxEntries: 320 } });
      }
    }
    assertEquals(other.size, 320);
  }));

Deno.test("DirectoryStore.commit() spares what others have used or written since it has looked", () =>
  withDirectory((directory) => {
    const store = new DirectoryStore(directory);
    const other = new DirectoryStore(directory);
    putAll(store, range(0, 100));
    const limits = { maxEntries: 100 };
    store.commit([], { limits });
    other.touch(digestOf(0));
    other.commit([put(1, "new"), remove(2)]);
    // It does not look again yet: there are more than 32 entries. The one that others have removed makes room enough.
    store.commit([put(100, "100")], { limits });
    assertEquals(numbersIn(store), range(0, 101).filter((number) => number !== 2));
    assertEquals(textAt(store, 1), "new");
  }));

Deno.test("DirectoryStore gives files times that are never the same, whatever the clock does", () =>
  withDirectory((directory) => {
    Deno.mkdirSync(`${directory}/00`);
    // A directory that is newer than the clock says is a clock that jumped back, too.
    Deno.utimeSync(directory, new Date(0), new Date(0));
    let now = NOW;
    const open = () => new DirectoryStore(directory, { now: () => now });
    const store = open();
    putAll(store, [1, 2, 3]);
    assertEquals([1, 2, 3].map((number) => timeOf(directory, number)), [NOW, NOW + 1, NOW + 2]);
    // Backwards, and for another store, too.
    now = NOW - 1_000_000;
    putAll(store, [4]);
    putAll(open(), [5]);
    store.touch(digestOf(1));
    putAll(store, [6]);
    const times = [1, 2, 3, 4, 5, 6].map((number) => timeOf(directory, number));
    assertEquals(new Set(times).size, 6);
    const byTime = [1, 2, 3, 4, 5, 6].sort((one, other) => times[one - 1]! - times[other - 1]!);
    assertEquals(byTime, [2, 3, 4, 5, 1, 6]);
    now = NaN;
    putAll(store, [7]);
    now = NOW + 5_000_000.75;
    putAll(store, [8]);
    assertEquals(timeOf(directory, 8), NOW + 5_000_000);
    open().commit([], { limits: { maxEntries: 3 } });
    assertEquals(numbersIn(store), [6, 7, 8]);
  }));

Deno.test("DirectoryStore keeps the order of use for another store after compact()", () =>
  withDirectory((directory) => {
    // Ahead of the disk's own clock, as after many writes at once.
    const future = Date.now() + 1_000_000;
    const now = () => future;
    const store = new DirectoryStore(directory, { now });
    const elsewhere = 0x2000000;
    putAll(store, [elsewhere, ...range(0, 50)]);
    store.commit([remove(elsewhere)]);
    const { mtime } = Deno.statSync(directory);
    store.compact();
    assert(Deno.statSync(directory).mtime! > mtime!);
    const other = new DirectoryStore(directory, { now });
    putAll(other, [60]);
    other.commit([], { limits: { maxEntries: 2 } });
    assertEquals(numbersIn(other), [49, 60]);
  }));

Deno.test("DirectoryStore keeps the order of use where times are kept to two seconds only", () =>
  withDirectory((directory) => {
    class CoarseDisk extends FaultyDisk {
      override statSync(path: string) {
        const { isFile, size, mtime } = super.statSync(path);
        return { isFile, size, mtime: new Date(Math.floor(mtime!.getTime() / 2000) * 2000) };
      }
    }
    const disk = new CoarseDisk();
    const store = new DirectoryStore(directory, { disk });
    const limits = { maxEntries: 40 };
    for (const number of range(0, 60)) store.commit([put(number, `${number}`)], { limits });
    store.touch(digestOf(20));
    const stats = disk.count("stat");
    for (const number of range(60, 79)) store.commit([put(number, `${number}`)], { limits });
    assertEquals(numbersIn(store), [20, ...range(40, 79)]);
    // Each commit looks at the one entry that goes, and at no other.
    assert(disk.count("stat") - stats < 19 * 10 + 40 * 4);
  }));

Deno.test("DirectoryStore.commit() does not even write what is over maxBytes by its value alone", () =>
  withDirectory((directory) => {
    const disk = new FaultyDisk();
    const store = new DirectoryStore(directory, { disk });
    store.commit([put(1, "one")]);
    disk.space = 0;
    const { warnings } = withWarnings(() =>
      store.commit([put(1, [noise(2000, 1)])], { limits: { maxBytes: 1000 } })
    );
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, `2001 bytes are more than the limit maxBytes 1000`);
    assertEquals(store.size, 0);
  }));

Deno.test("DirectoryStore.commit() counts the length of files, and neither damaged nor foreign ones", () =>
  withDirectory((directory) => {
    const store = new DirectoryStore(directory);
    putAll(store, range(0, 6));
    const { size } = Deno.statSync(entryPath(directory, digestOf(1)));
    Deno.truncateSync(entryPath(directory, digestOf(0)), 50);
    Deno.writeTextFileSync(entryPath(directory, digestOf(1)), "notes".repeat(1000));
    Deno.removeSync(entryPath(directory, digestOf(2)));
    const other = new DirectoryStore(directory);
    const { warnings } = withWarnings(() => {
      other.commit([], { limits: { maxBytes: 2 * size } });
      other.commit([], { limits: { maxBytes: 2 * size } });
    });
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "damaged");
    assertStringIncludes(warnings[0]!, "passed over");
    withWarnings(() => assertEquals(numbersIn(other), [4, 5]));
    assertEquals(Deno.statSync(entryPath(directory, digestOf(0))).size, 50);
    assertEquals(Deno.statSync(entryPath(directory, digestOf(1))).size, 5000);
  }));

Deno.test("DirectoryStore.commit() is not held up by temporary files that it can't remove", () =>
  withDirectory((directory) => {
    const disk = new FaultyDisk();
    const store = new DirectoryStore(directory, { disk });
    putAll(store, [1, 2]);
    const temporary = entryPath(directory, digestOf(1)).replace("entry", "0123456789abcdef.tmp");
    Deno.writeTextFileSync(temporary, "somebody else's");
    Deno.utimeSync(temporary, new Date(0), new Date(0));
    disk.onCall = (name, path) => {
      if (name === "remove" && path === temporary) throw new Deno.errors.PermissionDenied("No");
    };
    store.commit([put(3, "three")], { limits: { maxEntries: 2 } });
    assertEquals(numbersIn(store), [2, 3]);
    const { bytesBefore, bytesAfter } = store.compact();
    assertEquals(bytesBefore, bytesAfter);
    assert(bytesAfter > 15);
  }));

Deno.test("DirectoryStore.commit() fails once, not for ever, when a use can't be noted", () =>
  withDirectory((directory) => {
    const disk = new FaultyDisk();
    const store = new DirectoryStore(directory, { disk });
    const limits = { maxEntries: 3 };
    putAll(store, [1, 2, 3]);
    const path = entryPath(directory, digestOf(2));
    disk.onCall = (name, at) => {
      if (name === "utime" && at === path) throw new Error("An error of the disk");
    };
    for (const number of [1, 2, 3]) store.touch(digestOf(number));
    assertThrows(() => store.commit([], { limits }), CacheError, "An error of the disk");
    // The use of 3 is noted by the next one.
    store.commit([put(4, "four")], { limits });
    assertEquals(numbersIn(store), [1, 3, 4]);
    store.commit([put(5, "five")], { limits });
    assertEquals(numbersIn(store), [3, 4, 5]);
  }));
