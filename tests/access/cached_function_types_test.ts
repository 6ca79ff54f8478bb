// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import {
  type AnyFunction,
  type CachedFunction,
  CacheDict,
  cachedMethod,
  type DecorateOptions,
  type FunctionOptions,
  NoCache,
  SingleValueCache,
  type SingleValueDecorateOptions,
} from "@pecapiku/cache";
import { AsyncCacheDict } from "@pecapiku/cache/async";
import { checkpoint } from "@pecapiku/cache/checkpoint";
import { MemoryStore, toAsyncStore } from "@pecapiku/cache/stores";

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

Deno.test("CachedFunction gives generators and streams as the function does", async () => {
  const store = new MemoryStore();
  const sync = CacheDict.decorate(function* count(n: number): Generator<number, string, void> {
    yield n;
    return "end";
  }, { store });
  assertEquals([...typed<Generator<number, string, void>>(sync(1))], [1]);
  const found = typed<Generator<number, string, void> | NoCache>(sync.get(1));
  assertEquals(found instanceof NoCache ? [] : [...found], [1]);
  assertEquals([typed<boolean>(sync.has(1)), typed<boolean>(sync.delete(1))], [true, true]);
  const later = CacheDict.decorate(async function* later<T>(x: T): AsyncGenerator<T> {
    yield await Promise.resolve(x);
  }, { store });
  assertEquals(await Array.fromAsync(typed<AsyncGenerator<string>>(later("a"))), ["a"]);
  const kept = typed<AsyncGenerator<unknown> | NoCache>(later.get("a"));
  assertEquals(kept instanceof NoCache ? [] : await Array.fromAsync(kept), ["a"]);
  const stream = CacheDict.decorate(async function stream(x: string) {
    return await Promise.resolve(ReadableStream.from([x]));
  }, { store });
  const given = await typed<Promise<ReadableStream<string>>>(stream("a"));
  assertEquals(await Array.fromAsync(given), ["a"]);
  const read = await typed<Promise<ReadableStream<string> | NoCache>>(stream.get("a"));
  assertEquals(read instanceof NoCache ? [] : await Array.fromAsync(read), ["a"]);
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

Deno.test("prime() takes the arguments and the result of the function", async () => {
  const square = CacheDict.decorate((x: number, y = 2): number => x ** y, {
    store: new MemoryStore(),
  });
  typed<void>(square.prime([3], 9));
  typed<void>(square.prime([3, 3], 27));
  // @ts-expect-error no number
  typed<() => void>(() => square.prime([3], "9"));
  // @ts-expect-error no arguments
  typed<() => void>(() => square.prime([], 9));
  // @ts-expect-error arguments of other types
  typed<() => void>(() => square.prime(["3"], 9));
  // @ts-expect-error arguments that are not in an array
  typed<() => void>(() => square.prime(3, 9));
  const late = CacheDict.decorate(async (x: number) => await Promise.resolve(`${x}`), {
    store: new MemoryStore(),
  });
  await typed<Promise<void>>(late.prime([3], "3"));
  await typed<Promise<void>>(late.prime([3], Promise.resolve("3")));
  // @ts-expect-error no text
  typed<() => Promise<void>>(() => late.prime([3], Promise.resolve(3)));
  const none = CacheDict.decorate(() => "x", { store: new MemoryStore() });
  none.prime([], "y");
  const rest = CacheDict.decorate((...xs: number[]) => xs.length, { store: new MemoryStore() });
  rest.prime([1, 2, 3], 3);
  const bound = CacheDict.decorate(function (this: Date, x: number): number {
    return this.getTime() + x;
  }, { store: new MemoryStore() });
  bound.prime.call(new Date(0), [1], 1);
  // @ts-expect-error without this
  typed<() => void>(() => bound.prime([1], 1));
  const several: CachedFunction<AnyFunction>[] = [square, none, rest];
  assertEquals(several.length, 3);
  const answer = SingleValueCache.decorate(() => 42, { store: new MemoryStore() });
  answer.prime([], 43);
  assertEquals([typed<number>(square(3)), answer()], [9, 43]);
});

Deno.test("options of functions have the types of the function", () => {
  const f = CacheDict.decorate((x: number) => x, {
    store: new MemoryStore(),
    when: (x) => typed<number>(x) > 0,
    cacheErrors: (error) => error instanceof RangeError,
    samples: 2,
    namespace: "types",
  });
  assertEquals(typed<number>(f(1)), 1);
  const single = SingleValueCache.decorate((x: string) => x, {
    store: new MemoryStore(),
    when: (x) => typed<string>(x) !== "",
  });
  assertEquals(single("a"), "a");
  const options: FunctionOptions<(x: number) => number> = { when: (x) => x > 0 };
  assertEquals(
    CacheDict.decorate((x: number) => x, { store: new MemoryStore(), ...options })(2),
    2,
  );
  // What fits any function.
  const all: FunctionOptions = { when: () => true, samples: 1 };
  assertEquals(CacheDict.decorate((x: number) => x, { store: new MemoryStore(), ...all })(2), 2);
  const one: SingleValueDecorateOptions = { store: new MemoryStore(), ...all };
  assertEquals(typed<number>(SingleValueCache.decorate((x: number) => x, one)(2)), 2);
  const cache = new SingleValueCache(undefined, {
    store: new MemoryStore(),
    when: (x: number) => x > 0,
  });
  assertEquals(typed<number>(cache.decorate((x: number) => x)(2)), 2);
  // A decorator does not know its function.
  const decorator = CacheDict.decorate({
    store: new MemoryStore(),
    when: (x: number) => x > 0,
    samples: 2,
  });
  assertEquals(decorator((x: number) => x)(3), 3);
  // @ts-expect-error gives no boolean
  typed<() => unknown>(() => CacheDict.decorate(() => 1, { filePath, when: () => 1 }));
  // @ts-expect-error arguments of other types
  typed<() => unknown>(() => CacheDict.decorate(() => 1, { filePath, when: (_x: number) => true }));
  // @ts-expect-error gives a promise
  typed<() => unknown>(() => CacheDict.decorate({ filePath, cacheErrors: async () => await true }));
  typed<() => unknown>(() =>
    // @ts-expect-error one value needs no namespace
    SingleValueCache.decorate(() => 1, { filePath, namespace: "x" })
  );
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

Deno.test("an async store is for functions that return promises, by their types", async () => {
  const store = toAsyncStore(new MemoryStore());
  const later = async (x: number): Promise<number> => await Promise.resolve(x);
  const sync = (x: number): number => x;
  assertEquals(await typed<Promise<number>>(CacheDict.decorate(later, { store })(1)), 1);
  assertEquals(await SingleValueCache.decorate(later, { store })(1), 1);
  assertEquals(await checkpoint(later, { store, uses: () => ({}) })(1), 1);
  assertEquals(await CacheDict.decorate({ store })(later)(1), 1);
  assertEquals(await SingleValueCache.decorate({ store })(later)(1), 1);
  assertEquals(await checkpoint({ store, uses: () => ({}) })(later)(1), 1);
  const generic = CacheDict.decorate(async function same<T>(x: T): Promise<T> {
    return await Promise.resolve(x);
  }, { store });
  assertEquals(typed<{ a: number }>(await generic({ a: 1 })).a, 1);
  // A local store is for all of them.
  const local: DecorateOptions<(x: number) => number> = { store: new MemoryStore() };
  assertEquals(CacheDict.decorate(sync, local)(1), 1);
  const dict = new AsyncCacheDict<number>({ store });
  assertEquals(await typed<Promise<number>>(dict.decorate(later, { namespace: "a" })(2)), 2);
  assertThrows(() => {
    // @ts-expect-error a sync function
    CacheDict.decorate(sync, { store });
  }, TypeError);
  assertThrows(() => {
    // @ts-expect-error a sync function
    SingleValueCache.decorate(sync, { store });
  }, TypeError);
  assertThrows(() => {
    // @ts-expect-error a sync function
    checkpoint(sync, { store });
  }, TypeError);
  assertThrows(() => {
    // @ts-expect-error a sync function
    CacheDict.decorate({ store })(sync);
  }, TypeError);
  assertThrows(() => {
    // @ts-expect-error a sync function
    dict.decorate(sync);
  }, TypeError);
  assertThrows(() => {
    // @ts-expect-error a dictionary that answers at once
    new CacheDict(undefined, { store });
  }, TypeError);
});

Deno.test("CachedFunction is that of the function when the options are in a variable without type arguments", async () => {
  const options: DecorateOptions = { filePath };
  const one = CacheDict.decorate(function one(x: number) {
    return x;
  }, options);
  assertEquals(typed<number>(one(1)), 1);
  using cache = new CacheDict(filePath);
  const two = cache.decorate(function two(x: number) {
    return x;
  }, { access: "rew" } as DecorateOptions);
  assertEquals(typed<number>(two(2)), 2);
  const late = new AsyncCacheDict({ store: new MemoryStore() }).decorate(async function three() {
    return await Promise.resolve(3);
  }, {} as Omit<DecorateOptions, "store">);
  assertEquals(typed<number>(await late()), 3);
});
