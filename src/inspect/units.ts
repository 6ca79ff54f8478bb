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

// The page has its browser write sizes, durations and ages by the text of these three functions: so they use nothing but what is in them.

/**
 * Writes a size for people.
 *
 * @param bytes The size in bytes.
 * @returns Such as `512 B` or `1.2 MB`: three digits at the most, of which a thousand make the next unit.
 */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes;
  let unit = 0;
  // What would be written as 1000 is one of the next unit.
  while (value >= 999.5 && unit < 5) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${
    ["B", "kB", "MB", "GB", "TB", "PB"][unit]
  }`;
}

/**
 * Writes how long something took, for people.
 *
 * @param duration The time in milliseconds.
 * @returns Such as `12 ms`, `1.5 s` or `3 h 20 m`; `-` for none.
 */
export function formatDuration(duration: number): string {
  if (!(duration > 0 && duration < Infinity)) return "-";
  if (duration < 1) return "<1 ms";
  if (duration < 999.5) return `${Math.round(duration)} ms`;
  if (duration < 59_950) {
    const seconds = duration / 1000;
    return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  // The largest unit of which there is one, and the one below it.
  const seconds = Math.round(duration / 1000);
  const [large, size, small, smallSize] = seconds >= 86_400
    ? ["d", 86_400, "h", 3600]
    : seconds >= 3600
    ? ["h", 3600, "m", 60]
    : ["m", 60, "s", 1];
  const rest = Math.floor(seconds % size / smallSize);
  const whole = `${Math.floor(seconds / size)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/**
 * Writes an age for people.
 *
 * @param writtenAt A time in milliseconds since the epoch.
 * @param now The time now.
 * @returns Such as `5 m` or `30 d`; `?` if it is not known.
 */
export function formatAge(writtenAt: number, now: number): string {
  const age = now - writtenAt;
  if (Number.isNaN(age)) return "?";
  // Clocks differ, and a file may come from another machine.
  if (age < 1000) return age < -60_000 ? "future" : "now";
  const units = [["y", 31_536_000], ["d", 86_400], ["h", 3600], ["m", 60]] as const;
  const seconds = Math.floor(age / 1000);
  for (const [unit, size] of units) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return `${seconds} s`;
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
