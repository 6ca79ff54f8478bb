// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { importMapArguments } from "../_deno.ts";
import { runScript } from "../access/_run_script.ts";

const PERMISSIONS = ["--allow-read", "--allow-write"];

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

function keysOf(filePath: string): unknown[] {
  using cache = new CacheDict(filePath, { access: "r" });
  return [...cache.keys()];
}

Deno.test("CacheDict commits what is pending when the process ends or calls Deno.exit()", async () => {
  for (
    const end of ["", "Deno.exit(0);", "await CacheDict.with(Deno.args[0], () => Deno.exit(0));"]
  ) {
    const filePath = tempFile();
    const source = `
      const { CacheDict } = cache;
      const dict = new CacheDict(Deno.args[0]);
      dict.set("x", 1);
      const done = new CacheDict(Deno.args[0] + ".done");
      done.set("y", 1).flush();
      new CacheDict(Deno.args[0] + ".unwritten", { access: "r" }).set("z", 1);
      ${end}`;
    const result = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
    assertEquals(result, { code: 0, stdout: "", stderr: "" });
    assertEquals([keysOf(filePath), keysOf(`${filePath}.done`)], [["x"], ["y"]]);
  }
});

Deno.test("CacheDict commits what is pending when nobody catches an error", async () => {
  for (
    const end of [
      `throw new Error("mine");`,
      `Promise.reject(new Error("mine"));`,
      `setTimeout(() => { throw new Error("mine"); });`,
    ]
  ) {
    const filePath = tempFile();
    const source = `const dict = new cache.CacheDict(Deno.args[0]); dict.set("x", 1); ${end}`;
    const { code } = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
    assertEquals([code, keysOf(filePath)], [1, ["x"]], end);
  }
});

Deno.test("CacheDict commits nothing before its time when somebody takes care of the error", async () => {
  const filePath = tempFile();
  const source = `
    const { CacheDict } = cache;
    const seen = () => new CacheDict(Deno.args[0], { access: "r" }).size;
    addEventListener("unhandledrejection", (event) => event.preventDefault());
    const dict = new CacheDict(Deno.args[0]);
    dict.set("x", 1);
    Promise.reject(new Error("mine"));
    setTimeout(() => console.log(seen()));`;
  const result = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
  assertEquals(result, { code: 0, stdout: "0", stderr: "" });
  assertEquals(keysOf(filePath), ["x"]);
});

Deno.test("CacheDict tells of a failed commit once when the error was caught", async () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const source = `
    try {
      using dict = new cache.CacheDict(Deno.args[0], { access: "w" });
      dict.set("x", 1);
    } catch (error) {
      console.log(error.name);
    }`;
  const result = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
  assertEquals(result, { code: 0, stdout: "CacheFormatError", stderr: "" });
});

Deno.test("CacheDict commits when a module with a top-level using throws", async () => {
  const filePath = tempFile();
  const source = `
    using dict = new cache.CacheDict(Deno.args[0]);
    dict.set("x", 1);
    throw new Error("mine");`;
  const { code } = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
  assertEquals([code, keysOf(filePath)], [1, ["x"]]);
});

Deno.test("CacheDict prints the error and fails the process when the last commit fails", async () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const source = `
    const { CacheDict } = cache;
    new CacheDict(Deno.args[0], { access: "w" }).set("x", 1);
    new CacheDict(Deno.args[0] + ".other").set("y", 1);
    addEventListener("unload", () => console.log("others are told"));`;
  const result = await runScript(source, { permissions: PERMISSIONS, args: [filePath] });
  assertEquals([result.code, result.stdout], [1, "others are told"]);
  assertStringIncludes(result.stderr, "CacheFormatError");
  assertEquals(keysOf(`${filePath}.other`), ["y"]);
});

Deno.test("CacheDict writes through by default in the REPL, but for CacheDict.with()", async () => {
  const filePath = tempFile();
  const entry = new URL("../../mod.ts", import.meta.url).href;
  const source = [
    `const { CacheDict } = await import(${JSON.stringify(entry)});`,
    `const size = (path) => new CacheDict(path, { access: "r" }).size;`,
    `using dict = new CacheDict(${JSON.stringify(filePath)});`,
    `dict.set("x", 1) && console.log("using", size(${JSON.stringify(filePath)}));`,
    `CacheDict.with(${JSON.stringify(filePath)}, (d) => console.log("with", d.set("y", 1) && size(${
      JSON.stringify(filePath)
    })));`,
    `console.log("after", size(${JSON.stringify(filePath)}));`,
  ].join("\n");
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["repl", "--quiet", "-A", "--config", config, ...importMapArguments()],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${source}\n`));
  await writer.close();
  const { stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  for (const line of ["using 1", "with 1", "after 2"]) assertStringIncludes(text, line);
});

Deno.test("CacheDict names the flag to grant, and never prompts, when a permission is missing", async () => {
  const filePath = tempFile();
  const source = `
    const { CacheDict, CacheError } = cache;
    const [path] = Deno.args;
    const attempt = (name, body) => {
      try {
        console.log(name, body());
      } catch (error) {
        console.log(name, error instanceof CacheError, error.message, error.value);
      }
    };
    attempt("read", () => CacheDict.decorate((x) => x, { filePath: path })(1));
    attempt("write", () => CacheDict.decorate((x) => x, { filePath: path, access: "ew" })(1));
    attempt("warn", () => CacheDict.decorate((x) => x, { filePath: path, onError: "ignore" })(1));
    attempt("evaluate", () => CacheDict.decorate((x) => x, { filePath: path, access: "e" })(1));`;
  const nothing = await runScript(source, { args: [filePath] });
  const [read, write, warn, evaluate] = nothing.stdout.split("\n");
  assertEquals([nothing.code, nothing.stderr], [0, ""]);
  assert(read!.startsWith("read true"), read);
  assertStringIncludes(read!, "--allow-read");
  assert(write!.startsWith("write true"), write);
  assertStringIncludes(write!, "--allow-");
  assert(write!.endsWith(" 1"), write);
  assertEquals([warn, evaluate], ["warn 1", "evaluate 1"]);
  const reading = await runScript(source, { args: [filePath], permissions: ["--allow-read"] });
  assertStringIncludes(reading.stdout.split("\n")[0]!, "--allow-write");
  const own = await runScript(source, {
    args: [filePath],
    permissions: [`--allow-read=${filePath}`, `--allow-write=${filePath}`],
  });
  assertEquals(own.stdout.split("\n"), ["read 1", "write 1", "warn 1", "evaluate 1"]);
  const dir = filePath.slice(0, filePath.lastIndexOf("/"));
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["a.cache"]);
});
