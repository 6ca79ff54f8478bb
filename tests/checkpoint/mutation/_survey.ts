// Copyright 2026 the pecapiku authors. MIT license.

import type { CorpusFunction } from "./_corpus.ts";
import { EQUIVALENT_MUTANTS, type EquivalentMutant } from "./_equivalent_mutants.ts";
import { formatAll } from "./_formatting.ts";
import { type ParsedFunction, parseFunction } from "./_function_text.ts";
import type { Identify } from "./_identity.ts";
import { describeMutant, mutate } from "./_mutant.ts";
import { ownMutants } from "./_own_mutants.ts";
import { type Observation, observe } from "./_runs.ts";
import { chooseSome, type Random } from "./_random.ts";
import { riskyRewritings } from "./_risky_rewritings.ts";
import { isSameCode } from "./_same_code.ts";
import { RENAMING, rewrite, SAME_MEANING } from "./_same_meaning.ts";
import { strykerMutants } from "./_stryker_mutants.ts";

/** Two texts of one function. */
export interface Change {
  /** The function. */
  readonly of: CorpusFunction;
  /** What was changed, for people. */
  readonly change: string;
  /** The text that it was changed from, and to. */
  readonly texts: readonly [before: string, after: string];
}

/** What came of changes of one kind that keep the meaning. */
export interface Kept {
  /** How many there were. */
  count: number;
  /** Those whose identity is another. */
  readonly misses: Change[];
}

/** What came of it. */
export interface Survey {
  /** How many functions were looked at. */
  functions: number;
  /** Functions that have no identity. */
  readonly unread: CorpusFunction[];
  /** Functions of which names or the text are a part of what they do: other names are a change of those. */
  readonly named: CorpusFunction[];
  /** By kind of change. */
  readonly kept: Map<string, Kept>;
  /** How many mutants there were that are code, and other code than before. */
  mutants: number;
  /** Mutants of the same identity as before that nobody has looked at. */
  readonly stale: Change[];
  /** How many rewritings there were that may change the meaning. */
  risky: number;
  /** Those of the same identity as before: they are run, too. */
  readonly taken: Change[];
  /** Pairs of mutants of one identity: they are run, and what does not do the same is in `differing`. */
  readonly twins: Change[];
  /** Those that somebody has. */
  readonly equivalent: (Change & EquivalentMutant)[];
  /** How many pairs of texts of the same identity were run. */
  runs: number;
  /** Those that did not do the same. */
  readonly differing: Change[];
}

/** How a survey is made. */
export interface SurveyOptions {
  /** The identity that is put to the test. */
  readonly identify: Identify;
  /** Says of a function whether names are a part of what it does, so that others change it; of none by default. */
  readonly isNamed?: (text: string) => boolean;
  /** Chooses. */
  readonly random: Random;
  /** How many mutants are made of each function, of Stryker's and of ours; all by default. */
  readonly mutantsOfEach?: number;
  /** How many rewritings are made of each function that may change the meaning; as many as mutants by default. */
  readonly rewritingsOfEach?: number;
  /** On how many lists of arguments functions are run; none by default. */
  readonly runsOfEach?: number;
}

/**
 * Changes functions in ways that keep their meaning and in ways that don't, and looks at what becomes of their identities.
 *
 * @param functions The functions.
 * @param options How.
 * @returns What came of it.
 */
export async function survey(
  functions: readonly CorpusFunction[],
  options: SurveyOptions,
): Promise<Survey> {
  const result = emptySurvey();
  result.functions = functions.length;
  const formatted = await formatAll(functions.map(({ text }) => text));
  for (const [index, of] of functions.entries()) {
    const identity = options.identify(of.text);
    const parsed = parseFunction(of.text);
    if (identity === undefined || parsed === undefined) {
      result.unread.push(of);
      continue;
    }
    const equals: Change[] = [];
    const keep = (kind: string, text: string | undefined) => {
      if (text === undefined) return;
      const kept = result.kept.getOrInsertComputed(kind, () => ({ count: 0, misses: [] }));
      kept.count++;
      const change: Change = { of, change: kind, texts: [of.text, text] };
      if (options.identify(text) === identity) equals.push(change);
      else kept.misses.push(change);
    };
    const isNamed = options.isNamed?.(of.text) ?? false;
    if (isNamed) result.named.push(of);
    keep("deno fmt", formatted[index]);
    for (const kind of Object.keys(SAME_MEANING)) {
      if (isNamed && RENAMING.includes(kind)) continue;
      keep(kind, rewrite(kind, of.text, options.random));
    }
    equals.push(...surveyRewritings(of, parsed, options, result));
    equals.push(...await surveyMutants(of, parsed, options, result));
    await compareRuns(equals, index, options.runsOfEach ?? 0, result);
  }
  return result;
}

function emptySurvey(): Survey {
  return {
    functions: 0,
    unread: [],
    named: [],
    kept: new Map(),
    mutants: 0,
    stale: [],
    risky: 0,
    taken: [],
    twins: [],
    equivalent: [],
    runs: 0,
    differing: [],
  };
}

/** Runs texts of the same identity, and notes what does not do the same. */
async function compareRuns(
  equals: readonly Change[],
  seed: number,
  runs: number,
  result: Survey,
): Promise<void> {
  if (runs === 0) return;
  const known = new Map<string, Observation | undefined>();
  for (const change of equals) {
    const { of, texts: [before, after] } = change;
    if (!known.has(before)) {
      const first = await observe(of, before, { runs, seed });
      const again = await observe(of, before, { runs, seed });
      // What does not do the same twice looks at the clock of its package.
      known.set(before, isSame(first, again) ? first : undefined);
    }
    const first = known.get(before);
    if (first === undefined) continue;
    result.runs++;
    const second = await observe(of, after, { runs, seed });
    if (!isSame(first, second)) result.differing.push(change);
  }
}

function isSame(first: Observation | undefined, second: Observation | undefined): boolean {
  return first?.every((run, index) => run === second?.[index]) ?? false;
}

function surveyRewritings(
  of: CorpusFunction,
  parsed: ParsedFunction,
  { identify, random, mutantsOfEach = Infinity, rewritingsOfEach = mutantsOfEach }: SurveyOptions,
  result: Survey,
): Change[] {
  const rewritings = chooseSome(riskyRewritings(parsed), rewritingsOfEach, random);
  const texts = rewritings.map((one) => [of.text, mutate(of.text, one)] as const);
  const changes = texts.map((both, index) => ({
    of,
    change: describeMutant(of.text, rewritings[index]!),
    texts: both,
  }));
  const identity = identify(of.text);
  const taken = changes.filter(({ texts: [, after] }) => identify(after) === identity);
  result.risky += changes.length;
  result.taken.push(...taken);
  return taken;
}

async function surveyMutants(
  of: CorpusFunction,
  parsed: ParsedFunction,
  { identify, random, mutantsOfEach = Infinity }: SurveyOptions,
  result: Survey,
): Promise<Change[]> {
  const equals: Change[] = [];
  const known = new Map([[identify(of.text), { text: of.text, change: "" }]]);
  const chosen = [
    ...chooseSome(await strykerMutants(parsed), mutantsOfEach, random),
    ...chooseSome(ownMutants(parsed), mutantsOfEach, random),
  ];
  for (const mutant of chosen) {
    const text = mutate(of.text, mutant);
    const identity = identify(text);
    if (identity === undefined) continue;
    const change = describeMutant(of.text, mutant);
    const twin = known.get(identity);
    if (twin === undefined) {
      known.set(identity, { text, change });
    } else {
      // What is swapped with what looks the same has not changed, and two ways to one mutant are one.
      if (isSameCode(twin.text, text)) continue;
      const isMutantToo = twin.text !== of.text;
      const hit: Change = {
        of,
        change: isMutantToo ? `${twin.change} ≡ ${change}` : change,
        texts: [twin.text, text],
      };
      if (isMutantToo) result.twins.push(hit);
      else judge(hit, result);
      equals.push(hit);
    }
    result.mutants++;
  }
  return equals;
}

function judge(hit: Change, result: Survey): void {
  const listed = EQUIVALENT_MUTANTS.find((one) => isOf(one, hit.of) && one.mutation === hit.change);
  if (listed === undefined) result.stale.push(hit);
  else result.equivalent.push({ ...hit, ...listed });
}

function isOf({ from, name }: EquivalentMutant, of: CorpusFunction): boolean {
  return from === `${of.from.name}@${of.from.version}` && name === of.name;
}

/**
 * Looks at the listed mutants, and no others.
 *
 * @param functions All functions.
 * @param options The identity that is put to the test, and on how many lists of arguments they are run.
 * @returns What came of it: those that are still listed rightly are in `equivalent`.
 */
export async function surveyListed(
  functions: readonly CorpusFunction[],
  options: Pick<SurveyOptions, "identify" | "runsOfEach">,
): Promise<Survey> {
  const result = emptySurvey();
  for (const of of functions) {
    const listed = EQUIVALENT_MUTANTS.filter((one) => isOf(one, of));
    if (listed.length === 0) continue;
    const parsed = parseFunction(of.text)!;
    const identity = options.identify(of.text);
    for (const mutant of [...ownMutants(parsed), ...await strykerMutants(parsed)]) {
      const change = describeMutant(of.text, mutant);
      if (!listed.some(({ mutation }) => mutation === change)) continue;
      const text = mutate(of.text, mutant);
      if (options.identify(text) === identity) {
        judge({ of, change, texts: [of.text, text] }, result);
      }
    }
  }
  await compareRuns(result.equivalent, 1, options.runsOfEach ?? 0, result);
  return result;
}

/**
 * The share of changes of a kind after which the identity is the same.
 *
 * @param result The survey.
 * @param kind The kind of change.
 * @returns The share, from 0 to 1; `NaN` if there were none.
 */
export function hitsOf(result: Survey, kind: string): number {
  const { count, misses } = result.kept.get(kind)!;
  return (count - misses.length) / count;
}
