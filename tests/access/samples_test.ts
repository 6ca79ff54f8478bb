// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheDict, cachedMethod, CacheError, NoCache, SingleValueCache } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { errorDigest, NOTICE, sampleDigest } from "../../src/access/entry_parts.ts";
import { deriveDigest } from "../../src/keys/derive_digest.ts";
import type { Store } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { sizeOf } from "./_size_of.ts";
import { runScript } from "./_run_script.ts";
import { STORES } from "./_stores.ts";

/** A function that gives another value at each evaluation: 1, 2, and so on. */
function drawing(store: Store, options: object = { samples: 3 }) {
  const counter = { evaluations: 0 };
  const draw = CacheDict.decorate(function draw(_key: string): number {
    return ++counter.evaluations;
  }, { store, ...options });
  return { counter, draw };
}

for (const { name, make } of STORES) {
  Deno.test(`samples are evaluated once each, and served in turn (${name})`, () => {
    const store = make()();
    const { counter, draw } = drawing(store);
    const calls = (key: string, count: number) => Array.from({ length: count }, () => draw(key));
    assertEquals(calls("a", 7), [1, 2, 3, 1, 2, 3, 1]);
    // Each key has turns of its own.
    assertEquals([...calls("b", 4), draw("a")], [4, 5, 6, 4, 2]);
    assertEquals(counter.evaluations, 6);
    assertEquals(store.size, 6 + 1);
  });
}

Deno.test("samples start with the first one in each process", async () => {
  const path = `${Deno.makeTempDirSync()}/a.cache`;
  const script = `
    const draw = cache.CacheDict.decorate(() => Math.random(), {
      filePath: Deno.args[0], samples: 3, innerKey: "1",
    });
    console.log(JSON.stringify(Array.from({ length: Number(Deno.args[1]) }, () => draw())));
  `;
  const run = async (count: number): Promise<number[]> => {
    const { stdout, stderr } = await runScript(script, {
      args: [path, `${count}`],
      permissions: ["-R", "-W"],
    });
    assertEquals(stderr, "");
    return JSON.parse(stdout);
  };
  // The first run was stopped after two of five calls.
  const first = await run(2);
  const [second, third] = [await run(5), await run(5)];
  assertEquals(second.slice(0, 2), first);
  assertEquals(new Set(second).size, 3);
  assertEquals(second.slice(3), second.slice(0, 2));
  assertEquals(third, second);
});

Deno.test("the first sample is the entry of the call, and the others have digests of their own", () => {
  const store = new MemoryStore();
  const { draw } = drawing(store);
  for (let i = 0; i < 3; i++) draw("a");
  const base = draw.keyFor("a");
  const others = [1, 2].map((i) => deriveDigest({ purpose: "sample", base, details: [i] }));
  assertEquals([...store.entries()].map(({ digest }) => digest), [base, NOTICE, ...others]);
  const infos = [...store.entries()].filter(({ digest }) => digest !== NOTICE);
  assertEquals(infos.map(({ functionName }) => functionName), ["draw", "draw", "draw"]);
  assertEquals(
    new TextDecoder().decode(infos[2]!.key.parts[0]),
    `{"part":"sample","of":"${base}","index":2,"name":"draw","preview":"\\"a\\""}`,
  );
  // So a function that keeps one result finds the first.
  assertEquals(drawing(store, {}).draw("a"), 1);
});

Deno.test("concurrent calls of an async function ask for different samples", async () => {
  let evaluations = 0;
  const draw = CacheDict.decorate(async (_key: string) => {
    const value = ++evaluations;
    await Promise.resolve();
    return value;
  }, { store: new MemoryStore(), samples: 2 });
  // The third and the fourth wait for the first and the second.
  assertEquals(await Promise.all([draw("a"), draw("a"), draw("a"), draw("a")]), [1, 2, 1, 2]);
  assertEquals(evaluations, 2);
});

Deno.test("get(), has() and prime() are about the sample whose turn it is, and the turn stays", () => {
  const { counter, draw } = drawing(new MemoryStore());
  assertEquals([draw.has("a"), draw.get("a") instanceof NoCache], [false, true]);
  draw.prime(["a"], 100);
  assertEquals([draw.has("a"), draw.get("a"), draw.get("a"), draw("a")], [true, 100, 100, 100]);
  assertEquals([draw.has("a"), counter.evaluations], [false, 0]);
  draw.prime(["a"], 200);
  assertEquals([draw("a"), draw("a"), draw("a"), draw("a")], [200, 1, 100, 200]);
});

Deno.test("rerun() evaluates and overwrites the sample whose turn it is, and takes the turn", () => {
  const { draw } = drawing(new MemoryStore());
  assertEquals([draw("a"), draw("a"), draw("a")], [1, 2, 3]);
  assertEquals(draw.rerun("a"), 4);
  assertEquals([draw("a"), draw("a"), draw("a")], [2, 3, 4]);
});

Deno.test("delete() removes all samples, also those that don't follow one another", () => {
  const store = new MemoryStore();
  const { draw } = drawing(store, { samples: 4 });
  for (let i = 0; i < 4; i++) draw("a");
  draw("b");
  const base = draw.keyFor("a");
  store.commit([{ type: "delete", digest: sampleDigest(base, 1) }]);
  assertEquals([draw.delete("a"), draw.delete("a")], [true, false]);
  assertEquals([0, 1, 2, 3].map((i) => store.has(sampleDigest(base, i))), [
    ...[false, false, false, false],
  ]);
  assert(store.has(draw.keyFor("b")));
  // What is left when the first one is gone is something to be seen, too.
  for (let i = 0; i < 4; i++) draw("a");
  store.commit([{ type: "delete", digest: base }]);
  assertEquals(draw.delete("a"), true);
});

Deno.test("a function that keeps one result deletes the samples that another one kept", () => {
  const store = new MemoryStore();
  const { draw } = drawing(store, { samples: 3 });
  for (let i = 0; i < 3; i++) draw("a");
  const single = drawing(store, {}).draw;
  single.delete("a");
  assertEquals([...store.entries()].map(({ digest }) => digest), [NOTICE]);
});

Deno.test("each sample is an entry for maxEntries", () => {
  const store = new MemoryStore();
  const { counter, draw } = drawing(store, { samples: 3, maxEntries: 2 });
  assertEquals([draw("a"), draw("a"), draw("a")], [1, 2, 3]);
  const base = draw.keyFor("a");
  assertEquals([0, 1, 2].map((i) => store.has(sampleDigest(base, i))), [false, true, true]);
  assertEquals([draw("a"), counter.evaluations], [4, 4]);
});

Deno.test("an error is stored of the sample that threw it", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const make = () =>
    CacheDict.decorate(function draw(): number {
      if (++evaluations === 2) throw new RangeError("no");
      return evaluations;
    }, { store, samples: 3, cacheErrors: () => true });
  const draw = make();
  assertEquals(draw(), 1);
  assertThrows(() => draw(), RangeError);
  assertEquals([draw(), draw()], [3, 1]);
  assertThrows(() => draw(), RangeError);
  assertEquals([draw(), evaluations], [3, 3]);
  assert(store.has(errorDigest(sampleDigest(draw.keyFor(), 1))));
  assertEquals(draw.delete(), true);
  assertEquals([...store.entries()].map(({ digest }) => digest), [NOTICE]);
});

Deno.test("samples go by this and by keys of their own", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  class Urn {
    constructor(readonly seed: number) {}
    @CacheDict.decorate({ store, samples: 2, innerKey: "self.seed" })
    draw(): number {
      return ++evaluations;
    }
  }
  const [one, two] = [new Urn(1), new Urn(2)];
  assertEquals([one.draw(), two.draw(), one.draw(), two.draw(), one.draw()], [1, 2, 3, 4, 1]);
  assertEquals(cachedMethod(one.draw).get.call(one), 3);
  using cache = new CacheDict(undefined, { store });
  assertEquals([cache.get(1), cache.get(2), cache.size], [1, 2, 2]);
});

Deno.test("a SingleValueCache keeps as many values as samples says", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const draw = SingleValueCache.decorate(() => ++evaluations, { store, samples: 2, maxEntries: 1 });
  assertEquals([draw(), draw(), draw(), draw()], [1, 2, 1, 2]);
  assertEquals(SingleValueCache.get(undefined, { store }), 1);
});

Deno.test("a function that threw has taken its turn", () => {
  let evaluations = 0;
  const draw = CacheDict.decorate(() => {
    if (++evaluations === 1) throw new RangeError("no");
    return evaluations;
  }, { store: new MemoryStore(), samples: 2 });
  assertThrows(() => draw(), RangeError);
  assertEquals([draw(), draw(), draw(), draw()], [2, 3, 2, 3]);
});

Deno.test("samples of a result that can't be encoded leave the other ones", () => {
  using _warnings = collectWarnings();
  const results: unknown[] = [1, 2, () => 3];
  const draw = CacheDict.decorate((): unknown => results.shift(), {
    store: new MemoryStore(),
    samples: 2,
    onError: "warn",
  });
  draw();
  draw();
  draw.rerun();
  results.push("again");
  assertEquals([draw(), draw()], [2, "again"]);
});

Deno.test("samples are counted where the store can't be opened", async () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  Deno.writeTextFileSync(filePath, "not a cache file");
  using _warnings = collectWarnings();
  const make = (onError: "raise" | "ignore") =>
    CacheDict.decorate(async () => await Promise.resolve(1), { filePath, samples: 2, onError });
  await assertRejects(() => make("raise")(), CacheError);
  assertEquals([await make("ignore")(), await make("ignore").has()], [1, false]);
  assertEquals(Deno.readTextFileSync(filePath), "not a cache file");
});

Deno.test("delete() of a CacheDict removes the samples that limits have left", () => {
  const store = new MemoryStore();
  const { draw } = drawing(store, { samples: 8, maxEntries: 3 });
  for (let i = 0; i < 9; i++) draw("a");
  // Those numbered 6 and 7 are left, and the first one, which was evaluated again.
  const of = draw.keyFor("a");
  assertEquals([0, 1, 5, 6, 7].map((index) => store.has(sampleDigest(of, index))), [
    ...[true, false, false, true, true],
  ]);
  const dict = new CacheDict(undefined, { store, writeThrough: true });
  for (const key of dict.keys()) assert(dict.delete(key));
  assertEquals(sizeOf(store), 0);
});
