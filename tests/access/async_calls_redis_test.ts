// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { CacheDict, CacheError } from "@pecapiku/cache";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { redisStore } from "@pecapiku/cache/stores";
import { RedisCluster, RedisServer, redisTest } from "../stores/_redis_server.ts";

redisTest(
  "CacheDict.decorate() gives every right value while the server is stopped and started",
  async () => {
    await using server = await RedisServer.start();
    const store = redisStore({ url: server.url, timeout: 1000 });
    let evaluations = 0;
    const triple = CacheDict.decorate(async function triple(x: number): Promise<number> {
      evaluations++;
      return await Promise.resolve(3 * x);
    }, { store, onError: "warn" });
    const { warn } = console;
    const warnings: string[] = [];
    console.warn = (text: string) => void warnings.push(text);
    try {
      for (let at = 0; at < 1000; at += 20) {
        if (at === 300) await server.stop();
        if (at === 600) await server.start();
        // Half of them are known, where the server is there.
        const inputs = Array.from({ length: 20 }, (_, i) => (at >> 1) + i);
        const values = await Promise.all(inputs.map((x) => triple(x)));
        assertEquals(values, inputs.map((x) => 3 * x));
      }
      // The link waits for a while before it connects again.
      while (!await triple.has(1)) await triple(1);
    } finally {
      console.warn = warn;
      await store.close();
    }
    assert(evaluations > 300 && evaluations < 1000, `${evaluations}`);
    assert(warnings.some((text) => text.includes("Cannot read cache")), warnings.join("\n"));
  },
);

redisTest(
  "CacheDict.decorate() rejects before evaluating while the server is away, and waits for no longer than it may",
  async () => {
    await using server = await RedisServer.start();
    const store = redisStore({ url: server.url, timeout: 1500 });
    let evaluations = 0;
    const one = CacheDict.decorate(async function one(): Promise<number> {
      return await Promise.resolve(++evaluations);
    }, { store });
    assertEquals([await one(), await one()], [1, 1]);
    // Silent, not gone: nothing but the time tells.
    server.signal("SIGSTOP");
    const error = await assertRejects(() => one(), CacheError, "no answer within 1500 ms");
    assertEquals([error.filePath, evaluations], [store.location, 1]);
    server.signal("SIGCONT");
    await store.close();
  },
);

redisTest("checkpoint() and map() work over a cluster", async () => {
  await using cluster = await RedisCluster.start();
  const stores = [1, 2].map(() => redisStore({ url: cluster.url }));
  const evaluated: number[] = [];
  const [first, second] = stores.map((store) =>
    checkpoint(async function square(x: number): Promise<number> {
      evaluated.push(x);
      return await Promise.resolve(x * x);
    }, { store, uses: () => ({}), onError: "raise" })
  );
  const inputs = Array.from({ length: 200 }, (_, x) => [x] as [number]);
  const expected = inputs.map(([x]) => x * x);
  assertEquals(await Array.fromAsync(first!.map(inputs, { concurrency: 20 })), expected);
  assertEquals(await Array.fromAsync(second!.map(inputs)), expected);
  const unordered = await Array.fromAsync(second!.map(inputs, { unordered: true }));
  assertEquals(unordered.toSorted((a, b) => a - b), expected);
  assertEquals(evaluated.length, 200);
  const { hits, misses } = second!.stats().session;
  assertEquals([hits, misses], [400, 0]);
  for (const store of stores) await store.close();
});
