// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Runs the tasks of `deno.json`, with `@std` from JSR or from the offline import map.
 *
 * It imports nothing from a registry, so that it starts on any network.
 *
 * @module
 */

import { runDeno } from "./run_deno.ts";
import { chooseStd } from "./std_source.ts";

const ROOT = new URL("../", import.meta.url);

const DEMO = ["run", "-R", "-W", "--allow-run", "--allow-env=PECAPIKU_IMPORT_MAP,TMPDIR"];
// Types are a matter of `check`, which takes half a minute for them.
const TEST = ["test", "-A", "--no-check", "--doc", "mod.ts", "src", "tests", "docs", "README.md"];

/** Half of the tests by the time that they take: these wait for other processes for the most part. */
const SLOW_TESTS = "tests/checkpoint";

/** What each task runs: the arguments of `deno`, one process after another. */
const TASKS: Readonly<Record<string, () => string[][]>> = {
  bench: () => [["run", "-A", "bench/mod.ts"]],
  "bench:shared": () => [["run", "-A", "bench/shared.ts"]],
  "bench:store": () => [["run", "-A", "bench/store.ts"]],
  check: checks,
  demo: () => [[...DEMO, "examples/resume.ts"]],
  ok: () => [...checks(), TEST],
  // Named one by one, since by their names they are no tests: those take seconds, these take minutes.
  soak: () => [["test", "-A", ...filesIn("tests/soak/", "_soak.ts")]],
  test: () => [TEST],
};

function checks(): string[][] {
  return [
    ["fmt", "--check"],
    ["lint"],
    ["check", "--doc", "."],
    // Of a directory that takes the doc comments; documents have to be named.
    ["check", "--doc-only", ...documents()],
    ["doc", "--lint", ...entryPoints()],
  ];
}

function documents(): string[] {
  return [...filesIn("", ".md"), ...filesIn("docs/", ".md")].sort();
}

function filesIn(directory: string, end: string): string[] {
  return Array.from(Deno.readDirSync(new URL(directory || ".", ROOT)))
    .filter((entry) => entry.isFile && entry.name.endsWith(end))
    .map((entry) => directory + entry.name)
    .sort();
}

function entryPoints(): string[] {
  const { exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  return Object.values<string>(exports);
}

/**
 * Runs all tests, in two processes at once: what the second one prints follows what the first one does. Paths are named one
 * by one, since together with some that are, `--ignore` leaves nothing out.
 */
async function runAllTests(importMap: string | undefined): Promise<number> {
  const others = Array.from(Deno.readDirSync(new URL("tests/", ROOT)))
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith("_test.ts"))
    .map(({ name }) => `tests/${name}`)
    .filter((path) => path !== SLOW_TESTS)
    .sort();
  const command = TEST.flatMap((argument) => argument === "tests" ? others : [argument]);
  const first = runDeno(command, importMap, ROOT);
  const second = runDeno(["test", "-A", "--no-check", SLOW_TESTS], importMap, ROOT, first);
  const codes = await Promise.all([first, second]);
  return codes.find((code) => code !== 0) ?? 0;
}

async function main(task: string, args: readonly string[]): Promise<number> {
  const commands = Object.hasOwn(TASKS, task) ? TASKS[task]?.() : undefined;
  if (commands === undefined) {
    console.error(`Cannot run: no such task: ${task} (there are ${Object.keys(TASKS).join(", ")})`);
    return 2;
  }
  const std = await chooseStd();
  console.error(std.message);
  for (const command of commands) {
    const isLast = command === commands.at(-1);
    const code = command === TEST && args.length === 0
      ? await runAllTests(std.importMap)
      : await runDeno(isLast ? [...command, ...args] : command, std.importMap, ROOT);
    if (code !== 0) return code;
  }
  return 0;
}

if (import.meta.main) {
  const [task = "", ...args] = Deno.args;
  // A look-up of a name that was given up on must not keep the process.
  Deno.exit(await main(task, args));
}
