// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { importMapArguments } from "../_deno.ts";
import { blockOf, toModule } from "./_pages.ts";

const PAGE = "docs/invalidation.md";
const RATES = blockOf(PAGE, "ts ignore lib/rates.ts");
const INTEREST = blockOf(PAGE, "ts ignore interest.ts");
const LAST_LINES = "interest(1000);\nconsole.log(`${interest.explain(1000)}`);\n";

/** Runs the project of the page in a directory. */
function run(directory: string, rates: string, interest: string): string {
  Deno.mkdirSync(join(directory, "lib"), { recursive: true });
  Deno.writeTextFileSync(join(directory, "lib/rates.ts"), rates);
  Deno.writeTextFileSync(join(directory, "interest.ts"), toModule(interest));
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "-R", "-W", "--no-prompt", ...importMapArguments(), "interest.ts"],
    cwd: directory,
    env: { NO_COLOR: "1" },
  }).outputSync();
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
  const directory = Deno.makeTempDirSync();
  try {
    assert(INTEREST.endsWith(LAST_LINES));
    const first = run(directory, RATES, INTEREST);
    assertEquals(shape(first), shape(blockOf(PAGE, "text explain=first")));

    const rates = RATES.replace("0.04", "0.05");
    const asking = INTEREST.replace(LAST_LINES, "console.log(`${interest.explain(1500)}`);\n");
    const second = run(directory, rates, asking);
    assertEquals(shape(second), shape(blockOf(PAGE, "text explain=second")));

    const unseen = asking.replace("const interest", "const start = Date.now();\nconst interest")
      .replace("sum * rateOf", "start * sum * rateOf");
    const third = run(directory, rates, unseen);
    assertEquals(shape(third), shape(blockOf(PAGE, "text explain=unseen")));
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
