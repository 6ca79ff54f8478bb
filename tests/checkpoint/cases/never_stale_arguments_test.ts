// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, rerun, rerunOrRefuse, script, testCases } from "./_cases.ts";
import type { Files } from "./_project.ts";

/** The second version has a 3 where the first one has a 2 in the place of `$`, and that is what is printed. */
function changed(name: string, version: string | Files, make = rerun): Case {
  const [first, second] = ["2", "3"].map((value) =>
    Object.fromEntries(
      Object.entries(typeof version === "string" ? { "main.ts": version } : version)
        .map(([path, text]) => [path, text.replaceAll("$", value)]),
    )
  );
  return make(name, first!, second!, [2, 3]);
}

/** The same, but it may be refused, too: it can't be told from the outside whether all is seen. */
const freshly = (name: string, version: string | Files): Case =>
  changed(name, version, rerunOrRefuse);

const body = (code: string, above = "", expression?: string) =>
  script(`${above}\nfunction foo(a) { console.log("run"); ${code} }`, expression);

testCases("checkpoint() never gives a stale result when arguments or this hold code", [
  changed(
    "what a function among the arguments reaches",
    body("return a(1);", "const n = $; const h = (x) => x * n;", "checkpoint(foo)(h)"),
  ),
  changed(
    "a function among the arguments that hangs on the global object",
    body("return a(1);", "globalThis.two = (x) => x * $;", "checkpoint(foo)(two)"),
  ),
  changed(
    "a function among the arguments that hangs on an object of the platform",
    body("return a(1);", "Math.two = (x) => x * $;", "checkpoint(foo)(Math.two)"),
  ),
  freshly(
    "a captured variable of a function among the arguments",
    body("return a(1);", "const make = (n) => (x) => x * n;", "checkpoint(foo)(make($))"),
  ),
  freshly(
    "a captured variable of a method among the arguments",
    body(
      "return a.f(1);",
      "const make = (n) => ({ f: (x) => x * n });",
      "checkpoint(foo)(make($))",
    ),
  ),
  freshly(
    "a bound function among the arguments",
    body("return a(1);", "const times = (n, x) => n * x;", "checkpoint(foo)(times.bind(null, $))"),
  ),
  changed(
    "a method of an object among the arguments",
    body("return a.f(1);", "", "checkpoint(foo)({ f: (x) => x * $ })"),
  ),
  changed(
    "a getter of an object among the arguments",
    body("return a.v;", "", "checkpoint(foo)({ get v() { return $; } })"),
    rerunOrRefuse,
  ),
  changed(
    "a class among the arguments, and its superclass",
    body("return new a().v;", "class A { v = $; } class B extends A {}", "checkpoint(foo)(B)"),
  ),
  changed(
    "an instance in a map",
    body(
      "return a.get(1).v();",
      "class P { v() { return $; } }",
      "checkpoint(foo)(new Map([[1, new P()]]))",
    ),
  ),
  changed(
    "a prototype of an object among the arguments",
    body(
      "return a.v();",
      "const base = { v() { return $; } };",
      "checkpoint(foo)(Object.create(base))",
    ),
    rerunOrRefuse,
  ),
  changed(
    "an instance of a class of a function",
    body(
      "return a.v();",
      "const make = () => class { v() { return $; } };",
      "checkpoint(foo)(new (make())())",
    ),
    rerunOrRefuse,
  ),
  changed(
    "a symbol's property",
    body("return a[s];", "const s = Symbol.for('s');", "checkpoint(foo)({ [s]: $ })"),
    rerunOrRefuse,
  ),
  changed(
    "a hidden property",
    body("return a.v;", "", "checkpoint(foo)(Object.defineProperty({}, 'v', { value: $ }))"),
    rerunOrRefuse,
  ),
  changed(
    "this, an object",
    script(
      `const o = { v: $, foo: checkpoint(function () { console.log("run"); return this.v; }) };`,
      "o.foo()",
    ),
    rerunOrRefuse,
  ),
  changed(
    "this, by call",
    script(
      `const foo = checkpoint(function () { console.log("run"); return this.v; });`,
      "foo.call({ v: $ })",
    ),
    rerunOrRefuse,
  ),
  changed(
    "this, an instance",
    script(
      `class O { v = $; } O.prototype.foo = checkpoint(function () { console.log("run"); return this.v; });`,
      "new O().foo()",
    ),
    rerunOrRefuse,
  ),
  changed(
    "super of a method of an object",
    script(
      `const base = { v() { return $; } };
     const o = { __proto__: base, foo(a) { console.log("run"); return super.v(); } };`,
      "checkpoint(o.foo)(1)",
    ),
    rerunOrRefuse,
  ),
  changed(
    "a variable that a class captures",
    script(
      `function make(n) { return class { @checkpoint foo(a) { console.log("run"); return n; } }; }
     const P = make($);`,
      "new P().foo(1)",
    ),
    rerunOrRefuse,
  ),
]);
