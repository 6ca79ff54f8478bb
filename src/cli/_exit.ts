// Copyright 2026 the pecapiku authors. MIT license.

/** What the exit codes mean. */
export const EXIT = {
  /** It is done. */
  done: 0,
  /** It is done, and something was found: damage, a difference, no such key; or the answer was no. */
  found: 1,
  /** It can't be meant like that. */
  usage: 2,
  /** The file can't be read or written, or is no cache file. */
  unreadable: 3,
} as const;

/** Says that the command line can't be meant like that. */
export class UsageError extends Error {}

/** Says that there is no entry of a key. */
export class NoSuchKeyError extends Error {}
