// Copyright 2026 the pecapiku authors. MIT license.

import { escapeHtml } from "./escape.ts";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import { type BarPart, barSvg, blockHtml, lineHtml, type MediaBundle, tableHtml } from "./html.ts";
import { shownLocation } from "./location.ts";
import {
  countRows,
  roomOf,
  type ShownCounts,
  type ShownStats,
  statsText,
  titleOf,
} from "./stats_text.ts";

/** Gives what a notebook shows of figures: bars and a table, and the same as text. */
export function statsBundle(figures: ShownStats): MediaBundle {
  const stats = { ...figures, location: shownLocation(figures.location) };
  return { "text/html": statsHtml(stats), "text/plain": statsText(stats) };
}

function statsHtml(stats: ShownStats): string {
  const bars = [
    ["look-ups since open", lookUps(stats.session)],
    ...stats.total === undefined ? [] : [["look-ups in total", lookUps(stats.total)]],
    ...stats.bytes === undefined ? [] : [["bytes", bytesOf(stats)]],
    ...stats.total === undefined ? [] : [["time saved", timeSaved(stats.session, stats.total)]],
  ] as [string, BarPart[]][];
  const rows = bars.map(([title, parts]) => [
    escapeHtml(title),
    barSvg(title, parts),
    escapeHtml(parts.map(({ name, text }) => `${text} ${name}`).join(", ")),
  ]);
  const [head, ...counts] = countRows(stats);
  return blockHtml([
    lineHtml(escapeHtml(titleOf(stats)), true),
    lineHtml(escapeHtml(roomOf(stats))),
    tableHtml([{ title: "" }, { title: "" }, { title: "" }], rows),
    tableHtml(
      head!.map((title, index) => ({ title, isRight: index > 0 })),
      counts.map((row) => row.map(escapeHtml)),
    ),
  ]);
}

function lookUps({ hits, misses }: ShownCounts): BarPart[] {
  return [
    { name: hits === 1 ? "hit" : "hits", size: hits, text: formatCount(hits) },
    { name: misses === 1 ? "miss" : "misses", size: misses, text: formatCount(misses) },
  ];
}

function bytesOf({ bytes = 0, bytesLive = 0, bytesDead = 0 }: ShownStats): BarPart[] {
  const other = Math.max(0, bytes - bytesLive - bytesDead);
  return [
    { name: "live", size: bytesLive, text: formatBytes(bytesLive) },
    { name: "dead", size: bytesDead, text: formatBytes(bytesDead) },
    { name: "index", size: other, text: formatBytes(other) },
  ];
}

function timeSaved(session: ShownCounts, total: ShownCounts): BarPart[] {
  const now = session.savedMilliseconds;
  const before = Math.max(0, total.savedMilliseconds - now);
  return [
    { name: "since open", size: now, text: formatDuration(now) },
    { name: "before", size: before, text: formatDuration(before) },
  ];
}
