// Copyright 2026 the pecapiku authors. MIT license.

import type { BatchProgress } from "./batch_progress.ts";

/** How a batch has ended, if it has. */
export type Ending = "complete" | "stopped" | undefined;

/** A part of the line, in ASCII: one column a character. Where there is no room, that of the highest rank goes first. */
interface Part {
  readonly text: string;
  readonly rank: number;
  readonly color?: number;
}

const GREEN = 32;
const RED = 31;
const LEAST_BAR = 8;
const MOST_BAR = 30;

/**
 * Makes the line of a terminal: a bar, and what there is room for.
 *
 * @param progress How far the batch is.
 * @param ending How it has ended.
 * @param columns How many columns the line may have.
 * @param hasColor Whether it may have colours; those take no column.
 * @returns The line.
 */
export function barLine(
  progress: BatchProgress,
  ending: Ending,
  columns: number,
  hasColor: boolean,
): string {
  const parts = partsOf(progress, ending);
  while (parts.length > 1 && widthOf(parts) > columns) {
    const last = Math.max(...parts.map(({ rank }) => rank));
    parts.splice(parts.findIndex(({ rank }) => rank === last), 1);
  }
  const { done, total } = progress;
  const room = Math.min(columns - widthOf(parts) - 2, MOST_BAR);
  if (total !== undefined && total > 0 && room >= LEAST_BAR) {
    parts.splice(1, 0, { text: barOf(done / total, room), rank: 0, color: GREEN });
  }
  const [{ text }] = parts as [Part];
  if (text.length > columns) return text.slice(0, Math.max(columns, 0));
  return parts.map(({ text, color }) =>
    hasColor && color !== undefined ? `\x1b[${color}m${text}\x1b[39m` : text
  ).join("  ");
}

function widthOf(parts: readonly Part[]): number {
  return parts.reduce((width, { text }) => width + text.length + 2, -2);
}

function barOf(share: number, width: number): string {
  const filled = Math.floor(Math.min(share, 1) * (width - 2));
  const head = filled > 0 && filled < width - 2 ? ">" : "";
  return `[${("=".repeat(filled - head.length) + head).padEnd(width - 2)}]`;
}

function partsOf(progress: BatchProgress, ending: Ending): Part[] {
  const { done, total, cached, computed, failed, retried, ratePerSecond } = progress;
  const count = total === undefined ? number(done) : `${number(done)}/${number(total)}`;
  const parts: (Part | false)[] = [
    total !== undefined && { text: percentOf(done, total).padStart(3), rank: 1 },
    { text: count, rank: 0 },
    { text: `${number(cached)} cached`, rank: 5 },
    { text: `${number(computed)} computed`, rank: 6 },
    failed > 0 && { text: `${number(failed)} failed`, rank: 4, color: RED },
    retried > 0 && { text: `${number(retried)} retried`, rank: 8 },
    ratePerSecond > 0 && { text: rateOf(ratePerSecond), rank: 7 },
    { text: timeOf(progress, ending), rank: 2 },
  ];
  return parts.filter((part) => part !== false).filter(({ text }) => text !== "");
}

function timeOf({ elapsedSeconds, secondsLeft }: BatchProgress, ending: Ending): string {
  if (ending !== undefined) {
    return `${ending === "stopped" ? "stopped after" : "in"} ${duration(elapsedSeconds)}`;
  }
  return secondsLeft === undefined ? "" : `${duration(secondsLeft)} left`;
}

/**
 * Makes a line for a log, or for people to read.
 *
 * @param progress How far the batch is.
 * @param ending How it has ended.
 * @returns The line.
 */
export function plainLine(progress: BatchProgress, ending: Ending): string {
  const { done, total, cached, computed, failed, retried, ratePerSecond } = progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  const percent = total === undefined || ending === "complete"
    ? ""
    : ` (${percentOf(done, total)})`;
  const counts = [`${number(cached)} from cache`, `${number(computed)} computed`];
  counts.push(`${number(failed)} failed`);
  if (retried > 0) counts.push(`${number(retried)} retried`);
  const times = [timeOf(progress, ending)];
  if (ratePerSecond > 0) times.unshift(rateOf(ratePerSecond));
  return [`${number(done)}${of} done${percent}: ${counts.join(", ")}`, ...times]
    .filter((text) => text !== "").join("; ");
}

function percentOf(done: number, total: number): string {
  return total === 0 ? "100%" : `${Math.floor(done * 100 / total)}%`;
}

/**
 * Shows a count.
 *
 * @param count The count.
 * @returns It, with a comma after each three digits.
 */
function number(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

function rateOf(perSecond: number): string {
  if (perSecond >= 0.95) return `${digits(perSecond)}/s`;
  if (perSecond * 60 >= 0.95) return `${digits(perSecond * 60)}/min`;
  return `${digits(perSecond * 3600)}/h`;
}

function digits(rate: number): string {
  return rate < 9.95 ? rate.toFixed(1) : number(Math.round(rate));
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const [days, hours, minutes] = [86_400, 3_600, 60].map((unit) => Math.floor(whole / unit));
  const two = (count: number): string => String(count).padStart(2, "0");
  if (days! > 0) return `${number(days!)}d ${hours! % 24}h`;
  if (hours! > 0) return `${hours}:${two(minutes! % 60)}:${two(whole % 60)}`;
  return `${minutes}:${two(whole % 60)}`;
}
