// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The job of `resume.ts`: a script as a user would write it. It looks for near duplicates in a long text, slice by slice,
 * which takes a while; each slice's result is kept, so that the job can be killed and started again at any time.
 *
 * ```sh
 * deno run --allow-read --allow-write examples/resume_job.ts TEXT CACHE RESULT [--no-cache]
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";

/** What is found in one slice. */
interface Findings {
  /** How often each word occurs. */
  words: Map<string, number>;
  /** The pairs of different lines that are most alike, and how many edits apart they are. */
  pairs: { a: string; b: string; distance: number }[];
  /** How many pairs are how many edits apart. */
  histogram: Uint32Array;
}

const SLICES = 40;

/** The number of edits that make one text of another (Levenshtein 1965). */
function editDistance(a: string, b: string): number {
  let previous = new Uint16Array(b.length + 1).map((_, index) => index);
  let current = new Uint16Array(b.length + 1);
  for (let row = 1; row <= a.length; row++) {
    current[0] = row;
    for (let column = 1; column <= b.length; column++) {
      const change = a.charCodeAt(row - 1) === b.charCodeAt(column - 1) ? 0 : 1;
      current[column] = Math.min(
        previous[column]! + 1,
        current[column - 1]! + 1,
        previous[column - 1]! + change,
      );
    }
    [previous, current] = [current, previous];
  }
  return previous[b.length]!;
}

/** The heavy part: every line of a slice against every other. */
function findNearDuplicates(slice: string): Findings {
  const words = new Map<string, number>();
  for (const [word] of slice.matchAll(/\w+/g)) words.set(word, (words.get(word) ?? 0) + 1);

  const lines = [...new Set(slice.split("\n").map((line) => line.trim()))]
    .filter((line) => line.length >= 24 && !/^\/?[*/]/.test(line));
  const histogram = new Uint32Array(256);
  const pairs: Findings["pairs"] = [];
  for (const [index, a] of lines.entries()) {
    for (const b of lines.slice(index + 1)) {
      const distance = editDistance(a, b);
      histogram[Math.min(distance, 255)]!++;
      if (distance <= 8) pairs.push({ a, b, distance });
    }
  }
  pairs.sort((x, y) => x.distance - y.distance || (x.a < y.a ? -1 : 1));
  return { words, pairs: pairs.slice(0, 20), histogram };
}

const [textPath, cachePath, resultPath, mode] = Deno.args;
if (textPath === undefined || cachePath === undefined || resultPath === undefined) {
  console.error("Usage: resume_job.ts TEXT CACHE RESULT [--no-cache]");
  Deno.exit(2);
}

// This is all there is to it. With access "e" the function is evaluated at each call, and the disk is never touched.
const cached = CacheDict.decorate(findNearDuplicates, {
  filePath: new URL(`file://${cachePath}`),
  access: mode === "--no-cache" ? "e" : "rew",
});

const lines = Deno.readTextFileSync(textPath).split("\n");
const perSlice = Math.ceil(lines.length / SLICES);
const report: string[] = [];
for (let slice = 0; slice < SLICES; slice++) {
  const text = lines.slice(slice * perSlice, (slice + 1) * perSlice).join("\n");
  const known = cached.has(text);
  const start = performance.now();
  const { words, pairs, histogram } = cached(text);
  const time = performance.now() - start;
  console.log(`${known ? "cached" : "computed"} ${slice} ${time.toFixed(1)}`);

  const [word, count] = [...words].reduce((most, next) => next[1] > most[1] ? next : most, ["", 0]);
  report.push(`slice ${slice}: ${words.size} words, most often ${word} (${count})`);
  report.push(
    `  ${histogram.reduce((sum, pairCount) => sum + pairCount, 0)} pairs of lines compared`,
  );
  for (const { a, b, distance } of pairs) report.push(`  ${distance}  ${a}\n     ${b}`);
}
Deno.writeTextFileSync(resultPath, report.join("\n") + "\n");
