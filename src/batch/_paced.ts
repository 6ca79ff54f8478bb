// Copyright 2026 the pecapiku authors. MIT license.

import type { Screen } from "./_progress_display.ts";

/** Draws when something has changed, not too often, and at the latest when a while has passed. Times are in milliseconds. */
export class Paced {
  readonly #screen: Pick<Screen, "now" | "later">;
  readonly #draw: () => void;
  readonly #least: number;
  readonly #most: number;
  #drawnAt: number;
  #cancel: (() => void) | undefined;
  #dueAt = Infinity;

  /**
   * Prepares to draw.
   *
   * @param screen What has the clock.
   * @param draw Draws.
   * @param least How long it is from one drawing to the next, at least.
   * @param most How long it is at most, whether something has changed or not.
   * @param isAtOnce Whether the first change is drawn at once.
   */
  constructor(
    screen: Pick<Screen, "now" | "later">,
    draw: () => void,
    { least, most = Infinity, isAtOnce }: { least: number; most?: number; isAtOnce: boolean },
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
    if (this.#most < Infinity) this.#at(now + this.#most, now);
    this.#draw();
  }

  #at(due: number, now: number): void {
    if (due >= this.#dueAt) return;
    this.stop();
    this.#dueAt = due;
    this.#cancel = this.#screen.later(() => this.#now(this.#screen.now()), due - now);
  }
}
