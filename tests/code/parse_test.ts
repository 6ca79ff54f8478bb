// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { childrenOf, type Node, parseModule, parseUnit, walk } from "../../src/code/_parse.ts";

class Base {}

class Sample extends Base {
  static #count = 0;
  #value = 1;
  static create(): Sample {
    Sample.#count++;
    return new Sample();
  }
  get value(): number {
    return this.#value;
  }
  set value(given: number) {
    this.#value = given;
  }
  *[Symbol.iterator](): Generator<number> {
    yield this.#value;
  }
  async *later(): AsyncGenerator<number> {
    yield await Promise.resolve(this.#value);
  }
  async delete(): Promise<void> {
    await Promise.resolve();
  }
  "quoted name"(): number {
    return 1;
  }
  12(): number {
    return 1;
  }
  arrow = (): number => this.#value;
  static async(): number {
    return 1;
  }
  get(): number {
    return 1;
  }
  static show(): () => number {
    return new Sample().#hidden;
  }
  #hidden(): number {
    return super.toString().length;
  }
}

function accessor(name: "get" | "set"): unknown {
  return Object.getOwnPropertyDescriptor(Sample.prototype, "value")![name];
}

Deno.test("parseUnit() takes what toString() gives of a function when it is of any kind", () => {
  const object = {
    method() {},
    async asynchronous() {},
    *generator() {},
    ["computed" + 1]() {},
    get() {},
    function() {},
    if() {},
  };
  const functions: unknown[] = [
    function () {},
    function named() {},
    async function () {},
    function* () {},
    async function* () {},
    () => 1,
    async (x: number) => await x,
    (x: number) => ({ x }),
    class {},
    class Named extends Sample {
      static {
        void this;
      }
    },
    Sample,
    ...Object.values(object),
    Sample.create,
    Sample.async,
    Sample.show(),
    Sample.prototype.later,
    Sample.prototype.delete,
    Sample.prototype.get,
    Sample.prototype["quoted name"],
    Sample.prototype[12],
    Sample.prototype[Symbol.iterator],
    new Sample().arrow,
    accessor("get"),
    accessor("set"),
    new Function("a", "b", "return a + b"),
    Object.values({ "a-b": () => {} })[0],
  ];
  for (const given of functions) {
    const text = String(given);
    const parsed = parseUnit(text, "function");
    assert(parsed !== undefined, text);
    const whole = parsed.member ?? parsed.root;
    assertEquals(parsed.text.slice(whole.start, whole.end), text);
  }
});

Deno.test("parseUnit() takes members when they are written in other ways than toString() has them", () => {
  for (const text of ["static m() {}", "async *#m() {}", "static async *[k]() {}", "get #k() {}"]) {
    assertEquals(parseUnit(text, "function")?.member?.type, "MethodDefinition", text);
  }
});

Deno.test("parseUnit() gives undefined when a text is no function", () => {
  const texts = [
    "",
    " ",
    "1",
    "x",
    "{}",
    "function f() {",
    "function push() { [native code] }",
    "x => ",
    "() => 1, () => 2",
    "a() {}, b() {}",
    "k: function () {}",
    "k = () => 1",
    "}) + ({",
    "m() {} }) + ({ n() {}",
    "function f() {} function g() {}",
    "/* only a comment */",
    "class { m() {} ",
    "\0",
    "\ud800",
    "function f(a, a) { 'use strict'; return a }",
    "#",
  ];
  for (const text of texts) assertEquals(parseUnit(text, "function"), undefined, text);
});

Deno.test("parseUnit() gives undefined when a text is no expression", () => {
  for (const text of ["", "const x = 1", "1; 2", "1) + (2", "...x"]) {
    assertEquals(parseUnit(text, "expression"), undefined, text);
  }
  for (
    const text of ["1", "{}", "{ a: 1 }.a", "1, 2", "await x", "function () {}", "import.meta"]
  ) {
    assert(parseUnit(text, "expression") !== undefined, text);
  }
});

Deno.test("parseUnit() gives undefined when a text is no statement", () => {
  for (const text of ["const x", "a b", "}", "if (x) {"]) {
    assertEquals(parseUnit(text, "statement"), undefined, text);
  }
  for (const text of ["", "x;", "const { a, b } = c", "await x; f();", "for await (x of y) {}"]) {
    assert(parseUnit(text, "statement") !== undefined, text);
  }
});

Deno.test("parseUnit() tells sloppy code from strict code when only the former can be parsed", () => {
  assertEquals(parseUnit("function () { with (a) { b } }", "function")?.strict, false);
  assertEquals(parseUnit("function () { return 017 }", "function")?.strict, false);
  assertEquals(parseUnit("function () { return a }", "function")?.strict, true);
});

Deno.test("parseUnit() gives undefined and does not throw when a text is nested very deeply", () => {
  const text = `() => ${"(".repeat(20_000)}1${")".repeat(20_000)}`;
  assertEquals(parseUnit(text, "function"), undefined);
});

Deno.test("parseModule() throws a SyntaxError when a text is no module", () => {
  assertThrows(() => parseModule("const x: number = 1"), SyntaxError);
  assertThrows(() => parseModule("with (a) {}"), SyntaxError);
  assertThrows(() => parseModule("class { m() { this.#x } }"), SyntaxError);
});

Deno.test("parseModule() takes what Deno runs when it is newer than the language's last edition", () => {
  const text =
    `import defer * as a from "a"; import source b from "b"; import c from "c" with { type: "json" };
    @d class E { accessor x = 1; @f() m() { using g = h; } } await 1; export { x as "y z" } from "z";`;
  assertEquals(parseModule(text).type, "Program");
});

Deno.test("walk() visits each node once, in the order of the text, and stops where it is told to", () => {
  const program = parseModule("f(a, () => b, c);");
  const names = (skip: string) => {
    const found: string[] = [];
    walk(program, (node: Node) => {
      if (node.type === "Identifier") found.push(node.name);
      return node.type !== skip;
    });
    return found.join();
  };
  assertEquals(names("none"), "f,a,b,c");
  assertEquals(names("ArrowFunctionExpression"), "f,a,c");
  assertEquals(childrenOf(program.body[0]).map(({ type }) => type), ["CallExpression"]);
});

Deno.test("walk() does not throw when a tree is deeper than the stack", () => {
  let node: Node = { type: "Identifier", start: 0, end: 0, name: "x" };
  for (let i = 0; i < 100_000; i++) node = { type: "Unary", start: 0, end: 0, argument: node };
  let count = 0;
  walk(node, () => void count++);
  assertEquals(count, 100_001);
});
