// Copyright 2026 the pecapiku authors. MIT license.

import { median } from "../_measure.ts";
import { PeerProcess } from "../_process.ts";
import { messageOf, ratiosOf } from "../_rounds.ts";
import { type Cell, OURS, type Row } from "../_row.ts";
import type { Run } from "../_run.ts";
import type { NamedPeer } from "../peers/_all.ts";

const PROCESSES = 4;
const KEYS = 8;

interface Crowd {
  readonly taken: number[];
  wrong: number;
  raised: string;
}

/**
 * Has four processes write and read texts of 1 MB under the same keys.
 *
 * @param run The run.
 * @returns How many wrong values they read, and how long it took.
 */
export async function crowdRows(run: Run): Promise<Row[]> {
  const lost = new Map<string, Cell>();
  const rounds = run.quick ? 1 : 3;
  const found = new Map<string, Crowd>();
  let left = run.withRow("crowd", lost);
  for (let round = 0; round < rounds; round++) {
    const still: NamedPeer[] = [];
    for (const named of left) {
      const { name } = named.peer;
      try {
        const { milliseconds, wrong, raised } = await crowd(run, named);
        const its = found.get(name) ?? { taken: [], wrong: 0, raised: "" };
        found.set(name, its);
        its.taken.push(milliseconds);
        its.wrong += wrong;
        its.raised ||= raised;
        still.push(named);
      } catch (error) {
        lost.set(name, { note: messageOf(error) });
        found.delete(name);
      }
    }
    left = still;
  }
  const ours = found.get(OURS)?.taken ?? [];
  const calls = rounds * PROCESSES * KEYS * (run.quick ? 2 : 4);
  const timeOf = ({ taken, raised }: Crowd): Cell => ({
    value: median(taken),
    ...ours.length === 0 ? {} : { ratio: median(ratiosOf(taken, ours)) },
    ...raised === "" ? {} : { note: `some calls failed: ${messageOf(raised)}` },
  });
  return [{
    id: "crowd-wrong",
    title: `4 processes writing the same 1 MB keys: wrong values in ${calls} reads`,
    unit: "count",
    cells: new Map([
      ...[...found].map(([name, { wrong }]) => [name, { value: wrong }] as const),
      ...lost,
    ]),
  }, {
    id: "crowd-time",
    title: "4 processes writing the same 1 MB keys: time",
    unit: "time",
    cells: new Map([...[...found].map(([name, its]) => [name, timeOf(its)] as const), ...lost]),
  }];
}

async function crowd(
  run: Run,
  named: NamedPeer,
): Promise<{ milliseconds: number; wrong: number; raised: string }> {
  const directory = run.makeDirectory();
  const processes = Array.from({ length: PROCESSES }, () => new PeerProcess(named));
  try {
    // The first one makes what is there, and the others find it.
    for (const process of processes) {
      await process.tell("open", { directory });
      await process.tell("fill", { work: "text", from: 0, to: 1 });
    }
    const start = performance.now();
    const results = await Promise.all(
      processes.map((process, seed) =>
        process.tell("crowd", { keys: KEYS, rounds: run.quick ? 2 : 4, seed })
      ),
    );
    return {
      milliseconds: performance.now() - start,
      wrong: results.reduce((sum, { wrong }) => sum + wrong, 0),
      raised: results.find(({ raised }) => raised !== "")?.raised ?? "",
    };
  } finally {
    for (const process of processes) await process[Symbol.asyncDispose]();
    await Deno.remove(directory, { recursive: true });
  }
}
