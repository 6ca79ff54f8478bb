// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  type AsyncFunction,
  type CachedFunction,
  CacheDict,
  CacheError,
  CacheMissError,
  type DecorateOptions,
  NoCache,
  SingleValueCache,
  UncacheableValueError,
} from "@pecapiku/cache";
import { AsyncCacheDict } from "@pecapiku/cache/async";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { MemoryStore, type PutChange } from "@pecapiku/cache/stores";
import { SlowStore } from "../async_cache_dict/_slow_store.ts";
import { LeasedStore } from "./_leased_store.ts";

type Square = (x: number) => Promise<number>;

/** A function that counts its evaluations. */
function counted(): { square: Square; evaluations: number[] } {
  const evaluations: number[] = [];
  return {
    evaluations,
    async square(x: number): Promise<number> {
      evaluations.push(x);
      return await Promise.resolve(x * x);
    },
  };
}

/** What the console is warned of while something is done. */
async function warningsOf(work: () => Promise<void>): Promise<string[]> {
  const warnings: string[] = [];
  const { warn } = console;
  console.warn = (text: string) => void warnings.push(text);
  try {
    await work();
  } finally {
    console.warn = warn;
  }
  return warnings;
}

const OVER:
  readonly (readonly [string, (fn: Square, store: SlowStore) => CachedFunction<Square>])[] = [
    ["CacheDict.decorate()", (fn, store) => CacheDict.decorate(fn, { store })],
    ["AsyncCacheDict#decorate()", (fn, store) => new AsyncCacheDict({ store }).decorate(fn)],
    ["checkpoint()", (fn, store) => checkpoint(fn, { store, uses: () => ({}), onError: "raise" })],
  ];

for (const [name, decorate] of OVER) {
  Deno.test(`${name} keeps results of an async function in an async store`, async () => {
    const store = new SlowStore();
    const { square, evaluations } = counted();
    const cached = decorate(square, store);
    assertEquals([await cached(2), await cached(2), await cached(3)], [4, 4, 9]);
    assertEquals(evaluations, [2, 3]);
    assertEquals([await cached.has(2), await cached.has(4)], [true, false]);
    assertEquals(await cached.get(3), 9);
    assert(await cached.get(4) instanceof NoCache);
    assertEquals(await cached.rerun(2), 4);
    assertEquals(evaluations, [2, 3, 2]);
    await cached.prime([5], 26);
    assertEquals(await cached(5), 26);
    assertEquals([await cached.delete(5), await cached.delete(5), await cached(5)], [
      true,
      false,
      25,
    ]);
    assert(store.memory.has(cached.keyFor(3)));
    const { session, entries, total } = cached.stats();
    assertEquals([session.hits, session.misses, session.stores], [3, 4, 5]);
    assertEquals([entries, total], [0, undefined]);
  });
}

Deno.test("SingleValueCache.decorate() keeps the value in an async store", async () => {
  const { square, evaluations } = counted();
  const cached = SingleValueCache.decorate(square, { store: new SlowStore() });
  assertEquals([await cached(2), await cached(3)], [4, 4]);
  assertEquals(evaluations, [2]);
});

Deno.test("CacheDict.decorate() over an async store takes async methods, and map", async () => {
  const store = new SlowStore();
  class Scale {
    constructor(readonly factor: number) {}
    @CacheDict.decorate({ store })
    async apply(x: number): Promise<number> {
      return await Promise.resolve(this.factor * x);
    }
  }
  assertEquals([await new Scale(2).apply(3), await new Scale(5).apply(3)], [6, 15]);
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store });
  const inputs = Array.from({ length: 20 }, (_, x) => [x] as [number]);
  const expected = inputs.map(([x]) => x * x);
  assertEquals(await Array.fromAsync(cached.map(inputs)), expected);
  assertEquals(await Array.fromAsync(cached.map(inputs)), expected);
  assertEquals(evaluations.toSorted((a, b) => a - b), inputs.flat());
});

Deno.test("map() over an async store asks for many at once, and each by itself when that fails", async () => {
  const store = new LeasedStore();
  const asked: number[] = [];
  const getMany = async (digests: readonly string[]) => {
    asked.push(digests.length);
    return await Promise.all(digests.map((digest) => store.get(digest)));
  };
  Object.assign(store, { getMany });
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store });
  const inputs = Array.from({ length: 150 }, (_, x) => [x] as [number]);
  const expected = inputs.map(([x]) => x * x);
  for (const [x] of inputs) await cached.prime([x], x * x);
  assertEquals(await Array.fromAsync(cached.map(inputs)), expected);
  // The first one is in its turn at once, and asks for itself.
  assertEquals(asked.reduce((sum, count) => sum + count, 0), 149);
  assert(asked.length <= 6, `${asked}`);
  Object.assign(store, { getMany: () => Promise.reject(new Error("away")) });
  const unordered = await Array.fromAsync(cached.map(inputs, { unordered: true }));
  assertEquals(unordered.toSorted((a, b) => a - b), expected);
  assertEquals(evaluations, []);
});

Deno.test("CacheDict.decorate() refuses an async store for what is not declared async", () => {
  const store = new SlowStore();
  const decorate = (fn: unknown) => () =>
    Reflect.apply(CacheDict.decorate, CacheDict, [fn, { store }]);
  for (
    const fn of [
      function square(x: number) {
        return x * x;
      },
      function later() {
        return Promise.resolve(1);
      },
      function* chunks() {
        yield 1;
      },
      async function* laterChunks() {
        yield await Promise.resolve(1);
      },
    ]
  ) {
    const error = assertThrows(decorate(fn), TypeError, "its answers come in promises");
    assert(error.message.endsWith(fn.name), error.message);
  }
  assertThrows(decorate(() => Promise.resolve(1)), TypeError, "also where it returns promises");
  assertThrows(
    () => {
      class Circle {
        // @ts-expect-error a sync method
        @CacheDict.decorate({ store })
        area(): number {
          return 1;
        }
      }
      return Circle;
    },
    TypeError,
    "area",
  );
  const sync = (x: number) => x;
  assertThrows(
    () => Reflect.apply(checkpoint, undefined, [sync, { store }]),
    TypeError,
    "its answers come in promises",
  );
  assertThrows(() => new CacheDict(undefined, { store } as never), TypeError, "AsyncCacheDict");
  assertThrows(
    () => new SingleValueCache(undefined, { store } as never),
    TypeError,
    "its answers come in promises",
  );
});

Deno.test("CacheDict.decorate() refuses limits that an async store can't keep", () => {
  class Unlimited extends SlowStore {
    override readonly keepsLimits = false;
  }
  const { square } = counted();
  for (const name of ["maxEntries", "maxBytes"]) {
    const options = { store: new Unlimited(), [name]: 10 };
    assertThrows(() => CacheDict.decorate(square, options), TypeError, `Cannot set ${name}`);
  }
});

Deno.test("CacheDict.decorate() over an async store keeps limits, where the store does", async () => {
  const store = new SlowStore();
  const cached = CacheDict.decorate(counted().square, { store, maxEntries: 2 });
  for (const x of [1, 2, 1, 3]) await cached(x);
  assertEquals(await Promise.all([1, 2, 3].map((x) => cached.has(x))), [true, false, true]);
});

Deno.test("CacheDict.decorate() over an async store looks at ttl, and tells the store of it", async () => {
  const store = new SlowStore();
  let time = 1000;
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store, ttl: 100, now: () => time });
  await cached(2);
  time += 99;
  await cached(2);
  time += 1;
  await cached(2);
  assertEquals(evaluations, [2, 2]);
  assertEquals(store.commits[0]!.options?.keepFor, 100);
});

Deno.test("CacheDict.decorate() over an async store stores errors and samples", async () => {
  const store = new SlowStore();
  let evaluations = 0;
  const failing = CacheDict.decorate(async function failing(x: number): Promise<number> {
    await Promise.resolve();
    evaluations++;
    throw new RangeError(`no ${x}`);
  }, { store, cacheErrors: (error) => error instanceof RangeError });
  for (let i = 0; i < 2; i++) await assertRejects(() => failing(1), RangeError, "no 1");
  assertEquals(evaluations, 1);
  assertEquals([await failing.has(1), await failing.delete(1)], [false, true]);
  await assertRejects(() => failing(1), RangeError, "no 1");
  assertEquals(evaluations, 2);

  let draws = 0;
  const draw = CacheDict.decorate(async function draw(): Promise<number> {
    return await Promise.resolve(draws++);
  }, { store, samples: 2 });
  assertEquals([await draw(), await draw(), await draw(), await draw()], [0, 1, 0, 1]);

  await using cache = new AsyncCacheDict({ store });
  assertEquals([(await Array.fromAsync(cache.keys())).length, await cache.size()], [1, 1]);
});

Deno.test("CacheDict.decorate() over an async store asks `when` at the call", async () => {
  const store = new SlowStore();
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store, when: (x) => x > 1 });
  for (const x of [1, 1, 2, 2]) await cached(x);
  assertEquals(evaluations, [1, 1, 2]);
});

Deno.test("CacheDict.decorate() over an async store never stores under a key of other arguments", async () => {
  const store = new SlowStore();
  const cached = CacheDict.decorate(async function sum(values: number[]): Promise<number> {
    return await Promise.resolve(values.reduce((a, b) => a + b, 0));
  }, { store });
  const values = [1, 2];
  const later = cached(values);
  values.push(3);
  assertEquals(await later, 6);
  assertEquals(await cached([1, 2]), 3);
  assertEquals(await cached([1, 2, 3]), 6);
});

Deno.test("rerun() over an async store never stores under a key of other arguments", async () => {
  const cached = CacheDict.decorate(async function sum(values: number[]): Promise<number> {
    return await Promise.resolve(values.reduce((a, b) => a + b, 0));
  }, { store: new SlowStore() });
  const values = [1, 2];
  const later = cached.rerun(values);
  values.push(3);
  assertEquals(await later, 6);
  assert(await cached.get([1, 2]) instanceof NoCache);
  assertEquals(await cached.get([1, 2, 3]), 6);
});

Deno.test("CacheDict.decorate() over an async store evaluates without storing when arguments never rest", async () => {
  const store = new SlowStore();
  const values = [0];
  const { get } = store;
  store.get = (digest) => {
    values.push(values.length);
    return get.call(store, digest);
  };
  const cached = CacheDict.decorate(async function count(given: number[]): Promise<number> {
    return await Promise.resolve(given.length);
  }, { store });
  const given = [0];
  // Who waits for what the first call is about is not given what came of others.
  const [first, second] = await Promise.all([cached(values), cached(given)]);
  assertEquals([first, second], [values.length, 1]);
  assertEquals([store.memory.size, await cached.has([0])], [1, true]);
});

Deno.test("CacheDict.decorate() over an async store rejects before evaluating when it can't be read", async () => {
  const store = new SlowStore();
  store.failure = new Error("away");
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store });
  const error = await assertRejects(() => cached(2), CacheError, "away");
  assertEquals([error.filePath, evaluations], ["slow:", []]);
  await assertRejects(() => cached.has(2), CacheError, "away");
  await assertRejects(() => cached.get(2), CacheError, "away");
  await assertRejects(() => cached.delete(2), CacheError, "away");
});

Deno.test("CacheDict.decorate() over an async store gives the value in the error when it can't be written", async () => {
  const store = new SlowStore();
  store.gate = Promise.reject(new Error("full"));
  store.gate.catch(() => {});
  const cached = CacheDict.decorate(counted().square, { store });
  const error = await assertRejects(() => cached(2), CacheError, "full");
  assertEquals(error.value, 4);
});

Deno.test('CacheDict.decorate() over an async store goes on without it under "warn" and "ignore"', async () => {
  for (const [onError, count] of [["warn", 1], ["ignore", 0]] as const) {
    const store = new SlowStore();
    store.failure = new Error(`away for ${onError}`);
    const { square, evaluations } = counted();
    const cached = CacheDict.decorate(square, { store, onError });
    const warnings = await warningsOf(async () => {
      assertEquals([await cached(2), await cached(2)], [4, 4]);
    });
    assertEquals(evaluations, [2, 2]);
    assertEquals(warnings.filter((text) => text.includes("Cannot read")).length, count);
  }
});

Deno.test("CacheDict.decorate() over an async store refuses what can't be encoded, streams too", async () => {
  for (const value of [() => 1, new ReadableStream()]) {
    const cached = CacheDict.decorate(async function given(): Promise<unknown> {
      return await Promise.resolve(value);
    }, { store: new SlowStore() });
    const error = await assertRejects(() => cached(), UncacheableValueError);
    assertStrictEquals(error.value, value);
  }
});

Deno.test("CacheDict.decorate() over an async store keeps to the rights", async () => {
  const store = new SlowStore();
  const { square, evaluations } = counted();
  const reader = CacheDict.decorate(square, { store, access: "r" });
  await assertRejects(() => reader(2), CacheMissError);
  await assertRejects(() => reader.rerun(2), CacheError);
  await assertRejects(() => reader.prime([2], 4), CacheError);
  await assertRejects(() => reader.delete(2), CacheError);
  const evaluator = CacheDict.decorate(square, { store, access: "re" });
  assertEquals([await evaluator(2), store.memory.size], [4, 0]);
  const writer = CacheDict.decorate(square, { store, access: "ew" });
  assertEquals([await writer(2), await writer(2), store.memory.size], [4, 4, 1]);
  assertEquals(evaluations, [2, 2, 2]);
  assertEquals(await reader(2), 4);
});

Deno.test("CacheDict.decorate() over an async store evaluates concurrent calls once, and gives each a value of its own", async () => {
  for (const store of [new SlowStore(), new LeasedStore()]) {
    let evaluations = 0;
    const cached = CacheDict.decorate(async function list(x: number): Promise<number[]> {
      evaluations++;
      return await Promise.resolve([x]);
    }, { store });
    const values = await Promise.all([cached(1), cached(1), cached(1)]);
    assertEquals([values, evaluations], [[[1], [1], [1]], 1]);
    assert(values[0] !== values[1] && values[1] !== values[2]);
    const { hits, misses } = cached.stats().session;
    assertEquals([hits, misses], [2, 1]);
  }
});

Deno.test("CacheDict.decorate() passes a rejection on to all who wait in the process", async () => {
  const cached = CacheDict.decorate(async function failing(): Promise<number> {
    await Promise.resolve();
    throw new RangeError("no");
  }, { store: new SlowStore() });
  const results = await Promise.allSettled([cached(), cached()]);
  assertEquals(results.map(({ status }) => status), ["rejected", "rejected"]);
});

Deno.test("singleFlight: false has every call evaluate for itself", async () => {
  for (const store of [new SlowStore(), new LeasedStore(), new MemoryStore()]) {
    const { square, evaluations } = counted();
    const options: DecorateOptions<Square> = { store, singleFlight: false };
    const cached = CacheDict.decorate(square, options);
    assertEquals(await Promise.all([cached(2), cached(2)]), [4, 4]);
    assertEquals(evaluations, [2, 2]);
    if (store instanceof LeasedStore) assertEquals(store.leases, []);
  }
});

Deno.test("singleFlight refuses what it can't do, and anything else", () => {
  const { square } = counted();
  const decorate = (fn: AsyncFunction, options: object) => () => CacheDict.decorate(fn, options);
  const store = new SlowStore();
  assertThrows(decorate(square, { store, singleFlight: "store" }), TypeError, "no leases");
  assertThrows(decorate(square, { store, singleFlight: true }), TypeError, "singleFlight");
  const later = () => Promise.resolve(1);
  const memory = { store: new MemoryStore(), singleFlight: "store" };
  assertThrows(decorate(later, memory), TypeError, "not declared async");
  for (const leaseDuration of [0, 99, NaN, Infinity, "1000"]) {
    assertThrows(decorate(square, { store, leaseDuration }), TypeError, "leaseDuration");
  }
});

Deno.test("singleFlight leases what it evaluates, looks again, and gives it back after the commit", async () => {
  const store = new LeasedStore();
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store, leaseDuration: 500 });
  const digest = cached.keyFor(2);
  assertEquals([await cached(2), await cached(2)], [4, 4]);
  assertEquals(store.log, [
    ...[`get ${digest}`, `lease ${digest} 500`, `get ${digest}`],
    ...["commit", `release ${digest}`, `get ${digest}`],
  ]);
  assertEquals([evaluations, store.leases], [[2], []]);
});

Deno.test("singleFlight waits for the holder's value, and takes over when there is none", async () => {
  const store = new LeasedStore();
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store });
  const digest = cached.keyFor(2);
  const other = (await store.lease(digest))!;
  const waiting = cached(2);
  await store.until(`wait ${digest}`);
  await CacheDict.decorate(square, { store, singleFlight: false }).prime([2], 5);
  await other.release();
  assertEquals([await waiting, evaluations], [5, []]);

  await cached.delete(2);
  const dying = (await store.lease(digest))!;
  const next = cached(2);
  await store.until(`wait ${digest}`);
  await dying.release();
  assertEquals([await next, evaluations, store.leases], [4, [2], []]);
});

Deno.test("singleFlight evaluates without a lease after three waits in vain", async () => {
  const store = new LeasedStore();
  const { square, evaluations } = counted();
  const cached = CacheDict.decorate(square, { store });
  const digest = cached.keyFor(2);
  await store.lease(digest);
  store.waitFor = (waited) => Promise.resolve(void store.log.push(`wait ${waited}`));
  assertEquals([await cached(2), evaluations], [4, [2]]);
  assertEquals(store.log.filter((entry) => entry === `wait ${digest}`).length, 3);
});

Deno.test("singleFlight says once that leases fail, and evaluates all the same", async () => {
  for (const [onError, count] of [["raise", 1], ["warn", 1], ["ignore", 0]] as const) {
    for (const method of ["lease", "waitFor", "release"] as const) {
      const store = new LeasedStore();
      store.failing = method;
      const { square, evaluations } = counted();
      const name = `square_${onError}_${method}`;
      Object.defineProperty(square, "name", { value: name });
      const cached = CacheDict.decorate(square, { store, onError });
      if (method === "waitFor") await store.lease(cached.keyFor(2));
      const warnings = await warningsOf(async () => {
        assertEquals([await cached(2), await cached(3)], [4, 9]);
      });
      assertEquals(evaluations, [2, 3]);
      assertEquals(warnings.filter((text) => text.includes(`${name} is`)).length, count);
      assertEquals(await cached.has(2), true);
    }
  }
});

Deno.test("CacheDict.decorate() over an async store names its entries as over a local one", async () => {
  const slow = new SlowStore();
  const local = new MemoryStore();
  const { square } = counted();
  const cached = [slow, local].map((store) =>
    CacheDict.decorate(square, { store, namespace: "a", now: () => 5 })
  );
  for (const each of cached) await each(2);
  const put = slow.commits[0]!.changes[0] as PutChange;
  const info = local.info(put.digest)!;
  assertEquals(put.key, info.key);
  assertEquals([put.functionName, put.codec, put.writtenAt, put.promised], [
    info.functionName,
    info.codec,
    info.writtenAt,
    info.promised,
  ]);
});
