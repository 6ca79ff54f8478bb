// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { LogStore } from "@pecapiku/cache/stores";
import { digestOf } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { errorDigest, makeNotice, NOTICE, sampleDigest } from "../../src/access/entry_parts.ts";
import type { Digest } from "../../src/stores/store.ts";
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

/** Calls, of which some have samples and errors, each with its notice as whoever writes parts has it. */
function makeParts(path: string, hasNotice = true): string {
  const part = (name: string, of: Digest, digest: Digest, index?: number) => ({
    ...call(0, "load", '"part"', { part: { part: name, of, index }, preview: "" }),
    digest,
    writtenAt: 1_700_000_005_000,
  });
  const one = digestOf(1);
  const sample = sampleDigest(one, 1);
  return makeFile(path, [
    ...(hasNotice ? [makeNotice(1_700_000_000_000)] : []),
    ...CALLS,
    part("sample", one, sample, 1),
    part("error", sample, errorDigest(sample), 1),
    part("error", digestOf(4), errorDigest(digestOf(4))),
  ]);
}

/** The digests of all that a file has. */
function digestsIn(path: string): Set<Digest> {
  const store = new LogStore(path);
  const digests = new Set([...store.entries()].map(({ digest }) => digest));
  store.close();
  return digests;
}

Deno.test("prune takes what belongs to an entry with it, and leaves the notice of parts", async () => {
  const one = digestOf(1);
  const ofOne = [one, sampleDigest(one, 1), errorDigest(sampleDigest(one, 1))];
  const cases: [options: string[], gone: Digest[], counts: number[]][] = [
    [["--older-than", "86399s"], ofOne, [1, 2]],
    [["--function", "load", "--older-than", "86399s"], ofOne, [1, 2]],
    // Eight count: the notice does not.
    [["--max-entries", "8"], [], [0, 0]],
    [["--max-entries", "7"], ofOne, [1, 2]],
    [["--max-bytes", "1G"], [], [0, 0]],
    [["--function", "load"], [...ofOne, ...[2, 5].map(digestOf), errorDigest(digestOf(4))], [3, 3]],
    [["--function", "count"], [...[3, 4].map(digestOf), errorDigest(digestOf(4))], [2, 1]],
  ];
  for (const [options, gone, counts] of cases) {
    await withDirectory(async (directory) => {
      const path = makeParts(`${directory}/a.cache`);
      const before = digestsIn(path);
      const [dry] = jsonOf(await runCli(["prune", path, ...options, "--dry-run", "--json"]));
      assertEquals(digestsIn(path), before);
      const [done] = jsonOf(await runCli(["prune", path, ...options, "--yes", "--json"]));
      assertEquals([[done.entries, done.parts], [dry.entries, dry.parts]], [counts, counts]);
      assertEquals(done.bytes, dry.bytes);
      assertEquals(before.difference(digestsIn(path)), new Set(gone), options.join(" "));
      assertEquals(digestsIn(path).has(NOTICE), true);
    });
  }
});

Deno.test("prune writes the notice of parts anew where it is missing and parts stay", async () => {
  for (const [entries, isThere] of [["5", true], ["0", false]] as const) {
    await withDirectory(async (directory) => {
      const path = makeParts(`${directory}/a.cache`, false);
      await runCli(["prune", path, "--max-entries", entries, "--yes"]);
      assertEquals(digestsIn(path).has(NOTICE), isThere);
    });
  }
});

Deno.test("prune, ls, show and stats count what belongs to others apart, and hide the notice", async () => {
  await withDirectory(async (directory) => {
    const path = makeParts(`${directory}/a.cache`);
    const { stdout, questions } = await runCli(["prune", path, "--older-than", "86399s"], {
      answers: ["n"],
    });
    assertMatch(stdout, /^To be removed: 1 of 5 entries and 2 parts of entries, [0-9]+ B:\n/);
    assertMatch(
      stdout,
      /\n.* load\(1\)\nNothing/,
    );
    assertEquals(questions, [`Remove 1 entry and 2 parts from ${path}? [y/N] `]);
    const listed = async (...options: string[]) =>
      jsonOf(await runCli(["ls", path, "--json", ...options])).length;
    assertEquals([await listed(), await listed("--all")], [5, 8]);
    assertMatch((await runCli(["ls", directory])).stdout, /\n +5 /);
    const [stats] = jsonOf(await runCli(["stats", path, "--json"]));
    assertEquals([stats.entries, stats.parts, stats.functions.length], [5, 3, 2]);
    const page = (await runCli(["ls", path, "--limit", "2"], { columns: 80 })).stdout;
    assertMatch(page, /\n1 to 2 of more: go on/);
    const all = (await runCli(["ls", path, "--all", "--limit", "2"], { columns: 80 })).stdout;
    assertMatch(all, /\n1 to 2 of 8 entries: go on/);
    for (const command of ["show", "rm"]) {
      assertEquals(
        (await runCli([command, path, NOTICE, ...(command === "rm" ? ["-y"] : [])])).code,
        1,
      );
    }
    assertEquals(digestsIn(path).size, 9);
  });
});
