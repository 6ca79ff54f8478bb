// Copyright 2026 the pecapiku authors. MIT license.

import { formatRatio } from "./_table.ts";
import { FLOOR, OURS, type Row } from "./_row.ts";

/** What the numbers should be, and whether they are. */
export interface Goal {
  /** What should be. */
  readonly text: string;
  /** Whether it is. */
  readonly isMet: boolean;
  /** The numbers, or who is ahead. */
  readonly found: string;
}

/** How much longer than the floor a hit may take. */
const MOST_OVER_FLOOR = 1.5;

/** A ratio that is called flat: the processor's own caches hold a thousand entries, and not a million. */
const MOST_GROWTH = 2;

/** Rows that compare us with ourselves, or are no race. */
const NO_RACE = /^(flat-|checkpoint-|flipped-raised|flipped-recomputed|flipped-unharmed)/;

/**
 * Judges rows by the goals. A goal that no row is about is left out.
 *
 * @param rows The rows.
 * @returns What came of each goal.
 */
export function judgeGoals(rows: readonly Row[]): Goal[] {
  const goals: Goal[] = [];
  for (const row of rows) {
    if (/^hit-\d/.test(row.id)) {
      const floor = ratio(row, FLOOR);
      if (floor !== undefined) {
        goals.push({
          text: `${row.title}: at most ${MOST_OVER_FLOOR} times the floor`,
          isMet: 1 / floor <= MOST_OVER_FLOOR,
          found: formatRatio(1 / floor),
        });
      }
      goals.push(...ahead(row, "lmdb"));
    }
    if (/^store-\d/.test(row.id)) goals.push(...ahead(row, "node:sqlite"));
    if (/^flat-/.test(row.id)) {
      for (const [name, cell] of row.cells) {
        if (name === OURS || cell.ratio === undefined) continue;
        goals.push({
          text: `${row.title}: at most ${MOST_GROWTH} times as long`,
          isMet: cell.ratio <= MOST_GROWTH,
          found: formatRatio(cell.ratio),
        });
      }
    }
  }
  for (const row of rows) {
    if (NO_RACE.test(row.id) || row.cells.get(OURS)?.value === undefined) continue;
    const before = whoIsAhead(row);
    goals.push({
      text: `${row.title}: ahead of every peer`,
      isMet: before.length === 0,
      found: before.join(", "),
    });
  }
  return goals;
}

function ratio(row: Row, name: string): number | undefined {
  return row.cells.get(name)?.ratio;
}

function ahead(row: Row, name: string): Goal[] {
  const theirs = ratio(row, name);
  if (theirs === undefined) return [];
  return [{
    text: `${row.title}: ahead of ${name}`,
    isMet: theirs > 1,
    found: formatRatio(theirs),
  }];
}

/** The peers that are ahead of us, and by how much. Counts have no ratio: there it is enough not to be behind. */
function whoIsAhead({ cells }: Row): string[] {
  const ours = cells.get(OURS)!.value!;
  return [...cells].flatMap(([name, { value, ratio }]) => {
    if (name === OURS || name === FLOOR || value === undefined) return [];
    if (ratio === undefined) return value < ours ? [`${name} ${value}`] : [];
    return ratio < 1 ? [`${name} ${formatRatio(ratio)}`] : [];
  });
}

/**
 * Writes goals as markdown.
 *
 * @param goals The goals.
 * @returns The lines.
 */
export function renderGoals(goals: readonly Goal[]): string {
  const cells = goals.map(({ text, isMet, found }) => [text, isMet ? "pass" : "MISS", found]);
  const all = [["goal", "", "found"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(4, ...all.map((line) => line[column]!.length)));
  const lines = all.map((line) =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`
  );
  lines.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return lines.join("\n");
}
