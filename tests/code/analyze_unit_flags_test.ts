// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { analyzeUnit } from "../../src/code/analyze_unit.ts";
import type { Unit } from "../../src/code/unit.ts";

function analyze(text: string): Unit {
  const unit = analyzeUnit(text, "function");
  assert(unit !== undefined, `not parsed: ${text}`);
  return unit;
}

/** Checks of which pieces of code a field is true. */
function checkFlag(
  field:
    | "readsArguments"
    | "readsNames"
    | "readsText"
    | "readsTextOfValues"
    | "readsSuper"
    | "writesThis",
  yes: readonly string[],
  no: readonly string[],
): void {
  for (const text of yes) assertEquals(analyze(text)[field], true, text);
  for (const text of no) assertEquals(analyze(text)[field], false, text);
}

Deno.test("analyzeUnit() says whether a function reads its arguments", () => {
  checkFlag("readsArguments", [
    "function () { return arguments }",
    "function () { return () => arguments.length }",
    "function (a = arguments) {}",
    "m() { return arguments[0] }",
    "function (a) { return eval('arguments') }",
  ], [
    "function (a) { return function () { return arguments } }",
    "function () { return { arguments: 1 }.arguments }",
    "() => arguments",
    "class { m() { return arguments } }",
  ]);
});

Deno.test("analyzeUnit() says whether names may be a part of the result", () => {
  checkFlag("readsNames", [
    "x => x.name",
    "x => x?.constructor",
    "x => x['stack']",
    "x => x[`message`]",
    "({ name }) => name",
    "x => { const { name: n } = x; return n }",
    "x => { let n; ({ name: n } = x); return n }",
    "function () { return new.target }",
    "x => 'name' in x",
    "x => Object.getOwnPropertyDescriptor(x, 'name')",
    "x => { x.name += 1 }",
    "x => { x['name'] += 1 }",
    "x => x[`name`]",
    "x => { x[y] = 'name' }",
    "x => { x[`${y}name`] = 1; `name` }",
    "x => { 'name'[x] = 1 }",
    "x => { x['name'].y = 1 }",
    "x => Deno.inspect(x)",
    "(k = 'name') => k",
    "x => { try { f() } catch (e) { return String(e) } }",
    "x => { try { f() } catch (e) { return e } }",
    "x => { try { f() } catch ({ message }) { return 1 } }",
    "x => f().catch((e) => e)",
    "x => f().then(g, h)",
    "x => Promise.allSettled(x)",
  ], [
    "x => x.names",
    "x => { x.name = 1 }",
    "x => { x['name'] = 1 }",
    "x => { [x['name']] = y; delete x['constructor'] }",
    "x => ({ name: x })",
    "x => ({ 'name': x })",
    "x => { class A { name = 1; 'message' = 2 } }",
    "name => name",
    "x => { try { f() } catch { return 1 } }",
    "x => { try { f() } catch (e) { throw e } }",
    "x => { try { f() } catch (e) { if (e instanceof E && e.code === 1) return 1; console.error(e) } }",
    "x => f().catch(() => 1)",
    "x => f().then(g)",
    "x => 'my name'",
  ]);
});

Deno.test("analyzeUnit() says whether the text of a function may be a part of the result", () => {
  checkFlag("readsText", [
    "x => x.toString",
    "x => Function.prototype.toString.call(x)",
    "({ toString }) => toString",
    "x => x.toString.call(f)",
    "x => (() => 1).toString()",
    "x => `${() => 1}`",
    "x => String(class {})",
    "x => [() => 1] + ''",
    "x => [1, () => 1].join()",
    "x => { function g() {} return '' + g }",
    "x => { const g = () => 1; return g + 'a' }",
    "x => { const o = { f() {} }; return `${o.f}` }",
    "x => { let g; g = x || (() => 1); return String(g) }",
    "function f() { return `${f}` }",
    "x => x[(() => 1)]",
    "x => { const k = 'toString'; return x[k]() }",
    "x => { const k = `toString`; return x[k]() }",
    "x => (() => 1)[`toString`]()",
    "x => (() => 1).toLocaleString()",
    "x => x.toLocaleString",
    "x => Object.prototype.toLocaleString.call(x)",
    "({ toLocaleString }) => toLocaleString",
    "x => { const k = 'toLocaleString'; return x[k]() }",
  ], [
    "x => x.toString()",
    "x => x.toString(16)",
    "x => x.toLocaleString()",
    "x => Object.prototype.toString.call(x)",
    "x => `${x}`",
    "x => ({ toString() { return 'a' } })",
    "x => { const g = () => 1; return g() + 1 }",
    "x => { const n = 1; return `${n}` }",
  ]);
});

Deno.test("analyzeUnit() says whether values are turned into text that may be functions", () => {
  checkFlag("readsTextOfValues", [
    "x => `${x}`",
    "x => String(x)",
    "x => x.toString()",
    "x => x + ''",
    "x => x + y",
    "x => { let s = ''; s += x; return s }",
    "x => x.join()",
    "x => [x].toString()",
    "x => ''.concat(x)",
    "x => `${helper}`",
    "x => `${x ? 1 : x.k}`",
    "function () { return `${this}` }",
    "x => encodeURIComponent(x)",
  ], [
    "x => `a`",
    "x => x + 1",
    "x => x.length + x.length",
    "x => `${1 + 2}${'a'}${typeof x}`",
    "x => `${Math.max(x)} ${x.toFixed(1)}`",
    "x => (1).toString()",
    "x => x - 1",
  ]);
});

Deno.test("analyzeUnit() says whether a function uses super of the class around it", () => {
  checkFlag("readsSuper", [
    "m() { return super.m() }",
    "m() { return () => super.m }",
    "() => super.m",
    "m() { return { [super.k]: 1 } }",
    "m() { return class extends super.k {} }",
    "m(a = super.k) {}",
  ], [
    "m() { return { n() { return super.n() } } }",
    "m() { return class extends A { n() { return super.n() } x = super.y; static { super.z } } }",
    "class A extends B { m() { return super.m() } }",
    "m() { return this.m() }",
  ]);
});

Deno.test("analyzeUnit() says whether a method changes this", () => {
  checkFlag("writesThis", [
    "m() { this.x = 1 }",
    "m() { this.x.y++ }",
    "m() { delete this.x }",
    "m() { [this.x] = a }",
    "m() { this.items.push(1) }",
    "m() { const { items } = this; items.push(1) }",
    "m() { const self = this; self.x = 1 }",
    "m() { return () => { this.x = 1 } }",
    "m() { Object.assign(this, a) }",
    "m() { helper(this) }",
    "m() { this.#x++ }",
    "m() { super.x = 1 }",
    "class { m() { this.x = 1 } }",
    "class { inc = () => { this.x++ } }",
    "class { constructor() { this.f = () => { this.x = 1 } } }",
  ], [
    "m() { return this.x }",
    "m() { const { x } = this; return x * 2 }",
    "m() { return this }",
    "m() { return this.x.map((y) => y) }",
    "m() { return this.n() }",
    "m() { return JSON.stringify(this) }",
    "class { x = 1; static { this.y = 2 } constructor() { this.z = 3; super_(this.z) } }",
    "x => { x.y = 1 }",
  ]);
});

Deno.test("analyzeUnit() lists what can't be told from the text", () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    ["x => eval(x)", "eval"],
    ["x => (0, eval)(x)", "eval"],
    ["x => globalThis.eval(x)", "eval"],
    ["x => new Function(x)", "new Function()"],
    ["x => Function(x)", "Function()"],
    ["x => globalThis.Function(x)", "Function()"],
    ["x => new globalThis['Function'](x)", "new Function()"],
    ["x => { const F = Function; return F(x) }", "Function"],
    ["x => Function.call(null, x)", "Function"],
    ["x => { Function(x); new Function(x); eval(x) }", "Function()", "new Function()", "eval"],
    ["function (x) { with (x) { return y } }", "eval"],
    ["x => import.meta.url", "import.meta.url"],
    ["x => import.meta", "import.meta"],
    ["x => import.meta[x]", "import.meta"],
    ["x => import(x)", "import() of a computed name"],
    ["x => globalThis[x]", "globalThis[computed]"],
    ["x => x instanceof Function"],
    ["x => Function.prototype.call"],
    ["x => globalThis['y']"],
    ["x => import('./y.ts')"],
    ["(eval_) => eval_(1)"],
    ["(Function) => Function(1)"],
  ];
  for (const [text, ...unseen] of table) assertEquals(analyze(text).unseen, unseen, text);
});

Deno.test("analyzeUnit() lists the modules that are imported by constant names", () => {
  const unit = analyze(
    "async () => { await import('./a.ts'); () => import(`./b.ts`); import('./a.ts') }",
  );
  assertEquals(unit.dynamicImports, ["./a.ts", "./b.ts"]);
});

Deno.test("analyzeUnit() lists the outer variables that are assigned", () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    ["x => { total = x }", "total"],
    ["x => { total += x; total++ }", "total"],
    ["x => { state.count++; state['k'] = 1 }", "state.count", "state.k"],
    ["x => { delete state.a.b }", "state.a.b"],
    ["x => { state[x] = 1 }", "state[…]"],
    ["x => { [a, b.c] = x }", "a", "b.c"],
    ["x => { for (a of x); for (b.c in x); }", "a", "b.c"],
    ["x => () => { total = 1 }", "total"],
    ["(x = total = 1) => x", "total"],
    ["function f() { f.calls++ }", "f.calls"],
    ["class A { static n = 0; m() { A.n++ } }", "A.n"],
    ["x => { globalThis.y = 1 }", "globalThis.y"],
    ["x => { state?.a.b; a?.b }"],
    ["x => { x.y = 1; x = 2 }"],
    ["x => { const y = {}; y.k = 1; let z; z = 1; [z] = x }"],
    ["m() { this.x = 1 }"],
    ["x => { state.items.push(x) }"],
    ["x => { const a = 1; { a.b = 1 } }"],
  ];
  for (const [text, ...assigns] of table) assertEquals(analyze(text).assigns, assigns, text);
});
