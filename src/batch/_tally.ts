// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchProgress } from "./batch_progress.ts";

/** Over how long the rate is taken, at least: shorter, and it jumps. In milliseconds. */
const SPAN_MS = 30_000;

/** Over how many evaluations it is taken, at least. */
const LEAST_EVALUATIONS = 10;

/** How often a sample is kept at the most, in milliseconds. */
const SAMPLE_MS = 1_000;

interface Sample {
  readonly at: number;
  readonly evaluations: number;
}

/** The counts of a batch. */
export class Tally {
  total: number | undefined;
  cached = 0;
  computed = 0;
  failed = 0;
  active = 0;
  retried = 0;
  readonly #now: () => number;
  readonly #startedAt: number;
  /** From the oldest that counts on; the first is from before the first evaluation. */
  readonly #samples: Sample[] = [];

  /**
   * Starts to count.
   *
   * @param total How many calls there are, if that is known.
   * @param now A clock that never goes back, in milliseconds.
   */
  constructor(total: number | undefined, now: () => number) {
    this.total = total;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Notes that an evaluation begins: the time before the first one does not count for the rate. */
  begins(): void {
    if (this.#samples.length === 0) this.#samples.push({ at: this.#now(), evaluations: 0 });
  }

  /** Counts a call that is done. */
  settled(outcome: "cached" | "computed" | "failed"): void {
    this[outcome]++;
    if (outcome === "cached") return;
    const samples = this.#samples;
    const at = this.#now();
    const evaluations = this.computed + this.failed;
    if (samples.length === 0 || at - samples.at(-1)!.at < SAMPLE_MS) return;
    samples.push({ at, evaluations });
    while (
      samples.length > 2 && at - samples[1]!.at >= SPAN_MS &&
      evaluations - samples[1]!.evaluations >= LEAST_EVALUATIONS
    ) samples.shift();
  }

  /**
   * Tells how far the batch is.
   *
   * @param isFinished Whether it is over.
   * @returns The counts, and what follows from them.
   */
  snapshot(isFinished: boolean): BatchProgress {
    const { total, cached, computed, failed, active, retried } = this;
    const now = this.#now();
    const done = cached + computed + failed;
    const ratePerSecond = this.#rate(now);
    return {
      ...{ done, total, cached, computed, failed, active, retried, ratePerSecond },
      secondsLeft: secondsLeft(done, total, ratePerSecond),
      elapsedSeconds: (now - this.#startedAt) / 1000,
      isFinished,
    };
  }

  #rate(now: number): number {
    const oldest = this.#samples[0];
    if (oldest === undefined || now <= oldest.at) return 0;
    return (this.computed + this.failed - oldest.evaluations) * 1000 / (now - oldest.at);
  }
}

function secondsLeft(done: number, total: number | undefined, rate: number): number | undefined {
  if (total === undefined) return undefined;
  if (done >= total) return 0;
  return rate > 0 ? (total - done) / rate : undefined;
}
