// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { digestOf, noise, put, remove, textAt } from "./_changes.ts";
import { Crash, entryPath, exists, FaultyDisk, filesIn } from "./_directory_disk.ts";
import { withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

const HOUR = 60 * 60 * 1000;

/** Calls a function with a store on a faulty disk, and with another one, on a good disk, over the same directory. */
function withStores(
  step: (store: DirectoryStore, disk: FaultyDisk, other: DirectoryStore, root: string) => void,
): void {
  withDirectory((directory) => {
    const root = `${directory}/store`;
    const disk = new FaultyDisk();
    step(new DirectoryStore(root, { disk }), disk, new DirectoryStore(root), root);
    assertEquals(disk.open, 0, "every file is closed");
  });
}

/** The paths of the temporary files. */
function temporariesIn(root: string): string[] {
  return filesIn(root).filter((path) => path.endsWith(".tmp"));
}

function texts(store: DirectoryStore): (string | undefined)[] {
  return [1, 2, 3, 4].map((number) => textAt(store, number));
}

Deno.test("DirectoryStore wraps what goes wrong on the disk in a CacheError, and has the old or the new entry", () => {
  const limits = { maxEntries: 2 };
  const steps: Record<string, (store: DirectoryStore) => void> = {
    put: (store) => store.commit([put(1, "new")], { sync: "commit" }),
    "put within limits": (store) => store.commit([put(1, "new")], { limits }),
    delete: (store) => store.commit([remove(1)]),
    touch: (store) => {
      store.touch(digestOf(1));
      store.commit([]);
    },
    get: (store) => void store.get(digestOf(1)),
    entries: (store) => void [...store.entries()],
    compact: (store) => void store.compact(),
  };
  const reached = new Set<string>();
  for (const [what, step] of Object.entries(steps)) {
    for (let at = 0;; at++) {
      let failed: string | undefined;
      withStores((store, disk, other, root) => {
        other.commit([put(1, "old"), put(2, "two"), put(3, "three")]);
        let calls = 0;
        disk.onCall = (name) => {
          if (calls++ !== at || failed !== undefined) return;
          failed = name;
          throw new Error("An error of the disk");
        };
        let error: unknown;
        try {
          step(store);
        } catch (thrown) {
          error = thrown;
        }
        const which = `${what}, call ${at} (${failed})`;
        if (failed === undefined || (what === "compact" && failed === "remove")) {
          assertEquals(error, undefined, which);
        } else {
          assert(error instanceof CacheError, `${which}: ${error}`);
          assertStringIncludes(error.message, "An error of the disk", which);
          assert(error.cause instanceof Error, which);
          assert(error.filePath?.startsWith(root), which);
        }
        if (failed !== undefined) reached.add(failed);
        disk.onCall = () => {};
        assert(["old", "new", undefined].includes(textAt(other, 1)), which);
        assert(what === "delete" || textAt(other, 1) !== undefined, which);
        assert(failed === "remove" || temporariesIn(root).length === 0, which);
        // All is well as soon as the disk is.
        store.commit([put(1, "newer"), put(4, "four")], { limits });
        for (const each of [store, other]) {
          assertEquals(texts(each), ["newer", undefined, undefined, "four"], which);
          assertEquals(each.size, 2, which);
        }
      });
      if (failed === undefined) break;
    }
  }
  const names = "create futime mkdir open read readDir remove rename stat sync utime write";
  assertEquals([...reached, "mkdir"].sort(), names.split(" "));
});

Deno.test("DirectoryStore.commit() keeps what it can, and leaves nothing behind, when the disk is full", () =>
  withStores((store, disk, other, root) => {
    store.commit([put(1, "one"), put(2, "two")]);
    for (const space of [0, 10, 32, 50, 150, 5000]) {
      disk.space = space;
      const error = assertThrows(
        () => store.commit([put(2, [noise(100_000, 1)])]),
        CacheError,
        "No space left on device",
      );
      assertEquals(error.filePath, entryPath(root, digestOf(2)));
      assertEquals(temporariesIn(root), []);
      assertEquals(texts(other), ["one", "two", undefined, undefined]);
    }
    // Of a batch, what comes before; and limits go by what is there.
    disk.space = 400;
    assertThrows(
      () =>
        store.commit([put(1, "ONE"), remove(2), put(3, [noise(1000, 3)]), put(4, "four")], {
          limits: { maxEntries: 1 },
        }),
      CacheError,
    );
    assertEquals(texts(other), ["ONE", undefined, undefined, undefined]);
    assertEquals(temporariesIn(root), []);
    disk.space = Infinity;
    store.commit([put(4, "four")], { limits: { maxEntries: 2 } });
    assertEquals(texts(other), ["ONE", undefined, undefined, "four"]);
    store.commit([put(3, "three")], { limits: { maxEntries: 2 } });
    assertEquals(texts(other), [undefined, undefined, "three", "four"]);
  }));

Deno.test("DirectoryStore.commit() tells of both errors when not even the temporary file can be removed", () =>
  withStores((store, disk, other, root) => {
    other.commit([put(1, "old")]);
    disk.onCall = (name) => {
      if (name === "rename" || name === "remove") throw new Error(`No ${name} today`);
    };
    const error = assertThrows(() => store.commit([put(1, "new")]), CacheError, "No rename today");
    assert(error.cause instanceof AggregateError);
    assertEquals(error.cause.errors.map(({ message }) => message), [
      "No rename today",
      "No remove today",
    ]);
    assertEquals(textAt(store, 1), "old");
    assertEquals(temporariesIn(root).length, 1);
    assertEquals(store.size, 1);
  }));

Deno.test("DirectoryStore has the old entry or the new one, when the process is gone at any call", () => {
  const seen = new Set<string>();
  for (let at = 0;; at++) {
    let isDone = false;
    withStores((store, disk, other, root) => {
      other.commit([put(1, "old"), put(2, "two")]);
      let calls = 0;
      disk.onCall = () => {
        if (calls++ === at) {
          disk.isCrashed = true;
          throw new Crash();
        }
      };
      try {
        store.commit([put(1, "new"), remove(2), put(3, "three")], { limits: { maxEntries: 3 } });
        isDone = true;
      } catch {
        // It does not get to know.
      }
      const state = texts(other).slice(0, 3).join();
      seen.add(state);
      // A crash leaves one temporary file at the most, which nobody minds, and which goes later.
      assert(temporariesIn(root).length <= 1);
      assertEquals(other.size, state.split(",").filter((text) => text !== "").length);
      const later = new DirectoryStore(root, { now: () => Date.now() + 2 * HOUR });
      later.commit([put(4, "four")], { limits: { maxEntries: 10 } });
      assertEquals(temporariesIn(root), []);
      assertEquals(texts(later).slice(0, 3).join(), state);
    });
    if (isDone) break;
  }
  // Entry by entry, in order.
  assertEquals([...seen], ["old,two,", "new,two,", "new,,", "new,,three"]);
});

Deno.test("DirectoryStore makes its directory anew, when that is removed under it", () =>
  withStores((store, _disk, other, root) => {
    const limits = { maxEntries: 2 };
    store.commit([put(1, "one"), put(2, "two")], { limits });
    Deno.removeSync(root, { recursive: true });
    assertEquals(texts(store), [undefined, undefined, undefined, undefined]);
    assertEquals(store.size, 0);
    assertEquals([...store.entries()], []);
    store.touch(digestOf(1));
    store.commit([remove(2)]);
    assertEquals(exists(root), false);
    store.commit([put(3, "three")], { limits });
    assertEquals(texts(other), [undefined, undefined, "three", undefined]);
    Deno.removeSync(root, { recursive: true });
    store.commit([put(4, "four")]);
    store.commit([put(1, "one")], { limits });
    assertEquals(texts(other), ["one", undefined, undefined, "four"]);
  }));

Deno.test("DirectoryStore.commit() makes folders anew that others remove meanwhile, but not for ever", () =>
  withStores((store, disk, other, root) => {
    let removals = 0;
    disk.onCall = (name) => {
      // Just made, and still empty.
      if (name !== "create" || !exists(root) || removals === 3) return;
      other.compact();
      removals++;
    };
    store.commit([put(1, "one")]);
    assertEquals(removals, 3);
    assertEquals(textAt(other, 1), "one");
    disk.onCall = (name) => {
      if (name === "create") throw new Deno.errors.NotFound("No such folder");
    };
    assertThrows(() => store.commit([put(2, "two")]), CacheError, "No such folder");
  }));

Deno.test("DirectoryStore reads one file or the other, when it is replaced or removed at any call", () => {
  for (
    const [change, outcomes] of [
      [put(1, "a much longer text than before"), ["old", "a much longer text than before"]],
      [remove(1), ["old", undefined]],
    ] as const
  ) {
    const seen = new Set<string | undefined>();
    for (let at = 0; at < 10; at++) {
      withStores((store, disk, other) => {
        other.commit([put(1, "old")]);
        let calls = 0;
        disk.onCall = () => void (calls++ === at && other.commit([change]));
        const { result, warnings } = withWarnings(() => textAt(store, 1));
        seen.add(result);
        assertEquals(warnings, []);
        calls = 0;
        other.commit([put(1, "old")]);
        const { warnings: others } = withWarnings(() => {
          for (const info of store.entries()) assert([3, 30].includes(info.byteLength));
          store.commit([], { limits: { maxEntries: 1 } });
        });
        assertEquals(others, []);
      });
    }
    assertEquals([...seen].sort(), outcomes.toSorted());
  }
});

Deno.test("DirectoryStore.commit() throws a CacheError, when the directory is read-only", () =>
  withStores((store, disk, other) => {
    other.commit([put(1, "one"), put(2, "two")]);
    disk.onCall = (name) => {
      if (!["create", "rename", "remove", "mkdir"].includes(name)) return;
      throw new Deno.errors.PermissionDenied("Read-only file system");
    };
    for (
      const changes of [[put(1, "new")], [put(3, "three")], [remove(1)], [remove(1), put(3, "3")]]
    ) {
      const error = assertThrows(() => store.commit(changes), CacheError, "Read-only file system");
      assert(error.cause instanceof Deno.errors.PermissionDenied);
    }
    assertThrows(() => store.commit([], { limits: { maxEntries: 1 } }), CacheError, "Read-only");
    assertEquals(texts(store), ["one", "two", undefined, undefined]);
  }));

Deno.test("DirectoryStore goes on, and says so once, where times can't be set", () =>
  withStores((store, disk, other) => {
    disk.onCall = (name) => {
      if (name.endsWith("utime")) throw new Deno.errors.PermissionDenied("Not the owner");
    };
    const limits = { maxEntries: 2 };
    const { warnings } = withWarnings(() => {
      store.commit([put(1, "one")], { limits });
      store.commit([put(2, "two")], { limits });
      for (let time = 0; time < 3; time++) {
        store.touch(digestOf(1));
        store.commit([put(2, `${time}`)], { limits });
      }
    });
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0]!, "Cannot note in cache what is used");
    assertEquals(texts(other), ["one", "2", undefined, undefined]);
  }));

Deno.test("DirectoryStore.commit() syncs a file before it is renamed, and its folders after", () =>
  withDirectory((directory) => {
    const root = `${directory}/store`;
    const disk = new FaultyDisk();
    const store = new DirectoryStore(root, { disk });
    const calls: string[] = [];
    disk.onCall = (name, path) => {
      if (!["write", "sync", "rename", "remove"].includes(name)) return;
      calls.push(`${name} ${path.replace(/[0-9a-f]{16}\.tmp$/, "tmp").slice(directory.length)}`);
    };
    const { digest } = put(1, "one");
    store.commit([put(1, "one")], { sync: "commit" });
    const path = entryPath("/store", digest);
    const temporary = path.replace("entry", "tmp");
    const isWindows = Deno.build.os === "windows";
    const folders = isWindows ? [] : ["sync /store/00/00", "sync /store/00", "sync /store"];
    assertEquals(calls, [
      `write ${temporary}`,
      `write ${temporary}`,
      `sync ${temporary}`,
      `rename ${path}`,
      ...folders,
      ...(isWindows ? [] : ["sync "]),
    ]);
    calls.length = 0;
    store.commit([remove(1)], { sync: "commit" });
    assertEquals(calls, [`remove ${path}`, ...folders]);
    calls.length = 0;
    store.commit([remove(1)], { sync: "commit" });
    assertEquals(calls, []);
    store.commit([put(1, "one")]);
    assertEquals(calls.filter((call) => call.startsWith("sync")), []);
    // A file system that can't sync a directory is not an error; one that fails to is.
    disk.onCall = (name, at) => {
      if (name === "sync" && !at.endsWith(".tmp")) throw new Deno.errors.NotSupported("No");
    };
    store.commit([put(1, "two")], { sync: "commit" });
    disk.onCall = (name, at) => {
      if (name === "sync" && !at.endsWith(".tmp")) throw new Error("An error of the disk");
    };
    if (!isWindows) {
      assertThrows(() => store.commit([put(1, "3")], { sync: "commit" }), CacheError, "An error");
    }
  }));

Deno.test("DirectoryStore.commit() is done when console.warn() throws", () =>
  withStores((store, _disk, other, root) => {
    other.commit([put(1, "one")]);
    Deno.truncateSync(entryPath(root, digestOf(1)), 40);
    const { warn } = console;
    console.warn = () => {
      throw new Error("No warnings here");
    };
    try {
      assertThrows(
        () => store.commit([put(2, "two")], { limits: { maxEntries: 5 } }),
        Error,
        "No warnings here",
      );
    } finally {
      console.warn = warn;
    }
    assertEquals(textAt(other, 2), "two");
    assertEquals(store.get(digestOf(1)), undefined);
  }));
