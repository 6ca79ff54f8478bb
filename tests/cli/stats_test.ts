// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LogStore } from "@pecapiku/cache/stores";
import { put } from "../stores/_changes.ts";
import { withDirectory } from "../stores/_temporary.ts";
import { CALLS, jsonOf, linesOf, makeFile, runCli } from "./_run_cli.ts";

const COUNTS = { hits: 3, misses: 1, stores: 2, evictions: 1, savedMilliseconds: 90_000 };

/** A file in which calls of `load`, and of a function that has no entries, were counted. */
function makeCounted(path: string): string {
  makeFile(path, CALLS);
  const store = new LogStore(path);
  store.count([{ functionName: "load", ...COUNTS }, { functionName: "gone", ...COUNTS, hits: 0 }]);
  store.commit([put(20, "1", { functionName: "count" })]);
  store.close();
  return path;
}

Deno.test("stats tells what was counted in all, and of which function", async () => {
  await withDirectory(async (directory) => {
    const path = makeCounted(`${directory}/a.cache`);
    const { code, stdout } = await runCli(["stats", path]);
    assertEquals(code, 0);
    assertMatch(stdout, /\nHits +3 of 5 look-ups\nSaved +3 m\nStores +4\nEvictions +2\n\n/);
    const rows = linesOf({ stdout } as never).slice(-4).map((line) => line.trim().split(/ {2,}/));
    assertEquals(rows[0], "ENTRIES BYTES TOOK MEAN HITS MISSES SAVED FUNCTION".split(" "));
    const byName = Object.fromEntries(rows.map((row) => [row.at(-1), row]));
    assertEquals(byName["load"]!.slice(4, 7), ["3", "1", "1 m 30 s"]);
    assertEquals(byName["count"]!.slice(4, 7), ["0", "0", "-"]);
    assertEquals(byName["gone"], ["0", "0 B", "-", "-", "0", "1", "1 m 30 s", "gone"]);
    const [json] = jsonOf(await runCli(["stats", path, "--json"]));
    assertEquals(json.totals.all, {
      hits: 3,
      misses: 2,
      stores: 4,
      evictions: 2,
      savedMilliseconds: 180_000,
    });
    assertEquals(json.totals.byFunction[0], { functionName: "load", ...COUNTS });
  });
});

Deno.test("stats says nothing of counts where nothing was counted", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const { stdout } = await runCli(["stats", path]);
    assert(!/hits|saved/i.test(stdout), stdout);
    const [{ totals }] = jsonOf(await runCli(["stats", path, "--json"]));
    assertEquals([totals.all.hits, totals.byFunction], [0, []]);
  });
});

Deno.test("stats leaves out columns where there is no room, and writes nothing", async () => {
  await withDirectory(async (directory) => {
    const path = makeCounted(`${directory}/a.cache`);
    const before = Deno.readFileSync(path);
    const result = await runCli(["stats", path], { columns: 40 });
    assert(linesOf(result).every((line) => line.length <= 40));
    assertMatch(result.stdout, /\nENTRIES +BYTES +HITS +SAVED +FUNCTION\n/);
    assertEquals(Deno.readFileSync(path), before);
  });
});

Deno.test("stats does not know the counts of a function for which there was no room", async () => {
  await withDirectory(async (directory) => {
    const path = makeFile(`${directory}/a.cache`, CALLS);
    const store = new LogStore(path);
    store.count(Array.from({ length: 64 }, (_, at) => ({ functionName: `f${at}`, ...COUNTS })));
    store.commit([put(20, "1", { functionName: "count" })]);
    store.close();
    assertMatch((await runCli(["stats", path])).stdout, /\n.* \? +\? +\? +load\n/);
  });
});
