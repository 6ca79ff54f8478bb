// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { importMapArguments } from "../_deno.ts";

const PERMISSIONS = [
  ...["--allow-read", "--allow-write", "--allow-run", "--allow-net=127.0.0.1"],
  "--allow-env=PECAPIKU_IMPORT_MAP,TMPDIR",
];

Deno.test("examples/batch.ts makes each call once that succeeds, though it is killed twice", async () => {
  const importMap = importMapArguments();
  const example = new URL("../../examples/batch.ts", import.meta.url).href;
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
  const number = String.raw`([\d,]+)`;
  const row = new RegExp(
    String.raw`^\d\. .*? ${number} from cache +${number} answered +${number} refused or lost +` +
      String.raw`${number} in the cache.*, (.*)$`,
    "gm",
  );
  const runs = [...stdout.matchAll(row)].map(([, ...cells]) => {
    const [cached, answered, refused, stored] = cells.map((cell) =>
      Number(cell.replaceAll(",", ""))
    );
    return { cached, answered, isRefused: refused! > 0, stored, ending: cells[4] };
  });
  const [first, second, third] = runs;
  assertEquals(runs.map(({ isRefused }) => isRefused), [true, true, true], stdout);
  assertEquals([first?.cached, second?.ending, third?.stored], [0, "ended by SIGKILL", 2000]);
  assertEquals([first?.ending, third?.ending], ["ended by SIGKILL", "finished"]);
  for (const run of runs) assertEquals(run.cached! + run.answered!, run.stored, stdout);
  assertEquals([second?.cached, third?.cached], [first?.stored, second?.stored]);
  assert(first!.answered! >= 600 && second!.stored! >= 1300 && third!.cached! < 2000, stdout);
  assertStringIncludes(stdout, "2,000 calls were answered exactly once, 0 more than once, 0 never");
  assertMatch(
    stderr,
    /^loadPrice: 2,000 of 2,000 done: [\d,]+ from cache, [\d,]+ computed, 0 failed/m,
  );
});
