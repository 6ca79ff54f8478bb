// Copyright 2026 the pecapiku authors. MIT license.

import { denoArgs } from "../_process.ts";
import { messageOf, ratiosOf, roundsFor } from "../_rounds.ts";
import { type Cell, OURS } from "../_row.ts";
import type { Place, Run } from "../_run.ts";
import { median } from "../_measure.ts";

/** How long the first process of a peer may take, in milliseconds. */
const LONGEST = 20_000;

/** A script that is run in a process of its own. */
export interface Script {
  /** Whose it is. */
  readonly name: string;
  /** The path of the module. */
  readonly path: string;
  /** What `deno run` has to be told for it. */
  readonly flags: readonly string[];
}

/**
 * Measures the first hit of a process at each place, over an empty process.
 *
 * @param run The run.
 * @param places Where.
 * @returns The cells.
 */
export async function coldRow(run: Run, places: readonly Place[]): Promise<Map<string, Cell>> {
  const cells = new Map<string, Cell>();
  const scripts: Script[] = [];
  for (const { name, named: { peer }, directory, process } of places) {
    if (peer.coldScript === undefined) continue;
    const path = `${run.makeDirectory()}/cold.js`;
    Deno.writeTextFileSync(path, peer.coldScript(directory));
    const script = { name, path, flags: peer.flags ?? [] };
    try {
      // Who has it open may have written what a second process does not see, or hold a lock.
      await process.tell("close", {});
      // The first process stores the value. A later one that evaluates has no hit.
      if (await timeOf(script) > LONGEST) throw new Error("one process takes it more than 20 s");
      if (await runScript(script) !== "") throw new Error("it has no hit in a second process");
      scripts.push(script);
    } catch (error) {
      cells.set(name, { note: messageOf(error) });
    }
  }
  for (const [name, cell] of await overAnEmptyProcess(run, scripts)) cells.set(name, cell);
  for (const { process, directory } of places) {
    // Who can't go on says so when it is told to.
    await process.tell("open", { directory }).catch(() => {});
  }
  return cells;
}

/**
 * Measures scripts, each over an empty one that is run just before.
 *
 * @param run The run.
 * @param scripts The scripts.
 * @returns The cells: what each takes longer than an empty process.
 */
export async function overAnEmptyProcess(
  run: Run,
  scripts: readonly Script[],
): Promise<Map<string, Cell>> {
  const empty = { name: "", path: `${run.makeDirectory()}/empty.js`, flags: [] };
  Deno.writeTextFileSync(empty.path, "");
  const taken = new Map<string, number[]>(scripts.map(({ name }) => [name, []]));
  const { rounds } = run.onceARound;
  const most = new Map(scripts.map(({ name }) => [name, rounds]));
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < scripts.length; turn++) {
      const script = scripts[(turn + round + 1) % scripts.length]!;
      if (round >= most.get(script.name)!) continue;
      const base = await timeOf(empty);
      const time = await timeOf(script);
      if (round >= 0) taken.get(script.name)!.push(time - base);
      else most.set(script.name, roundsFor(time, run.onceARound));
    }
  }
  const ours = taken.get(OURS) ?? [];
  return new Map(
    [...taken].map(([name, times]) => {
      const ratios = ratiosOf(times, ours);
      return [name, {
        value: median(times),
        ...ratios.length === 0 ? {} : { ratio: median(ratios) },
      }];
    }),
  );
}

async function timeOf(script: Script): Promise<number> {
  const start = performance.now();
  await runScript(script);
  return performance.now() - start;
}

/**
 * Runs a script in a process of its own.
 *
 * @param script The script.
 * @returns What it printed.
 * @throws {Error} If it fails.
 */
export async function runScript({ path, flags }: Script): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: denoArgs(`file://${path}`, [], flags),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr).trim().split("\n")[0]!);
  return decoder.decode(stdout);
}
