// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { type Change, hitsOf, type Survey } from "./_survey.ts";

/** The most that is shown of one kind. */
const MOST_SHOWN = 20;

/** The least share of hits after a change that keeps the meaning, of each kind. */
const LEAST_HITS = 0.99;

/**
 * Writes a short table of a survey.
 *
 * @param survey The survey.
 * @returns The table.
 */
export function reportSurvey(survey: Survey): string {
  const kinds = Array.from(
    survey.kept,
    ([kind, { count, misses }]) =>
      `  ${kind.padEnd(14)} ${percent(count - misses.length, count)} of ${count}`,
  );
  const all = [...survey.kept.values()];
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const misses = all.reduce((sum, one) => sum + one.misses.length, 0);
  return [
    `functions        ${survey.functions}, ${survey.unread.length} unread`,
    `names count in   ${percent(survey.named.length, survey.functions)} of them`,
    "hits after a change that keeps the meaning",
    ...kinds,
    `  ${"all".padEnd(14)} ${percent(count - misses, count)} of ${count}`,
    `mutants          ${survey.mutants}`,
    `stale hits       ${survey.stale.length}`,
    `equivalent ones  ${survey.equivalent.length}, listed`,
    `risky rewritings ${survey.risky}, ${survey.taken.length} taken for the same`,
    `twins            ${survey.twins.length}`,
    `run and compared ${survey.runs}, ${survey.differing.length} differ`,
  ].join("\n");
}

/**
 * Asserts that an identity is what it has to be.
 *
 * @param survey The survey of it.
 * @throws {AssertionError} If there are stale hits or too few hits.
 */
export function assertSurvey(survey: Survey): void {
  assertEquals(survey.unread.map(({ name }) => name), []);
  assert(survey.stale.length === 0, `stale hits: ${showChanges(survey.stale)}`);
  assert(survey.differing.length === 0, `not the same: ${showChanges(survey.differing)}`);
  for (const [kind, { misses }] of survey.kept) {
    assert(hitsOf(survey, kind) >= LEAST_HITS, `misses after ${kind}: ${showChanges(misses)}`);
  }
}

/**
 * Shows changes, for people who look at each of them.
 *
 * @param changes The changes.
 * @returns The text.
 */
export function showChanges(changes: readonly Change[]): string {
  const shown = changes.slice(0, MOST_SHOWN).map(({ of, change, texts }) =>
    `--- ${of.from.name}@${of.from.version} ${of.name}: ${change}\n${texts[0]}\n=>\n${texts[1]}\n`
  );
  return `${changes.length} in all\n${shown.join("\n")}`;
}

/** The share of one number in another, in percent. */
function percent(part: number, whole: number): string {
  return `${(100 * part / Math.max(1, whole)).toFixed(2)} %`;
}
