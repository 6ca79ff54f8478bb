// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CacheDict,
  CacheError,
  CacheFormatError,
  CacheMissError,
  NoCache,
  SingleValueCache,
} from "@pecapiku/cache";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

Deno.test("SingleValueCache keeps one value, whatever the arguments and this", () => {
  const filePath = tempFile();
  let evaluations = 0;
  const f = SingleValueCache.decorate((x: unknown) => {
    evaluations++;
    return [x];
  }, { filePath });
  assert(f.get(1) instanceof NoCache);
  assertEquals([f(1), f(2), f.call(new Date(), 3), evaluations], [[1], [1], [1], 1]);
  assertEquals(f(Symbol()), [1]);
  assertEquals(SingleValueCache.get(filePath), [1]);
  assertEquals([f.rerun(5), f(1)], [[5], [5]]);
  assertEquals([f.keyFor(1) === f.keyFor(2), f.delete(1), f.has(1)], [true, true, false]);
  assert(SingleValueCache.get(filePath) instanceof NoCache);
});

Deno.test("SingleValueCache decorates as a decorator, on methods and from an instance", () => {
  const filePath = tempFile();
  let evaluations = 0;
  class Tool {
    @SingleValueCache.decorate({ filePath })
    heavy(x: number): number {
      evaluations++;
      return x;
    }
  }
  assertEquals([new Tool().heavy(1), new Tool().heavy(2), evaluations], [1, 1, 1]);
  const cache = new SingleValueCache(filePath, { access: "r" });
  assertEquals(cache.decorate((x: number) => x)(7), 1);
  assertEquals(cache.decorate()((x: number) => x)(7), 1);
  assertEquals(cache.decorate((x: number) => x, { access: "e" })(7), 7);
});

Deno.test("SingleValueCache.get() gives the value of an async function", async () => {
  const filePath = tempFile();
  const f = SingleValueCache.decorate(async () => await Promise.resolve({ a: 1 }), { filePath });
  assertEquals(await Promise.all([f(), f()]), [{ a: 1 }, { a: 1 }]);
  assertEquals(SingleValueCache.get(filePath), { a: 1 });
  const sync = SingleValueCache.decorate(() => Promise.resolve(2), { filePath: `${filePath}2` });
  assertEquals([await sync(), await sync()], [2, 2]);
  assertEquals(SingleValueCache.get(`${filePath}2`), 2);
});

Deno.test("SingleValueCache keeps its value under the key value", () => {
  const filePath = tempFile();
  SingleValueCache.decorate(() => 1, { filePath })();
  using cache = new CacheDict(filePath);
  assertEquals([...cache], [["value", 1]]);
});

Deno.test("SingleValueCache follows the access", async () => {
  const filePath = tempFile();
  const reading = SingleValueCache.decorate(() => 1, { filePath, access: "r" });
  assertThrows(() => reading(), CacheMissError);
  assertThrows(() => reading.rerun(), CacheError);
  const late = SingleValueCache.decorate(async () => await 1, { filePath, access: "r" });
  await assertRejects(() => late(), CacheMissError);
  const evaluating = SingleValueCache.decorate(() => 1, { filePath, access: "re" });
  assertEquals(evaluating(), 1);
  assertThrows(() => Deno.statSync(filePath), Deno.errors.NotFound);
});

Deno.test("SingleValueCache throws a TypeError when there is no path or an option is wrong", () => {
  const untyped = SingleValueCache as unknown as {
    new (...args: unknown[]): unknown;
    decorate(...args: unknown[]): unknown;
    get(...args: unknown[]): unknown;
  };
  const fn = () => 1;
  assertThrows(() => new untyped(), TypeError, "filePath is missing");
  assertThrows(() => untyped.decorate(fn), TypeError, "filePath is missing");
  assertThrows(() => untyped.decorate(fn, {}), TypeError, "filePath is missing");
  assertThrows(() => untyped.decorate({}), TypeError, "filePath is missing");
  assertThrows(() => untyped.decorate(), TypeError, "filePath is missing");
  assertThrows(() => untyped.get(), TypeError, "filePath is missing");
  assertThrows(() => untyped.get("../a"), TypeError);
  assertThrows(() => new untyped("a.cache", { access: "x" }), TypeError);
  assertThrows(() => untyped.decorate(fn, { filePath: "a.cache", access: "x" }), TypeError);
});

Deno.test("SingleValueCache.get() raises CacheFormatError when it is not a cache file", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  assertThrows(() => SingleValueCache.get(filePath), CacheFormatError);
  assert(SingleValueCache.get(filePath, { onError: "ignore" }) instanceof NoCache);
});
