// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import stringWidth from "string-width";
import { digestOf, put } from "../stores/_changes.ts";
import { importMapArguments } from "../_deno.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { call, CALLS, jsonOf, linesOf, makeDict, makeFile, runCli } from "./_run_cli.ts";

// deno-lint-ignore no-control-regex
const COMMANDS_TO_TERMINALS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\u2028]/;

Deno.test("ls lists the entries of a file in the order in which they were stored", async () => {
  await withDirectory(async (directory) => {
    const result = await runCli(["ls", makeFile(`${directory}/a.cache`, CALLS)]);
    assertEquals([result.code, result.stderr], [0, ""]);
    const lines = linesOf(result);
    assertMatch(lines[0]!, /^DIGEST +FUNCTION +SIZE +AGE +TOOK +CODEC +KEY$/);
    assertEquals(lines.slice(1).map((line) => line.split("  ").at(-1)), [
      "load(1)",
      "load(2)",
      "count(3)",
      "count(4)",
      "load(5)",
    ]);
    assertMatch(
      lines[2]!,
      new RegExp(`^${digestOf(2).slice(0, 8)}  load +302 B +23 h +1.5 s  structured  load`),
    );
  });
});

Deno.test("ls --sort puts the largest, the newest, the longest first, and --reverse last", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const sorted = async (...options: string[]): Promise<string> => {
      const rows = jsonOf(await runCli(["ls", path, "--json", ...options]));
      return rows.map(({ key }) => key.match(/\d/)[0]).join("");
    };
    assertEquals(await sorted("--sort", "size"), "21543"); // 1 and 5 are of one size, and stay as they were
    assertEquals(await sorted("--sort", "size", "--reverse"), "34152");
    assertEquals(await sorted("--sort", "age"), "42531");
    assertEquals(await sorted("--sort", "duration", "--limit", "2"), "25");
    assertEquals(await sorted("--sort", "function"), "34125");
    assertEquals(await sorted("--sort", "key", "--offset", "1", "--limit", "3"), "412");
    assertEquals(await sorted("--function", "count"), "34");
    assertEquals(await sorted("--function", "none"), "");
    assertEquals(await sorted("--offset", "4"), "5");
    assertEquals(await sorted("--offset", "9"), "");
  });
});

Deno.test("ls shows the first fifty in a terminal, all elsewhere, and how to go on", async () => {
  await withDirectory(async (directory) => {
    const entries = Array.from({ length: 2_500 }, (_, number) => put(number, "1"));
    const path = makeFile(`${directory}/a.cache`, entries);
    const lines = linesOf(await runCli(["ls", path], { columns: 80 }));
    assertEquals(lines.length, 1 + 50 + 1 + 1);
    assertEquals(
      lines.at(-1),
      "1 to 50 of 2,500 entries: go on with --offset 50, or see all with --limit 0",
    );
    assertEquals(linesOf(await runCli(["ls", path])).length, 2_501);
    assertEquals(
      linesOf(await runCli(["ls", path, "--limit", "0"], { columns: 80 })).length,
      2_501,
    );
    const end = linesOf(await runCli(["ls", path, "--offset", "2450"], { columns: 80 }));
    assertEquals([end.length, end.at(-1)!.endsWith("2499")], [51, true]);
    const sorted = await runCli(["ls", path, "--sort", "age", "--limit", "3", "--json"]);
    assertEquals(jsonOf(sorted).map(({ key }) => key), ["2499", "2498", "2497"]);
  });
});

Deno.test("ls keeps all lines within a narrow terminal, with wide characters counted", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, [
      call(1, "日本語の関数の名前", '"x"', { preview: '"日本語の長いキーがここにあります"' }),
      call(2, "f", '"x"', { preview: '"👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧"' }),
      call(3, "f", '"x"', { preview: '"e\u0301e\u0301e\u0301"' }),
    ]);
    for (const columns of [200, 80, 40, 20, 10, 3]) {
      for (
        const args of [["ls", path], ["show", path], ["stats", path], ["help"], ["help", "ls"]]
      ) {
        const { stdout } = await runCli(args, { columns });
        for (const line of stdout.split("\n")) {
          assert(stringWidth(line) <= columns, `${columns} columns: ${args[0]}: ${line}`);
        }
      }
    }
    const narrow = linesOf(await runCli(["ls", path], { columns: 40 }));
    assertMatch(narrow[0]!, /SIZE +AGE.* {2}KEY$/);
    assertMatch(narrow[1]!, /日本.*…$/);
    assertMatch(narrow[2]!, /(?:👨‍👩‍👧)+…$/);
    // Not in a terminal, nothing is cut.
    assertMatch((await runCli(["ls", path])).stdout, /ここにあります"\)\n/);
  });
});

Deno.test("ls shows keys that hold commands to a terminal as text", async () => {
  await withDirectory(async (directory) => {
    const evil =
      "\x1b]0;pwn\x07\x9b31m\u202egnp\u2066\u200b\n\r<script>alert(1)</script>\u2028\x7f";
    const path = makeDict(`${directory}/a.cache`, [[evil, evil], [[evil], { [evil]: [evil] }]]);
    makeFile(path, [call(1, evil, '"x"', { preview: evil })]);
    const digest = jsonOf(await runCli(["ls", path, "--json"]))[0].digest;
    const commands = [["ls", path], ["ls", path, "--json"], ["show", path], ["show", path, digest]];
    commands.push(["show", path, digest, "--json"], ["stats", path], ["export", path]);
    commands.push(["show", path, evil], ["verify", path], ["show", path, `no ${evil}`]);
    commands.push([evil], ["ls", `--${evil}`], ["ls", `/none/${evil.replaceAll("/", "")}`]);
    for (const world of [{}, { columns: 60, color: false }]) {
      for (const command of commands) {
        const { stdout, stderr } = await runCli(command, world);
        assert(!COMMANDS_TO_TERMINALS.test(stdout + stderr), stdout + stderr);
      }
    }
    // What is shown is still what is there.
    assertEquals(JSON.parse(jsonOf(await runCli(["ls", path, "--json"]))[0].key), evil);
  });
});

Deno.test("ls colours headings in a terminal only, and when it may", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const isColoured = async (color: boolean | undefined): Promise<boolean> =>
      (await runCli(["ls", path], { columns: 80, color })).stdout.includes("\x1b[1m");
    assertEquals([await isColoured(true), await isColoured(false)], [true, false]);
    assertEquals(await isColoured(undefined), false);
  });
});

Deno.test("ls leaves out entries that belong to others unless all are asked for", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, [
      CALLS[0]!,
      call(6, "load", '"chunk"', { part: { part: "chunk", of: digestOf(1), index: 3 } }),
    ]);
    assertEquals(jsonOf(await runCli(["ls", path, "--json"])).map(({ key }) => key), ["load(1)"]);
    const all = jsonOf(await runCli(["ls", path, "--json", "--all"]));
    assertEquals(all.map(({ part, partOf }) => [part, partOf]), [
      [undefined, undefined],
      ["chunk 3", digestOf(1)],
    ]);
    assertMatch((await runCli(["ls", path, "-a"])).stdout, /load\(6\) \(chunk 3\)\n/);
    const [summary] = jsonOf(await runCli(["stats", path, "--json"]));
    assertEquals([summary.entries, summary.parts], [1, 1]);
  });
});

Deno.test("ls lists the cache files of a directory, by what they begin with", async () => {
  await withDirectory(async (directory) => {
    makeFile(`${directory}/a.cache`, CALLS);
    makeDict(`${directory}/other.name`, [["x", 1]]);
    Deno.writeTextFileSync(`${directory}/notes.cache`, "not a cache");
    Deno.writeTextFileSync(`${directory}/empty.cache`, "");
    Deno.mkdirSync(`${directory}/folder`);
    makeFile(`${directory}/folder/b.cache`, CALLS);
    Deno.symlinkSync(`${directory}/nowhere`, `${directory}/link.cache`);
    const result = await runCli(["ls", directory, "--json"]);
    assertEquals([result.code, result.stderr], [0, ""]);
    assertEquals(
      jsonOf(result).map(({ file, entries, functions }) => [file, entries, functions]),
      [
        [`${directory}/a.cache`, 5, ["count", "load"]],
        [`${directory}/other.name`, 1, []],
      ],
    );
    assertMatch(
      (await runCli(["ls", directory])).stdout,
      /^ENTRIES +SIZE +AGE.*\n +5 .*count, load +a\.cache\n/,
    );
    const none = await runCli(["ls", `${directory}/folder/..//folder`, `${directory}/a.cache`]);
    assertMatch(none.stdout, /b\.cache\n\n.*a\.cache\nDIGEST/);
  });
});

Deno.test("ls without a file lists the files of checkpoints in the current directory, too", async () => {
  await withDirectory(async (directory) => {
    const list = async (...args: string[]): Promise<string> => {
      const main = fromFileUrl(new URL("../../src/cli/mod.ts", import.meta.url));
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", `-R=${directory}`, ...importMapArguments(), main, "ls", ...args],
        cwd: directory,
        env: { NO_COLOR: "1" },
      }).output();
      return new TextDecoder().decode(stdout);
    };
    Deno.mkdirSync(`${directory}/.pecapiku`);
    Deno.mkdirSync(`${directory}/.checkpointing`);
    assertMatch(await list(), /^No cache files in .*\.pecapiku\nwhere tells why/);
    makeFile(`${directory}/.checkpointing/results.cache`, CALLS);
    assertMatch(await list(), /^ENTRIES .*\n +5 .* \.checkpointing\/results\.cache\n$/);
    makeFile(`${directory}/.pecapiku/a.cache`, CALLS);
    const files = (await list("--json")).trim().split("\n").map((line) => JSON.parse(line).file);
    assertEquals(
      files,
      [".pecapiku/a.cache", ".checkpointing/results.cache"]
        .map((name) => `${Deno.realPathSync(directory)}/${name}`),
    );
  });
});

Deno.test("ls refuses what can't be meant", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    for (
      const wrong of [
        ["--sort", "colour"],
        ["--limit", "many"],
        ["--limit=-1"],
        ["--offset", "1.5"],
        ["--reverse"],
        ["--sort"],
        ["--nope"],
      ]
    ) {
      const { code, stdout, stderr } = await runCli(["ls", path, ...wrong]);
      assertEquals([code, stdout], [2, ""], wrong.join(" "));
      assertMatch(stderr, /^Cannot .*\n$/);
    }
  });
});
