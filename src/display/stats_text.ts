// Copyright 2026 the pecapiku authors. MIT license.

import { escapeText } from "./escape.ts";
import { formatBytes, formatCount, formatDuration, formatTable } from "./format.ts";

/** What became of look-ups and results. */
export interface ShownCounts {
  readonly hits: number;
  readonly misses: number;
  readonly stores: number;
  readonly evictions: number;
  readonly savedMilliseconds: number;
}

/** The figures of a cache that are shown. */
export interface ShownStats {
  readonly location: string;
  readonly functionName: string | undefined;
  readonly entries: number;
  readonly bytes: number | undefined;
  readonly bytesLive: number | undefined;
  readonly bytesDead: number | undefined;
  readonly session: ShownCounts;
  readonly total: ShownCounts | undefined;
}

/** Tells what figures are about. */
export function titleOf({ functionName, location }: ShownStats): string {
  const whose = functionName === undefined ? "" : `${escapeText(functionName)} in `;
  return `${whose}${escapeText(location)}`;
}

/** Tells how much room a cache takes. */
export function roomOf({ entries, bytes, bytesLive, bytesDead }: ShownStats): string {
  const count = `${formatCount(entries)} ${entries === 1 ? "entry" : "entries"}`;
  if (bytes === undefined) return count;
  const parts = [`${formatBytes(bytesLive ?? 0)} live`, `${formatBytes(bytesDead ?? 0)} dead`];
  return `${count}, ${formatBytes(bytes)} (${parts.join(", ")})`;
}

/** The rows of the table of counts, with their names. */
export function countRows({ session, total }: ShownStats): string[][] {
  const columns = total === undefined ? [session] : [session, total];
  const row = (name: string, cell: (counts: ShownCounts) => string) => [name, ...columns.map(cell)];
  return [
    ["", "since open", ...total === undefined ? [] : ["in total"]],
    row("hits", ({ hits }) => formatCount(hits)),
    row("misses", ({ misses }) => formatCount(misses)),
    row("stores", ({ stores }) => formatCount(stores)),
    row("evictions", ({ evictions }) => formatCount(evictions)),
    row("time saved", ({ savedMilliseconds }) => formatDuration(savedMilliseconds)),
  ];
}

/**
 * Writes figures as a table for a terminal, at most some 40 columns wide but for the first line.
 *
 * @param stats The figures.
 * @returns The text.
 */
export function statsText(stats: ShownStats): string {
  const rows = countRows(stats);
  const table = formatTable(rows, [false, true, true].slice(0, rows[0]!.length));
  return [`CacheStats of ${titleOf(stats)}`, roomOf(stats), ...table].join("\n");
}
