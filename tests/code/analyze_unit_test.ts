// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";
import { textDigest } from "../../src/code/text_digest.ts";
import type { Unit, UnitKind } from "../../src/code/unit.ts";

function analyze(text: string, kind: UnitKind = "function"): Unit {
  const unit = analyzeUnit(text, kind);
  assert(unit !== undefined, `not parsed: ${text}`);
  return unit;
}

function freeOf(text: string, kind: UnitKind = "function"): string {
  return analyze(text, kind).free.map(({ name }) => name).join();
}

Deno.test("analyzeUnit() gives the same normal form when parameters, locals and the function are renamed", () => {
  assertEquals(
    analyze("function foo(a) { return a }").normal,
    analyze("function bar(x) { return x }").normal,
  );
  assertEquals(
    analyze("foo(a) { const b = N; return [b, b, a] }").normal,
    analyze("bar(x) { const z = M; return [z, z, x] }").normal,
  );
  assertEquals(
    analyze("class A { static #n = 0; m() { return A } }").normal,
    analyze("class B { static #n = 0; m() { return B } }").normal,
  );
});

Deno.test("analyzeUnit() gives another named form when a name changes, and the same when only layout does", () => {
  const texts = [
    "function foo(a) { return a }",
    "function bar(a) { return a }",
    "function foo(x) { return x }",
    "function foo(a) { const b = a; return b }",
  ];
  assertEquals(new Set(texts.map((text) => analyze(text).named)).size, texts.length);
  assertEquals(
    analyze("function foo(a) { return a + '' }").named,
    analyze('function foo (\n a, // why\n) { return (a) + ""; }').named,
  );
  assertNotEquals(analyze("m() {}").named, analyze("n() {}").named);
  assertNotEquals(analyze("[m]() {}").named, analyze("m() {}").named);
  assertEquals(analyze("[m]() {}").free, []);
});

Deno.test("analyzeUnit() tells a name in a form from one in another form or kind", () => {
  const text = "function f(a) { return a }";
  const { normal, named, raw } = analyze(text);
  assertEquals(new Set([normal, named, raw, analyze(text, "expression").normal]).size, 4);
  assertEquals(raw, textDigest(text));
});

Deno.test("analyzeUnit() lists free names once, in the order in which the normal form has them", () => {
  assertEquals(freeOf("(a) => a + b + c + b"), "b,c");
  assertEquals(freeOf("(a) => { const x = b; return x + c }"), "b,c");
  assertEquals(freeOf("(a) => a + c + b"), "c,b");
  assertEquals(freeOf("function f(n) { return f(n - 1) + g }"), "f,g");
  assertEquals(
    freeOf("class A extends B { [k] = v; m() { return A } }").split(",").sort().join(),
    "A,B,k,v",
  );
  assertEquals(freeOf("() => x.y.x", "expression"), "x");
  assertEquals(freeOf("const { a, b } = c;", "statement"), "c");
  assertEquals(freeOf("() => undefined"), "undefined");
});

Deno.test("analyzeUnit() says what a function or class calls itself", () => {
  assertEquals(analyze("function f() { return f }").selfName, "f");
  assertEquals(analyze("class A {}").selfName, "A");
  assertEquals(analyze("() => 1").selfName, undefined);
  assertEquals(analyze("f() { return f }").selfName, undefined);
  assertEquals(analyze("function f() { return f }", "expression").selfName, undefined);
  assertEquals(analyze("function f() { return f }", "expression").free, []);
});

Deno.test("analyzeUnit() has variables of a statement as free names when others may see or assign them", () => {
  assertEquals(
    freeOf("if (c) { var x = 1; var y = 2 }", "statement").split(",").sort().join(),
    "c,x,y",
  );
  assertEquals(
    freeOf("const { a, f = () => a } = b;", "statement").split(",").sort().join(),
    "a,b",
  );
  assertEquals(freeOf("{ let x = 1; f(x) }", "statement"), "f");
  assertNotEquals(
    analyze("const { a, b } = c;", "statement").normal,
    analyze("const { b, a } = c;", "statement").normal,
  );
});

Deno.test("analyzeUnit() leaves defaults out of the forms of a function when they are its own parameters'", () => {
  const plain = analyze("(a, b, { c }) => [a, b, c]");
  for (
    const text of [
      "(a = 1, b, { c }) => [a, b, c]",
      "(a = 2, b = f(x), { c } = {}) => [a, b, c]",
      "(a, b = [1, { k: 2 }], { c } = g()) => [a, b, c]",
    ]
  ) {
    const unit = analyze(text);
    assertEquals(unit.normal, plain.normal, text);
    assertEquals(unit.named, plain.named, text);
    assertEquals(unit.free, [], text);
  }
  assertNotEquals(analyze("(a, b, { c = 1 }) => [a, b, c]").normal, plain.normal);
  assertNotEquals(analyze("(a, b, { c = 1 } = {}) => [a, b, c]").normal, plain.normal);
  assertNotEquals(analyze("(a, b, ...c) => [a, b, c]").normal, plain.normal);
});

Deno.test("analyzeUnit() keeps defaults in the forms when they can't be told apart from the function", () => {
  for (
    const [one, other] of [
      ["function (a = 1) { return arguments }", "function (a = 2) { return arguments }"],
      [
        "function (a = 1) { return () => arguments[0] }",
        "function (a) { return () => arguments[0] }",
      ],
      ["function (a = 1) { eval('a') }", "function (a = 2) { eval('a') }"],
      ["(a, f = () => a) => { var a; return f() }", "(a, f) => { var a; return f() }"],
      ["m(a = super.x) { return a }", "m(a = super.y) { return a }"],
    ] as const
  ) {
    assertNotEquals(analyze(one).normal, analyze(other).normal, one);
    assertEquals(analyze(one).parameters.map((parameter) => parameter.default).filter(Boolean), []);
  }
});

Deno.test("analyzeUnit() gives the default of a parameter as a literal when it is one", () => {
  const defaultOf = (text: string) => {
    const given = analyze(`(a = ${text}) => a`).parameters[0]?.default;
    assert(given !== undefined && "literal" in given, text);
    return given.literal;
  };
  const json = (value: string | number | boolean | null) => ({ type: "json" as const, value });
  assertEquals(defaultOf("1"), json(1));
  assertEquals(defaultOf("0x10"), json(16));
  assertEquals(defaultOf("-1"), json(-1));
  assertEquals(defaultOf("- -1"), json(1));
  assertEquals(defaultOf("- -0"), json(0));
  assertEquals(defaultOf("'a'"), json("a"));
  assertEquals(defaultOf("`a`"), json("a"));
  assertEquals(defaultOf("'\\ud800'"), json("\ud800"));
  assertEquals(defaultOf("true"), json(true));
  assertEquals(defaultOf("null"), json(null));
  assertEquals(defaultOf("-0"), { type: "-0" });
  assertEquals(defaultOf("undefined"), { type: "undefined" });
  assertEquals(defaultOf("NaN"), { type: "nan" });
  assertEquals(defaultOf("-NaN"), { type: "nan" });
  assertEquals(defaultOf("Infinity"), { type: "infinity" });
  assertEquals(defaultOf("1e999"), { type: "infinity" });
  assertEquals(defaultOf("-Infinity"), { type: "-infinity" });
  assertEquals(defaultOf("10n"), { type: "bigint", value: "10" });
  assertEquals(defaultOf("-0x10n"), { type: "bigint", value: "-16" });
  assertEquals(defaultOf("[1, ['a']]"), {
    type: "array",
    value: [json(1), { type: "array", value: [json("a")] }],
  });
  assertEquals(defaultOf("{ a: 1, 'b c': {}, 2: null }"), {
    type: "object",
    value: [["a", json(1)], ["b c", { type: "object", value: [] }], ["2", json(null)]],
  });
});

Deno.test("analyzeUnit() gives the default of a parameter as code when it is no literal", () => {
  for (
    const text of [
      "x",
      "+1",
      "!0",
      "/x/",
      "[,]",
      "[...x]",
      "[x]",
      "{ [k]: 1 }",
      "{ __proto__: null }",
      "{ a: 1, a: 2 }",
      "{ ...x }",
      "{ m() {} }",
      "{ get a() {} }",
      "{ undefined }.a",
      "`${1}`",
      "() => 1",
      "new Date()",
      "f()",
      "void 0",
      "-'1'",
      "1 + 1",
    ]
  ) {
    const given = analyze(`(a = ${text}) => a`).parameters[0]?.default;
    assert(given !== undefined && "unit" in given, text);
    assertEquals(given.unit.raw, textDigest(text));
  }
});

Deno.test("analyzeUnit() numbers the parameters that a default reads by their places", () => {
  const unitOf = (text: string) => {
    const given = analyze(text).parameters.at(-1)?.default;
    assert(given !== undefined && "unit" in given, text);
    return given.unit;
  };
  const unit = unitOf("(a, b, c = a + x) => 1");
  assertEquals(unit.free.map(({ name }) => name), ["x"]);
  assertEquals(unitOf("(k, l, c = k + x) => 1").normal, unit.normal);
  assertNotEquals(unitOf("(a, b, c = b + x) => 1").normal, unit.normal);
  assertNotEquals(unitOf("(a, b, c = y + x) => 1").normal, unit.normal);
  assertNotEquals(unitOf("({ a, b }, c = a) => 1").normal, unitOf("({ a, b }, c = b) => 1").normal);
  assertEquals(unitOf("(a = () => { let a; return a }) => 1").free, []);
  // A name of the body is another one.
  assertEquals(unitOf("(a = x) => { var x; return x }").free.map(({ name }) => name), ["x"]);
});

Deno.test("analyzeUnit() describes parameters", () => {
  const { parameters } = analyze("function (a, { b: [c] }, d = {}, ...e) { a.k = 1; return d }");
  assertEquals(parameters.map(({ name, rest }) => [name, rest]), [
    ["a", false],
    ["{ b: [c] }", false],
    ["d", false],
    ["e", true],
  ]);
  assertEquals(parameters[0]?.uses, [{ path: ["k"], form: "write", now: true }]);
  assertEquals(parameters[1]?.uses, []);
  assertEquals(parameters[2]?.uses, [{ path: [], form: "escape", now: true }]);
  assertEquals(analyze("class { constructor(a = 1) {} }").parameters, []);
  assertEquals(analyze("(a = 1) => a", "expression").parameters, []);
  assertNotEquals(
    analyze("(a = 1) => a", "expression").normal,
    analyze("(a = 2) => a", "expression").normal,
  );
});

Deno.test("analyzeUnit() gives undefined and does not throw when a text is no code or nested too deeply", () => {
  for (
    const text of ["", "1 +", "function push() { [native code] }", "<a/>", "class {", "\u0000"]
  ) {
    assertEquals(analyzeUnit(text, "function"), undefined, text);
  }
  const deep = [
    "1" + " + x".repeat(10_000),
    "(".repeat(10_000) + "1" + ")".repeat(10_000),
    "[".repeat(10_000) + "]".repeat(10_000),
    "f" + "(1)".repeat(10_000),
    "() => ".repeat(10_000) + "1",
    "x" + ".y".repeat(10_000),
  ];
  for (const text of deep) {
    for (const kind of ["function", "expression", "statement"] as const) {
      analyzeUnit(`() => ${text}`, kind);
    }
  }
});

Deno.test("analyzeUnit() does not throw when a text is cut off or shuffled", () => {
  const text =
    "async function* f({ a: [b = 1] = [] }, ...c) { l: for await (const x of y) { try { yield* `${x?.[1]}` } " +
    "catch ({ e }) { class A extends (B, C) { static #p = super.q; get [k]() { return this.#p } } break l } } }";
  const tokens = text.split(/\b/);
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(text.length), (start, end) => {
      for (const kind of ["function", "expression", "statement"] as const) {
        analyzeUnit(text.slice(start, end), kind);
      }
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(tokens), (some) => {
      for (const kind of ["function", "expression", "statement"] as const) {
        analyzeUnit(some.join(""), kind);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("analyzeUnit() gives plain data that is the same after JSON", () => {
  const unit = analyze(
    "function f(a = [1n, -0], { b } = g(a)) { total.x = arguments; return import('./a.ts') }",
  );
  assertEquals(JSON.parse(JSON.stringify(unit)), unit);
  assertEquals(analyze("(a = g()) => a"), JSON.parse(JSON.stringify(analyze("(a = g()) => a"))));
});
