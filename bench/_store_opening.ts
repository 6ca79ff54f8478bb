// Copyright 2026 the pecapiku authors. MIT license.

import { digestKey } from "../src/keys/digest_key.ts";
import { median } from "./_measure.ts";
import { inEntries, inTime, printTargetRow } from "./_target_table.ts";

const ROUNDS = 21;

/** What one process took. */
interface Run {
  /** From its start to its end, in milliseconds. */
  readonly milliseconds: number;
  /** What it printed. */
  readonly output: number;
}

/** What the processes of a size took, a number for each round. */
interface Taken {
  /** A process that only opens the file, in milliseconds. */
  readonly empty: number[];
  /** One that imports the package, too, over that, in milliseconds. */
  readonly imports: number[];
  /** One with a first hit, over one that only opens the file, in milliseconds. */
  readonly extra: number[];
  /** The store alone, in milliseconds. */
  readonly store: number[];
  /** The memory of the process, over one that only opens the file, in megabytes. */
  readonly memory: number[];
}

/**
 * Prints the rows of the first hit in a fresh process.
 *
 * @param files The path of a cache file for each number of entries, the smallest first.
 */
export function benchOpening(files: ReadonlyMap<number, string>): void {
  const taken = new Map<number, Taken>();
  for (const entries of files.keys()) {
    taken.set(entries, { empty: [], imports: [], extra: [], store: [], memory: [] });
  }
  for (let round = -1; round < ROUNDS; round++) {
    for (const [entries, path] of files) {
      // Another entry each time, none of them near the end of the file.
      const number = Math.floor(entries * ((round + 2) * 0.618 % 1) * 0.9);
      const empty = run("_child_open.ts", path);
      const imported = run("_child_first_hit.ts", path, "none");
      const hit = run("_child_first_hit.ts", path, `${number}`);
      const get = run("_child_first_get.ts", path, digestKey(number));
      if (round < 0) continue;
      const { extra, store, memory, ...others } = taken.get(entries)!;
      others.empty.push(empty.milliseconds);
      others.imports.push(imported.milliseconds - empty.milliseconds);
      extra.push(hit.milliseconds - empty.milliseconds);
      store.push(get.output);
      if (round % 3 > 0) continue;
      const unused = run("_child_first_hit.ts", path, "none", "memory");
      const used = run("_child_first_hit.ts", path, `${number}`, "memory");
      memory.push((used.output - unused.output) / 1024);
    }
  }
  const [[smallest, base]] = [...taken] as [[number, Taken]];
  for (const [entries, { extra }] of taken) {
    const what = `first hit in a fresh process, ${inEntries(entries)}`;
    const value = median(extra);
    if (entries === smallest) {
      printTargetRow(what, inTime(value), `empty process ${inTime(median(base.empty))}`);
      const imports = median(base.imports);
      printTargetRow("  of that, the import of the package", inTime(imports));
      continue;
    }
    const ratio = median(extra.map((each, round) => each / base.extra[round]!));
    const beside = `${inEntries(smallest)} ${inTime(median(base.extra))}`;
    printTargetRow(what, inTime(value), beside, ratio, { value: ratio, most: 3 });
    printTargetRow("  the same, in ms", inTime(value), "", undefined, { value, most: 40 });
  }
  for (const [entries, { store }] of taken) {
    if (entries === smallest) continue;
    const ratio = median(store) / median(base.store);
    const beside = `${inEntries(smallest)} ${inTime(median(base.store))}`;
    printTargetRow(
      `  the store's part without imports, ${inEntries(entries)}`,
      inTime(median(store)),
      beside,
      ratio,
      { value: ratio, most: 3 },
    );
  }
  for (const [entries, { memory }] of taken) {
    const value = median(memory);
    printTargetRow(
      `memory for the first hit, MB, ${inEntries(entries)}`,
      `${value.toFixed(1)} MB`,
      "",
      undefined,
      { value, most: 30 },
    );
  }
}

const importMap = Deno.env.get("PECAPIKU_IMPORT_MAP");
const decoder = new TextDecoder();

function run(script: string, ...args: string[]): Run {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--allow-all",
      ...importMap === undefined ? [] : ["--import-map", importMap],
      new URL(script, import.meta.url).href,
      ...args,
    ],
    stderr: "inherit",
  });
  const start = performance.now();
  const { success, stdout } = command.outputSync();
  const milliseconds = performance.now() - start;
  if (!success) throw new Error(`Cannot run script: ${script}`);
  return { milliseconds, output: Number(decoder.decode(stdout)) };
}
