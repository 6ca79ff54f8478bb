// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { Kernel, PYTHON } from "./_kernel.ts";
import { type Row, ROWS } from "./_notebook_rows.ts";
import { Project } from "./_project.ts";

Deno.test({
  name: "checkpoint() skips and runs again in cells as in scripts",
  ignore: isWithoutJupyter(),
  async fn(t) {
    using kernel = new Kernel();
    using project = new Project();
    const versions = [ROWS.map(cellsOf("first")), ROWS.map(cellsOf("second"))] as const;
    const [first, second] = versions;
    project.write({});
    const begin = [`import { checkpoint } from "@pecapiku/cache/checkpoint";`];
    const notebooks = [first, second, first, second].map((rows) => [begin, ...rows]);
    const printed = await kernel.run(project.folder, notebooks);

    for (const [index, row] of ROWS.entries()) {
      await t.step(row.name, () => {
        const runs = printed.map((rows) => rows[index + 1]!);
        const [one, two] = [row.prints, row.then ?? row.prints];
        const [oneAgain, twoAgain] = [cached(one), cached(two)];
        if (row.names !== undefined) {
          for (const run of runs) {
            assertEquals(run.out, row.prints);
            assertStringIncludes(run.err, row.names);
            assertStringIncludes(run.err, "uses");
          }
          return;
        }
        const expected = [one, row.then === undefined ? twoAgain : two, oneAgain, twoAgain];
        assertEquals(runs, expected.map((out) => ({ out, err: "" })));
      });
    }
  },
});

function isWithoutJupyter(): boolean {
  if (PYTHON !== undefined) return false;
  console.log(
    "Notebooks are not tested: no Jupyter here (apt-get install python3-nbclient jupyter-client)",
  );
  return true;
}

/** Gives the cells of a row, with decorators that have a directory of its own. */
function cellsOf(version: "first" | "second"): (row: Row, index: number) => readonly string[] {
  return (row, index) =>
    (row[version] ?? row.first).map((cell) => {
      const options = `directory: "row${index}"`;
      return cell.replaceAll("$uses(", `checkpoint({ ${options}, uses: () => ({ limit }) })(`)
        .replaceAll("$$", `checkpoint({ ${options} })`)
        .replaceAll("$(", `checkpoint({ ${options} })(`);
    });
}

/** What is printed when everything is cached. */
function cached(printed: string): string {
  return printed.split("\n").filter((line) => line !== "run").join("\n");
}
