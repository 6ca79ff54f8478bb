// Copyright 2026 the pecapiku authors. MIT license.

/** Writes a number with its digits in groups of three. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Writes a number of bytes, with three digits and a decimal unit. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return scaled(bytes / 1000, ["kB", "MB", "GB", "TB", "PB"], 1000);
}

/** Writes a length of time, given in milliseconds. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return milliseconds === 0 ? "0 ms" : `${digits(milliseconds)} ms`;
  if (milliseconds < 1000) return `${digits(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${digits(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${formatCount(Math.floor(hours / 24))} d ${hours % 24} h`;
}

/** Writes how long ago something was, in one unit; `milliseconds` may be negative, where a clock was wrong. */
export function formatAge(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return "?";
  if (milliseconds < 0) return "in the future";
  const seconds = milliseconds / 1000;
  if (seconds < 1) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${formatCount(Math.floor(seconds / 86_400))} d`;
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

function scaled(number: number, units: readonly string[], step: number): string {
  let scaled = number;
  let unit = 0;
  while (scaled >= step && unit < units.length - 1) {
    scaled /= step;
    unit++;
  }
  return `${digits(scaled)} ${units[unit]}`;
}

/** A number with three digits, or all of those before the point. */
function digits(number: number): string {
  return number >= 100 ? String(Math.floor(number)) : String(Number(number.toPrecision(3)));
}
