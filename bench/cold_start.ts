// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a fresh process pays: for importing the package, and for importing it and a first hit, over an empty script.
 *
 * @module
 */

import { measure, printRow } from "./_measure.ts";

/** Prints the row. */
export function benchColdStart(directory: string): void {
  const cache = `${directory}/cold.cache`;
  const scripts = {
    empty: "",
    import: `import "@pecapiku/cache";`,
    "import and first hit": `import { CacheDict } from "@pecapiku/cache";
      const f = CacheDict.decorate(function f(id) { return { id, name: "n" }; }, { filePath: ${
      JSON.stringify(cache)
    } });
      f(1);`,
  };
  const importMap = Deno.env.get("PECAPIKU_IMPORT_MAP");
  const contenders = Object.entries(scripts).map(([name, source], index) => {
    // Beside the package, for its name to be known; JavaScript, so that nothing is type-checked or transpiled.
    const path = new URL(`.cold_start_${index}.js`, import.meta.url);
    Deno.writeTextFileSync(path, source);
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-read",
        "--allow-write",
        ...importMap === undefined ? [] : ["--import-map", importMap],
        path.href,
      ],
      stderr: "inherit",
    });
    return {
      name,
      path,
      run: (times: number): void => {
        for (let time = 0; time < times; time++) {
          if (!command.outputSync().success) throw new Error(`Cannot run script: ${name}`);
        }
      },
    };
  });
  try {
    const results = measure(contenders, { times: 1, rounds: 15 });
    printRow("a fresh process", results, "ms");
    const [empty, ...others] = results;
    for (const { name, milliseconds } of others) {
      console.log(
        `${`  ${name}, over an empty one`.padEnd(44)} ${
          (milliseconds - empty!.milliseconds).toFixed(1)
        } ms`,
      );
    }
  } finally {
    for (const { path } of contenders) Deno.removeSync(path);
  }
}
