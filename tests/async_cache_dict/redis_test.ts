// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { AsyncCacheDict } from "../../src/async_cache_dict/async_cache_dict.ts";
import { CacheError } from "../../src/errors/cache_error.ts";
import { redisStore } from "../../src/stores/redis_store.ts";
import { RedisServer, redisTest } from "../stores/_redis_server.ts";

redisTest("AsyncCacheDict keeps entries in Redis, for another client", async () => {
  await using server = await RedisServer.start();
  const [one, other] = [1, 2].map(() => redisStore({ url: server.url, timeout: 10_000 }));
  const long = "long ".repeat(500_000);
  await AsyncCacheDict.with<unknown>({ store: one!, ttl: 60_000 }, async (cache) => {
    await Promise.all([cache.set(["a", 1n], new Map([[1, { b: 2 }]])), cache.set("long", long)]);
    assertEquals(await server.keys(), []);
  });
  for (const key of await server.keys()) {
    const time = Number((await server.ask("PTTL", key)).slice(1));
    assert(time > 0 && time <= 60_000);
  }
  await AsyncCacheDict.with<unknown>({ store: other! }, async (cache) => {
    assertEquals(await cache.get(["a", 1n]), new Map([[1, { b: 2 }]]));
    assertEquals(await cache.get("long"), long);
    assertEquals(await cache.size(), 2);
    await cache.clear();
  });
  assertEquals(await server.keys(), []);
  assertThrows(() => new AsyncCacheDict({ store: one!, maxEntries: 5 }), TypeError, "server");
  await server.stop();
  const cache = new AsyncCacheDict<number>({ store: other! });
  await cache.set("x", 1);
  await assertRejects(() => cache.flush(), CacheError);
  assertEquals(await cache.get("x"), 1);
  await one!.close();
  await other!.close();
});
