// Copyright 2026 the pecapiku authors. MIT license.

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One of the things that are measured side by side. */
export interface Contender {
  /** What it is called in the table. */
  readonly name: string;
  /** Makes things ready for so many times; that is not measured. */
  prepare?(times: number): void;
  /** Does it, so often. */
  run(times: number): void;
}

/** What came of one contender. */
export interface Measured {
  /** What it is called. */
  readonly name: string;
  /** Its median, in milliseconds a time. */
  readonly milliseconds: number;
  /** The median of its ratios to the first contender, round by round. */
  readonly ratio: number;
}

/**
 * Measures contenders in turn, round by round, so that all of them meet the same machine. Absolute times are noise on a
 * shared machine; the ratios of a round are not.
 *
 * @param contenders What to measure.
 * @param options How often: `times` in each of `rounds`, after one round that does not count.
 * @returns What came of each, in order.
 */
export function measure(
  contenders: readonly Contender[],
  { rounds = 9, times }: { rounds?: number; times: number },
): Measured[] {
  const taken: number[][] = contenders.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      contender.prepare?.(times);
      const start = performance.now();
      contender.run(times);
      if (round >= 0) taken[index]!.push((performance.now() - start) / times);
    }
  }
  return contenders.map(({ name }, index) => ({
    name,
    milliseconds: median(taken[index]!),
    ratio: median(taken[index]!.map((time, round) => time / taken[0]![round]!)),
  }));
}

/** One of the things of which each single time is measured. */
export interface Stepper {
  /** What it is called. */
  readonly name: string;
  /** Makes things ready for so many times, which is not measured, and gives what does it once. */
  prepare(times: number): () => void;
}

/** What came of one stepper. */
export interface MeasuredSteps extends Measured {
  /** The mean, in milliseconds a time: what is slow now and then shows here. The median of the rounds. */
  readonly mean: number;
  /** The median of the ratios of its means to those of the first stepper, round by round. */
  readonly meanRatio: number;
  /** The slowest time, in milliseconds. */
  readonly slowest: number;
}

/**
 * Measures each single time of several things, in turn, round by round. What happens now and then only, in whatever
 * runs, does not touch the medians.
 *
 * @param steppers What to measure.
 * @param options How often: `times` in each of `rounds`, after one round that does not count.
 * @returns What came of each, in order: the medians of all times, and the medians of the ratios of a round's medians and of
 * its means.
 */
export function measureSteps(
  steppers: readonly Stepper[],
  { rounds = 9, times }: { rounds?: number; times: number },
): MeasuredSteps[] {
  const taken: Float64Array[][] = steppers.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, stepper] of steppers.entries()) {
      const step = stepper.prepare(times);
      const each = new Float64Array(times);
      for (let time = 0; time < times; time++) {
        const start = performance.now();
        step();
        each[time] = performance.now() - start;
      }
      if (round >= 0) taken[index]!.push(each);
    }
  }
  const medians = taken.map((rounds) => rounds.map((each) => median([...each])));
  const means = taken.map((rounds) => rounds.map(mean));
  const ratioOf = (numbers: number[][], index: number) =>
    median(numbers[index]!.map((number, round) => number / numbers[0]![round]!));
  return steppers.map(({ name }, index) => {
    const all = taken[index]!.flatMap((each) => [...each]);
    return {
      name,
      milliseconds: median(all),
      ratio: ratioOf(medians, index),
      mean: median(means[index]!),
      meanRatio: ratioOf(means, index),
      slowest: all.reduce((most, time) => Math.max(most, time)),
    };
  });
}

function mean(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
