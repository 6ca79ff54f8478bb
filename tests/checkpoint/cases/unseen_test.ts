// Copyright 2026 the pecapiku authors. MIT license.

import { testSteps } from "./_cases.ts";
import { checkUnseen } from "./_unseen.ts";
import type { RunOptions } from "./_project.ts";

const args = (value: string): RunOptions => ({ args: [value] });

testSteps(
  "checkpoint() evaluates and warns, until uses lists it, when code or state is out of sight",
  [{
    name: "module state that another function changes",
    code: `let rate = 1;
      function setRate(value) { rate = value; }
      const foo = $(function foo(a) { console.log("run"); return a * rate; });
      setRate(2);`,
    names: "rate",
    prints: "2",
    uses: "{ rate }",
    second: { replace: "setRate(2)", by: "setRate(3)" },
    then: "3",
  }, {
    name: "module state that another module changes",
    code: {
      "main.ts": `import { state } from "./state.ts"; import { set } from "./set.ts";
        const foo = $(function foo(a) { console.log("run"); return a * state.rate; });
        set(Number(Deno.args[0]));`,
      "state.ts": "export const state = { rate: 1 };",
      "set.ts":
        `import { state } from "./state.ts"; export function set(rate) { state.rate = rate; }`,
    },
    names: "state",
    args: ["2"],
    prints: "2",
    uses: "{ state }",
    second: args("3"),
    then: "3",
  }, {
    name: "an exported variable that its module's function changes",
    code: {
      "main.ts": `import { rate, setRate } from "./rate.ts";
        const foo = $(function foo(a) { console.log("run"); return a * rate; });
        setRate(Number(Deno.args[0]));`,
      "rate.ts": "export let rate = 1; export function setRate(value) { rate = value; }",
    },
    names: "rate",
    args: ["2"],
    prints: "2",
    uses: "{ rate }",
    second: args("3"),
    then: "3",
  }, {
    name: "a map that another function fills",
    code: `const table = new Map();
      export function put(v) { table.set(1, v); }
      const foo = $(function foo(a) { console.log("run"); return a * table.get(1); });
      put(Number(Deno.args[0]));`,
    names: "table",
    args: ["2"],
    prints: "2",
    uses: "{ table }",
    second: args("3"),
    then: "3",
  }, {
    name: "a computed name on the global object",
    code: `const name = ["rate"];
      globalThis.rate = 2;
      const foo = $(function foo(a) { console.log("run"); return a * globalThis[name[0]]; });`,
    names: "globalThis",
    prints: "2",
    uses: "{}",
  }, {
    name: "import() of a computed name",
    code: {
      "main.ts": `const foo = $(async function foo(a) {
          console.log("run");
          const { h } = await import("./" + ["h"][0] + ".ts");
          return h(a);
        });`,
      "h.ts": "export const h = (x) => x * 2;",
    },
    names: "import()",
    prints: "2",
    uses: "{}",
  }, {
    name: "import.meta.url",
    code:
      `const foo = $(function foo(a) { console.log("run"); return import.meta.url === "" ? 0 : a * 2; });`,
    names: "import.meta",
    prints: "2",
    uses: "{}",
  }, {
    name: "import.meta.url of a helper's module",
    code: {
      "main.ts": `import { h } from "./h.ts";
        const foo = $(function foo(a) { console.log("run"); return h(a); });`,
      "h.ts": "const here = import.meta.url; export const h = (x) => x * (here === '' ? 0 : 2);",
    },
    names: "import.meta",
    prints: "2",
    uses: "{}",
  }, {
    name: "eval",
    code: `const n = 2;
      const foo = $(function foo(a) { console.log("run"); return a * eval("n"); });`,
    names: "eval",
    prints: "2",
    uses: "{ n }",
    second: { replace: "n = 2", by: "n = 3" },
    then: "3",
  }, {
    name: "new Function",
    code: `globalThis.rate = 2;
      const foo = $(function foo(a) { console.log("run"); return a * new Function("return rate")(); });`,
    names: "Function",
    prints: "2",
    uses: "{}",
  }, {
    name: "a module outside what may be read",
    code: {
      "main.ts": `import { h } from "./secret/h.ts";
        const foo = $(function foo(a) { console.log("run"); return h(a); });`,
      "secret/h.ts": "export const h = (x) => x * 2;",
    },
    names: "secret/h.ts",
    permissions: ["--allow-read", "--allow-write", "--deny-read=secret"],
    prints: "2",
    uses: "{}",
  }, {
    name: "a function whose module may not be read",
    code: `const foo = $(function foo(a) { console.log("run"); return h(a); });
      function h(x) { return x * 2; }`,
    names: "h",
    permissions: ["--allow-read=.checkpointing", "--allow-write=.checkpointing"],
    prints: "2",
    uses: "{}",
  }, {
    name: "a module that can't be parsed",
    code: {
      "main.ts": `import { h } from "./h.cjs";
        const foo = $(function foo(a) { console.log("run"); return h(a); });`,
      "h.cjs": "exports.h = function (x) { with ({ y: 02 }) return x * y; };",
    },
    names: "h.cjs",
    prints: "2",
    uses: "{}",
  }, {
    name: "a function that is in the module twice, with different results",
    code: `const first = (h) => (a) => { console.log("run"); return h(a); };
      function one() { const h = (x) => x * 2; return (a) => { console.log("run"); return h(a); }; }
      const foo = $(one());`,
    names: "h",
    prints: "2",
    uses: "{}",
  }, {
    name: "a function that was made at run time",
    code: `globalThis.rate = 2;
      const foo = $(new Function("a", "console.log('run'); return a * rate;"));`,
    names: "rate",
    prints: "2",
    uses: "{}",
  }],
  checkUnseen,
);
