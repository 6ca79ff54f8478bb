// Copyright 2026 the pecapiku authors. MIT license.

/** A number from 0 to 1, each time another one. */
export type Random = () => number;

/**
 * Chooses some of a list.
 *
 * @param items The list.
 * @param count How many; all of them if there are no more.
 * @param random Chooses.
 * @returns The chosen ones.
 */
export function chooseSome<T>(items: readonly T[], count: number, random: Random): readonly T[] {
  if (items.length <= count) return items;
  const left = items.slice();
  return Array.from(
    { length: count },
    () => left.splice(Math.floor(random() * left.length), 1)[0]!,
  );
}
