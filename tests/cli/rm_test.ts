// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { digestOf } from "../stores/_changes.ts";
import { namesIn, withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, damage, jsonOf, makeDict, makeFile, runCli } from "./_run_cli.ts";

Deno.test("rm removes a file after a question, or with --yes", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    for (const answers of [["n"], [""], [null]]) {
      const { code, stdout, questions } = await runCli(["rm", path], { answers });
      assertEquals([code, stdout, questions.length], [1, "Nothing was removed.\n", 1]);
      assertMatch(questions[0]!, /^Remove \/.*a\.cache \(.* k?B\)\? \[y\/N\] $/);
    }
    assertEquals((await runCli(["rm", path])).code, 2);
    assertEquals(namesIn(directory), ["a.cache"]);
    const { code, stdout } = await runCli(["rm", path], { answers: ["yes"] });
    assertEquals([code, stdout, namesIn(directory)], [0, `Removed ${path}\n`, []]);
    makeFile(path, CALLS);
    assertEquals(jsonOf(await runCli(["rm", path, "-y", "--json"])), [{
      file: path,
      removed: true,
    }]);
    assertEquals(namesIn(directory), []);
  });
});

Deno.test("rm removes no file that is not a cache file", async () => {
  await withDirectory(async (directory) => {
    Deno.writeTextFileSync(`${directory}/thesis.tex`, "years of work");
    Deno.writeTextFileSync(`${directory}/empty`, "");
    Deno.writeFileSync(`${directory}/short`, new Uint8Array([0x89, 0x70, 0x63]));
    Deno.mkdirSync(`${directory}/folder`);
    const before = namesIn(directory);
    for (const name of before) {
      const { code, stderr } = await runCli(["rm", `${directory}/${name}`, "--yes"]);
      assertEquals(code, 3);
      assertMatch(stderr, /^Cannot (?:remove|open) cache: .*\n$/);
    }
    assertEquals(namesIn(directory), before);
  });
});

Deno.test("rm removes a cache file that is damaged, or of a newer version", async () => {
  await withDirectory(async (directory) => {
    const damaged = damage(makeFile(`${directory}/a.cache`, CALLS), 13);
    const newer = damage(makeFile(`${directory}/b.cache`, CALLS), 9);
    for (const path of [damaged, newer]) {
      assertEquals((await runCli(["ls", path])).code, 3);
      assertEquals((await runCli(["rm", path, "--yes"])).code, 0);
    }
    assertEquals(namesIn(directory), []);
  });
});

Deno.test("rm removes an entry, and what belongs to it", async () => {
  await withDirectory(async (directory) => {
    const part = (number: number, of: number) =>
      call(number, "load", '"chunk"', { part: { part: "chunk", of: digestOf(of), index: number } });
    const path = makeFile(`${directory}/a.cache`, [...CALLS, part(6, 1), part(7, 1), part(8, 2)]);
    const refused = await runCli(["rm", path, "load(1)"], { answers: ["no"] });
    assertEquals(refused.code, 1);
    assertMatch(
      refused.questions[0]!,
      /^Remove load\(1\) \[[0-9a-f]{8}\] and 2 parts of it from \//,
    );
    assertEquals((await runCli(["rm", path, "load(1)"])).code, 2);
    assertEquals(jsonOf(await runCli(["ls", path, "--all", "--json"])).length, 8);
    const [done] = jsonOf(await runCli(["rm", path, "load(1)", "--yes", "--json"]));
    assertEquals([done.removed, done.digest, done.parts], [true, digestOf(1), 2]);
    const left = jsonOf(await runCli(["ls", path, "--all", "--json"])).map(({ key }) => key);
    assertEquals(left, ["load(2)", "count(3)", "count(4)", "load(5)", "load(8)"]);
    assertEquals((await runCli(["rm", path, "load(1)", "--yes"])).code, 1);
    assertEquals((await runCli(["rm", path, "load(", "--yes"])).code, 2);
    assert(Deno.statSync(path).isFile);
  });
});

Deno.test("rm removes a dictionary's key, also one that begins with a hyphen", async () => {
  await withDirectory(async (directory) => {
    const path = makeDict(`${directory}/a.cache`, [[-1, "a"], ["-y", "b"], [{ x: 1 }, "c"]]);
    assertEquals((await runCli(["rm", path, "--yes", "--", "-1"])).code, 0);
    assertEquals((await runCli(["rm", path, "--yes", "--", "-y"])).code, 0);
    assertEquals(jsonOf(await runCli(["ls", path, "--json"])).map(({ key }) => key), ['{"x":1}']);
  });
});
