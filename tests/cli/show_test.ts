// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { registerType } from "@pecapiku/cache";
import { bytesOf, digestOf, put } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, damage, jsonOf, makeDict, makeFile, runCli } from "./_run_cli.ts";

Deno.test("show tells what a file is", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const { code, stdout } = await runCli(["show", path]);
    assertEquals(code, 0);
    assertMatch(stdout, /^File +\/.*a\.cache\nFormat +version 1\nEntries +5\nSize +/);
    assertMatch(stdout, /Oldest +2023-11-14T22:13:20\.000Z \(1 d\)\n/);
    assertMatch(stdout, /Codecs +structured 5\nFunctions +load 3, count 2\nDamage +none seen/);
    const [summary] = jsonOf(await runCli(["show", path, "--json"]));
    const { bytes, liveBytes, indexBytes, deadBytes } = summary;
    assertEquals(bytes, Deno.statSync(path).size);
    assertEquals(liveBytes + indexBytes + deadBytes, bytes);
    assertEquals([summary.entries, summary.duration, summary.damageSeen], [5, 1757, false]);
  });
});

Deno.test("show finds an entry by its digest, its key, or the beginning of either", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    makeDict(path, [[["matrix", { b: 1, a: 2 }], 7], ["plain text", 8], [12, 9], ["12", 10]]);
    const valueOf = async (key: string): Promise<unknown> =>
      jsonOf(await runCli(["show", path, key, "--json"]))[0]?.value;
    assertEquals(await valueOf(digestOf(3)), 3);
    assertEquals(await valueOf(digestOf(3).toUpperCase()), 3);
    assertEquals(await valueOf(digestOf(4).slice(0, 12)), 44);
    assertEquals(await valueOf("load(5)"), [5, 5]);
    assertEquals(await valueOf("load(5"), [5, 5]);
    assertEquals(await valueOf('["matrix",{"a":2,"b":1}]'), 7);
    assertEquals(await valueOf("plain text"), 8);
    assertEquals(await valueOf('"plain text"'), 8);
    assertEquals([await valueOf("12"), await valueOf('"12"')], [9, 10]);
  });
});

Deno.test("show tells a call that is written out from those that begin with it", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, [
      call(1, "f", "1", { preview: "1" }),
      call(2, "f", "2", { preview: "1)x" }),
      call(3, "f", "3", { preview: "1", part: { part: "error", of: digestOf(1) } }),
    ]);
    assertEquals(jsonOf(await runCli(["show", path, "f(1)", "--json"]))[0].value, 1);
  });
});

Deno.test("show says when there is no such key, and when there are several", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    for (const key of ["nothing", "", '{"a":1}', "0".repeat(64), "load(9", "\ud800"]) {
      const { code, stdout, stderr } = await runCli(["show", path, key]);
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^Cannot find key: no such entry: /);
    }
    const several = await runCli(["show", path, "load("]);
    assertEquals([several.code, several.stdout], [2, ""]);
    assertMatch(
      several.stderr,
      /^Cannot tell which entry is meant: load\( may be\n {2}[0-9a-f]{16} {2}load\(1\)\n/,
    );
    assertEquals(several.stderr.trim().split("\n").length, 4);
  });
});

Deno.test("show gives the fields of an entry and its value", async () => {
  await withDirectory(async (directory) => {
    const value = {
      list: Array.from({ length: 200 }, (_, at) => at),
      at: new Date(0),
      text: "é\n",
    };
    const path = makeDict(`${directory}/a.cache`, [["k", value]]);
    const short = await runCli(["show", path, "k"]);
    assertMatch(
      short.stdout,
      /^Key +"k"\nDigest +[0-9a-f]{64}\nWritten .*\nSize .*\nCodec +structured\n\n\{/,
    );
    assertStringIncludes(short.stdout, "... 100 more items");
    assertStringIncludes(short.stdout, "1970-01-01T00:00:00.000Z");
    assertStringIncludes((await runCli(["show", path, "k", "--full"])).stdout, "199");
    const [json] = jsonOf(await runCli(["show", path, "k", "--json"]));
    assertEquals(Object.keys(json.value), ["$inspect"]);
    const long = makeDict(`${directory}/b.cache`, [["k", "x".repeat(9_000)]]);
    assertMatch((await runCli(["show", long, "k"])).stdout, /x"\.\.\. 8000 more characters\n$/);
    assertMatch((await runCli(["show", long, "k", "--full"])).stdout, /x{9000}"\n$/);
  });
});

Deno.test("show --raw gives the bytes of a value, but not to a terminal", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, [
      put(1, [new Uint8Array([0, 0xff, 0x1b]), new Uint8Array([7])]),
    ]);
    const { code, bytes } = await runCli(["show", path, digestOf(1), "--raw"]);
    assertEquals([code, [...bytes]], [0, [0, 0xff, 0x1b, 7]]);
    const refused = await runCli(["show", path, digestOf(1), "--raw"], { columns: 80 });
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertEquals((await runCli(["show", path, "--raw"])).code, 2);
    assertEquals((await runCli(["show", path, "--full"])).code, 2);
  });
});

Deno.test("show says that a value can't be decoded here, and is no damage", async () => {
  await withDirectory(async (directory) => {
    class Point {
      constructor(readonly x: number) {}
    }
    registerType(Point, {
      name: "cli-test-point",
      encode: ({ x }) => x,
      decode: (x) => new Point(Number(x)),
    });
    const path = makeFile(`${directory}/a.cache`, [
      put(1, "?", { codec: "of somebody" }),
      put(2, "\x02not json"),
    ]);
    for (const number of [1, 2]) {
      const { code, stdout, stderr } = await runCli(["show", path, digestOf(number)]);
      assertEquals([code, stderr], [0, ""]);
      assertMatch(stdout, /The value can't be decoded: .*\n--raw gives its bytes\.\n$/);
      const [{ value }] = jsonOf(await runCli(["show", path, digestOf(number), "--json"]));
      assertEquals(Object.keys(value), ["$base64", "$codec", "$reason"]);
    }
    assertStringIncludes(
      (await runCli(["ls", path])).stdout,
      '(can\'t be decoded: no codec named "of somebody" here)',
    );
  });
});

Deno.test("show warns of an entry that is damaged, and gives nothing of it", async () => {
  await withDirectory(async (directory) => {
    const path = damage(makeFile(`${directory}/a.cache`, [put(1, [bytesOf('"value"')])]), -1);
    const { code, stdout, stderr } = await runCli(["show", path, digestOf(1)]);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^Warning: Cannot read all of cache: damaged at byte \d+, .*\n$/);
  });
});
