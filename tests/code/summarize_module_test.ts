// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import type { ModuleSummary, Slice } from "../../src/code/module_summary.ts";
import { summarizeModule } from "../../src/code/summarize_module.ts";
import { toJavaScript } from "../../src/code/_to_javascript.ts";
import { textDigest } from "../../src/code/text_digest.ts";

function summary(text: string): ModuleSummary {
  const found = summarizeModule(text);
  assert(found !== undefined, text);
  return found;
}

function textOf(text: string, slice: Slice | undefined): string | undefined {
  if (slice === undefined) return undefined;
  const part = text.slice(slice.start, slice.end);
  assertEquals(slice.digest, textDigest(part));
  return `${slice.kind}: ${part}`;
}

/** What the top level does: `"text → names; globals"` for each statement. */
function effects(text: string): string[] {
  return summary(text).effects.map(({ code, affects, globals }) =>
    `${text.slice(code.start, code.end)} → ${[...affects].sort()}${
      globals.length ? `; ${globals}` : ""
    }`
  );
}

Deno.test("summarizeModule() gives undefined for what can't be parsed", () => {
  for (
    const text of [
      "const = 3",
      "let a; let a;",
      "const x: number = 1;",
      "with (a) b;",
      "<div/>",
      "import fs = require('fs');",
      "}",
      "return 1",
      "'".padEnd(10, "a"),
    ]
  ) {
    assertEquals(summarizeModule(text), undefined, text);
  }
});

Deno.test("summarizeModule() takes an empty module, a hashbang line and directives", () => {
  for (
    const text of ["", "// nothing", "#!/usr/bin/env deno\n", "'use strict';", "export {};", ";;"]
  ) {
    const { imports, bindings, exports, effects, sites, calling } = summary(text);
    assertEquals(
      [imports, bindings, exports, effects, sites, calling],
      [[], {}, {}, [], [], []],
      text,
    );
  }
});

Deno.test("summarizeModule() lists imports of every kind in order", () => {
  const text = `import a, { b, c as d, "x y" as e, default as f } from "./a.ts";
import * as ns from "./ns.ts";
import "./effect.ts";
import data from "./data.json" with { type: "json" };
import defer * as late from "./late.ts";
import source wasm from "./w.wasm";
export * from "./star.ts";
export * as all from "./all.ts";
export { g as h } from "./g.ts";
const load = () => import("./load.ts");
function j() { return import(\`./j.json\`, { with: { type: "json" } }); }
import(a); import("./" + b); import("./x.json", options);
import again from "./a.ts";`;
  assertEquals(summary(text).imports, [
    { specifier: "./a.ts", type: "", dynamic: false },
    { specifier: "./ns.ts", type: "", dynamic: false },
    { specifier: "./effect.ts", type: "", dynamic: false },
    { specifier: "./data.json", type: "json", dynamic: false },
    { specifier: "./late.ts", type: "", dynamic: false },
    { specifier: "./w.wasm", type: "source", dynamic: false },
    { specifier: "./star.ts", type: "", dynamic: false },
    { specifier: "./all.ts", type: "", dynamic: false },
    { specifier: "./g.ts", type: "", dynamic: false },
    { specifier: "./load.ts", type: "", dynamic: true },
    { specifier: "./j.json", type: "json", dynamic: true },
    { specifier: "./x.json", type: "unknown", dynamic: true },
    { specifier: "./a.ts", type: "", dynamic: false },
  ]);
  const { bindings } = summary(text);
  const imported = Object.entries(bindings).filter(([, { kind }]) => kind === "import");
  assertEquals(
    imported.map((
      [name, binding],
    ) => [name, binding.kind === "import" && [binding.import, binding.name]]),
    [
      ["a", [0, "default"]],
      ["b", [0, "b"]],
      ["d", [0, "c"]],
      ["e", [0, "x y"]],
      ["f", [0, "default"]],
      ["ns", [1, "*"]],
      ["data", [3, "default"]],
      ["late", [4, "*"]],
      ["wasm", [5, "default"]],
      ["again", [12, "default"]],
    ],
  );
});

Deno.test("summarizeModule() lists exports of every kind", () => {
  const text = `export const a = 1, { b, c: [d] } = x;
export function e() {}
export class F {}
const g = 1;
export { g, g as h, g as "i j", k as l };
import { k } from "./k.ts";
export { m, default as n, "o p" as q, default } from "./m.ts";
export * as r from "./r.ts";
export * as "s t" from "./s.ts";
export * from "./u.ts";
export * from "./v.ts";`;
  const { exports, stars } = summary(text);
  const own = (name: string) => ({ kind: "local", name });
  const from = (index: number, name: string) => ({ kind: "from", import: index, name });
  assertEquals(Object.entries(exports), [
    ["a", own("a")],
    ["b", own("b")],
    ["d", own("d")],
    ["e", own("e")],
    ["F", own("F")],
    ["g", own("g")],
    ["h", own("g")],
    ["i j", own("g")],
    ["l", own("k")],
    ["m", from(1, "m")],
    ["n", from(1, "default")],
    ["q", from(1, "o p")],
    ["default", from(1, "default")],
    ["r", from(2, "*")],
    ["s t", from(3, "*")],
  ]);
  assertEquals(stars, [4, 5]);
});

Deno.test("summarizeModule() names what is exported as default", () => {
  const table: [text: string, name: string, code: string][] = [
    ["export default function f() {}", "f", "function: function f() {}"],
    ["export default function () {}", "default", "function: function () {}"],
    ["export default async function* g() {}", "g", "function: async function* g() {}"],
    ["export default class A {}", "A", "function: class A {}"],
    ["export default class {}", "default", "function: class {}"],
    ["export default () => 1;", "default", "expression: () => 1"],
    ["export default (function f() {});", "default", "expression: function f() {}"],
    ["export default (class A {});", "default", "expression: class A {}"],
    ["export default (1, 2);", "default", "expression: 1, 2"],
    ["export default { a: 1 };", "default", "expression: { a: 1 }"],
    ["const x = 1; export { x as default };", "x", "expression: 1"],
  ];
  for (const [text, name, code] of table) {
    const { exports, bindings } = summary(text);
    assertEquals(exports.default, { kind: "local", name }, text);
    const binding = bindings[name]!;
    assert(binding.kind !== "import");
    assertEquals(textOf(text, binding.code), code);
  }
});

Deno.test("summarizeModule() lists bindings with their code", () => {
  const table: [text: string, name: string, expected: Record<string, unknown>][] = [
    ["function f(a) { return a }", "f", {
      kind: "function",
      code: "function: function f(a) { return a }",
      order: 0,
    }],
    ["1; export async function f() {}", "f", {
      kind: "function",
      code: "function: async function f() {}",
      order: 1,
    }],
    ["class A { m() {} }", "A", { kind: "class", code: "function: class A { m() {} }", order: 0 }],
    ["@d class A {}", "A", { kind: "class", code: "function: @d class A {}", order: 0 }],
    ["@d\nexport class A {}", "A", {
      kind: "class",
      code: "statement: @d\nexport class A {}",
      order: 0,
    }],
    ["export @d class A {}", "A", { kind: "class", code: "function: @d class A {}", order: 0 }],
    ["const a = 1;", "a", value("1", { primitive: true })],
    ["let a = {};", "a", value("{}", { assignable: true })],
    ["var a = b;", "a", value("b", { assignable: true, hoisted: true })],
    ["using a = b;", "a", value("b")],
    ["await using a = b;", "a", value("b")],
    ["let a, b = 2;", "a", value(undefined, { assignable: true })],
    ["let a, b = 2;", "b", value("2", { assignable: true, primitive: true })],
    ["const a = (1, {});", "a", value("1, {}")],
    ["const a = () => 1;", "a", value("() => 1", { callable: true })],
    ["const a = class {};", "a", value("class {}", { callable: true })],
    ["const a = f(() => 1);", "a", value("f(() => 1)")],
    ["const { a, b: [c = 1], ...d } = e;", "a", pattern("const { a, b: [c = 1], ...d } = e;", 0)],
    ["const { a, b: [c = 1], ...d } = e;", "c", pattern("const { a, b: [c = 1], ...d } = e;", 1)],
    ["const { a, b: [c = 1], ...d } = e;", "d", pattern("const { a, b: [c = 1], ...d } = e;", 2)],
    ["export const [a, , b] = c, { d } = e;", "d", pattern("const [a, , b] = c, { d } = e;", 2)],
    ["if (x) { var a = 1; }", "a", value(undefined, { assignable: true, hoisted: true })],
    ["for (var a of b);", "a", value(undefined, { assignable: true, hoisted: true })],
    ["for (;;) { var { a } = b; }", "a", value(undefined, { assignable: true, hoisted: true })],
    [
      "var a = 1; var a = 2;",
      "a",
      value("1", { assignable: true, hoisted: true, primitive: true }),
    ],
  ];
  for (const [text, name, expected] of table) {
    const { code, ...rest } = summary(text).bindings[name] as { code?: Slice };
    assertEquals({ ...rest, code: textOf(text, code) }, expected, text);
  }

  function value(code: string | undefined, more = {}): Record<string, unknown> {
    const traits = { primitive: false, callable: false, assignable: false, hoisted: false };
    return {
      kind: "value",
      index: -1,
      ...traits,
      order: 0,
      code: code && `expression: ${code}`,
      ...more,
    };
  }
  function pattern(code: string, index: number): Record<string, unknown> {
    return { ...value(undefined), code: `statement: ${code}`, index };
  }
});

Deno.test("summarizeModule() declares no names of blocks and functions", () => {
  const text = `{ let a; const b = 1; class C {} function d() {} }
for (let e = 0; e < 1; e++); try { } catch (f) { }
(function g(h) { var i; })(); label: for (;;) break label;
const { x: y } = (class Z {});`;
  assertEquals(Object.keys(summary(text).bindings), ["y"]);
});

Deno.test("summarizeModule() takes names such as __proto__ as they are", () => {
  const { bindings, exports } = summary("export const __proto__ = 1, constructor = 2;");
  assertEquals(Object.keys(bindings), ["__proto__", "constructor"]);
  assertEquals(Object.keys(exports), ["__proto__", "constructor"]);
});

Deno.test("summarizeModule() knows what is primitive for ever", () => {
  const yes = [
    "const a = 1;",
    "const a = 'x';",
    "const a = -1n;",
    "const a = null;",
    "const a = `x${b}`;",
    "const a = b + c;",
    "const a = undefined;",
    "const a = b ? 1 : 2;",
    "const a = Number(b);",
    "const a = Math.max(1, b);",
    "const a = !b;",
    "let a = 1; a++;",
    "let a = 1; a += b;",
    "let a = 1; a = 'x';",
    "let a = 1; function f() { a = 2 }",
    "const a = void 0;",
  ];
  const no = [
    "const a = /x/;",
    "const a = [];",
    "const a = b;",
    "let a = null; a = {};",
    "let a = 1; a ??= b;",
    "let a; a = 1;",
    "let a = 1; [a] = b;",
    "let a = 1; for (a of b);",
    "const a = b ? 1 : {};",
    "const a = f`x`;",
    "const { a } = 1;",
    "import { Number } from 'x'; const a = Number(1);",
    "let a = 1; var { b = a = {} } = c;",
    "const a = 1 && b;",
  ];
  for (const text of yes) {
    assertEquals((summary(text).bindings.a as { primitive: boolean }).primitive, true, text);
  }
  for (const text of no) {
    assertEquals((summary(text).bindings.a as { primitive: boolean }).primitive, false, text);
  }
});

Deno.test("summarizeModule() lists no effects of plain declarations", () => {
  for (
    const text of [
      "const a = 1;",
      "const a = {}; const b = a.x + 1;",
      "const a = [1]; const b = a.map((x) => x + 1);",
      "const a = {}; const b = { a };",
      "function f() {} const b = f();",
      "function f() {} register(f);",
      "const f = () => 1; list.map(f);",
      "const a = 1; register(a);",
      "import { a } from 'x'; export { a };",
      "const a = {}; export default a;",
      "class A { static #x = 1; static y = A.#x; }",
      "class A { static { A.x = 1; } }",
      "class A {} class B extends A {}",
      "var Mode = function (Mode) { Mode[Mode.A = 1] = 'A'; return Mode; }(Mode || {});",
      "const a = {}; { const a = {}; a.x = 1; }",
      "const a = {}; (function (a) { a.x = 1; })({});",
      "let a = {}; function f() { a.x = 1; }",
      "const a = {}; console.log(a);",
      "const a = Object.freeze({}); JSON.stringify(a);",
      "import * as ns from 'x'; ns.f(1);",
      "import * as ns from 'x'; ns.add(1, 2);",
      "const re = /x/; re.test('x');",
      "const a = []; for (const x of a) console.log(x);",
    ]
  ) {
    assertEquals(effects(text), [], text);
  }
});

Deno.test("summarizeModule() lists what statements at the top level affect", () => {
  const table: [text: string, ...effects: string[]][] = [
    ["let a = 1; a = 2;", "a = 2; → a"],
    ["let a; a ??= {};", "a ??= {}; → a"],
    ["let a = 1; a++;", "a++; → a"],
    ["const a = {}; a.x = 1;", "a.x = 1; → a"],
    ["const a = {}; delete a.x;", "delete a.x; → a"],
    ["const a = []; a.push(1);", "a.push(1); → a"],
    ["const a = {}; a.b.c.d.e = 1;", "a.b.c.d.e = 1; → a"],
    ["const a = {}; Object.assign(a, b);", "Object.assign(a, b); → a"],
    ["class P {} P.prototype.v = 1;", "P.prototype.v = 1; → P"],
    ["function f() {} f.cache = new Map();", "f.cache = new Map(); → f"],
    ["import { a } from 'x'; a.x = 1;", "a.x = 1; → a"],
    ["import * as ns from 'x'; ns.a.x = 1;", "ns.a.x = 1; → ns"],
    ["import { a } from 'x'; patch(a);", "patch(a); → a"],
    ["const a = {}; const x = patch(a);", "const x = patch(a); → a"],
    ["const a = {}; export const x = patch(a);", "const x = patch(a); → a"],
    ["const a = {}; const y = (a.rate = 2);", "const y = (a.rate = 2); → a"],
    ["const a = {}; export default patch(a);", "patch(a) → a"],
    ["class A {} register(A);", "register(A); → A"],
    ["const A = class {}; register(A);", "register(A); → A"],
    ["const a = {}, b = patch(a);", "const a = {}, b = patch(a); → a"],
    [
      "const a = {}; if (x) { a.x = 1; } else { a.y = 2; }",
      "if (x) { a.x = 1; } else { a.y = 2; } → a",
    ],
    [
      "const a = {}; let b; try { a.x = 1; b = 1; } catch { f(a); }",
      "try { a.x = 1; b = 1; } catch { f(a); } → a,b",
    ],
    ["const a = {}; for (const k of ['x']) a[k] = 1;", "for (const k of ['x']) a[k] = 1; → a"],
    [
      "const a = {}; ['x'].forEach((k) => { a[k] = 1; });",
      "['x'].forEach((k) => { a[k] = 1; }); → a",
    ],
    ["const a = {}; { const t = a.b; t.x = 1; }", "{ const t = a.b; t.x = 1; } → a"],
    ["const a = {}; (() => { a.x = 1; })();", "(() => { a.x = 1; })(); → a"],
    ["const a = {}; ((b) => { b.x = 1; })(a);", "((b) => { b.x = 1; })(a); → a"],
    ["const a = {}; class B { static { a.x = 1; } }", "class B { static { a.x = 1; } } → a"],
    ["const a = {}; class B { static y = a.x = 1; }", "class B { static y = a.x = 1; } → a"],
    ["const a = {}; class B { [a.x = 1]() {} }", "class B { [a.x = 1]() {} } → a"],
    ["const a = {}; @d(a) class B {}", "@d(a) class B {} → a"],
    [
      "(function (N) { N.x = 1; })(N || (N = {})); var N;",
      "(function (N) { N.x = 1; })(N || (N = {})); → N",
    ],
    ["if (x) { var a = 1; }", "if (x) { var a = 1; } → a"],
    ["for (var a of b);", "for (var a of b); → a"],
    ["var a = 1; var a = 2;", "var a = 2; → a"],
    ["let a; [a] = b;", "[a] = b; → a"],
    ["let a; ({ x: a } = b);", "({ x: a } = b); → a"],
    ["let a; for (a of b);", "for (a of b); → a"],
    ["let a = 1, b = 2; [a, b] = [b, a];", "[a, b] = [b, a]; → a,b"],
    ["const re = /x/g; re.test('x');", "re.test('x'); → re"],
    ["const o = { m() {} }; o.m();", "o.m(); → o"],
    ["using a = f();", "using a = f(); → a"],
    ["const a = {}; await f(a);", "await f(a); → a"],
    ["const a = {}; new F(a);", "new F(a); → a"],
    ["const a = {}; f`${a}`;", "f`${a}`; → a"],
    ["const a = {}; f({ a });", "f({ a }); → a"],
    ["const a = {}; f(...[a]);", "f(...[a]); → a"],
    ["const a = {}; throw a;", "throw a; → a"],
    ["const a = {}; outside.a = a;", "outside.a = a; → a; outside"],
    ["const a = {}; globalThis.a = a;", "globalThis.a = a; → a; globalThis"],
  ];
  for (const [text, ...expected] of table) assertEquals(effects(text), expected, text);
});

Deno.test("summarizeModule() lists what statements at the top level change of the platform", () => {
  const table: [text: string, ...effects: string[]][] = [
    ["globalThis.x = 1;", "globalThis.x = 1; → ; globalThis"],
    ["Array.prototype.x = 1;", "Array.prototype.x = 1; → ; Array"],
    [
      "Object.defineProperty(String.prototype, 'x', {});",
      "Object.defineProperty(String.prototype, 'x', {}); → ; String",
    ],
    ["Object.assign(Math, { x: 1 });", "Object.assign(Math, { x: 1 }); → ; Math"],
    ["delete Array.prototype.at;", "delete Array.prototype.at; → ; Array"],
    ["install(globalThis);", "install(globalThis); → ; globalThis"],
    ["extend(Array.prototype);", "extend(Array.prototype); → ; Array"],
    [
      "const p = Array.prototype; p.x = 1;",
      "const p = Array.prototype; → ; Array",
      "p.x = 1; → p; Array",
    ],
    ["Math.random = () => 4;", "Math.random = () => 4; → ; Math"],
    [
      "{ const p = Array.prototype; p.x = 1; }",
      "{ const p = Array.prototype; p.x = 1; } → ; Array",
    ],
  ];
  for (const [text, ...expected] of table) assertEquals(effects(text), expected, text);
  for (
    const text of [
      "Math.max(1);",
      "Object.keys({});",
      "const Array = {}; Array.x = 1;",
      "f(Array);",
    ]
  ) {
    assertEquals(summary(text).effects.flatMap(({ globals }) => globals), [], text);
  }
});

Deno.test("summarizeModule() lists what functions change at an unknown time", () => {
  const table: [text: string, changed: Record<string, string>][] = [
    ["let rate = 1; function setRate(r) { rate = r; }", { rate: "setRate" }],
    ["let n = 0; export const next = () => n++;", { n: "next" }],
    ["const s = {}; function f() { s.x = 1; }", { s: "f" }],
    ["const s = {}; function f() { delete s.x; }", { s: "f" }],
    ["const s = []; function f() { s.push(1); }", { s: "f" }],
    ["const s = {}; class A { m() { s.x = 1; } }", { s: "A.m" }],
    ["const s = {}; class A { f = s.x++; }", { s: "a function" }],
    ["const s = {}; const o = { m() { s.x = 1; } };", { s: "m" }],
    ["const s = {}; setTimeout(() => { s.x = 1; });", { s: "a function" }],
    ["const s = {}; function f() { return () => { s.x = 1; }; }", { s: "f" }],
    ["const s = {}; function f() { const t = s.y; t.x = 1; }", { s: "f" }],
    ["const s = {}; function f() { for (const x of s.list) x.y = 1; }", { s: "f" }],
    ["import { s } from 'x'; function f() { s.x = 1; }", { s: "f" }],
    ["import * as s from 'x'; function f() { s.a.x = 1; }", { s: "f" }],
    ["import * as s from 'x'; function f() { s.a.push(1); }", { s: "f" }],
    ["import * as s from 'x'; function f() { s.push.push(1); }", { s: "f" }],
    ["import * as s from 'x'; function f() { for (const t of Object.values(s)) t.x = 1; }", {
      s: "f",
    }],
    ["class A { static n = 0; static m() { A.n++; } }", { A: "A.m" }],
    ["const s = {}; function fill(t) { t.x = 1; } function f() { fill(s); }", { s: "fill" }],
    ["const s = {}; const fill = ({ a }) => { a.x = 1; }; function f() { fill(s); }", {
      s: "fill",
    }],
    ["const s = {}; function f() { const fill = (t) => { t.x = 1; }; fill(s.a); }", { s: "fill" }],
    ["const s = {}; function f() { g(s); } function g(a) { h(a); } function h(b) { b.x = 1; }", {
      s: "h",
    }],
    ["const s = {}; function f() { return s; } function g() { f().x = 1; }", { s: "g" }],
    ["const s = {}; const f = () => s.a; function g() { const t = f(); t.x = 1; }", { s: "g" }],
    ["const s = {}; async function f() { return s; } async function g() { (await f()).x = 1; }", {
      s: "g",
    }],
    ["const s = []; function f() { return [...s]; } function g() { f()[0].x = 1; }", { s: "g" }],
    [
      "const s = []; function f() { return [...s]; } function g() { for (const x of f()) x.y = 1; }",
      {
        s: "g",
      },
    ],
    ["const next = (() => { let n = 0; return () => n++; })();", { next: "a function" }],
    ["let next; { let n = 0; next = () => n++; }", { next: "a function" }],
    ["const f = (() => { const m = new Map(); return (k) => m.set(k, 1); })();", {
      f: "a function",
    }],
    ["const C = class D { static n = 0; m() { D.n++; } };", { C: "D.m" }],
    ["const s = {}, n = 1; let m = 1; function f(t) { return eval(t); }", {
      s: "eval",
      m: "eval",
      f: "eval",
    }],
    ["let a = null; function f() { a ??= make(); }", { a: "f" }],
    ["const s = {}; unknown.forEach(() => { s.x = 1; });", { s: "a function" }],
    ["let a = 1; (async () => { await x; a = 2; })();", { a: "a function" }],
    ["let a = 1; function* g() { a = 2; }", { a: "g" }],
    // Not these.
    ["const s = []; function f() { return [...s]; } function g() { f().sort(); }", {}],
    ["const s = {}; function f() { return s; } function g() { return f().x; }", {}],
    ["function f() { return []; } function g() { const l = f(); l.push(1); return l; }", {}],
    ["const s = {}; function look(t) { return t.x; } function f() { return look(s); }", {}],
    ["const f = (() => { const n = 1; return () => n; })();", {}],
    ["const f = (() => { let n = 0; n++; return () => n; })();", {}],
    ["function f() { let n = 0; return () => n++; }", {}],
    ["const s = {}; const eval_ = 1; function f(t) { return t.eval('s'); }", {}],
    ["const s = {}; function f() { const s = {}; s.x = 1; }", {}],
    ["const s = {}; function f(s) { s.x = 1; }", {}],
    ["const s = {}; function f({ s }) { s.x = 1; }", {}],
    ["const s = {}; function f() { try {} catch (s) { s.x = 1; } }", {}],
    ["const s = {}; function f() { var s; { s = 1; } }", {}],
    ["const s = {}; function f() { function s() {} s.x = 1; }", {}],
    ["const s = {}; function f() { return s.x; }", {}],
    ["const s = {}; function f() { return s; }", {}],
    ["const s = {}; function f() { return { ...s }; }", {}],
    ["const s = []; function f() { return [...s].sort(); }", {}],
    ["const s = 'x'; function f() { s.x = 1; }", {}],
    ["class A { m() { this.x = 1; } }", {}],
    ["import * as ns from 'x'; function f() { ns.add(1); ns.g(); }", {}],
    ["let a = 1; a = 2;", {}],
  ];
  for (const [text, changed] of table) assertEquals(summary(text).changed, changed, text);
});

Deno.test("summarizeModule() lists what functions change of the platform", () => {
  const table: [text: string, ...globals: string[]][] = [
    ["function f() { globalThis.x = 1; }", "globalThis"],
    ["function f() { Array.prototype.x = 1; }", "Array"],
    ["function f() { x = 1; }", "x"],
    ["const p = Array.prototype; function f() { p.x = 1; }", "Array"],
    ["function f() { console.log = g; Deno.exitCode = 1; Deno.env.set('a', 'b'); }"],
    ["function f() { Math.max(1); Reflect.set({}, 'a', 1); Object.assign({}, {}); }"],
    ["const x = 1; function f(Array) { Array.x = 1; }"],
  ];
  for (const [text, ...globals] of table) assertEquals(summary(text).changedGlobals, globals, text);
});

Deno.test("summarizeModule() lists names on which functions call methods that may change them", () => {
  const table: [text: string, methods: Record<string, string>][] = [
    ["const o = { m() {} }; function f() { o.m(); }", { o: "f" }],
    ["import { o } from 'x'; function f() { o.m(); }", { o: "f" }],
    ["import * as o from 'x'; function f() { o.a.m(); }", { o: "f" }],
    ["const c = new Cache(); function f() { return c.get(1); }", { c: "f" }],
    ["const r = /x/g; function f() { return r.test('x'); }", { r: "f" }],
    ["const r = /x/y; function f() { return r.exec('x'); }", { r: "f" }],
    ["let r = /x/; function f() { return r.test('x'); } r = /x/g;", { r: "f" }],
    // Not these.
    ["import * as o from 'x'; function f() { o.m(); }", {}],
    ["const c = new Map(); function f() { return c.get(1); }", {}],
    ["const a = [1]; function f() { return a.map(g); }", {}],
    ["const r = /x/i; function f() { return r.test('x'); }", {}],
    ["const s = 'x'; function f() { return s.split(''); }", {}],
    ["const o = { m() {} }; o.m();", {}],
  ];
  for (const [text, methods] of table) assertEquals(summary(text).methods, methods, text);
});

Deno.test("summarizeModule() lists what changes the results of functions, and what these return", () => {
  const of = (text: string) => {
    const { returned, changedResults } = summary(text);
    return [returned, changedResults];
  };
  const table: [text: string, returned: object, changed: object][] = [
    ["import { f } from 'x'; function g() { f().x = 1; }", {}, { f: "g" }],
    ["import * as ns from 'x'; function g() { ns.f().a.push(1); }", {}, { "ns.f": "g" }],
    ["import { o } from 'x'; function g() { o.f().a = 1; }", {}, { "o.f": "g" }],
    ["import { o } from 'x'; function g() { o.a.f().a = 1; }", {}, { "o..f": "g" }],
    ["import { C } from 'x'; function g() { new C().f().a = 1; }", {}, { "C..f": "g" }],
    ["import { f } from 'x'; function g() { return f().x; }", { g: ["f()"] }, {}],
    ["import { o } from 'x'; const g = () => o.f();", { g: ["o.f()"] }, {}],
    ["const s = {}; export default () => s;", { default: ["s"] }, {}],
    ["const s = {}; export function f() { return { s }; }", { f: ["s"] }, {}],
    ["const s = {}; class C { static f() { return s; } }", { ".f": ["s"] }, {}],
    ["const s = {}; const o = { f: () => s };", { ".f": ["s"] }, {}],
    ["const s = 1; export function f() { return s; }", {}, {}],
  ];
  for (const [text, ...expected] of table) assertEquals<unknown>(of(text), expected, text);
});

Deno.test("summarizeModule() lists what is handed to functions, and what these do to it", () => {
  const handed = (text: string) =>
    summary(`import { f, o } from 'x'; const s = {}; ${text}`).handed?.map((
      { name, of, index, wraps, now, by },
    ) => `${name} ${of} ${index} ${wraps} ${now} ${by}`);
  const lists: [text: string, ...handed: string[]][] = [
    ["function g() { f(1, s); }", "s f 1 0 false g"],
    ["f(s);", "s f 0 0 true a function"],
    ["function g() { f({ s }); f([[s]]); }", "s f 0 1 false g", "s f 0 2 false g"],
    ["function g() { o.m(s); o.a.m(s); }", "s o.m 0 0 false g", "s .m 0 0 false g"],
    ["function g() { new f(s); new o.C(s); }", "s new:f 0 0 false g", "s new:o.C 0 0 false g"],
    ["function g() { f.call(s, s); }", "s f -1 0 false g", "s f 0 0 false g"],
    ["function g() { f.apply(s, [s]); }", "s f -1 0 false g", "s f -2 0 false g"],
    ["f.bind(s);", "s f -1 0 false a function"],
    ["function g() { f(...s); f(...o, s); }", "s f -2 0 false g", "o f -2 0 false g"],
    ["function g(h) { h(s); }", "s g#0 0 0 false g"],
    ["class C { a = s; }", "s #C.a 0 0 false a function"],
    // Not these.
    ["function g() { console.log(s); JSON.stringify(s); Deno.inspect(s); }"],
    ["function g(x, y) { x[y](s); x()(s); }"],
  ];
  for (const [text, ...expected] of lists) assertEquals(handed(text), expected, text);

  const takings = (text: string) =>
    summary(text).takings?.map(({ name, index, rest, depth, later, to }) =>
      [
        `${name} ${index}${rest ? "…" : ""} ${depth}`,
        ...(later ? ["later"] : []),
        ...(to === undefined ? [] : [`→ ${to.of} ${to.index} ${to.wraps}`]),
      ].join(" ")
    );
  const table: [text: string, ...takings: string[]][] = [
    ["function f(a, b) { b.x = 1; }", "f 1 0"],
    ["const f = (a) => { a.x.push(1); };", "f 0 1"],
    ["const o = { f(a) { delete a.x; } };", "f 0 0"],
    ["o.f = function (a) { a.sort(); };", "f 0 0"],
    ["function f({ a, ...b }) { a.n++; }", "f 0 1"],
    ["function f(...a) { a[0].n++; }", "f 0… 9"],
    ["function f() { arguments[0].n++; }", "f 0… 9"],
    ["function f() { this.n++; }", "f -1 0"],
    ["function f(a) { return () => { a.n++; }; }", "f 0 0 later"],
    ["function f(a) { g(a.x, [a]); }", "f 0 0 → g 1 1", "f 0 1 → g 0 0"],
    ["f((a) => { a.n++; });", "f#0 0 0"],
    ["class C { constructor(a) { a.n++; } }", "new:C 0 0"],
    ["class C { #a; constructor(a) { this.#a = a; } m() { this.#a.n++; } }", "#C.#a 0 0 later"],
    ["class C { m(a) { this.list.push(a); } }", "#C.list 0 0 later"],
    // Not these.
    ["function f(a) { kept = a; a = 1; return a; }"],
    ["function f(a) { const b = { ...a }; b.n = 1; }"],
  ];
  for (const [text, ...expected] of table) {
    const global = text.includes("g(a.x") ? `function g() {} ${text}` : text;
    const found = takings(global)!.filter((each) => !/ → #|^m -1|^(?:C|m) /.test(each)).sort();
    assertEquals(found, expected.sort(), text);
  }
});

Deno.test("summarizeModule() lists which names may hold which", () => {
  const table: [text: string, ...aliases: [string, string][]][] = [
    ["const a = {}; const b = a;", ["b", "a"]],
    ["const a = {}; const b = [a];", ["b", "a"]],
    ["const a = {}; const b = { x: { a } };", ["b", "a"]],
    ["const a = {}; const b = { ...a };", ["b", "a"]],
    ["const a = {}; const b = a.x;", ["b", "a"]],
    ["const a = {}; const { x: b, ...c } = a;", ["b", "a"], ["c", "a"]],
    ["const a = {}; const b = wrap(a);", ["b", "a"]],
    ["const a = {}; const b = new Wrap(a);", ["b", "a"]],
    ["const a = {}; const b = { get: () => a };", ["b", "a"]],
    ["const a = {}; const b = x ? a : 1;", ["b", "a"]],
    ["const a = {}; const b = Object.freeze(a);", ["b", "a"]],
    ["const a = {}; let b; b = a;", ["b", "a"]],
    ["const a = {}; const b = {}; b.x = a;", ["b", "a"]],
    ["const a = {}; const b = []; b.push(a);", ["b", "a"]],
    ["const a = {}; let b; function f() { b = a; }", ["b", "a"]],
    ["const a = {}; class B { static x = a; }", ["B", "a"]],
    ["const a = {}; export default a;", ["default", "a"]],
    ["import { a } from 'x'; const b = a;", ["b", "a"]],
    ["const a = [{}]; let b; for (b of a);", ["b", "a"]],
    ["class A {} const b = A;", ["b", "A"]],
    // Not these.
    ["const a = 1; const b = a;"],
    ["const a = {}; const b = a.x + 1;"],
    ["function a() {} const b = a;"],
    ["const a = () => 1; const b = [a];"],
    ["const a = {}; const b = () => a;"],
    ["const a = {}; function b() { return a; }"],
    ["const a = {}; const b = JSON.stringify(a);"],
    ["const a = {}; { let b = a; }"],
  ];
  for (const [text, ...aliases] of table) assertEquals(summary(text).aliases, aliases, text);
});

Deno.test("summarizeModule() lists the statements that may run code", () => {
  const yes = [
    "f();",
    "const a = f();",
    "export const a = o.m();",
    "new F();",
    "f`x`;",
    "await x;",
    "for (const a of b);",
    "if (x) f();",
    "(() => { f(); })();",
    "[1].map(f);",
    "[1].map(() => f());",
    "class A { static x = f(); }",
    "class A extends f() {}",
    "class A { static { f(); } }",
    "class A { [f()]() {} }",
    "@d class A {}",
    "class A { @d m() {} }",
    "export default f();",
    "const [a] = b;",
    "const a = [...b];",
    "new (class { constructor() { f(); } })();",
    "new Promise((r) => f(r));",
    "import('x');",
    "x.forEach(() => {});",
    "Array.from(a, f);",
    "using a = b;",
    "const a = b.get(1);",
    "f?.();",
    "for await (const a of []);",
    "const { a = f() } = b;",
  ];
  const no = [
    "function f() { g(); }",
    "const f = () => g();",
    "class A { m() { f(); } x = f(); }",
    "const a = 1 + b;",
    "a.b = 1;",
    "console.log(1);",
    "const a = new Map([[1, 2]]);",
    "const a = Object.freeze({});",
    "throw new Error('x');",
    "const a = Symbol('x');",
    "var M = function (M) { M.A = 1; return M; }(M || {});",
    "const a = [1].map((x) => x + 1);",
    "for (const a of [1]);",
    "const a = { ...b };",
    "const a = [...[1]];",
    "const [a] = [1];",
    "const { a } = b;",
    "import 'x';",
    "export * from 'x';",
    "export { a }; let a;",
    "(() => { const a = 1; })();",
    "new (class {})();",
    "const a = 'x y'.split(' ');",
    "const a = JSON.stringify(b);",
  ];
  for (const text of yes) assertEquals(summary(text).calling.length, 1, text);
  for (const text of no) assertEquals(summary(text).calling.length, 0, text);
  const text = "1; export const a = f(); export default g();";
  const { calling } = summary(text);
  assertEquals(calling.map(({ code, order }) => [textOf(text, code), order]), [
    ["statement: const a = f();", 1],
    ["expression: g()", 2],
  ]);
});

/** TypeScript with every way to define a function that Deno runs as it is. */
const DEFINITIONS = `
const key = "computed";
enum Mode { A = 1, B }
function plain(a: number, b?: string): number { return a + (b?.length ?? 0); /* why */ }
export async function later<T>(x: T): Promise<T> { return await x; }
export function* generate() { yield 1; }
export async function* stream() { yield 1 as const; }
export const arrow = (x: number): number => x * 2;
export const short = async x => x, pair = function named(x) { return named; };
export default function (this: unknown, x: number) { return x!; }
abstract class Base { declare q: number; abstract m(): void; }
export class Model extends Base {
  static count: number = 0;
  static /* a comment */ make() { return new Model(1); }
  static async *[key + "1"]() { yield 1; }
  static get total() { return 1; }
  static static() {}
  static async() {}
  #secret = (x: number) => x;
  handler = () => this.x;
  static { this.inner = () => 1; }
  static inner: () => number;
  constructor(private x: number, public readonly y = 2) { super(); }
  m(): void { super.toString(); }
  get value(): number { return this.x; }
  set value(v: number) { this.x = v; }
  async /* odd */ work() { return () => this.y; }
  *[Symbol.iterator]() { yield* [this.#secret]; }
  'quoted name'() {}
  12() {}
  #hidden() {}
  static reveal(m: Model) { return m.#hidden; }
}
export const object = {
  method() { return 1; },
  async asynchronous() {},
  get getter() { return 1; },
  set getter(v) {},
  [key]() { return 2; },
  field: function () { return 3; },
  arrow: () => 4,
  "a b"() {},
  nested: { deep() { return () => 5; } },
};
export const Anonymous = class { m() {} };
export const nested = [() => 1, function () {}, class {}, (() => () => 2)()];
export { plain, Mode };
`;

/** All functions that can be reached from a value. */
function functionsIn(value: unknown, seen = new Set<unknown>()): Set<unknown> {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return seen;
  if (seen.has(value) || value === Object.prototype || value === Function.prototype) return seen;
  if (value === Array.prototype) return seen;
  seen.add(value);
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key)!;
    for (const part of [descriptor.value, descriptor.get, descriptor.set]) functionsIn(part, seen);
  }
  return seen;
}

async function checkSites(name: string, source: string, mediaType: "ts" | "js"): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/${name}`;
    await Deno.writeTextFile(path, source);
    const namespace = await import(`file://${path}`);
    const { sites } = summary(toJavaScript(source, mediaType));
    const digests = new Map(sites.map((site) => [site.digest, site]));
    const functions = [...functionsIn({ ...namespace })].filter((value) =>
      typeof value === "function"
    );
    const own = functions.filter((value) => !value.toString().includes("[native code]"));
    assert(own.length > 30);
    for (const value of own) {
      assert(digests.has(textDigest(value.toString())), `${value.name}: ${value.toString()}`);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("summarizeModule() finds the text of every function of a TypeScript module", async () => {
  await checkSites("definitions.ts", DEFINITIONS, "ts");
  await checkSites("hashbang.ts", `#!/usr/bin/env deno\n${DEFINITIONS}`, "ts");
  await checkSites("mark.ts", `\uFEFF// é😀\r\n${DEFINITIONS.replaceAll("\n", "\r\n")}`, "ts");
});

Deno.test("summarizeModule() finds the text of every function of a JavaScript module", async () => {
  const javascript = toJavaScript(DEFINITIONS, "ts");
  await checkSites("definitions.js", javascript, "js");
  await checkSites(
    "definitions.mjs",
    `\uFEFF${javascript.replaceAll("    ", "\t /* x */ ")}`,
    "js",
  );
  await checkSites("windows.mjs", javascript.replaceAll("\n", "\r\n"), "js");
});

/** Of each site: its text, and what is said of it. */
function sites(text: string): Record<string, unknown>[] {
  const { sites } = summary(text);
  return sites.map(({ captured, binding, className, decorated, superClass, code, order }) => {
    const all = {
      captured: captured.length > 0 ? captured.join() : undefined,
      binding,
      className,
      decorated: decorated || undefined,
      superClass: superClass && text.slice(superClass.start, superClass.end),
      code: textOf(text, code),
      order: order || undefined,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  });
}

Deno.test("summarizeModule() says what a site captures", () => {
  const table: [text: string, ...captured: string[]][] = [
    ["const a = 1; function f() { return a }", ""],
    ["function f(a) { return () => a }", "", "a"],
    ["function f() { let a; return () => a }", "", "a"],
    ["function f() { { const a = 1; return () => a } }", "", "a"],
    ["{ const a = 1; function f() { return a } }", "a"],
    ["for (const a of b) list.push(() => a);", "a"],
    ["for (let i = 0; ; ) (() => i);", "i"],
    ["try {} catch (e) { f(() => e); }", "e"],
    ["switch (x) { case 1: let a; f(() => a); }", "a"],
    ["function f(a) { return () => { const a = 1; return a } }", "", ""],
    ["function f() { return () => f }", "", ""],
    ["const f = function g() { return () => g }", "", "g"],
    ["const f = function g() { return g }", ""],
    ["function f() { function g() {} return () => g() }", "", "", "g"],
    ["function f() { class A { m() { return A } } }", "", "", "A"],
    ["function f() { return () => arguments }", "", "arguments"],
    ["function f() { return function () { return arguments } }", "", ""],
    ["function f(a) { return { m() { return a }, get n() { return a } } }", "", "a", "a"],
    ["function f(a) { return class { m() { return a } } }", "", "a", "a"],
    ["function f(a) { return () => () => a }", "", "a", "a"],
    ["function f(a) { return (b = a) => b }", "", "a"],
    ["function f(a) { return class extends a {} }", "", "a"],
    ["(function () { const a = 1; globalThis.f = () => a; })();", "", "a"],
    ["if (x) { var a = 1; } function f() { return a }", ""],
    ["const { a } = (() => { const a = 1; return { a, f: () => a } })();", "", "a"],
  ];
  for (const [text, ...captured] of table) {
    assertEquals(sites(text).map((site) => site.captured ?? ""), captured, text);
  }
});

Deno.test("summarizeModule() says which name and class a site belongs to", () => {
  const table: [text: string, ...sites: Record<string, unknown>[]][] = [
    ["function f() {}", { binding: "f" }],
    ["1; export function f() {}", { binding: "f", order: 1 }],
    ["export default function () {}", { binding: "default" }],
    ["export default function f() {}", { binding: "f" }],
    ["export default () => 1;", { binding: "default" }],
    ["export default (function f() {});", { binding: "default" }],
    ["const a = 1, f = () => 1;", { binding: "f" }],
    ["const f = (() => 1);", { binding: "f" }],
    ["const { f } = { f: () => 1 };", {}],
    ["const f = g(() => 1);", {}],
    ["const f = g || (() => 1);", {}],
    ["if (x) { function f() {} }", {}],
    ["class A { m() {} }", { binding: "A", className: "A" }, { className: "A" }],
    ["class A { constructor() {} f = () => 1; }", { binding: "A", className: "A" }, {}],
    ["export default class {}", { binding: "default", className: "default" }],
    ["const A = class { m() {} };", { binding: "A", className: "A" }, { className: "A" }],
    ["const A = class B {};", { binding: "A", className: "B" }],
    ["f(class { m() {} });", {}, {}],
    ["class A extends B { m() {} static s() {} }", { binding: "A", className: "A" }, {
      className: "A",
      superClass: "B",
    }, {
      className: "A",
      superClass: "B",
    }],
    ["class A extends mix(B) { get g() { return 1 } }", { binding: "A", className: "A" }, {
      className: "A",
      superClass: "mix(B)",
    }],
    ["@d class A { m() {} }", {
      binding: "A",
      className: "A",
      decorated: true,
      code: "function: @d class A { m() {} }",
    }, { className: "A" }],
    ["@d\nexport class A {}", {
      binding: "A",
      className: "A",
      decorated: true,
      code: "statement: @d\nexport class A {}",
    }],
    ["class A { @d m() {} }", {
      binding: "A",
      className: "A",
      decorated: true,
      code: "function: class A { @d m() {} }",
    }, { className: "A" }],
  ];
  for (const [text, ...expected] of table) assertEquals(sites(text), expected, text);
});

Deno.test("summarizeModule() finds the text of methods of classes with decorators", () => {
  const text = "@d /* x */ class A { @d static /* y */ m() {} @d() async n() {} }";
  const digests = summary(text).sites.map(({ digest }) => digest);
  assertEquals(digests[1], textDigest("m() {}"));
  assertEquals(digests[2], textDigest("async n() {}"));
});

Deno.test("summarizeModule() gives plain data", () => {
  const found = summary(toJavaScript(DEFINITIONS, "ts"));
  assertEquals(
    JSON.parse(JSON.stringify(found)),
    JSON.parse(JSON.stringify(structuredClone(found))),
  );
  assertEquals(summary(toJavaScript(DEFINITIONS, "ts")), found);
});
