// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict } from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { type Contender, measure } from "../_measure.ts";
import { denoArgs } from "../_process.ts";
import type { Row } from "../_row.ts";
import type { Run } from "../_run.ts";

/** As many modules that reach each other, as a script of some size has. */
const MODULES = 10;

const HITS = 1_000;

/**
 * Measures what a checkpoint costs over a function that a dictionary caches: a hit, and a fresh process whose code was seen before.
 *
 * @param run The run.
 * @returns The rows, whose contenders are no peers.
 */
export function checkpointRows(run: Run): Row[] {
  const directory = run.makeDirectory();
  return [
    {
      id: "checkpoint-hit",
      title: "hit of a small record",
      unit: "time",
      cells: cellsOf(hits(directory), { times: 20_000, rounds: run.quick ? 3 : 9 }),
    },
    {
      id: "checkpoint-process",
      title: `a process with ${MODULES} modules, and a hit`,
      unit: "time",
      cells: cellsOf(processes(directory), { times: 1, rounds: run.quick ? 3 : 11 }),
    },
  ];
}

function cellsOf(
  contenders: readonly Contender[],
  effort: { times: number; rounds: number },
): Row["cells"] {
  return new Map(
    measure(contenders, effort).map(({ name, milliseconds, ratio }) =>
      [name, { value: milliseconds, ratio }] as const
    ),
  );
}

function hits(directory: string): Contender[] {
  const record = (id: number): { id: number; name: string } => ({ id, name: "n" });
  const plain = CacheDict.decorate(record, { filePath: `${directory}/plain.cache` });
  const checkpointed = checkpoint({ directory: `${directory}/hits` })(record);
  for (let id = 0; id < HITS; id++) {
    plain(id);
    checkpointed(id);
  }
  const contender = (name: string, fn: (id: number) => unknown): Contender => ({
    name,
    run: (times) => {
      for (let time = 0; time < times; time++) fn(time % HITS);
    },
  });
  return [contender("CacheDict", plain), contender("checkpoint", checkpointed)];
}

function processes(directory: string): Contender[] {
  writeModules(directory);
  const dictionary = JSON.stringify(import.meta.resolve("@pecapiku/cache"));
  const entry = JSON.stringify(import.meta.resolve("@pecapiku/cache/checkpoint"));
  const cold = `${directory}/cold`;
  const checkpointIn = (path: string): string =>
    `import { checkpoint } from ${entry};
const run = checkpoint({ directory: ${
      JSON.stringify(path)
    } })(function run(x) { return step1(x); });`;
  const scripts = {
    "CacheDict": `import { CacheDict } from ${dictionary};
const run = CacheDict.decorate(function run(x) { return step1(x); }, { filePath: ${
      JSON.stringify(`${directory}/run.cache`)
    } });`,
    "checkpoint": checkpointIn(`${directory}/warm`),
    "checkpoint, nothing remembered": checkpointIn(cold),
  };
  return Object.entries(scripts).map(([name, source], index): Contender => {
    const path = `${directory}/main_${index}.js`;
    Deno.writeTextFileSync(path, `import { step1 } from "./step_1.js";\n${source}\nrun(1);\n`);
    const command = new Deno.Command(Deno.execPath(), {
      args: denoArgs(`file://${path}`),
      stderr: "inherit",
    });
    return {
      name,
      prepare: () => {
        Deno.mkdirSync(cold, { recursive: true });
        Deno.removeSync(cold, { recursive: true });
      },
      run: (times) => {
        for (let time = 0; time < times; time++) {
          if (!command.outputSync().success) throw new Error(`Cannot run script: ${name}`);
        }
      },
    };
  });
}

function writeModules(directory: string): void {
  const others = Array.from(
    { length: 20 },
    (_, other) =>
      `export function other${other}(a, b) { return a > b ? [a, b].map((each) => each * ${other}) : { a, b }; }\n`,
  ).join("");
  for (let index = 1; index <= MODULES; index++) {
    const isLast = index === MODULES;
    const next = `step${index + 1}`;
    Deno.writeTextFileSync(
      `${directory}/step_${index}.js`,
      `${isLast ? "" : `import { ${next} } from "./step_${index + 1}.js";\n`}` +
        `const FACTOR = ${index};\n` +
        `export function step${index}(x) { return ${isLast ? "x" : `${next}(x)`} * FACTOR; }\n` +
        others,
    );
  }
}
