// Copyright 2026 the pecapiku authors. MIT license.

import { CacheDict, CallKey } from "@pecapiku/cache";
import { FileCache } from "@pecapiku/cache/checkpoint";
import { assert, assertEquals } from "@std/assert";
import { graphDifference } from "../codecs/_graph_difference.ts";
import { importMapArguments } from "../_deno.ts";
import { FORM_VERSION } from "../../src/code/_form.ts";
import { type GoldenFile, now } from "./_golden_file.ts";
import { makePlainValues } from "./_values.ts";

/** The version of normal forms that all golden files were made with. */
const MADE_WITH_FORM_VERSION = 1;

/** What came of two calls of a checkpointed function. */
interface Called {
  readonly found: readonly boolean[];
  readonly results: readonly number[];
}

/**
 * A directory of checkpoints. That a result is found again is promised only as long as code has the same normal form, which has a
 * version of its own: so with another one, the call only has to give what it gave.
 */
const checkpoints: GoldenFile = {
  name: "checkpoint",
  async make(path) {
    // One that the checkpoint makes itself has a .gitignore.
    Deno.mkdirSync(path);
    assertEquals(await callInProgram(path), { found: [false, false], results: [12, 8] });
    new FileCache(path, { now }).save("an id of one's own", makePlainValues());
  },
  check(path) {
    const saved = new FileCache(path).retrieve("an id of one's own");
    const difference = graphDifference(makePlainValues(), saved);
    assert(difference === undefined, difference);
    using cache = new CacheDict(`${path}/results.cache`, { access: "r" });
    const results = [...cache.entries()].filter(([key]) => key instanceof CallKey).slice(0, 2);
    assertEquals(
      results.map(([key, value]) => [(key as CallKey).name, (key as CallKey).preview, value]),
      [["total", "[1, 2, 3]", 12], ["total", "[4]", 8]],
    );
  },
  async use(path) {
    const { found, results } = await callInProgram(path);
    assertEquals(results, [12, 8]);
    const formVersion: number = FORM_VERSION;
    if (formVersion === MADE_WITH_FORM_VERSION) assertEquals(found, [true, true]);
  },
};

/** The golden files of checkpoints. */
export const CHECKPOINTS: readonly GoldenFile[] = [checkpoints];

/** Calls the function in a program of its own: that of the tests has modules that change things which the function uses. */
async function callInProgram(directory: string): Promise<Called> {
  const script = new URL("_checkpointed.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", ...importMapArguments(), script, directory],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}
