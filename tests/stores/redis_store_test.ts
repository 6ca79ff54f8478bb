// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createClient } from "@redis/client";
import { CacheError } from "../../src/errors/cache_error.ts";
import { noise, put, remove, valueOf } from "../../src/stores/_testing_changes.ts";
import { CLIENT } from "../../src/stores/_redis_connection.ts";
import { redisStore } from "../../src/stores/redis_store.ts";
import type { RedisStoreOptions } from "../../src/stores/redis_store_options.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { importMapArguments } from "../_deno.ts";
import { REDIS_PROGRAM, RedisCluster, RedisServer, redisTest } from "./_redis_server.ts";

const MEBIBYTE = 1024 * 1024;

let server: RedisServer;
let prefixes = 0;

if (REDIS_PROGRAM !== undefined) {
  Deno.test.beforeAll(async () => void (server = await RedisServer.start()));
  Deno.test.afterAll(() => server[Symbol.asyncDispose]());
}

/** A store with a prefix of its own. */
function open(options: Partial<RedisStoreOptions> = {}) {
  const prefix = `p${prefixes++}:`;
  const store = redisStore({ url: server.url, prefix, timeout: 10_000, ...options });
  const keyOf = (number: number) => `${prefix}{${put(number, "").digest}}`;
  const keys = async () => (await server.keys()).filter((key) => key.startsWith(prefix));
  return { store, keyOf, keys };
}

function large(number: number, length = 2.5 * MEBIBYTE, seed = number) {
  return put(number, [noise(10, seed), noise(length, seed)]);
}

Deno.test("redisStore() throws a TypeError when an option can't be one", () => {
  const url = "redis://127.0.0.1:1";
  const client = { isReady: true, sendCommand() {}, multi() {}, duplicate() {} };
  const bad: unknown[] = [
    undefined,
    null,
    [],
    {},
    { url: "" },
    { url: "127.0.0.1:6379" },
    { url: "http://127.0.0.1" },
    { url: 6379 },
    { client: {} },
    { client: "redis" },
    { url, client },
    ...[5, "{", "a}", "\ud800", null].map((prefix) => ({ url, prefix })),
    ...[0, -1, NaN, "5", null].flatMap((time) => [{ url, ttl: time }, { url, timeout: time }]),
    { url, timeout: Infinity },
    { url, timeout: 2 ** 31 },
  ];
  for (const options of bad) {
    assertThrows(() => redisStore(options as RedisStoreOptions), TypeError);
  }
});

Deno.test("redisStore() tells where it is without user and password, also in errors", async () => {
  const secret = "hunter2";
  const store = redisStore({ url: `redis://me:${secret}@127.0.0.1:1/3`, prefix: "x:" });
  assertEquals(store.location, "redis://127.0.0.1:1/3#x:");
  const error = await assertRejects(() => store.get("0".repeat(64)), CacheError);
  assert(!error.message.includes(secret));
  assertEquals(error.filePath, store.location);
  assert(error.cause instanceof Error);
  const wrong = assertThrows(() => redisStore({ url: `http://me:${secret}@a.b` }), TypeError);
  assert(!wrong.message.includes(secret));
});

Deno.test("redisStore() loads the client that the tests are run with", () => {
  const text = Deno.readTextFileSync(new URL("../../deno.json", import.meta.url));
  assertEquals(CLIENT, JSON.parse(text).imports["@redis/client"]);
});

Deno.test("redisStore() names no package that would be downloaded before it is used", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["info", "--json", ...importMapArguments()],
      import.meta.resolve("../../src/stores/redis_store.ts"),
    ],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const specifiers: string[] = modules.map((module: { specifier: string }) => module.specifier);
  assert(specifiers.length > 5);
  assertEquals(specifiers.filter((specifier) => specifier.includes("redis/client")), []);
});

redisTest("redisStore() keeps large values in chunks, and removes those of before", async () => {
  const { store, keys, keyOf } = open();
  await store.commit([large(1)]);
  assertEquals((await keys()).length, 3);
  assertEquals(await store.get(large(1).digest), valueOf(large(1)));
  await store.commit([large(1, 1.5 * MEBIBYTE)]);
  assertEquals((await keys()).length, 2);
  await store.commit([large(1, 3 * MEBIBYTE, 7), large(1, 1.2 * MEBIBYTE, 8)]);
  assertEquals((await keys()).length, 2);
  assertEquals((await store.info(large(1).digest))?.byteLength, Math.floor(1.2 * MEBIBYTE) + 10);
  await store.commit([put(1, "short")]);
  assertEquals(await keys(), [keyOf(1)]);
  await store.commit([large(1)]);
  await store.commit([remove(1)]);
  assertEquals(await keys(), []);
  await store.close();
});

redisTest("redisStore() keeps values and keys of any length around that of a chunk", async () => {
  const { store } = open();
  for (const length of [MEBIBYTE - 200, MEBIBYTE - 160, MEBIBYTE - 1, MEBIBYTE, MEBIBYTE + 1]) {
    for (let more = 0; more < 40; more += 13) {
      const change = put(1, [noise(length + more, 1)]);
      await store.commit([change]);
      assertEquals(await store.get(change.digest), valueOf(change));
      assert(await store.has(change.digest));
    }
  }
  const keyed = put(2, "x", { key: { kind: "value", parts: [noise(2 * MEBIBYTE, 5)] } });
  await store.commit([keyed]);
  assertEquals((await store.info(keyed.digest))?.key, keyed.key);
  assertEquals(await store.get(keyed.digest), valueOf(keyed));
  await store.close();
});

redisTest("redisStore() takes an entry for missing when a chunk is gone", async () => {
  const { store, keys } = open();
  for (let index = 0; index < 2; index++) {
    await store.commit([large(1)]);
    const chunk = (await keys()).find((key) => key.endsWith(`:${index}`))!;
    await server.ask("DEL", chunk);
    // Evicted, as may happen at any time: nobody has to be told.
    assertEquals(
      await warningsOf(async () => {
        assertEquals(await store.get(large(1).digest), undefined);
        assertEquals(await store.has(large(1).digest), false);
        assertEquals(await store.info(large(1).digest), undefined);
      }),
      [],
    );
  }
  await store.commit([large(1)]);
  assertEquals(await store.get(large(1).digest), valueOf(large(1)));
  await store.close();
});

redisTest("redisStore() finds every damaged byte, and warns once", async () => {
  const { store, keyOf, keys } = open();
  const warnings = await warningsOf(async () => {
    const change = put(1, "value");
    await store.commit([change]);
    const length = Number((await server.ask("STRLEN", keyOf(1))).slice(1));
    for (let at = 0; at < length; at++) {
      const byte = await server.ask("GETRANGE", keyOf(1), `${at}`, `${at}`);
      const other = (byte.split("\r\n")[1]!.charCodeAt(0) || 0) ^ 1;
      await server.ask("SETRANGE", keyOf(1), `${at}`, new Uint8Array([other]));
      assertEquals(await store.get(change.digest), undefined, `byte ${at}`);
      await store.commit([change]);
    }
    for (const value of ["", "x", "x".repeat(200)]) {
      await server.ask("SET", keyOf(1), value);
      assertEquals(await store.get(change.digest), undefined);
      assertEquals(await store.has(change.digest), false);
    }
    await store.commit([change]);
    await server.ask("APPEND", keyOf(1), "x");
    assertEquals(await store.get(change.digest), undefined);
    assertEquals(await store.has(change.digest), false);
    await store.commit([large(1)]);
    const chunk = (await keys()).find((key) => key.endsWith(":1"))!;
    await server.ask("SETRANGE", chunk, "5", "damage");
    assertEquals(await store.get(change.digest), undefined);
  });
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.includes(keyOf(1)));
  await store.close();
});

redisTest(
  "redisStore() takes what is of another type, or of another entry, for missing",
  async () => {
    const { store, keyOf, keys } = open();
    const warnings = await warningsOf(async () => {
      await server.ask("RPUSH", keyOf(1), "a", "b");
      await server.ask("HSET", keyOf(2), "a", "b");
      await server.ask("SET", keyOf(3).replace("{", "{0"), "not a digest");
      await store.commit([put(4, "four")]);
      await server.ask("COPY", keyOf(4), keyOf(5));
      for (const number of [1, 2, 5]) {
        assertEquals(await store.get(put(number, "").digest), undefined);
        assertEquals(await store.has(put(number, "").digest), false);
        assertEquals(await store.info(put(number, "").digest), undefined);
      }
      const infos = await Array.fromAsync(store.entries());
      assertEquals(infos.map(({ digest }) => digest), [put(4, "").digest]);
      await store.commit([put(1, "one"), remove(2)]);
      assertEquals(await store.get(put(1, "").digest), valueOf(put(1, "one")));
      assert(!(await keys()).includes(keyOf(2)));
    });
    assertEquals(warnings.length, 1);
    await store.close();
  },
);

redisTest("redisStore() has the server remove what is older than ttl or keepFor", async () => {
  const { store, keys } = open({ ttl: 3_600_000 });
  const timesToLive = async () => {
    const replies = await Promise.all((await keys()).map((key) => server.ask("PTTL", key)));
    return replies.map((reply) => Number(reply.slice(1)));
  };
  await store.commit([large(1)]);
  for (const time of await timesToLive()) assert(time > 3_500_000 && time <= 3_600_000);
  await store.commit([large(1)], { keepFor: 60_000 });
  for (const time of await timesToLive()) assert(time > 50_000 && time <= 60_000);
  await store.commit([put(1, "x")], { keepFor: 0.25 });
  while ((await keys()).length > 0);
  assertEquals(await store.get(large(1).digest), undefined);
  await store.close();
  const endless = open();
  await endless.store.commit([large(1)], { keepFor: 1e300 });
  const replies = await Promise.all((await endless.keys()).map((key) => server.ask("PTTL", key)));
  assertEquals(new Set(replies), new Set([":-1"]));
  await endless.store.close();
});

redisTest("redisStore() commit() refuses limits that only the server can keep", async () => {
  const { store, keys } = open();
  for (const limits of [{ maxEntries: 5 }, { maxBytes: 5 }]) {
    await assertRejects(() => store.commit([put(1, "x")], { limits }), TypeError, "server");
  }
  for (const keepFor of [0, -1, NaN]) {
    await assertRejects(() => store.commit([put(1, "x")], { keepFor }), TypeError);
  }
  assertEquals(await keys(), []);
  await store.commit([put(1, "x")], { limits: { maxEntries: Infinity, writtenSince: 5 } });
  assertEquals((await keys()).length, 1);
  await store.close();
});

redisTest("redisStore() fails while the server is away, and goes on when it is back", async () => {
  await using own = RedisServer.prepare("--appendonly", "yes", "--appendfsync", "always");
  const store = redisStore({ url: own.url, timeout: 10_000 });
  await assertRejects(() => store.get(put(1, "").digest), CacheError, "Cannot read cache");
  await own.start();
  await eventually(() => store.commit([put(1, "one")]));
  await own.stop();
  await eventually(() => assertRejects(() => store.get(put(1, "").digest), CacheError));
  await assertRejects(() => store.commit([put(2, "two")]), CacheError, "Cannot write cache");
  await assertRejects(() => Array.fromAsync(store.entries()), CacheError);
  await own.start();
  assertEquals(await eventually(() => store.get(put(1, "").digest)), valueOf(put(1, "one")));
  // What failed is not made later.
  assertEquals(await store.get(put(2, "").digest), undefined);
  await store.close();
});

redisTest("redisStore() gives up after timeout when the server stands still", async () => {
  await using own = await RedisServer.start();
  const store = redisStore({ url: own.url, timeout: 200 });
  await eventually(() => store.commit([put(1, "one")]));
  own.signal("SIGSTOP");
  await assertRejects(() => store.get(put(1, "").digest), CacheError, "no answer within 200 ms");
  await assertRejects(() => store.get(put(1, "").digest), CacheError);
  await assertRejects(() => store.count(), CacheError);
  own.signal("SIGCONT");
  assertEquals(await eventually(() => store.get(put(1, "").digest)), valueOf(put(1, "one")));
  await store.close();
});

redisTest("redisStore() takes a client, which stays open", async () => {
  const client = createClient({
    url: server.url,
    RESP: 2,
    maintNotifications: "disabled",
    disableOfflineQueue: true,
  });
  await client.connect();
  const { store } = open({ url: undefined, client });
  await store.commit([large(1), put(2, "two")]);
  assertEquals(await store.getMany([large(1).digest, put(2, "").digest]), [
    valueOf(large(1)),
    valueOf(put(2, "two")),
  ]);
  const lease = await store.lease(put(1, "").digest, { duration: 10_000 });
  const waiting = store.waitFor(put(1, "").digest);
  assertEquals(await lease!.release(), true);
  await waiting;
  await store.close();
  assertEquals(await client.ping(), "PONG");
  client.destroy();
  await assertRejects(() => store.get(put(2, "").digest), CacheError);
});

redisTest(
  "redisStore() works with --allow-net alone, and does not keep the process alive",
  async () => {
    await using cluster = await RedisCluster.start();
    for (
      const { url, port } of [{ url: server.url, port: server.port }, { url: cluster.url, port: 0 }]
    ) {
      const source = `
      import { redisStore } from ${JSON.stringify(import.meta.resolve("../../src/stores/mod.ts"))};
      const store = redisStore({ url: ${JSON.stringify(url)}, timeout: 20_000 });
      const change = ${JSON.stringify({ ...put(1, ""), key: undefined, parts: undefined })};
      const parts = [new Uint8Array([1, 2, 3])];
      await store.commit([{ ...change, key: { kind: "value", parts }, parts }]);
      const digest = change.digest;
      const lease = await store.lease(digest, { duration: 60_000 });
      const waiting = store.waitFor(digest);
      await lease.release();
      await waiting;
      console.log((await store.get(digest)).parts[0].join());
      const other = await store.lease(digest, { duration: 60_000 });
      store.waitFor(digest, { timeout: 1 }).then(() => console.log("end"));`;
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-prompt", "--no-check", ...importMapArguments()],
          ...[port === 0 ? "--allow-net=127.0.0.1" : `--allow-net=127.0.0.1:${port}`, "-"],
        ],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        env: { NO_COLOR: "1" },
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(source));
      await writer.close();
      const { code, stdout, stderr } = await child.output();
      assertEquals([new TextDecoder().decode(stderr), code], ["", 0]);
      assertEquals(new TextDecoder().decode(stdout), "1,2,3\nend\n");
    }
  },
);

/** What is said on the console while something is done. */
async function warningsOf(step: () => Promise<void>): Promise<string[]> {
  using collected = collectWarnings();
  await step();
  return collected.lines;
}

/** Does something until it succeeds: what another process does takes a moment to be seen. */
async function eventually<T>(step: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await step();
    } catch (error) {
      if (error instanceof TypeError) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

redisTest("redisStore() of a cluster goes on with the servers that are there", async () => {
  await using cluster = await RedisCluster.start();
  const store = redisStore({ url: cluster.url, timeout: 10_000 });
  const numbers = Array.from({ length: 30 }, (_, number) => number);
  await store.commit(numbers.map((number) => put(number, `${number}`)));
  assertEquals(await store.count(), 30);
  const lost = cluster.servers[2]!;
  const kept = new Set(
    (await Promise.all(cluster.servers.slice(0, 2).map((each) => each.keys()))).flat(),
  );
  const isKept = (number: number) => kept.has(`pecapiku:{${put(number, "").digest}}`);
  assert(kept.size > 0 && kept.size < 30);
  await lost.stop();
  for (const number of numbers) {
    const { digest } = put(number, "");
    if (isKept(number)) {
      assertEquals(await eventually(() => store.get(digest)), valueOf(put(number, `${number}`)));
    } else {
      await assertRejects(() => store.get(digest), CacheError);
    }
  }
  await lost.start();
  const number = numbers.find((each) => !isKept(each))!;
  // It has kept nothing, and takes new entries.
  await eventually(() => store.commit([put(number, "again")]));
  assertEquals(await store.get(put(number, "").digest), valueOf(put(number, "again")));
  await store.close();
});
