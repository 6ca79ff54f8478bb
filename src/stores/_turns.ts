// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "./store.ts";

/** What was begun last for one digest, as promises that are never rejected. */
interface Last {
  /** The last writing. Whoever comes later waits for it, and it waited for all that came before. */
  writing: Promise<unknown> | undefined;
  /** What has been read since then. */
  readonly readings: Set<Promise<unknown>>;
}

/**
 * Has what is asked of a place that answers later take effect in the order of the calls: what is written waits for what was
 * asked of the same digests before, and what is read for what was written. All else goes on at the same time.
 */
export class Turns {
  readonly #lasts = new Map<Digest, Last>();
  readonly #listings = new Set<Promise<unknown>>();

  /**
   * Reads something when its turn comes.
   *
   * @param digests What is read.
   * @param step Reads it. It keeps its turn until its promise is settled.
   * @returns What `step` gives.
   */
  read<T>(digests: Iterable<Digest>, step: () => Promise<T>): Promise<T> {
    const lasts = this.#lastsOf(digests);
    const before = lasts.map(([, { writing }]) => writing);
    const { result, settled } = begin(before, step);
    for (const [, { readings }] of lasts) readings.add(settled);
    settled.then(() => {
      for (const [digest, last] of lasts) {
        last.readings.delete(settled);
        this.#drop(digest, last);
      }
    });
    return result;
  }

  /**
   * Writes something when its turn comes.
   *
   * @param digests What is written.
   * @param step Writes it. It keeps its turn until its promise is settled.
   * @returns What `step` gives.
   */
  write<T>(digests: Iterable<Digest>, step: () => Promise<T>): Promise<T> {
    const lasts = this.#lastsOf(digests);
    const before = lasts.flatMap(([, { writing, readings }]) => [writing, ...readings]);
    const { result, settled } = begin([...before, ...this.#listings], step);
    const made: [Digest, Last][] = lasts.map(([digest]) => {
      const last = { writing: settled, readings: new Set<Promise<unknown>>() };
      this.#lasts.set(digest, last);
      return [digest, last];
    });
    settled.then(() => {
      for (const [digest, last] of made) {
        last.writing = undefined;
        this.#drop(digest, last);
      }
    });
    return result;
  }

  /**
   * Reads something of all digests when its turn comes.
   *
   * @param step Reads it. It keeps its turn until its promise is settled.
   * @returns What `step` gives.
   */
  list<T>(step: () => Promise<T>): Promise<T> {
    const before = [...this.#lasts.values()].map(({ writing }) => writing);
    const { result, settled } = begin(before, step);
    this.#listings.add(settled);
    settled.then(() => void this.#listings.delete(settled));
    return result;
  }

  /** Waits until all that was begun is done. */
  async settled(): Promise<void> {
    const all = [...this.#lasts.values()].flatMap(({ writing, readings }) => [
      writing,
      ...readings,
    ]);
    await Promise.all([...all, ...this.#listings]);
  }

  #lastsOf(digests: Iterable<Digest>): [Digest, Last][] {
    return [...new Set(digests)].map((digest) => {
      let last = this.#lasts.get(digest);
      if (last === undefined) {
        last = { writing: undefined, readings: new Set() };
        this.#lasts.set(digest, last);
      }
      return [digest, last];
    });
  }

  #drop(digest: Digest, last: Last): void {
    const isDone = last.writing === undefined && last.readings.size === 0;
    if (isDone && this.#lasts.get(digest) === last) this.#lasts.delete(digest);
  }
}

function begin<T>(
  before: readonly (Promise<unknown> | undefined)[],
  step: () => Promise<T>,
): { result: Promise<T>; settled: Promise<unknown> } {
  const waiting = before.filter((each) => each !== undefined);
  const result = waiting.length === 0 ? step() : Promise.all(waiting).then(step);
  return { result, settled: result.then(() => {}, () => {}) };
}
