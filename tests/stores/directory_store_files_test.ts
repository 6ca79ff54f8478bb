// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { toFileUrl } from "@std/path";
import { DirectoryStore } from "../../src/stores/directory_store.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, infoOf, put, remove, textAt, valueOf } from "./_changes.ts";
import { runChild } from "./_child.ts";
import { entryPath, exists, filesIn } from "./_directory_disk.ts";
import { CHANGE, DIGEST, withEntry } from "./_entry_file.ts";
import { namesIn, withDirectory } from "./_temporary.ts";

const posix = Deno.build.os !== "windows";

Deno.test("new DirectoryStore() creates nothing before there is something to write", () =>
  withDirectory((directory) => {
    const store = new DirectoryStore(`${directory}/a/b/`);
    assertEquals(store.location, `${directory}/a/b`);
    assertEquals(store.size, 0);
    store.commit([]);
    store.commit([remove(1)]);
    store.commit([], { limits: { maxEntries: 1 }, sync: "commit" });
    store.touch(DIGEST);
    store.commit([]);
    assertEquals(store.compact(), { bytesBefore: 0, bytesAfter: 0 });
    store.close();
    assertEquals(namesIn(directory), []);
  }));

Deno.test("new DirectoryStore() takes a path, a relative path or a file URL", () => {
  assertEquals(new DirectoryStore(toFileUrl("/tmp/a b")).location, "/tmp/a b");
  assertEquals(new DirectoryStore("a/../b").location, `${Deno.cwd()}/b`);
  assertEquals(new DirectoryStore("/").location, "/");
});

Deno.test("new DirectoryStore() throws when an argument can't be one", () => {
  for (const path of ["", "a\0b", undefined, 7, new URL("https://example.com/a")]) {
    assertThrows(() => new DirectoryStore(path as string), TypeError);
  }
  for (const now of [null, 7, "now"]) {
    assertThrows(() => new DirectoryStore("/a", { now: now as never }), TypeError, String(now));
  }
});

Deno.test("DirectoryStore.commit() writes one file an entry, in folders for their owner only", () =>
  withDirectory((directory) => {
    const root = `${directory}/new/store`;
    const store = new DirectoryStore(root);
    store.commit([CHANGE, put(2, "two")]);
    store.commit([put(2, "TWO")]);
    const files = [1, 2].map((number) => entryPath("", digestOf(number)).slice(1));
    assertEquals(filesIn(root), [".gitignore", ...files, "CACHEDIR.TAG"].sort());
    if (posix) {
      for (const path of ["new", "new/store", "new/store/00", "new/store/00/00"]) {
        assertEquals(Deno.statSync(`${directory}/${path}`).mode! & 0o777, 0o700);
      }
      assertEquals(Deno.statSync(`${root}/${files[0]}`).mode! & 0o777, 0o600);
    }
    store.commit([remove(1), remove(2)]);
    assertEquals(filesIn(root), [".gitignore", "CACHEDIR.TAG"]);
    store.compact();
    assertEquals(namesIn(root), [".gitignore", "CACHEDIR.TAG"]);
  }));

Deno.test("DirectoryStore writes files that LogStore reads, and reads those", () =>
  withEntry((store, path, directory) => {
    const log = new LogStore(path);
    assertEquals([...log.entries()], [infoOf(CHANGE)]);
    assertEquals(log.get(DIGEST), valueOf(CHANGE));
    log.close();
    const other = new DirectoryStore(`${directory}/other`);
    other.commit([put(1, "other")]);
    Deno.copyFileSync(path, entryPath(other.location, DIGEST));
    assertEquals(other.get(DIGEST), store.get(DIGEST));
  }));

Deno.test("DirectoryStore passes over files that are not its own, and removes none of them", () =>
  withEntry((store, path, directory) => {
    const bytes = Deno.readFileSync(path);
    const old = new Date(0);
    const folder = path.slice(0, path.lastIndexOf("/"));
    const foreign = [
      `${directory}/notes.txt`,
      `${directory}/${DIGEST}.entry`,
      `${directory}/00/${DIGEST}.entry`,
      `${directory}/zz/00/${DIGEST}.entry`,
      `${directory}/000/00/${DIGEST}.entry`,
      `${directory}/11/22/${DIGEST}.entry`,
      `${directory}/11/22/${DIGEST}.0123456789abcdef.tmp`,
      `${directory}/AB/cd/ABcd${DIGEST.slice(4)}.entry`,
      `${folder}/${DIGEST}.entry.bak`,
      `${folder}/${DIGEST}.ENTRY`,
      `${folder}/x${DIGEST.slice(1)}.entry`,
      `${folder}/${DIGEST}.0123456789abcde.tmp`,
      `${folder}/${DIGEST}.0123456789abcdeg.tmp`,
      `${folder}/${DIGEST}.tmp`,
      `${folder}/other.0123456789abcdef.tmp`,
    ];
    for (const each of foreign) {
      Deno.mkdirSync(each.slice(0, each.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(each, bytes);
      Deno.utimeSync(each, old, old);
    }
    assertEquals(store.size, 1);
    assertEquals([...store.entries()], [infoOf(CHANGE)]);
    store.commit([], { limits: { maxEntries: 0 } });
    assertEquals(store.size, 0);
    assertEquals(store.compact(), { bytesBefore: 0, bytesAfter: 0 });
    for (const each of foreign) assertEquals(Deno.readFileSync(each), bytes);
  }));

Deno.test("DirectoryStore removes temporary files that are an hour old, in compact() and where it goes through all", () => {
  const clean: ((store: DirectoryStore) => void)[] = [
    (store) => assertEquals(store.compact().bytesBefore - store.compact().bytesAfter, 5),
    (store) => store.commit([], { limits: { maxEntries: 10 } }),
  ];
  for (const step of clean) {
    withEntry((_, path, directory) => {
      const now = 1_750_000_000_000;
      const hour = 60 * 60 * 1000;
      const times = { old: now - hour - 1, young: now - hour, future: now + 10 * hour };
      const base = path.slice(0, -".entry".length);
      const names = Object.entries(times).map(([name, time], at) => {
        const temporary = `${base}.${`${at}`.repeat(16)}.tmp`;
        Deno.writeTextFileSync(temporary, name.slice(0, 5).padEnd(5));
        Deno.utimeSync(temporary, new Date(time), new Date(time));
        return temporary;
      });
      const store = new DirectoryStore(directory, { now: () => now });
      assertEquals(store.size, 1);
      assertEquals([...store.entries()], [infoOf(CHANGE)]);
      assertEquals(names.map(exists), [true, true, true]);
      step(store);
      assertEquals(names.map(exists), [false, true, true]);
      assertEquals(store.get(DIGEST), valueOf(CHANGE));
    });
  }
});

Deno.test({
  name: "DirectoryStore follows symbolic links, and puts a file in the place of one",
  ignore: !posix,
  fn: () =>
    withDirectory((directory) => {
      const [real, link, elsewhere] = ["real", "link", "elsewhere"].map((name) => {
        return `${directory}/${name}`;
      }) as [string, string, string];
      Deno.mkdirSync(real);
      Deno.mkdirSync(elsewhere);
      Deno.symlinkSync(real, link);
      const store = new DirectoryStore(link);
      // A folder of the store, too.
      Deno.symlinkSync(elsewhere, `${real}/00`);
      store.commit([CHANGE]);
      assertEquals(filesIn(elsewhere), [`00/${DIGEST}.entry`]);
      assertEquals(new DirectoryStore(real).get(DIGEST), valueOf(CHANGE));
      assertEquals([...store.entries()], [infoOf(CHANGE)]);
      // A file of it.
      const path = entryPath(real, DIGEST);
      const moved = `${directory}/moved`;
      Deno.renameSync(path, moved);
      Deno.symlinkSync(moved, path);
      assertEquals(store.get(DIGEST), valueOf(CHANGE));
      const bytes = Deno.readFileSync(moved);
      store.commit([put(1, "new")]);
      assertEquals(textAt(store, 1), "new");
      assert(Deno.lstatSync(path).isFile);
      assertEquals(Deno.readFileSync(moved), bytes);
      // Links that lead nowhere, or in a circle.
      Deno.symlinkSync(`${real}/nowhere`, `${real}/11`);
      Deno.symlinkSync(`${real}/22`, `${real}/22`);
      assertEquals(store.size, 1);
      store.compact();
      assert(exists(`${real}/11`));
    }),
});

Deno.test("DirectoryStore names the flag, and asks for nothing, when a permission is missing", () =>
  withDirectory(async (directory) => {
    const root = `${directory}/store`;
    new DirectoryStore(root).commit([put(1, "one")]);
    const run = (...permissions: string[]) =>
      runChild("_child_use_directory.ts", permissions, [root]);
    const none = await run();
    const noRead = `Cannot open cache: no read access, run with --allow-read=${root}: ${root} true`;
    assertEquals(none.output.split("\n"), [
      `get: CacheError: ${noRead}`,
      `commit: CacheError: ${noRead}`,
      `get: CacheError: ${noRead}`,
      "",
    ]);
    const noWrite = `Cannot open cache: no write access, run with --allow-write=${root}: ${root}`;
    const readOnly = await run(`--allow-read=${root}`);
    assertEquals(readOnly.output.split("\n"), [
      "get: one",
      `commit: CacheError: ${noWrite} true`,
      "get: undefined",
      "",
    ]);
    const both = await run(`--allow-read=${root}`, `--allow-write=${root}`);
    assertEquals(both.output, "get: one\ncommit: undefined\nget: two\n");
    // A part of it that is denied.
    const denied = `${root}/${digestOf(2).slice(0, 2)}`;
    const part = await run("--allow-read", `--allow-write=${root}`, `--deny-write=${denied}`);
    assertStringIncludes(part.output, "commit: CacheError: Cannot write cache: ");
    assertStringIncludes(part.output, "true\nget: two");
    for (const { errors } of [none, readOnly, both, part]) assertEquals(errors, "");
  }));
