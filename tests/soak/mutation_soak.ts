// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { readCorpus } from "../checkpoint/mutation/_corpus.ts";
import { EQUIVALENT_MUTANTS } from "../checkpoint/mutation/_equivalent_mutants.ts";
import { identityOf, isNamed } from "../checkpoint/mutation/_identity.ts";
import { assertSurvey, reportSurvey } from "../checkpoint/mutation/_report.ts";
import { ignoreRejections } from "../checkpoint/mutation/_runs.ts";
import { survey } from "../checkpoint/mutation/_survey.ts";
import { randomNumbers } from "../stores/_changes.ts";
import { withSeed } from "./_seed.ts";

Deno.test("identityOf() changes with the meaning of all functions of packages, by all mutants", () =>
  withSeed(async (seed) => {
    ignoreRejections();
    const result = await survey(await readCorpus(), {
      identify: identityOf,
      isNamed,
      random: randomNumbers(seed),
      rewritingsOfEach: 25,
      runsOfEach: 6,
    });
    console.log(reportSurvey(result));
    assertSurvey(result);
    assertEquals(result.equivalent.length, EQUIVALENT_MUTANTS.length, "listed ones are all there");
  }));
