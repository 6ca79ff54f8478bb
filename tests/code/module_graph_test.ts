// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { CodeMemo } from "../../src/code/code_memo.ts";
import type { LoadedModule } from "../../src/code/loaded_module.ts";
import type { ModuleSummary } from "../../src/code/module_summary.ts";
import { ModuleGraph } from "../../src/code/module_graph.ts";
import { graphOf, load, printed } from "./_graphs.ts";
import { Project, source } from "./_project.ts";

function names(modules: readonly LoadedModule[]): string[] {
  return modules.map(({ name }) => name);
}

Deno.test("ModuleGraph.load() gives the modules in the order in which Deno evaluates them", async () => {
  using project = new Project();
  const log = (name: string) => `(globalThis.order ??= []).push("${name}");`;
  project.write({
    "deno.json": { imports: project.imports() },
    "main.ts":
      `import "./c.ts"; import { x } from "./a.ts"; export * from "./b.ts"; export { z } from "./sub/d.ts";
      import type { T } from "./types.ts"; ${log("main.ts")}
      await import("./later.ts"); const t: T = x; void t;
      console.log(JSON.stringify(globalThis.order));`,
    "a.ts": `import "./b.ts"; export const x = 1; ${log("a.ts")}`,
    "b.ts": `import "./a.ts"; import "./c.ts"; export const y = 1; ${log("b.ts")}`,
    "c.ts": `import "./e.ts"; import "./c.ts"; ${log("c.ts")}`,
    "sub/d.ts": `import "../a.ts"; export const z = 1; ${log("sub/d.ts")}`,
    "e.ts": `import "./b.ts"; ${log("e.ts")}`,
    "later.ts": `import "./only_later.ts"; import "./a.ts"; ${log("later.ts")}`,
    "only_later.ts": `${log("only_later.ts")}`,
    "types.ts": `export type T = number; ${log("types.ts")}`,
    "unused.ts": log("unused.ts"),
  });
  const order = JSON.parse(await project.run("main.ts"));
  assertEquals(names(load(project)), order);
});

Deno.test("ModuleGraph.load() reads each module once, and later ones when they are asked for", () => {
  using project = new Project();
  project.write({
    "main.ts": `import "./a.ts";`,
    "a.ts": "export const a = 1;",
    "other.ts": `import "./a.ts"; import "./b.ts";`,
    "b.ts": "",
  });
  const graph = graphOf(project);
  const first = graph.load([]);
  assertEquals(names(first.modules), ["a.ts", "main.ts"]);
  assertEquals(graph.load([`${project.url}main.ts`]).modules, first.modules);
  project.write({ "a.ts": "export const changed = 1;" });
  const second = graph.load([`${project.url}other.ts`]);
  assertEquals(names(second.modules), ["a.ts", "main.ts", "b.ts", "other.ts"]);
  assert(second.modules[0] === first.modules[0]);
  assertEquals(Object.keys(second.modules[0]?.summary?.bindings ?? {}), ["a"]);
  assertEquals(names(first.modules), ["a.ts", "main.ts"]);
});

Deno.test("ModuleGraph.load() passes over what is no file, this package, and a session", () => {
  using project = new Project();
  project.write({ "main.ts": "", "b.ts": `import ${source("unit.ts")};` });
  const graph = new ModuleGraph(new CodeMemo(), { main: `${project.url}$deno$repl.mts` });
  assertEquals(graph.load([]).modules, []);
  const roots = [
    "https://x/a.ts",
    "data:text/javascript,1",
    "ext:a",
    new URL("../../mod.ts", import.meta.url).href,
  ];
  assertEquals(graph.load(roots).modules, []);
  assertEquals(names(graph.load([`${project.url}b.ts`]).modules), ["b.ts"]);
});

Deno.test("ModuleGraph.load() reads nothing that is not granted, and asks for nothing", async () => {
  using project = new Project();
  project.write({ "main.ts": `import "./a.ts";`, "a.ts": "" });
  const shown = "modules.map((m) => [m.name, m.problem ?? ''])";
  const without = "it can't be read without --allow-read";
  assertEquals(await printed(project, shown, { permissions: ["--no-prompt"] }), [[
    "main.ts",
    without,
  ]]);
  const main = `--allow-read=${project.path}/main.ts`;
  assertEquals(await printed(project, shown, { permissions: ["--no-prompt", main] }), [[
    "a.ts",
    without,
  ], [
    "main.ts",
    "",
  ]]);
  const all = `--allow-read=${project.path}`;
  assertEquals(await printed(project, shown, { permissions: ["--no-prompt", all] }), [
    ["a.ts", ""],
    [
      "main.ts",
      "",
    ],
  ]);
});

Deno.test("ModuleGraph.load() takes long chains and circles of imports", () => {
  const importing = (specifier: string): ModuleSummary => ({
    imports: [{ specifier, type: "", dynamic: false }],
    bindings: {},
    exports: {},
    stars: [],
    effects: [],
    changed: {},
    changedGlobals: [],
    aliases: [],
    methods: {},
    calling: [],
    sites: [],
  });
  const memo = new CodeMemo(undefined, {
    version: "",
    unit: () => undefined,
    summary: importing,
    javaScript: (text) => text,
  });
  using project = new Project();
  const count = 3000;
  project.write(
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`m${i}.js`, `./m${(i + 1) % count}.js`]),
    ),
  );
  const { modules } = new ModuleGraph(memo, { main: `${project.url}m0.js` }).load([]);
  assertEquals([modules.length, modules[0]?.name, modules.at(-1)?.name], [
    count,
    `m${count - 1}.js`,
    "m0.js",
  ]);
});

Deno.test("ModuleGraph.load() keeps the URLs of links as they are written", {
  ignore: Deno.build.os === "windows",
}, () => {
  using project = new Project();
  project.write({
    "main.ts": `import "./link.ts"; import "./real.ts?v=2"; import "./real.ts";`,
    "real.ts": "export const a = 1;",
  });
  Deno.symlinkSync("real.ts", `${project.path}/link.ts`);
  const urls = load(project).map(({ url }) => url.replace(project.url, ""));
  assertEquals(urls, ["link.ts", "real.ts?v=2", "real.ts", "main.ts"]);
});

Deno.test("ModuleGraph.load() finds the test file as the main module of deno test", async () => {
  using project = new Project();
  project.write({
    "deno.json": { imports: project.imports() },
    "a_test.ts": `import { CodeMemo } from ${source("code_memo.ts")};
      import { ModuleGraph } from ${source("module_graph.ts")};
      import "./b.ts";
      Deno.test("x", () => console.log("names:", new ModuleGraph(new CodeMemo()).load([]).modules.map((m) => m.name).join()));`,
    "b.ts": "",
  });
  assertStringIncludes(
    await project.run("a_test.ts", { command: "test" }),
    "names: b.ts,a_test.ts",
  );
});
