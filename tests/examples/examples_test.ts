// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { importMapArguments } from "../_deno.ts";

interface Output {
  stdout: string;
  stderr: string;
  code: number;
}

/** Runs an example as its page says, in a directory of its own. */
function run(example: string, permissions: string[], cwd: string): Output {
  const importMap = importMapArguments();
  const { stdout, stderr, code } = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      ...permissions,
      ...importMap,
      new URL(`../../examples/${example}`, import.meta.url).href,
    ],
    env: {
      NO_COLOR: "1",
      ...importMap[1] === undefined ? {} : { PECAPIKU_IMPORT_MAP: importMap[1] },
    },
    cwd,
  }).outputSync();
  const decoder = new TextDecoder();
  return { stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), code };
}

const SCRIPT_PERMISSIONS = ["--allow-read", "--allow-write"];

Deno.test("examples/resume.ts goes on where it was when it is killed and started again", () => {
  const { stdout, stderr, code } = run("resume.ts", [
    "--allow-read",
    "--allow-write",
    "--allow-run",
    "--allow-env=PECAPIKU_IMPORT_MAP,TMPDIR",
  ], Deno.makeTempDirSync());
  assertEquals(code, 0, stdout + stderr);
  const runs = stdout.matchAll(/^(\d)\..*?(\d+) from cache .*?(\d+) computed/gm).map((match) => ({
    cached: Number(match[2]),
    computed: Number(match[3]),
  })).toArray();
  assertEquals(runs.length, 4, stdout);
  const [killed, resumed, again, uncached] = runs;
  assertEquals(killed!.cached, 0);
  assert(killed!.computed >= 16 && killed!.computed < 40, stdout);
  // The slice that was acknowledged last may have been followed by one that was stored, but not yet said.
  assert(resumed!.cached >= killed!.computed, stdout);
  assertEquals(resumed!.cached + resumed!.computed, 40);
  assertEquals(again, { cached: 40, computed: 0 });
  assertEquals(uncached, { cached: 0, computed: 40 });
  assertStringIncludes(stdout, "ended by SIGKILL");
  assertMatch(stdout, /is byte for byte that of the run without a cache/);
});

Deno.test("examples/transpose.ts prints the same, without computing, when it runs again", () => {
  const cwd = Deno.makeTempDirSync();
  const first = run("transpose.ts", SCRIPT_PERMISSIONS, cwd);
  assertEquals(first.code, 0, first.stderr);
  assertMatch(first.stdout, /^computing\n/);
  assertMatch(first.stdout, /Float64Array\(4\) \[ 1, 3, 2, 4 \]/);
  const second = run("transpose.ts", SCRIPT_PERMISSIONS, cwd);
  assertEquals(`computing\n${second.stdout}`, first.stdout);
  assertEquals(second.stderr, "");
});

Deno.test("examples/inner_key.ts takes equal keys from the cache when it runs again", () => {
  const cwd = Deno.makeTempDirSync();
  const first = run("inner_key.ts", SCRIPT_PERMISSIONS, cwd);
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.stdout.match(/^counting/gm)?.length, 2);
  assertMatch(first.stdout, /^1000000 78498$/m);
  const second = run("inner_key.ts", SCRIPT_PERMISSIONS, cwd);
  assertEquals(second.stdout, first.stdout.replaceAll(/^counting.*\n/gm, ""));
});
