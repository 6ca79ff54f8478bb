// Copyright 2026 the pecapiku authors. MIT license.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What the units of a time span are, in milliseconds. */
const SPANS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  y: 365 * DAY,
};

/** What the units of a size are, in bytes: `K` is a thousand, as in the options of a cache, `KiB` is 1,024. */
const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Reads a time span.
 *
 * @param text Such as `30d`, `1.5h` or `90s`: `ms`, `s`, `m`, `h`, `d`, `w` or `y`.
 * @returns The span in milliseconds; `undefined` if it is none.
 */
export function parseSpan(text: string): number | undefined {
  return parseWith(text, /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w|y)$/, SPANS);
}

/**
 * Reads a size.
 *
 * @param text Such as `1G`, `500MB`, `1.5GiB` or `4096`.
 * @returns The size in bytes; `undefined` if it is none.
 */
export function parseBytes(text: string): number | undefined {
  const size = parseWith(text, /^(\d+(?:\.\d+)?)\s*((?:[kmgt](?:i?b)?|b)?)$/i, SIZES);
  return size === undefined ? undefined : Math.floor(size);
}

function parseWith(
  text: string,
  pattern: RegExp,
  units: Readonly<Record<string, number>>,
): number | undefined {
  const [, number, unit] = pattern.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const value = Number(number) * units[unit!.toLowerCase()]!;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Writes a time for programs, and people who want it exactly.
 *
 * @param time A time in milliseconds since the epoch.
 * @returns The time as ISO 8601 has it; `null` if it is not known.
 */
export function isoTime(time: number): string | null {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : null;
}
