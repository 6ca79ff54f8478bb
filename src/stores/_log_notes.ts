// Copyright 2026 the pecapiku authors. MIT license.

import type { IndexNotes } from "./_index_observer.ts";
import { MemoryShortageError } from "./_record_reader.ts";

/** What there is to say of a file: each thing once, and at the end of a call only, since whoever listens may use the cache, too. */
export class LogNotes implements IndexNotes {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  /** Where the file is damaged, if that is known. */
  damagedAt: number | undefined;
  readonly #said = new Set<string>();
  /** What could not be read. */
  #unread: string[] = [];
  #messages: string[] = [];

  /** Has nothing to say yet of the file at a path, to whom it is to be said. */
  constructor(path: string, warn: (message: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  onDamage(offset: number): void {
    this.damagedAt ??= offset;
    if (this.#isNew("damage")) {
      this.#unread.push(`damaged at byte ${offset}, taken as not cached`);
    }
  }

  onSnapshotDamage(offset: number): void {
    this.#unread.push(`index damaged at byte ${offset}, the whole file is read instead`);
  }

  /** Notes what became of an end of the file that was not clean. */
  onTail(note: string): void {
    if (!this.#unread.includes(note)) this.#unread.push(note);
  }

  /** Reads what may be more than there is memory for: then it is not there for this process, and stays in the file. */
  unlessTooLarge<T>(read: () => T): T | "too large" {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof MemoryShortageError)) throw error;
      if (this.#isNew("memory")) this.#unread.push(error.message);
      return "too large";
    }
  }

  /** Notes that something failed which is no error of the call. */
  onFailure(action: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#messages.push(`Cannot ${action} of cache: ${reason}: ${this.#path}`);
  }

  /** Notes a whole message, and that of the same kind no other is to come if it is to be the only one. */
  say(message: string, onlyOneOf?: string): void {
    if (onlyOneOf === undefined || this.#isNew(onlyOneOf)) this.#messages.push(message);
  }

  /** Says what was noted. */
  report(): void {
    if (this.#unread.length === 0 && this.#messages.length === 0) return;
    const messages = this.#messages;
    if (this.#unread.length > 0) {
      messages.push(`Cannot read all of cache: ${this.#unread.join("; ")}: ${this.#path}`);
    }
    this.#unread = [];
    this.#messages = [];
    this.#warn(messages.join("\n"));
  }

  #isNew(kind: string): boolean {
    if (this.#said.has(kind)) return false;
    this.#said.add(kind);
    return true;
  }
}
