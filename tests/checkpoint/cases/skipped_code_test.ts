// Copyright 2026 the pecapiku authors. MIT license.

import { script, skip, testCases } from "./_cases.ts";

const foo = script(`function foo(a) { console.log("run"); return a; }`);
const helped = script(`function bar(x) { return x * 2; }
  function foo(a) { console.log("run"); return bar(a); }`);
const importing = script(`import { bar } from "./helper.ts";
  function foo(a) { console.log("run"); return bar(a); }`);
const helper = "export function bar(x) { return x * 2; }";

testCases("checkpoint() skips when code changes that the function does not use", [
  skip(
    "s6 a constant",
    script(`const X = 0;\nfunction foo(a) { console.log("run"); return a; }`),
    script(`const X = 1;\nfunction foo(a) { console.log("run"); return a; }`),
    1,
  ),
  skip(
    "s6 another function's constant",
    script(`const X = 0; const other = () => X;
      function foo(a) { console.log("run"); return a; }
      other();`),
    script(`const X = 1; const other = () => X;
      function foo(a) { console.log("run"); return a; }
      other();`),
    1,
  ),
  skip(
    "s6 another export of the module of a helper",
    { "main.ts": importing, "helper.ts": `export const X = 0;\n${helper}` },
    { "main.ts": importing, "helper.ts": `export const X = 1;\n${helper}\nexport class Y {}` },
    2,
  ),
  skip(
    "s8 the helper is below the function",
    helped,
    script(`
    function foo(a) { console.log("run"); return bar(a); }
    function bar(x) { return x * 2; }`),
    2,
  ),
  skip("s8 another function comes", helped, `function other() { return 0; }\n${helped}`, 2),
  skip("s8 another function goes", `${helped}\nfunction other() { return 0; }`, helped, 2),
  skip(
    "s8 another function changes",
    `function other() { return 0; }\n${helped}`,
    `function other() { return bar(1); }\n${helped}\nother();`,
    2,
  ),
  skip(
    "s8 another checkpoint comes before",
    helped,
    `
    const other = checkpoint(function other(a) { return a + 1; });
    other(1);
    ${helped}`,
    2,
  ),
]);

testCases("checkpoint() skips when only the layout changes", [
  skip(
    "s7 lines, and a trailing comma",
    script(`function foo(a) { console.log("run"); return [a]; }`),
    script(`function foo(
      a,
    ) {
      console.log("run",);

      return [
        a,
      ];
    }`),
    "[ 1 ]",
  ),
  skip(
    "s7 quotes",
    script(`function foo(a) { console.log("run"); return a + "x"; }`),
    script(`function foo(a) { console.log('run'); return a + 'x' }`),
    "1x",
  ),
  skip(
    "s7 braces round a single statement",
    script(
      `function foo(a) { console.log("run"); for (const x of [1, 2]) if (x > 1) a += x; return a; }`,
    ),
    script(`function foo(a) {
      console.log("run");
      for (const x of [1, 2]) {
        if (x > 1) {
          a += x;
        }
      }
      return a;
    }`),
    3,
  ),
  skip(
    "s7 parentheses and empty statements",
    script(`function foo(a) { console.log("run"); return a + 1 * 2; }`),
    script(`function foo(a) { ; console.log("run");; return (a + (1 * 2)); }`),
    3,
  ),
  skip(
    "s7 the body of an arrow function",
    script(`const foo = (a) => { console.log("run"); return [1].map((x) => x + a)[0]; };`),
    script(
      `const foo = (a) => { console.log("run"); return [1].map((x) => { return x + a; })[0]; };`,
    ),
    2,
  ),
  skip("s7 tabs and line ends of Windows", foo, foo.replaceAll(" return", "\r\n\treturn"), 1),
]);

testCases("checkpoint() skips when a helper lives elsewhere", [
  skip("s10 it is moved to another file", helped, { "main.ts": importing, "helper.ts": helper }, 2),
  skip("s10 it is moved back", { "main.ts": importing, "helper.ts": helper }, helped, 2),
  skip("s10 it is moved to a file in another folder", helped, {
    "main.ts": importing.replace("./helper.ts", "./lib/deep/bar.ts"),
    "lib/deep/bar.ts": helper,
  }, 2),
  skip("s10 the import has another name", { "main.ts": importing, "helper.ts": helper }, {
    "main.ts": script(`import { bar as double } from "./helper.ts";
      function foo(a) { console.log("run"); return double(a); }`),
    "helper.ts": helper,
  }, 2),
  skip("s10 it comes through a barrel", { "main.ts": importing, "helper.ts": helper }, {
    "main.ts": importing.replace("./helper.ts", "./mod.ts"),
    "mod.ts": `export { bar } from "./helper.ts";`,
    "helper.ts": helper,
  }, 2),
  skip("s10 it comes through a barrel of everything", helped, {
    "main.ts": importing.replace("./helper.ts", "./mod.ts"),
    "mod.ts": `export * from "./other.ts";\nexport * from "./helper.ts";`,
    "helper.ts": helper,
    "other.ts": "export const other = 1;",
  }, 2),
  skip("s10 it comes through an import that is exported", helped, {
    "main.ts": importing.replace("./helper.ts", "./mod.ts"),
    "mod.ts": `import { bar } from "./helper.ts";\nexport { bar };`,
    "helper.ts": helper,
  }, 2),
  skip("s10 it comes under another name", helped, {
    "main.ts": importing.replace("./helper.ts", "./mod.ts"),
    "mod.ts": `export { double as bar } from "./helper.ts";`,
    "helper.ts": "export function double(x) { return x * 2; }",
  }, 2),
  skip("s10 it is a default export", helped, {
    "main.ts": importing.replace("{ bar }", "bar"),
    "helper.ts": "export default function bar(x) { return x * 2; }",
  }, 2),
  skip(
    "s10 it and what it uses are moved",
    script(`const FACTOR = 2;
    function bar(x) { return x * FACTOR; }
    function foo(a) { console.log("run"); return bar(a); }`),
    {
      "main.ts": importing,
      "helper.ts": `import { F } from "./constants.ts";\nexport function bar(x) { return x * F; }`,
      "constants.ts": "export const F = 2;",
    },
    2,
  ),
  skip("s10 the function itself is moved", helped, {
    "main.ts": script(`import { foo } from "./foo.ts";`),
    "foo.ts": `${helper}\nexport function foo(a) { console.log("run"); return bar(a); }`,
  }, 2),
  skip("s10 the checkpoint itself is moved", helped, {
    "main.ts": `import { foo } from "./foo.ts";\nconsole.log(foo(1));`,
    "foo.ts": `import { checkpoint } from "@pecapiku/cache/checkpoint";
      import { bar } from "./helper.ts";
      export const foo = checkpoint(function foo(a) { console.log("run"); return bar(a); });`,
    "helper.ts": helper,
  }, 2),
]);

testCases("checkpoint() skips when the same is written in another way", [
  skip(
    "s11 a constant for what is returned",
    script(`function foo(x) { console.log("run"); const y = x + 1; return y; }`),
    script(`function foo(x) { console.log("run"); return x + 1; }`),
    2,
  ),
  skip(
    "s11 two constants",
    script(`function foo(x) { console.log("run"); const y = x + 1; const z = y * 2; return z; }`),
    script(`function foo(x) { console.log("run"); return (x + 1) * 2; }`),
    4,
  ),
  skip(
    "s12 an assignment with an operator",
    script(
      `function foo(vs) { console.log("run"); let total = 0; for (const v of vs) total = total + v; return total; }`,
      "checkpoint(foo)([1, 2])",
    ),
    script(
      `function foo(vs) { console.log("run"); let total = 0; for (const v of vs) total += v; return total; }`,
      "checkpoint(foo)([1, 2])",
    ),
    3,
  ),
  ...Object.entries({
    "else": `if (a) { return 1 } else { return 2 }`,
    "no else": `if (a) return 1;\nreturn 2;`,
    "a condition": `return a ? 1 : 2`,
  }).flatMap(([what, code], index, all) =>
    all.slice(index + 1).map(([other, text]) =>
      skip(
        `s12 ${what} and ${other}`,
        script(`function foo(a) { console.log("run"); ${code} }`),
        script(`function foo(a) { console.log("run"); ${text} }`),
        1,
      )
    )
  ),
]);
