// Copyright 2026 the pecapiku authors. MIT license.

import type { Screen } from "../../src/batch/_progress_display.ts";
import { Tally } from "../../src/batch/_tally.ts";

/** A screen whose width and time a test has in its hand. */
export class TestScreen implements Screen {
  /** What was written, each time. */
  readonly written: string[] = [];
  width = 80;
  time = 0;
  hasColor = false;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  write(text: string): void {
    this.written.push(text);
  }

  columns(): number {
    return this.width;
  }

  readonly now = (): number => this.time;

  later(callback: () => void, milliseconds: number): () => void {
    const timer = { at: this.time + milliseconds, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and what is due happen. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.time = next.at;
      next.callback();
    }
    this.time = end;
  }

  /** Gives what was written since the last time that this was asked. */
  take(): string[] {
    return this.written.splice(0);
  }

  /** Makes counts on the clock of the screen. */
  tally(total?: number): Tally {
    return new Tally(total, this.now);
  }
}
