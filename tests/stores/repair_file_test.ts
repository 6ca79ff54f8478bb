// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { readFully } from "../../src/stores/_file_io.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { repair } from "../../src/stores/repair.ts";
import { verify } from "../../src/stores/verify.ts";
import { digestOf, put, textAt } from "./_changes.ts";
import { childCommand, runChild } from "./_child.ts";
import { namesIn, withDirectory } from "./_temporary.ts";
import { withWarnings } from "./_warnings.ts";

/** Makes a file of three entries, the second of which is damaged. */
function makeDamagedFile(path: string): void {
  const store = new LogStore(path);
  store.commit([put(1, "one")]);
  const { size } = Deno.statSync(path);
  store.commit([put(2, "two")]);
  store.commit([put(3, "three")]);
  store.close();
  const bytes = Deno.readFileSync(path);
  bytes[size + 80]! ^= 1;
  Deno.writeFileSync(path, bytes);
}

Deno.test("repair() works on the disk itself, and an open store goes on with the repaired file", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    makeDamagedFile(path);
    Deno.chmodSync(path, 0o640);
    const store = new LogStore(path);
    withWarnings(() =>
      assertEquals([1, 2, 3].map((number) => textAt(store, number)), ["one", undefined, "three"])
    );
    const { asidePath, before } = repair(path);
    assertEquals(before.damaged.ranges[0]!.digest, digestOf(2));
    assertEquals(namesIn(directory), ["a.cache", asidePath!.slice(directory.length + 1)]);
    if (Deno.build.os !== "windows") {
      assertEquals(Deno.statSync(asidePath!).mode! & 0o777, 0o600);
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o640);
    }
    store.commit([put(2, "TWO")]);
    assertEquals([1, 2, 3].map((number) => textAt(store, number)), ["one", "TWO", "three"]);
    store.close();
    assert(verify(path).isSound);
    assertEquals(verify(path).live.entries, 3);
  }));

Deno.test("repair() follows a symbolic link, and leaves it where it is", () =>
  withDirectory((directory) => {
    Deno.mkdirSync(`${directory}/real`);
    makeDamagedFile(`${directory}/real/a.cache`);
    const link = `${directory}/link.cache`;
    Deno.symlinkSync("real/a.cache", link);
    const { asidePath } = repair(link);
    assert(Deno.lstatSync(link).isSymlink);
    assert(asidePath!.startsWith(`${link}.damaged-`));
    assertEquals(namesIn(`${directory}/real`), ["a.cache"]);
    assert(verify(`${directory}/real/a.cache`).isSound);
  }));

Deno.test("repair() refuses a file that has other names", () =>
  withDirectory((directory) => {
    const path = `${directory}/a.cache`;
    makeDamagedFile(path);
    Deno.linkSync(path, `${directory}/b.cache`);
    const before = Deno.readFileSync(path);
    assertThrows(() => repair(path), CacheError, "hard links");
    assertEquals(Deno.readFileSync(path), before);
    assertEquals(namesIn(directory), ["a.cache", "b.cache"]);
  }));

Deno.test("repair() names the permission that is missing, and never asks for it", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    makeDamagedFile(path);
    const before = Deno.readFileSync(path);
    const read = `--allow-read=${directory}`;
    const cases: readonly [permissions: string[], message: string][] = [
      [[], `Cannot open cache: no read access, run with --allow-read=${path}`],
      [[read], `Cannot open cache: no write access, run with --allow-write=${path}`],
      [
        [read, `--allow-write=${path}`],
        `Cannot repair cache: no write access, run with --allow-write=${directory}`,
      ],
    ];
    for (const [permissions, message] of cases) {
      const result = await runChild("_child_check.ts", permissions, ["repair", path]);
      assertEquals(result, { code: 0, output: `CacheError: ${message}: ${path}\n`, errors: "" });
      assertEquals(Deno.readFileSync(path), before);
      assertEquals(namesIn(directory), ["a.cache"]);
    }
    const all = [read, `--allow-write=${directory}`];
    const result = await runChild("_child_check.ts", all, ["repair", path]);
    assertEquals(result, { code: 0, output: "false\n", errors: "" });
    assert(verify(path).isSound);
  }));

Deno.test("repair() needs write access to the file only, where nothing has to be repaired", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    new LogStore(path).commit([put(1, "one")]);
    const permissions = [`--allow-read=${path}`, `--allow-write=${path}`];
    const result = await runChild("_child_check.ts", permissions, ["repair", path]);
    assertEquals(result, { code: 0, output: "true\n", errors: "" });
  }));

/** Damages the value of an entry, whatever others append meanwhile. */
function damageValue(path: string, value: string): void {
  const file = Deno.openSync(path, { read: true, write: true });
  file.lockSync(true);
  const bytes = new Uint8Array(file.seekSync(0, Deno.SeekMode.End));
  file.seekSync(0, Deno.SeekMode.Start);
  readFully(file, bytes);
  const at = new TextDecoder("latin1").decode(bytes).indexOf(value);
  assert(at > 0);
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(1));
  file.close();
}

Deno.test("repair() loses nothing that another process commits meanwhile", () =>
  withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    makeDamagedFile(path);
    const permissions = ["--allow-read", "--allow-write"];
    const child = childCommand("_child_commits.ts", permissions, [path, "100", "300", "2"]).spawn();
    let repairs = 0;
    let output = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      output += text;
      if (repairs === 20) continue;
      const { before, after } = repair(path);
      assertEquals([before.damaged.lostEntries, after.isSound], [1, true]);
      repairs++;
      const store = new LogStore(path);
      store.commit([put(2, `a value of round ${repairs}.`)]);
      store.close();
      damageValue(path, `a value of round ${repairs}.`);
    }
    assertEquals([(await child.status).code, await child.stderr.text()], [0, ""]);
    assertEquals(output.split("\n").length, 301);
    assert(repairs > 1);
    repair(path);
    const { isSound, live } = verify(path);
    assertEquals([isSound, live.entries], [true, 302]);
  }));
