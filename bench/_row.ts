// Copyright 2026 the pecapiku authors. MIT license.

/** What came of one contender in one row. */
export interface Cell {
  /** A time in milliseconds, a count, or bytes; none if there is none. */
  readonly value?: number;
  /** How often that is what it is with us: the median of the ratios of each round. */
  readonly ratio?: number;
  /** What has to be said of it: why there is no value, or what is different about it. */
  readonly note?: string;
}

/** What a value of a row is. */
export type Unit = "time" | "bytes" | "count";

/** One row of the table. */
export interface Row {
  /** What the row is called on the command line, and its plot. */
  readonly id: string;
  /** What was measured. */
  readonly title: string;
  /** What its values are. Less is better in all of them. */
  readonly unit: Unit;
  /** The cells, by the name of the contender. */
  readonly cells: ReadonlyMap<string, Cell>;
}

/** The name that this package has in the table. */
export const OURS = "ours";

/** The name that the floor has. */
export const FLOOR = "floor";
