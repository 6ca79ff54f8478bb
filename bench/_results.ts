// Copyright 2026 the pecapiku authors. MIT license.

import { type Goal, renderGoals } from "./_goals.ts";
import { replaceBetween } from "./_markers.ts";
import { drawRow } from "./_plot.ts";
import type { Row } from "./_row.ts";
import { columnsOf, renderTable } from "./_table.ts";

const RESULTS = new URL("results/", import.meta.url);
const README = new URL("README.md", import.meta.url);

/** What a run has found. */
export interface Results {
  /** The rows of the contenders. */
  readonly rows: readonly Row[];
  /** The rows of checkpoints, which have contenders of their own. */
  readonly checkpoints: readonly Row[];
  /** What came of the goals. */
  readonly goals: readonly Goal[];
  /** The names of the contenders. */
  readonly names: readonly string[];
  /** How long the run took, in milliseconds. */
  readonly took: number;
}

/**
 * Writes results as markdown: the machine, the tables, and the goals.
 *
 * @param results The results.
 * @returns The text.
 */
export function renderResults({ rows, checkpoints, goals, names, took }: Results): string {
  const own = [...new Set(checkpoints.flatMap(({ cells }) => [...cells.keys()]))];
  return [
    machine(took),
    ...rows.length === 0 ? [] : [renderTable(rows, columnsOf(names))],
    ...checkpoints.length === 0 ? [] : ["Checkpoints:", renderTable(checkpoints, own)],
    ...goals.length === 0 ? [] : ["The goals:", renderGoals(goals)],
  ].join("\n\n");
}

function machine(took: number): string {
  const { os, arch } = Deno.build;
  return `Deno ${Deno.version.deno}, ${os} ${arch}, ${navigator.hardwareConcurrency} cores; ` +
    `the run took ${Math.ceil(took / 60_000)} minutes.`;
}

/**
 * Writes the results to `bench/results/` and into the document beside it.
 *
 * @param results The results.
 * @returns What was written.
 */
export async function writeResults(results: Results): Promise<string> {
  const text = renderResults(results);
  Deno.mkdirSync(RESULTS, { recursive: true });
  for (const { name } of Deno.readDirSync(RESULTS)) {
    if (name.endsWith(".svg")) Deno.removeSync(new URL(name, RESULTS));
  }
  const plots: string[] = [];
  for (const row of [...results.rows, ...results.checkpoints]) {
    const name = `${row.id}.svg`;
    Deno.writeTextFileSync(new URL(name, RESULTS), `${await drawRow(row)}\n`);
    plots.push(`![${row.title}](./results/${name})`);
  }
  Deno.writeTextFileSync(new URL("table.md", RESULTS), `${text}\n`);
  const document = replaceBetween(Deno.readTextFileSync(README), "results", text);
  Deno.writeTextFileSync(README, replaceBetween(document, "plots", plots.join("\n")));
  return `Written to bench/results/ (table.md and ${plots.length} plots) and bench/README.md`;
}
