// Copyright 2026 the pecapiku authors. MIT license.

import { CheckpointFailedError } from "../errors/checkpoint_failed_error.ts";

/** A call depends on what can't be seen. That is said on the console whatever `onError` says, and the call is evaluated. */
export class UnseenError extends CheckpointFailedError {
  // For people it is the error that is documented.
  override name = "CheckpointFailedError";
  /** What can't be seen, for people. */
  readonly unseen: readonly string[];

  /**
   * Makes the error.
   *
   * @param name The function's name, or what stands for it.
   * @param unseen What can't be seen.
   * @param action What can't be done.
   */
  constructor(name: string, unseen: readonly string[], action: string = "cache") {
    super(`Cannot ${action} ${name}: ${unseenText(unseen)}`);
    this.unseen = unseen;
  }
}

function unseenText(unseen: readonly string[]): string {
  const names = [...new Set(unseen.map(leadingName).filter((name) => name !== undefined))];
  const example = names.length > 0 && names.length <= 5 ? names.join(", ") : "a, b";
  const [it, list] = unseen.length === 1
    ? ["which can't be seen", "list it"]
    : ["which can't be seen", "list them"];
  return `it depends on ${joined(unseen)}, ${it}; ${list} in uses: () => ({ ${example} }), ` +
    "or accept the risk by uses: () => ({})";
}

// "k, a variable of the function around it": the name comes first, where there is one.
function leadingName(text: string): string | undefined {
  return /^([\p{ID_Start}$_][\p{ID_Continue}$]*),/u.exec(text)?.[1];
}

function joined(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join("; ")}; and ${texts.at(-1)}`;
}
