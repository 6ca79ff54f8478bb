// Copyright 2026 the pecapiku authors. MIT license.

/** Writes a number with its digits in groups of three. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ",");
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
 * Writes how long ago something was, for people.
 *
 * @param age The time since then in milliseconds, negative where a clock was wrong.
 * @returns Such as `5 m` or `30 d`; `?` if it is not known.
 */
export function formatAge(age: number): string {
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
 * Writes a table as lines of text, its columns below one another.
 *
 * @param rows The cells of each row.
 * @param isRight Which columns are set to the right.
 * @returns The lines.
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  isRight: readonly boolean[],
): string[] {
  const widths = isRight.map((_, column) =>
    Math.max(...rows.map((row) => [...row[column] ?? ""].length))
  );
  return rows.map((row) =>
    row.map((cell, column) => {
      const gap = " ".repeat(widths[column]! - [...cell].length);
      return isRight[column] === true ? gap + cell : cell + gap;
    }).join("  ").trimEnd()
  );
}
