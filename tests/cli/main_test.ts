// Copyright 2026 the pecapiku authors. MIT license.

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { main } from "@pecapiku/cache/cli";
import { COMMANDS } from "../../src/cli/_commands.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { CALLS, makeFile, runCli } from "./_run_cli.ts";

Deno.test("main() tells what there is when asked for help", async () => {
  const help = await runCli(["help"]);
  assertEquals([help.code, help.stderr], [0, ""]);
  for (const args of [["--help"], ["-h"]]) {
    assertEquals(await runCli(args), help);
  }
  const nothing = await runCli([]);
  assertEquals([nothing.code, nothing.stdout], [2, help.stdout]);
  for (const { name, summary, examples } of COMMANDS) {
    assertStringIncludes(help.stdout, `  ${name}`);
    assertStringIncludes(help.stdout, summary);
    assertStringIncludes(help.stdout, examples[0]![0]);
  }
  assertMatch(help.stdout, /Exit codes\n {2}0 {2}done\n {2}1 .*\n {2}2 .*\n {2}3 .*\n$/);
});

Deno.test("main() tells all of a command, with an example, when asked for its help", async () => {
  for (const { name, options, examples } of COMMANDS) {
    const help = await runCli(["help", name]);
    assertEquals([help.code, help.stderr], [0, ""]);
    for (const flag of ["--help", "-h"]) assertEquals(await runCli([name, flag]), help);
    for (const option of [...Object.keys(options), "json", "help"]) {
      assertStringIncludes(help.stdout, `--${option}`);
    }
    assert(examples.length > 0 && examples.every(([line]) => line.startsWith(name)), name);
    for (const [line, does] of examples) {
      assertStringIncludes(help.stdout, `${line}\n      ${does}`);
    }
  }
});

Deno.test("main() suggests the nearest command when there is none of a name", async () => {
  const hints: [given: string, meant: string | undefined][] = [
    ["lss", "ls"],
    ["stat", "stats"],
    ["shwo", "show"],
    ["veryfy", "verify"],
    ["xyzzy", undefined],
    ["", undefined],
    ["constructor", undefined],
  ];
  for (const [given, meant] of hints) {
    for (const args of [[given], ["help", given]]) {
      const { code, stdout, stderr } = await runCli(args);
      assertEquals([code, stdout], [2, ""]);
      const hint = meant === undefined ? "help tells which there are" : `did you mean ${meant}?`;
      assertEquals(stderr, `Cannot run: no such command: ${given} (${hint})\n`);
    }
  }
});

Deno.test("main() refuses too many or too few arguments, and unknown options", async () => {
  for (const { name, args: [least, most], usage } of COMMANDS) {
    const counts = [least - 1, most + 1].filter((count) => count >= 0 && count < 10);
    for (const count of counts) {
      const { code, stderr } = await runCli([name, ...Array(count).fill("x")]);
      assertEquals(code, 2);
      assertStringIncludes(stderr, `Cannot run ${name}: expected ${usage}: `);
    }
    for (const wrong of ["--nope", "--json=1", "-Q"]) {
      const { code, stdout, stderr } = await runCli([name, wrong, "x", "y"]);
      assertEquals([code, stdout], [2, ""]);
      assertMatch(stderr, new RegExp(`^Cannot run ${name}: .*\\(help ${name} tells more\\)\\n$`));
    }
  }
});

Deno.test("main() is done when nobody reads on", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const stdout = () => {
      throw new Deno.errors.BrokenPipe("closed");
    };
    assertEquals(await main(["ls", path], { stdout, stderr: () => {}, now: () => 0 }), 0);
  });
});

Deno.test("main() hides no error that nobody foresaw", async () => {
  const stdout = () => {
    throw new RangeError("a bug");
  };
  await assertRejects(
    () => main(["where"], { stdout, stderr: () => {}, now: () => 0 }),
    RangeError,
    "a bug",
  );
});
