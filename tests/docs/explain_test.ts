// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { blockOf } from "./_pages.ts";
import { PageProject } from "./_project.ts";

const PAGE = "docs/invalidation.md";
const RATES = blockOf(PAGE, "ts ignore lib/rates.ts");
const INTEREST = blockOf(PAGE, "ts ignore interest.ts");
const LAST_LINES = "interest(1000);\nconsole.log(`${interest.explain(1000)}`);\n";

/** Runs the script of the page. */
function run(project: PageProject, rates: string, interest: string): string {
  project.write({ "lib/rates.ts": rates, "interest.ts": interest });
  const { success, stdout, stderr } = project.command(
    "run",
    "-R",
    "-W",
    "--no-prompt",
    "interest.ts",
  ).outputSync();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** An explanation without its digests, which change with the form of code. */
function shape(explanation: string): string {
  return explanation.replaceAll(
    /\b[0-9a-f]{8}(?:[0-9a-f]{8})?\b/g,
    (digest) => "x".repeat(digest.length),
  );
}

Deno.test("docs/invalidation.md shows the explanations that explain() gives", () => {
  using project = new PageProject();
  assert(INTEREST.endsWith(LAST_LINES));
  const first = run(project, RATES, INTEREST);
  assertEquals(shape(first), shape(blockOf(PAGE, "text explain=first")));

  const rates = RATES.replace("0.04", "0.05");
  const asking = INTEREST.replace(LAST_LINES, "console.log(`${interest.explain(1500)}`);\n");
  const second = run(project, rates, asking);
  assertEquals(shape(second), shape(blockOf(PAGE, "text explain=second")));

  const unseen = asking.replace("const interest", "const start = Date.now();\nconst interest")
    .replace("sum * rateOf", "start * sum * rateOf");
  const third = run(project, rates, unseen);
  assertEquals(shape(third), shape(blockOf(PAGE, "text explain=unseen")));
});
