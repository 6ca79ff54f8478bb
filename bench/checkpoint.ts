// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What a checkpoint costs over a function that a dictionary caches: a hit, and a fresh process whose code was seen before.
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { type Contender, measure, printRow } from "./_measure.ts";

/** Prints the rows. */
export function benchCheckpoint(directory: string): void {
  benchHits(directory);
  benchProcesses(directory);
}

function benchHits(directory: string): void {
  const record = (id: number): { id: number; name: string } => ({ id, name: "n" });
  const plain = CacheDict.decorate(record, { filePath: `${directory}/plain.cache` });
  const checkpointed = checkpoint({ directory: `${directory}/hits` })(record);
  for (let id = 0; id < 1000; id++) {
    plain(id);
    checkpointed(id);
  }
  const contender = (name: string, fn: (id: number) => unknown): Contender => ({
    name,
    run: (times) => {
      for (let time = 0; time < times; time++) fn(time % 1000);
    },
  });
  const contenders = [contender("CacheDict", plain), contender("checkpoint", checkpointed)];
  printRow("hit of a small record", measure(contenders, { times: 20_000 }), "µs");
}

// Ten modules that reach each other, as a script of some size has.
const MODULES = 10;

function benchProcesses(directory: string): void {
  const project = `${directory}/project`;
  Deno.mkdirSync(project);
  const entry = (name: string): string => JSON.stringify(import.meta.resolve(name));
  for (let index = 1; index <= MODULES; index++) {
    const next = index < MODULES
      ? `import { step${index + 1} } from "./step_${index + 1}.js";`
      : "";
    const call = index < MODULES ? `step${index + 1}(x)` : "x";
    const others = Array.from(
      { length: 20 },
      (_, other) =>
        `export function other${other}(a, b) { return a > b ? [a, b].map((each) => each * ${other}) : { a, b }; }`,
    );
    Deno.writeTextFileSync(
      `${project}/step_${index}.js`,
      `${next}\nconst FACTOR = ${index};\nexport function step${index}(x) { return ${call} * FACTOR; }\n${
        others.join("\n")
      }`,
    );
  }
  const scripts = {
    "CacheDict": `import { CacheDict } from ${entry("@pecapiku/cache")};
      import { step1 } from "./step_1.js";
      const run = CacheDict.decorate(function run(x) { return step1(x); }, { filePath: "${project}/run.cache" });
      run(1);`,
    "checkpoint, all remembered": `import { checkpoint } from ${
      entry("@pecapiku/cache/checkpoint")
    };
      import { step1 } from "./step_1.js";
      const run = checkpoint({ directory: "${project}/warm" })(function run(x) { return step1(x); });
      run(1);`,
    "checkpoint, nothing remembered": `import { checkpoint } from ${
      entry("@pecapiku/cache/checkpoint")
    };
      import { step1 } from "./step_1.js";
      const run = checkpoint({ directory: "${project}/cold" })(function run(x) { return step1(x); });
      run(1);`,
  };
  const importMap = Deno.env.get("PECAPIKU_IMPORT_MAP");
  const config = new URL("../deno.json", import.meta.url).pathname;
  const contenders = Object.entries(scripts).map(([name, source], index): Contender => {
    const path = `${project}/main_${index}.js`;
    Deno.writeTextFileSync(path, source);
    const command = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-read", "--allow-write", "--no-prompt", "--config", config],
        ...importMap === undefined ? [] : ["--import-map", importMap],
        path,
      ],
      stderr: "inherit",
    });
    return {
      name,
      prepare: () => {
        if (name.endsWith("nothing remembered")) removeIfThere(`${project}/cold`);
      },
      run: (times) => {
        for (let time = 0; time < times; time++) {
          if (!command.outputSync().success) throw new Error(`Cannot run script: ${name}`);
        }
      },
    };
  });
  printRow(
    `a fresh process with ${MODULES} modules, and a hit`,
    measure(contenders, { times: 1, rounds: 11 }),
    "ms",
  );
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
