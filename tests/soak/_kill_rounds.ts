// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";
import { randomNumbers } from "../stores/_changes.ts";
import type { KillPoint } from "./_killing_disk.ts";
import { allOf, type Death, type Life, Workplace } from "./_lives.ts";

/** How many processes are killed in a file before it is left for a new one. */
const LIVES_OF_A_FILE = 20;

/** The calls at which a process kills itself, and how many of them pass at the most. */
const CALLS: readonly (readonly [name: string, most: number])[] = [
  ["any", 4000],
  ["writeSync", 400],
  ["openSync", 8],
  ["truncateSync", 3],
  ["renameSync", 3],
  ["chmodSync", 3],
  ["syncSync", 12],
  ["syncDataSync", 12],
  ["tryLockSync", 300],
  ["removeSync", 2],
  ["unlockSync", 300],
];

/** What rounds came to. */
export interface KillTally {
  /** How many steps were acknowledged. */
  readonly acknowledged: number;
  /** How many processes had taken a step that they did not tell of. */
  readonly ahead: number;
  /** How many writes were cut. */
  readonly cuts: number;
  /** How often a process left more beside the file. */
  readonly leftovers: number;
}

/**
 * Kills processes that work in cache files: at any moment, at any call that reaches the disk, and in the middle of a write. Two
 * are at work at once, in a file of their own or in the same.
 *
 * @param directory An empty directory to work in.
 * @param seed What the processes do and, as far as that can be told beforehand, when they die.
 * @param rounds How many processes to kill.
 * @returns What came of it.
 * @throws {Error} If the store has lost or made up anything.
 */
export async function killRounds(
  directory: string,
  seed: number,
  rounds: number,
): Promise<KillTally> {
  const lives: Life[] = [];
  let cuts = 0;
  let leftovers = 0;
  for (let first = 0; first < rounds; first += LIVES_OF_A_FILE) {
    const places = [`${first}-left`, `${first}-right`, `${first}-both`].map((name) =>
      new Workplace(`${directory}/${name}`)
    );
    const lane = async (owner: 0 | 1) => {
      for (let life = first + owner; life < Math.min(rounds, first + LIVES_OF_A_FILE); life += 2) {
        const random = randomNumbers(seed + 97 * life);
        const pick = (count: number) => Math.floor(random() * count);
        const isAlone = pick(3) > 0;
        const place = isAlone ? places[owner]! : places[2]!;
        const plan = {
          seed,
          owner,
          life: life + 1,
          compactions: 0.02,
          owners: isAlone ? owner + 1 : 2,
          snapshotInterval: [1, 3, 10, 40, 200][pick(5)]!,
          compactFrom: [1, 30_000, 300_000][pick(3)]!,
          // Every other one dies of its own, a part of them surely in the middle of a write.
          killPoint: life % 4 < 2 ? undefined : killPoint(life % 8 < 4 ? "writeSync" : "", pick),
        };
        lives.push(await place.live(plan, death(pick)));
        if (isAlone) place.tidy();
      }
    };
    await allOf([lane(0), lane(1)]);
    for (const place of places) {
      place.tidy();
      cuts += place.cuts;
      leftovers += place.leftovers;
      place.remove();
    }
  }
  const acknowledged = lives.reduce((sum, life) => sum + life.acknowledged, 0);
  assert(acknowledged > rounds, "hardly anything was done");
  return {
    acknowledged,
    ahead: lives.filter((life) => life.isAhead).length,
    cuts,
    leftovers,
  };
}

function death(pick: (count: number) => number): Death {
  return { steps: 2 ** pick(10), delay: pick(2) * pick(20) };
}

function killPoint(name: string, pick: (count: number) => number): KillPoint {
  const [call, most] = CALLS.find(([each]) => each === name) ?? CALLS[pick(CALLS.length)]!;
  return {
    call,
    // Early ones as often as late ones.
    nth: 1 + Math.floor(most ** (pick(1000) / 1000)),
    when: name === "writeSync" ? "during" : (["before", "during", "after"] as const)[pick(3)]!,
  };
}
