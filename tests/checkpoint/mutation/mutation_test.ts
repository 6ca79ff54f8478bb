// Copyright 2026 the pecapiku authors. MIT license.

import generate from "@babel/generator";
import * as t from "@babel/types";
import { assert, assertEquals } from "@std/assert";
import { randomNumbers } from "../../stores/_changes.ts";
import { type CorpusFunction, readCorpus } from "./_corpus.ts";
import { EQUIVALENT_MUTANTS } from "./_equivalent_mutants.ts";
import { parseFunction } from "./_function_text.ts";
import { identityOf, isNamed } from "./_identity.ts";
import { mutate } from "./_mutant.ts";
import { ownMutants } from "./_own_mutants.ts";
import { assertSurvey, reportSurvey } from "./_report.ts";
import { ignoreRejections, observe } from "./_runs.ts";
import { rewrite } from "./_same_meaning.ts";
import { hitsOf, survey, surveyListed } from "./_survey.ts";

/** How many functions are looked at here. The soak test looks at all, and at all mutants of them. */
const FUNCTIONS = 200;

/** How many mutants of each, by Stryker and by our operators. */
const MUTANTS_OF_EACH = 3;

ignoreRejections();

let corpus: Promise<CorpusFunction[]> | undefined;

/** All functions; they are read when the first test needs them. */
function wholeCorpus(): Promise<CorpusFunction[]> {
  return corpus ??= readCorpus();
}

/** Those with function declarations in them, which are few, and one in so many of the others. */
async function sample(count: number): Promise<CorpusFunction[]> {
  const all = await wholeCorpus();
  const step = Math.floor(all.length / count);
  const reordered = all.filter(({ text }) => text.split("function ").length > 2)
    .filter(({ text }) => rewrite("reorder", text, () => 0) !== undefined);
  const others = all.filter((one, index) => index % step === 0 && !reordered.includes(one));
  return [...reordered.slice(0, count / 5), ...others];
}

Deno.test("identityOf() changes with the meaning of published functions, and only with that", async () => {
  const result = await survey(await sample(FUNCTIONS), {
    identify: identityOf,
    isNamed,
    random: randomNumbers(1),
    mutantsOfEach: MUTANTS_OF_EACH,
    runsOfEach: 2,
  });
  console.log(reportSurvey(result));
  assert(result.functions >= 200);
  assertSurvey(result);
});

Deno.test("identityOf() is the same for each listed mutant, and each does the same as its function", async () => {
  const result = await surveyListed(await wholeCorpus(), { identify: identityOf, runsOfEach: 20 });
  const gone = EQUIVALENT_MUTANTS.filter(({ from, name, mutation }) =>
    !result.equivalent.some((one) =>
      one.from === from && one.name === name && one.mutation === mutation
    )
  );
  assertEquals(gone, [], "listed, but no stale hit any more");
  assertEquals(result.differing, []);
});

/** What a deliberately blind identity does not see. */
const BLINDNESSES: Readonly<Record<string, (node: t.Node) => void>> = {
  literals: (node) => {
    if (t.isNumericLiteral(node)) Object.assign(node, { value: 0, extra: undefined });
    if (t.isStringLiteral(node)) Object.assign(node, { value: "", extra: undefined });
  },
  operators: (node) => {
    if (t.isBinaryExpression(node) && !t.isPrivateName(node.left)) node.operator = "+";
    if (t.isLogicalExpression(node)) node.operator = "&&";
  },
  arguments: (node) => {
    if (t.isCallExpression(node) || t.isNewExpression(node)) node.arguments = [];
  },
  "the order of statements": (node) => {
    const sorted = (list: t.Statement[]) =>
      list.map((one) => [generate(one).code, one] as const)
        .sort(([a], [b]) => a < b ? -1 : 1).map(([, one]) => one);
    if (t.isBlockStatement(node)) node.body = sorted(node.body);
  },
  "what names stand for": (node) => {
    if (t.isIdentifier(node)) node.name = "x";
  },
};

for (const [name, blind] of Object.entries(BLINDNESSES)) {
  Deno.test(`survey() finds stale hits when an identity ignores ${name}`, async () => {
    const result = await survey(await sample(20), {
      identify: (text) => {
        const parsed = parseFunction(text);
        if (parsed === undefined) return undefined;
        t.traverseFast(parsed.node, blind);
        return generate(parsed.node, { comments: false, minified: true }).code;
      },
      random: randomNumbers(1),
      mutantsOfEach: 8,
      runsOfEach: 1,
    });
    assert(result.stale.length > 0);
    assert(result.differing.length > 0);
  });
}

Deno.test("survey() finds misses when an identity sees layout, comments and names", async () => {
  const result = await survey(await sample(20), {
    identify: (text) => parseFunction(text) && text,
    random: randomNumbers(1),
    mutantsOfEach: 0,
  });
  for (const kind of result.kept.keys()) assertEquals(hitsOf(result, kind), 0, kind);
});

Deno.test("observe() tells most mutants from the functions that they are made of", async () => {
  const random = randomNumbers(1);
  let [told, all] = [0, 0];
  for (const [seed, of] of (await sample(80)).entries()) {
    const mutants = ownMutants(parseFunction(of.text)!);
    const mutant = mutants[Math.floor(random() * mutants.length)]!;
    const before = await observe(of, of.text, { runs: 6, seed });
    const after = await observe(of, mutate(of.text, mutant), { runs: 6, seed });
    if (before === undefined || after === undefined) continue;
    all++;
    if (before.some((run, index) => run !== after[index])) told++;
  }
  assert(all > 50);
  assert(told > all / 2, `${told} of ${all}`);
});
