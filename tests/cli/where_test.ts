// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { config } from "@pecapiku/cache";
import { withDirectory } from "../stores/_temporary.ts";
import { CALLS, jsonOf, makeFile, runCli } from "./_run_cli.ts";

Deno.test("where tells the directory that config gives, and why", async () => {
  const before = await runCli(["where"]);
  assertEquals(before.stdout.split("\n")[0], config.getCacheDir());
  assertMatch(before.stdout, /\n\nIt is [^\n]+\.\n/);
  await withDirectory(async (directory) => {
    config.setCacheDir(directory);
    const { code, stdout } = await runCli(["where"]);
    assertEquals([code, stdout], [
      0,
      `${directory}\n\nIt is what config.setCacheDir was told.\n`,
    ]);
    assertEquals(jsonOf(await runCli(["where", "--json"])), [
      { directory, reason: "set", variable: null, notGranted: [] },
    ]);
    assertEquals((await runCli(["ls"])).stdout.split("\n")[0], `No cache files in ${directory}`);
    const path = makeFile(`${directory}/a-file-of-this-test.cache`, CALLS);
    assertEquals((await runCli(["where", "a-file-of-this-test.cache"])).stdout, `${path}\n`);
    const [{ file, places }] = jsonOf(await runCli(["where", path, "--json"]));
    assertEquals([file, places], [path, [path]]);
    const none = await runCli(["where", "none-of-this-test.cache"]);
    assertEquals(none.code, 3);
    assertMatch(
      none.stderr,
      /^Cannot open cache: no such file: .*, nor .*none-of-this-test\.cache\n$/,
    );
    config.setCacheDir(`${directory}/not there yet`);
    assertEquals((await runCli(["ls"])).code, 0);
  });
});
