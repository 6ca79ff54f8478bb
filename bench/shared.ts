// Copyright 2026 the pecapiku authors. MIT license.

/**
 * A hit of a cached function over Redis, beside a bare `GET` of the same bytes through the same client, in one run: the target
 * of the shared stores. It needs `redis-server` or `valkey-server`, and starts one by itself.
 *
 * ```sh
 * deno task bench:shared
 * ```
 *
 * @module
 */

import { CacheDict } from "@pecapiku/cache";
import { redisStore } from "@pecapiku/cache/stores";
import { createClient } from "@redis/client";
import { NO_REDIS, REDIS_PROGRAM, RedisServer } from "../tests/stores/_redis_server.ts";
import { median } from "./_measure.ts";
import { inTime, printHead, printTargetRow } from "./_target_table.ts";

/** How often a hit may take the time of a bare `GET`, at 1 KiB. */
const MOST = 1.3;

/** Short ones, in turn, so that whatever else the machine does meets both. */
const ROUNDS = 51;

/** As many before do not count: the engine has yet to compile what runs often. */
const WARM_UP = 20;

if (REDIS_PROGRAM === undefined) {
  console.log(NO_REDIS);
  Deno.exit(0);
}

await using server = await RedisServer.start();
const client = createClient({
  url: server.url,
  disableOfflineQueue: true,
  maintNotifications: "disabled",
  socket: { reconnectStrategy: false },
} as never);
await client.connect();
const store = redisStore({ client: client as never });
// As the store has it: bytes, and not texts.
const { Buffer } = await import("node:buffer");
const typeMapping = { 36: Buffer };

/** Times so many repetitions, one after another, in milliseconds each. */
async function timeOf(times: number, step: (at: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let at = 0; at < times; at++) await step(at);
  return (performance.now() - started) / times;
}

/** Times so many repetitions, all asked at once, in milliseconds each. */
async function timeAtOnce(times: number, step: (at: number) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await Promise.all(Array.from({ length: times }, (_, at) => step(at)));
  return (performance.now() - started) / times;
}

async function compare(
  what: string,
  bytes: number,
  { times, atOnce = false, target }: { times: number; atOnce?: boolean; target?: number },
): Promise<void> {
  const cached = CacheDict.decorate(async function cached(at: number): Promise<string> {
    return await Promise.resolve(`${at}`.padEnd(bytes, "x"));
  }, { store, namespace: what });
  for (let at = 0; at < times; at++) await cached(at);
  const keys = Array.from({ length: times }, (_, at) => `pecapiku:{${cached.keyFor(at)}}`);
  const hit = (at: number): Promise<unknown> => cached(at);
  const get = (at: number): Promise<unknown> =>
    client.sendCommand(["GET", keys[at]!], { typeMapping } as never);
  if ((await get(0) as Uint8Array | null)?.byteLength === undefined) throw new Error("No entry");
  const time = atOnce ? timeAtOnce : timeOf;
  const taken: { hit: number; get: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    // In turn which is first.
    const both = { hit: 0, get: 0 };
    for (const name of round % 2 === 0 ? ["hit", "get"] as const : ["get", "hit"] as const) {
      both[name] = await time(times, name === "hit" ? hit : get);
    }
    if (round >= 0) taken.push(both);
  }
  const ratio = median(taken.map((each) => each.hit / each.get));
  printTargetRow(
    what,
    inTime(median(taken.map((each) => each.hit))),
    `GET ${inTime(median(taken.map((each) => each.get)))}`,
    ratio,
    target === undefined ? undefined : { most: target, value: ratio },
  );
}

printHead();
await compare("hit of 1 KiB, one after another", 1024, { times: 100, target: MOST });
await compare("hit of 1 KiB, 100 at once", 1024, { times: 100, atOnce: true });
await compare("hit of 100 KiB, one after another", 100 * 1024, { times: 20 });
await store.close();
client.destroy();
