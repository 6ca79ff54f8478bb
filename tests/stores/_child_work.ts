// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with a `ChildPlan` in JSON. It takes one step after another until it is killed, tells of
// each one that it has taken by a line on the standard output, and looks at what is in the file in between.

import { LogStore } from "../../src/stores/log_store.ts";
import { killingDisk, type KillPoint } from "../soak/_killing_disk.ts";
import {
  anyNumberOf,
  makeSteps,
  takeStep,
  twinOf,
  versionIn,
  type WorkPlan,
} from "../soak/_workload.ts";
import { digestOf, randomNumbers } from "./_changes.ts";

/** What the process is to do. */
export interface ChildPlan extends WorkPlan {
  /** The path of the cache file. */
  readonly path: string;
  /** How many owners there are, whose entries it reads. */
  readonly owners: number;
  /** After how many records the index is written. */
  readonly snapshotInterval: number;
  /** From which length of the file on it is compacted when half of it is dead. */
  readonly compactFrom: number;
  /** When it kills itself; never, if there is none. */
  readonly killPoint: KillPoint | undefined;
}

if (import.meta.main) work(JSON.parse(Deno.args[0]!));

function work(plan: ChildPlan): never {
  const { path, owner, owners, life, snapshotInterval, compactFrom, killPoint } = plan;
  const store = new LogStore(path, {
    lockTimeout: 60_000,
    snapshotInterval,
    compactFrom,
    ...killPoint === undefined ? {} : { disk: killingDisk(killPoint) },
  });
  const random = randomNumbers(plan.seed + 31 * owner + life);
  const encoder = new TextEncoder();
  /** The version of each entry when it was last read. */
  const seen = new Map<number, number>();

  function look(number: number): number {
    const value = store.get(digestOf(number));
    // It may have been deleted, or evicted.
    if (value === undefined) return 0;
    const version = versionIn(number, value);
    const least = seen.get(number) ?? 0;
    if (version < least) throw new Error(`${number} is back at ${version} from ${least}`);
    seen.set(number, version);
    return version;
  }

  let index = 0;
  for (const step of makeSteps(plan)) {
    takeStep(store, owner, step);
    Deno.stdout.writeSync(encoder.encode(`${index++}\n`));
    const last = step.changes.at(-1);
    if (last?.type === "put" && step.maxEntries === undefined) {
      if (look(last.number) !== last.version) throw new Error(`Not there: ${last.number}`);
    }
    const number = anyNumberOf(Math.floor(random() * owners), random);
    const version = look(number);
    const twin = twinOf(number);
    // Half of a batch, if it is older; or lost.
    if (twin !== undefined && look(twin) < version) throw new Error(`Lost: ${twin}`);
  }
  throw new Error("No more steps");
}
