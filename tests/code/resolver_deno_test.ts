// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { cachedPackageFile, jsrPackageFile, packageSpecifier } from "../../src/code/_packages.ts";
import type { Target } from "../../src/code/_resolver.ts";
import { Project, source } from "./_project.ts";

/** How modules are compared with Deno. */
interface Comparison {
  readonly main?: string;
  readonly flags?: readonly string[];
}

/** What the modules of a project get from Deno, where it is found here, too; `"unknown"` otherwise. It throws where that is another thing. */
async function compare(
  project: Project,
  modules: readonly string[],
  specifiers: readonly string[],
  { main = "main.ts", flags = [] }: Comparison = {},
): Promise<Map<string, string>> {
  const probe =
    `export const ask = (s) => { try { return import.meta.resolve(s) } catch { return "" } };`;
  project.write(Object.fromEntries(modules.map((name) => [name, probe])));
  const urls = modules.map((name) => JSON.stringify(project.url + name));
  project.write({
    [main]: `import { Resolver } from ${source("_resolver.ts")};
      ${urls.map((url, i) => `import { ask as a${i} } from ${url};`).join("\n")}
      const asks = [${modules.map((_, i) => `a${i}`).join()}];
      const resolver = new Resolver();
      const found = [];
      for (const [i, url] of [${urls.join()}].entries()) {
        for (const s of ${JSON.stringify(specifiers)}) {
          const key = url.slice(${project.url.length}) + " " + s;
          found.push([key, asks[i](s), resolver.resolve(s, "", url)]);
        }
      }
      console.log(JSON.stringify(found));`,
  });
  const found: [string, string, Target][] = JSON.parse(
    await project.run(main, { flags }),
  );
  const results = new Map<string, string>();
  for (const [key, truth, target] of found) {
    const shown = truth.replace(project.url, "");
    switch (target.kind) {
      case "unknown":
        results.set(key, "unknown");
        continue;
      case "module":
        assertEquals(target.url, truth, `${key}: a module`);
        break;
      case "package": {
        assert(truth !== "", `${key}: Deno gives nothing, and not ${target.name}`);
        const asked = packageSpecifier(target.name);
        const told = packageSpecifier(truth) ?? cachedPackageFile(truth) ?? jsrPackageFile(truth);
        if (asked !== undefined) assertEquals(asked.name, told?.name, `${key}: ${truth}`);
        const version = told === undefined || "version" in told ? told?.version : told.range;
        if (asked !== undefined) assertEquals(asked.range, version, `${key}: ${truth}`);
        else assertEquals(target.name, truth, key);
        break;
      }
      default:
        throw new Error(`${key}: ${JSON.stringify(target)}`);
    }
    results.set(key, shown);
  }
  return results;
}

Deno.test("Resolver.resolve() gives what Deno gives in a workspace, with scopes and prefixes", async () => {
  using project = new Project();
  project.write({
    "deno.jsonc": `{ // the root
      "workspace": ["./a", "./packages/*"],
      "imports": ${
      JSON.stringify({
        ...project.imports(),
        dep: "npm:dep@1.0.0",
        "x/": "./x/",
        "range": "npm:range@^1",
        "@/": "./",
      })
    },
      "scopes": { "./c/": { "dep": "npm:dep@3.0.0" }, "./a/": { "dep": "npm:dep@9.0.0" } },
    }`,
    "a/deno.json": {
      name: "@w/a",
      version: "1.0.0",
      exports: { ".": "./mod.ts", "./sub": "./sub.ts" },
      imports: { dep: "npm:dep@2.0.0" },
    },
    "packages/b/deno.json": {
      name: "@w/b",
      exports: "./mod.ts",
      imports: { "x/y.ts": "npm:y@1.0.0", "./rel.ts": "npm:rel@1.0.0" },
    },
    "c/deno.json": { imports: { dep: "npm:dep@8.0.0", nested: "npm:nested@1.0.0" } },
  });
  const modules = ["mod.ts", "a/mod.ts", "packages/b/mod.ts", "c/mod.ts"];
  const specifiers = [
    "dep",
    "x/y.ts",
    "x/z.ts",
    "range",
    "nested",
    "@w/a",
    "@w/a/sub",
    "@w/b",
    "jsr:@w/a@1",
    "@/q.ts",
    "fs",
    "node:fs",
    "./k.ts",
    "./rel.ts",
    "../../rel.ts",
    "npm:dep@4.0.0",
  ];
  const results = await compare(project, modules, specifiers);
  const known = [...results].filter(([, result]) => result !== "unknown").length;
  assertEquals(results.get("mod.ts dep"), "npm:dep@1.0.0");
  assertEquals(results.get("a/mod.ts dep"), "npm:dep@2.0.0");
  assertEquals(results.get("packages/b/mod.ts x/y.ts"), "npm:y@1.0.0");
  assertEquals(results.get("packages/b/mod.ts @w/a/sub"), "a/sub.ts");
  assertEquals(results.get("mod.ts range"), "unknown");
  assert(known >= 40, `${known}: ${JSON.stringify([...results])}`);
});

Deno.test("Resolver.resolve() gives what Deno gives with an import map on the command line, or nothing", async () => {
  using project = new Project();
  const imports = project.imports();
  project.write({
    "deno.json": {
      workspace: ["./a"],
      imports: { ...imports, dep: "npm:dep@1.0.0", gone: "npm:gone@1.0.0", same: "npm:same@1.0.0" },
    },
    "a/deno.json": { imports: { dep: "npm:dep@2.0.0" } },
    "given.json": {
      imports: {
        ...imports,
        dep: "npm:dep@7.0.0",
        new: "./new.ts",
        same: "npm:same@1.0.0",
        "npm:url@1.0.0": "npm:other@1.0.0",
        "npm:h@1.0.0": "https://h.com/v@1.0.0/m.ts",
        "./b/blocked.ts": null,
      },
    },
  });
  const modules = ["mod.ts", "a/mod.ts", "b/mod.ts"];
  const specifiers = [
    "dep",
    "gone",
    "new",
    "same",
    "./k.ts",
    "fs",
    "npm:url@1.0.0",
    "npm:h@1.0.0",
    "./blocked.ts",
  ];
  const results = await compare(project, modules, specifiers, {
    flags: ["--import-map", "given.json"],
  });
  assertEquals(results.get("mod.ts dep"), "npm:dep@7.0.0");
  assertEquals(results.get("b/mod.ts new"), "new.ts");
  assertEquals(results.get("b/mod.ts npm:url@1.0.0"), "npm:other@1.0.0");
  assertEquals(results.get("b/mod.ts npm:h@1.0.0"), "https://h.com/v@1.0.0/m.ts");
  assertEquals(results.get("b/mod.ts ./blocked.ts"), "unknown");
  assertEquals(results.get("a/mod.ts dep"), "unknown");
  const without = await compare(project, modules, specifiers);
  assertEquals(without.get("a/mod.ts dep"), "npm:dep@2.0.0");
  assertEquals(without.get("b/mod.ts gone"), "npm:gone@1.0.0");
});

Deno.test("Resolver.resolve() gives what Deno gives where a folder with a deno.json is linked, or nothing", async () => {
  using project = new Project();
  const shared = "npm:shared@1.0.0";
  project.write({
    "app/deno.json": {
      imports: {
        ...moved(project.imports()),
        lib: "../lib/src/mod.ts",
        dep: "npm:dep@1.0.0",
        shared,
      },
      links: ["../named"],
      scopes: { "../lib/src/deep/": { dep: "npm:dep@6.0.0" } },
    },
    "lib/deno.json": {
      imports: { inner: "npm:inner@1.0.0", dep: "npm:dep@2.0.0", shared, far: "../far/mod.ts" },
      scopes: { "./": { inner: "npm:inner@9.0.0" } },
    },
    "far/deno.json": { imports: { dep: "npm:dep@3.0.0" } },
    "named/deno.json": { name: "@n/n", exports: "./mod.ts", imports: { dep: "npm:dep@4.0.0" } },
    "other/deno.json": { imports: { dep: "npm:dep@5.0.0", shared, only: "npm:only@1.0.0" } },
  });
  const modules = [
    "app/mod.ts",
    "lib/src/mod.ts",
    "lib/src/deep/mod.ts",
    "far/mod.ts",
    "named/mod.ts",
    "other/mod.ts",
  ];
  const specifiers = ["lib", "dep", "inner", "shared", "only", "far", "@n/n", "./a.ts"];
  const results = await compare(project, modules, specifiers, { main: "app/main.ts" });
  const told = (key: string) => results.get(key);
  assertEquals(modules.map((module) => told(`${module} dep`)), [
    "npm:dep@1.0.0",
    "npm:dep@2.0.0",
    "npm:dep@6.0.0",
    "npm:dep@3.0.0",
    "npm:dep@4.0.0",
    // Nothing leads there, and so its own configuration does not count.
    "npm:dep@1.0.0",
  ]);
  assertEquals([told("other/mod.ts shared"), told("other/mod.ts only")], [shared, "unknown"]);
  assertEquals([told("lib/src/mod.ts inner"), told("lib/src/mod.ts far")], [
    "npm:inner@1.0.0",
    "far/mod.ts",
  ]);
});

Deno.test("Resolver.resolve() gives what Deno gives where no configuration is found, or nothing", async () => {
  using project = new Project();
  const imports = project.imports();
  project.write({
    "conf/named.json": { imports: { ...moved(imports), dep: "npm:dep@1.0.0" } },
    "map.json": { imports: { ...imports, dep: "npm:dep@2.0.0", "./old.ts": "./new.ts" } },
    "in/deno.json": { imports: { dep: "npm:dep@3.0.0" } },
  });
  const modules = ["mod.ts", "in/mod.ts"];
  const specifiers = ["dep", "./a.ts", "./old.ts", "path", "npm:dep@5.0.0"];
  for (
    const [flags, expected] of [
      [["--config", "conf/named.json"], "npm:dep@1.0.0"],
      [["--import-map", "map.json"], "npm:dep@2.0.0"],
      [["--config", "conf/named.json", "--import-map", "map.json"], "npm:dep@2.0.0"],
    ] as const
  ) {
    const results = await compare(project, modules, specifiers, { flags });
    assertEquals([results.get("mod.ts dep"), results.get("in/mod.ts dep")], [expected, "unknown"]);
    assertEquals(results.get("mod.ts ./a.ts"), "a.ts");
    assertEquals(
      results.get("mod.ts ./old.ts"),
      flags.length === 2 && expected.includes("@1") ? "old.ts" : "new.ts",
    );
  }
});

Deno.test("Resolver.resolve() gives what Deno gives with an import map in a file of its own", async () => {
  using project = new Project();
  const imports = project.imports();
  project.write({
    "deno.json": { importMap: "./maps/map.json" },
    "maps/map.json": {
      imports: { ...moved(imports), dep: "npm:dep@1.0.0", here: "./here.ts" },
      scopes: { "../in/": { dep: "npm:dep@2.0.0" } },
    },
  });
  const results = await compare(project, ["mod.ts", "in/mod.ts"], ["dep", "dep/sub.js", "here"]);
  assertEquals([...results.values()], [
    "npm:dep@1.0.0",
    "unknown",
    "maps/here.ts",
    "npm:dep@2.0.0",
    "unknown",
    "maps/here.ts",
  ]);
});

Deno.test("Resolver.resolve() gives another package when a range comes to another version in node_modules", async () => {
  using project = new Project();
  const none = "./std/none.ts";
  const unneeded = { "@std/msgpack": none, "@babel/parser": none, "eslint-scope": none };
  const imports = { ...project.imports(), ...unneeded };
  project.write({
    "std/none.ts": "export {};",
    "deno.json": { imports, nodeModulesDir: "manual" },
    "package.json": { dependencies: { pk: "^1.0.0" } },
    "node_modules/pk/index.js": "export default 1;",
    "node_modules/pk/sub.js": "export default 2;",
    "main.ts": `import { Resolver } from ${source("_resolver.ts")};
      import "pk"; import "pk/sub.js"; import "npm:pk@^1";
      const resolver = new Resolver();
      for (const s of ["pk", "pk/sub.js", "npm:pk@^1", "npm:pk@1.0.0"]) {
        console.log(resolver.resolve(s, "", import.meta.url).name);
      }`,
  });
  const seen: string[][] = [];
  for (const version of ["1.0.0", "1.0.1"]) {
    project.write({
      "node_modules/pk/package.json": { name: "pk", version, type: "module", main: "index.js" },
    });
    seen.push((await project.run("main.ts")).trim().split("\n"));
  }
  // The last one is not what is loaded in the second run: what was asked for is not there.
  assertEquals(seen, [
    ["npm:pk@1.0.0", "npm:pk@1.0.0/sub.js", "npm:pk@1.0.0", "npm:pk@1.0.0"],
    ["npm:pk@1.0.1", "npm:pk@1.0.1/sub.js", "npm:pk@1.0.1", "npm:pk@1.0.0"],
  ]);
});

function moved(imports: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).map(([name, address]) => [name, address.replace(/^\.\//, "../")]),
  );
}
