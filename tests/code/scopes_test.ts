// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals } from "@std/assert";
import { parseModule } from "../../src/code/_parse.ts";
import { analyzeScopes } from "../../src/code/_scopes.ts";

/**
 * All uses of names in the order of the text: the name, with the kind and place of the declaration that it stands for, or
 * nothing after it where it is free.
 */
function uses(text: string): string {
  const scopes = analyzeScopes(parseModule(text));
  return scopes.references.map(({ identifier, variable }) => {
    const [declaration] = variable?.declarations ?? [];
    return variable === undefined
      ? identifier.name
      : `${identifier.name}:${variable.kind}@${declaration?.start ?? "none"}`;
  }).join(" ");
}

Deno.test("analyzeScopes() finds the variable of each name when it is shadowed, hoisted or free", () => {
  assertEquals(uses("x; { x; let x; }"), "x x:let@12");
  assertEquals(uses("f(); var x; function f() { x }"), "f:function@21 x:var@9");
  assertEquals(uses("{ var x } x"), "x:var@6");
  assertEquals(uses("(x => x)(x)"), "x:parameter@1 x");
  assertEquals(uses("import a, { b as c } from 'm'; a; b; c"), "a:import@7 b c:import@17");
  assertEquals(uses("for (const x of x) x"), "x:const@11 x:const@11 x:const@11");
  assertEquals(uses("try {} catch (x) { x } x"), "x:catch@14 x");
  assertEquals(uses("(function f() { f })(f)"), "f:function@10 f");
  assertEquals(uses("(class C { m() { C } })(C)"), "C:class@7 C");
  assertEquals(uses("switch (x) { case 1: let x; x }"), "x x:let@25");
  assertEquals(uses("using x = f(); x"), "x:using@6 f x:using@6");
});

Deno.test("analyzeScopes() keeps the names of a body out of the defaults of parameters", () => {
  assertEquals(uses("(a = x) => { var x; x }"), "a:parameter@1 x x:var@17");
  assertEquals(uses("(a = () => x) => { let x }"), "a:parameter@1 x");
  assertEquals(uses("(a, b = a) => 1"), "b:parameter@4 a:parameter@1");
  assertEquals(
    uses("({ [x]: a = y }) => a"),
    "a:parameter@8 x y a:parameter@8".replace("a:parameter@8 x", "x a:parameter@8"),
  );
});

Deno.test("analyzeScopes() sees the names in decorators, accessors, fields and options of imports", () => {
  assertEquals(
    uses("@a class B { @c m() {} @d() x = e; @f accessor y = g; @h set z(i) {} }"),
    "a c d e f g h",
  );
  assertEquals(uses("@B class B {}"), "B:class@9");
  assertEquals(uses("class A { [a] = b; static { c; let d; d } #e = f }"), "a b c d:let@35 f");
  assertEquals(uses("import(a, { with: b })"), "a b");
  assertEquals(uses("a`${b}`; ({ c, d: e, [f]: g }); h.i[j]"), "a b c e f g h j");
});

Deno.test("analyzeScopes() sees no names in labels, members, keys and meta properties", () => {
  assertEquals(uses("a: for (;;) { continue a }"), "");
  assertEquals(uses("this.a; ({ b: 1, c() {} }); import.meta.d"), "");
  assertEquals(uses("(function () { new.target })"), "");
});

Deno.test("analyzeScopes() gives arguments to the function that they belong to", () => {
  assertEquals(uses("(function () { (() => arguments) })"), "arguments:arguments@none");
  assertEquals(uses("(() => arguments)"), "arguments");
  assertEquals(uses("(function (a = arguments) {})"), "a:parameter@11 arguments:arguments@none");
  const { references } = analyzeScopes(
    parseModule("function f() { arguments; function g(a = () => arguments) {} }"),
  );
  const [one, , other] = references;
  assertEquals([one?.identifier.name, other?.identifier.name], ["arguments", "arguments"]);
  assertNotEquals(one?.variable, other?.variable);
});

Deno.test("analyzeScopes() has one variable for a class when it is named inside and outside", () => {
  assertEquals(uses("class C { m() { C } } C"), "C:class@6 C:class@6");
});

Deno.test("analyzeScopes() has one variable when var in a catch clause names its parameter", () => {
  const all = uses("() => { try {} catch (e) { var e = 1; e } e }").split(" ");
  assertEquals(new Set(all).size, 1);
});

Deno.test("analyzeScopes() says which uses write when a variable is assigned, updated or destructured", () => {
  const { references } = analyzeScopes(
    parseModule(
      "let a = 1, b; a = 2; a += 1; b++; [a, b = 3] = c; for (a of c); for (const d of c);",
    ),
  );
  const shown = references.map(({ identifier, reads, writes, initialises }) =>
    `${identifier.name}${reads ? "r" : ""}${writes ? "w" : ""}${initialises ? "i" : ""}`
  );
  assertEquals(shown.join(" "), "awi aw arw brw aw bw cr aw cr dwi cr");
});

Deno.test("analyzeScopes() tells variables of the top level when var stands in a block", () => {
  const { variables } = analyzeScopes(
    parseModule("var a; { var b; let c } function d() { var e }"),
  );
  const top = variables.filter(({ top }) => top).map(({ name }) => name);
  assertEquals(top.join(), "a,b,d");
});

Deno.test("analyzeScopes() finds the function around a node, and the node above it", () => {
  const program = parseModule("x; function f() { (() => y) }");
  const scopes = analyzeScopes(program);
  const [x, y] = scopes.references.map(({ identifier }) => identifier);
  assertEquals(scopes.functionOf(x!), undefined);
  const arrow = scopes.functionOf(y!);
  assertEquals(arrow?.type, "ArrowFunctionExpression");
  assertEquals(scopes.functionOf(arrow!)?.type, "FunctionDeclaration");
  assertEquals(scopes.parentOf(y!), arrow);
  assertEquals(scopes.parentOf(program), undefined);
});
