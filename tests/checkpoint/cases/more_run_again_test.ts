// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, type CaseOptions, rerun, script, testCases } from "./_cases.ts";
import type { Files } from "./_project.ts";

/** The second version has a 3 where the first one has a 2 in the place of `$`, and that is what is printed. */
function changed(name: string, version: string | Files, options?: CaseOptions): Case {
  const [first, second] = ["2", "3"].map((value) =>
    Object.fromEntries(
      Object.entries(typeof version === "string" ? { "main.ts": version } : version)
        .map(([path, text]) => [path, text.replaceAll("$", value)]),
    )
  );
  return rerun(name, first!, second!, [2, 3], options);
}

const body = (code: string, above = "", expression?: string) =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }`, expression);

testCases("checkpoint() runs again when a helper of any form changes", [
  changed("one that calls itself", body("return h(a);", "const h = (n) => n < 1 ? $ : h(n - 1);")),
  changed(
    "two that call each other",
    body(
      "return even(a);",
      "const even = (n) => n < 1 ? 9 : odd(n - 1); const odd = (n) => n < 1 ? 9 : $;",
    )
      .replace("n < 1 ? 9 : $", "n < 1 ? $ : even(n - 1)"),
  ),
  changed(
    "a generic one",
    body("return h<number>(a);", "function h<T>(x: T): number { return $; }"),
  ),
  changed(
    "one with overloads",
    body("return h(a);", "function h(x: number): number; function h(x: any): any { return $; }"),
  ),
  changed("one in an object", body("return ops.h(a);", "const ops = { h: (x) => x * $ };")),
  changed(
    "one in an array",
    body("return list.reduce((x, f) => f(x), a);", "const list = [(x) => x, (x) => x * $];"),
  ),
  changed(
    "one in a map",
    body("return map.get('h')(a);", "const map = new Map([['h', (x) => x * $]]);"),
  ),
  changed(
    "one that is made by another",
    body("return h(a);", "const times = (n) => (x) => x * n; const h = times($);"),
  ),
  changed(
    "the maker of one",
    body("return h(a);", "const make = () => (x) => x * $; const h = make();"),
  ),
  changed(
    "one that is bound",
    body("return h(a);", "function times(n, x) { return n * x; } const h = times.bind(null, $);"),
  ),
  changed("the default of one", body("return h(a);", "const h = (x, n = $) => x * n;")),
  changed("one by another name", body("return h(a);", "const g = (x) => x * $; const h = g;")),
  changed(
    "one of two in a condition",
    body("return h(a);", "const h = $ > 2 ? (x) => x * 3 : (x) => x * 2;"),
  ),
  changed(
    "a tag of templates",
    body("return Number(h`x`);", "const h = (strings) => strings.length * $;"),
  ),
  changed("a generator", body("return [...h()][0];", "function* h() { yield $; }")),
  changed(
    "an async generator",
    script(
      `async function* h() { yield $; }
       async function foo(a) { console.log("run"); for await (const x of h()) return x; }`,
      "await checkpoint(foo)(1)",
    ),
  ),
  changed(
    "a callback of an async function",
    script(
      `const h = (x) => x * $;
       async function foo(a) { console.log("run"); return await Promise.resolve(a).then(h); }`,
      "await checkpoint(foo)(1)",
    ),
  ),
  changed("a getter of an object", body("return o.v;", "const o = { get v() { return $; } };")),
  changed(
    "a method of an object that calls this",
    body("return o.v();", "const o = { n: $, v() { return this.n; } };"),
  ),
  changed(
    "an object behind a prototype",
    body("return o.v;", "const base = { v: $ }; const o = Object.create(base);"),
  ),
  changed(
    "one that a proxy calls",
    body("return o.v;", "const o = new Proxy({}, { get: () => $ });"),
  ),
  changed("valueOf", body("return +o;", "const o = { valueOf: () => $ };")),
  changed(
    "toString in a text",
    body("return 'x'.replace('x', o);", "const o = { toString: () => '$' };"),
  ),
  changed("toJSON", body("return JSON.stringify(o);", "const o = { toJSON: () => $ };")),
  changed(
    "Symbol.iterator",
    body("return [...o][0];", "const o = { *[Symbol.iterator]() { yield $; } };"),
  ),
  changed(
    "Symbol.dispose",
    body(
      "{ using x = o(a); } return a.v;",
      "const o = (r) => ({ [Symbol.dispose]() { r.v = $; } });",
      "checkpoint(foo)({ v: 0 })",
    ),
  ),
  changed(
    "a checkpoint that the function calls",
    `const inner = checkpoint(function inner(a) { return a * $; });
     ${body("return inner(a);")}`,
  ),
  changed(
    "a helper of a checkpoint that the function calls",
    `const h = () => $;
     const inner = checkpoint(function inner(a) { return a * h(); });
     ${body("return inner(a);")}`,
  ),
  changed(
    "a method of an object that is the checkpoint",
    script(
      `const api = { foo(a) { console.log("run"); return a * $; } };`,
      "checkpoint(api.foo)(1)",
    ),
  ),
  changed("a local function", body("function h(x) { return x * $; } return h(a);")),
]);

testCases("checkpoint() runs again when a constant of any form changes", [
  changed(
    "a frozen configuration",
    body("return config.rate;", "const config = Object.freeze({ rate: $ });"),
  ),
  changed("a deep constant", body("return c.a[0].b;", "const c = { a: [{ b: $ }] };")),
  changed(
    "a table that is read by a computed name",
    body("return table['k' + a];", "const table = { k1: $ };"),
  ),
  changed(
    "a list that is read by a computed index",
    body("return list[a];", "const list = [0, $];"),
  ),
  changed("a map", body("return m.get(1);", "const m = new Map([[1, $]]);")),
  changed("a set", body("return [...s][0];", "const s = new Set([$]);")),
  changed("a typed array", body("return t[0];", "const t = new Uint8Array([$]);")),
  changed("a date", body("return d.getTime();", "const d = new Date($);")),
  changed("a URL", body("return u.hash.slice(1);", "const u = new URL('https://a.b/#$');")),
  changed("a bigint", body("return Number(n);", "const n = $n;")),
  changed("a regular expression", body("return '2 3'.match(r)[0];", "const r = /$/;")),
  rerun(
    "the flag of a regular expression",
    body("return r.test('X');", "const r = /x/;"),
    body("return r.test('X');", "const r = /x/i;"),
    ["false", "true"],
  ),
  changed("an awaited constant", body("return N;", "const N = await Promise.resolve($);")),
  changed(
    "a constant that a helper computes",
    body("return T[0];", "const h = (x) => x * $; const T = [1].map(h);"),
  ),
  changed("a constant of a block's var", body("return v;", "{ var v = $; }")),
  changed(
    "a constant that a static method computes",
    body("return V;", "class P { static make() { return $; } } const V = P.make();"),
  ),
  changed("a const enum", body("return E.A;", "const enum E { A = $ }")),
  changed("an enum that is computed", body("return E.B;", "const n = $; enum E { A = n, B = A }")),
  changed("an enum of strings", body("return Number(E.A);", `enum E { A = "$" }`)),
  changed("a namespace", body("return N.v;", "namespace N { export const v = $; }")),
  changed(
    "a function of a namespace",
    body("return N.v();", "namespace N { const w = $; export function v() { return w; } }"),
  ),
  changed(
    "two parts of a namespace",
    body(
      "return N.v;",
      "namespace N { export const w = $; } namespace N { export const v = N.w; }",
    ),
  ),
  changed(
    "the description of a symbol",
    body("return Number(s.description);", "const s = Symbol('$');"),
  ),
  changed("a rest of a pattern", body("return rest.y;", "const { x, ...rest } = { x: 1, y: $ };")),
  changed("what a comma gives", body("return v;", "const v = (1, $);")),
]);

testCases("checkpoint() runs again when a class of any form changes", [
  changed(
    "an abstract class",
    body(
      "return new B().v();",
      "abstract class A { v() { return this.w() * $; } abstract w(): number; } class B extends A { w() { return 1; } }",
    ),
  ),
  changed(
    "an abstract class's heir",
    body(
      "return new B().v();",
      "abstract class A { v() { return this.w(); } abstract w(): number; } class B extends A { w() { return $; } }",
    ),
  ),
  changed("a class expression", body("return new P().v;", "const P = class { v = $; };")),
  changed(
    "a parameter property",
    body("return new P().v;", "class P { constructor(public v = $) {} }"),
  ),
  changed("a computed member", body("return new P().k2;", "const k = 'k2'; class P { [k] = $; }")),
  rerun(
    "the name of a computed member",
    body("return new P().k2 ?? 0;", "const k = 'k2'; class P { [k] = 1; }"),
    body("return new P().k2 ?? 0;", "const k = 'k3'; class P { [k] = 1; }"),
    [1, 0],
  ),
  changed(
    "a member by a symbol",
    body("return new P()[s]();", "const s = Symbol(); class P { [s]() { return $; } }"),
  ),
  changed(
    "a mixin",
    body(
      "return new P().v();",
      "const mix = (B) => class extends B { v() { return $; } }; class P extends mix(Object) {}",
    ),
  ),
  changed(
    "an accessor",
    body("return new P().v;", "const d = (v, _) => v; class P { @d accessor v = $; }"),
  ),
  changed(
    "a decorator of a class",
    body("return new P().v;", "const d = (c, _) => class extends c { v = $; }; @d class P {}"),
  ),
  changed(
    "a decorator of a method",
    body("return new P().v();", "const d = (m, _) => () => $; class P { @d v() { return 1; } }"),
  ),
  changed(
    "the argument of a decorator",
    body(
      "return new P().v();",
      "const d = (n) => (m, _) => () => n; class P { @d($) v() { return 1; } }",
    ),
  ),
  changed(
    "a method that is decorated",
    body("return new P().v();", "const d = (m, _) => m; class P { @d v() { return $; } }"),
  ),
  changed(
    "a static that is inherited",
    body("return B.v();", "class A { static v() { return $; } } class B extends A {}"),
  ),
  changed(
    "super in an object",
    body(
      "return o.v();",
      "const base = { v() { return $; } }; const o = { __proto__: base, v() { return super.v(); } };",
    ),
  ),
  changed(
    "Symbol.hasInstance",
    body(
      "return a instanceof P ? 3 : 2;",
      "class P { static [Symbol.hasInstance]() { return $ > 2; } }",
    ),
  ),
  changed(
    "an error of the user's own",
    body("try { throw new E(); } catch (e) { return e.v; }", "class E extends Error { v = $; }"),
  ),
  changed(
    "a subclass of a class of the platform",
    body("return new L().v();", "class L extends Array { v() { return $; } }"),
  ),
  changed(
    "a method that is a checkpoint",
    `class P { @checkpoint foo(a) { console.log("run"); return a * $; } }
    console.log(new P().foo(1));`,
  ),
  changed(
    "a method that is a checkpoint with options",
    `class P { @checkpoint({ onError: "raise" }) foo(a) { console.log("run"); return a * $; } }
    console.log(new P().foo(1));`,
  ),
  changed(
    "another method that a checkpoint's method calls",
    `class P { h() { return $; } @checkpoint foo(a) { console.log("run"); return a * this.h(); } }
    console.log(new P().foo(1));`,
  ),
  changed(
    "a field that a checkpoint's method reads",
    `class P { n; constructor(n) { this.n = n; } @checkpoint foo(a) { console.log("run"); return a * this.n; } }
    console.log(new P($).foo(1));`,
  ),
  changed(
    "super of a checkpoint's method",
    `class B { h() { return $; } } class P extends B { @checkpoint foo(a) { console.log("run"); return a * super.h(); } }
    console.log(new P().foo(1));`,
  ),
  changed(
    "a static method that is a checkpoint",
    `class P { static n = $; @checkpoint static foo(a) { console.log("run"); return a * P.n; } }
    console.log(P.foo(1));`,
  ),
  changed(
    "a static method",
    script(
      `class P { static n = $; static foo(a) { console.log("run"); return a * P.n; } }`,
      "checkpoint(P.foo)(1)",
    ),
  ),
]);
