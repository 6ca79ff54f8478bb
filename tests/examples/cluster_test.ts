// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { importMapArguments } from "../_deno.ts";
import { redisTest } from "../stores/_redis_server.ts";

const PERMISSIONS = [
  ...["--allow-read", "--allow-write", "--allow-run", "--allow-net=127.0.0.1"],
  "--allow-env=PECAPIKU_IMPORT_MAP,TMPDIR",
];

redisTest(
  "examples/cluster.ts computes each call once, and nothing in a worker that comes later",
  async () => {
    const importMap = importMapArguments();
    const example = new URL("../../examples/cluster.ts", import.meta.url).href;
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...PERMISSIONS, ...importMap, example],
      env: {
        NO_COLOR: "1",
        ...importMap[1] === undefined ? {} : { PECAPIKU_IMPORT_MAP: importMap[1] },
      },
    }).output();
    const [stdout, stderr] = [output.stdout, output.stderr]
      .map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
    assert(output.success, stdout + stderr);
    const rows = [...stdout.matchAll(/^(\S+(?: \d)?) +(\d+) computed +(\d+) from the others/gm)];
    assertEquals(rows.map(([, name]) => name).sort(), [
      "later",
      "worker 1",
      "worker 2",
      "worker 3",
    ]);
    assertEquals(rows.find(([, name]) => name === "later")?.slice(2), ["0", "300"]);
    for (const [, , computed, others] of rows) assertEquals(Number(computed) + Number(others), 300);
    assertStringIncludes(
      stdout,
      "300 calls were computed in all; the workers agree on the result.",
    );
  },
);
