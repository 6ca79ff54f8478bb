// Copyright 2026 the pecapiku authors. MIT license.

import { median } from "./_measure.ts";
import { type Cell, OURS } from "./_row.ts";

/** One of the things that are measured side by side. */
export interface Timed {
  /** What it is called in the table. */
  readonly name: string;
  /** What has to be said of it. */
  readonly note?: string;
  /** Does it so many times, and gives how long that took, in milliseconds. */
  time(times: number): Promise<number>;
}

/** How much is measured. */
export interface Effort {
  /** How many rounds count. */
  readonly rounds: number;
  /** How long one contender's part of a round is, about, in milliseconds. */
  readonly part: number;
  /** How long it is done before anything counts, in milliseconds: the engine has yet to compile what runs often. */
  readonly warmUp: number;
  /** How often it is done in a round at the most. */
  readonly most: number;
  /** What takes longer than that, in milliseconds, has three rounds at the most, and what takes four times that has one. */
  readonly long: number;
}

/**
 * Tells how many rounds something has.
 *
 * @param once How long it takes once, in milliseconds.
 * @param effort How many others have, and from when on something is long.
 * @returns As many, or fewer for what takes long.
 */
export function roundsFor(once: number, { rounds, long }: Pick<Effort, "rounds" | "long">): number {
  return once > 4 * long ? 1 : once > long ? Math.min(3, rounds) : rounds;
}

interface Contender {
  readonly timed: Timed;
  readonly times: number;
  readonly rounds: number;
  readonly taken: number[];
  failed?: string;
}

/**
 * Measures contenders in turn, round by round, so that all of them meet the same machine. Absolute times are noise on a shared
 * machine; the ratios of a round are not. Who fails has a note instead of a time.
 *
 * @param contenders What to measure; the one that is called `ours` is what the ratios are to.
 * @param effort How much.
 * @returns What came of each: the median of its times, and of its ratios round by round.
 */
export async function measureInTurn(
  contenders: readonly Timed[],
  effort: Effort,
): Promise<Map<string, Cell>> {
  const all: Contender[] = [];
  for (const timed of contenders) all.push(await prepare(timed, effort));
  for (let round = 0; round < effort.rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      // Another one is first in each round.
      const contender = all[(turn + round) % all.length]!;
      if (contender.failed !== undefined || round >= contender.rounds) continue;
      try {
        contender.taken.push(await contender.timed.time(contender.times) / contender.times);
      } catch (error) {
        contender.failed = messageOf(error);
      }
    }
  }
  const ours = all.find(({ timed }) => timed.name === OURS);
  return new Map(all.map((contender) => [contender.timed.name, cellOf(contender, ours?.taken)]));
}

/** The first times do not count, and tell how often it can be done in a round. */
async function prepare(timed: Timed, effort: Effort): Promise<Contender> {
  const { part, warmUp, most } = effort;
  try {
    let times = 1;
    let taken = 0;
    for (let sum = 0; sum < warmUp || sum === 0; sum += taken) {
      taken = await timed.time(times);
      const wanted = Math.round(times * part / Math.max(taken, part / 100));
      times = Math.max(1, Math.min(most, wanted));
    }
    const once = taken / times;
    return { timed, times, rounds: roundsFor(once, effort), taken: [] };
  } catch (error) {
    return { timed, times: 0, rounds: 0, taken: [], failed: messageOf(error) };
  }
}

function cellOf({ timed: { note }, taken, failed }: Contender, ours: readonly number[] = []): Cell {
  if (failed !== undefined) return { note: failed };
  const ratios = ratiosOf(taken, ours);
  return {
    value: median(taken),
    ...ratios.length === 0 ? {} : { ratio: median(ratios) },
    ...note === undefined ? {} : { note },
  };
}

/**
 * Gives the ratios of two contenders, round by round, for as many rounds as both have.
 *
 * @param taken What one took in each round.
 * @param base What the other did.
 * @returns The ratios.
 */
export function ratiosOf(taken: readonly number[], base: readonly number[]): number[] {
  return taken.slice(0, base.length).map((time, round) => time / base[round]!);
}

/**
 * Gives what to say of an error in a note.
 *
 * @param error The error.
 * @returns Its first line, cut where it is too long.
 */
export function messageOf(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
