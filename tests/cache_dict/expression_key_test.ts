// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { compileExpression } from "../../src/cache_dict/_decorate.ts";

function evaluate(expression: string, fn: AnyFunction, args: unknown[], self?: unknown): unknown {
  return compileExpression(expression, fn).apply(self, args);
}

/** Makes a function of source text, so that neither the formatter nor the compiler rewrites it. */
function made(source: string): AnyFunction {
  return new Function(`return (${source})`)();
}

Deno.test("compileExpression() sees the parameters by name, however the function is written", () => {
  const sources = [
    "function f(a, b) { return g(a) }",
    "function (a, b) {}",
    "async function f(a, b) {}",
    "(a, b) => a(b)",
    "async (a, b) => { (1) }",
    "async(a, b) => 1",
    "(a, b = (1), c = String(')'), d = `${')'}`) => 1",
    "(a, b, { c, d = [')'] } = {}, ...rest) => 1",
    "function f /* ( */ (a /* ) */, b) {}",
    "(a, // )\n b) => 1",
    "(a, b // )\n) => 1",
    "({ method(a, b) { return (1) } }).method",
    "({ async method(a, b) {} }).method",
    "({ ['x('](a, b) {} })['x(']",
    "({ 'quoted ('(a, b) {} })['quoted (']",
    "({ async(a, b) {} }).async",
    "({ get(a, b) {} }).get",
    "({ 7(a, b) {} })[7]",
    "new (class { method(a, b) { return this.#x } #x = 1 })().method",
    "(class { static method(a, b) {} }).method",
    "(class { static #p(a, b) {} static get() { return this.#p } }).get()",
    "(a, b, c = (x) => x, d = function (y) { return y }) => 1",
    "(a, b, c = /\\)/) => 1",
  ];
  for (const source of sources) {
    assertEquals(evaluate("[a, b]", made(source), [1, 2]), [1, 2], source);
  }
  for (
    const source of ["a => g(a)", "async a => (1)", "async /* ( */ a => 1", "$a => 1", "ä => 1"]
  ) {
    const name = /[$\p{L}]+(?= =>)/u.exec(source)![0];
    assertEquals(evaluate(name, made(source), [1]), 1, source);
  }
  assertEquals(evaluate("async", made("async => 1"), [1]), 1);
  assertEquals(evaluate("async", made("(async) => 1"), [1]), 1);
});

Deno.test("compileExpression() sees args, self and literal defaults", () => {
  const fn = (a: number, b = 5): number => a + b;
  assertEquals(evaluate("[a, b]", fn, [1]), [1, 5]);
  assertEquals(evaluate("args", fn, [1]), [1]);
  assertEquals(evaluate("[self.w, this.w]", fn, [1], { w: 2 }), [2, 2]);
  assertEquals(evaluate("self", fn, [1]), undefined);
  assertEquals(evaluate("args.length", Math.max, [1, 2, 3]), 3);
  assertEquals(evaluate("args", made("(args, self) => 1"), ["own", 2]), "own");
  assertEquals(evaluate("a // comment", fn, [1]), 1);
  assertEquals(evaluate("{ a: 1 }", fn, [1]), { a: 1 });
  assertEquals(evaluate("(a, 2)", fn, [1]), 2);
});

Deno.test("compileExpression() throws a TypeError when the string is not an expression", () => {
  for (
    const expression of [
      "",
      " ",
      "(",
      "1) + (2",
      "...args",
      // In brackets it would be two; without them JavaScript takes the last, and different calls would share an entry.
      "a, 2",
      "a;b",
      "return a",
      "await a",
      "if (a) b",
      "a b",
    ]
  ) {
    const error = assertThrows(
      () => compileExpression(expression, (a: number) => a),
      TypeError,
      "not one expression",
    );
    assertEquals((error.cause as Error).name, "SyntaxError", expression);
  }
});

Deno.test("compileExpression() runs nothing when it compiles", () => {
  const globals = globalThis as { touched?: boolean };
  const fn = made("function f(a = (globalThis.touched = true)) {}");
  compileExpression("globalThis.touched = true", fn);
  assertEquals(globals.touched, undefined);
});

Deno.test("compileExpression() throws when it is evaluated and a default is out of sight", () => {
  const outside = 7;
  const fn = (a: number, b = outside): number => a + b;
  assertEquals(evaluate("[a, b]", fn, [1, 2]), [1, 2]);
  assertThrows(() => evaluate("[a, b]", fn, [1]), ReferenceError);
});
