// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { put } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { damage, jsonOf, makeDict, makeFile, runCli } from "./_run_cli.ts";

Deno.test("diff tells what only one file has, and what differs", async () => {
  await withDirectory(async (directory) => {
    const a = makeDict(`${directory}/a.cache`, [["x", 1], ["y", 2], ["z", 3]]);
    const b = makeDict(`${directory}/b.cache`, [["y", 2], ["z", 30], ["w", 4], ["v", 5]]);
    const { code, stdout } = await runCli(["diff", a, b]);
    assertEquals(code, 1);
    assertMatch(
      stdout,
      /^Only in .*a\.cache: 1\nDIGEST.*\n.*"x"\n\nOnly in .*b\.cache: 2\n.*\n.*"w"\n.*"v"\n\nIn both, .*: 1\n.*\n.*"z"\n\n1 entry is the same\.\n$/,
    );
    const [json] = jsonOf(await runCli(["diff", a, b, "--json", "--limit", "1"]));
    assertEquals([json.a, json.b, json.same], [a, b, 1]);
    assertEquals(json.counts, { onlyInA: 1, onlyInB: 2, different: 1 });
    assertEquals(
      [json.onlyInA, json.onlyInB, json.different].map((rows) =>
        rows.map(({ key }: { key: string }) => key)
      ),
      [['"x"'], ['"w"'], ['"z"']],
    );
  });
});

Deno.test("diff finds files the same whose values are, however they are stored", async () => {
  await withDirectory(async (directory) => {
    const value = { text: "again ".repeat(1000), list: [1, 2] };
    const paths = ["plain", "gzip", "msgpack"].map((name) => `${directory}/${name}.cache`);
    for (const [index, options] of [{}, { compress: "gzip" }, { codec: "msgpack" }].entries()) {
      using cache = new CacheDict(paths[index], options as object);
      cache.set("k", value);
    }
    for (const other of paths) {
      const { code, stdout } = await runCli(["diff", paths[0]!, other]);
      assertEquals([code, stdout], [0, "1 entry is the same.\n"]);
    }
  });
});

Deno.test("diff counts what other code can see as a difference", async () => {
  await withDirectory(async (directory) => {
    const a = makeDict(`${directory}/a.cache`, [["k", { x: 1, y: 2 }], ["n", 0], ["t", [1]]]);
    const b = makeDict(`${directory}/b.cache`, [["k", { y: 2, x: 1 }], ["n", -0], ["t", ["1"]]]);
    assertEquals(jsonOf(await runCli(["diff", a, b, "--json"]))[0].counts.different, 3);
    const c = makeFile(`${directory}/c.cache`, [put(1, "?", { codec: "other" })]);
    const d = makeFile(`${directory}/d.cache`, [put(1, "!", { codec: "other" })]);
    assertEquals(jsonOf(await runCli(["diff", c, d, "--json"]))[0].counts.different, 1);
    assertEquals((await runCli(["diff", c, c])).code, 0);
  });
});

Deno.test("diff takes what is damaged as missing, and says so", async () => {
  await withDirectory(async (directory) => {
    const a = makeFile(`${directory}/a.cache`, [put(1, '"a"'), put(2, '"b"')]);
    const b = `${directory}/b.cache`;
    Deno.copyFileSync(a, b);
    damage(b, -1);
    for (const [one, other, side] of [[a, b, "onlyInA"], [b, a, "onlyInB"]] as const) {
      const result = await runCli(["diff", one, other, "--json"]);
      assertEquals([result.code, jsonOf(result)[0].counts[side]], [1, 1]);
      assertMatch(result.stderr, /^Warning: /);
    }
  });
});
