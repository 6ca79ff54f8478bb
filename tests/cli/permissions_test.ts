// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { importMapArguments } from "../_deno.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { CALLS, makeFile } from "./_run_cli.ts";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own, with nobody to ask. */
async function run(
  permissions: readonly string[],
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "--no-prompt"],
      ...["--config", fromFileUrl(new URL("../../deno.json", import.meta.url))],
      ...importMapArguments(),
      ...permissions,
      fromFileUrl(new URL("../../src/cli/mod.ts", import.meta.url)),
      ...args,
    ],
    cwd,
    env,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("the commands that only read need -R alone, and write nothing", async () => {
  await withDirectory(async (directory) => {
    makeFile(`${directory}/a.cache`, CALLS);
    const before = Deno.readFileSync(`${directory}/a.cache`);
    const commands = [
      ["ls", "."],
      ["ls", "a.cache", "--sort", "size"],
      ["show", "a.cache", "load(1)"],
      ["stats", "a.cache"],
      ["diff", "a.cache", "a.cache"],
      ["export", "a.cache"],
      ["verify", "a.cache"],
      ["prune", "a.cache", "--max-entries", "1", "--dry-run"],
      ["where", "a.cache"],
      ["help"],
    ];
    const results = await Promise.all(commands.map((args) => run(["-R"], args, directory)));
    for (const [index, { code, stdout, stderr }] of results.entries()) {
      assertEquals([code, stderr], [0, ""], commands[index]!.join(" "));
      // deno-lint-ignore no-control-regex
      assertEquals([stdout === "", /\x1b/.test(stdout)], [false, false]);
    }
    assertEquals(Deno.readFileSync(`${directory}/a.cache`), before);
  });
});

Deno.test("a permission that is missing is an error that names the flag", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const before = Deno.readFileSync(path);
    const cases: [permissions: string[], args: string[], flag: string][] = [
      [[], ["ls"], "--allow-read="],
      [[], ["ls", "a.cache"], "--allow-read="],
      [[], ["verify", path], `--allow-read=${path}`],
      [["-R"], ["rm", "a.cache", "--yes"], `--allow-write=${path}`],
      [["-R"], ["rm", "a.cache", "load(1)", "--yes"], `--allow-write=${path}`],
      [["-R"], ["prune", "a.cache", "--max-entries", "1", "--yes"], `--allow-write=${path}`],
      [["-R"], ["compact", "a.cache"], `--allow-write=${path}`],
      [["-R"], ["repair", "a.cache"], "--allow-write="],
    ];
    const results = await Promise.all(cases.map(([flags, args]) => run(flags, args, directory)));
    for (const [index, { code, stderr }] of results.entries()) {
      const [, args, flag] = cases[index]!;
      assertEquals(code, 3, `${args.join(" ")}: ${stderr}`);
      assertStringIncludes(stderr, flag);
      assertMatch(stderr, /^Cannot [^\n]*\n$/);
    }
    assertEquals(Deno.readFileSync(path), before);
  });
});

Deno.test("a relative FILE is in the current directory, or else in the cache directory", async () => {
  await withDirectory(async (directory) => {
    Deno.mkdirSync(`${directory}/.pecapiku/deep`, { recursive: true });
    makeFile(`${directory}/.pecapiku/a.cache`, CALLS);
    makeFile(`${directory}/.pecapiku/deep/b.cache`, CALLS.slice(1));
    makeFile(`${directory}/.pecapiku/both.cache`, CALLS);
    makeFile(`${directory}/both.cache`, CALLS.slice(2));
    const [inCache, deep, both, dotted, all, where] = await Promise.all([
      run(["-R"], ["where", "a.cache"], directory),
      run(["-R"], ["where", "deep/b.cache"], directory),
      run(["-R"], ["where", "both.cache"], directory),
      run(["-R"], ["ls", "./a.cache"], directory),
      run(["-R"], ["ls"], directory),
      run(["-R", "--allow-env"], ["where", "--json"], directory, { PECAPIKU_CACHE_DIR: "/x/y" }),
    ]);
    assertEquals(inCache.stdout, `${directory}/.pecapiku/a.cache\n`);
    assertEquals(deep.stdout, `${directory}/.pecapiku/deep/b.cache\n`);
    assertEquals(both.stdout, `${directory}/both.cache\n`);
    assertEquals([dotted.code, dotted.stderr], [
      3,
      `Cannot open cache: no such file: ${directory}/a.cache\n`,
    ]);
    assertMatch(all.stdout, /a\.cache\n.*both\.cache\n.*deep\/b\.cache\n$/);
    const { directory: chosen, reason, variable } = JSON.parse(where.stdout);
    assertEquals([chosen, reason, variable], ["/x/y", "variable", "PECAPIKU_CACHE_DIR"]);
  });
});
