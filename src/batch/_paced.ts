// Copyright 2026 the pecapiku authors. MIT license.

import type { Screen } from "./_progress_display.ts";

/** How often something is drawn. Times are in milliseconds. */
export interface Pace {
  /** How long it is from one drawing to the next, at least. */
  readonly least: number;
  /** How long it is at most while something is under way, whether it has changed or not. */
  readonly most?: number;
  /** Whether the first change is drawn at once. */
  readonly isAtOnce: boolean;
}

/** Draws when something has changed, and not too often. */
export class Paced {
  readonly #screen: Pick<Screen, "now" | "later">;
  readonly #draw: () => boolean;
  readonly #least: number;
  readonly #most: number;
  #drawnAt: number;
  #cancel: (() => void) | undefined;
  #dueAt = Infinity;

  /**
   * Prepares to draw.
   *
   * @param screen What has the clock.
   * @param draw Draws, and tells whether something is under way.
   * @param pace How often.
   */
  constructor(
    screen: Pick<Screen, "now" | "later">,
    draw: () => boolean,
    { least, most = Infinity, isAtOnce }: Pace,
  ) {
    this.#screen = screen;
    this.#draw = draw;
    this.#least = least;
    this.#most = most;
    this.#drawnAt = isAtOnce ? -Infinity : screen.now();
  }

  /** Something has changed. */
  changed(): void {
    const now = this.#screen.now();
    if (now >= this.#drawnAt + this.#least) this.#now(now);
    else this.#at(this.#drawnAt + this.#least, now);
  }

  /** Draws no more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueAt = Infinity;
  }

  #now(now: number): void {
    this.stop();
    this.#drawnAt = now;
    const isUnderWay = this.#draw();
    // Of a batch that somebody left lying, nothing is under way in the end.
    if (isUnderWay && this.#most < Infinity) this.#at(now + this.#most, now);
  }

  #at(due: number, now: number): void {
    if (due >= this.#dueAt) return;
    this.stop();
    this.#dueAt = due;
    this.#cancel = this.#screen.later(() => this.#now(this.#screen.now()), due - now);
  }
}
