// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { parseUnit } from "../../src/code/_parse.ts";
import { analyzeScopes } from "../../src/code/_scopes.ts";
import { usesOf } from "../../src/code/_uses.ts";
import type { UnitKind, Use } from "../../src/code/unit.ts";

/** All uses of a name: `"mutate items"`, with `later` where it does not run at once, and `→ f#0` for an argument. */
function uses(text: string, name = "x", kind: UnitKind = "statement"): string[] {
  const unit = parseUnit(text, kind)!;
  const scopes = analyzeScopes(unit.program);
  const found = scopes.references.filter(({ identifier, variable, initialises }) =>
    identifier.name === name && (variable === undefined || variable.kind === "parameter") &&
    !initialises
  );
  const all = found.flatMap((reference) => usesOf(reference, unit.root, scopes));
  return [...new Set(all.map(show))].sort();
}

function show({ form, path, now, argument }: Use): string {
  const parts = [form, ...path, ...(now ? [] : ["later"])];
  if (argument !== undefined) parts.push(`→ ${argument.of}#${argument.index}`);
  return parts.join(" ");
}

function check(table: readonly (readonly [text: string, ...uses: string[]])[]): void {
  for (const [text, ...expected] of table) assertEquals(uses(text), expected.sort(), text);
}

Deno.test("usesOf() says read when a value is only looked at", () => {
  check([
    ["x;", "read"],
    ["x + 1;", "read"],
    ["a = -x;", "read"],
    ["a = x * 2;", "read"],
    ["a = x === y;", "read"],
    ["a = typeof x;", "read"],
    ["a = `${x}`;", "read"],
    ["a = 'k' in x;", "read"],
    ["a = y instanceof x;", "read"],
    ["if (x) f();", "read"],
    ["while (x.more) f();", "read more"],
    ["switch (x) { case 1: f(); }", "read"],
    ["switch (y) { case x: f(); }", "read"],
    ["a = x ? 1 : 2;", "read"],
    ["a = x && 1;", "read"],
    ["for (const k in x) f(k);", "read"],
    ["a += x;", "read"],
    ["a = y[x];", "read"],
    ["a = { [x]: 1 };", "read"],
    ["class A extends x {}", "read"],
    ["a = x.length > 0;", "read length"],
    ["a = x['b'] + 1;", "read b"],
    ["a = x?.b?.c + 1;", "read b c"],
    ["a = x.a.b.c.d.e + 1;", "read a b c"],
    ["console.log(x, x.y);", "read", "read y"],
    ["a = JSON.stringify(x);", "read"],
    ["a = Object.keys(x);", "read"],
    ["a = Math.max(1, x);", "read"],
    ["a = String(x) + Number(x) + structuredClone(x).y;", "read"],
    ["throw new Error(x);", "read"],
    ["a = x.includes(1);", "read includes"],
    ["a = x.items.indexOf(1);", "read items indexOf"],
    ["a = x.join(',');", "read join"],
    ["x.forEach((v) => console.log(v));", "read", "read later", "read forEach"],
    ["a = x.some((v) => v > 1);", "read", "read later", "read some"],
    ["if ([...x].length > 1) f();", "read"],
    ["if ([...x].sort().length > 1) f();", "read"],
    ["a = x.slice().sort().join();", "read slice"],
    ["a = { ...x }.b + 1;", "read"],
    ["{ const y = x; console.log(y.a); }", "read a"],
    ["{ const { a } = x; console.log(a); }", "read a"],
    ["{ const { a: { b = 2 } } = x; console.log(b); }", "read a b"],
    ["{ const [a, ...b] = x; console.log(a, b); }", "read"],
    ["for (const y of x) console.log(y);", "read"],
    ["{ let y; y = x; if (y) f(); }", "read"],
  ]);
});

Deno.test("usesOf() says write when a name or a member of it is assigned", () => {
  check([
    ["x = 1;", "write"],
    ["x++;", "read", "write"],
    ["x += 1;", "read", "write"],
    ["x ??= 1;", "read", "write"],
    ["[x] = y;", "write"],
    ["({ a: x } = y);", "write"],
    ["({ x } = y);", "write"],
    ["({ x = 1 } = y);", "write"],
    ["[...x] = y;", "write"],
    ["for (x of y);", "write"],
    ["for (x in y);", "write"],
    ["x.a = 1;", "write a"],
    ["x['a'] = 1;", "write a"],
    ["x.a.b = 1;", "write a b"],
    ["x.a++;", "read a", "write a"],
    ["delete x.a;", "write a"],
    ["delete x?.a;", "write a"],
    ["[x.a] = y;", "write a"],
    ["({ b: x.a } = y);", "write a"],
    ["({ b: x.a = 1 } = y);", "write a"],
    ["[...x.a] = y;", "write a"],
    ["for (x.a of y);", "write a"],
    ["for (x.a in y);", "write a"],
  ]);
});

Deno.test("usesOf() says mutate when the content of a value changes", () => {
  check([
    ["x[k] = 1;", "mutate"],
    ["x[k]++;", "mutate", "read"],
    ["delete x[k];", "mutate"],
    ["x.a.b.c.d = 1;", "mutate a b c"],
    ["x.items.push(1);", "mutate items"],
    ["x.push(1);", "mutate push"],
    ["x.set('k', 1);", "mutate set"],
    ["x.sort();", "mutate sort"],
    ["Object.assign(x, y);", "mutate"],
    ["Object.defineProperty(x.prototype, 'a', {});", "mutate prototype"],
    ["Reflect.set(x, 'a', 1);", "mutate"],
    ["x.get('k').y = 1;", "mutate get", "read get"],
    ["{ const y = x; y.a = 1; }", "write a"],
    ["{ const t = x.items; t.push(1); }", "mutate items"],
    ["{ const { items } = x; items.push(1); }", "mutate items"],
    ["{ const { [k]: t } = x; t.y = 1; }", "computed", "mutate"],
    ["for (const y of x) y.a = 1;", "mutate"],
    ["for (const y of Object.values(x)) y.a = 1;", "mutate", "read"],
    ["for (const [, y] of Object.entries(x)) y.a = 1;", "mutate", "read"],
    ["x.forEach((y) => { y.a = 1; });", "mutate", "mutate later", "read forEach"],
    ["[1].forEach(() => { x.a = 1; });", "write a"],
    ["x.filter((y) => y.ok)[0].a = 1;", "mutate filter", "read", "read filter", "read later"],
    ["{ const y = [x]; y[0].a = 1; }", "mutate"],
    ["{ const y = { x }; y.x.a = 1; }", "mutate"],
    ["{ const y = { ...x }; y.k.a = 1; }", "mutate", "read"],
    ["{ using y = x; }", "mutate", "read"],
    ["{ let a; a = b = x; a.k = 1; }", "escape", "write k"],
    ["(x ?? y).k = 1;", "write k"],
    ["(y ? x : z).k = 1;", "write k"],
    ["(0, x).k = 1;", "write k"],
    ["(await x).k = 1;", "write k"],
    ["(() => x)().k = 1;", "write k"],
    ["Object.freeze(x).k = 1;", "write k"],
    ["Object.values(x)[0].k = 1;", "mutate", "read"],
    ["y.map(() => x)[0].k = 1;", "mutate", "mutate later"],
  ]);
});

Deno.test("usesOf() leaves out what is done to a copy", () => {
  check([
    ["{ const y = [...x]; y.push(1); }", "read"],
    ["{ const y = { ...x }; y.a = 1; }", "read"],
    ["x.slice().sort();", "read slice"],
    ["Object.keys(x).sort().reverse();", "read"],
    ["Object.entries(x).push(1);", "read"],
    ["{ const { a, ...rest } = x; rest.b = a + 1; }", "read", "read a"],
  ]);
});

Deno.test("usesOf() says call and new, and whether there are arguments", () => {
  check([
    ["x();", "call0"],
    ["x(1);", "call"],
    ["x(...y);", "call"],
    ["x?.();", "call0"],
    ["x`a`;", "call"],
    ["new x();", "new0"],
    ["new x;", "new0"],
    ["new x(1);", "new"],
    ["new x.A();", "new0 A"],
    ["@x class A {}", "call"],
    ["@x() class A {}", "call0"],
    ["class A { @x m() {} }", "call"],
    ["x.y(1);", "method y"],
    ["x.y.z();", "method y z"],
    ["x?.y?.();", "method y"],
    ["x.y`a`;", "method y"],
    ["@x.y class A {}", "method y"],
    ["x[k](1);", "computed", "method"],
    ["x.test('a');", "method test"],
    ["a = x.y().z;", "method y"],
  ]);
});

Deno.test("usesOf() says computed when the name of a member that is read is computed", () => {
  check([
    ["a = x[k] + 1;", "computed", "read"],
    ["a = x.b[k] + 1;", "computed b", "read b"],
    ["f(x[k]);", "computed", "escape"],
    ["a = x[0] + x['b'];", "read 0", "read b"],
    ["{ const { [k]: a } = x; f(a + 1); }", "computed", "read"],
  ]);
});

Deno.test("usesOf() says escape when a value may go anywhere", () => {
  check([
    ["y = x;", "escape"],
    ["y.a = x;", "escape"],
    ["f(x);", "escape → f#0"],
    ["f(1, x);", "escape → f#1"],
    ["f(x.a);", "escape a → f#0"],
    ["f(...y, x);", "escape"],
    ["f(...x);", "escape"],
    ["f([x]);", "escape"],
    ["f({ x });", "escape"],
    ["new F(x);", "escape"],
    ["y.f(x);", "escape"],
    ["y.push(x);", "escape"],
    ["Object.assign(y, x);", "escape"],
    ["f`${x}`;", "escape"],
    ["throw x;", "escape"],
    ["{ const y = x; f(y); }", "escape → f#0"],
    ["{ const f = g; f(x); }", "escape"],
    ["export default x;", "escape"],
    ["const y = x;", "escape"],
    ["const { a } = x;", "escape a"],
    ["class A { static b = x; }", "escape"],
    ["class A { b = x; }", "escape later"],
    ["y = x && x;", "escape", "read"],
    ["y = x || 1;", "escape"],
    ["y = x.map(f);", "escape", "read map"],
    ["y = x.find((v) => v.ok);", "escape find", "read", "read find", "read later"],
    ["y = x.map(Number).length;", "read map"],
    ["y = x.map((v) => v * 2);", "read", "read map", "read later"],
    ["y = x.map((v) => v);", "escape", "read map"],
    ["new Error('', { cause: x });", "escape"],
  ]);
  assertEquals(uses("x", "x", "expression"), ["escape"]);
  assertEquals(uses("[x]", "x", "expression"), ["escape"]);
  assertEquals(uses("() => x", "x", "function"), ["escape"]);
  assertEquals(uses("function f() { return x }", "x", "function"), ["escape"]);
  assertEquals(uses("function* f() { yield x }", "x", "function"), ["escape"]);
});

Deno.test("usesOf() tells what runs at once from what runs later", () => {
  check([
    ["function f() { x = 1; }", "write later"],
    ["(() => { x = 1; })();", "write"],
    ["(function () { x = 1; })();", "write"],
    ["(function () { x = 1; }).call(1);", "write"],
    ["(async () => { x = 1; })();", "write", "write later"],
    ["(function* () { x = 1; })();", "write later"],
    ["(() => () => { x = 1; })();", "write later"],
    ["f(() => { x = 1; });", "write later"],
    ["[1].map(() => { x = 1; });", "write"],
    ["Object.keys(y).sort().forEach(() => { x = 1; });", "write"],
    ["'a b'.split(' ').forEach(() => { x = 1; });", "write"],
    ["const l = [1]; l.forEach(() => { x = 1; });", "write"],
    ["let l = [1]; l.forEach(() => { x = 1; });", "write", "write later"],
    ["y.forEach(() => { x = 1; });", "write", "write later"],
    ["[1].forEach(async () => { x = 1; });", "write", "write later"],
    ["y.then(() => { x = 1; });", "write later"],
    ["Array.from(y, () => { x = 1; });", "write"],
    ["new Promise(() => { x = 1; });", "write"],
    ["{ const Array = y; Array.from(y, () => { x = 1; }); }", "write later"],
    ["class A { m() { x = 1; } }", "write later"],
    ["class A { get m() { x = 1; } }", "write later"],
    ["class A { static m() { x = 1; } }", "write later"],
    ["class A { f = x++; }", "read later", "write later"],
    ["class A { static f = x++; }", "read", "write"],
    ["class A { static { x = 1; } }", "write"],
    ["class A { [x++]() {} }", "read", "write"],
    ["class A { constructor() { x = 1; } }", "write later"],
    ["new (class { constructor() { x = 1; } })();", "write"],
    ["new (class { f = x++; })();", "read", "write"],
    ["new (class { m() { x = 1; } })();", "write later"],
    ["class A extends f(x) {}", "escape → f#0"],
    ["@f(x) class A {}", "escape → f#0"],
    ["class A { @f(x) m() {} }", "escape → f#0"],
    ["({ m() { x = 1; } });", "write later"],
    ["({ a: x = 1 });", "write"],
    ["{ let y; function f() { y = x; } if (y) y.a = 1; }", "read later", "write a later"],
  ]);
  assertEquals(uses("function f() { x = 1 }", "x", "function"), ["write"]);
  assertEquals(uses("function f(a = x++) { }", "x", "function"), ["read", "write"]);
  assertEquals(uses("function f() { return () => { x = 1 } }", "x", "function"), ["write later"]);
  assertEquals(uses("class A { m() { x = 1 } }", "x", "function"), ["write later"]);
  assertEquals(uses("m() { x = 1 }", "x", "function"), ["write"]);
});

Deno.test("usesOf() tells what is done with a parameter", () => {
  assertEquals(uses("function f(x) { x.a = 1 }", "x", "function"), ["write a"]);
  assertEquals(uses("(x) => x * 2", "x", "function"), ["read"]);
  assertEquals(uses("(x, g) => { g(x) }", "x", "function"), ["escape → g#0"]);
  assertEquals(uses("(x) => { x = x ?? 1 }", "x", "function"), ["read", "write"]);
});

Deno.test("usesOf() ends for values that go in circles", () => {
  assertEquals(uses("{ let a = x, b; while (b = a.next) a = b; }").includes("escape"), false);
  uses("{ let a = x; for (;;) a = [a]; }");
  uses("{ let a = x, b = x; for (;;) { a = { b }; b = { a }; } }");
  uses("{ let a = x; for (;;) a = a.slice().map((v) => [v, a]); }");
});
