// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { childCommand } from "../stores/_child.ts";
import { allOf } from "./_lives.ts";
import { withSeed } from "./_seed.ts";

const FILES = 100_000;

/** How many of them a process reads: what it keeps of each adds up. */
const FILES_OF_A_PROCESS = 1000;

/** How long 100 files may take, in milliseconds: a tenth of a second for each of them is a hang. */
const PATIENCE = 60_000;

/** How much memory a process may have, in megabytes. */
const MOST_MEMORY = 256;

/** Garbage is collected early, so that it is not what is measured. */
const FLAGS = ["--allow-all", "--v8-flags=--max-semi-space-size=4"];

Deno.test("LogStore reads and writes 100,000 hostile files without harm", () =>
  withSeed(async (seed) => {
    let most = 0;
    let next = seed * FILES;
    const end = next + FILES;
    async function lane(): Promise<void> {
      while (next < end) {
        const first = next;
        next += FILES_OF_A_PROCESS;
        most = Math.max(most, await fuzz(first, FILES_OF_A_PROCESS));
      }
    }
    await allOf([lane(), lane()]);
    console.log(`${most} MB at the most`);
    assert(most <= MOST_MEMORY, `${most} MB`);
  }));

/** Fuzzes files in a process of its own. Returns how much memory it had at the most, in megabytes. */
async function fuzz(first: number, count: number): Promise<number> {
  const child = childCommand("_child_fuzz.ts", FLAGS, [`${first}`, `${count}`]).spawn();
  const errors = child.stderr.text();
  let output = "";
  let isStuck = false;
  const giveUp = () => {
    isStuck = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(giveUp, PATIENCE);
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output = (output + text).slice(-100);
    clearTimeout(timer);
    timer = setTimeout(giveUp, PATIENCE);
  }
  clearTimeout(timer);
  const { code } = await child.status;
  const last = output.trim().split("\n").at(-1)!;
  assert(!isStuck, `no end of one of the files from ${last} on`);
  assertEquals(code, 0, `after ${last}: ${await errors}`);
  return parseInt(last);
}
