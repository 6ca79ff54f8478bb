// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CacheDict,
  cachedMethod,
  CacheError,
  CallKey,
  NoCache,
  SingleValueCache,
  UncacheableKeyError,
  UncacheableValueError,
} from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";

/** A handle as a program without types may use it. */
function primeOf(cached: unknown): (...given: unknown[]) => unknown {
  return (cached as { prime: AnyFunction }).prime as (...given: unknown[]) => unknown;
}

Deno.test("prime() stores a value that the next call gives, and does not evaluate", () => {
  let evaluations = 0;
  const store = new MemoryStore();
  const f = CacheDict.decorate((x: number) => {
    evaluations++;
    return { x };
  }, { store });
  const given = { x: 7 };
  assertEquals(f.prime([1], given), undefined);
  given.x = 8;
  assertEquals([f(1), f.get(1), f.has(1), evaluations], [{ x: 7 }, { x: 7 }, true, 0]);
  const [info] = [...store.entries()];
  assertEquals([info!.functionName, info!.duration, info!.promised], ["(anonymous)", 0, false]);
  assertEquals(info!.digest, f.keyFor(1));
});

Deno.test("prime() stores under the name of the function, with the key of a call", () => {
  const store = new MemoryStore();
  const square = CacheDict.decorate(function square(x: number) {
    return x * x;
  }, { store });
  square.prime([3], 9);
  using cache = new CacheDict(undefined, { store });
  assertEquals([...cache.keys()].map(String), [`${new CallKey("square", square.keyFor(3), "3")}`]);
  assertEquals([...store.entries()][0]!.functionName, "square");
});

Deno.test("prime() replaces what is stored", () => {
  const f = CacheDict.decorate((x: number) => x, { store: new MemoryStore() });
  f(1);
  f.prime([1], 2);
  assertEquals(f(1), 2);
  assertEquals(f.rerun(1), 1);
  assertEquals(f(1), 1);
});

Deno.test("prime() of an async function takes a value or a promise, and a hit gives a promise", async () => {
  const f = CacheDict.decorate(
    async (x: number): Promise<number> => await Promise.reject(new Error(`evaluated ${x}`)),
    { store: new MemoryStore() },
  );
  const done: Promise<void> = f.prime([1], 10);
  assert(done instanceof Promise);
  assertEquals(await done, undefined);
  await f.prime([2], Promise.resolve(20));
  // Anything that `await` takes for a promise, as an async function itself would.
  await primeOf(f)([3], { then: (resolve: (value: number) => void) => resolve(30) });
  const hit = f(1);
  assert(hit instanceof Promise);
  assertEquals([await hit, await f(2), await f(3)], [10, 20, 30]);
});

Deno.test("prime() passes a rejection through, and stores nothing", async () => {
  const store = new MemoryStore();
  const late = CacheDict.decorate(async (x: number) => await Promise.resolve(x), { store });
  await assertRejects(() => late.prime([1], Promise.reject(new RangeError("no"))), RangeError);
  const sync = CacheDict.decorate((x: number) => Promise.resolve(x), { store });
  await assertRejects(
    () => Promise.resolve(sync.prime([1], Promise.reject(new RangeError("no")))),
    RangeError,
  );
  assertEquals(store.size, 0);
});

Deno.test("prime() of a sync function stores a promise as promised when it is there", async () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate((x: number): Promise<number> => Promise.reject(x), { store });
  const done = f.prime([1], Promise.resolve(5));
  assertEquals(await f.has(1), false);
  assertEquals(await done, undefined);
  assert(f(1) instanceof Promise);
  assertEquals(await f(1), 5);
});

Deno.test("prime() keeps the key of when it was called when the arguments change until the value is there", async () => {
  const f = CacheDict.decorate(async (x: number[]) => await Promise.resolve(x.length), {
    store: new MemoryStore(),
  });
  const list = [1];
  const done = f.prime([list], Promise.resolve(5));
  list.push(2);
  await done;
  assertEquals([await f([1]), await f.has([1, 2])], [5, false]);
});

Deno.test("prime() takes this by call, and a key of its own", () => {
  const store = new MemoryStore();
  class Scale {
    constructor(readonly factor: number) {}
    @CacheDict.decorate({ store })
    apply(x: number): number {
      return this.factor * x;
    }
    @CacheDict.decorate({ store, innerKey: "[self.factor, x]" })
    keyed(x: number): number {
      return this.factor * x;
    }
  }
  const [two, three] = [new Scale(2), new Scale(3)];
  cachedMethod(two.apply).prime.call(two, [1], 100);
  cachedMethod(two.keyed).prime.call(two, [1], 200);
  assertEquals([two.apply(1), three.apply(1)], [100, 3]);
  assertEquals([two.keyed(1), three.keyed(1)], [200, 3]);
  using cache = new CacheDict(undefined, { store });
  assertEquals(cache.get([2, 1]), 200);
});

Deno.test("prime() of a SingleValueCache stores the one value", () => {
  const store = new MemoryStore();
  const answer = SingleValueCache.decorate(() => 1, { store });
  answer.prime([], 42);
  assertEquals([answer(), SingleValueCache.get(undefined, { store })], [42, 42]);
});

Deno.test("prime() throws without the right to write, and needs no other", async () => {
  const store = new MemoryStore();
  for (const access of ["r", "e", "re"] as const) {
    const f = CacheDict.decorate((x: number) => x, { store, access });
    assertThrows(() => f.prime([1], 2), CacheError, `does not grant "w"`);
    const late = CacheDict.decorate(async (x: number) => await Promise.resolve(x), {
      store,
      access,
    });
    const done = late.prime([1], 2);
    await assertRejects(() => done, CacheError, `does not grant "w"`);
    // What came of the promise is not an error that nobody takes care of.
    await assertRejects(() => late.prime([1], Promise.reject(new Error("no"))), CacheError);
  }
  assertEquals(store.size, 0);
  CacheDict.decorate((x: number) => x, { store, access: "w" }).prime([1], 2);
  assertEquals(store.size, 1);
});

Deno.test("prime() refuses arguments that are no array, and the marker for nothing", async () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate(function f(x: number) {
    return x;
  }, { store });
  for (const [given, shown] of [[1, "1"], [undefined, "undefined"], [{ length: 1 }, "an object"]]) {
    assertThrows(
      () => primeOf(f)(given, 2),
      TypeError,
      `Cannot prime f: expected an array of arguments: ${shown}`,
    );
  }
  const nothing = f.get(1);
  assert(nothing instanceof NoCache);
  assertThrows(() => primeOf(f)([1], nothing), TypeError, "not a result: <NoCache object>");
  const late = CacheDict.decorate(async (x: number) => await Promise.resolve(x), { store });
  await assertRejects(() => primeOf(late)([1], nothing) as Promise<void>, TypeError);
  assertEquals(store.size, 0);
});

Deno.test("prime() refuses what the codec refuses, by onError, and keeps nothing older", () => {
  const store = new MemoryStore();
  const options = { store, outerKey: "key" };
  const make = (onError: "raise" | "warn" | "ignore") =>
    CacheDict.decorate((): unknown => 1, { ...options, onError });
  for (const onError of ["raise", "warn", "ignore"] as const) {
    using warnings = collectWarnings();
    const f = make(onError);
    f();
    const value = () => 1;
    if (onError === "raise") {
      const error = assertThrows(() => f.prime([], value), UncacheableValueError);
      assertEquals(error.value, value);
    } else f.prime([], value);
    assertEquals([f.has(), warnings.lines.length], [false, onError === "warn" ? 1 : 0]);
  }
});

Deno.test("prime() refuses what has no key by onError, and passes a rejection through all the same", async () => {
  using warnings = collectWarnings();
  const store = new MemoryStore();
  const raises = CacheDict.decorate((_: unknown) => 1, { store });
  assertThrows(() => raises.prime([new WeakMap()], 1), UncacheableKeyError, "args[0]");
  const warns = CacheDict.decorate(async (_: unknown) => await Promise.resolve(1), {
    store,
    onError: "warn",
  });
  await warns.prime([new WeakMap()], 1);
  await assertRejects(
    () => warns.prime([new WeakMap()], Promise.reject(new RangeError("no"))),
    RangeError,
  );
  assertEquals([warnings.lines.length, store.size], [1, 0]);
});

Deno.test("prime() reports a failed write by onError", () => {
  using warnings = collectWarnings();
  const store = new RecordingStore();
  store.commitError = new Error("disk full");
  const make = (onError: "raise" | "warn") =>
    CacheDict.decorate((x: number) => x, { store, onError });
  assertThrows(() => make("raise").prime([1], 1), CacheError, "disk full");
  make("warn").prime([1], 1);
  assertEquals(warnings.lines.length, 1);
});

Deno.test("prime() keeps to the limits of the function", () => {
  const f = CacheDict.decorate((x: number) => x, { store: new MemoryStore(), maxEntries: 2 });
  for (const x of [1, 2, 3]) f.prime([x], -x);
  assertEquals([1, 2, 3].map((x) => f.has(x)), [false, true, true]);
});
