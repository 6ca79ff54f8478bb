// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, rerun, rerunOrRefuse, script, testCases } from "./_cases.ts";
import type { Files } from "./_project.ts";

/** The second version has a 3 where the first one has a 2 in the place of `$`, and that is what is printed. */
function changed(name: string, version: Files, make = rerun): Case {
  const [first, second] = ["2", "3"].map((value) =>
    Object.fromEntries(
      Object.entries(version).map(([path, text]) => [path, text.replaceAll("$", value)]),
    )
  );
  return make(name, first!, second!, [2, 3]);
}

const body = (code: string, above = "", expression?: string) =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }`, expression);

testCases("checkpoint() never gives a stale result when a configuration or a pragma changes", [
  changed("the JSX factory", {
    "main.tsx": body(
      "return (<p />).n;",
      "const e2 = () => ({ n: 2 }); const e3 = () => ({ n: 3 });",
    ),
    "deno.json": `{ "compilerOptions": { "jsx": "react", "jsxFactory": "e$" } }`,
  }, rerunOrRefuse),
  changed("a JSX pragma", {
    "main.tsx": `/** @jsx e$ */\n` +
      body("return (<p />).n;", "const e2 = () => ({ n: 2 }); const e3 = () => ({ n: 3 });"),
    "deno.json": `{ "compilerOptions": { "jsx": "react" } }`,
  }, rerunOrRefuse),
  changed("JSX of an import source", {
    "main.tsx": body("return (<p />).n;"),
    "deno.json":
      `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "own" }, "imports": { "own/jsx-runtime": "./jsx.ts" } }`,
    "jsx.ts": "export const jsx = () => ({ n: $ });",
  }, rerunOrRefuse),
  rerunOrRefuse(
    "the kind of decorators",
    { "main.ts": body("return new P().v();", decorated()), "deno.json": "{}" },
    {
      "main.ts": body("return new P().v();", decorated()),
      "deno.json": `{ "compilerOptions": { "experimentalDecorators": true } }`,
    },
    [2, 3],
  ),
  rerunOrRefuse(
    "the kind of decorators, by a tsconfig.json",
    { "main.ts": body("return new P().v();", decorated()), "deno.json": "{}" },
    {
      "main.ts": body("return new P().v();", decorated()),
      "deno.json": "{}",
      "tsconfig.json": `{ "extends": "./base.json" }`,
      "base.json": `{ "compilerOptions": { "experimentalDecorators": true } }`,
    },
    [2, 3],
  ),
  rerunOrRefuse(
    "the kind of decorators in a member of the workspace",
    member("{}"),
    member(`{ "compilerOptions": { "experimentalDecorators": true } }`),
    [2, 3],
  ),
  rerunOrRefuse(
    "the kind of decorators of a class that is an argument",
    { "main.ts": argument(), "deno.json": "{}" },
    {
      "main.ts": argument(),
      "deno.json": `{ "compilerOptions": { "experimentalDecorators": true } }`,
    },
    [2, 3],
  ),
  rerunOrRefuse(
    "types that decorators are told of",
    metadata("string"),
    metadata("number"),
    ["String", "Number"],
  ),
  rerunOrRefuse(
    "whether imports of types are kept",
    typeImport("{}"),
    typeImport(`{ "compilerOptions": { "verbatimModuleSyntax": true } }`),
    [2, 3],
  ),
]);

function decorated(): string {
  return `function d(...all) { return all.length === 3 ? { value: () => 3 } : () => 2; }
    class P { @d v() { return 1; } }`;
}

function argument(): string {
  return `import { checkpoint } from "@pecapiku/cache/checkpoint";
    function d(...all) { if (all.length === 1) return class { v() { return 3; } }; return class { v() { return 2; } }; }
    @d class P { v() { return 1; } }
    function foo(C) { console.log("run"); return new C().v(); }
    console.log(checkpoint(foo)(P));`;
}

function member(config: string): Files {
  return {
    "main.ts": body("return new P().v();", `import { P } from "./lib/p.ts";`),
    "deno.json": `{ "workspace": ["./lib"] }`,
    "lib/deno.json": config,
    "lib/p.ts": decorated().replace("class P", "export class P"),
  };
}

function metadata(type: string): Files {
  return {
    "main.ts": body("return P.type;", `import { P } from "./p.ts";`),
    "p.ts":
      `Reflect.metadata = (name, type) => (target) => { if (name === "design:type") target.constructor.type = type.name; };
      const d = () => {};
      export class P { @d p: ${type}; }`,
    "deno.json":
      `{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true } }`,
  };
}

function typeImport(config: string): Files {
  return {
    "main.ts": body(
      "return config.rate;",
      `import { config } from "./config.ts"; import { T } from "./patch.ts"; type U = T;`,
    ),
    "config.ts": "export const config = { rate: 2 };",
    "patch.ts":
      `import { config } from "./config.ts"; config.rate = 3; export type T = number; export const T = 1;`,
    "deno.json": config,
  };
}

testCases("checkpoint() never gives a stale result when a module is found in another way", [
  changed("a member of the workspace", {
    "main.ts": body("return h(a);", `import { h } from "@own/lib";`),
    "deno.json": `{ "workspace": ["./lib"] }`,
    "lib/deno.json": `{ "name": "@own/lib", "version": "1.0.0", "exports": "./mod.ts" }`,
    "lib/mod.ts": "export const h = (x) => x * $;",
  }, rerunOrRefuse),
  changed("a scope of the import map", {
    "main.ts": body("return h(a);", `import { h } from "./lib/h.ts";`),
    "lib/h.ts": `export { n as h } from "n";`,
    "lib/n.ts": "export const n = (x) => x * $;",
    "deno.json":
      `{ "imports": { "n": "./none.ts" }, "scopes": { "./lib/": { "n": "./lib/n.ts" } } }`,
  }, rerunOrRefuse),
  changed("import defer", {
    "main.ts": body("return h.h(a);", `import defer * as h from "./h.ts";`),
    "h.ts": "export const h = (x) => x * $;",
  }),
  changed("import() of a template without a place", {
    "main.ts": script(
      "async function foo(a) { console.log('run'); return (await import(`./h.ts`)).h(a); }",
      "await checkpoint(foo)(1)",
    ),
    "h.ts": "export const h = (x) => x * $;",
  }, rerunOrRefuse),
  changed("import() at the top level", {
    "main.ts": body("return h(a);", `const { h } = await import("./h.ts");`),
    "h.ts": "export const h = (x) => x * $;",
  }),
  changed("import() of a computed name at the top level", {
    "main.ts": body("return h(a);", `const { h } = await import(["./h", "ts"].join("."));`),
    "h.ts": "export const h = (x) => x * $;",
  }, rerunOrRefuse),
  changed("createRequire", {
    "main.ts": body(
      "return h(a);",
      `import { createRequire } from "node:module"; const { h } = createRequire(import.meta.url)("./h.cjs");`,
    ),
    "h.cjs": "exports.h = (x) => x * $;",
  }, rerunOrRefuse),
  changed("JSON by a name of the import map", {
    "main.ts": body("return d.v;", `import d from "d" with { type: "json" };`),
    "d.json": `{ "v": $ }`,
    "deno.json": `{ "imports": { "d": "./d.json" } }`,
  }),
  changed("text", {
    "main.ts": body("return Number(t);", `import t from "./t.txt" with { type: "text" };`),
    "t.txt": "$",
    "deno.json": `{ "unstable": ["raw-imports"] }`,
  }, rerunOrRefuse),
  changed("bytes", {
    "main.ts": body("return t[0] - 48;", `import t from "./t.txt" with { type: "bytes" };`),
    "t.txt": "$",
    "deno.json": `{ "unstable": ["raw-imports"] }`,
  }, rerunOrRefuse),
  changed("a path with a blank and a query", {
    "main.ts": body("return h(a);", `import { h } from "./a%20b/h.ts?x";`),
    "a b/h.ts": "export const h = (x) => x * $;",
  }, rerunOrRefuse),
  rerunOrRefuse(
    "a query that makes another module of a file",
    {
      "main.ts": body(
        "return h === g ? 2 : 3;",
        `import { h } from "./h.ts"; import { h as g } from "./h.ts";`,
      ),
      "h.ts": "export const h = {};",
    },
    {
      "main.ts": body(
        "return h === g ? 2 : 3;",
        `import { h } from "./h.ts"; import { h as g } from "./h.ts?x";`,
      ),
      "h.ts": "export const h = {};",
    },
    [2, 3],
  ),
]);
