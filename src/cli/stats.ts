// Copyright 2026 the pecapiku authors. MIT license.

import { formatBytes, formatDuration } from "../display/format.ts";
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
    "--json gives an object: file, bytes, liveBytes, indexBytes, deadBytes, entries, parts, duration (ms), functions and more.",
  ],
  options: {},
  examples: [["stats primes.cache", "entries, bytes and time, by function"]],
  run({ args: [file], values, session }) {
    const { out } = session;
    const summary = summarize(session.store(session.file(file!)));
    const { functions, facts } = summary;
    if (values.json) {
      out.json(summaryJson(summary));
      return session.hasWarned ? EXIT.found : EXIT.done;
    }
    out.facts([
      ["File", summary.file],
      ["Size", sizeText(facts)],
      ["Entries", number(sum(functions, "entries"))],
      ["Parts", sum(functions, "parts") > 0 ? number(sum(functions, "parts")) : undefined],
      ["Took", formatDuration(sum(functions, "duration"))],
      // What the file keeps of its use (hits, misses, stores, evictions, time saved) comes here.
    ]);
    if (functions.length > 0) {
      out.line();
      writeTable(out, COLUMNS, functions);
    }
    return session.hasWarned ? EXIT.found : EXIT.done;
  },
});

const COLUMNS: readonly Column<FunctionTotals>[] = [
  { title: "ENTRIES", rank: 4, align: "right", cell: ({ entries }) => number(entries) },
  { title: "BYTES", rank: 3, align: "right", cell: ({ bytes }) => formatBytes(bytes) },
  { title: "TOOK", rank: 2, align: "right", cell: ({ duration }) => formatDuration(duration) },
  {
    title: "MEAN",
    rank: 1,
    align: "right",
    cell: ({ duration, timed }) => formatDuration(duration / timed),
  },
  { title: "FUNCTION", rank: 9, cell: ({ name }) => name || "(none)" },
];
