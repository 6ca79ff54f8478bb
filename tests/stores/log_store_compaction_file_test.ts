// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { noise, put, textAt } from "./_changes.ts";
import { runChild } from "./_child.ts";
import { namesIn, withDirectory } from "./_temporary.ts";

/** What files may be done with: not on Windows, where there are no such modes, links and owners. */
const isWindows = Deno.build.os === "windows";

/** Makes a file most of which is dead. */
function makeFile(path: string): void {
  const store = new LogStore(path, { compactFrom: Infinity });
  for (let number = 0; number < 50; number++) store.commit([put(1, `${number}`), put(2, "two")]);
  store.close();
}

function compact(path: string): void {
  const store = new LogStore(path, { compactFrom: Infinity });
  const { bytesBefore, bytesAfter } = store.compact();
  assertEquals(bytesAfter, Deno.statSync(path).size);
  assert(bytesAfter < bytesBefore / 10);
  for (const each of [store, new LogStore(path)]) {
    assertEquals([textAt(each, 1), textAt(each, 2), each.size], ["49", "two", 2]);
    each.close();
  }
}

Deno.test("LogStore.compact() puts a new file in the place of the old one, and leaves nothing beside it", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    makeFile(path);
    const reader = new LogStore(path);
    assertEquals(textAt(reader, 1), "49");
    const { ino } = Deno.statSync(path);
    compact(path);
    assert(ino === null || Deno.statSync(path).ino !== ino);
    assertEquals(namesIn(directory), ["a.cache"]);
    const writer = new LogStore(path);
    writer.commit([put(1, "new"), put(3, "three")]);
    // By the next call: the old file tells that there is another.
    assertEquals([1, 2, 3].map((number) => textAt(reader, number)), ["new", "two", "three"]);
    writer.close();
    reader.close();
  }));

Deno.test({
  name:
    "LogStore.compact() keeps the permissions of the file, whatever the process would give a new one",
  ignore: isWindows,
  fn: () =>
    withDirectory((directory) => {
      for (const mode of [0o600, 0o640, 0o644, 0o660, 0o666, 0o777]) {
        const path = `${directory}/${mode.toString(8)}.cache`;
        makeFile(path);
        Deno.chmodSync(path, mode);
        compact(path);
        assertEquals((Deno.statSync(path).mode! & 0o777).toString(8), mode.toString(8));
      }
    }),
});

Deno.test({
  name: "LogStore.compact() keeps the owner of the file",
  // Only an administrator can give a file away.
  ignore: isWindows || Deno.uid() !== 0,
  fn: () =>
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      makeFile(path);
      Deno.chownSync(path, 12_345, 23_456);
      Deno.chmodSync(path, 0o640);
      compact(path);
      const { uid, gid, mode } = Deno.statSync(path);
      assertEquals([uid, gid, mode! & 0o777], [12_345, 23_456, 0o640]);
    }),
});

Deno.test({
  name: "LogStore.compact() replaces what a symbolic link leads to, and leaves the link",
  ignore: isWindows,
  fn: () =>
    withDirectory((directory) => {
      Deno.mkdirSync(`${directory}/there`);
      Deno.mkdirSync(`${directory}/here`);
      const target = `${directory}/there/real.cache`;
      makeFile(target);
      Deno.symlinkSync(target, `${directory}/here/second.cache`);
      Deno.symlinkSync("second.cache", `${directory}/here/first.cache`);
      const before = Deno.statSync(target);
      compact(`${directory}/here/first.cache`);
      assertEquals(Deno.readLinkSync(`${directory}/here/first.cache`), "second.cache");
      assertEquals(Deno.readLinkSync(`${directory}/here/second.cache`), target);
      assert(Deno.lstatSync(target).isFile);
      assert(Deno.statSync(target).size < before.size);
      assertEquals(namesIn(`${directory}/there`), ["real.cache"]);
      assertEquals(namesIn(`${directory}/here`), ["first.cache", "second.cache"]);
    }),
});

Deno.test({
  name: "LogStore.compact() refuses a file with a hard link, and leaves both names as they are",
  ignore: isWindows,
  fn: () =>
    withDirectory((directory) => {
      const path = `${directory}/a.cache`;
      makeFile(path);
      Deno.linkSync(path, `${directory}/b.cache`);
      const before = Deno.readFileSync(path);
      const store = new LogStore(path);
      assertThrows(() => store.compact(), CacheError, "hard links");
      store.close();
      assertEquals(Deno.readFileSync(path), before);
      assertEquals(Deno.statSync(path).ino, Deno.statSync(`${directory}/b.cache`).ino);
      assertEquals(namesIn(directory), ["a.cache", "b.cache"]);
    }),
});

Deno.test("LogStore touches nothing of somebody else's beside the file", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    const beside = `${path}.compacting`;
    makeFile(path);
    const store = new LogStore(path, { compactFrom: Infinity });
    function assertLeft(): void {
      store.close();
      store.commit([put(3, "three")]);
      assertThrows(() => store.compact(), CacheError, `something else is there: ${beside}`);
    }
    Deno.writeFileSync(beside, noise(100, 1));
    assertLeft();
    assertEquals(Deno.readFileSync(beside), noise(100, 1));
    Deno.removeSync(beside);
    Deno.mkdirSync(beside);
    assertLeft();
    assert(Deno.lstatSync(beside).isDirectory);
    Deno.removeSync(beside);
    if (!isWindows) {
      // Where another user could have it lead anywhere.
      for (const target of [`${directory}/notes.txt`, path, "/no/such/place"]) {
        Deno.writeTextFileSync(`${directory}/notes.txt`, "notes");
        Deno.symlinkSync(target, beside);
        assertLeft();
        assertEquals(Deno.readLinkSync(beside), target);
        assertEquals(Deno.readTextFileSync(`${directory}/notes.txt`), "notes");
        Deno.removeSync(beside);
      }
    }
    store.compact();
    assertEquals([1, 2, 3].map((number) => textAt(store, number)), ["49", "two", "three"]);
    store.close();
  }));

Deno.test("LogStore commits to a file whose name leaves no room for that of another", () =>
  withDirectory((directory) => {
    // 255 bytes are as many as most systems take.
    for (const length of [244, 245, 255]) {
      const path = `${directory}/${"x".repeat(length)}`;
      const store = new LogStore(path, { compactFrom: Infinity });
      for (const text of ["uno", "due", "tre"]) store.commit([put(1, text)]);
      assertEquals(textAt(store, 1), "tre");
      if (length > 244) assertThrows(() => store.compact(), CacheError, path);
      else store.compact();
      assertEquals(textAt(store, 1), "tre");
      store.close();
    }
  }));

Deno.test("LogStore commits, and says once why it does not compact, with the right to its file only", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    for (
      const options of [["--allow-read", `--allow-write=${path}`], [
        `--allow-read=${path}`,
        `--allow-write=${path}`,
      ]]
    ) {
      const { code, output, errors } = await runChild("_child_compacts.ts", options, [path]);
      const name = options[0] === "--allow-read" ? "write" : "read";
      const message =
        `Cannot compact cache: no ${name} access, run with --allow-${name}=${directory}: ${path}`;
      assertEquals(errors, `${message}\n`);
      assertEquals(output, `99\nCacheError: ${message} true\nlast\n`);
      assertEquals(code, 0);
      assertEquals(namesIn(directory), ["a.cache"]);
    }
    const both = [`--allow-read=${directory}`, `--allow-write=${directory}`];
    const { output, errors } = await runChild("_child_compacts.ts", both, [path]);
    assertEquals(errors, "");
    assertStringIncludes(output, "99\n");
    assertStringIncludes(output, "last\n");
    assert(Deno.statSync(path).size < 10_000);
    assertEquals(namesIn(directory), ["a.cache"]);
  }));
