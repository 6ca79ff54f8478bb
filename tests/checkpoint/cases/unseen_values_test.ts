// Copyright 2026 the pecapiku authors. MIT license.

import { testSteps } from "./_cases.ts";
import { checkUnseen } from "./_unseen.ts";
import type { RunOptions } from "./_project.ts";

const args = (value: string): RunOptions => ({ args: [value] });

testSteps(
  "checkpoint() evaluates and warns, until uses lists it, when a value comes from outside",
  [
    {
      name: "a captured variable",
      code: `function make(k) { return $(function foo(a) { console.log("run"); return a * k; }); }
      const foo = make(2);`,
      names: "k",
      prints: "2",
      uses: "{ k }",
      second: { replace: "make(2)", by: "make(3)" },
      then: "3",
    },
    {
      name: "a captured helper",
      code: `function make(helper) { return $((a) => { console.log("run"); return helper(a); }); }
      const foo = make((x) => x * 2);`,
      names: "helper",
      prints: "2",
      uses: "{ helper }",
      second: { replace: "x * 2", by: "x * 3" },
      then: "3",
    },
    {
      name: "a captured variable in a block",
      code: `let foo;
      for (const rate of [2]) foo = $(function (a) { console.log("run"); return a * rate; });`,
      names: "rate",
      prints: "2",
      uses: "{ rate }",
    },
    {
      name: "a constant from Deno.args",
      code: `const limit = Number(Deno.args[0]);
      const foo = $(function foo(a) { console.log("run"); return a * limit; });`,
      names: "limit",
      args: ["2"],
      prints: "2",
      uses: "{ limit }",
      second: args("3"),
      then: "3",
    },
    {
      name: "a constant from Deno.args in another module",
      code: {
        "main.ts": `import { h, limit } from "./h.ts";
        const foo = $(function foo(a) { console.log("run"); return h(a); });`,
        "h.ts": `export const limit = Number(Deno.args[0]); export const h = (x) => x * limit;`,
      },
      names: "limit",
      args: ["2"],
      prints: "2",
      uses: "{ limit }",
      second: args("3"),
      then: "3",
    },
    {
      name: "a constant of a constant from a file",
      code: {
        "main.ts": `const text = Deno.readTextFileSync("value.txt");
        const value = Number(text) * 2;
        const foo = $(function foo(a) { console.log("run"); return a * value; });`,
        "value.txt": "1",
      },
      names: "text",
      prints: "2",
      uses: "{ value }",
      second: { replace: "1", by: "4" },
      then: "8",
    },
    {
      name: "a constant from the clock",
      code: `const start = Date.now();
      const foo = $(function foo(a) { console.log("run"); return a + (start > 0 ? 1 : 0); });`,
      names: "start",
      prints: "2",
      uses: "{}",
    },
    {
      name: "a constant from new Date()",
      code: `const start = new Date();
      const foo = $(function foo(a) { console.log("run"); return a + (start.getFullYear() > 0 ? 1 : 0); });`,
      names: "start",
      prints: "2",
      uses: "{}",
    },
    {
      name: "a constant from Math.random",
      code: `const seed = Math.random();
      const foo = $(function foo(a) { console.log("run"); return a + (seed < 1 ? 1 : 0); });`,
      names: "seed",
      prints: "2",
      uses: "{}",
    },
    {
      name: "a constant from the environment",
      code: `const limit = Number(Deno.env.get("CASES_LIMIT"));
      const foo = $(function foo(a) { console.log("run"); return a * limit; });`,
      names: "limit",
      permissions: ["--allow-read", "--allow-write", "--allow-env=CASES_LIMIT"],
      env: { CASES_LIMIT: "2" },
      prints: "2",
      uses: "{ limit }",
      second: {
        permissions: ["--allow-read", "--allow-write", "--allow-env=CASES_LIMIT"],
        env: { CASES_LIMIT: "3" },
      },
      then: "3",
    },
    {
      name: "a constant that a helper takes from outside",
      code: `const read = () => Number(Deno.args[0]);
      const limit = read();
      const foo = $(function foo(a) { console.log("run"); return a * limit; });`,
      names: "limit",
      args: ["2"],
      prints: "2",
      uses: "{ limit }",
      second: args("3"),
      then: "3",
    },
    {
      name: "a property that is patched from outside",
      code: `const config = { limit: 0 };
      config.limit = Number(Deno.args[0]);
      const foo = $(function foo(a) { console.log("run"); return a * config.limit; });`,
      names: "config",
      args: ["2"],
      prints: "2",
      uses: "{ config }",
      second: args("3"),
      then: "3",
    },
    {
      name: "what is patched depending on the world outside",
      code: `const config = { limit: 2 };
      if (Deno.args.length > 1) config.limit = 3;
      const foo = $(function foo(a) { console.log("run"); return a * config.limit; });`,
      names: "config",
      prints: "2",
      uses: "{ config }",
      second: { args: ["a", "b"] },
      then: "3",
    },
  ],
  checkUnseen,
);
