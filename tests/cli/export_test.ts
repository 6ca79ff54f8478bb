// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { digestOf, put } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, damage, jsonOf, makeDict, makeFile, runCli } from "./_run_cli.ts";

Deno.test("export writes a line of JSON for each entry", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const result = await runCli(["export", path]);
    assertEquals(result.code, 0);
    assertEquals(jsonOf(result)[0], {
      digest: digestOf(1),
      key: { $call: { name: "load", preview: "1" } },
      function: "load",
      writtenAt: "2023-11-14T22:13:20.000Z",
      duration: 50,
      promised: false,
      codec: "structured",
      value: "one",
    });
    assertEquals(jsonOf(result).slice(2).map(({ value }) => value), [3, 44, [5, 5]]);
    assertEquals((await runCli(["export", path, "--json"])).stdout, result.stdout);
    const ofCount = jsonOf(await runCli(["export", path, "--function", "count"]));
    assertEquals(ofCount.map(({ value }) => value), [3, 44]);
  });
});

Deno.test("export gives values as they are where JSON can, and as text where it can't", async () => {
  await withDirectory(async (directory) => {
    const plain = [null, true, -1.5, "text", [[], {}], { a: { b: ["\u2028\x9b"] } }];
    const others = [undefined, NaN, -0, 1n, new Date(0), new Map([[1, 2]]), [, 1], { $x: 1 }];
    const path = makeDict(
      `${directory}/a.cache`,
      [...plain, ...others].map((each) => [each, each]),
    );
    for (const [index, { key, value }] of jsonOf(await runCli(["export", path])).entries()) {
      const expected = index < plain.length
        ? plain[index]
        : { $inspect: Deno.inspect(others[index - plain.length]) };
      assertEquals([key, value], [expected, expected]);
    }
  });
});

Deno.test("export reads what is compressed, and gives the bytes of what it can't decode", async () => {
  await withDirectory(async (directory) => {
    const path = `${directory}/a.cache`;
    {
      using cache = new CacheDict(path, { compress: "gzip" });
      cache.set("long", "again ".repeat(1000));
    }
    makeFile(path, [put(1, "\x00\xff", { codec: "other", writtenAt: NaN })]);
    const [long, other] = jsonOf(await runCli(["export", path]));
    assertEquals([long.codec, long.value], ["structured+gzip", "again ".repeat(1000)]);
    assertEquals(other.value.$base64, [new TextEncoder().encode("\x00\xff").toBase64()]);
    assertEquals([other.value.$codec, other.writtenAt], ["other", null]);
  });
});

Deno.test("export says by its exit code that entries are missing", async () => {
  await withDirectory(async (directory) => {
    const path = damage(makeFile(`${directory}/a.cache`, CALLS), -1);
    const result = await runCli(["export", path]);
    assertEquals([result.code, jsonOf(result).length], [1, 4]);
    assertMatch(result.stderr, /^Warning: .*damaged at byte \d+.*\n$/);
  });
});

Deno.test("export leaves out what belongs to others unless all is asked for", async () => {
  await withDirectory(async (directory) => {
    const part = { part: "error", of: digestOf(1) };
    const path = makeFile(`${directory}/a.cache`, [CALLS[0]!, call(9, "load", "1", { part })]);
    assertEquals(jsonOf(await runCli(["export", path])).length, 1);
    assertEquals(jsonOf(await runCli(["export", path, "--all"])).length, 2);
  });
});
