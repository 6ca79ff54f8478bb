// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";
import { withDirectory } from "../stores/_temporary.ts";
import { killRounds } from "./_kill_rounds.ts";
import { manyProcesses } from "./_many_processes.ts";
import { withSeed } from "./_seed.ts";

Deno.test("LogStore holds all that was acknowledged, when 500 processes are killed at any moment", () =>
  withSeed((seed) =>
    withDirectory(async (directory) => {
      const tally = await killRounds(directory, seed, 500);
      console.log(tally);
      assert(tally.cuts > 0 && tally.ahead > 0 && tally.leftovers > 0);
    })
  ));

Deno.test("LogStore holds all that was acknowledged, when eight processes use a file for a minute and one compacts it", () =>
  withSeed((seed) =>
    withDirectory(async (directory) => {
      const end = performance.now() + 60_000;
      const isOver = () => performance.now() > end;
      const steps = await manyProcesses(directory, seed, { processes: 8, steps: 3000, isOver });
      console.log(`${steps} steps`);
    })
  ));
