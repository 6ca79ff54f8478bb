// Copyright 2026 the pecapiku authors. MIT license.

import { Paced } from "./_paced.ts";
import type { ProgressDisplay, Screen } from "./_progress_display.ts";
import { barLine, type Ending } from "./_progress_text.ts";
import type { Tally } from "./_tally.ts";

/** How long it is from one drawing to the next, at least and at most, in milliseconds. */
const LEAST_MS = 100;
const MOST_MS = 1_000;

/** To the start of the line, and away with it. */
const ERASE = "\r\x1b[K";

/** The bar that is drawn: there is one line. A batch within a batch waits until its end to show itself. */
let drawn: TerminalBar | undefined;

/**
 * A line of a terminal that is drawn again and again. What others print meanwhile stands behind it, and the bar goes on in the
 * line below.
 */
export class TerminalBar implements ProgressDisplay {
  readonly #screen: Screen;
  readonly #paced: Paced;
  #tally: Tally | undefined;

  /** Prepares the bar; nothing is drawn yet. */
  constructor(screen: Screen) {
    this.#screen = screen;
    this.#paced = new Paced(screen, () => this.#redraw(), {
      least: LEAST_MS,
      most: MOST_MS,
      isAtOnce: true,
    });
  }

  changed(tally: Tally): void {
    this.#tally = tally;
    this.#paced.changed();
  }

  finish(tally: Tally, isComplete: boolean): void {
    this.#paced.stop();
    this.#tally = tally;
    this.#screen.write(`${ERASE}${this.#line(isComplete ? "complete" : "stopped")}\n`);
    if (drawn === this) drawn = undefined;
  }

  #redraw(): boolean {
    if (drawn === undefined || !drawn.#isUnderWay) drawn = this;
    if (drawn === this) this.#screen.write(`${ERASE}${this.#line(undefined)} `);
    return this.#isUnderWay;
  }

  get #isUnderWay(): boolean {
    return this.#tally !== undefined && this.#tally.active > 0;
  }

  // One column for the space, behind which others may print, and one because a full line makes some terminals go to the next.
  #line(ending: Ending): string {
    const { hasColor } = this.#screen;
    const columns = this.#screen.columns() - 2;
    return barLine(this.#tally!.snapshot(ending !== undefined), ending, columns, hasColor);
  }
}
