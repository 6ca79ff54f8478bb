// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes, formatDuration } from "../display/format.ts";
import { functionTotals } from "../stores/function_totals.ts";
import type { CacheCounts, StoreTotals } from "../stores/store_stats.ts";
import { command } from "./_command.ts";
import { EXIT } from "./_exit.ts";
import { type FunctionTotals, sizeText, sum, summarize, summaryJson } from "./_file_summary.ts";
import { number } from "./_numbers.ts";
import { type Column, writeTable } from "./_table.ts";

/** Tells how much is in a file, function by function. */
export const stats = command({
  name: "stats",
  usage: "FILE",
  args: [1, 1],
  summary: "tell how much is in a file, and of which function",
  details: [
    "TOOK is how long the evaluations took whose results are kept: what it would take to do them again.",
    "Hits, misses, stores, evictions and the time that hits have saved are what programs have written into the file, which they do when they end; by function " +
    "they are kept for the first 64 of a file, and those without entries are named, too.",
    "--json gives an object: file, bytes, liveBytes, indexBytes, deadBytes, entries, parts, duration (ms), functions, and totals, with all and byFunction: " +
    "hits, misses, stores, evictions and savedMilliseconds.",
  ],
  options: {},
  examples: [["stats primes.cache", "entries, bytes and time, by function"]],
  run({ args: [file], values, session }) {
    const { out } = session;
    const store = session.store(session.file(file!));
    const summary = summarize(store);
    const { functions, facts } = summary;
    const { totals } = store.stats();
    if (values.json) {
      out.json({ ...summaryJson(summary), totals });
      return session.hasWarned ? EXIT.found : EXIT.done;
    }
    out.facts([
      ["File", summary.file],
      ["Size", sizeText(facts)],
      ["Entries", number(sum(functions, "entries"))],
      ["Parts", sum(functions, "parts") > 0 ? number(sum(functions, "parts")) : undefined],
      ["Took", formatDuration(sum(functions, "duration"))],
      ...totalsFacts(totals.all),
    ]);
    const rows = rowsOf(functions, totals);
    if (rows.length > 0) {
      out.line();
      writeTable(
        out,
        isCounted(totals.all) ? [...COLUMNS, ...COUNTED, NAME] : [...COLUMNS, NAME],
        rows,
      );
    }
    return session.hasWarned ? EXIT.found : EXIT.done;
  },
});

/** Whether programs have counted anything: not in the files that this package keeps for itself. */
function isCounted({ hits, misses, stores, evictions }: CacheCounts): boolean {
  return hits + misses + stores + evictions > 0;
}

function totalsFacts(counts: CacheCounts): (readonly [string, string])[] {
  const { hits, misses, stores, evictions, savedMilliseconds } = counts;
  if (!isCounted(counts)) return [];
  return [
    ["Hits", `${number(hits)} of ${number(hits + misses)} look-ups`],
    ["Saved", formatDuration(savedMilliseconds)],
    ["Stores", number(stores)],
    ["Evictions", number(evictions)],
  ];
}

/** A function: what is there of it, and what became of its calls. */
interface FunctionRow extends FunctionTotals {
  /** What was counted; `undefined` if that is not kept apart for it. */
  readonly counts: CacheCounts | undefined;
}

function rowsOf(functions: readonly FunctionTotals[], totals: StoreTotals): FunctionRow[] {
  const own = functions.map((each) => ({ ...each, counts: functionTotals(totals, each.name) }));
  const named = new Set(own.map(({ counts }) => counts));
  // Nothing of these is stored any more, or yet.
  const others = totals.byFunction.filter((counts) => !named.has(counts));
  return [
    ...own,
    ...others.map((counts) => ({ ...NO_ENTRIES, name: counts.functionName, counts })),
  ];
}

const NO_ENTRIES = { entries: 0, parts: 0, bytes: 0, duration: 0, timed: 0 };

function countCell(what: "hits" | "misses"): (row: FunctionRow) => string {
  return ({ counts }) => counts === undefined ? "?" : number(counts[what]);
}

const COLUMNS: readonly Column<FunctionRow>[] = [
  { title: "ENTRIES", rank: 7, align: "right", cell: ({ entries }) => number(entries) },
  { title: "BYTES", rank: 6, align: "right", cell: ({ bytes }) => formatBytes(bytes) },
  { title: "TOOK", rank: 3, align: "right", cell: ({ duration }) => formatDuration(duration) },
  {
    title: "MEAN",
    rank: 1,
    align: "right",
    cell: ({ duration, timed }) => formatDuration(duration / timed),
  },
];

const COUNTED: readonly Column<FunctionRow>[] = [
  { title: "HITS", rank: 5, align: "right", cell: countCell("hits") },
  { title: "MISSES", rank: 2, align: "right", cell: countCell("misses") },
  {
    title: "SAVED",
    rank: 4,
    align: "right",
    cell: ({ counts }) => counts === undefined ? "?" : formatDuration(counts.savedMilliseconds),
  },
];

const NAME: Column<FunctionRow> = {
  title: "FUNCTION",
  rank: 9,
  cell: ({ name }) => name || "(none)",
};
