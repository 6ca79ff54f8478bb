// Copyright 2026 the pecapiku authors. MIT license.

import { createCluster } from "@redis/client";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import { redisStore } from "../../src/stores/redis_store.ts";
import type { RedisStoreOptions } from "../../src/stores/redis_store_options.ts";
import { testStore } from "../../src/stores/testing.ts";
import { REDIS_PROGRAM, RedisCluster, RedisServer, redisTest } from "./_redis_server.ts";

let server: RedisServer | undefined;
let cluster: RedisCluster | undefined;
/** Once with a URL, once with a client: to connect to a cluster for each test would take half of the time. */
let client: RedisStoreOptions["client"];

if (REDIS_PROGRAM !== undefined) {
  Deno.test.beforeAll(async () => {
    [server, cluster] = await Promise.all([RedisServer.start(), RedisCluster.start()]);
    client = await createCluster({
      rootNodes: [{ url: cluster.url }],
      defaults: { maintNotifications: "disabled", disableOfflineQueue: true },
    }).connect();
  });
  Deno.test.afterAll(async () => {
    await (client as { close(): Promise<void> } | undefined)?.close();
    await server?.[Symbol.asyncDispose]();
    await cluster?.[Symbol.asyncDispose]();
  });
}

/** The prefix of each store, by which another one finds the same entries. */
const prefixes = new WeakMap<AsyncStore, string>();
let stores = 0;

for (
  const { name, where, isAtomic } of [
    { name: "redisStore()", where: () => ({ url: server!.url }), isAtomic: true },
    { name: "redisStore() of a cluster", where: () => ({ client }), isAtomic: false },
  ]
) {
  const open = (prefix: string): AsyncStore => {
    const store = redisStore({ ...where(), prefix, timeout: 10_000 });
    prefixes.set(store, prefix);
    return store;
  };
  testStore<AsyncStore>({
    name,
    open: () => open(`test [${stores++}]*:`),
    reopen: (store) => open(prefixes.get(store)!),
    isAtomic,
    isOrdered: false,
    hasLimits: false,
    readsAhead: true,
    runs: 2,
    test: redisTest,
  });
}
