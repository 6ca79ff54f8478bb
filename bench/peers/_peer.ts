// Copyright 2026 the pecapiku authors. MIT license.

import type { Work } from "../_workload.ts";

/** One of the things that are measured: this package, the floor, or what others offer. */
export interface Peer {
  /** What it is called in the table. */
  readonly name: string;
  /** What it imports, each with its exact version; none if it is built in. */
  readonly imports: readonly string[];
  /** What `deno run` has to be told for it. */
  readonly flags?: readonly string[];
  /** How it is run, in a sentence or two, for the document. */
  readonly about: string;
  /** Whether it makes keys of arguments by itself. Others are given the digest that this package makes. */
  readonly makesKeys?: boolean;
  /** Why it has no such row, by the name of the row. */
  readonly without?: Readonly<Record<string, string>>;
  /**
   * Opens it in a directory of its own, and loads what it needs.
   *
   * @param directory The directory.
   * @returns What memoises functions there.
   */
  open(directory: string): Opened | Promise<Opened>;
  /**
   * Gives the script of a process that makes one call and ends, as one would write it: it says "miss" if it had to evaluate.
   *
   * @param directory The directory.
   * @returns The text of a module in JavaScript.
   */
  coldScript?(directory: string): string;
}

/** What memoises functions in a directory. */
export interface Opened {
  /** Memoises a function. */
  memoise(work: Work): Memoised | Promise<Memoised>;
  /** Ends it, with all that it has still to write. */
  close(): void | Promise<void>;
}

/** A memoised function. Where a promise is given, the call is at its end when that resolves. */
export interface Memoised {
  /** Gives the result, stored or evaluated. */
  call(...args: unknown[]): unknown;
  /** Evaluates, and stores the result whatever is stored. */
  rerun(...args: unknown[]): unknown;
  /** Stores the results of some calls, as fast as it can. */
  fill(calls: readonly (readonly unknown[])[]): void | Promise<void>;
}

/**
 * Loads a package when it is needed. Its types are those that the caller names: the packages themselves are fetched by none but
 * who runs the peer.
 *
 * @param specifier What to import.
 * @returns The module.
 */
export async function load<T>(specifier: string): Promise<T> {
  return await import(specifier) as T;
}
