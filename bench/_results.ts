// Copyright 2026 the pecapiku authors. MIT license.

import { type Goal, renderGoals } from "./_goals.ts";
import { replaceBetween } from "./_markers.ts";
import { drawRow } from "./_plot.ts";
import type { Row } from "./_row.ts";
import type { Peer } from "./peers/_peer.ts";
import { columnsOf, renderTable } from "./_table.ts";

const RESULTS = new URL("results/", import.meta.url);
const CONFIG = new URL("../deno.json", import.meta.url);
const README = new URL("README.md", import.meta.url);

/** What a run has found. */
export interface Results {
  /** The rows of the contenders. */
  readonly rows: readonly Row[];
  /** The rows of checkpoints, which have contenders of their own. */
  readonly checkpoints: readonly Row[];
  /** What came of the goals. */
  readonly goals: readonly Goal[];
  /** Who took part. */
  readonly peers: readonly Peer[];
  /** How long the run took, in milliseconds. */
  readonly took: number;
}

/**
 * Writes results as markdown: the machine, the tables, and the goals.
 *
 * @param results The results.
 * @returns The text.
 */
export function renderResults({ rows, checkpoints, goals, peers, took }: Results): string {
  const own = [...new Set(checkpoints.flatMap(({ cells }) => [...cells.keys()]))];
  return [
    machine(took),
    ...rows.length === 0 ? [] : [renderTable(rows, columnsOf(peers.map(({ name }) => name)))],
    ...checkpoints.length === 0 ? [] : ["Checkpoints:", renderTable(checkpoints, own)],
    ...goals.length === 0 ? [] : ["The goals:", renderGoals(goals)],
  ].join("\n\n");
}

/**
 * Tells how each peer is run, as markdown.
 *
 * @param peers The peers.
 * @returns The lines.
 */
export function renderPeers(peers: readonly Peer[]): string {
  return peers.map(({ name, imports, about }) => {
    const packages = imports.filter((specifier) => /^npm:(@[^/]+\/)?[^/]+$/.test(specifier))
      .map((specifier) => `\`${specifier.slice("npm:".length)}\``);
    return `- **${name}**${packages.length === 0 ? "" : ` (${packages.join(", ")})`}: ${about}`;
  }).join("\n");
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
  const parts = { results: text, peers: renderPeers(results.peers), plots: plots.join("\n") };
  let document = Deno.readTextFileSync(README);
  for (const [name, part] of Object.entries(parts)) document = replaceBetween(document, name, part);
  Deno.writeTextFileSync(README, document);
  // As all that is committed.
  const formatted = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--config", CONFIG.pathname, README.pathname, RESULTS.pathname],
  }).output();
  if (!formatted.success) throw new Error("Cannot write results: they can't be formatted");
  return `Written to bench/results/ (table.md and ${plots.length} plots) and bench/README.md`;
}
