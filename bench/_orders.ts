// Copyright 2026 the pecapiku authors. MIT license.

import type { Verdict } from "./_flip.ts";
import type { WorkName } from "./_workload.ts";

/** Numbers of calls: from the first one on, one after the other, or by steps over all below a size. */
export interface Ids {
  readonly first: number;
  readonly step?: number;
  readonly size?: number;
}

/** What the process of a peer is told, and what it answers. Times are in milliseconds. */
export interface Orders {
  /** Open the peer in a directory; what was open is closed. */
  open: { order: { directory: string }; answer: void };
  /** Close it. */
  close: { order: Record<never, never>; answer: void };
  /** Store the results of the calls with some numbers; the time that it took. */
  fill: { order: { work: WorkName; from: number; to: number }; answer: number };
  /** Make a call, and tell whether what comes back is equal, types included. */
  compare: { order: { work: WorkName; id: number }; answer: boolean };
  /** Make so many calls, with these numbers; the time that they took. */
  time: { order: { work: WorkName; ids: Ids; times: number }; answer: number };
  /** Copy a directory, change a byte in the copy, and make all calls there. */
  flip: {
    order: { source: string; directory: string; trial: number; records: number };
    answer: Verdict;
  };
  /** Write and read texts of 1 MB under the keys that other processes write, too. */
  crowd: {
    order: { keys: number; rounds: number; seed: number };
    answer: { wrong: number; raised: string };
  };
}

/** The name of what a process can be told. */
export type Order = keyof Orders;

/** A line that it answers. */
export type Answer = { readonly answer: unknown } | { readonly error: string };
