// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { type CachedFunction, CacheDict, SingleValueCache } from "@pecapiku/cache";
import type { Limits } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";
import { type RunResult, runScript } from "./_run_script.ts";
import { STORES } from "./_stores.ts";

function square(x: number): number {
  return x * x;
}

/** Which of some arguments have an entry. */
function cachedOf(f: CachedFunction<(x: number) => number>, ...args: number[]): number[] {
  return args.filter((x) => f.has(x));
}

for (const { name, make } of STORES) {
  Deno.test(`maxEntries keeps the results of a function that were used last (${name})`, () => {
    const store = make()();
    const f = CacheDict.decorate(square, { store, maxEntries: 3 });
    for (const x of [1, 2, 3]) f(x);
    f(1);
    f.get(2);
    // To ask whether it is there is no use of it.
    f.has(3);
    f(4);
    assertEquals(cachedOf(f, 1, 2, 3, 4), [1, 2, 4]);
    f.rerun(1);
    f(5);
    assertEquals(cachedOf(f, 1, 2, 4, 5), [1, 4, 5]);
    assertEquals(store.size, 3);
    f.delete(4);
    f(6);
    assertEquals(cachedOf(f, 1, 5, 6), [1, 5, 6]);
  });

  Deno.test(`maxEntries of a function counts and evicts its own entries only (${name})`, () => {
    const store = make()();
    using cache = new CacheDict<number>(undefined, { store });
    cache.set("by hand", 1).set("too", 2).flush();
    const f = CacheDict.decorate(square, { store, maxEntries: 2 });
    const g = CacheDict.decorate(function other(x: number) {
      return -x;
    }, { store });
    const nameless = CacheDict.decorate((() => (x: number) => x)(), { store, maxEntries: 1 });
    for (const x of [1, 2, 3, 4]) {
      f(x);
      g(x);
      nameless(x);
    }
    assertEquals([cachedOf(f, 1, 2, 3, 4), cachedOf(g, 1, 2, 3, 4)], [[3, 4], [1, 2, 3, 4]]);
    assertEquals(cachedOf(nameless, 1, 2, 3, 4), [4]);
    assertEquals([cache.get("by hand"), cache.get("too"), store.size], [1, 2, 9]);
  });

  Deno.test(`maxBytes keeps the results of a function that were used last (${name})`, () => {
    const store = make()();
    const f = CacheDict.decorate((x: number) => "x".repeat(1000) + x, { store, maxBytes: 5000 });
    for (const x of [1, 2, 3]) f(x);
    assertEquals(f.has(1), true);
    f(1);
    for (const x of [4, 5]) f(x);
    assertEquals([1, 2, 5].map((x) => f.has(x)), [true, false, true]);
    assert(store.size === 3 || store.size === 4);
  });

  Deno.test(`maxBytes keeps no result that takes more by itself, and evicts none for it (${name})`, () => {
    const store = make()();
    using warnings = collectWarnings();
    let evaluations = 0;
    const f = CacheDict.decorate((x: number) => {
      evaluations++;
      return "x".repeat(x);
    }, { store, maxBytes: 5000 });
    assertEquals([f(10).length, f(20).length, f(10_000).length, f(10_000).length], [
      10,
      20,
      10_000,
      10_000,
    ]);
    assertEquals([10, 20, 10_000].map((x) => f.has(x)), [true, true, false]);
    assertEquals([evaluations, warnings.lines.length], [4, 1]);
  });

  Deno.test(`a cached function of a dictionary with limits keeps its whole store within them (${name})`, () => {
    const store = make()();
    const cache = new CacheDict<number>(undefined, { store, maxEntries: 4, writeThrough: true });
    cache.set("by hand", 1);
    const f = cache.decorate(square, { maxEntries: 2 });
    const g = cache.decorate(function other(x: number) {
      return -x;
    });
    for (const x of [1, 2, 3]) f(x);
    assertEquals([cachedOf(f, 1, 2, 3), store.size], [[2, 3], 3]);
    cache.get("by hand");
    for (const x of [1, 2]) g(x);
    assertEquals([cachedOf(f, 2, 3), cachedOf(g, 1, 2)], [[3], [1, 2]]);
    f(5);
    assertEquals([cachedOf(f, 3, 5), cachedOf(g, 1, 2), cache.has("by hand")], [[5], [1, 2], true]);
    g(3);
    assertEquals([cachedOf(g, 1, 2, 3), cache.has("by hand"), store.size], [[1, 2, 3], false, 4]);
  });

  Deno.test(`what was used is known after a restart (${name})`, () => {
    const open = make();
    {
      const store = open();
      const f = CacheDict.decorate(square, { store, maxEntries: 3 });
      for (const x of [1, 2, 3]) f(x);
      f(1);
      // A commit of anybody in the process writes it.
      CacheDict.with(undefined, { store }, (cache) => cache.set("x", 1));
    }
    const f = CacheDict.decorate(square, { store: open(), maxEntries: 3 });
    f(4);
    assertEquals(cachedOf(f, 1, 2, 3, 4), [1, 3, 4]);
  });
}

Deno.test("what was used stays known when somebody else opens the same file", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const f = CacheDict.decorate(square, { filePath, maxEntries: 3 });
  for (const x of [1, 2, 3]) f(x);
  f(1);
  assertEquals(new CacheDict(filePath).size, 3);
  f(4);
  assertEquals(cachedOf(f, 1, 2, 3, 4), [1, 3, 4]);
});

/** The limits of each commit that a store was asked for. */
function limitsOf(store: RecordingStore): (Limits | undefined)[] {
  // What is not limited is as if it were not given.
  return store.commits.map(({ options }) => options?.limits)
    .map((limits) => limits && JSON.parse(JSON.stringify(limits)));
}

Deno.test("a cached function passes its limits, with its name, to each commit", () => {
  const store = new RecordingStore();
  const options = { store, now: () => 1000 };
  const f = CacheDict.decorate(square, { ...options, maxEntries: 7, maxBytes: 5000, ttl: 10 });
  f(1);
  f.delete(1);
  CacheDict.decorate(square, { ...options, ttl: 10 })(2);
  CacheDict.decorate((() => (x: number) => x)(), { ...options, maxBytes: 5000 })(3);
  CacheDict.decorate(square, options)(4);
  const functionName = "square";
  assertEquals(limitsOf(store), [
    { functionName, maxEntries: 7, maxBytes: 5000, writtenSince: 990 },
    { functionName, maxEntries: 7, maxBytes: 5000, writtenSince: 990 },
    { functionName, writtenSince: 990 },
    { functionName: "(anonymous)", maxBytes: 5000 },
    undefined,
  ]);
});

Deno.test("a cached function of a dictionary passes the limits of both, its own first", () => {
  const store = new RecordingStore();
  const cache = new CacheDict(undefined, {
    ...{ store, now: () => 1000 },
    ...{ maxEntries: 100, maxBytes: 9000, ttl: 500 },
  });
  cache.decorate(square)(1);
  cache.decorate(square, { maxEntries: 7 })(2);
  cache.decorate(square, { maxBytes: 99_000, ttl: 10 })(3);
  assertEquals(store.commits.map(({ changes }) => changes.length), [1, 1, 0, 1, 0]);
  const whole = { maxEntries: 100, maxBytes: 9000, writtenSince: 500 };
  const functionName = "square";
  assertEquals(limitsOf(store), [
    whole,
    { functionName, maxEntries: 7, maxBytes: 9000 },
    whole,
    { functionName, maxBytes: 9000, writtenSince: 990 },
    { maxEntries: 100, maxBytes: 9000 },
  ]);
  // At another place there is no whole that the dictionary speaks for.
  const other = new RecordingStore();
  cache.decorate(square, { store: other, maxBytes: 5000 })(1);
  assertEquals(limitsOf(other), [
    { functionName, maxEntries: 100, maxBytes: 5000, writtenSince: 500 },
  ]);
});

Deno.test("sync is passed on beside limits, to each commit of the two", () => {
  const store = new RecordingStore();
  const cache = new CacheDict(undefined, { store, maxEntries: 100, sync: "commit" });
  cache.decorate(square, { maxEntries: 7 })(2);
  assertEquals(store.commits.map(({ options }) => options?.sync), ["commit", "commit"]);
});

Deno.test("SingleValueCache passes maxBytes and ttl on, and takes maxEntries for granted", () => {
  const store = new RecordingStore();
  const options = { store, now: () => 1000, maxEntries: 5 };
  const f = SingleValueCache.decorate(square, options);
  assertEquals([f(3), f(4)], [9, 9]);
  SingleValueCache.decorate(square, { ...options, maxBytes: 5000, ttl: 10 }).rerun(1);
  assertEquals(limitsOf(store), [
    undefined,
    { functionName: "square", maxBytes: 5000, writtenSince: 990 },
  ]);
  assertEquals(store.touched, []);
});

Deno.test("hits are noted with maxEntries or maxBytes and w, and never otherwise", () => {
  const cases: [touches: number, options: object][] = [
    [2, { maxEntries: 5 }],
    [2, { maxBytes: 5000 }],
    [2, { maxEntries: 5, access: "rw" }],
    [0, {}],
    [0, { ttl: 1000 }],
    [0, { sync: "commit" }],
    [0, { maxEntries: 5, access: "r" }],
    [0, { maxEntries: 5, access: "re" }],
    [0, { maxEntries: 5, access: "ew" }],
  ];
  for (const [touches, options] of cases) {
    const store = new RecordingStore();
    CacheDict.decorate(square, { store })(2);
    const f = CacheDict.decorate(square, { store, ...options });
    f.get(2);
    try {
      f(2);
    } catch {
      // It may not evaluate.
    }
    assertEquals(store.touched.length, touches, Deno.inspect(options));
  }
});

Deno.test("a miss, a damaged entry and one that is too old are not noted", () => {
  const store = new RecordingStore();
  const clock = { time: 1000 };
  const f = CacheDict.decorate(square, { store, maxEntries: 5, ttl: 10, now: () => clock.time });
  f(1);
  clock.time = 1010;
  [f.get(1), f.get(2), f.has(1), f(1)];
  assertEquals(store.touched, []);
});

Deno.test("hits are written after at most a thousand, and with the next commit", () => {
  const store = new RecordingStore();
  const f = CacheDict.decorate(square, { store, maxEntries: 5 });
  const g = CacheDict.decorate(square, { store, maxBytes: 50_000 });
  f(1);
  for (let time = 0; time < 999; time++) (time % 2 ? f : g)(1);
  assertEquals([store.touched.length, store.commits.length], [999, 1]);
  f(1);
  assertEquals([store.commits.length, store.emptyCommits], [2, 1]);
  assertEquals(store.commits[1]!.options, undefined);
  // Any commit writes them: the count begins anew.
  for (let time = 0; time < 600; time++) f(1);
  g(2);
  for (let time = 0; time < 999; time++) f(1);
  assertEquals(store.emptyCommits, 1);
  f(1);
  assertEquals(store.emptyCommits, 2);
});

Deno.test("a hit is a hit when its use can't be noted or written, said once as onError says", () => {
  for (const onError of ["raise", "warn", "ignore"] as const) {
    const store = new RecordingStore();
    const f = CacheDict.decorate(square, { store, maxEntries: 5, onError });
    f(3);
    using warnings = collectWarnings();
    store.commitError = new RangeError(`read-only, ${onError}`);
    for (let time = 0; time < 3000; time++) assertEquals(f(3), 9);
    assertEquals(warnings.lines.length, onError === "ignore" ? 0 : 1);
    assert(warnings.lines.every((line) => line.includes("recording") && line.includes(onError)));
    store.commitError = undefined;
    store.touchError = new RangeError(`closed, ${onError}`);
    for (let time = 0; time < 3000; time++) assertEquals([f(3), f.get(3)], [9, 9]);
    assertEquals(warnings.lines.length, onError === "ignore" ? 0 : 2);
    // Nothing was noted, so there is nothing to write.
    assertEquals(store.emptyCommits, 0);
  }
});

for (const { name, expression } of STORES) {
  if (expression === undefined) continue;
  const script = (options: string, call: string): string => `
    const store = ${expression};
    const f = cache.CacheDict.decorate(function f(x) { return x; }, { store, ...${options} });
    console.log(${call});`;

  Deno.test(`what was used is written when the process ends (${name})`, async () => {
    const permissions = ["--allow-read", "--allow-write"];
    for (
      const end of ["", "Deno.exit(0);", "setTimeout(() => { throw new Error('mine'); });"]
    ) {
      const args = [`${Deno.makeTempDirSync()}/a`];
      const run = async (call: string): Promise<string> => {
        const source = script("{ maxEntries: 3 }", call) + end;
        return (await runScript(source, { permissions, args })).stdout;
      };
      assertEquals(await run("[1, 2, 3].map((x) => f(x)).join()"), "1,2,3");
      assertEquals(await run("f(1)"), "1");
      assertEquals(
        await run("[f(4), ...[1, 2, 3].map((x) => f.has(x))].join()"),
        "4,true,false,true",
      );
    }
  });

  Deno.test(`nothing is written when the process ends without w, the permission, or limits and totals (${name})`, async () => {
    const args = [`${Deno.makeTempDirSync()}/a`];
    const permissions = ["--allow-read", "--allow-write"];
    const run = (options: string, permissions: string[]): Promise<RunResult> =>
      runScript(script(options, "f(1)"), { permissions, args });
    await run("{}", permissions);
    const before = bytesUnder(args[0]!);
    const quiet = { code: 0, stdout: "1", stderr: "" };
    const totals = `totals: "writers"`;
    for (
      const options of [
        `{ ${totals} }`,
        `{ ${totals}, ttl: 1e9 }`,
        `{ maxEntries: 3, access: "re" }`,
      ]
    ) {
      assertEquals(await run(options, permissions), quiet);
    }
    const refused = await run("{ maxEntries: 3 }", ["--allow-read"]);
    assertEquals([refused.code, refused.stdout], [0, "1"]);
    assert(refused.stderr.includes("Cannot note what is used of cache"), refused.stderr);
    assert(refused.stderr.includes("--allow-write"), refused.stderr);
    assertEquals(bytesUnder(args[0]!), before);
  });
}

/** All files of a store, with their content and the time when they were changed. */
function bytesUnder(path: string): unknown {
  const { isDirectory, mtime } = Deno.statSync(path);
  if (!isDirectory) return [mtime, Deno.readFileSync(path)];
  const names = Array.from(Deno.readDirSync(path), (entry) => entry.name).sort();
  return names.map((name) => [name, bytesUnder(`${path}/${name}`)]);
}
