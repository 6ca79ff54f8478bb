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

const useH = body("return h(a);", `import { h } from "./h.ts";`);

testCases("checkpoint() runs again when something in files of any kind changes", [
  changed("a class whose superclasses are in other files", {
    "main.ts": body("return new C().v();", `import { C } from "./c.ts";`),
    "c.ts": `import { B } from "./b.ts"; export class C extends B {}`,
    "b.ts": `import { A } from "./a.ts"; export class B extends A {}`,
    "a.ts": `import { n } from "./n.ts"; export class A { v() { return n; } }`,
    "n.ts": "export const n = $;",
  }),
  changed("two modules that import each other", {
    "main.ts": useH,
    "h.ts": `import { g } from "./g.ts"; export const base = 1; export const h = (x) => g(x);`,
    "g.ts": `import { base } from "./h.ts"; export const g = (x) => x * base * $;`,
  }),
  changed("an object that is a default export", {
    "main.ts": body("return config.rate;", `import config from "./config.ts";`),
    "config.ts": "export default { rate: $ };",
  }),
  changed("an expression that is a default export", {
    "main.ts": body("return config.rate;", `import config from "./config.ts";`),
    "config.ts": "const rate = $; export default Object.freeze({ rate });",
  }),
  changed("a class that is a default export", {
    "main.ts": body("return new P().v;", `import P from "./p.ts";`),
    "p.ts": "export default class { v = $; }",
  }),
  changed("an import by another name", {
    "main.ts": body("return g(a);", `import { h as g } from "./h.ts";`),
    "h.ts": "export const h = (x) => x * $;",
  }),
  rerun(
    "two imports that change places",
    {
      "main.ts": body("return two;", `import { two, three } from "./n.ts";`),
      "n.ts": "export const two = 2, three = 3;",
    },
    {
      "main.ts": body("return two;", `import { two as three, three as two } from "./n.ts";`),
      "n.ts": "export const two = 2, three = 3;",
    },
    [2, 3],
  ),
  rerun(
    "the module that an import is taken from",
    {
      "main.ts": body("return n;", `import { n } from "./two.ts";`),
      "two.ts": "export const n = 2;",
      "three.ts": "export const n = 3;",
    },
    {
      "main.ts": body("return n;", `import { n } from "./three.ts";`),
      "two.ts": "export const n = 2;",
      "three.ts": "export const n = 3;",
    },
    [2, 3],
  ),
  rerun(
    "what an import map says",
    {
      "main.ts": body("return n;", `import { n } from "n";`),
      "two.ts": "export const n = 2;",
      "three.ts": "export const n = 3;",
      "deno.json": `{ "imports": { "n": "./two.ts" } }`,
    },
    {
      "main.ts": body("return n;", `import { n } from "n";`),
      "two.ts": "export const n = 2;",
      "three.ts": "export const n = 3;",
      "deno.json": `{ "imports": { "n": "./three.ts" } }`,
    },
    [2, 3],
  ),
  rerun(
    "an export * that an own export hides",
    {
      "main.ts": body("return n;", `import { n } from "./mod.ts";`),
      "mod.ts": `export * from "./two.ts";`,
      "two.ts": "export const n = 2;",
    },
    {
      "main.ts": body("return n;", `import { n } from "./mod.ts";`),
      "mod.ts": `export * from "./two.ts"; export const n = 3;`,
      "two.ts": "export const n = 2;",
    },
    [2, 3],
  ),
  rerun(
    "a name of the platform that a module's own hides",
    body("return structuredClone(a);"),
    {
      "main.ts": body("return structuredClone(a);", `import { structuredClone } from "./own.ts";`),
      "own.ts": "export const structuredClone = (x) => -x;",
    },
    [1, -1],
  ),
  changed("a helper in a .js file", {
    "main.ts": useH.replace("h.ts", "h.js"),
    "h.js": "export const h = (x) => x * $;",
  }),
  changed("a helper in an .mjs file", {
    "main.ts": useH.replace("h.ts", "h.mjs"),
    "h.mjs": "export function h(x) { return x * $ }",
  }),
  changed("a helper in an .mts file", {
    "main.ts": useH.replace("h.ts", "h.mts"),
    "h.mts": "export function h(x: number): number { return x * $ }",
  }),
  changed("a script in a .js file", { "main.js": body("return h(a);", "const h = (x) => x * $") }),
  changed("a script in an .mjs file", {
    "main.mjs": body("return h(a);", "const h = (x) => x * $"),
  }),
  changed("a helper in a .tsx file", {
    "main.ts": body("return h(a).n;", `import { h } from "./h.tsx";`),
    "h.tsx":
      "const element = (tag: any, props: any) => ({ tag, ...props });\nexport const h = (x: number) => <p n={x * $} />;",
    "deno.json": `{ "compilerOptions": { "jsx": "react", "jsxFactory": "element" } }`,
  }),
  changed("what JSX calls in a helper", {
    "main.ts": body("return h().n;", `import { h } from "./h.tsx";`),
    "h.tsx": `const element = (tag: any, props: any) => ({ tag, n: props.n * $ });
      export const h = () => <p n={1} />;`,
    "deno.json": `{ "compilerOptions": { "jsx": "react", "jsxFactory": "element" } }`,
  }),
  changed("what JSX calls in a helper, by a name in React", {
    "main.ts": body("return h().n;", `import { h } from "./h.tsx";`),
    "h.tsx": `import React from "./react.ts"; export const h = () => <><p /></>;`,
    "react.ts": "export default { Fragment: 1, createElement: () => ({ n: $ }) };",
  }),
  changed("what JSX imports in a helper", {
    "main.ts": body("return h().n;", `import { h } from "./h.tsx";`),
    "h.tsx": "export const h = () => <p />;",
    "jsx.ts": "export const jsx = () => ({ n: $ });",
    "deno.json":
      `{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "own" }, "imports": { "own/jsx-runtime": "./jsx.ts" } }`,
  }),
  changed("what JSX imports in a helper, by a pragma", {
    "main.ts": body("return h().n;", `import { h } from "./h.tsx";`),
    "h.tsx": "/** @jsxImportSource own */ export const h = () => <p />;",
    "jsx.ts": "export const jsx = () => ({ n: $ });",
    "deno.json": `{ "imports": { "own/jsx-runtime": "./jsx.ts" } }`,
  }),
  // Its text at run time is not the one that it has here, so that its module is not known.
  changed("what JSX calls in the function itself", {
    "main.tsx": body(
      "return (<p n={1} />).n;",
      "const element = (tag: any, props: any) => ({ tag, n: props.n * $ });",
    ),
    "deno.json": `{ "compilerOptions": { "jsx": "react", "jsxFactory": "element" } }`,
  }, rerunOrRefuse),
  changed("a function in the .tsx file that is run", {
    "main.tsx": body(
      "return h(a);",
      "const h = (x: number): number => x * $; const unused = <p />;",
    ).replace("const unused = <p />;", "type P = { p: number };"),
  }),
  changed("an export that its own module changes", {
    "main.ts": body("return n;", `import { n } from "./n.ts";`),
    "n.ts": "export let n = 1; n = $;",
  }),
  changed("a checkpoint in another module", {
    "main.ts": `import { foo } from "./foo.ts";\nconsole.log(foo(1));`,
    "foo.ts": `import { checkpoint } from "@pecapiku/cache/checkpoint";
      import { h } from "./h.ts";
      export const foo = checkpoint(function foo(a) { console.log("run"); return h(a); });`,
    "h.ts": "export const h = (x) => x * $;",
  }),
  changed("what a function of another module reaches", {
    "main.ts": script(`import { foo } from "./foo.ts";`),
    "foo.ts": `import { h } from "./h.ts";
      export function foo(a) { console.log("run"); return h(a); }`,
    "h.ts": "export const h = (x) => x * $;",
  }),
  changed("a text with other newlines and marks", {
    "main.ts": "\uFEFF" + body("return `x\\n`.length + $ - 2;").replaceAll("\n", "\r\n"),
  }),
  changed("a module that is its URL", {
    "main.ts": body(
      "return h(a);",
      `import { h } from "data:text/javascript,export const h = (x) => x * $;";`,
    ),
  }, rerunOrRefuse),
  changed("a CommonJS module", {
    "main.ts": body("return h(a);", `import { h } from "./h.cjs";`),
    "h.cjs": "exports.h = (x) => x * $;",
  }, rerunOrRefuse),
]);
