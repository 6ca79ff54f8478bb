// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Every row is measured side by side in one run, and every ratio is to ours. `bench/README.md` says how, and has the last results.
 *
 * ```sh
 * deno task bench
 * deno task bench --quick
 * deno task bench --only hit,store-1000 --peers lmdb,node:sqlite
 * ```
 *
 * @module
 */

import { judgeGoals } from "./_goals.ts";
import { isWanted, type Options, parseOptions } from "./_options.ts";
import { renderResults, type Results, writeResults } from "./_results.ts";
import { FLOOR, OURS, type Row } from "./_row.ts";
import { Run } from "./_run.ts";
import { formatRatio, formatValue } from "./_table.ts";
import { allPeers, type NamedPeer } from "./peers/_all.ts";
import { checkpointRows } from "./rows/checkpoint.ts";
import { crowdRows } from "./rows/crowd.ts";
import { diskRow } from "./rows/disk.ts";
import { flippedRows } from "./rows/flipped.ts";
import { importRow } from "./rows/imports.ts";
import { argumentRow, largeRows } from "./rows/large.ts";
import { smallRows } from "./rows/small.ts";

/** Whoever takes part: ours and the floor always do. */
async function choosePeers({ peers }: Options): Promise<NamedPeer[]> {
  const all = await allPeers();
  const names = all.map(({ peer }) => peer.name);
  const unknown = peers.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot run: no such peer: ${unknown} (there are ${names.join(", ")})`);
  }
  return peers.length === 0
    ? all
    : all.filter(({ peer: { name } }) => [OURS, FLOOR, ...peers].includes(name));
}

async function bench(options: Options, directory: string): Promise<Results> {
  const start = performance.now();
  const run = new Run(await choosePeers(options), directory, options.quick);
  const wants = (id: string): boolean => isWanted(options.only, id);
  const rows: Row[] = [];
  const add = (more: readonly Row[]): void => {
    rows.push(...more);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    for (const row of more) console.log(`${seconds} s: ${inOneLine(row)}`);
  };
  for await (const row of smallRows(run, wants)) add([row]);
  for await (const row of largeRows(run, wants)) add([row]);
  if (wants("argument")) add([await argumentRow(run)]);
  if (wants("import")) add([await importRow(run)]);
  if (wants("flipped")) add(await flippedRows(run));
  if (wants("crowd")) add(await crowdRows(run));
  if (wants("disk")) add([await diskRow(run)]);
  const checkpoints = wants("checkpoint") ? checkpointRows(run) : [];
  return {
    // Those that compare us with ourselves have columns of their own.
    rows: rows.filter(({ id }) => !id.startsWith("flat-")),
    checkpoints,
    goals: judgeGoals(rows),
    peers: run.peers.map(({ peer }) => peer),
    took: performance.now() - start,
  };
}

function inOneLine({ title, unit, cells }: Row): string {
  const parts = [...cells].flatMap(([name, { value, ratio }]) =>
    value === undefined ? [] : [
      `${name} ${formatValue(value, unit)}${ratio === undefined ? "" : ` ${formatRatio(ratio)}`}`,
    ]
  );
  return `${title}: ${parts.join("; ")}`;
}

/** Has the directory removed when somebody stops the run. Its processes end with it, since nobody tells them what to do. */
function removeWhenStopped(directory: string): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
    Deno.addSignalListener(signal, () => {
      Deno.removeSync(directory, { recursive: true });
      Deno.exit(130);
    });
  }
}

if (import.meta.main) {
  const options = parseOptions(Deno.args);
  const directory = Deno.makeTempDirSync({ prefix: "pecapiku-bench-" });
  removeWhenStopped(directory);
  try {
    const results = await bench(options, directory);
    console.log(`\n${renderResults(results)}\n`);
    const isWhole = !options.quick && options.only.length + options.peers.length === 0;
    console.log(
      isWhole
        ? await writeResults(results)
        : "Nothing is written but by a whole run: without --quick, --only and --peers",
    );
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
