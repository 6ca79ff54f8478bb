// Copyright 2026 the pecapiku authors. MIT license.

/** What a number should be. */
export interface Target {
  /** The most that it may be. */
  readonly most: number;
  /** The number. */
  readonly value: number;
}

const WIDTHS = [58, 12, 32, 9] as const;

/** Prints the head of the table. */
export function printHead(): void {
  printCells(["", "measured", "beside", "ratio"], "target");
  console.log("-".repeat(WIDTHS.reduce((sum, width) => sum + width + 2, 0) + 14));
}

/**
 * Prints one row of the table.
 *
 * @param what What was measured.
 * @param measured What came of it.
 * @param beside What it is compared with, and what came of that.
 * @param ratio The ratio of the two.
 * @param target What a number of the row should be; none if that is of no interest.
 */
export function printTargetRow(
  what: string,
  measured: string,
  beside = "",
  ratio?: number,
  target?: Target,
): void {
  const mark = target === undefined
    ? ""
    : `≤ ${target.most.toLocaleString("en", { maximumFractionDigits: 2 })} ${
      target.value <= target.most ? "pass" : "MISS"
    }`;
  printCells([what, measured, beside, ratio === undefined ? "" : `× ${ratio.toFixed(2)}`], mark);
}

/** Milliseconds, in the unit that suits them. */
export function inTime(milliseconds: number): string {
  if (milliseconds >= 1) return `${milliseconds.toFixed(1)} ms`;
  return `${(milliseconds * 1000).toFixed(milliseconds >= 0.01 ? 1 : 2)} µs`;
}

/** A number of entries. */
export function inEntries(count: number): string {
  return `${count.toLocaleString("en")} entries`;
}

function printCells(cells: readonly string[], last: string): void {
  const [what, ...others] = cells.map((cell, index) =>
    index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index]!)
  );
  console.log([what, ...others, last].join("  ").trimEnd());
}
