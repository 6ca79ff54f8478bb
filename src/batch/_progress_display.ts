// Copyright 2026 the pecapiku authors. MIT license.

import { LogLines } from "./_log_lines.ts";
import { NotebookBar, notebookOf } from "./_notebook_bar.ts";
import type { Tally } from "./_tally.ts";
import { TerminalBar } from "./_terminal_bar.ts";

/** What shows how far a batch is. */
export interface ProgressDisplay {
  /** The counts have changed. */
  changed(tally: Tally): void;
  /** The batch is over: all of it is done, or it was stopped. */
  finish(tally: Tally, isComplete: boolean): void | Promise<void>;
}

/** What a display draws on. Times are in milliseconds. */
export interface Screen {
  /** Writes a text. */
  write(text: string): void;
  /** How many columns a line has. */
  columns(): number;
  /** Whether colours may be used. */
  readonly hasColor: boolean;
  /** The time, by a clock that never goes back. */
  now(): number;
  /** Calls back later, unless it is cancelled. It does not keep the process. */
  later(callback: () => void, milliseconds: number): () => void;
}

/**
 * Opens what shows progress to a person where this process runs: in a notebook, a terminal, or a log.
 *
 * @param name The name of the function.
 * @returns The display.
 */
export function openDisplay(name: string): ProgressDisplay {
  const notebook = notebookOf();
  const screen = new StandardError();
  if (notebook !== undefined) return new NotebookBar(notebook, name, screen);
  return Deno.stderr.isTerminal() ? new TerminalBar(screen) : new LogLines(name, screen);
}

class StandardError implements Screen {
  #isBroken = false;

  get hasColor(): boolean {
    return !Deno.noColor;
  }

  write(text: string): void {
    if (this.#isBroken) return;
    const bytes = new TextEncoder().encode(text);
    try {
      for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
    } catch {
      // Whoever read it has gone. The work that it told about goes on.
      this.#isBroken = true;
    }
  }

  columns(): number {
    try {
      return Deno.consoleSize().columns;
    } catch {
      // It is asked for where there is a terminal; that one may have gone.
      return 80;
    }
  }

  now(): number {
    return performance.now();
  }

  later(callback: () => void, milliseconds: number): () => void {
    const timer = setTimeout(callback, milliseconds);
    Deno.unrefTimer(timer);
    return () => clearTimeout(timer);
  }
}
