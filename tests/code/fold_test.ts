// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";

/** What a body has to have in common with another one to count as the same: its normal form, and what its free names are. */
function formOf(head: string, body: string): readonly string[] {
  const unit = analyzeUnit(`${head} { ${body} }`, "function");
  assert(unit !== undefined, `not parsed: ${body}`);
  return [unit.normal, ...unit.free.map(({ name }) => name)];
}

/** Bodies of functions with the parameters a, b, c that mean the same. */
const EQUAL: readonly (readonly [string, string])[] = [
  // A variable that is used once, and first of all.
  ["const y = a + 1; return y;", "return a + 1;"],
  ["let y = a + 1; return y;", "return a + 1;"],
  ["const x = a; const y = x + 1; const z = y * 2; return z;", "return (a + 1) * 2;"],
  ["const x = a, y = x + 1; return y;", "return a + 1;"],
  ["const y = f(a); return y + g(b);", "return f(a) + g(b);"],
  ["const y = f(a); return y.m(b);", "return f(a).m(b);"],
  ["const y = f(a); return y[b];", "return f(a)[b];"],
  ["const y = f(a); return y?.m(b).c;", "return f(a)?.m(b).c;"],
  ["const y = f(a); return new y.C(b);", "return new (f(a).C)(b);"],
  ["const y = f(a); throw y;", "throw f(a);"],
  ["const y = f(a); if (y) g(); return 1;", "if (f(a)) g(); return 1;"],
  ["const y = f(a); y.push(1); return b;", "f(a).push(1); return b;"],
  ["const y = f(a); y.k = b; return b;", "f(a).k = b; return b;"],
  ["const y = f(a); y.k++; return b;", "f(a).k++; return b;"],
  ["const y = f(a); delete y.k; return b;", "delete f(a).k; return b;"],
  ["const y = f(a); return typeof y.k;", "return typeof f(a).k;"],
  ["const y = f(a); return [y, b];", "return [f(a), b];"],
  ["const y = f(a); return [...y, b];", "return [...f(a), b];"],
  ["const y = f(a); return { y, b };", "return { y: f(a), b };"],
  ["const y = f(a); return y ? 1 : 2;", "return f(a) ? 1 : 2;"],
  ["const y = f(a); return y ?? b;", "return f(a) ?? b;"],
  ["const y = f(a); return `${y}${b}`;", "return `${f(a)}${b}`;"],
  ["const y = f(a); return !y;", "return !f(a);"],
  ["const y = f(a); const { k } = y; return k;", "const { k } = f(a); return k;"],
  ["const y = f(a); let z; z = y + b; return z;", "const y = f(a); let z; z = y + b; return z;"],
  ["let z; const y = f(a); z = y + b; return z;", "let z; z = f(a) + b; return z;"],
  ["const y = f(a); for (const z of y) g(z);", "for (const z of f(a)) g(z);"],
  ["const y = f(a); switch (y) { case 1: return 2; }", "switch (f(a)) { case 1: return 2; }"],
  ["const y = a?.k; return y.m;", "return (a?.k).m;"],
  ["{ const y = a + 1; return y; }", "return a + 1;"],
  // `s = s + v`.
  ["let s = 0; s = s + a; g(s); return s;", "let s = 0; s += a; g(s); return s;"],
  ["a = a ** b; return a;", "a **= b; return a;"],
  ["a = a >>> b; return a;", "a >>>= b; return a;"],
  // Returns.
  ["if (a) { return 1 } else { return 2 }", "return a ? 1 : 2"],
  ["if (a) return 1; return 2", "return a ? 1 : 2"],
  ["if (a) return 1; else return 2", "if (a) return 1; return 2"],
  ["if (a) return 1; if (b) return 2; return 3", "return a ? 1 : b ? 2 : 3"],
  [
    "if (a) return 1; else if (b) return 2; else return 3",
    "if (a) return 1; if (b) return 2; return 3",
  ],
  ["const y = a > b; if (y) return 1; return 2", "return a > b ? 1 : 2"],
  // Braces, loops, declarations.
  ["if (a) { g() } return b", "if (a) g(); return b"],
  ["if (a) { g() } else { h() } return b", "if (a) g(); else h(); return b"],
  ["if (a) g(); else {} return b", "if (a) g(); return b"],
  ["for (const x of a) { g(x) }", "for (const x of a) g(x)"],
  ["while (a) { g() }", "for (; a;) g();"],
  ["while (a()) { if (b) { continue } g() }", "for (; a();) { if (b) continue; g() }"],
  ["l: { for (;;) { break l } }", "l: for (;;) break l;"],
  [";; g();; return b;;", "g(); return b"],
  ["{ g(); { h() } } return b", "g(); h(); return b"],
  ["let y = a; g(y); return y", "const y = a; g(y); return y"],
  ["for (let x of a) g(x, () => x)", "for (const x of a) g(x, () => x)"],
  ["let x = 1, y = 2; x++; return x + y", "let x = 1; const y = 2; x++; return x + y"],
  ["var x = 1, y = 2; return g(x, y)", "var x = 1; var y = 2; return g(x, y)"],
  // Other ways to write the same.
  ["return a['k'] + a[`l`]", "return a.k + a.l"],
  ["return { 'k': a, l: b, 1: c }", 'return { k: a, "l": b, "1": c }'],
  ["return { a: a, b }", "return { a, b: b }"],
  ["const { k: x } = b; g(x); return x", "const { k } = b; g(k); return k"],
  ["return 'a\\u0062'", 'return "ab"'],
  ["return `ab`", 'return "ab"'],
  ["return 0x10 + 1_000 + 1e3 + .5", "return 16 + 1000 + 1000 + 0.5"],
  ["return 0x10n", "return 16n"],
  ["return ((a) + (b))", "return a + b"],
  ["return [a,];", "return [\n  a\n]"],
  ["return f(a,)", "return f(a)"],
  ["return a /* why */ // so\n", "return a"],
  ["return x => { return x + a }", "return x => x + a"],
  ["return async x => { return await x }", "return async (x) => await x"],
  // Names.
  ["const one = 1; return f(one, one)", "const two = 1; return f(two, two)"],
  ["function g(x) { return g(x) } return f(g, g)", "function h(y) { return h(y) } return f(h, h)"],
  ["class A { m() { return A } } return f(A, A)", "class B { m() { return B } } return f(B, B)"],
  ["try { f() } catch (e) { g(e, e) }", "try { f() } catch (error) { g(error, error) }"],
  ["l: for (;;) { break l }", "outer: for (;;) { break outer }"],
  ["l: for (;;) { m: for (;;) { continue l } }", "m: for (;;) { l: for (;;) { continue m } }"],
  [
    "const x = 1; { const x = 2; f(x, x) } g(x, x)",
    "const x = 1; { const y = 2; f(y, y) } g(x, x)",
  ],
  ["return f(function g() { return g(1) })", "return f(function h() { return h(1) })"],
  // Function declarations, wherever they stand.
  ["return g(a); function g(x) { return x + 1 }", "function g(x) { return x + 1 } return g(a)"],
  [
    "function g() { return 1 } function h() { return 2 } return g() - h()",
    "function y() { return 2 } const x = g() - y(); function g() { return 1 } return x",
  ],
  [
    "function g() { return h() } function h() { return k() } function k() { return g() } return g",
    "function h() { return k() } function k() { return g() } return g; function g() { return h() }",
  ],
  [
    "function g() { return 1 } f(); function h() { return 2 }",
    "function h() { return 2 } function g() { return 1 } f();",
  ],
  [
    "async function g() { await a } function* h() { yield a } f(h, g)",
    "function* h() { yield a } f(h, g); async function g() { await a }",
  ],
  ["if (a) { f(g, g); function g() {} }", "if (a) { function g() {} f(g, g) }"],
  [
    "if (a) { f(); function g() {} function h() { a }}",
    "if (a) { function h() { a } function g() {} f() }",
  ],
  ["if (a) return 1; function g() {} return 2", "function g() {} return a ? 1 : 2"],
  // The same operator.
  ["return a || (b || c)", "return a || b || c"],
  ["return a && (b && (c && f))", "return (a && b) && (c && f)"],
  ["return a ?? (b ?? (c ?? f(a)) ?? g)", "return a ?? b ?? c ?? f(a) ?? g"],
  ["return a || (b && (c && f))", "return a || (b && c && f)"],
  // The end.
  ["f(a); return;", "f(a);"],
  ["{ f(a); return } return;", "f(a); {}"],
  ["f(g); return; function g() { return }", "function g() {} f(g)"],
  ["return () => { return }", "return () => {}"],
];

Deno.test("analyzeUnit() gives one normal form for two texts when they mean the same", () => {
  for (const [one, other] of EQUAL) {
    assertEquals(
      formOf("function f1(a, b, c)", one),
      formOf("function f2(a, b, c)", other),
      `${one} and ${other}`,
    );
  }
});

/** Bodies of functions with the parameters a, b, c that do not mean the same. */
const DIFFERENT: readonly (readonly [string, string])[] = [
  ["return a", "return a + 1"],
  ["return a < b", "return a <= b"],
  ["return a && b", "return a || b"],
  ["return a ?? b", "return a || b"],
  ["return a == b", "return a === b"],
  ["return a + b", "return b + a"],
  ["return (a + b) + c", "return a + (b + c)"],
  ["return /x/g", "return /x/gi"],
  ["return /x/", "return /y/"],
  ["return /a/", 'return "/a/"'],
  ["return `${a}`", "return `${a} `"],
  ["return `${a}`", "return a"],
  ["return `${a}`", 'return a + ""'],
  ["return 1", 'return "1"'],
  ["return 1", "return 1n"],
  ["return 0", "return -0"],
  ["return null", "return undefined"],
  ["return", "return undefined"],
  ["return null", 'return "null"'],
  ["return true", 'return "true"'],
  ['return "\\ud800"', 'return "\\ufffd"'],
  ['return "a", "b"', 'return "a,b"'],
  ["return f`\\n`", "return f`\n`"],
  ["return f`a`", 'return f("a")'],
  ["return a?.b.c", "return (a?.b).c"],
  ["return a?.b", "return a.b"],
  ["return a?.()", "return a()"],
  ["return a?.b()", "return a.b?.()"],
  ["return a.b", "return a[b]"],
  ["return a[1]", "return a[2]"],
  ["return a ? f(1) : f(2)", "return f(a ? 1 : 2)"],
  ["return [a, , b]", "return [a, b]"],
  ["return [a, , b]", "return [a, undefined, b]"],
  ["return [...a]", "return [a]"],
  ["return f(...a)", "return f(a)"],
  ["return f(a, b)", "return f((a, b))"],
  ["return new a()", "return a()"],
  ["return new (a())()", "return new a()()"],
  ["return () => a", "return function () { return a }"],
  ["return () => a", "return async () => a"],
  ["return () => a", "return () => { a }"],
  ["return function* () { yield a }", "return function* () { yield* a }"],
  ["return function () { yield_(a) }", "return function* () { yield_(a) }"],
  ["return { get k() { return a } }", "return { k() { return a } }"],
  ["return { get k() { return a } }", "return { set k(a) { return a } }"],
  ["return { k() { return a } }", "return { k: function () { return a } }"],
  ["return { [a]: 1 }", "return { a: 1 }"],
  ["return { __proto__: a }", 'return { ["__proto__"]: a }'],
  [
    "const __proto__ = a; return f({ __proto__ }, __proto__)",
    "const __proto__ = a; return f({ __proto__: __proto__ }, __proto__)",
  ],
  ["return { ...a, b }", "return { b, ...a }"],
  ["return { a, b }", "return { b, a }"],
  ["return class { m() {} }", "return class { static m() {} }"],
  ["return class { x = 1 }", "return class { x() {} }"],
  ["return class { x = 1 }", "return class { accessor x = 1 }"],
  ["return class { x = 1 }", "return class { #x = 1 }"],
  ["return class { x = 1 }", "return class { static { this.x = 1 } }"],
  ["return class { #x; m() { return this.#x } }", "return class { #x; m() { return this['#x'] } }"],
  ["return class extends a {}", "return class {}"],
  ["return class { constructor() {} }", "return class { ['constructor']() {} }"],
  ["return class { @a m() {} }", "return class { m() {} }"],
  ["return class { @a m() {} }", "return class { @b m() {} }"],
  ["return a++", "return ++a"],
  ["return a++", "return a--"],
  ["return -a", "return +a"],
  ["return void a", "return typeof a"],
  ["delete a.b", "a.b"],
  ["a += b", "a -= b"],
  ["a ||= b", "a &&= b"],
  ["a = b", "a += b"],
  ["for (const x in a) f(x)", "for (const x of a) f(x)"],
  ["while (a) f()", "do f(); while (a)"],
  ["for (;;) { break }", "for (;;) { continue }"],
  ["l: for (;;) for (;;) break l", "l: for (;;) for (;;) break"],
  ["l: for (;;) m: for (;;) break l", "l: for (;;) m: for (;;) break m"],
  ["switch (a) { case 1: f() }", "switch (a) { default: f() }"],
  ["switch (a) { case 1: f(); break; default: g() }", "switch (a) { case 1: f(); default: g() }"],
  ["try { f() } catch { g() }", "try { f() } catch { h(); g() }"],
  ["try { f() } catch { g() }", "try { f() } catch (e) { g() }"],
  ["try { f() } catch { g() }", "try { f() } finally { g() }"],
  ["throw a", "return a"],
  ["if (a) f(); g()", "if (a) { f(); g() }"],
  ["if (a) if (b) f(); else g()", "if (a) { if (b) f() } else g()"],
  ["f(); g()", "g(); f()"],
  ["f(a); f(a)", "f(a)"],
  ["var x = 1; return () => x", "let x = 1; return () => x"],
  ["for (let i = 0; i < 3; i++) f(() => i)", "for (var i = 0; i < 3; i++) f(() => i)"],
  ["const x = 1; x = 2", "let x = 1; x = 2"],
  ["{ using x = a; f(x, x) }", "{ const x = a; f(x, x) }"],
  ["{ using x = a; f(x, x) } g()", "using x = a; f(x, x); g()"],
  ["const y = f(a); using x = y; g(x, x)", "using x = f(a); g(x, x)"],
  ["a = a < b", "a <= b"],
  ["if (a) return 1; else return 2; function g() {}", "return a ? 1 : 2"],
  ["const x = a, y = b; return [x, y]", "const y = b, x = a; return [x, y]"],
  ["const x = 1; { const x = 2; f(x) } g(x)", "const x = 1; { const y = 2; f(x) } g(x)"],
  [
    "const x = 1; return () => { const x = 2; return x + x }",
    "const x = 1; return () => { const y = 2; return x + y }",
  ],
  ["return ((a) => a)(b)", "return ((x) => a)(b)"],
  ["return f((x = a) => x)", "return f((x) => x)"],
  ["const { x } = a; return f(x, x)", "const { y: x } = a; return f(x, x)"],
  ["const { x } = a; return f(x, x)", "const { x = 1 } = a; return f(x, x)"],
  ["const [x] = a; return f(x, x)", "const [, x] = a; return f(x, x)"],
  ["const { x, ...y } = a; return f(x, y)", "const { x, y } = a; return f(x, y)"],
  ["return f(arguments)", "return f(x)"],
  ["return this", "return a"],
  ["return g(a)", "return this.g(a)"],
  ["return g(b, b)", "return g(b, c)"],
  ["return g(h, h)", "return g(h, k)"],
  ["return g(h) + k", "return g(k) + g"],
  ["return new.target", "return undefined"],
  ["return f(import.meta)", "return f(import.meta.url)"],
  ["return import('x')", "return import('y')"],
  ["return import('x')", "return import('x', { with: { type: 'json' } })"],
  ["return import('x')", "return import.defer('x')"],
  ["return 'k' in a", "return k in a"],
  ["debugger; return a", "return a"],
  ['"use strict"; return a', "return a"],
  ["return a || (b && c)", "return (a || b) && c"],
  ["return a || (b ?? c)", "return (a || b) ?? c"],
  ["return a || (b || c)", "return a || (c || b)"],
  ["return a - (b - c)", "return a - b - c"],
  ["a ||= (b || c)", "a = a || b || c"],
  // Functions that are not where they seem to be.
  [
    "function g() { return 1 } function g() { return 2 } return g",
    "function g() { return 2 } function g() { return 1 } return g",
  ],
  ["f(g); var g = 1; function g() {}", "var g = 1; f(g); function g() {}"],
  ["function g() {} g = a; return g", "g = a; function g() { g } return g"],
  [
    "function g() {} function h() { a } return [g, h]",
    "function g() {} function h() { a } return [h, g]",
  ],
  ["{ function g() {} f(g) }", "{ f(g) } function g() {}"],
  ["f(g); { function g() {} }", "f(g); function g() {}"],
  // Out of strict mode, it is assigned to a variable of the function where it stands.
  ["{ f(); function g() {} } return g", "{ function g() {} f() } return g"],
  [
    "{ h(); function g() {} } function h() { return typeof g } return h",
    "{ function g() {} h() } function h() { return typeof g } return h",
  ],
  ["switch (a) { case 1: f(); function g() {} }", "switch (a) { case 1: function g() {} f() }"],
  ["f(); function a() {} return a", "f(); return a"],
  ["f(g); function g() {}", "f(g); const g = function () {}"],
  ["function g() {} f(() => 1)", "f(() => { function g() {} return 1 })"],
  ["return function g() {}", "return g; function g() {}"],
  // The end.
  ["f(a); return undefined", "f(a)"],
  ["if (a) return; f()", "if (a); f()"],
  ["try { return } finally { f() }", "try {} finally { f() }"],
  ["for (;;) { return }", "for (;;) {}"],
  ["return; f()", "f()"],
  // What is evaluated when, and how often.
  ["const y = a.k; f(); return y", "f(); return a.k"],
  ["const y = f(a); return g(b) + y", "return g(b) + f(a)"],
  ["const y = f(a); return g(y)", "return g(f(a))"],
  ["const y = f(a); return b.m(y)", "return b.m(f(a))"],
  ["const y = a.k; return [y, y]", "return [a.k, a.k]"],
  ["const y = a.k; return y()", "return a.k()"],
  ["const y = a?.k; return y()", "return a?.k()"],
  ["const y = a?.k; return y.m", "return a?.k.m"],
  ["const y = a.k; return y`x`", "return a.k`x`"],
  ["const y = k; return typeof y", "return typeof k"],
  ["const y = f(a); return () => y", "return () => f(a)"],
  ["const y = f(a); while (y) g()", "while (f(a)) g()"],
  ["const y = f(a); for (; y;) g()", "for (; f(a);) g()"],
  ["const y = f(a); do { g() } while (y)", "do { g() } while (f(a))"],
  ["const y = f(a); try { return y } catch { return 1 }", "try { return f(a) } catch { return 1 }"],
  ["const y = f(a); k = y", "k = f(a)"],
  ["const y = f(a); b += y; return b", "b += f(a); return b"],
  ["const y = f(a); b[g()] = y", "b[g()] = f(a)"],
  ["const y = () => 1; return y", "return () => 1"],
  ["const y = function () {}; return y", "return function () {}"],
  ["const y = class {}; return y", "return class {}"],
  ["const y = f(y); return y", "return f(k)"],
  ["const y = f(a); y = 1; return y", "f(a); return 1"],
  ["let y = f(a); y++; return y", "return f(a) + 1"],
  ["const y = f(a); return (y, b)", "return b"],
  ["const y = f(a); return b", "return b"],
  ["const y = `${a}`; return b", "return b"],
  ["const y = a ** b; return c", "return c"],
  ["+a; return b", "return b"],
  ["a + b; return c", "return c"],
  ["a.k; return b", "return b"],
  ["f(a, +b)", "+b; f(a)"],
  ["const s = a + b; +c; return s", "+c; return a + b"],
  ["f(y); const y = 1", "const y = 1; f(y)"],
  ["k = k + a", "k += a"],
  ["a = b + a", "a += b"],
  ["a = a + b + c", "a += b + c"],
  ["a = a + b - c", "a += b - c"],
  ["a = a && b", "a += b"],
  ["a.k = a.k + b", "a.k += b"],
  ["if (a) return; return undefined", "return undefined"],
  ["if (a) return; else return 1", "return a ? undefined : 1"],
  ["if (a) return 1; f(); return 2", "return a ? 1 : 2"],
  ["if (a) return 1", "return 1"],
  ["if (!a) return 1; return 2", "if (a) return 1; return 2"],
  [
    "for (let x = 0, y = a; x < y; x++) f(() => x)",
    "for (const y = a, x = 0; x < y; x++) f(() => x)",
  ],
  ["let x; return f(x, x)", "let x = undefined; return f(x, x)"],
  ["return f(function g() { return g })", "return f(function g() { return f })"],
  ["class A { m() { return A } } return f(A)", "class A { m() { return f } } return f(A)"],
  [
    "try { f() } catch (e) { var e = 1; g(e) } return e",
    "try { f() } catch (x) { var e = 1; g(x) } return e",
  ],
];

/** Bodies that mean the same, with the same names in them. */
const SAME_NAMES: readonly (readonly [string, string])[] = [
  ["if (a) { g() } return b", "if (a) g(); return b"],
  ["for (const x of a) { g(x) }", "for (const x of a) g(x)"],
  [";; g();; { h() } return b;;", "g(); h(); return b"],
  ["while (a) { g() }", "for (; a;) g();"],
  ["let y = a; g(y); return y", "const y = a; g(y); return y"],
  ["var x = 1, y = 2; return g(x, y)", "var x = 1; var y = 2; return g(x, y)"],
  ["return a['k'] + a[`l`] + a?.['m']", "return a.k + a.l + a?.m"],
  ["a['k'] = 1; delete a['l']", "a.k = 1; delete a.l"],
  ["return { 'k': a, l: b, 1: c }", 'return { k: a, "l": b, "1": c }'],
  ["return { a: a, b }", "return { a, b: b }"],
  ["const { k: k, l: l = 1 } = b; g(k, l)", "const { k, l = 1 } = b; g(k, l)"],
  ["return 'a\\u0062' + `ab` + 0x10 + 1_0n", 'return "ab" + "ab" + 16 + 10n'],
  ["return [((a) + (b)),];", "return [\n  a + b // so\n]"],
  ["return x => { return x + a }", "return x => x + a"],
  ["return x => { if (x) { return x } }", "return x => { if (x) return x; }"],
  [
    "return f(g, h); function h() {} function g() {}",
    "function g() {} return f(g, h); function h() {}",
  ],
  ["f(a); return;", "f(a);"],
];

/** Bodies that mean the same but for names, or for what messages of errors quote. */
const OTHER_NAMES: readonly (readonly [string, string])[] = [
  ["const x = a; return f(x, x)", "const y = a; return f(y, y)"],
  ["f(g); function g() {}", "f(h); function h() {}"],
  ["const { k: x } = b; g(x); return x", "const { k } = b; g(k); return k"],
  ["const y = f(a); return y.m(b);", "return f(a).m(b);"],
  ["let s = a; s = s + b; return s", "let s = a; s += b; return s"],
  ["if (a) return 1; return 2", "return a ? 1 : 2"],
  ["return (a || (b || c))()", "return (a || b || c)()"],
  ["return { a: b => b, b }", "return { b: b => b, b }"],
  ["let g; g = () => {}; return g", "let g; (g) = () => {}; return g"],
];

/** What a body has to have in common with another one to count as the same where names do. */
function namedFormOf(body: string): string {
  const unit = analyzeUnit(`function f(a, b, c) { ${body} }`, "function");
  assert(unit !== undefined, `not parsed: ${body}`);
  return unit.named;
}

Deno.test("analyzeUnit() gives one named form for two texts when only layout and spelling differ", () => {
  for (const [one, other] of SAME_NAMES) {
    assertEquals(namedFormOf(one), namedFormOf(other), `${one} and ${other}`);
    const [head, both] = ["function f(a, b, c)", `${one} and ${other}`];
    assertEquals(formOf(head, one), formOf(head, other), both);
  }
});

Deno.test("analyzeUnit() gives two named forms for two texts when names or quoted code differ", () => {
  for (const [one, other] of [...OTHER_NAMES, ...DIFFERENT]) {
    assertNotEquals(namedFormOf(one), namedFormOf(other), `${one} and ${other}`);
  }
});

Deno.test("analyzeUnit() gives the named form of a default as that of any code", () => {
  const namedOf = (value: string) => {
    const given = analyzeUnit(`function f(a = ${value}) {}`, "function")!.parameters[0]!.default!;
    assert("unit" in given);
    return [given.unit.named, given.unit.normal];
  };
  assertEquals(namedOf("g(x => { return x['k'] })"), namedOf("g(x => x.k)"));
  assertEquals(
    namedOf("g(() => { h(); function h() {} })"),
    namedOf("g(() => { function h() {} h() })"),
  );
  assertEquals(namedOf("g || (h || k)")[1], namedOf("g || h || k")[1]);
  assertNotEquals(namedOf("g(x => x.k)")[0], namedOf("g(y => y.k)")[0]);
});

Deno.test("analyzeUnit() folds nothing in code with eval, or that is none in strict mode", () => {
  const pairs = [
    ["eval(a); f(); function g() {}", "eval(a); function g() {} f();"],
    ["eval(a); if (b) { f() }", "eval(a); if (b) f();"],
    ["with (a) { f(); function g() {} }", "with (a) { function g() {} f() }"],
    ["l: function g() {} f(); function h() {}", "function h() {} l: function g() {} f()"],
  ] as const;
  for (const [one, other] of pairs) {
    assertNotEquals(namedFormOf(one), namedFormOf(other), one);
    const head = "function f(a, b, c)";
    assertNotEquals(formOf(head, one), formOf(head, other), one);
  }
});

Deno.test("analyzeUnit() gives two normal forms for two texts when they mean different things", () => {
  for (const [one, other] of DIFFERENT) {
    for (const head of ["function f(a, b, c)", "async function f(a, b, c)"]) {
      assertNotEquals(formOf(head, one), formOf(head, other), `${one} and ${other}`);
    }
  }
});
