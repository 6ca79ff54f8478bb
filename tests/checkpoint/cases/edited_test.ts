// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { filesOf, type Version } from "./_cases.ts";
import { Project } from "./_project.ts";

const EDIT =
  `Deno.writeTextFileSync(new URL("./h.ts", import.meta.url), "export const h = (x) => x * 3;");`;
const H = "export const h = (x) => x * 2;";
const files = (between: string): Version => ({
  "main.ts": `import { h } from "./h.ts";
    const foo = checkpoint(function foo(a) { console.log("run"); return h(a); });
    ${between}
    console.log(foo(1));`,
  "h.ts": H,
});

Deno.test("checkpoint() keeps nothing under the text of a file that was edited after it was loaded", async () => {
  using project = new Project();
  project.write(filesOf(files(EDIT)));
  // What is loaded is the first text; the file has the second one when the function is identified.
  assertEquals((await project.run()).printed, "2");

  project.write(filesOf({ ...(files("") as Record<string, string>), "h.ts": H.replace("2", "3") }));
  const edited = await project.run();
  assertEquals([edited.ran, edited.printed], [1, "3"]);
});

Deno.test("checkpoint() keeps nothing under the text of a script that edits itself", async () => {
  using project = new Project();
  const main = (value: number, edit: string) => ({
    "main.ts": `const h = (x) => x * ${value};
      const foo = checkpoint(function foo(a) { console.log("run"); return h(a); });
      ${edit}
      console.log(foo(1));`,
  });
  const edit = `Deno.writeTextFileSync(
    new URL(import.meta.url),
    Deno.readTextFileSync(new URL(import.meta.url)).replace("x * " + "2;", "x * 3;"),
  );`;
  project.write(filesOf(main(2, edit)));
  assertEquals((await project.run()).printed, "2");
  const edited = await project.run();
  assertEquals([edited.ran, edited.printed], [1, "3"]);
});

Deno.test("checkpoint() gives no result of an earlier text when a file is edited between two calls", async () => {
  using project = new Project();
  project.write(filesOf(files(`console.log(foo(1)); ${EDIT}`)));
  const first = await project.run();
  // The code that is loaded has not changed, so that both calls give what it gives, cached or not.
  assertEquals(first.printed, "2\n2");
  project.write(filesOf({ ...(files("") as Record<string, string>), "h.ts": H.replace("2", "3") }));
  const edited = await project.run();
  assert(edited.ran === 1 && edited.printed === "3");
});
