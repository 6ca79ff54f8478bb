// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertInstanceOf, assertMatch, assertThrows } from "@std/assert";
import { CacheError } from "../../src/errors/cache_error.ts";
import { ensureCacheDirectory } from "../../src/stores/_directory.ts";
import { runScript } from "../access/_run_script.ts";

const posix = { ignore: Deno.build.os === "windows" };

Deno.test("ensureCacheDirectory() marks what it creates and leaves what is there alone", () => {
  const root = Deno.makeTempDirSync();
  ensureCacheDirectory(`${root}/a/b`);
  ensureCacheDirectory(`${root}/a/b`);
  const names = (dir: string): string[] =>
    [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
  assertEquals(names(root), ["a"]);
  assertEquals(names(`${root}/a`), [".gitignore", "CACHEDIR.TAG", "b"]);
  assertEquals(names(`${root}/a/b`), [".gitignore", "CACHEDIR.TAG"]);
});

Deno.test({
  name: "ensureCacheDirectory() creates directories for their owner only",
  ...posix,
  fn: () => {
    const root = Deno.makeTempDirSync();
    ensureCacheDirectory(`${root}/a/b`);
    assertEquals(Deno.statSync(`${root}/a`).mode! & 0o777, 0o700);
    assertEquals(Deno.statSync(`${root}/a/b`).mode! & 0o777, 0o700);
  },
});

Deno.test("ensureCacheDirectory() throws a CacheError when a file is in the way", () => {
  const root = Deno.makeTempDirSync();
  Deno.writeTextFileSync(`${root}/file`, "");
  const error = assertThrows(() => ensureCacheDirectory(`${root}/file/a/b`), CacheError);
  assertMatch(error.message, /^Cannot create cache directory: .+: .+\/file\/a\/b$/);
  assertInstanceOf(error.cause, Error);
});

Deno.test({
  name: "ensureCacheDirectory() throws a CacheError when a link leads nowhere",
  ...posix,
  fn: () => {
    const root = Deno.makeTempDirSync();
    Deno.symlinkSync(`${root}/nowhere`, `${root}/link`);
    assertThrows(() => ensureCacheDirectory(`${root}/link/a`), CacheError);
  },
});

Deno.test("ensureCacheDirectory() names the flag, and never prompts, when it may not write", async () => {
  const module = new URL("../../src/stores/_directory.ts", import.meta.url).href;
  const root = Deno.makeTempDirSync();
  const source = `
    import { ensureCacheDirectory } from ${JSON.stringify(module)};
    try {
      ensureCacheDirectory(Deno.args[0] + "/a");
    } catch (error) {
      console.log(error instanceof cache.CacheError, error.message.includes("--allow-write"));
    }`;
  const { stdout } = await runScript(source, { args: [root], permissions: ["--allow-read"] });
  assertEquals(stdout, "true true");
});

Deno.test("ensureCacheDirectory() goes without the marks when only the directory may be written", async () => {
  const module = new URL("../../src/stores/_directory.ts", import.meta.url).href;
  const dir = `${Deno.makeTempDirSync()}/a`;
  const source = `
    import { ensureCacheDirectory } from ${JSON.stringify(module)};
    ensureCacheDirectory(Deno.args[0]);`;
  const permissions = [`--allow-write=${dir}`, `--deny-write=${dir}/CACHEDIR.TAG`];
  const { code } = await runScript(source, { args: [dir], permissions });
  assertEquals([code, [...Deno.readDirSync(dir)].map(({ name }) => name)], [0, [".gitignore"]]);
});
