// Copyright 2026 the pecapiku authors. MIT license.

import { messageOf } from "../_rounds.ts";
import type { Verdict } from "../_flip.ts";
import { PeerProcess } from "../_process.ts";
import type { Cell, Row } from "../_row.ts";
import type { Run } from "../_run.ts";
import type { NamedPeer } from "../peers/_all.ts";

/** How many records are stored. */
const RECORDS = 50;

/** How long a trial may take, in milliseconds. */
const PATIENCE = 20_000;

const TITLES: Readonly<Record<Verdict["outcome"], string>> = {
  wrong: "a wrong value",
  raised: "an error",
  recomputed: "evaluated again",
  unharmed: "no harm",
};

/** How often each came out. */
type Counts = Record<Verdict["outcome"], number>;

/**
 * Counts what one flipped bit does, in files of some records.
 *
 * @param run The run.
 * @returns A row for each thing that can come of it.
 */
export async function flippedRows(run: Run): Promise<Row[]> {
  const trials = run.quick ? 8 : 150;
  const lost = new Map<string, Cell>();
  const found = new Map<string, Counts>();
  for (const named of run.withRow("flipped", lost)) {
    try {
      found.set(named.peer.name, await tryOut(run, named, trials));
    } catch (error) {
      lost.set(named.peer.name, { note: messageOf(error) });
    }
  }
  return (Object.keys(TITLES) as Verdict["outcome"][]).map((outcome) => ({
    id: `flipped-${outcome}`,
    title: `one flipped bit, of ${trials} trials: ${TITLES[outcome]}`,
    unit: "count",
    cells: new Map([
      ...[...found].map(([name, counts]) => [name, { value: counts[outcome] }] as const),
      ...lost,
    ]),
  }));
}

async function tryOut(run: Run, named: NamedPeer, trials: number): Promise<Counts> {
  const source = run.makeDirectory();
  const counts: Counts = { wrong: 0, raised: 0, recomputed: 0, unharmed: 0 };
  let process = new PeerProcess(named);
  try {
    await process.tell("open", { directory: source });
    await process.tell("fill", { work: "record", from: 0, to: RECORDS });
    await process.tell("close", {});
    for (let trial = 0; trial < trials; trial++) {
      // A directory of its own, since some remember what they have opened.
      const directory = run.makeDirectory();
      const order = { source, directory, trial, records: RECORDS };
      try {
        counts[(await process.tell("flip", order, PATIENCE)).outcome]++;
      } catch (error) {
        // It took its process with it, or never came to an end.
        counts.raised++;
        if (!process.isGone) throw error;
        await process[Symbol.asyncDispose]();
        process = new PeerProcess(named);
      }
      await Deno.remove(directory, { recursive: true });
    }
  } finally {
    await process[Symbol.asyncDispose]();
  }
  return counts;
}
