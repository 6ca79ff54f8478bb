// Copyright 2026 the pecapiku authors. MIT license.

import { assert } from "@std/assert";
import { killRounds } from "../soak/_kill_rounds.ts";
import { manyProcesses } from "../soak/_many_processes.ts";
import { withSeed } from "../soak/_seed.ts";
import { withDirectory } from "./_temporary.ts";

Deno.test("LogStore holds all that was acknowledged, when 50 processes are killed at any moment", () =>
  withSeed((seed) =>
    withDirectory(async (directory) => {
      const { cuts } = await killRounds(directory, seed, 50);
      assert(cuts > 0, "no write was cut");
    })
  ));

Deno.test("LogStore holds all that was acknowledged, when eight processes use a file and one compacts it", () =>
  withSeed((seed) =>
    withDirectory(async (directory) => {
      const isOver = (lives: number) => lives === 2;
      const steps = await manyProcesses(directory, seed, { processes: 8, steps: 150, isOver });
      assert(steps > 400, `${steps}`);
    })
  ));
