// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Kernel, PYTHON } from "../checkpoint/cases/_kernel.ts";
import { Project } from "../checkpoint/cases/_project.ts";

interface Content {
  readonly data: Record<string, string>;
  readonly transient: { readonly display_id: string };
}

const CELL = `
import { checkpoint } from "@pecapiku/cache/checkpoint";
const load = checkpoint(async function load(x) {
  await new Promise((resolve) => setTimeout(resolve, 15));
  return x;
});
await load(3);
const results = await Array.fromAsync(load.map(Array.from({ length: 80 }, (_, x) => [x]), { progress: true }));
console.log(results.length);
`;

Deno.test({
  name: "map() shows a bar in a notebook that is changed where it stands",
  ignore: isWithoutJupyter(),
  async fn() {
    using kernel = new Kernel();
    using project = new Project();
    project.write({});
    const script = new URL("_notebook.py", import.meta.url);
    const messages = await kernel.runScript(script, { cwd: project.folder, cell: CELL }) as [
      string,
      Content,
    ][];
    const shown = messages.filter(([, { data }]) => data !== undefined);
    assertEquals(messages.filter(([type]) => type === "error"), []);
    assertEquals(shown.map(([type]) => type), [
      "display_data",
      ...Array.from({ length: shown.length - 1 }, () => "update_display_data"),
    ]);
    assert(shown.length >= 2, JSON.stringify(messages));
    assertEquals(new Set(shown.map(([, { transient }]) => transient.display_id)).size, 1);
    const last = shown.at(-1)![1].data;
    assertMatch(
      last["text/plain"]!,
      /^load: 80 of 80 done: 1 from cache, 79 computed, 0 failed; .*; in 0:0\d$/,
    );
    assertStringIncludes(last["text/html"]!, 'aria-valuemax="80" aria-valuenow="80"');
  },
});

function isWithoutJupyter(): boolean {
  if (PYTHON !== undefined) return false;
  console.log(
    "The bar in a notebook is not tested: no Jupyter here (apt-get install python3-nbclient jupyter-client)",
  );
  return true;
}
