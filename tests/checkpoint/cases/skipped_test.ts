// Copyright 2026 the pecapiku authors. MIT license.

import { script, skip, testCases } from "./_cases.ts";

const foo = script(`function foo(a) { console.log("run"); return a; }`);

testCases("checkpoint() skips when only names change", [
  skip("s1 a parameter", foo, script(`function foo(x) { console.log("run"); return x; }`), 1),
  skip(
    "s1 a parameter, used in a nested function",
    script(`function foo(a) { console.log("run"); return [1, 2].map((b) => a + b).join(); }`),
    script(`function foo(b) { console.log("run"); return [1, 2].map((a) => b + a).join(); }`),
    "2,3",
  ),
  skip(
    "s1 a parameter that is destructured under another name",
    script(
      `function foo({ k: a, ...r }) { console.log("run"); return a + r.m; }`,
      `checkpoint(foo)({ k: 1, m: 2 })`,
    ),
    script(
      `function foo({ k: x, ...others }) { console.log("run"); return x + others.m; }`,
      `checkpoint(foo)({ k: 1, m: 2 })`,
    ),
    3,
  ),
  skip(
    "s2 a local and a module constant",
    script(`const N = 0;
      function foo(a) { console.log("run"); const b = N + 1; return b; }`),
    script(`const X = 0;
      function foo(a) { console.log("run"); const z = X + 1; return z; }`),
    1,
  ),
  skip(
    "s2 a label and a caught error",
    script(`function foo(n) {
      console.log("run");
      outer: for (let i = 0; ; i++) {
        for (let j = 0; j < 9; j++) { try { if (j > n) throw j; } catch (e) { break outer; } }
      }
      return n;
    }`),
    script(`function foo(n) {
      console.log("run");
      loop: for (let k = 0; ; k++) {
        for (let m = 0; m < 9; m++) { try { if (m > n) throw m; } catch (error) { break loop; } }
      }
      return n;
    }`),
    1,
  ),
  skip(
    "s3 the function",
    foo,
    script(`function bar(a) { console.log("run"); return a; }`, `checkpoint(bar)(1)`),
    1,
  ),
  skip(
    "s3 a function that calls itself",
    script(
      `function foo(n) { console.log("run"); return n < 2 ? 1 : n * foo(n - 1); }`,
      `checkpoint(foo)(5)`,
    ),
    script(
      `function factorial(n) { console.log("run"); return n < 2 ? 1 : n * factorial(n - 1); }`,
      `checkpoint(factorial)(5)`,
    ),
    120,
  ),
  skip(
    "s3 the constant that holds an arrow function",
    `const foo = checkpoint((a: number) => { console.log("run"); return a; });
     console.log(foo(1));`,
    `const bar = checkpoint((a: number) => { console.log("run"); return a; });
     console.log(bar(1));`,
    1,
  ),
  skip(
    "s9 a helper",
    script(`function bar(x) { return x; }
      function foo(a) { console.log("run"); return bar(a); }`),
    script(`function qux(x) { return x; }
      function foo(a) { console.log("run"); return qux(a); }`),
    1,
  ),
  skip(
    "s9 two helpers, which swap their names",
    script(`function up(x) { return x + 1; } function double(x) { return x * 2; }
      function foo(a) { console.log("run"); return double(up(a)); }`),
    script(`function double(x) { return x + 1; } function up(x) { return x * 2; }
      function foo(a) { console.log("run"); return up(double(a)); }`),
    4,
  ),
]);

testCases("checkpoint() skips when only types and comments change", [
  ...Object.entries({
    types: `function foo(a: number): number { console.log("run"); return a; }`,
    comments: `// Why.\nfunction foo(a) { /* Why. */ console.log("run"); return a /* why */; }`,
    "types and comments":
      `function foo(a: number): number { console.log("run"); return a /* why */; }`,
    "a doc comment": `/** Gives it. */\nfunction foo(a) { console.log("run"); return a; }`,
    as: `function foo(a: unknown) { console.log("run"); return a as number; }`,
    satisfies: `function foo(a: number) { console.log("run"); return a satisfies number; }`,
    "!": `function foo(a: number | null) { console.log("run"); return a!; }`,
    "an angle cast": `function foo(a: unknown) { console.log("run"); return <number> a; }`,
    generics: `function foo<T extends number>(a: T): T { console.log("run"); return a; }`,
    "an optional parameter": `function foo(a?: number) { console.log("run"); return a; }`,
    "a this parameter": `function foo(this: void, a: number) { console.log("run"); return a; }`,
    overloads: `function foo(a: number): number;
      function foo(a: string): string;
      function foo(a: any): any { console.log("run"); return a; }`,
    "an interface and a type beside it": `interface A { a: number } type B = A["a"];
      function foo(a: B): B { console.log("run"); return a; }`,
    "a type within":
      `function foo(a: number) { type T = typeof a; console.log("run"); return a as T; }`,
  }).map(([what, code]) => skip(`s4 ${what}`, foo, script(code), 1)),
  skip("s4 a type import", foo, {
    "main.ts": script(`import type { N } from "./types.ts";
      function foo(a: N): N { console.log("run"); return a; }`),
    "types.ts": "export type N = number;",
  }, 1),
  skip("s4 an import of a type without the word", foo, {
    "main.ts": script(`import { N } from "./types.ts";
      function foo(a: N): N { console.log("run"); return a; }`),
    "types.ts": "export type N = number; export const other = Date.now();",
  }, 1),
  skip(
    "s4 types in a class that is used",
    script(`class P { x; constructor(x) { this.x = x; } get() { return this.x; } }
      function foo(a) { console.log("run"); return new P(a).get(); }`),
    script(
      `class P<T> { public x: T; constructor(x: T) { this.x = x; } get(): T { return this.x!; } }
      function foo(a: number) { console.log("run"); return new P<number>(a).get(); }`,
    ),
    1,
  ),
]);

testCases(
  "checkpoint() skips when the value of a default is not used, or is the same as the argument",
  [
    skip(
      "s5 another default, and the value in effect is the same",
      script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)()"),
      script(`function foo(a = 2) { console.log("run"); return a; }`, "checkpoint(foo)(1)"),
      1,
    ),
    skip(
      "s5 a default is added",
      foo,
      script(`function foo(a = 2) { console.log("run"); return a; }`),
      1,
    ),
    skip(
      "s5 a default is removed",
      script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)()"),
      foo,
      1,
    ),
    skip(
      "s5 a default is spelled out as undefined",
      script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)()"),
      script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)(undefined)"),
      1,
    ),
    skip(
      "s5 a default that is an object",
      script(
        `function foo(a = { k: [1, -2] }) { console.log("run"); return a.k[1]; }`,
        "checkpoint(foo)()",
      ),
      script(
        `function foo(a) { console.log("run"); return a.k[1]; }`,
        "checkpoint(foo)({ k: [1, -2] })",
      ),
      -2,
    ),
    skip(
      "s5 the default of the second of three",
      script(
        `function foo(a, b = 2, c = 3) { console.log("run"); return a + b + c; }`,
        "checkpoint(foo)(1, undefined, 4)",
      ),
      script(
        `function foo(a, b = 9, c = 8) { console.log("run"); return a + b + c; }`,
        "checkpoint(foo)(1, 2, 4)",
      ),
      7,
    ),
    skip(
      "s5 a default that calls a helper, given instead",
      script(
        `function one() { return 1; }
       function foo(a = one()) { console.log("run"); return a; }`,
        "checkpoint(foo)(1)",
      ),
      script(
        `function one() { return 2; }
       function foo(a = one()) { console.log("run"); return a; }`,
        "checkpoint(foo)(1)",
      ),
      1,
    ),
  ],
);
