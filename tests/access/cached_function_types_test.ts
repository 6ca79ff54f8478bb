// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import {
  type CachedFunction,
  CacheDict,
  cachedMethod,
  type NoCache,
  SingleValueCache,
} from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";

// What is tested here is that this file passes the type check.

const filePath = `${Deno.makeTempDirSync()}/a.cache`;

function typed<T>(value: T): T {
  return value;
}

function twice(x: number): number;
function twice(x: string): string;
function twice(x: number | string): number | string {
  return typeof x === "number" ? x * 2 : x + x;
}

Deno.test("CachedFunction keeps overloads, generics, optional parameters and properties", () => {
  const overloaded = CacheDict.decorate(twice, { filePath });
  assertEquals([typed<number>(overloaded(1)), typed<string>(overloaded("a"))], [2, "aa"]);
  const generic = CacheDict.decorate(function same<T>(x: T): T {
    return x;
  }, { filePath });
  assertEquals(typed<{ a: number }>(generic({ a: 1 })).a, 1);
  assertEquals(typed<{ a: number }>(generic.rerun({ a: 1 })).a, 1);
  const optional = CacheDict.decorate((x: number, y = 2) => x + y, {
    filePath,
    innerKey: (x, y) => [typed<number>(x), typed<number | undefined>(y)],
  });
  assertEquals(typed<number>(optional(1)), 3);
  assertEquals(typed<number | NoCache>(optional.get(1)), 3);
  const withUnit = CacheDict.decorate(Object.assign((x: number) => x, { unit: "m" }), { filePath });
  assertEquals(typed<string>(withUnit.unit), "m");
  // @ts-expect-error not the function's parameter
  optional("1", "2");
});

Deno.test("CachedFunction gives promises where the function is async", async () => {
  const late = CacheDict.decorate(async function late(x: number) {
    return await Promise.resolve(x);
  }, { filePath });
  assertEquals(await typed<Promise<number>>(late(1)), 1);
  assertEquals(await typed<Promise<number | NoCache>>(late.get(1)), 1);
  assertEquals(await typed<Promise<boolean>>(late.has(1)), true);
  assertEquals(await typed<Promise<boolean>>(late.delete(1)), true);
  assertEquals(typed<string>(late.keyFor(1)).length, 64);
  assertEquals(typed<number>(late.stats().session.misses), 1);
  // @ts-expect-error it takes no arguments
  late.stats(1);
});

Deno.test("CacheDecorator passes the type check on methods of every kind", async () => {
  const cached = CacheDict.decorate({ filePath });
  class Scale {
    weight = 2;
    @cached
    weigh(x: number): number {
      return this.weight * x;
    }
    @cached
    async late(x: number): Promise<number> {
      return await Promise.resolve(this.weight * x);
    }
    @cached
    same<T>(x: T): T {
      return x;
    }
    @cached
    bound(this: Scale, x: number): number {
      return this.weight + x;
    }
    @CacheDict.decorate({ filePath, innerKey: (x: number) => ["static", x] })
    static double(x: number): number {
      return 2 * x;
    }
    @SingleValueCache.decorate({ filePath: `${filePath}.single` })
    single(): string {
      return "single";
    }
  }
  const scale = new Scale();
  const handle: CachedFunction<(x: number) => number> = cachedMethod(scale.weigh);
  assertEquals(typed<number>(handle.rerun.call(scale, 3)), 6);
  assertEquals(typed<number | NoCache>(handle.get.call(scale, 3)), 6);
  assertEquals([scale.bound(1), Scale.double(2), scale.single()], [3, 4, "single"]);
  assertEquals([await scale.late(1), typed<number>(scale.same(5))], [2, 5]);
});

Deno.test("CacheDict has the type of its values", async () => {
  using cache = new CacheDict<number>(filePath);
  typed<number | NoCache>(cache.set("x", 1).get("x"));
  assertEquals(typed<Map<unknown, number>>(cache.asMap()).get("x"), 1);
  assertEquals(typed<number>(cache.getOrInsertComputed("x", () => 2)), 1);
  const late: Promise<number> = CacheDict.with(filePath, {}, async ({ size }) => {
    return await Promise.resolve(size);
  });
  assertEquals(typeof await late, "number");
  typed<number | NoCache>(CacheDict.with(filePath, (other: CacheDict<number>) => other.get("x")));
  // @ts-expect-error not a number
  cache.set("y", "text");
  // @ts-expect-error not an access
  typed<() => CacheDict>(() => new CacheDict(filePath, { access: "x" }));
  typed<() => unknown>(() => SingleValueCache.decorate(() => 1, { store: new MemoryStore() }));
  typed<() => number>(() =>
    new CacheDict(undefined, { store: new MemoryStore() }).compact().bytesAfter
  );
  // @ts-expect-error no number
  typed<() => CacheDict>(() => new CacheDict(undefined, { maxEntries: "5" }));
  // @ts-expect-error a path or a store is needed
  typed<() => unknown>(() => new SingleValueCache(undefined, {}));
  // @ts-expect-error a path is needed
  typed<() => unknown>(() => SingleValueCache.decorate(() => 1, {}));
});
