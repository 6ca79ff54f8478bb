// Copyright 2026 the pecapiku authors. MIT license.

/** A file, or a directory, that every later version has to read. */
export interface GoldenFile {
  /** Its name in the directory of each version of the format. */
  readonly name: string;
  /** How many entries it holds, with those that belong to others; `undefined` of a directory. */
  readonly entries?: number;
  /** Makes it, in a place where nothing is. */
  make(path: string): void | Promise<void>;
  /** Fails unless all that was put in is found with the public API, and equal. It passes where somebody has put in more. */
  check(path: string): void | Promise<void>;
  /** Fails unless it can be used further as well; writes into it. */
  use?(path: string): void | Promise<void>;
}

/** The time at which all entries were written: 2025-12-01, in milliseconds since the epoch. */
export const WRITTEN_AT = 1_764_547_200_000;

/** The clock of whoever makes a golden file. */
export const now = (): number => WRITTEN_AT;
