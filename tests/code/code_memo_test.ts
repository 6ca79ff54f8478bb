// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CodeMemo } from "../../src/code/code_memo.ts";
import { textDigest } from "../../src/code/text_digest.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { CacheFormatError } from "../../src/errors/cache_format_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { PutChange } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { CountingAnalysis, summaryOf, unitOf } from "./_counting_analysis.ts";
import { Project, source } from "./_project.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/code.cache`;
}

Deno.test("CodeMemo analyses each text once a process", () => {
  const analysis = new CountingAnalysis();
  const memo = new CodeMemo(undefined, analysis);
  for (const _ of [1, 2]) {
    assertEquals(memo.unit("a", "function"), unitOf("a"));
    assertEquals(memo.unit(() => "a", "function", textDigest("a")), unitOf("a"));
    assertEquals(memo.unit("a", "statement"), unitOf("a"));
    assertEquals(memo.unit("wrong", "function"), undefined);
    assertEquals(memo.summary("x: number", "ts"), { summary: summaryOf("x") });
    assertEquals(memo.summary("x: number", "js"), { summary: summaryOf("x: number") });
  }
  assertEquals(analysis.asked, [
    "function a",
    "statement a",
    "function wrong",
    "module x",
    "module x: number",
  ]);
});

Deno.test("CodeMemo finds in the next process what was saved, and asks for no text", () => {
  const path = tempFile();
  const first = new CodeMemo(new LogStore(path), new CountingAnalysis());
  first.unit("a", "function");
  first.unit("wrong", "expression");
  first.summary("x: number", "ts");
  first.summary("wrong", "js");
  first.summary("refused", "ts");
  first.save();

  const analysis = new CountingAnalysis();
  const memo = new CodeMemo(new LogStore(path), analysis);
  const never = (): string => {
    throw new Error("the text is not needed");
  };
  assertEquals(memo.unit(never, "function", textDigest("a")), unitOf("a"));
  assertEquals(memo.unit(never, "expression", textDigest("wrong")), undefined);
  assertEquals(memo.summary("x: number", "ts").summary, summaryOf("x"));
  assertEquals(Object.keys(memo.summary("x: number", "ts").summary!.bindings), [
    "__proto__",
    "f",
    "v",
  ]);
  assertEquals(memo.summary("wrong", "js"), { problem: "it can't be parsed" });
  assertEquals(memo.summary("refused", "ts"), { problem: "it can't be parsed: Unexpected token" });
  assertEquals(analysis.asked, []);
  memo.save();
});

Deno.test("CodeMemo does not take over what another version found out", () => {
  const store = new MemoryStore();
  const first = new CodeMemo(store, new CountingAnalysis());
  first.unit("a", "function");
  first.summary("a", "js");
  first.save();
  const analysis = Object.assign(new CountingAnalysis(), { version: "2" });
  const memo = new CodeMemo(store, analysis);
  memo.unit("a", "function");
  memo.summary("a", "js");
  assertEquals(analysis.asked, ["function a", "module a"]);
});

Deno.test("CodeMemo keeps nothing under the digest of another text", () => {
  const memo = new CodeMemo(undefined, new CountingAnalysis());
  assertEquals(memo.unit(() => "b", "function", textDigest("a")), undefined);
  assertEquals(memo.unit(() => "a", "function", textDigest("a")), unitOf("a"));
});

Deno.test("CodeMemo has what is nested too deep count as not to be parsed, and asks again", () => {
  const analysis = new CountingAnalysis();
  const memo = new CodeMemo(undefined, analysis);
  assertEquals([memo.unit("deep", "function"), memo.unit("deep", "function")], [
    undefined,
    undefined,
  ]);
  assertEquals(analysis.asked.length, 2);
});

Deno.test("CodeMemo does not hide a defect of the analysis", () => {
  const memo = new CodeMemo(undefined, new CountingAnalysis());
  assertThrows(() => memo.summary("broken", "ts"), TypeError, "a defect");
});

Deno.test("CodeMemo.save() writes once, in one step, and nothing when nothing is new", () => {
  const store = new MemoryStore();
  const commits: number[] = [];
  const commit = store.commit.bind(store);
  store.commit = (changes, options) => {
    commits.push(changes.length);
    commit(changes, options);
  };
  const memo = new CodeMemo(store, new CountingAnalysis());
  memo.save();
  memo.unit("a", "function");
  memo.unit("b", "function");
  memo.summary("c", "js");
  memo.save();
  memo.save();
  memo.unit("a", "function");
  memo.save();
  assertEquals(commits, [3]);
  const infos = [...store.entries()];
  assertEquals(infos.map(({ codec, functionName, key }) => [codec, functionName, key.kind]), [
    ["json", "(code)", "call"],
    ["json", "(code)", "call"],
    ["json", "(code)", "call"],
  ]);
});

Deno.test("CodeMemo passes over entries that are not what was written", () => {
  const good = new MemoryStore();
  const writer = new CodeMemo(good, new CountingAnalysis());
  writer.unit("a", "function");
  writer.summary("a", "js");
  writer.save();
  const unit: Record<string, unknown> = { ...unitOf("a") };
  const summary: Record<string, unknown> = { ...summaryOf("a") };
  const wrong: unknown[] = [
    ...Object.keys(unit).map((key) => ({ ...unit, [key]: 7 })),
    ...Object.keys(unit).map((key) => ({ ...unit, [key]: undefined })),
    ...Object.keys(summary).map((key) => ({ summary: { ...summary, [key]: 7 } })),
    ...Object.keys(summary).map((key) => ({ summary: { ...summary, [key]: undefined } })),
    { ...unit, raw: textDigest("b") },
    { ...unit, free: [{ name: "x", uses: [{ path: [], form: "other", now: true }] }] },
    { ...unit, parameters: [{ name: "x", rest: false, uses: [], default: {} }] },
    { ...unit, parameters: [{ name: "x", rest: false, uses: [], default: { unit: {} } }] },
    {
      ...unit,
      parameters: [{
        name: "x",
        rest: false,
        uses: [],
        default: { literal: { type: "array", value: [1] } },
      }],
    },
    { summary: { ...summary, stars: [1] } },
    { summary: { ...summary, exports: { g: { kind: "from", import: 1, name: "g" } } } },
    { summary: { ...summary, bindings: { g: { kind: "import", import: 5, name: "g" } } } },
    { summary: { ...summary, bindings: { g: { kind: "function", order: 0 } } } },
    { summary: { ...summary, sites: [{ ...summaryOf("a").sites[0], order: -1 }] } },
    { summary, problem: "both" },
    { problem: 7 },
    [],
    7,
    "text",
    true,
    {},
  ];
  const texts = [...wrong.map((value) => JSON.stringify(value)), "", "{", "\u0000", "[1,]"];
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  bytes.push(new Uint8Array([0x22, 0xff, 0x22]));
  for (const part of bytes) {
    const store = new MemoryStore();
    for (const info of good.entries()) {
      store.commit([{ ...info, type: "put", parts: [part] }]);
    }
    assertAnalysesAnew(store, new TextDecoder().decode(part));
  }
  for (
    const change of [{ codec: "structured" }, { parts: [new Uint8Array(1), new Uint8Array(1)] }]
  ) {
    const store = new MemoryStore();
    for (const info of good.entries()) {
      const { parts } = good.get(info.digest)!;
      store.commit([{ ...info, type: "put", parts, ...change } as PutChange]);
    }
    assertAnalysesAnew(store, JSON.stringify(change));
  }
});

function assertAnalysesAnew(store: MemoryStore, what: string): void {
  const analysis = new CountingAnalysis();
  const memo = new CodeMemo(store, analysis);
  assertEquals(memo.unit("a", "function"), unitOf("a"), what);
  assertEquals(memo.summary("a", "js"), { summary: summaryOf("a") }, what);
  assertEquals(analysis.asked, ["function a", "module a"], what);
}

Deno.test("CodeMemo goes on without its store when that fails, and says so once", () => {
  const path = tempFile();
  Deno.writeTextFileSync(path, "this is no cache file, but somebody's notes".repeat(10));
  const analysis = new CountingAnalysis();
  const memo = new CodeMemo(new LogStore(path), analysis);
  assertEquals(memo.unit("a", "function"), unitOf("a"));
  assertEquals(memo.unit("b", "function"), unitOf("b"));
  assertThrows(() => memo.save(), CacheFormatError);
  memo.save();
  assertEquals(memo.unit("a", "function"), unitOf("a"));
  assertEquals(analysis.asked, ["function a", "function b"]);
  assert(Deno.readTextFileSync(path).startsWith("this is no cache file"));
});

Deno.test("CodeMemo.save() throws once what goes wrong with writing", () => {
  const store = new MemoryStore();
  store.commit = () => {
    throw new CacheError("Cannot write cache: the disk is full");
  };
  const memo = new CodeMemo(store, new CountingAnalysis());
  memo.unit("a", "function");
  assertThrows(() => memo.save(), CacheError, "full");
  memo.unit("b", "function");
  memo.save();
  assertEquals(memo.unit("b", "function"), unitOf("b"));
});

Deno.test("CodeMemo creates nothing when it reads, and nothing where writing is not granted", async () => {
  const directory = `${Deno.makeTempDirSync()}/never`;
  const memo = new CodeMemo(new LogStore(`${directory}/code.cache`), new CountingAnalysis());
  memo.unit("a", "function");
  assertThrows(() => Deno.statSync(directory), Deno.errors.NotFound);

  using project = new Project();
  project.write({
    "deno.json": { imports: project.imports() },
    "main.ts": `import { CodeMemo } from ${source("code_memo.ts")};
      import { LogStore } from ${source("../stores/log_store.ts")};
      const memo = new CodeMemo(new LogStore(Deno.args[0]));
      const unit = memo.unit("function f(a) { return a }", "function");
      memo.save();
      console.log(unit?.parameters.length);`,
  });
  for (const permissions of [["--no-prompt"], ["--no-prompt", "--allow-read"]]) {
    const args = [`${project.path}/x/code.cache`];
    assertEquals(await project.run("main.ts", { permissions, args }), "1\n");
    assertThrows(() => Deno.statSync(`${project.path}/x`), Deno.errors.NotFound);
  }
});

Deno.test("CodeMemo does not keep damage from being seen as a miss", () => {
  const path = tempFile();
  const first = new CodeMemo(new LogStore(path), new CountingAnalysis());
  first.unit("a", "function");
  first.save();
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 3]! ^= 1;
  Deno.writeFileSync(path, bytes);
  using warnings = collectWarnings();
  const analysis = new CountingAnalysis();
  assertEquals(new CodeMemo(new LogStore(path), analysis).unit("a", "function"), unitOf("a"));
  assertEquals([analysis.asked.length, warnings.lines.length], [1, 1]);
});

Deno.test("CodeMemo loads neither the parser nor what strips types when everything is remembered", async () => {
  using project = new Project();
  const imports = project.imports();
  const refusing = { ...imports, "@babel/parser": "./throws.ts", "eslint-scope": "./throws.ts" };
  project.write({
    "usual.json": { imports },
    "refusing.json": { imports: refusing },
    "throws.ts": `throw new Error("the parser is loaded"); export {};`,
    "lib.ts":
      `export enum Mode { A = 1 }\nexport const rate: number = 2;\nexport class K<T> { m(x: T): T { return x; } }`,
    "main.ts": `import process from "node:process";
      import { CodeMemo } from ${source("code_memo.ts")};
      import { ModuleGraph } from ${source("module_graph.ts")};
      import { LogStore } from ${source("../stores/log_store.ts")};
      import { rate, Mode } from "./lib.ts";
      export function foo(a: number, b = () => 2): number { return a * rate + Mode.A + b(); }
      const module = process.getBuiltinModule("node:module");
      if (Deno.args[0] === "refusing") {
        module.stripTypeScriptTypes = () => { throw new Error("types are stripped"); };
      }
      const memo = new CodeMemo(new LogStore(new URL("code.cache", import.meta.url)));
      const { modules } = new ModuleGraph(memo).load([]);
      const slices = modules.flatMap((m) => Object.values(m.summary.bindings).flatMap(({ code }) => code === undefined ? [] : [m.unit(code)]));
      console.log(modules.length, slices.length, slices.every((unit) => unit !== undefined), memo.unit(foo.toString(), "function").free.length);
      memo.save();`,
  });
  const run = (map: string) =>
    project.run("main.ts", { flags: ["--import-map", `${map}.json`], args: [map] });
  // That it can fail: with nothing remembered, it does.
  const error = await run("refusing").catch((error) => error);
  assert(/the parser is loaded|types are stripped/.test(String(error)), String(error));
  const usual = await run("usual");
  assert(/^2 [3-9] true 2\n$/.test(usual), usual);
  assertEquals(await run("refusing"), usual);
});
