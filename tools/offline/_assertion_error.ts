// Copyright 2026 the pecapiku authors. MIT license.

/** What a failed assertion throws. */
export class AssertionError extends Error {
  /**
   * @param message What failed.
   * @param options The cause, if there is one.
   */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/**
 * How a message goes on after its first part.
 *
 * @param msg What the caller has to say, if anything.
 * @returns A colon and that, or a full stop.
 */
export function suffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}
