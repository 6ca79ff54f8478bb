// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";
import { RedisCluster, RedisServer, redisTest } from "../stores/_redis_server.ts";
import { crowd, takeOver } from "./_computing.ts";

const FIFTY = Array.from({ length: 50 }, (_, key) => key);

/** What a lease of the tests lasts, in milliseconds. */
const LEASE = 1000;

Deno.test('singleFlight: "store" has eight processes that share a file compute 50 things once', async () => {
  const directory = Deno.makeTempDirSync();
  assertEquals(await crowd(`${directory}/a.cache`), FIFTY);
  assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["a.cache"]);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test('singleFlight: "store" takes over at once when a process that computes for a file is killed', async () => {
  const directory = Deno.makeTempDirSync();
  const times = await takeOver(`${directory}/a.cache`, LEASE);
  assertEquals(times.length, 1);
  assert(times[0]! <= 1000, `${times}`);
  assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["a.cache"]);
  Deno.removeSync(directory, { recursive: true });
});

redisTest(
  'singleFlight: "store" has eight processes that share a server compute 50 things once',
  async () => {
    await using server = await RedisServer.start();
    assertEquals(await crowd(server.url), FIFTY);
  },
);

redisTest(
  'singleFlight: "store" has eight processes that share a cluster compute 50 things once',
  async () => {
    await using cluster = await RedisCluster.start();
    assertEquals(await crowd(cluster.url), FIFTY);
  },
);

redisTest(
  'singleFlight: "store" takes over when the lease of a process that was killed is over',
  async () => {
    await using server = await RedisServer.start();
    const times = await takeOver(server.url, LEASE);
    assertEquals(times.length, 1);
    assert(times[0]! <= LEASE + 1000, `${times}`);
  },
);

/** A path for a cache file in a directory of its own. */
function inDirectory(): { directory: string; filePath: string } {
  const directory = Deno.makeTempDirSync();
  return { directory, filePath: `${directory}/a.cache` };
}

Deno.test('singleFlight: "store" of a file gives each concurrent call a value of its own, and leaves nothing', async () => {
  const { directory, filePath } = inDirectory();
  let evaluations = 0;
  const names: string[] = [];
  const list = CacheDict.decorate(async function list(x: number): Promise<number[]> {
    evaluations++;
    names.push(...Array.from(Deno.readDirSync(directory), ({ name }) => name));
    return await Promise.resolve([x]);
  }, { filePath, singleFlight: "store" });
  const values = await Promise.all([list(1), list(1), list(1)]);
  assertEquals([values, evaluations], [[[1], [1], [1]], 1]);
  assert(values[0] !== values[1] && values[1] !== values[2]);
  assertEquals(names, [`a.cache.computing-${list.keyFor(1).slice(0, 16)}`]);
  assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["a.cache"]);
  assertEquals([await list(1), evaluations], [[1], 1]);
});

Deno.test('singleFlight: "store" of a file passes errors on, stores them, and leaves nothing', async () => {
  const { directory, filePath } = inDirectory();
  let evaluations = 0;
  const failing = CacheDict.decorate(async function failing(): Promise<number> {
    evaluations++;
    await Promise.resolve();
    throw new RangeError("no");
  }, { filePath, singleFlight: "store", cacheErrors: (error) => error instanceof RangeError });
  const results = await Promise.allSettled([failing(), failing()]);
  results.push(...await Promise.allSettled([failing()]));
  assertEquals(results.map((result) => result.status === "rejected" && result.reason.message), [
    ...["no", "no", "no"],
  ]);
  assertEquals(evaluations, 1);
  assertEquals(Array.from(Deno.readDirSync(directory), ({ name }) => name), ["a.cache"]);
});

Deno.test('singleFlight: "store" of a file removes what was left, and nothing that is somebody\'s own', async () => {
  const { directory, filePath } = inDirectory();
  const digits = "0123456789abcdef";
  const own = [`a.cache.computing-${digits.replace("0", "f")}`, "a.cache.computing-notes", "b"];
  Deno.writeTextFileSync(`${directory}/${own[0]}`, "mine");
  for (const name of own.slice(1)) Deno.writeTextFileSync(`${directory}/${name}`, "");
  Deno.writeTextFileSync(`${directory}/a.cache.computing-${digits}`, "");
  const square = CacheDict.decorate(async function square(x: number): Promise<number> {
    return await Promise.resolve(x * x);
  }, { filePath, singleFlight: "store" });
  assertEquals(await square(3), 9);
  const names = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
  assertEquals(names, ["a.cache", ...own].sort());
});

Deno.test('singleFlight: "store" of a file evaluates with a warning where the lock can\'t be had', async () => {
  const { directory, filePath } = inDirectory();
  const square = CacheDict.decorate(async function square(x: number): Promise<number> {
    return await Promise.resolve(x * x);
  }, { filePath, singleFlight: "store" });
  Deno.mkdirSync(`${filePath}.computing-${square.keyFor(3).slice(0, 16)}`);
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => void warnings.push(text);
  try {
    assertEquals([await square(3), await square(4), await square(3)], [9, 16, 9]);
  } finally {
    console.warn = warn;
  }
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.includes("Cannot lock what is computed"), warnings[0]);
  Deno.removeSync(directory, { recursive: true });
});

Deno.test('singleFlight: "store" never stores under a key of other arguments', async () => {
  const { filePath } = inDirectory();
  const sum = CacheDict.decorate(async function sum(values: number[]): Promise<number> {
    return await Promise.resolve(values.reduce((a, b) => a + b, 0));
  }, { filePath, singleFlight: "store" });
  const values = [1, 2];
  const later = sum(values);
  values.push(3);
  assertEquals([await later, await sum.has([1, 2]), await sum([1, 2])], [6, false, 3]);
});
