// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { filesOf, script, testSteps } from "./_cases.ts";
import { type Files, Project, type Run } from "./_project.ts";

const helped: Files = filesOf({
  "main.ts": script(
    `import { h } from "./lib/h.ts";
    class P { v = 1; }
    function foo(p) { console.log("run"); return h(p.v); }`,
    "checkpoint(foo)(new P())",
  ),
  "lib/h.ts": `import data from "../data.json" with { type: "json" };
    export const h = (x) => x * data.rate;`,
  "data.json": `{ "rate": 2 }`,
});

testSteps("checkpoint() skips when the same script is elsewhere", [
  {
    name: "s13 in another folder, run from the same one",
    async check(project: Project) {
      project.write(helped, "one");
      assertRan(await project.run({}, { script: "one" }), 1);
      project.write(helped, "other/place");
      assertRan(await project.run({}, { script: "other/place" }), 0);
    },
  },
  {
    name: "s13 on another machine, where the cache was brought",
    async check(project: Project) {
      project.write(helped, "one");
      assertRan(await project.run({}, { script: "one", cwd: "one" }), 1);
      project.write(helped, "other/place");
      Deno.renameSync(
        join(project.folder, "one/.checkpointing"),
        join(project.folder, "other/place/.checkpointing"),
      );
      assertRan(await project.run({}, { script: "other/place", cwd: "other/place" }), 0);
    },
  },
  {
    name: "s13 under another name",
    async check(project: Project) {
      const { "main.ts": main = "", ...others } = helped;
      project.write(helped);
      assertRan(await project.run(), 1);
      project.write({ ...others, "main.ts": `import "./job.ts";`, "job.ts": main });
      assertRan(await project.run(), 0);
    },
  },
], async ({ check }) => {
  using project = new Project();
  await check(project);
});

function assertRan(run: Run, ran: number): void {
  assertEquals(run, { code: 0, ran, printed: "2", warned: "" });
}
