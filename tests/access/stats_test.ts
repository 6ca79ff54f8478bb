// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CacheDict,
  type CacheError,
  type CacheStats,
  type FunctionCounts,
  SingleValueCache,
  type StoredValue,
} from "@pecapiku/cache";
import { checkpoint, FileCache } from "@pecapiku/cache/checkpoint";
import { DirectoryStore, MemoryStore } from "@pecapiku/cache/stores";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

/** Hits, misses, stores and evictions. */
function numbers({ session }: CacheStats): number[] {
  return [session.hits, session.misses, session.stores, session.evictions];
}

/** Those in total. */
function totals({ total }: CacheStats): number[] | undefined {
  return total && [total.hits, total.misses, total.stores, total.evictions];
}

Deno.test("stats() of a cached function counts what that function did", () => {
  const filePath = tempFile();
  const square = CacheDict.decorate(function square(x: number) {
    return x * x;
  }, { filePath });
  const cube = CacheDict.decorate(function cube(x: number) {
    return x ** 3;
  }, { filePath });
  assertEquals([square.stats().entries, numbers(square.stats())], [0, [0, 0, 0, 0]]);
  for (const x of [1, 2, 1, 1]) square(x);
  cube(1);
  square.rerun(2);
  assertEquals(numbers(square.stats()), [2, 2, 3, 0]);
  assertEquals(numbers(cube.stats()), [0, 1, 1, 0]);
  assertEquals([square.stats().functionName, cube.stats().entries], ["square", 3]);
  assertEquals(square.stats().location, filePath);

  // has() and delete() look nothing up, get() does.
  square.has(1);
  square.get(1);
  square.get(9);
  square.delete(9);
  square.delete(1);
  assertEquals(numbers(square.stats()), [3, 3, 3, 0]);

  const cache = new CacheDict(filePath, { access: "r" });
  assertEquals(numbers(cache.stats()), [3, 4, 4, 0], "the file's are those of all");
  assertEquals(cache.stats().functionName, undefined);
});

Deno.test("stats() of a function counts by itself, and in total by name", () => {
  const filePath = tempFile();
  const make = () =>
    CacheDict.decorate(function f(x: number) {
      return x;
    }, { filePath });
  const [one, two] = [make(), make()];
  one(1);
  two(1);
  assertEquals([numbers(one.stats()), numbers(two.stats())], [[0, 1, 1, 0], [1, 0, 0, 0]]);
  assertEquals([totals(one.stats()), totals(two.stats())], [[1, 1, 1, 0], [1, 1, 1, 0]]);
});

Deno.test("stats() adds up how long the evaluations took whose results were found", () => {
  let time = 0;
  const filePath = tempFile();
  const cache = new CacheDict<number>(filePath, { writeThrough: true });
  using _ = stubNow(() => time);
  const slow = cache.decorate(function slow(x: number) {
    time += 100 * x;
    return x;
  });
  for (const x of [1, 2, 1, 2, 2]) slow(x);
  assertEquals(slow.stats().session.savedMilliseconds, 500);
  cache.getOrInsertComputed("x", () => {
    time += 7;
    return 1;
  });
  cache.get("x");
  assertEquals(cache.stats().session.savedMilliseconds, 507);
  // In another process, the time is known from the file.
  const later = CacheDict.decorate(slow.fn, { filePath });
  later(2);
  assertEquals(later.stats().session.savedMilliseconds, 200);
});

Deno.test("stats() counts entries that are too old, damaged or evicted as misses", () => {
  let now = 1_000;
  const filePath = tempFile();
  const options = { filePath, ttl: 100, maxEntries: 2, now: () => now };
  const f = CacheDict.decorate(function f(x: number) {
    return x;
  }, options);
  f(1);
  f(1);
  now += 100;
  f(1);
  assertEquals(numbers(f.stats()), [1, 2, 2, 0], "it was overwritten");
  for (const x of [2, 3, 4]) f(x);
  assertEquals(numbers(f.stats()), [1, 5, 5, 2]);
  f(1);
  assertEquals(numbers(f.stats()), [1, 6, 6, 3]);
  assertEquals(f.stats().entries, 2);
  now += 101;
  f(9);
  assertEquals(numbers(f.stats()), [1, 7, 7, 5], "a commit removes what is too old");

  const path = tempFile();
  const text = CacheDict.decorate(() => "long ".repeat(100), { filePath: path, outerKey: "x" });
  text();
  const bytes = Deno.readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  Deno.writeFileSync(path, bytes);
  using warnings = collectWarnings();
  const again = CacheDict.decorate(text.fn, { filePath: path, outerKey: "x" });
  again();
  assertEquals([numbers(again.stats()), warnings.lines.length], [[0, 1, 1, 0], 1]);
});

Deno.test("stats() counts a call that waits for another one as a hit that saves no time", async () => {
  const f = CacheDict.decorate(async function f(x: number) {
    await Promise.resolve();
    return x;
  }, { store: new MemoryStore() });
  assertEquals(await Promise.all([f(1), f(1), f(1)]), [1, 1, 1]);
  assertEquals(numbers(f.stats()), [2, 1, 1, 0]);
  assertEquals(f.stats().session.savedMilliseconds, 0);
  const failing = CacheDict.decorate(async function failing(): Promise<never> {
    await Promise.resolve();
    throw new Error("mine");
  }, { store: new MemoryStore() });
  await Promise.allSettled([failing(), failing()]);
  assertEquals(numbers(failing.stats()), [0, 1, 0, 0]);
});

Deno.test("stats() goes by the access that is granted", () => {
  const filePath = tempFile();
  const f = (x: number) => x;
  const stats = (access: "e" | "ew" | "re" | "r" | "w") =>
    CacheDict.decorate(f, { filePath, access, outerKey: access });
  stats("e")(1);
  const e = stats("e").stats();
  assertEquals([e.entries, e.bytes, e.total, numbers(e)], [0, undefined, undefined, [0, 0, 0, 0]]);
  assertThrows(() => Deno.statSync(filePath), Deno.errors.NotFound);
  const ew = stats("ew");
  ew(1);
  assertEquals([numbers(ew.stats()), ew.stats().entries], [[0, 0, 1, 0], 0]);
  const re = stats("re");
  re(1);
  assertEquals([numbers(re.stats()), re.stats().entries], [[0, 1, 0, 0], 1]);
  const r = stats("r");
  try {
    r(1);
  } catch {
    // There is nothing, and it may not be evaluated.
  }
  assertEquals(numbers(r.stats()), [0, 1, 0, 0]);
});

Deno.test("CacheDict.stats() counts what is committed, and works after the block", () => {
  const filePath = tempFile();
  const cache = new CacheDict<number>(filePath, { maxEntries: 2 });
  for (let x = 0; x < 3; x++) cache.set(x, x);
  cache.get(0);
  cache.get(7);
  assertEquals([numbers(cache.stats()), cache.stats().entries], [[1, 1, 0, 0], 0]);
  cache[Symbol.dispose]();
  assertEquals([numbers(cache.stats()), cache.stats().entries], [[1, 1, 3, 1], 2]);
  const { bytes, bytesLive, bytesDead } = cache.stats();
  assertEquals(bytes, Deno.statSync(filePath).size);
  assert(bytesLive! + bytesDead! <= bytes!);
});

Deno.test("SingleValueCache.stats() and those of checkpoints count alike", () => {
  const single = new SingleValueCache(tempFile());
  const answer = single.decorate(() => 42);
  for (let time = 0; time < 3; time++) answer();
  assertEquals([numbers(single.stats()), numbers(answer.stats())], [[2, 1, 1, 0], [2, 1, 1, 0]]);
  assertEquals([single.stats().entries, single.stats().total?.hits], [1, 2]);

  const directory = Deno.makeTempDirSync();
  const square = checkpoint({ directory })((x: number) => x * x);
  for (const x of [1, 2, 1]) square(x);
  assertEquals([numbers(square.stats()), square.stats().entries], [[1, 2, 2, 0], 2]);

  const files = new FileCache(directory);
  files.save("x", 1);
  files.retrieve("x");
  assertEquals(numbers(files.stats()), [1, 0, 1, 0]);
});

Deno.test("stats() tells of other stores what they know", () => {
  const run = (store: MemoryStore | DirectoryStore | RecordingStore) => {
    const f = CacheDict.decorate(function f(x: number) {
      return x;
    }, { store, maxEntries: 1 });
    for (const x of [1, 1, 2]) f(x);
    return new CacheDict(undefined, { store }).stats();
  };
  const memory = run(new MemoryStore());
  assertEquals([numbers(memory), totals(memory)], [[1, 2, 2, 1], [1, 2, 2, 1]]);
  assert(memory.bytesLive! > 0);
  const directory = run(new DirectoryStore(Deno.makeTempDirSync()));
  assertEquals([numbers(directory), totals(directory)], [[1, 2, 2, 1], undefined]);
  assert(directory.bytesLive! > 100);
  // One of a person's own that tells nothing.
  const own = run(new RecordingStore());
  assertEquals([numbers(own), totals(own), own.bytes], [[1, 2, 2, 0], undefined, undefined]);
  assertEquals([own.entries, own.location], [1, "recording"]);
});

Deno.test("stats() throws, warns or says nothing when the file can't be read, as onError says", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const make = (onError: "raise" | "warn" | "ignore") =>
    CacheDict.decorate(function f(x: number) {
      return x;
    }, { filePath, onError });
  const error = assertThrows(() => make("raise").stats()) as CacheError;
  assertEquals([error.name, error.filePath], ["CacheFormatError", filePath]);
  assertThrows(() => new CacheDict(filePath).stats());
  using warnings = collectWarnings();
  const { entries, bytes } = make("warn").stats();
  assertEquals([entries, bytes, warnings.lines.length], [0, undefined, 1]);
  assertEquals(make("ignore").stats().entries, 0);
  assertEquals(new CacheDict(filePath, { onError: "ignore" }).stats().total, undefined);
  assertEquals(warnings.lines.length, 1);
});

Deno.test("stats() is plain data, and JSON", () => {
  const stats = new CacheDict(undefined, { store: new MemoryStore() }).stats();
  const counts = { hits: 0, misses: 0, stores: 0, evictions: 0, savedMilliseconds: 0 };
  assertEquals(JSON.parse(JSON.stringify(stats)), {
    location: "memory",
    entries: 0,
    bytes: 0,
    bytesLive: 0,
    bytesDead: 0,
    session: counts,
    total: counts,
  });
});

Deno.test("a function's own property named stats does not hide the handle", () => {
  const f = Object.assign((x: number) => x, { stats: 1 });
  const cached = CacheDict.decorate(f, { store: new MemoryStore(), innerKey: "x" });
  assertEquals(numbers(cached.stats()), [0, 0, 0, 0]);
});

/** Replaces the clock that evaluations are measured by. */
function stubNow(now: () => number): Disposable {
  const original = performance.now;
  performance.now = now;
  return {
    [Symbol.dispose](): void {
      performance.now = original;
    },
  };
}

Deno.test("stats() counts a stream, a call with samples, and an error, as a CacheDict does", async () => {
  const store = new MemoryStore();
  const options = { store, cacheErrors: () => true };
  const count = CacheDict.decorate(function* count() {
    yield* [1, 2, 3];
  }, { store });
  const draw = CacheDict.decorate(() => Math.random(), { ...options, samples: 3 });
  const fail = CacheDict.decorate(async function fail() {
    return await Promise.reject(new RangeError("mine"));
  }, options);
  assertEquals([...count(), ...count()], [1, 2, 3, 1, 2, 3]);
  for (let i = 0; i < 4; i++) draw();
  for (let i = 0; i < 2; i++) await assertRejects(() => fail(), RangeError);
  using cache = new CacheDict(undefined, { store });
  assertEquals([cache.size, cache.stats().entries, count.stats().entries], [2, 2, 2]);
  const { hits, misses, stores } = cache.stats().session;
  assertEquals({ hits, misses, stores }, { hits: 3, misses: 5, stores: 5 });
});

Deno.test("stats() takes a duration that can't be for none, and commits go on", () => {
  class Strange extends MemoryStore {
    counted = 0;
    override get(digest: string): StoredValue | undefined {
      const found = super.get(digest);
      return found && { ...found, duration: Number.MAX_VALUE };
    }
    count(counts: readonly FunctionCounts[]): void {
      for (const { savedMilliseconds } of counts) assert(savedMilliseconds < Infinity);
      this.counted += counts.length;
    }
  }
  const store = new Strange();
  let time = 0;
  const same = CacheDict.decorate((x: number) => x, { store, now: () => time });
  for (let i = 0; i < 3; i++) assertEquals(same(1), 1);
  time += 3_600_000;
  assertEquals([same(2), store.counted], [2, 1]);
  assertEquals(same.stats().session.savedMilliseconds, 0);
});
