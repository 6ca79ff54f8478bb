// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { isOwnModule, isOwnSpecifier } from "../../src/code/_own_package.ts";
import { Resolver, type Target } from "../../src/code/_resolver.ts";
import { Project } from "./_project.ts";

/** Resolves as Deno does where there is no import map, and nothing is loaded but what is said here. */
function denoWith(loaded: Record<string, string>): (specifier: string) => string {
  return (specifier) => {
    const known = Object.hasOwn(loaded, specifier) ? loaded[specifier] : undefined;
    if (known !== undefined) return known;
    if (!URL.canParse(specifier)) throw new TypeError(`not in import map: ${specifier}`);
    return new URL(specifier).href;
  };
}

function resolverOf(project: Project, loaded: Record<string, string> = {}): Resolver {
  return new Resolver({
    resolve: denoWith(loaded),
    main: `${project.url}main.ts`,
    own: undefined,
  });
}

function kindsOf(targets: readonly Target[]): string[] {
  return targets.map(({ kind }) => kind);
}

function nameOf(target: Target): string {
  return target.kind === "package" ? target.name : JSON.stringify(target);
}

Deno.test("Resolver.resolve() finds files of the user's own by what they are imported as", () => {
  using project = new Project();
  const resolver = resolverOf(project);
  const from = `${project.url}sub/a.ts`;
  const at = (specifier: string, type = ""): Target => resolver.resolve(specifier, type, from);
  assertEquals(at("../lib.ts"), { kind: "module", url: `${project.url}lib.ts` });
  assertEquals(at("./b.mjs?v=1"), { kind: "module", url: `${project.url}sub/b.mjs?v=1` });
  assertEquals(at("/root.tsx"), { kind: "module", url: "file:///root.tsx" });
  assertEquals(at("file:///x/y.js"), { kind: "module", url: "file:///x/y.js" });
  assertEquals(at("./d.json", "json"), {
    kind: "file",
    url: `${project.url}sub/d.json`,
    type: "json",
  });
  assertEquals(kindsOf([at("./d.txt", "text"), at("./d.bin", "bytes")]), ["file", "file"]);
  for (
    const target of [
      at("./d.json"),
      at("./m.wasm"),
      at("./c.cjs"),
      at("./t.d.ts"),
      at("./x", "css"),
    ]
  ) {
    assertEquals(target.kind, "unknown");
  }
});

Deno.test("Resolver.resolve() gives what is no file a reason that names it", () => {
  using project = new Project();
  const resolver = resolverOf(project);
  const from = `${project.url}a.ts`;
  for (
    const specifier of [
      "unmapped",
      "#inner",
      "npm:pkg",
      "npm:pkg@^1.0.0",
      "npm:pkg@1.0",
      "npm:pkg@latest",
      "jsr:@a/b@1",
      "jsr:b@1.0.0",
      "https://example.com/mod.ts",
      "https://example.com/a@1.2/mod.ts",
      "data:text/javascript,export{}",
      "blob:null/1",
      "ext:core/mod.js",
      "",
    ]
  ) {
    const target = resolver.resolve(specifier, "", from);
    assertEquals(target.kind, "unknown", specifier);
    assertStringIncludes(target.kind === "unknown" ? target.reason : "", specifier);
  }
});

Deno.test("Resolver.resolve() names packages by their exact versions", () => {
  using project = new Project();
  const resolver = resolverOf(project);
  const name = (specifier: string): string =>
    nameOf(resolver.resolve(specifier, "", `${project.url}a.ts`));
  assertEquals(name("npm:pkg@1.0.0"), "npm:pkg@1.0.0");
  assertEquals(name("npm:/pkg@1.0.0"), "npm:pkg@1.0.0");
  assertEquals(name("npm:@scope/pkg@1.0.0-rc.1/sub/x.js"), "npm:@scope/pkg@1.0.0-rc.1/sub/x.js");
  assertEquals(name("jsr:@std/path@1.1.1/posix"), "jsr:@std/path@1.1.1/posix");
  assertEquals(name("node:fs/promises"), "node:fs/promises");
  assertEquals(
    name("https://deno.land/std@0.220.0/path/mod.ts"),
    "https://deno.land/std@0.220.0/path/mod.ts",
  );
  assertEquals(name("https://jsr.io/@std/path/1.1.1/mod.ts"), "jsr:@std/path@1.1.1/mod.ts");
});

Deno.test("Resolver.resolve() goes by what is loaded, before the lock file and what is written", () => {
  using project = new Project();
  project.write({
    "deno.json": {},
    "deno.lock": {
      version: "5",
      specifiers: { "npm:pkg@1": "1.0.0", "jsr:@a/b@1": "1.0.0", "npm:later@1": "1.5.0" },
    },
  });
  const cache = "file:///c/npm/registry.npmjs.org";
  const resolver = resolverOf(project, {
    "npm:pkg@^1": `${cache}/pkg/1.0.7/index.js`,
    "npm:pkg@1.0.0": `${cache}/pkg/1.0.0_1/index.js`,
    "jsr:@a/b@^1": "https://jsr.io/@a/b/1.0.9/mod.ts",
    "https://esm.sh/a": "https://esm.sh/a@2.0.1",
  });
  const name = (specifier: string): string =>
    nameOf(resolver.resolve(specifier, "", `${project.url}a.ts`));
  assertEquals(name("npm:pkg@^1"), "npm:pkg@1.0.7");
  assertEquals(name("npm:pkg@1.0.0"), "npm:pkg@1.0.0");
  assertEquals(name("jsr:@a/b@^1"), "jsr:@a/b@1.0.9");
  assertEquals(name("npm:later@^1.0.0"), "npm:later@1.5.0");
  assertEquals(name("https://esm.sh/a"), "https://esm.sh/a@2.0.1");
});

Deno.test("Resolver.resolve() reads no lock file that Deno does not use", () => {
  const lock = { version: "5", specifiers: { "npm:pkg@1": "1.0.0" } };
  for (
    const [files, expected] of [
      [{ "deno.json": {}, "deno.lock": lock }, "package"],
      [{ "deno.jsonc": "{ /* none */ }", "deno.lock": lock }, "package"],
      [{ "package.json": {}, "deno.lock": lock }, "package"],
      [{ "deno.json": { lock: "x/other.lock" }, "x/other.lock": lock }, "package"],
      [{ "deno.json": { lock: { path: "other.lock" } }, "other.lock": lock }, "package"],
      [{ "deno.json": { lock: false }, "deno.lock": lock }, "unknown"],
      [{ "deno.json": { lock: "other.lock" }, "deno.lock": lock }, "unknown"],
      [{ "deno.lock": lock }, "unknown"],
      [{ "deno.json": {}, "deno.lock": { ...lock, version: "99" } }, "unknown"],
      [{ "deno.json": {}, "deno.lock": "{ damaged" }, "unknown"],
      [{ "deno.json": {}, "deno.lock": "null" }, "unknown"],
      [{ "deno.json": {}, "deno.lock": { ...lock, specifiers: { "npm:pkg@1": 7 } } }, "unknown"],
    ] as const
  ) {
    using project = new Project().write(files);
    const target = resolverOf(project).resolve("npm:pkg@^1", "", `${project.url}a.ts`);
    assertEquals(target.kind, expected, JSON.stringify(files));
  }
});

Deno.test("Resolver.resolve() names what a server gave by the lock file, or by an exact version in the URL", () => {
  using project = new Project();
  project.write({
    "deno.json": {},
    "deno.lock": {
      version: "5",
      redirects: { "https://x.com/a": "https://x.com/a/mod.ts" },
      remote: { "https://x.com/a/mod.ts": "11", "https://x.com/b@1.0.0/mod.ts": "22" },
    },
  });
  const name = (specifier: string): string =>
    nameOf(resolverOf(project).resolve(specifier, "", `${project.url}a.ts`));
  assertStringIncludes(name("https://x.com/a"), "https://x.com/a/mod.ts#");
  assertEquals(name("https://x.com/b@1.0.0/mod.ts"), "https://x.com/b@1.0.0/mod.ts#22");
  assertStringIncludes(name("https://x.com/c"), "unknown");
});

Deno.test("Resolver.resolve() reads the versions in node_modules, the nearest first", () => {
  using project = new Project();
  const pkg = (name: string, version: unknown) => ({ name, version });
  project.write({
    "package.json": {
      dependencies: { pk: "^1.0.0", "@s/pk": "*", local: "file:./x", alias: "npm:pk@^1.0.0" },
      devDependencies: { dev: "", buffer: "^6.0.0" },
    },
    "node_modules/pk/package.json": pkg("pk", "1.0.3"),
    "node_modules/@s/pk/package.json": pkg("@s/pk", "2.0.0"),
    "node_modules/dev/package.json": pkg("dev", "3.0.0"),
    "node_modules/buffer/package.json": pkg("buffer", "6.0.3"),
    "node_modules/local/package.json": pkg("local", "1.0.0"),
    "node_modules/odd/package.json": pkg("odd", 1),
    "sub/node_modules/pk/package.json": pkg("pk", "1.9.0"),
  });
  const modules = `${project.url}node_modules`;
  const resolver = resolverOf(project, {
    "npm:pk@^1.0.0": `${modules}/pk/i.js`,
    "npm:odd@1": `${modules}/odd/i.js`,
    "buffer": "node:buffer",
  });
  const name = (specifier: string, from = "a.ts"): string =>
    nameOf(resolver.resolve(specifier, "", project.url + from));
  assertEquals(name("pk"), "npm:pk@1.0.3");
  assertEquals(name("pk/sub.js"), "npm:pk@1.0.3/sub.js");
  assertEquals(name("npm:pk@^1.0.0"), "npm:pk@1.0.3");
  assertEquals(name("@s/pk"), "npm:@s/pk@2.0.0");
  assertEquals(name("dev"), "npm:dev@3.0.0");
  assertEquals(name("alias"), "npm:pk@1.0.3");
  // A dependency goes before the module of Node.
  assertEquals(name("buffer"), "npm:buffer@6.0.3");
  // What Deno was asked for is in the outer folder, and the module may get the inner one.
  assertStringIncludes(name("pk", "sub/b.ts"), "unknown");
  for (const specifier of ["local", "odd", "npm:odd@1", "no"]) {
    assertStringIncludes(name(specifier), "unknown", specifier);
  }
  assertEquals(name("./node_modules/pk/i.js"), "npm:pk@1.0.3/i.js");
});

Deno.test("Resolver.resolve() takes no folder for the cache of packages but the one that Deno has", () => {
  using project = new Project();
  const file = "npm/registry.example.com/pk/1.0.0/i.js";
  const url = project.url + file;
  const at = (loaded: Record<string, string>): Target =>
    resolverOf(project, loaded).resolve(`./${file}`, "", `${project.url}a.ts`);
  const own = { kind: "module", url } as const;
  assertEquals(at({}), own);
  assertEquals(at({ "npm:pk@1.0.0": "file:///c/npm/registry.npmjs.org/pk/1.0.0/i.js" }), own);
  assertEquals(nameOf(at({ "npm:pk@1.0.0": url })), "npm:pk@1.0.0/i.js");
});

Deno.test("Resolver.resolve() tells modules of one folder apart, where a scope is for one of them", () => {
  using project = new Project();
  project.write({
    "deno.json": {
      imports: { dep: "npm:dep@1.0.0" },
      scopes: { "./one.ts": { dep: "npm:dep@2.0.0" } },
    },
  });
  const resolver = resolverOf(project, { dep: "npm:dep@1.0.0" });
  const name = (from: string): string => nameOf(resolver.resolve("dep", "", project.url + from));
  assertEquals([name("two.ts"), name("one.ts")], ["npm:dep@1.0.0", "npm:dep@2.0.0"]);
});

Deno.test("Resolver.resolve() does not believe the version of what is linked into node_modules", {
  ignore: Deno.build.os === "windows",
}, () => {
  using project = new Project();
  project.write({
    "package.json": { dependencies: { linked: "^1.0.0", stored: "^1.0.0" } },
    "packages/linked/package.json": { name: "linked", version: "1.0.0" },
    "node_modules/.pnpm/stored@1.0.0/node_modules/stored/package.json": { version: "1.0.0" },
  });
  const link = (to: string, name: string) =>
    Deno.symlinkSync(`${project.path}/${to}`, `${project.path}/node_modules/${name}`);
  link("packages/linked", "linked");
  link("node_modules/.pnpm/stored@1.0.0/node_modules/stored", "stored");
  const resolver = resolverOf(project);
  assertEquals(resolver.resolve("linked", "", `${project.url}a.ts`).kind, "unknown");
  assertEquals(nameOf(resolver.resolve("stored", "", `${project.url}a.ts`)), "npm:stored@1.0.0");
});

Deno.test("Resolver.resolve() has a disagreement between node_modules and the lock file count as unknown", () => {
  using project = new Project();
  project.write({
    "deno.json": {},
    "deno.lock": { version: "5", specifiers: { "npm:pk@1": "1.0.0", "npm:same@1": "1.0.0" } },
    "node_modules/pk/package.json": { version: "1.0.1" },
    "node_modules/same/package.json": { version: "1.0.0" },
  });
  const resolver = resolverOf(project);
  assertEquals(resolver.resolve("npm:pk@^1", "", `${project.url}a.ts`).kind, "unknown");
  assertEquals(nameOf(resolver.resolve("npm:same@^1", "", `${project.url}a.ts`)), "npm:same@1.0.0");
});

Deno.test("Resolver.resolve() does not trust this checkout's own import map, or one that Deno does not go by", () => {
  using project = new Project();
  project.write({
    "checkout/deno.json": { imports: { a: "npm:a@1.0.0", b: "npm:b@1.0.0" } },
    "user/deno.json": { imports: { a: "npm:a@2.0.0", c: "npm:c@1.0.0" } },
    "bare/main.ts": "",
  });
  const resolve = (loaded: Record<string, string>, from: string, specifier: string): string =>
    nameOf(
      new Resolver({
        resolve: denoWith(loaded),
        main: `${project.url}${from}/main.ts`,
        own: `${project.url}checkout/`,
      }).resolve(specifier, "", `${project.url}${from}/x.ts`),
    );
  const usual = { a: "npm:a@1.0.0", b: "npm:b@1.0.0", c: "npm:c@1.0.0" };
  assertEquals(resolve(usual, "user", "a"), "npm:a@2.0.0");
  assertEquals(resolve(usual, "user", "c"), "npm:c@1.0.0");
  assertStringIncludes(resolve(usual, "user", "b"), "unknown");
  assertStringIncludes(resolve(usual, "bare", "a"), "unknown");
  // An import map on the command line takes the place of the user's: Deno says so.
  const given = { ...usual, c: "npm:c@3.0.0" };
  assertEquals(resolve(given, "user", "c"), "npm:c@3.0.0");
  assertStringIncludes(resolve(given, "user", "a"), "unknown");
  const missing = { a: "npm:a@1.0.0" };
  assertStringIncludes(resolve(missing, "user", "c"), "unknown");
  assertStringIncludes(resolve(missing, "user", "a"), "unknown");
  assertEquals(resolve({ d: "npm:d@1.0.0" }, "bare", "d"), "npm:d@1.0.0");
});

Deno.test("Resolver.resolve() counts this package as its own, and no test of it", () => {
  const root = new URL("../../", import.meta.url).href;
  assert(isOwnModule(`${root}mod.ts`) && isOwnModule(`${root}src/code/unit.ts`));
  assert(isOwnModule("https://jsr.io/@pecapiku/cache/0.0.1/src/checkpoint/mod.ts"));
  for (
    const url of [
      `${root}tests/code/resolver_test.ts`,
      `${root}examples/resume.ts`,
      `${root}tools/offline/path.ts`,
      `${root}modern.ts`,
      `${root}source/a.ts`,
      "https://jsr.io/@pecapiku/cache-x/0.0.1/src/a.ts",
      "https://jsr.io/@pecapiku/cache/0.0.1/tests/a.ts",
      "https://example.com/@pecapiku/cache/0.0.1/src/a.ts",
      "file:///other/src/code/unit.ts",
    ]
  ) assert(!isOwnModule(url), url);
  assert(
    isOwnSpecifier("jsr:@pecapiku/cache") && isOwnSpecifier("jsr:/@pecapiku/cache@^0.1/checkpoint"),
  );
  assert(!isOwnSpecifier("jsr:@pecapiku/cachet") && !isOwnSpecifier("npm:@pecapiku/cache"));
  using project = new Project();
  const kind = (specifier: string) =>
    resolverOf(project).resolve(specifier, "", `${project.url}a.ts`).kind;
  assertEquals([kind(`${root}mod.ts`), kind("jsr:@pecapiku/cache@^0.1")], ["own", "own"]);
});
