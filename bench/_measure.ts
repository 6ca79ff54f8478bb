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

/**
 * Prints one row of the table.
 *
 * @param title What was measured.
 * @param results What came of it.
 * @param unit The unit to print.
 */
export function printRow(
  title: string,
  results: readonly Measured[],
  unit: "ms" | "µs",
): void {
  const cells = results.map(({ name, milliseconds, ratio }, index) => {
    const time = (unit === "ms" ? milliseconds : milliseconds * 1000).toFixed(2).padStart(8);
    return `${name} ${time} ${unit}${index === 0 ? "" : ` (× ${ratio.toFixed(2)})`}`;
  });
  console.log(`${title.padEnd(44)} ${cells.join("   ")}`);
}
