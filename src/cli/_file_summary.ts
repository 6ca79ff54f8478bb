// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey } from "../access/entry_parts.ts";
import { entryInfos } from "../inspect/entry_rows.ts";
import { formatAge, formatBytes, formatDuration } from "../display/format.ts";
import { isoTime } from "../inspect/units.ts";
import { type FileFacts, fileFacts } from "../stores/file_facts.ts";
import type { LogStore } from "../stores/log_store.ts";
import { many, number } from "./_numbers.ts";

/** How many functions a summary names. */
const MOST_NAMED = 5;

/** What the entries of one function are. */
export interface FunctionTotals {
  /** Its name; `""` for entries that no function gave. */
  readonly name: string;
  /** How many entries there are, without those that belong to others. */
  entries: number;
  /** How many belong to others. */
  parts: number;
  /** What the encoded values of all take. */
  bytes: number;
  /** How long the evaluations took in all, in milliseconds: what it would take to do them again. */
  duration: number;
  /** Of how many entries it is known how long they took. */
  timed: number;
}

/** What a file is, in short. */
export interface FileSummary {
  /** The absolute path. */
  readonly file: string;
  /** What its bytes are. */
  readonly facts: FileFacts;
  /** The functions, the one whose entries take most first. */
  readonly functions: readonly FunctionTotals[];
  /** How many entries there are of each codec. */
  readonly codecs: ReadonlyMap<string, number>;
  /** When the oldest entry was written; `NaN` if there is none. */
  readonly oldest: number;
  /** When the newest entry was written; `NaN` if there is none. */
  readonly newest: number;
}

const NONE = { entries: 0, parts: 0, bytes: 0, duration: 0, timed: 0 };

/** Goes through the entries of a file once, without their values. */
export function summarize(store: LogStore): FileSummary {
  const functions = new Map<string, FunctionTotals>();
  const codecs = new Map<string, number>();
  let oldest = NaN;
  let newest = NaN;
  for (const info of entryInfos(store, { parts: true })) {
    const { functionName: name, codec, writtenAt, duration, byteLength } = info;
    let totals = functions.get(name);
    if (totals === undefined) {
      functions.set(name, totals = { name, ...NONE });
    }
    if (isPartKey(info.key)) totals.parts++;
    else totals.entries++;
    totals.bytes += byteLength;
    if (duration > 0) {
      totals.duration += duration;
      totals.timed++;
    }
    codecs.set(codec, (codecs.get(codec) ?? 0) + 1);
    // What is of unknown age is passed over: no comparison with it is true.
    if (!(oldest <= writtenAt) && !Number.isNaN(writtenAt)) oldest = writtenAt;
    if (!(newest >= writtenAt) && !Number.isNaN(writtenAt)) newest = writtenAt;
  }
  return {
    file: store.location,
    // Whether it is damaged was said by the store already.
    facts: fileFacts(store.location, () => {}),
    functions: [...functions.values()].sort((one, other) => other.bytes - one.bytes),
    codecs,
    oldest,
    newest,
  };
}

/** The summary for programs. */
export function summaryJson(summary: FileSummary): Record<string, unknown> {
  const { file, facts, functions, codecs, oldest, newest } = summary;
  return {
    file,
    formatVersion: facts.formatVersion,
    bytes: facts.bytes,
    liveBytes: facts.liveBytes,
    indexBytes: facts.indexBytes,
    deadBytes: facts.deadBytes,
    entries: sum(functions, "entries"),
    parts: sum(functions, "parts"),
    duration: sum(functions, "duration"),
    functions,
    codecs: Object.fromEntries(codecs),
    oldest: isoTime(oldest),
    newest: isoTime(newest),
  };
}

/** The summary for people, as names and what they are. */
export function summaryFacts(
  summary: FileSummary,
  now: number,
): (readonly [string, string | undefined])[] {
  const { file, facts, functions, codecs, oldest, newest } = summary;
  const parts = sum(functions, "parts");
  const dated = (time: number): string | undefined =>
    Number.isNaN(time) ? undefined : `${isoTime(time)} (${formatAge(now - time)})`;
  return [
    ["File", file],
    ["Format", `version ${facts.formatVersion}`],
    [
      "Entries",
      number(sum(functions, "entries")) + (parts > 0 ? `, and ${number(parts)} parts of them` : ""),
    ],
    ["Size", sizeText(facts)],
    ["Oldest", dated(oldest)],
    ["Newest", dated(newest)],
    ["Took", formatDuration(sum(functions, "duration"))],
    ["Codecs", [...codecs].map(([name, count]) => `${name} ${number(count)}`).join(", ") || "-"],
    ["Functions", functionsText(functions)],
  ];
}

/** What the bytes of a file are. */
export function sizeText({ bytes, liveBytes, indexBytes, deadBytes }: FileFacts): string {
  return `${formatBytes(bytes)}: ${formatBytes(liveBytes)} live, ${
    formatBytes(indexBytes)
  } index, ${formatBytes(deadBytes)} dead`;
}

/** Adds up what functions have. */
export function sum(
  functions: readonly FunctionTotals[],
  what: "entries" | "parts" | "bytes" | "duration",
): number {
  return functions.reduce((total, each) => total + each[what], 0);
}

function functionsText(functions: readonly FunctionTotals[]): string {
  const own = functions.filter(({ entries }) => entries > 0);
  const names = own.slice(0, MOST_NAMED).map(({ name, entries }) =>
    `${name || "(none)"} ${number(entries)}`
  );
  const more = own.length - names.length;
  if (more > 0) names.push(`${many(more, "other")}`);
  return names.join(", ") || "-";
}
