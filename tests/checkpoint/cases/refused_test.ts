// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { filesOf, testSteps } from "./_cases.ts";
import { Project } from "./_project.ts";

/** Functions that assign outer state, by the name of what they assign. */
const ASSIGNING: Readonly<Record<string, string>> = {
  total: `let total = 1; function foo(a) { console.log("run"); total += a; return total; }`,
  calls: `let calls = 1; function foo(a) { console.log("run"); calls++; return a + 1; }`,
  state:
    `const state = { n: 1 }; function foo(a) { console.log("run"); state.n = a + 1; return state.n; }`,
  last: `let last; function foo(a) { console.log("run"); ({ last } = { last: a + 1 }); return 2; }`,
  inner:
    `let inner = 0; function foo(a) { console.log("run"); [a].forEach((x) => { inner = x; }); return a + 1; }`,
  seen:
    `globalThis.seen = 0; function foo(a) { console.log("run"); globalThis.seen = a; return a + 1; }`,
};

testSteps(
  "checkpoint() refuses a function that assigns outer state",
  Object.entries(ASSIGNING).map(([name, code]) => ({ name, code })),
  async ({ name, code }) => {
    using project = new Project();
    const write = (onError: string) =>
      project.write(filesOf(`${code}
        try {
          const cached = checkpoint({ onError: "${onError}" })(foo);
          console.log(cached(1));
        } catch (error) {
          console.log(error.name, error.message);
        }`));

    write("raise");
    const raised = await project.run();
    assertEquals([raised.code, raised.warned], [0, ""]);
    assertStringIncludes(raised.printed, "CheckpointFailedError");
    assertStringIncludes(raised.printed, name);

    write("warn");
    for (const _ of [1, 2]) {
      const { warned, ...run } = await project.run();
      assertEquals(run, { code: 0, ran: 1, printed: "2" });
      assertStringIncludes(warned, name);
    }

    write("ignore");
    for (const _ of [1, 2]) {
      assertEquals(await project.run(), { code: 0, ran: 1, printed: "2", warned: "" });
    }
  },
);
