// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { LeaseOptions } from "../../src/stores/async_store.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { digestOf, put, valueOf } from "../../src/stores/_testing_changes.ts";
import { redisStore } from "../../src/stores/redis_store.ts";
import { REDIS_PROGRAM, RedisCluster, RedisServer, redisTest } from "./_redis_server.ts";

/** Longer than any test takes: what ends before has been ended by somebody. */
const LONG = { duration: 600_000 };

let server: RedisServer;
let cluster: RedisCluster;
let prefixes = 0;

if (REDIS_PROGRAM !== undefined) {
  Deno.test.beforeAll(async () => {
    [server, cluster] = await Promise.all([RedisServer.start(), RedisCluster.start()]);
  });
  Deno.test.afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });
}

/** Two clients that share entries. */
function openTwo(url = server.url) {
  const prefix = `lease${prefixes++}:`;
  const [one, other] = [1, 2].map(() => redisStore({ url, prefix, timeout: 10_000 }));
  return {
    one: one!,
    other: other!,
    keyOf: (number: number) => `${prefix}{${digestOf(number)}}:lease`,
    [Symbol.asyncDispose]: async () => {
      await one!.close();
      await other!.close();
    },
  };
}

redisTest("lease() is for one at a time, and for each digest by itself", async () => {
  await using stores = openTwo();
  const { one, other } = stores;
  const lease = await one.lease(digestOf(1), LONG);
  assertEquals(lease?.digest, digestOf(1));
  assertEquals(await one.lease(digestOf(1), LONG), undefined);
  assertEquals(await other.lease(digestOf(1), LONG), undefined);
  const second = await other.lease(digestOf(2), LONG);
  assert(second !== undefined && second.token !== lease!.token);
  assertEquals(await lease!.release(), true);
  assert(await other.lease(digestOf(1), LONG) !== undefined);
});

redisTest("release() and renew() do nothing to the lease of somebody else", async () => {
  await using stores = openTwo();
  const { one, other, keyOf } = stores;
  const lost = await one.lease(digestOf(1), LONG);
  await server.ask("DEL", keyOf(1));
  const held = await other.lease(digestOf(1), LONG);
  assertEquals(await lost!.renew(), false);
  assertEquals(await lost!.release(), false);
  assertEquals(await one.lease(digestOf(1), LONG), undefined);
  assertEquals(await held!.renew(), true);
  assertEquals(await held!.release(), true);
  assertEquals(await held!.release(), false);
});

redisTest("renew() makes a lease last for its duration from now on", async () => {
  await using stores = openTwo();
  const { one, keyOf } = stores;
  const lease = await one.lease(digestOf(1), LONG);
  await server.ask("PEXPIRE", keyOf(1), "60000");
  assertEquals(await lease!.renew(), true);
  assert(Number((await server.ask("PTTL", keyOf(1))).slice(1)) > 500_000);
});

redisTest("a lease is released when its block is left", async () => {
  await using stores = openTwo();
  const { one, other } = stores;
  {
    await using lease = await one.lease(digestOf(1), LONG);
    assert(lease !== undefined);
  }
  assert(await other.lease(digestOf(1), LONG) !== undefined);
});

for (
  const { where, urlOf } of [
    { where: "a server", urlOf: () => server.url },
    { where: "a cluster", urlOf: () => cluster.url },
  ]
) {
  redisTest(`waitFor() of ${where} is woken when the lease is released`, async () => {
    await using stores = openTwo(urlOf());
    const { one, other } = stores;
    const lease = await one.lease(digestOf(1), LONG);
    const waiting = Promise.all([
      other.waitFor(digestOf(1)),
      other.waitFor(digestOf(1)),
      one.waitFor(digestOf(1)),
    ]);
    await one.commit([put(1, "one")]);
    await lease!.release();
    await waiting;
    assertEquals(await other.get(digestOf(1)), valueOf(put(1, "one")));
  });
}

redisTest("waitFor() ends at once when nobody holds the lease", async () => {
  await using stores = openTwo();
  const { one, other } = stores;
  await one.waitFor(digestOf(1));
  const lease = await one.lease(digestOf(1), LONG);
  await lease!.release();
  await other.waitFor(digestOf(1));
});

redisTest("waitFor() ends when the holder is gone and its lease expires", async () => {
  await using stores = openTwo();
  const { one, other } = stores;
  await one.lease(digestOf(1), { duration: 300 });
  assertEquals(await other.lease(digestOf(1), LONG), undefined);
  await other.waitFor(digestOf(1));
  assert(await other.lease(digestOf(1), LONG) !== undefined);
});

redisTest("waitFor() goes on waiting while the lease is renewed, or taken by another", async () => {
  await using stores = openTwo();
  const { one, other, keyOf } = stores;
  const lease = await one.lease(digestOf(1), { duration: 60_000 });
  let isOver = false;
  const waiting = other.waitFor(digestOf(1)).then(() => isOver = true);
  // A message without a reason, as from one who was faster.
  while (await server.ask("PUBLISH", keyOf(1), "") !== ":1");
  await lease!.renew();
  assertEquals(await other.lease(digestOf(1), LONG), undefined);
  assertEquals(isOver, false);
  await lease!.release();
  await waiting;
});

redisTest(
  "waitFor() ends when its time is over, and rejects with the reason of its signal",
  async () => {
    await using stores = openTwo();
    const { one, other } = stores;
    await one.lease(digestOf(1), LONG);
    await other.waitFor(digestOf(1), { timeout: 1 });
    const reason = new Error("No time for that");
    const early = AbortSignal.abort(reason);
    assertEquals(await assertRejects(() => other.waitFor(digestOf(1), { signal: early })), reason);
    const controller = new AbortController();
    const waiting = other.waitFor(digestOf(1), { signal: controller.signal });
    controller.abort(reason);
    assertEquals(await assertRejects(() => waiting), reason);
  },
);

redisTest("waitFor() fails when the server goes away", async () => {
  await using own = await RedisServer.start();
  await using stores = openTwo(own.url);
  const { one, other } = stores;
  await one.lease(digestOf(1), LONG);
  const waiting = assertRejects(() => other.waitFor(digestOf(1)), CacheError, "Cannot lease");
  // It listens.
  while (!(await own.ask("PUBSUB", "CHANNELS")).includes(digestOf(1)));
  await own.stop();
  await waiting;
  await assertRejects(() => one.lease(digestOf(1), LONG), CacheError);
});

redisTest("lease() and waitFor() throw a TypeError when an argument can't be one", async () => {
  await using stores = openTwo();
  const { one } = stores;
  for (const duration of [0, -1, NaN, Infinity, "5", null, undefined]) {
    const options = { duration } as LeaseOptions;
    await assertRejects(() => one.lease(digestOf(1), options), TypeError);
  }
  for (const digest of ["", "0", "G".repeat(64), 5 as unknown as string]) {
    await assertRejects(() => one.lease(digest, LONG), TypeError);
    await assertRejects(() => one.waitFor(digest), TypeError);
  }
});
