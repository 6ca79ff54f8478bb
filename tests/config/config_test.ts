// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { config } from "../../src/config/config.ts";
import { runScript } from "../access/_run_script.ts";

const PRINT = `console.log(cache.config.getCacheDir());`;
const linux = Deno.build.os !== "linux" ? { ignore: true } : {};

function tempDir(): string {
  return Deno.realPathSync(Deno.makeTempDirSync());
}

Deno.test("config.setCacheDir() sets the directory when given a path, a relative path or a URL", () => {
  config.setCacheDir("/tmp/somewhere");
  assertEquals(config.getCacheDir(), "/tmp/somewhere");
  config.setCacheDir("/tmp//a/../somewhere/");
  assertEquals(config.getCacheDir(), "/tmp/somewhere");
  config.setCacheDir(new URL("file:///tmp/with%20space"));
  assertEquals(config.getCacheDir(), "/tmp/with space");
  config.setCacheDir("file:///tmp/plain");
  assertEquals(config.getCacheDir(), "/tmp/plain");
  config.setCacheDir("relative/dir");
  assertEquals(config.getCacheDir(), `${Deno.cwd()}/relative/dir`);
  config.setCacheDir(".");
  assertEquals(config.getCacheDir(), Deno.cwd());
});

Deno.test("config.setCacheDir() throws a TypeError when given anything else", () => {
  const bad: unknown[] = [
    "",
    "a\0b",
    new URL("https://example.com/a"),
    "https://example.com/a",
    new URL("file://host/a"),
    new URL("file:///a%00b"),
    null,
    undefined,
    7,
    {},
  ];
  for (const dir of bad) {
    assertThrows(() => config.setCacheDir(dir as string), TypeError, "Cannot set cache directory");
  }
});

Deno.test("config.setCacheDir() resolves a relative path when it is called, not later", () => {
  const before = Deno.cwd();
  const dir = tempDir();
  config.setCacheDir("x");
  try {
    Deno.chdir(dir);
    assertEquals(config.getCacheDir(), `${before}/x`);
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("config.getCacheDir() is .pecapiku in the current directory when nothing is granted", async () => {
  const cwd = tempDir();
  const env = { PECAPIKU_CACHE_DIR: "/elsewhere", HOME: "/home/me", XDG_CACHE_HOME: "/xdg" };
  assertEquals(await runScript(PRINT, { cwd, env }), {
    code: 0,
    stdout: `${cwd}/.pecapiku`,
    stderr: "",
  });
});

Deno.test("config.getCacheDir() takes PECAPIKU_CACHE_DIR when that one variable is granted", async () => {
  const cwd = tempDir();
  const permissions = ["--allow-env=PECAPIKU_CACHE_DIR"];
  for (const [value, dir] of [["/elsewhere", "/elsewhere"], ["sub/dir", `${cwd}/sub/dir`]]) {
    const env = { PECAPIKU_CACHE_DIR: value! };
    assertEquals((await runScript(PRINT, { cwd, env, permissions })).stdout, dir);
  }
  const env = { PECAPIKU_CACHE_DIR: "", HOME: "/home/me" };
  assertEquals((await runScript(PRINT, { cwd, env, permissions })).stdout, `${cwd}/.pecapiku`);
});

Deno.test({
  name: "config.getCacheDir() takes the user's cache directory when env access is granted",
  ...linux,
  fn: async () => {
    const cwd = tempDir();
    const permissions = ["--allow-env"];
    const cases: [Record<string, string>, string][] = [
      [{ HOME: "/home/me" }, "/home/me/.cache/pecapiku"],
      [{ HOME: "/home/me", XDG_CACHE_HOME: "/xdg" }, "/xdg/pecapiku"],
      [{ HOME: "/home/me", XDG_CACHE_HOME: "relative" }, "/home/me/.cache/pecapiku"],
      [{ HOME: "" }, `${cwd}/.pecapiku`],
    ];
    for (const [env, dir] of cases) {
      assertEquals((await runScript(PRINT, { cwd, env, permissions })).stdout, dir);
    }
  },
});

Deno.test({
  name: "config.getCacheDir() stays in the current directory when only HOME is granted",
  ...linux,
  fn: async () => {
    const cwd = tempDir();
    const { stdout } = await runScript(PRINT, {
      cwd,
      env: { HOME: "/home/me", XDG_CACHE_HOME: "/xdg" },
      permissions: ["--allow-env=HOME"],
    });
    assertEquals(stdout, `${cwd}/.pecapiku`);
  },
});

Deno.test("config.getCacheDir() keeps to an existing .pecapiku when everything is granted", async () => {
  const cwd = tempDir();
  Deno.mkdirSync(`${cwd}/.pecapiku`);
  const env = { HOME: "/home/me" };
  const kept = `${cwd}/.pecapiku`;
  assertEquals((await runScript(PRINT, { cwd, env, permissions: ["-A"] })).stdout, kept);
  Deno.removeSync(kept);
  Deno.writeTextFileSync(kept, "not a folder");
  const { stdout } = await runScript(PRINT, { cwd, env, permissions: ["-A"] });
  assertEquals(stdout === kept, false);
});

Deno.test("config.getCacheDir() prefers setCacheDir when there is also a variable", async () => {
  const source = `cache.config.setCacheDir("/chosen"); ${PRINT}`;
  const env = { PECAPIKU_CACHE_DIR: "/elsewhere" };
  assertEquals((await runScript(source, { env, permissions: ["-A"] })).stdout, "/chosen");
});

Deno.test("config.getCacheDir() does not throw when the current directory is gone", async () => {
  const source = `
    Deno.chdir(Deno.args[0]);
    Deno.removeSync(Deno.args[0]);
    console.log(typeof cache.config.getCacheDir());`;
  const permissions = ["--allow-read", "--allow-write"];
  const { stdout } = await runScript(source, { args: [tempDir()], permissions });
  assertEquals(stdout, "string");
});

Deno.test("explainCacheDir() gives the directory of config, and why, whatever is granted", async () => {
  const cwd = tempDir();
  const entry = JSON.stringify(new URL("../../src/config/config.ts", import.meta.url).href);
  const explain = `
    const { explainCacheDir } = await import(${entry});
    const { path, reason, variable, notGranted } = explainCacheDir();
    if (path !== cache.config.getCacheDir()) throw new Error(path);
    console.log(reason, variable, notGranted.join());`;
  const withHome = { HOME: "/home/me", LOCALAPPDATA: "/home/me" };
  const withDir = { ...withHome, PECAPIKU_CACHE_DIR: "relative" };
  const first = { linux: "XDG_CACHE_HOME", darwin: "HOME", windows: "LOCALAPPDATA" }[
    Deno.build.os as string
  ];
  const last = Deno.build.os === "linux" ? "HOME" : first;
  const cases: [
    source: string,
    permissions: string[],
    env: Record<string, string>,
    said: string,
  ][] = [
    [explain, [], withDir, `fallback undefined PECAPIKU_CACHE_DIR,${first}`],
    [explain, ["--allow-env=PECAPIKU_CACHE_DIR"], withHome, `fallback undefined ${first}`],
    [explain, ["-A"], withDir, "variable PECAPIKU_CACHE_DIR"],
    [explain, ["-A"], withHome, `user ${last}`],
    [`cache.config.setCacheDir("/x");${explain}`, ["-A"], withDir, "set undefined"],
  ];
  for (const [source, permissions, env, said] of cases) {
    const { stdout, stderr } = await runScript(source, { cwd, env, permissions });
    assertEquals([stdout, stderr], [said, ""]);
  }
  Deno.mkdirSync(`${cwd}/.pecapiku`);
  const { stdout } = await runScript(explain, { cwd, env: withHome, permissions: ["-A"] });
  assertEquals(stdout, "local folder undefined");
});
