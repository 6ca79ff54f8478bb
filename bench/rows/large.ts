// Copyright 2026 the pecapiku authors. MIT license.

import { measureInTurn, type Timed } from "../_rounds.ts";
import type { Cell, Row } from "../_row.ts";
import type { Place, Run } from "../_run.ts";
import type { WorkName } from "../_workload.ts";

/** How many values are stored before hits are measured. */
const STORED = 4;

const TITLES = { array: "a Float64Array of 8 MB", rows: "10,000 row objects" } as const;

/** What is said of who gives another type back. */
const OTHER_TYPE = "what comes back is of another type";

/**
 * Measures hits and stores of large values.
 *
 * @param run The run.
 * @param wants Whether a row is wanted.
 * @yields The rows, each when it is measured.
 */
export async function* largeRows(run: Run, wants: (id: string) => boolean): AsyncGenerator<Row> {
  for (const work of ["array", "rows"] as const) {
    if (!wants(`${work}-hit`) && !wants(`${work}-store`)) continue;
    const lost = new Map<string, Cell>();
    const notes = new Map<string, string>();
    let places = await run.open(run.withRow(work, lost), lost);
    try {
      places = await run.each(places, lost, async (place) => {
        if (!await storeAndCompare(place, work)) notes.set(place.name, OTHER_TYPE);
      });
      for (const kind of ["hit", "store"] as const) {
        if (!wants(`${work}-${kind}`)) continue;
        const cells = await measureInTurn(
          places.map((place) => calls(place, work, kind, notes.get(place.name))),
          run.effort(kind === "hit" ? 100 : 10),
        );
        yield {
          id: `${work}-${kind}`,
          title: `${kind}, ${TITLES[work]}`,
          unit: "time",
          cells: new Map([...cells, ...lost]),
        };
      }
    } finally {
      await run.leave(places);
    }
  }
}

async function storeAndCompare({ process, directory }: Place, work: WorkName): Promise<boolean> {
  // One by one, since the values are the same object, changed.
  for (let id = 0; id < STORED; id++) {
    await process.tell("fill", { work, from: id, to: id + 1 });
  }
  // What is read has to come from the files.
  await process.tell("close", {});
  await process.tell("open", { directory });
  return await process.tell("compare", { work, id: 1 });
}

function calls(
  { name, process }: Place,
  work: WorkName,
  kind: "hit" | "store",
  note: string | undefined,
): Timed {
  let next = STORED;
  return {
    name,
    ...note === undefined ? {} : { note },
    time: (times) => {
      const ids = kind === "hit" ? { first: 0, size: STORED } : { first: next };
      next += kind === "hit" ? 0 : times;
      return process.tell("time", { work, ids, times });
    },
  };
}

/**
 * Measures the hit of a call with an argument of 80 MB.
 *
 * @param run The run.
 * @returns The row.
 */
export async function argumentRow(run: Run): Promise<Row> {
  const lost = new Map<string, Cell>();
  const makers = run.withRow("argument", lost).filter(({ peer }) => {
    if (!peer.makesKeys) {
      lost.set(peer.name, { note: "the key is made by us, and so takes as long" });
    }
    return peer.makesKeys;
  });
  let places = await run.open(makers, lost);
  try {
    places = await run.each(places, lost, async ({ name, process }) => {
      // What takes a quarter of a minute is not done more often than needed, nor to have a look.
      if (run.quick && name === "memoize-fs") {
        throw new Error("left out of a quick run: it takes too long");
      }
      await process.tell("fill", { work: "first", from: 0, to: 1 });
    });
    const cells = await measureInTurn(
      places.map(({ name, process }): Timed => ({
        name,
        time: (times) => process.tell("time", { work: "first", ids: { first: 0 }, times }),
      })),
      run.onceARound,
    );
    return {
      id: "argument",
      title: "hit, an argument of 80 MB",
      unit: "time",
      cells: new Map([...cells, ...lost]),
    };
  } finally {
    await run.leave(places);
  }
}
