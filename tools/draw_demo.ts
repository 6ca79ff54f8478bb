// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Runs `deno task demo`, and puts what it prints into `docs/images/demo.svg` and into the README, so that both show what has really
 * been seen.
 *
 * ```sh
 * deno run --allow-read --allow-write --allow-run tools/draw_demo.ts
 * ```
 *
 * @module
 */

import { drawTerminal } from "./draw_terminal.ts";

const ROOT = new URL("../", import.meta.url);
const README = new URL("README.md", ROOT);
const PICTURE = new URL("docs/images/demo.svg", ROOT);

/** The block in the README that holds the demo's output. */
const DEMO_BLOCK = /(?<=^```text\n)Near duplicates.*?(?=\n```$)/ms;

async function main(): Promise<void> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "demo"],
    cwd: ROOT,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("The demo failed");
  const output = new TextDecoder().decode(stdout).trimEnd();
  const page = Deno.readTextFileSync(README);
  if (!DEMO_BLOCK.test(page)) throw new Error("Found no place for the demo's output in README.md");
  // As a function, since the output may contain what `replace` takes for a pattern.
  Deno.writeTextFileSync(README, page.replace(DEMO_BLOCK, () => output));
  Deno.writeTextFileSync(PICTURE, drawTerminal("deno task demo", output));
}

if (import.meta.main) await main();
