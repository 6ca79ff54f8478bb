// Copyright 2026 the pecapiku authors. MIT license.

import { Paced } from "./_paced.ts";
import type { ProgressDisplay, Screen } from "./_progress_display.ts";
import { type Ending, plainLine } from "./_progress_text.ts";
import type { Tally } from "./_tally.ts";

/** How long it is from one line to the next, at least, in milliseconds. */
const EVERY_MS = 5_000;

/** Lines in a file, or in a pipe: one every few seconds if something has changed, and one at the end. */
export class LogLines implements ProgressDisplay {
  readonly #name: string;
  readonly #screen: Screen;
  readonly #paced: Paced;
  #tally: Tally | undefined;

  /** Prepares the lines; nothing is written yet. */
  constructor(name: string, screen: Screen) {
    this.#name = name === "" ? "" : `${name}: `;
    this.#screen = screen;
    const draw = (): boolean => this.#write(undefined);
    this.#paced = new Paced(screen, draw, { least: EVERY_MS, isAtOnce: false });
  }

  changed(tally: Tally): void {
    this.#tally = tally;
    this.#paced.changed();
  }

  finish(tally: Tally, isComplete: boolean): void {
    this.#paced.stop();
    this.#tally = tally;
    this.#write(isComplete ? "complete" : "stopped");
  }

  #write(ending: Ending): boolean {
    const line = this.#name + plainLine(this.#tally!.snapshot(ending !== undefined), ending);
    // A function may have been given any name.
    // deno-lint-ignore no-control-regex
    this.#screen.write(line.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "?") + "\n");
    return true;
  }
}
