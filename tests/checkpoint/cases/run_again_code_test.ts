// Copyright 2026 the pecapiku authors. MIT license.

import { type Case, rerun, script, testCases } from "./_cases.ts";

const body = (code: string, expression?: string) =>
  script(`function foo(a) { console.log("run"); ${code} }`, expression);

/** A function whose text is said twice. */
function code(
  name: string,
  first: string,
  second: string,
  prints: [unknown, unknown],
  argument = "1",
): Case {
  const expression = `await checkpoint(foo)(${argument})`;
  return rerun(`r15 ${name}`, body(first, expression), body(second, expression), [
    String(prints[0]),
    String(prints[1]),
  ]);
}

testCases("checkpoint() runs again when a small part of the code changes", [
  code("a comparison", "return a < 1;", "return a <= 1;", [false, true]),
  code("the other comparison", "return a < 2;", "return a > 2;", [true, false]),
  code("equality", "return a == '1';", "return a === '1';", [true, false]),
  code("&& and ||", "return a && 2;", "return a || 2;", [2, 1]),
  code("|| and ??", "return a || 2;", "return a ?? 2;", [2, 0], "0"),
  code("plus and minus", "return a + 1;", "return a - 1;", [2, 0]),
  code("a sign", "return a;", "return -a;", [1, -1]),
  code("the order of operands", "return a - 3;", "return 3 - a;", [-2, 2]),
  code("where parentheses are", "return a + 1 * 2;", "return (a + 1) * 2;", [3, 4]),
  code("++ before and after", "return a++;", "return ++a;", [1, 2]),
  code("a number", "return a + 1;", "return a + 10;", [2, 11]),
  code("a number and a bigint", "return typeof 1;", "return typeof 1n;", ["number", "bigint"]),
  code(
    "zero and minus zero",
    "return Object.is(a, 0);",
    "return Object.is(a, -0);",
    [true, false],
    "0",
  ),
  code("a string", `return "x" + a;`, `return "y" + a;`, ["x1", "y1"]),
  code("a space in a string", `return "x y" + a;`, `return "x  y" + a;`, ["x y1", "x  y1"]),
  code("a flag of a regular expression", `return /B/.test("b");`, `return /B/i.test("b");`, [
    false,
    true,
  ]),
  code("a regular expression", `return "ab".match(/a./)[0];`, `return "ab".match(/a.?$/)[0] + a;`, [
    "ab",
    "ab1",
  ]),
  code("a template string", "return `x ${a}`;", "return `y ${a}`;", ["x 1", "y 1"]),
  code(
    "the raw text of a tagged template",
    "return String.raw`\\x41${a}`;",
    "return String.raw`A${a}`;",
    ["\\x411", "A1"],
  ),
  code(
    "the target of a label",
    "let n = 0; x: for (let i = 0; i < 3; i++) { y: for (let j = 0; j < 3; j++) { n++; continue x; } } return n;",
    "let n = 0; x: for (let i = 0; i < 3; i++) { y: for (let j = 0; j < 3; j++) { n++; continue y; } } return n;",
    [3, 9],
  ),
  code(
    "break and continue",
    "let n = 0; for (let i = 0; i < 3; i++) { n++; continue; } return n;",
    "let n = 0; for (let i = 0; i < 3; i++) { n++; break; } return n;",
    [3, 1],
  ),
  code(
    "the body of catch",
    "try { throw 0; } catch { return 1; }",
    "try { throw 0; } catch { return 2; }",
    [1, 2],
  ),
  code(
    "what finally returns",
    "try { return 1; } finally { a = 2; }",
    "try { return 1; } finally { return 2; }",
    [1, 2],
  ),
  code("the order of statements", "a += 1; a *= 2; return a;", "a *= 2; a += 1; return a;", [4, 3]),
  code("a statement that goes", "a += 1; a *= 2; return a;", "a *= 2; return a;", [4, 2]),
  code("the test of a loop", "while (a < 3) a++; return a;", "do a++; while (a < 1); return a;", [
    3,
    2,
  ]),
  code(
    "let and var in a closure",
    "var fs = []; for (let i = 0; i < 2; i++) fs.push(() => i); return fs[0]();",
    "var fs = []; for (var i = 0; i < 2; i++) fs.push(() => i); return fs[0]();",
    [0, 2],
  ),
  code("for of and for in", "for (const x of [7]) return x;", "for (const x in [7]) return x;", [
    7,
    0,
  ]),
  code("optional chaining", "return a?.b;", "return a ? a.b : 0;", ["undefined", 0], "null"),
  code(
    "a case that falls through",
    "switch (a) { case 1: a = 5; break; case 2: a = 6; } return a;",
    "switch (a) { case 1: a = 5; case 2: a = 6; } return a;",
    [5, 6],
  ),
  code(
    "the order of properties",
    "return Object.keys({ x: 1, y: 2 }).join();",
    "return Object.keys({ y: 2, x: 1 }).join();",
    ["x,y", "y,x"],
  ),
  code(
    "the order of spread",
    "return { x: 1, ...a }.x;",
    "return { ...a, x: 1 }.x;",
    [2, 1],
    "{ x: 2 }",
  ),
  code("a hole in an array", "return 0 in [, 1];", "return 0 in [undefined, 1];", [false, true]),
  code(
    "a getter and a value",
    "return typeof Object.getOwnPropertyDescriptor({ get x() { return 1; } }, 'x').get;",
    "return typeof Object.getOwnPropertyDescriptor({ x: 1 }, 'x').get;",
    ["function", "undefined"],
  ),
  code(
    "an arrow function and a function",
    "return (() => typeof new.target)();",
    "return (function () { return 'this:' + typeof this; })();",
    ["undefined", "this:undefined"],
  ),
  code(
    "a directive",
    "return (function () { return typeof this; }).call(1);",
    "return (function () { 'no'; return typeof this + 1; }).call(1);",
    ["number", "number1"],
  ),
  code(
    "a shorthand property's name",
    "const x = 1; return Object.keys({ x })[0];",
    "const y = 1; return Object.keys({ y })[0];",
    ["x", "y"],
  ),
  code(
    "the default of a pattern",
    "const { k = 1 } = {}; return k;",
    "const { k = 2 } = {}; return k;",
    [1, 2],
  ),
  code(
    "a key of a pattern",
    "const { x: v } = { x: 1, y: 2 }; return v;",
    "const { y: v } = { x: 1, y: 2 }; return v;",
    [1, 2],
  ),
  code("a comma", "return (0, a);", "return (a, 0);", [1, 0]),
  code("delete and void", "return typeof delete a.k;", "return typeof void a.k;", [
    "boolean",
    "undefined",
  ], "{ k: 1 }"),
]);

const steps = `const done = [];
  const a1 = async () => { done.push("A"); };
  const b1 = async () => { done.push("B"); };`;

testCases("checkpoint() runs again when what happens in between changes", [
  rerun(
    "r12 what uses lists",
    `const limit = 1;
     const foo = checkpoint({ uses: () => ({ limit }) })(function foo(a) { console.log("run"); return a + limit; });
     console.log(foo(1));`,
    `const limit = 2;
     const foo = checkpoint({ uses: () => ({ limit }) })(function foo(a) { console.log("run"); return a + limit; });
     console.log(foo(1));`,
    [2, 3],
  ),
  rerun(
    "r12 what uses lists of the world outside",
    `const limit = Deno.args.length;
     const foo = checkpoint({ uses: () => ({ limit }) })(function foo(a) { console.log("run"); return a + limit; });
     console.log(foo(1));`,
    `const limit = Deno.args.length;
     const foo = checkpoint({ uses: () => ({ limit }) })(function foo(a) { console.log("run"); return a + limit; });
     console.log(foo(1));`,
    [2, 3],
    { args: ["1"], secondArgs: ["1", "2"] },
  ),
  rerun(
    "r14 an assignment below",
    script(`let rate = 1; function foo(a) { console.log("run"); return a * rate; } rate = 2;`),
    script(`let rate = 1; function foo(a) { console.log("run"); return a * rate; } rate = 3;`),
    [2, 3],
  ),
  rerun(
    "r14 an assignment in a condition",
    script(
      `let rate = 1; if (rate < 2) { rate += 1; } function foo(a) { console.log("run"); return a * rate; }`,
    ),
    script(
      `let rate = 1; if (rate < 2) { rate += 2; } function foo(a) { console.log("run"); return a * rate; }`,
    ),
    [2, 3],
  ),
  rerun(
    "r14 an assignment that comes",
    script(`let rate = 1; function foo(a) { console.log("run"); return a * rate; }`),
    script(`let rate = 1; function foo(a) { console.log("run"); return a * rate; } rate++;`),
    [1, 2],
  ),
  rerun(
    "r14 an assignment of a pattern",
    script(`let rate = 1; [rate] = [2]; function foo(a) { console.log("run"); return a * rate; }`),
    script(`let rate = 1; [rate] = [3]; function foo(a) { console.log("run"); return a * rate; }`),
    [2, 3],
  ),
  rerun(
    "r14 a loop",
    script(
      `let rate = 1; for (let i = 0; i < 1; i++) rate++; function foo(a) { console.log("run"); return a * rate; }`,
    ),
    script(
      `let rate = 1; for (let i = 0; i < 2; i++) rate++; function foo(a) { console.log("run"); return a * rate; }`,
    ),
    [2, 3],
  ),
  rerun(
    "r16 the order of two that are awaited",
    script(
      `async function foo(a) { console.log("run"); ${steps} await a1(); await b1(); return done.join(""); }`,
      "await checkpoint(foo)(1)",
    ),
    script(
      `async function foo(a) { console.log("run"); ${steps} await b1(); await a1(); return done.join(""); }`,
      "await checkpoint(foo)(1)",
    ),
    ["AB", "BA"],
  ),
  rerun(
    "r16 the order of two helpers that are awaited",
    script(
      `async function a1(done) { done.push("A"); } async function b1(done) { done.push("B"); }
       async function foo(a) { console.log("run"); const done = []; await a1(done); await b1(done); return done.join(""); }`,
      "await checkpoint(foo)(1)",
    ),
    script(
      `async function a1(done) { done.push("A"); } async function b1(done) { done.push("B"); }
       async function foo(a) { console.log("run"); const done = []; await b1(done); await a1(done); return done.join(""); }`,
      "await checkpoint(foo)(1)",
    ),
    ["AB", "BA"],
  ),
  rerun(
    "r16 one by one, and at once",
    script(
      `const slow = async (done, n) => { done.push(n); await 0; done.push(-n); };
       async function foo(a) { console.log("run"); const done = []; await slow(done, 1); await slow(done, 2); return done.join(); }`,
      "await checkpoint(foo)(1)",
    ),
    script(
      `const slow = async (done, n) => { done.push(n); await 0; done.push(-n); };
       async function foo(a) { console.log("run"); const done = []; await Promise.all([slow(done, 1), slow(done, 2)]); return done.join(); }`,
      "await checkpoint(foo)(1)",
    ),
    ["1,-1,2,-2", "1,2,-1,-2"],
  ),
]);
