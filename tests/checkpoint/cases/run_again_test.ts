// Copyright 2026 the pecapiku authors. MIT license.

import { rerun, script, testCases } from "./_cases.ts";

const body = (code: string, expression?: string) =>
  script(`function foo(a) { console.log("run"); ${code} }`, expression);

testCases("checkpoint() runs again when the function or an argument changes", [
  rerun("r1 an argument", body("return a;", "checkpoint(foo)(0)"), body("return a;"), [0, 1]),
  rerun(
    "r1 a value within an argument",
    body("return a.k[0].m;", `checkpoint(foo)({ k: [{ m: 0 }] })`),
    body("return a.k[0].m;", `checkpoint(foo)({ k: [{ m: 1 }] })`),
    [0, 1],
  ),
  rerun(
    "r1 the type of an argument",
    body("return typeof a;", `checkpoint(foo)(1)`),
    body("return typeof a;", `checkpoint(foo)("1")`),
    ["number", "string"],
  ),
  rerun(
    "r1 an argument that only arguments sees",
    script(`function foo() { console.log("run"); return arguments.length; }`, "checkpoint(foo)(1)"),
    script(
      `function foo() { console.log("run"); return arguments.length; }`,
      "checkpoint(foo)(1, 2)",
    ),
    [1, 2],
  ),
  rerun(
    "r1 one of the rest",
    script(
      `function foo(a, ...rest) { console.log("run"); return rest.join(); }`,
      "checkpoint(foo)(1, 2, 3)",
    ),
    script(
      `function foo(a, ...rest) { console.log("run"); return rest.join(); }`,
      "checkpoint(foo)(1, 2, 4)",
    ),
    ["2,3", "2,4"],
  ),
  rerun(
    "r1 a function among the arguments",
    body("return a(1);", `checkpoint(foo)((x) => x + 1)`),
    body("return a(1);", `checkpoint(foo)((x) => x + 2)`),
    [2, 3],
  ),
  rerun("r2 the function", body("return a;"), body("return a + 1;"), [1, 2]),
  rerun(
    "r2 which of two parameters is meant",
    script(`function foo(a, b) { console.log("run"); return a; }`, "checkpoint(foo)(1, 2)"),
    script(`function foo(a, b) { console.log("run"); return b; }`, "checkpoint(foo)(1, 2)"),
    [1, 2],
  ),
  rerun(
    "r2 whether a local hides a module constant",
    script(`const b = 1; function foo(a) { console.log("run"); { const b = 2; } return b; }`),
    script(
      `const b = 1; function foo(a) { console.log("run"); { const c = 2; } const b = 3; return b; }`,
    ),
    [1, 3],
  ),
  rerun(
    "r3 a constant",
    script(`const X = 0; function foo(a) { console.log("run"); return X; }`),
    script(`const X = 1; function foo(a) { console.log("run"); return X; }`),
    [0, 1],
  ),
  rerun(
    "r3 a constant that a constant is made of",
    script(
      `const X = 0; const Y = [X, 2]; function foo(a) { console.log("run"); return Y.join(); }`,
    ),
    script(
      `const X = 1; const Y = [X, 2]; function foo(a) { console.log("run"); return Y.join(); }`,
    ),
    ["0,2", "1,2"],
  ),
  rerun(
    "r3 a destructured constant",
    script(`const { X } = { X: 0 }; function foo(a) { console.log("run"); return X; }`),
    script(`const { X } = { X: 1 }; function foo(a) { console.log("run"); return X; }`),
    [0, 1],
  ),
  rerun(
    "r4 a helper",
    script(`function bar(x) { return x; }
      function foo(a) { console.log("run"); return bar(a); }`),
    script(`function bar(x) { return x + 1; }
      function foo(a) { console.log("run"); return bar(a); }`),
    [1, 2],
  ),
  rerun(
    "r4 which of two helpers is meant",
    script(`function bar(x) { return x; } function baz(x) { return -x; }
      function foo(a) { console.log("run"); return bar(baz(a)) + bar(a); }`),
    script(`function bar(x) { return x; } function baz(x) { return -x; }
      function foo(a) { console.log("run"); return bar(bar(a)) + bar(a); }`),
    [0, 2],
  ),
  rerun(
    "r5 a helper of a helper of a helper",
    script(`const baz = (x) => x; const bar = (x) => baz(x) * 2;
      function foo(a) { console.log("run"); return bar(a); }`),
    script(`const baz = (x) => x + 1; const bar = (x) => baz(x) * 2;
      function foo(a) { console.log("run"); return bar(a); }`),
    [2, 4],
  ),
  rerun(
    "r8 a default that is used",
    script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)()"),
    script(`function foo(a = 2) { console.log("run"); return a; }`, "checkpoint(foo)()"),
    [1, 2],
  ),
  rerun(
    "r8 a default that is used for undefined",
    script(`function foo(a = 1) { console.log("run"); return a; }`, "checkpoint(foo)(undefined)"),
    script(`function foo(a = 2) { console.log("run"); return a; }`, "checkpoint(foo)(undefined)"),
    [1, 2],
  ),
  rerun(
    "r8 a helper that a default calls",
    script(
      `function one() { return 1; } function foo(a = one()) { console.log("run"); return a; }`,
      "checkpoint(foo)()",
    ),
    script(
      `function one() { return 2; } function foo(a = one()) { console.log("run"); return a; }`,
      "checkpoint(foo)()",
    ),
    [1, 2],
  ),
  rerun(
    "r8 a default in a pattern",
    script(`function foo({ a = 1 }) { console.log("run"); return a; }`, "checkpoint(foo)({})"),
    script(`function foo({ a = 2 }) { console.log("run"); return a; }`, "checkpoint(foo)({})"),
    [1, 2],
  ),
  rerun(
    "r8 a default that uses another parameter",
    script(`function foo(a, b = a) { console.log("run"); return b; }`),
    script(`function foo(a, b = a + 1) { console.log("run"); return b; }`),
    [1, 2],
  ),
  rerun(
    "r9 an enum",
    script(`enum Mode { A = 1 } function foo(a) { console.log("run"); return Mode.A; }`),
    script(`enum Mode { A = 2 } function foo(a) { console.log("run"); return Mode.A; }`),
    [1, 2],
  ),
  rerun(
    "r9 the order of an enum",
    script(`enum Mode { A, B } function foo(a) { console.log("run"); return Mode.A; }`),
    script(`enum Mode { B, A } function foo(a) { console.log("run"); return Mode.A; }`),
    [0, 1],
  ),
  rerun(
    "r9 an enum in another file",
    { "mode.ts": "export enum Mode { A = 1 }", "main.ts": enumUser() },
    { "mode.ts": "export enum Mode { A = 2 }", "main.ts": enumUser() },
    [1, 2],
  ),
]);

function enumUser(): string {
  return script(`import { Mode } from "./mode.ts";
    function foo(a) { console.log("run"); return Mode.A; }`);
}
