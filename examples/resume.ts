// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A heavy script is killed in the middle, started again, and goes on where it was. The script is `resume_job.ts`; this
 * one gives it the declarations of Deno's own interface to read (the output of `deno types`), kills it from outside, and
 * shows what each run took from the cache.
 *
 * ```sh
 * deno task demo
 * ```
 *
 * @module
 */

import { join } from "@std/path";
import { denoArguments } from "./_deno_arguments.ts";

/** After how many computed slices the first run is killed. */
const KILLED_AFTER = 16;

interface Run {
  cached: number[];
  computed: number[];
  seconds: number;
  signal: string | null;
}

const directory = Deno.makeTempDirSync({ prefix: "pecapiku-resume-" });
const textPath = join(directory, "deno_types.d.ts");
const cachePath = join(directory, "near_duplicates.cache");

/** Runs the job as its user would, and follows what it says. */
async function runJob(resultPath: string, { kill = false, cache = true } = {}): Promise<Run> {
  const start = performance.now();
  const job = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--allow-write",
      ...denoArguments(),
      new URL("resume_job.ts", import.meta.url).href,
      textPath,
      cachePath,
      resultPath,
      ...cache ? [] : ["--no-cache"],
    ],
    stdout: "piped",
  }).spawn();
  const run: Run = { cached: [], computed: [], seconds: 0, signal: null };
  let rest = "";
  for await (const text of job.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      const [kind, , milliseconds] = line.split(" ");
      (kind === "cached" ? run.cached : run.computed).push(Number(milliseconds));
    }
    if (kill && run.computed.length >= KILLED_AFTER) job.kill("SIGKILL");
  }
  const status = await job.status;
  if (!status.success && !(kill && status.signal === "SIGKILL")) {
    throw new Error(`The job failed with code ${status.code}`);
  }
  run.signal = status.signal;
  run.seconds = (performance.now() - start) / 1000;
  return run;
}

function sum(times: number[]): number {
  return times.reduce((total, time) => total + time, 0);
}

function describe(title: string, { cached, computed, seconds, signal }: Run): void {
  console.log(
    `${title.padEnd(26)} ${String(cached.length).padStart(2)} from cache (${
      sum(cached).toFixed(1).padStart(5)
    } ms)  ${String(computed.length).padStart(2)} computed (${
      (sum(computed) / 1000).toFixed(1).padStart(4)
    } s)  ${seconds.toFixed(1).padStart(4)} s in all${
      signal === null ? "" : `, ended by ${signal}`
    }`,
  );
}

try {
  const types = await new Deno.Command(Deno.execPath(), { args: ["types"] }).output();
  Deno.writeFileSync(textPath, types.stdout);
  const lines = new TextDecoder().decode(types.stdout).split("\n").length;
  console.log(
    `Near duplicates among the ${
      lines.toLocaleString("en")
    } lines of \`deno types\`, in 40 slices\n`,
  );

  const resumed = join(directory, "resumed.txt");
  const uncached = join(directory, "uncached.txt");
  describe("1. killed part way", await runJob(resumed, { kill: true }));
  describe("2. started again", await runJob(resumed));
  describe("3. once more", await runJob(resumed));
  describe("4. without a cache", await runJob(uncached, { cache: false }));

  const result = Deno.readFileSync(resumed);
  const expected = Deno.readFileSync(uncached);
  const same = result.length === expected.length &&
    result.every((byte, index) => byte === expected[index]);
  console.log(
    `\nThe result of runs 1 to 3 (${result.length.toLocaleString("en")} bytes) is ${
      same ? "byte for byte" : "NOT"
    } that of the run without a cache.`,
  );
  console.log(`The cache file has ${Deno.statSync(cachePath).size.toLocaleString("en")} bytes.`);
  if (!same) Deno.exit(1);
} finally {
  Deno.removeSync(directory, { recursive: true });
}
