// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { LoadedModule, Resolved } from "../../src/code/loaded_module.ts";
import { graphOf, load, printed } from "./_graphs.ts";
import { Project, source } from "./_project.ts";

function names(modules: readonly LoadedModule[]): string[] {
  return modules.map(({ name }) => name);
}

function reason(resolved: Resolved | undefined): string {
  return resolved?.kind === "unknown" ? resolved.reason : `not unknown: ${resolved?.kind}`;
}

Deno.test("LoadedModule.resolve() follows imports of all kinds", () => {
  using project = new Project();
  project.write({
    "main.ts":
      `import { a } from "./a.ts"; export * from "./b.ts"; import json from "./d.json" with { type: "json" };
      import fs from "node:fs"; import pkg from "npm:pkg@1.0.0"; import { c } from ${
        source("unit.ts")
      };
      import none from "none"; export { a, json, fs, pkg, c, none }; export const f = () => import("./later.ts");`,
    "a.ts": "export const a = 1;",
    "b.ts": "export const b = 1;",
    "later.ts": "",
    "d.json": "{}",
  });
  const modules = load(project);
  const main = modules.find(({ name }) => name === "main.ts")!;
  const resolved = new Map(
    main.summary!.imports.map(({ specifier }, index) => [specifier, main.resolve(index)]),
  );
  const module = (specifier: string) => {
    const found = resolved.get(specifier);
    return found?.kind === "module" ? found.module : undefined;
  };
  assert(
    module("./a.ts") === modules.find(({ name }) => name === "a.ts") &&
      module("./a.ts") !== undefined,
  );
  assert(module("./b.ts") === modules.find(({ name }) => name === "b.ts"));
  assertEquals(resolved.get("node:fs"), { kind: "package", name: "node:fs", pure: false });
  assertEquals(resolved.get("npm:pkg@1.0.0"), {
    kind: "package",
    name: "npm:pkg@1.0.0",
    pure: false,
  });
  assertEquals(resolved.get(JSON.parse(source("unit.ts"))), { kind: "own" });
  assertEquals(resolved.get("none")?.kind, "unknown");
  assertEquals(main.resolveSpecifier("./later.ts").kind, "module");
  assertEquals(main.resolve(99).kind, "unknown");
  // It was written after this process began.
  assertStringIncludes(reason(resolved.get("./d.json")), "written after");
});

Deno.test("LoadedModule.resolve() digests data by its value", async () => {
  const digests = async (files: Record<string, string | Uint8Array>): Promise<unknown[]> => {
    using project = new Project();
    project.write({
      "main.ts": Object.keys(files).map((name) =>
        `import "./${name}" with { type: "${
          name.endsWith(".json") ? "json" : name.endsWith(".txt") ? "text" : "bytes"
        }" };`
      ).join("\n"),
    });
    for (const [name, content] of Object.entries(files)) {
      if (typeof content === "string") project.write({ [name]: content });
      else Deno.writeFileSync(`${project.path}/${name}`, content);
    }
    return await printed(
      project,
      `Object.keys(modules[0].summary.imports).map((i) => show(modules[0].resolve(Number(i))))`,
    ) as unknown[];
  };
  const same = await digests({
    "a.json": `{"a": [1, 2.0, "x"], "b": null}`,
    "b.json": `\n{ "a":[1,2,"\\u0078"],\n"b" : null }`,
    "c.json": `\uFEFF{"b": 7, "a": [1, 2, "x"], "b": null, "__proto__": 1}`,
  });
  assertEquals(same[0], same[1]);
  const apart = await digests({
    "a.json": `{"a": 1, "b": 2}`,
    "b.json": `{"b": 2, "a": 1}`,
    "c.json": `{"a": "1", "b": 2}`,
    "d.json": `{"a": 1, "b": 2, "__proto__": {}}`,
    "e.json": "0",
    "f.json": "-0",
    "g.json": "1e999",
    "h.json": "-1e999",
    "i.json": "null",
    "j.json": `"n-0"`,
    "k.json": `"-0"`,
    "l.json": `"snull"`,
    "m.json": `"\\ud800"`,
    "n.json": `"\\ud801"`,
    "o.txt": "0",
    "p.bin": "0",
    "q.txt": "0\n",
    "r.bin": new Uint8Array([0xff]),
    "s.bin": new Uint8Array([0xfe]),
  });
  assert(apart.every((digest) => /^[0-9a-f]{64}$/.test(String(digest))), JSON.stringify(apart));
  assertEquals(new Set(apart).size, apart.length);
  const wrong = await digests({ "a.json": "{", "b.json": "", "c.json": "[".repeat(200_000) });
  assert(
    wrong.every((text) => /: it can't be parsed/.test(String(text))),
    JSON.stringify(wrong),
  );
});

Deno.test("LoadedModule.changed tells whether a file was written since the program began", async () => {
  using project = new Project();
  project.write({
    "main.ts": `import "./old.ts"; import "./written.ts"; import "./touched.ts";
      export const f = () => [import("./late.ts"), import("./never.ts")];`,
    "old.ts": "",
    "written.ts": "1",
    "late.ts": "",
    "never.ts": "",
    "touched.ts": "",
  });
  const before = `Deno.writeTextFileSync(new URL("written.ts", import.meta.url), "2");
    Deno.utimeSync(new URL("touched.ts", import.meta.url), new Date(), new Date());`;
  const shown = "modules.map((m) => [m.name, m.changed])";
  assertEquals(await printed(project, shown, { before }), [
    ["old.ts", false],
    ["written.ts", true],
    ["touched.ts", true],
    ["main.ts", false],
    ["late.ts", false],
    ["never.ts", false],
  ]);
  // What is loaded later than it was read here may be another one by then; what is loaded already is not.
  const write = `Deno.writeTextFileSync(new URL("late.ts", import.meta.url), "2");
    Deno.writeTextFileSync(new URL("old.ts", import.meta.url), "2")`;
  const later = "modules.find((m) => m.name === 'late.ts')";
  const old = "modules.find((m) => m.name === 'old.ts')";
  const seen = `(${write}, graph.load([${later}.url]), [${later}.changed, ${old}.changed])`;
  assertEquals(await printed(project, seen.replaceAll(";", ",")), [true, false]);
});

Deno.test("LoadedModule.problem says why a module is not known", () => {
  using project = new Project();
  project.write({
    "main.ts":
      `import "./wrong.ts"; import "./gone.ts"; import "./folder.ts"; import "./large.ts"; import "./utf16.ts"; import "./common.js";`,
    "wrong.ts": "const = ;",
    "folder.ts/x": "",
    "large.ts": `/*${"x".repeat(10 * 1024 * 1024)}*/`,
    "common.js": "with (a) b();",
    "root.cjs": "",
  });
  Deno.writeFileSync(`${project.path}/utf16.ts`, new Uint8Array([0xff, 0xfe, 0x31, 0]));
  const modules = load(project, "root.cjs");
  const problems = Object.fromEntries(
    modules.map(({ name, problem, summary }) => [name, [problem, summary !== undefined]]),
  );
  const problem = (name: string) => String(problems[name]?.[0]);
  assertStringIncludes(problem("wrong.ts"), "it can't be parsed");
  assertStringIncludes(problem("gone.ts"), "it can't be read");
  assertStringIncludes(problem("folder.ts"), "no ordinary file");
  assertStringIncludes(problem("large.ts"), "larger than 10 MB");
  assertStringIncludes(problem("utf16.ts"), "not UTF-8");
  assertStringIncludes(problem("common.js"), "it can't be parsed");
  assertStringIncludes(problem("root.cjs"), "can be read as code");
  assertEquals(problems["main.ts"], [undefined, true]);
  assertEquals(modules.filter(({ summary }) => summary !== undefined).length, 1);
  const unit = { kind: "expression", start: 0, end: 1, digest: "0".repeat(64) } as const;
  assertEquals(modules.find(({ name }) => name === "gone.ts")?.unit(unit), undefined);
});

Deno.test("LoadedModule.unit() analyses the part of the text that a summary speaks of", () => {
  using project = new Project();
  project.write({
    "main.ts":
      `enum Mode { A = 1 }\nexport function f<T>(a: T, mode: Mode = Mode.A): T { return mode ? a : a; }\nexport const k = 1 as const;`,
  });
  const [main] = load(project);
  const { f, k } = main!.summary!.bindings;
  assert(f?.kind === "function" && k?.kind === "value" && k.code !== undefined);
  assertEquals(main!.unit(f.code)?.parameters.map(({ name }) => name), ["a", "mode"]);
  assertEquals(main!.unit(k.code)?.free, []);
  assertEquals(
    main!.unit({ ...f.code, start: f.code.start + 1, digest: "1".repeat(64) }),
    undefined,
  );
});

Deno.test("LoadedModule.name is the path as seen from the main module", () => {
  using project = new Project();
  project.write({
    "app/src/main.ts":
      `import "./a b.ts"; import "../lib/é.ts"; import "../../shared/c.ts"; import "./100%25.ts";`,
    "app/src/a b.ts": "",
    "app/src/100%.ts": "",
    "app/lib/é.ts": "",
    "shared/c.ts": "",
  });
  const { modules } = graphOf(project, "app/src/main.ts").load([import.meta.url]);
  const found = names(modules);
  for (const name of ["a b.ts", "../lib/é.ts", "../../shared/c.ts", "100%.ts", "main.ts"]) {
    assert(found.includes(name), `${name}: ${found}`);
  }
  assert(
    found.some((name) => name.startsWith("/") && name.endsWith("tests/code/source_module_test.ts")),
  );
});
