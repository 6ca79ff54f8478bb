// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import { digestOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, jsonOf, makeFile, NOW, runCli } from "./_run_cli.ts";

/** The keys that are left in a file. */
function keysIn(path: string): string[] {
  using cache = new CacheDict(path, { access: "r" });
  return [...cache.keys()].map((key) => String(key).replace(/ .*/, ""));
}

Deno.test("prune removes what is old, too much, or of a function", async () => {
  const cases: [options: string[], left: string[]][] = [
    [["--older-than", "86399s"], ["load(2)", "count(3)", "count(4)", "load(5)"]],
    [["--older-than", "86398.5s"], ["load(2)", "count(4)", "load(5)"]],
    [["--older-than", "30d"], ["load(1)", "load(2)", "count(3)", "count(4)", "load(5)"]],
    [["--max-entries", "2"], ["count(4)", "load(5)"]],
    [["--max-bytes", "300"], ["count(4)", "load(5)"]],
    [["--function", "load"], ["count(3)", "count(4)"]],
    [["--function", "load", "--max-entries", "1"], ["count(3)", "count(4)", "load(5)"]],
    [["--max-entries", "0"], []],
  ];
  for (const [options, left] of cases) {
    await withDirectory(async (directory) => {
      const path = makeFile(`${directory}/a.cache`, CALLS);
      const dry = await runCli(["prune", path, ...options, "--dry-run", "--json"]);
      assertEquals(keysIn(path).length, 5);
      const { code, stdout } = await runCli(["prune", path, ...options, "--yes", "--json"]);
      assertEquals([code, keysIn(path)], [0, left], options.join(" "));
      const done = JSON.parse(stdout);
      assertEquals([done.entries, done.removed], [5 - left.length, left.length < 5]);
      assertEquals({ ...JSON.parse(dry.stdout), removed: 0, bytesAfter: 0 }, {
        ...done,
        removed: 0,
        bytesAfter: 0,
      });
      assertEquals(done.bytesAfter, Deno.statSync(path).size);
    });
  }
});

Deno.test("prune spares what was used last", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const store = new LogStore(path);
    store.touch(digestOf(1));
    store.commit([]);
    store.close();
    await runCli(["prune", path, "--max-entries", "2", "--yes"]);
    assertEquals(keysIn(path), ["load(1)", "load(5)"]);
  });
});

Deno.test("prune tells what would go and asks before it does anything", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const before = Deno.readFileSync(path);
    const args = ["prune", path, "--max-entries", "3"];
    for (const answer of ["n", "", "yikes", null]) {
      const { code, stdout, questions } = await runCli(args, { answers: [answer] });
      assertEquals([code, questions], [1, [`Remove 2 entries from ${path}? [y/N] `]]);
      assertMatch(
        stdout,
        /^To be removed: 2 of 5 entries, [0-9]+ B:\nDIGEST.*\n.*load\(1\)\n.*load\(2\)\nNothing was removed\.\n$/,
      );
    }
    const nobody = await runCli(args);
    assertEquals([nobody.code, nobody.stderr.includes("--yes")], [2, true]);
    assertEquals(Deno.readFileSync(path), before);
    const { code, stdout } = await runCli(args, { answers: ["y"] });
    assertEquals([code, keysIn(path)], [0, ["count(3)", "count(4)", "load(5)"]]);
    assertMatch(stdout, /\nRemoved\. .* before, .* after\.\n$/);
  });
});

Deno.test("prune compacts a file, also a small one, once over half of it is dead", async () => {
  await withDirectory(async (directory) => {
    const entries = Array.from({ length: 40 }, (_, at) => call(at, "f", `"${"x".repeat(500)}"`));
    const path = makeFile(`${directory}/a.cache`, entries);
    const { size } = Deno.statSync(path);
    await runCli(["prune", path, "--max-entries", "4", "--yes"]);
    assertEquals([keysIn(path).length, Deno.statSync(path).size < size / 5], [4, true]);
  });
});

Deno.test("prune asks nothing where there is nothing to remove", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const before = Deno.readFileSync(path);
    const { code, stdout, questions } = await runCli(["prune", path, "--max-bytes", "1GiB"], {
      answers: ["y"],
    });
    assertEquals([code, questions, Deno.readFileSync(path)], [0, [], before]);
    assertMatch(stdout, /^Nothing to remove: /);
    assertEquals(
      jsonOf(await runCli(["prune", path, "--max-entries=9", "--json"]))[0].removed,
      false,
    );
  });
});

Deno.test("prune refuses what is no limit", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    for (
      const wrong of [
        [],
        ["--yes"],
        ["--older-than", "30"],
        ["--older-than", "d"],
        ["--older-than=-1d"],
        ["--max-bytes", "1X"],
        ["--max-bytes", "lots"],
        ["--max-entries", "1e3"],
        ["--max-entries", ""],
      ]
    ) {
      const { code } = await runCli(["prune", path, ...wrong], { answers: ["y"], now: NOW });
      assertEquals([code, keysIn(path).length], [2, 5], wrong.join(" "));
    }
  });
});
