// Copyright 2026 the pecapiku authors. MIT license.

/** Two versions of a few cells, and what comes of running one after the other, each in a kernel of its own. */
export interface Row {
  readonly name: string;
  /** The cells. `$` is the place of the decorator. */
  readonly first: readonly string[];
  readonly second?: readonly string[];
  /** What the first version prints, with `run` where the function is evaluated when nothing is cached. */
  readonly prints: string;
  /** What the second version prints when it runs again; `undefined` if it is skipped. */
  readonly then?: string;
  /** What the warning names, if the function is evaluated each time. */
  readonly names?: string;
}

const foo = `function foo(a) { console.log("run"); return a; }`;
const call = "console.log($(foo)(1));";
const helped = [`function foo(a) { console.log("run"); return bar(a); }`, call];

/** The rows that are marked N, and a few more. */
export const ROWS: readonly Row[] = [
  {
    name: "s1 a parameter is renamed",
    first: [foo, call],
    second: [`function foo(x) { console.log("run"); return x; }`, call],
    prints: "run\n1",
  },
  {
    name: "s2 a local and a constant of another cell are renamed",
    first: [
      "const N = 0;",
      `function foo(a) { console.log("run"); const b = N + 1; return b + a; }`,
      call,
    ],
    second: [
      "const X = 0;",
      `function foo(a) { console.log("run"); const z = X + 1; return z + a; }`,
      call,
    ],
    prints: "run\n2",
  },
  {
    name: "s2 a local and a constant of the same cell are renamed",
    first: [
      `const N1 = 0; function foo(a) { console.log("run"); const b = N1 + 1; return b; } ${call}`,
    ],
    second: [
      `const X1 = 0; function foo(a) { console.log("run"); const z = X1 + 1; return z; } ${call}`,
    ],
    prints: "run\n1",
  },
  {
    name: "s3 the function is renamed",
    first: [foo, call],
    second: [foo.replace("foo", "bar"), call.replace("foo", "bar")],
    prints: "run\n1",
  },
  {
    name: "s4 types and comments",
    first: [foo, call],
    second: [
      `function foo(a: number): number { console.log("run"); return a /* why */; }`,
      "console.log($(foo)(1 as number));",
    ],
    prints: "run\n1",
  },
  {
    name: "s4 as, satisfies and !",
    first: [foo, call],
    second: [
      `function foo(a: number | null) { console.log("run"); return (a as number satisfies number)!; }`,
      call,
    ],
    prints: "run\n1",
  },
  {
    name: "s9 a helper is renamed",
    first: ["function bar(x) { return x; }", ...helped],
    second: ["function qux(x) { return x; }", helped[0]!.replace("bar", "qux"), call],
    prints: "run\n1",
  },
  {
    name: "r1 an argument",
    first: [foo, "console.log($(foo)(0));"],
    second: [foo, call],
    prints: "run\n0",
    then: "run\n1",
  },
  {
    name: "r2 the function",
    first: [foo, call],
    second: [foo.replace("return a", "return a + 1"), call],
    prints: "run\n1",
    then: "run\n2",
  },
  {
    name: "r3 a constant",
    first: [
      "const X = 0;",
      `function foo() { console.log("run"); return X; }`,
      "console.log($(foo)());",
    ],
    second: [
      "const X = 1;",
      `function foo() { console.log("run"); return X; }`,
      "console.log($(foo)());",
    ],
    prints: "run\n0",
    then: "run\n1",
  },
  {
    name: "r3 a value in an object",
    first: [
      "const c = { x: [1] };",
      `function foo() { console.log("run"); return c.x[0]; }`,
      "console.log($(foo)());",
    ],
    second: [
      "const c = { x: [2] };",
      `function foo() { console.log("run"); return c.x[0]; }`,
      "console.log($(foo)());",
    ],
    prints: "run\n1",
    then: "run\n2",
  },
  {
    name: "r4 a helper",
    first: ["function bar(x) { return x; }", ...helped],
    second: ["function bar(x) { return x + 1; }", ...helped],
    prints: "run\n1",
    then: "run\n2",
  },
  {
    name: "r5 a helper of a helper",
    first: [
      "const low = (x) => x;",
      "const mid = (x) => low(x) * 2;",
      helped[0]!.replace("bar", "mid"),
      call,
    ],
    second: [
      "const low = (x) => x + 1;",
      "const mid = (x) => low(x) * 2;",
      helped[0]!.replace("bar", "mid"),
      call,
    ],
    prints: "run\n2",
    then: "run\n4",
  },
  {
    name: "r7 a method of an argument's class",
    first: [
      "class Bar { x = 1; baz() { this.x += 1; } }",
      `function foo(bar: Bar) { console.log("run"); bar.baz(); return bar.x; }`,
      "console.log($(foo)(new Bar()));",
    ],
    second: [
      "class Bar { x = 1; baz() { } }",
      `function foo(bar: Bar) { console.log("run"); bar.baz(); return bar.x; }`,
      "console.log($(foo)(new Bar()));",
    ],
    prints: "run\n2",
    then: "run\n1",
  },
  {
    name: "r7 a method of the superclass in another cell",
    first: [
      "class Base { x = 1; baz() { this.x += 1; } }",
      "class Heir extends Base {}",
      `function foo(bar) { console.log("run"); bar.baz(); return bar.x; }`,
      "console.log($(foo)(new Heir()));",
    ],
    second: [
      "class Base { x = 1; baz() { this.x += 2; } }",
      "class Heir extends Base {}",
      `function foo(bar) { console.log("run"); bar.baz(); return bar.x; }`,
      "console.log($(foo)(new Heir()));",
    ],
    prints: "run\n2",
    then: "run\n3",
  },
  {
    name: "r12 what uses lists",
    first: [
      "const limit = 1;",
      foo.replace("return a", "return a + limit"),
      "console.log($uses(foo)(1));",
    ],
    second: [
      "const limit = 2;",
      foo.replace("return a", "return a + limit"),
      "console.log($uses(foo)(1));",
    ],
    prints: "run\n2",
    then: "run\n3",
  },
  {
    name: "r13 the cell of a helper is edited and run again",
    first: [
      "function bar(x) { return x; }",
      `const cached = $(function foo(a) { console.log("run"); return bar(a); });`,
      "console.log(cached(1)); console.log(cached(1));",
      "function bar(x) { return x + 1; }",
      "console.log(cached(1)); console.log(cached(1));",
      "function bar(x) { return x; }",
      "console.log(cached(1));",
    ],
    prints: "run\n1\n1\nrun\n2\n2\n1",
  },
  {
    name: "r13 the cell of a helper's helper is edited and run again",
    first: [
      "const inner = (x) => x;",
      "const outer = (x) => inner(x);",
      `const cached = $(function foo(a) { console.log("run"); return outer(a); });`,
      "console.log(cached(1));",
      "const inner = (x) => x + 1;",
      "console.log(cached(1));",
    ],
    prints: "run\n1\nrun\n2",
  },
  {
    name: "r13 a variable is assigned in a later cell",
    first: [
      "let rate = 1;",
      `const cached = $(function foo(a) { console.log("run"); return a * rate; });`,
      "console.log(cached(1));",
      "rate = 2;",
      "console.log(cached(1));",
      "rate = 1;",
      "console.log(cached(1));",
    ],
    prints: "run\n1\nrun\n2\n1",
  },
  {
    name: "r13 an object is changed in a later cell",
    first: [
      "const config = { rate: 1 };",
      `const cached = $(function foo(a) { console.log("run"); return a * config.rate; });`,
      "console.log(cached(1));",
      "config.rate = 2;",
      "console.log(cached(1));",
    ],
    prints: "run\n1\nrun\n2",
  },
  {
    name: "r13 the cell of an argument's class is edited and run again",
    first: [
      "class P { v() { return 1; } }",
      `const cached = $(function foo(p) { console.log("run"); return p.v(); });`,
      "console.log(cached(new P()));",
      "class P { v() { return 2; } }",
      "console.log(cached(new P()));",
    ],
    prints: "run\n1\nrun\n2",
  },
  {
    name: "an async function",
    first: [
      "async function bar(x) { return await x; }",
      `async function foo(a) { console.log("run"); return await bar(a); }`,
      "console.log(await $(foo)(1));",
    ],
    second: [
      "async function bar(x) { return await x + 1; }",
      `async function foo(a) { console.log("run"); return await bar(a); }`,
      "console.log(await $(foo)(1));",
    ],
    prints: "run\n1",
    then: "run\n2",
  },
  {
    name: "a method",
    first: [
      `class M { k = 1; @$$ foo(a) { console.log("run"); return a + this.k; } }\nconsole.log(new M().foo(1));`,
    ],
    second: [
      `class M { k = 2; @$$ foo(a) { console.log("run"); return a + this.k; } }\nconsole.log(new M().foo(1));`,
    ],
    prints: "run\n2",
    then: "run\n3",
  },
  {
    name: "a variable captured from an enclosing function",
    first: [
      `function make(k) { return $(function foo(a) { console.log("run"); return a + k; }); }`,
      "console.log(make(1)(1)); console.log(make(2)(1));",
    ],
    prints: "run\n2\nrun\n3",
    names: "k",
  },
];
