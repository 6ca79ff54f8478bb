// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A batch of 2,000 calls to a server that fails now and then is killed twice, and finished by the third run. The batch is
 * `batch_job.ts`; this script is the server, kills the job from outside, and shows what each run asked for.
 *
 * Both kills come while all calls under way are still without an answer: then each answer is in the cache before. (What a server
 * has answered in the very moment of a kill, nobody can know to have arrived: such a call would be made again.)
 *
 * ```sh
 * deno run -R -W --allow-run --allow-net=127.0.0.1 --allow-env=PECAPIKU_IMPORT_MAP,TMPDIR examples/batch.ts
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { join } from "@std/path";
import { denoArguments } from "./_deno_arguments.ts";

const CALLS = 2_000;
const CONCURRENCY = 16;

/** After how many answers, of all runs, the first and the second run are killed. */
const KILLED_AFTER = [600, 1_300];

/** How often each call was asked for, and answered. */
const asked = new Map<string, number>();
const answered = new Map<string, number>();

let requests = 0;
let answers = 0;
let answersBeforeKill = Infinity;
let unanswered: (() => void)[] = [];
let whenAllWait: (() => void) | undefined;

/** The server. What it refuses, or is slow with, is the same each time that the example is run. */
async function serve(request: Request): Promise<Response> {
  const id = new URL(request.url).pathname.slice(1);
  requests++;
  const times = (asked.get(id) ?? 0) + 1;
  asked.set(id, times);
  const chance = (Number(id) * 7919 + times * 104_729) % 1_000;
  await new Promise((resolve) => setTimeout(resolve, chance % 4));
  if (answers >= answersBeforeKill) {
    await new Promise<void>((resolve) => {
      unanswered.push(resolve);
      if (unanswered.length === CONCURRENCY) whenAllWait?.();
    });
    return new Response("gone", { status: 503 });
  }
  if (chance % 12 === 0) return new Response("try again", { status: 503 });
  answers++;
  answered.set(id, (answered.get(id) ?? 0) + 1);
  return Response.json({ id: Number(id), price: chance / 10 });
}

/** Runs the job, and kills it after so many answers. */
async function runJob(title: string, killedAfter = Infinity): Promise<void> {
  const [start, requestsBefore, answersBefore] = [performance.now(), requests, answers];
  answersBeforeKill = killedAfter;
  const job = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-read",
      "--allow-write",
      "--allow-net=127.0.0.1",
      ...denoArguments(),
      new URL("batch_job.ts", import.meta.url).href,
      `http://127.0.0.1:${server.addr.port}/`,
      cachePath,
      String(CALLS),
      String(CONCURRENCY),
    ],
  }).spawn();
  whenAllWait = () => job.kill("SIGKILL");
  const status = await job.status;
  for (const letGo of unanswered) letGo();
  unanswered = [];
  if (!status.success && (killedAfter === Infinity || status.signal !== "SIGKILL")) {
    throw new Error(`The job failed with code ${status.code}`);
  }
  using cache = new CacheDict(cachePath, { access: "r" });
  const made = answers - answersBefore;
  const ending = status.signal === null ? "finished" : `ended by ${status.signal}`;
  console.log(
    `${title.padEnd(18)} ${show(answersBefore)} from cache  ${show(made)} answered  ${
      show(requests - requestsBefore - made)
    } refused or lost  ${show(cache.size)} in the cache  ${
      ((performance.now() - start) / 1000).toFixed(1)
    } s, ${ending}`,
  );
}

function show(count: number): string {
  return count.toLocaleString("en").padStart(5);
}

const directory = Deno.makeTempDirSync({ prefix: "pecapiku-batch-" });
const cachePath = join(directory, "prices.cache");
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serve);
try {
  console.log(`${show(CALLS).trim()} calls to a server that refuses one request in twelve\n`);
  await runJob("1. killed", KILLED_AFTER[0]);
  await runJob("2. killed again", KILLED_AFTER[1]);
  await runJob("3. finished");
  const once = [...answered.values()].filter((times) => times === 1).length;
  console.log(
    `\n${show(once).trim()} calls were answered exactly once, ${
      show(answered.size - once).trim()
    } more than once, ${show(CALLS - answered.size).trim()} never.`,
  );
  if (once !== CALLS) Deno.exitCode = 1;
} finally {
  await server.shutdown();
  Deno.removeSync(directory, { recursive: true });
}
