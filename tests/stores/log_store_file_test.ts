// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { digestOf, noise, put, remove, textAt } from "./_changes.ts";
import { runChild } from "./_child.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

Deno.test("LogStore leaves a file alone that is not a cache file", () =>
  withDirectory((directory) => {
    const path = `${directory}/notes.txt`;
    for (const bytes of [noise(1, 1), noise(31, 2), noise(32, 3), noise(5000, 4)]) {
      Deno.writeFileSync(path, bytes);
      const store = new LogStore(path);
      const message = `Cannot open cache: not a cache file: ${path}`;
      for (
        const call of [
          () => store.size,
          () => store.get(digestOf(1)),
          () => store.has(digestOf(1)),
          () => store.entries(),
          () => store.commit([put(1, "one")]),
          () => store.commit([remove(1)]),
        ]
      ) {
        const error = assertThrows(call, CacheFormatError, message);
        assertEquals(error.filePath, path);
      }
      store.close();
      assertEquals(Deno.readFileSync(path), bytes);
    }
    assertEquals(namesIn(directory), ["notes.txt"]);
  }));

Deno.test("LogStore takes an empty file for an empty cache", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    Deno.writeFileSync(path, new Uint8Array());
    const store = new LogStore(path);
    assertEquals(store.size, 0);
    assertEquals(Deno.statSync(path).size, 0);
    store.commit([put(1, "one")]);
    assertEquals(textAt(store, 1), "one");
    store.close();
  }));

Deno.test("LogStore throws a CacheFormatError, when the path leads to no file", () =>
  withDirectory((directory) => {
    const store = new LogStore(directory);
    assertThrows(() => store.size, CacheFormatError, `Cannot open cache: not a file: ${directory}`);
    assertThrows(() => store.commit([put(1, "one")]), CacheFormatError, directory);
    if (Deno.build.os === "windows") return;
    const pipe = `${directory}/pipe`;
    assert(new Deno.Command("mkfifo", { args: [pipe] }).outputSync().success);
    const onPipe = new LogStore(pipe);
    // To open a pipe would be to wait for its other end.
    assertThrows(() => onPipe.size, CacheFormatError, `Cannot open cache: not a file: ${pipe}`);
    assertThrows(() => onPipe.commit([put(1, "one")]), CacheFormatError, pipe);
    const device = new LogStore("/dev/null");
    assertThrows(() => device.size, CacheFormatError, "not a file: /dev/null");
  }));

Deno.test("LogStore throws a CacheError, when a file is in the place of a directory", () =>
  withDirectory((directory) => {
    Deno.writeTextFileSync(`${directory}/file`, "");
    const store = new LogStore(`${directory}/file/a.cache`);
    const error = assertThrows(() => store.commit([put(1, "one")]), CacheError, "file/a.cache");
    assert(error.cause instanceof Error);
  }));

Deno.test("LogStore.commit() creates missing directories", () =>
  withDirectory((directory) => {
    const store = new LogStore(`${directory}/x/y/a.cache`);
    assertEquals(store.size, 0);
    assertEquals(namesIn(directory), []);
    store.commit([put(1, "one")]);
    assertEquals(textAt(store, 1), "one");
    store.close();
  }));

Deno.test("LogStore follows a symbolic link, to a file or to where one can be created", () =>
  withDirectory((directory) => {
    const real = `${directory}/real.cache`;
    const link = `${directory}/link.cache`;
    Deno.symlinkSync(real, link);
    const byLink = new LogStore(link);
    const byName = new LogStore(real);
    assertEquals(byLink.size, 0);
    byLink.commit([put(1, "one")]);
    assert(Deno.lstatSync(link).isSymlink);
    assertEquals(textAt(byName, 1), "one");
    // Two handles on one file in one process do not wait for each other.
    byName.commit([put(2, "two")]);
    byLink.commit([put(3, "three")]);
    assertEquals([1, 2, 3].map((number) => textAt(byName, number)), ["one", "two", "three"]);
    byLink.close();
    byName.close();

    Deno.symlinkSync(`${directory}/no/such/place.cache`, `${directory}/lost.cache`);
    const lost = new LogStore(`${directory}/lost.cache`);
    assertEquals(lost.size, 0);
    assertThrows(() => lost.commit([put(1, "one")]), CacheError, "no file can be created");
    Deno.symlinkSync(`${directory}/loop.cache`, `${directory}/loop.cache`);
    const loop = new LogStore(`${directory}/loop.cache`);
    assertThrows(() => loop.size, CacheError, "loop.cache");
    assertThrows(() => loop.commit([put(1, "one")]), CacheError, "loop.cache");
  }));

/** Calls a function until the millisecond is over for which a path is not looked at again. */
function eventually<T>(step: () => T, isDone: (result: T) => boolean): T {
  const start = Date.now();
  for (;;) {
    const result = step();
    if (isDone(result) || Date.now() > start + 1000) return result;
  }
}

Deno.test("LogStore notices that its file was deleted", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const store = new LogStore(path);
    store.commit([put(1, "one")]);
    assertEquals(textAt(store, 1), "one");
    Deno.removeSync(path);
    assertEquals(eventually(() => textAt(store, 1), (text) => text === undefined), undefined);
    assertEquals(store.size, 0);
    store.commit([put(2, "two")]);
    Deno.removeSync(path);
    // Before a commit it looks in any case.
    store.commit([put(3, "three")]);
    for (const each of [store, new LogStore(path)]) {
      assertEquals([1, 2, 3].map((number) => textAt(each, number)), [
        undefined,
        undefined,
        "three",
      ]);
      each.close();
    }
  }));

Deno.test("LogStore notices that its file was replaced, also by one of the same length", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const store = new LogStore(path);
    store.commit([put(1, "one")]);
    const other = new LogStore(`${directory}/b.cache`);
    other.commit([put(1, "two")]);
    other.close();
    assertEquals(textAt(store, 1), "one");
    Deno.renameSync(`${directory}/b.cache`, path);
    assertEquals(eventually(() => textAt(store, 1), (text) => text === "two"), "two");
    store.close();
  }));

Deno.test("LogStore notices that its file was truncated or written over", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const store = new LogStore(path);
    store.commit([put(1, "one")]);
    assertEquals(textAt(store, 1), "one");
    Deno.truncateSync(path, 0);
    assertEquals(textAt(store, 1), undefined);
    store.commit([put(2, "two")]);
    assertEquals(textAt(new LogStore(path), 2), "two");

    const longer = new LogStore(`${directory}/b.cache`);
    for (let number = 10; number < 20; number++) longer.commit([put(number, "x".repeat(number))]);
    longer.close();
    // As `cp` does it: the same file, with other bytes.
    Deno.writeFileSync(path, Deno.readFileSync(`${directory}/b.cache`));
    const { warnings } = withWarnings(() => {
      store.commit([put(3, "three")]);
      assertEquals(store.size, 11);
      assertEquals(new LogStore(path).size, 11);
      assertEquals(textAt(store, 15), "x".repeat(15));
    });
    assertEquals(warnings, []);
    assertEquals(namesIn(directory), ["a.cache", "b.cache"]);
    store.close();
  }));

Deno.test("LogStore names the flag, and asks for nothing, when a permission is missing", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1, "one")]);
    const none = await runChild("_child_use.ts", [], [path]);
    const noRead = `Cannot open cache: no read access, run with --allow-read=${path}: ${path} true`;
    assertEquals(none.output.split("\n"), [
      `get: CacheError: ${noRead}`,
      `commit: CacheError: ${noRead}`,
      `get: CacheError: ${noRead}`,
      "",
    ]);
    assertEquals(none.errors, "");
    const noWrite = `Cannot open cache: no write access, run with --allow-write=${path}: ${path}`;
    const readOnly = await runChild("_child_use.ts", ["--allow-read"], [path]);
    assertEquals(readOnly.output.split("\n"), [
      "get: one",
      `commit: CacheError: ${noWrite} true`,
      "get: undefined",
      "",
    ]);
    assertEquals(readOnly.errors, "");
    const missing = `${directory}/no/a.cache`;
    const file = [`--allow-read=${missing}`, `--allow-write=${missing}`];
    const noDirectory = await runChild("_child_use.ts", file, [missing]);
    assertStringIncludes(noDirectory.output, `--allow-write=${directory}/no: ${missing} true`);
    assertEquals(noDirectory.errors, "");
    assertEquals(namesIn(directory), ["a.cache"]);
  }));

Deno.test("LogStore needs no more than the right to read and write its file", () =>
  withDirectory(async (directory) => {
    for (const name of ["new.cache", "old.cache", "torn.cache"]) {
      const path = `${directory}/${name}`;
      if (name !== "new.cache") new LogStore(path).commit([put(1, "one")]);
      if (name === "torn.cache") {
        new LogStore(path).commit([put(3, "three")]);
        Deno.truncateSync(path, Deno.statSync(path).size - 1);
      }
      const { code, output, errors } = await runChild("_child_use.ts", [
        `--allow-read=${path}`,
        `--allow-write=${path}`,
      ], [path]);
      assertEquals(code, 0);
      const first = name === "new.cache" ? "undefined" : "one";
      assertEquals(output, `get: ${first}\ncommit: undefined\nget: two\n`);
      if (name === "torn.cache") assertStringIncludes(errors, "of an unfinished write");
      else assertEquals(errors, "");
    }
    assertEquals(namesIn(directory), ["new.cache", "old.cache", "torn.cache"]);
  }));
