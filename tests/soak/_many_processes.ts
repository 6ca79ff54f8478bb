// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";
import { randomNumbers } from "../stores/_changes.ts";
import { allOf, type Life, Workplace } from "./_lives.ts";

/** How many processes there are, and for how long. */
export interface ManyProcesses {
  /** How many work at once. The first of them compacts the file again and again. */
  readonly processes: number;
  /** The most steps that a process acknowledges before it is killed. */
  readonly steps: number;
  /** Tells whether a process is followed by another, after so many of them. */
  readonly isOver: (lives: number) => boolean;
}

/**
 * Lets processes read and write one file at once while one of them compacts it. Each is killed in the end, and followed by
 * another one.
 *
 * @param directory An empty directory to work in.
 * @param seed What the processes do.
 * @param options How many, and for how long.
 * @returns How many steps were acknowledged.
 * @throws {Error} If the store has lost or made up anything.
 */
export async function manyProcesses(
  directory: string,
  seed: number,
  { processes, steps, isOver }: ManyProcesses,
): Promise<number> {
  const place = new Workplace(`${directory}/many`);
  const lives: Life[] = [];
  let isFailed = false;
  async function lane(owner: number): Promise<void> {
    for (let life = 1; !isFailed && !isOver(life - 1); life++) {
      const random = randomNumbers(seed + 97 * life + 7919 * owner);
      const plan = {
        seed,
        owner,
        life,
        owners: processes,
        compactions: owner === 0 ? 0.3 : 0.001,
        snapshotInterval: [1, 10, 100, 1000][owner % 4]!,
        compactFrom: owner % 2 === 0 ? 1 : 1_000_000,
        killPoint: undefined,
      };
      const death = { steps: Math.ceil(steps * (0.2 + 0.8 * random())), delay: random() * 10 };
      try {
        lives.push(await place.live(plan, death));
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  }
  await allOf(Array.from({ length: processes }, (_, owner) => lane(owner)));
  place.tidy();
  place.remove();
  assert(lives.length >= processes);
  return lives.reduce((sum, life) => sum + life.acknowledged, 0);
}
