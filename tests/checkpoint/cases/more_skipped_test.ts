// Copyright 2026 the pecapiku authors. MIT license.

import { script, skip, testCases } from "./_cases.ts";

const body = (code: string, above = "", expression?: string) =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }`, expression);

testCases("checkpoint() skips when functions are written or named in another way", [
  skip(
    "two functions that call each other, renamed",
    body(
      "return even(a);",
      "const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1);",
    ),
    body(
      "return up(a);",
      "const down = (n) => n !== 0 && up(n - 1); const up = (n) => n === 0 || down(n - 1);",
    ),
    "false",
  ),
  skip(
    "an async generator, renamed",
    script(
      `async function* count(n) { for (let i = 0; i < n; i++) yield i; }
       async function foo(n) { console.log("run"); let sum = 0; for await (const i of count(n)) sum += i; return sum; }`,
      "await checkpoint(foo)(4)",
    ),
    script(
      `async function* upTo(end) { for (let k = 0; k < end; k++) yield k; }
       async function foo(n) { console.log("run"); let sum = 0; for await (const k of upTo(n)) sum += k; return sum; }`,
      "await checkpoint(foo)(4)",
    ),
    6,
  ),
  skip(
    "generics, overloads and a return type of a helper",
    body("return first([a]);", "function first(xs) { return xs[0]; }"),
    body(
      "return first([a]);",
      `function first(xs: string[]): string;
       function first<T>(xs: readonly T[]): T;
       function first(xs: readonly unknown[]): unknown { return xs[0]; }`,
    ),
    1,
  ),
  skip(
    "inline, and as a declaration",
    `console.log(checkpoint(function foo(a) { console.log("run"); return a; })(1));`,
    body("return a;"),
    1,
  ),
  skip(
    "with options that change no result",
    body("return a;"),
    body("return a;", "", `checkpoint({ directory: ".checkpointing", onError: "raise" })(foo)(1)`),
    1,
  ),
  skip(
    "the order of an argument's properties",
    body("return a.x + a.y;", "", "checkpoint(foo)({ x: 1, y: 2 })"),
    body("return a.x + a.y;", "", "checkpoint(foo)({ y: 2, x: 1 })"),
    3,
  ),
  skip(
    "a function among the arguments, written in another way",
    body("return a(1);", "", "checkpoint(foo)((x) => x + 1)"),
    body(
      "return a(1);",
      "",
      "checkpoint(foo)((value: number): number => { return value + 1; /* Why. */ })",
    ),
    2,
  ),
  skip(
    "a checkpoint that the function calls, renamed and moved",
    `const inner = checkpoint(function inner(a) { return a + 1; });
     ${body("return inner(a);")}`,
    {
      "main.ts": body("return next(a);", `import { next } from "./next.ts";`),
      "next.ts": `import { checkpoint } from "@pecapiku/cache/checkpoint";
        export const next = checkpoint(function next(x: number) { return x + 1; });`,
    },
    2,
  ),
  skip(
    "a shorthand property, and a quoted key",
    body(`const k = a; const o = { k: k }; return o["k"];`),
    body(`const m = a; const o = { k: m }; return o.k;`),
    1,
  ),
  skip(
    "a computed name on an argument and on a constant",
    body(
      "const k = 'm'; return a[k] + table[k];",
      "const table = { m: 1 };",
      "checkpoint(foo)({ m: 1 })",
    ),
    body(
      "const key = 'm'; return a[key] + names[key];",
      "const names = { m: 1 };",
      "checkpoint(foo)({ m: 1 })",
    ),
    2,
  ),
  skip("a long number", body("return a + 1000;"), body("return a + 1_000;"), 1001),
]);

testCases(
  "checkpoint() skips when classes, enums and constants are named or placed in another way",
  [
    skip(
      "a class, moved to another file",
      body("return new P(a).v;", "class P { constructor(v) { this.v = v; } }"),
      {
        "main.ts": body("return new P(a).v;", `import { P } from "./p.ts";`),
        "p.ts": "export class P { constructor(v) { this.v = v; } }",
      },
      1,
    ),
    skip(
      "a class, renamed",
      body("return new P(a).v;", "class P { constructor(v) { this.v = v; } }"),
      body("return new Point(a).v;", "class Point { constructor(v) { this.v = v; } }"),
      1,
    ),
    skip(
      "classes of three files, put in one",
      {
        "main.ts": body("return new C().v(a);", `import { C } from "./c.ts";`),
        "c.ts":
          `import { B } from "./b.ts"; export class C extends B { v(x) { return super.v(x) + 1; } }`,
        "b.ts": `import { A } from "./a.ts"; export class B extends A {}`,
        "a.ts": "export class A { v(x) { return x; } }",
      },
      body(
        "return new C().v(a);",
        "class A { v(x) { return x; } } class B extends A {} class C extends B { v(x) { return super.v(x) + 1; } }",
      ),
      2,
    ),
    skip(
      "an abstract class, and what it implements",
      body(
        "return new B().twice(a);",
        "class A { twice(x) { return this.one(x) * 2; } } class B extends A { one(x) { return x; } }",
      ),
      body(
        "return new B().twice(a);",
        `interface Twice { twice(x: number): number }
       abstract class A implements Twice { abstract one(x: number): number; public twice(x: number) { return this.one(x) * 2; } }
       class B extends A { override one(x: number): number { return x; } }`,
      ),
      2,
    ),
    skip(
      "a method in another class, which is not used",
      body("return new P().v;", "class P { v = 1; } class Q { w() { return 1; } }"),
      body("return new P().v;", "class P { v = 1; } class Q { w() { return 2; } }"),
      1,
    ),
    skip(
      "an enum, moved and renamed",
      body("return Mode.A;", "enum Mode { A = 1 }"),
      {
        "main.ts": body("return Kind.A;", `import { Kind } from "./kind.ts";`),
        "kind.ts": "export enum Kind { A = 1 }",
      },
      1,
    ),
    skip(
      "another enum changes",
      body("return Mode.A;", "enum Mode { A = 1 } enum Other { B = 1 }"),
      body("return Mode.A;", "enum Mode { A = 1 } enum Other { B = 2 }"),
      1,
    ),
    skip(
      "a namespace, moved",
      body("return N.two + a;", "namespace N { export const two = 2; }"),
      {
        "main.ts": body("return N.two + a;", `import { N } from "./n.ts";`),
        "n.ts": "export namespace N { export const two = 2; }",
      },
      3,
    ),
    skip(
      "a symbol, renamed",
      body("return { [key]: a }[key];", `const key = Symbol("k");`),
      body("return { [symbol]: a }[symbol];", `const symbol = Symbol("k");`),
      1,
    ),
    skip(
      "a map, a set and a regular expression at the top level",
      body(
        "return [map.get(1), set.has(2), re.test('x')].join();",
        "const map = new Map([[1, 2]]); const set = new Set([2]); const re = /x/;",
      ),
      body(
        "return [m.get(1), s.has(2), r.test('x')].join();",
        "const r = /x/; const s = new Set([\n2,\n]); const m = new Map([[1, 2]]);",
      ),
      "2,true,true",
    ),
    skip(
      "a frozen configuration, over several lines",
      body("return config.rate;", "const config = Object.freeze({ rate: 2, name: 'x' });"),
      body(
        "return settings.rate;",
        `const settings = Object.freeze({\n  // Why.\n  rate: 2,\n  name: "x",\n} as const);`,
      ),
      2,
    ),
    skip(
      "a constant that is computed by a helper",
      body("return TABLE[a];", "const square = (x) => x * x; const TABLE = [1, 2].map(square);"),
      body(
        "return SQUARES[a];",
        "const sq = (n: number) => n * n; const SQUARES: number[] = [1, 2].map(sq);",
      ),
      4,
    ),
    skip(
      "a constant that is awaited",
      body("return N + a;", "const N = await Promise.resolve(2);"),
      body("return M + a;", "const M: number = await Promise.resolve(2);"),
      3,
    ),
  ],
);

testCases("checkpoint() skips when files are placed in another way", [
  skip(
    "the layout of JSON",
    {
      "main.ts": body("return d.x;", `import d from "./d.json" with { type: "json" };`),
      "d.json": `{"x":1}`,
    },
    {
      "main.ts": body("return d.x;", `import d from "./d.json" with { type: "json" };`),
      "d.json": `{\n  "x": 1\n}\n`,
    },
    1,
  ),
  skip(
    "two modules that import each other, put in one",
    {
      "main.ts": body("return even(a);", `import { even } from "./even.ts";`),
      "even.ts":
        `import { odd } from "./odd.ts"; export function even(n) { return n === 0 || odd(n - 1); }`,
      "odd.ts":
        `import { even } from "./even.ts"; export function odd(n) { return n !== 0 && even(n - 1); }`,
    },
    body(
      "return even(a);",
      "function even(n) { return n === 0 || odd(n - 1); } function odd(n) { return n !== 0 && even(n - 1); }",
    ),
    "false",
  ),
  skip(
    "TypeScript and JavaScript",
    {
      "main.ts": body("return h(a);", `import { h } from "./h.ts";`),
      "h.ts": "export function h(x: number) { return x + 1; }",
    },
    {
      "main.ts": body("return h(a);", `import { h } from "./h.mjs";`),
      "h.mjs": "export function h(x) {\n  return x + 1;\n}",
    },
    2,
  ),
  skip(
    "a relative path, and a name of the import map",
    {
      "main.ts": body("return h(a);", `import { h } from "./lib/h.ts";`),
      "lib/h.ts": "export const h = (x) => x + 1;",
    },
    {
      "main.ts": body("return h(a);", `import { h } from "lib/h.ts";`),
      "lib/h.ts": "export const h = (x) => x + 1;",
      "deno.json": `{ "imports": { "lib/": "./lib/" } }`,
    },
    2,
  ),
  skip(
    "a default export, by name",
    {
      "main.ts": body("return h(a);", `import h from "./h.ts";`),
      "h.ts": "export default function h(x) { return x + 1; }",
    },
    {
      "main.ts": body("return h(a);", `import { default as h } from "./h.ts";`),
      "h.ts": "function h(x) { return x + 1; } export { h as default };",
    },
    2,
  ),
  skip(
    "another module is imported too",
    {
      "main.ts": body("return h(a);", `import { h } from "./h.ts";`),
      "h.ts": "export const h = (x) => x + 1;",
    },
    {
      "main.ts": body(
        "return h(a);",
        `import { h } from "./h.ts"; import { now } from "./now.ts"; now;`,
      ),
      "h.ts": "export const h = (x) => x + 1;",
      "now.ts": "export const now = Date.now();",
    },
    2,
  ),
  skip(
    "a script in JavaScript that changes its layout",
    { "main.js": body("return h(a);", "const h = (x) => x + 1;") },
    { "main.js": body("return h( a )", "// Why.\nconst h = (y) => (y + 1)") },
    2,
  ),
]);
