// Copyright 2026 the pecapiku authors. MIT license.

import { measureInTurn, type Timed } from "../_rounds.ts";
import { type Cell, OURS, type Row } from "../_row.ts";
import type { Place, Run } from "../_run.ts";
import { coldRow } from "./cold.ts";

/** How long a fill may take, in milliseconds; who would take longer has no such row. */
const LONGEST_FILL = 120_000;

/** The first part of a fill, which tells how long all of it would take. */
const FIRST_PART = 5_000;

const PART = 10_000;

/** A prime, so that all entries have their turn. */
const STEP = 7_919;

/** The next number that nobody has stored yet, far from those that are filled in. */
let fresh = 1_000_000_000;

/**
 * Measures hits and stores of a small record, and the first hit of a process, at each size.
 *
 * @param run The run.
 * @param wants Whether a row is wanted.
 * @yields The rows, each when it is measured.
 */
export async function* smallRows(run: Run, wants: (id: string) => boolean): AsyncGenerator<Row> {
  const sizes = run.quick ? [1_000, 10_000] : [1_000, 100_000, 1_000_000];
  const wanted = sizes.filter((size) =>
    ["hit", "store", "cold"].some((row) => wants(`${row}-${size}`)) || wants("flat")
  );
  const lost = new Map<string, Cell>();
  let places = await run.open(run.peers, lost);
  let filled = 0;
  try {
    for (const size of wanted) {
      places = await run.each(places, lost, (place) => fill(place, filled, size));
      filled = size;
      const entries = `${size.toLocaleString("en")} entries`;
      for (const kind of ["hit", "store"] as const) {
        if (!wants(`${kind}-${size}`)) continue;
        const effort = run.effort(kind === "hit" ? Infinity : size < 10_000 ? 500 : 2_000);
        const cells = await measureInTurn(
          places.map((place) => kind === "hit" ? hits(place, size) : stores(place)),
          effort,
        );
        const title = kind === "hit" ? `hit, ${entries}` : `store, from ${entries} on`;
        yield row(`${kind}-${size}`, title, cells, lost);
      }
      const isCold = size === sizes[0] || (size === sizes.at(-1) && !run.quick);
      if (isCold && wants(`cold-${size}`)) {
        const cells = await coldRow(run, places);
        const title = `cold process to first hit, ${entries}`;
        yield row(`cold-${size}`, title, cells, lost);
      }
    }
    if (wants("flat")) yield* flatRows(run, places, filled);
  } finally {
    await run.leave(places);
  }
}

function row(id: string, title: string, cells: Map<string, Cell>, lost: Map<string, Cell>): Row {
  return { id, title, unit: "time", cells: new Map([...cells, ...lost]) };
}

/** Stores the records from one number up to another, a part at a time, and reads them from the files. */
async function fill({ process, directory }: Place, from: number, to: number): Promise<void> {
  let taken = 0;
  const check = (whole: number): void => {
    if (whole <= LONGEST_FILL) return;
    const seconds = Math.round(whole / 1000).toLocaleString("en");
    throw new Error(`to store ${to.toLocaleString("en")} takes it ${seconds} s`);
  };
  for (let first = from; first < to;) {
    const last = Math.min(to, first + (first === from ? FIRST_PART : PART));
    taken += await process.tell("fill", { work: "record", from: first, to: last });
    first = last;
    check(taken / (first - from) * (to - from));
  }
  // What is read has to come from the files, not from the memory of who has just written it.
  const start = performance.now();
  await process.tell("close", {});
  await process.tell("open", { directory });
  if (!await process.tell("compare", { work: "record", id: to - 1 })) {
    throw new Error("it gives another value back");
  }
  check(taken + performance.now() - start);
}

/** Hits all over the place, each entry as seldom as can be, in an order that is the same for all. */
function hits({ name, process }: Place, size: number): Timed {
  let turn = 0;
  return {
    name,
    time: (times) => {
      const first = turn * STEP % size;
      turn += times;
      return process.tell("time", { work: "record", ids: { first, step: STEP, size }, times });
    },
  };
}

/** Stores of what is not there. */
function stores({ name, process }: Place): Timed {
  return {
    name,
    time: (times) => {
      const first = fresh;
      fresh += times;
      return process.tell("time", { work: "record", ids: { first }, times });
    },
  };
}

/** The same in a small place and in a large one, in turn: whether the cost grows with what is there. */
async function* flatRows(
  run: Run,
  places: readonly Place[],
  size: number,
): AsyncGenerator<Row> {
  const large = places.find(({ name }) => name === OURS);
  if (large === undefined) return;
  const [small] = await run.open([large.named], new Map());
  if (small === undefined) return;
  const few = 1_000;
  try {
    await fill(small, 0, few);
    for (const kind of ["hit", "store"] as const) {
      const timed = (place: Place, entries: number, name: string): Timed => ({
        ...kind === "hit" ? hits(place, entries) : stores(place),
        name,
      });
      const manyName = `${size.toLocaleString("en")} entries`;
      const cells = await measureInTurn(
        [timed(small, few, OURS), timed(large, size, manyName)],
        run.effort(kind === "hit" ? Infinity : 1_000),
      );
      const title = `${kind}, ours at 1,000 entries and at ${size.toLocaleString("en")}`;
      yield { id: `flat-${kind}`, title, unit: "time", cells };
    }
  } finally {
    await run.leave([small]);
  }
}
