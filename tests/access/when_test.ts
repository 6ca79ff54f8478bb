// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheDict, CacheMissError, NoCache, SingleValueCache } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { RecordingStore } from "./_recording_store.ts";

/** What a program without types may give. */
type Untyped = () => boolean;

Deno.test("a call that when does not have cached runs, and neither reads nor writes nor makes a key", () => {
  let evaluations = 0;
  const store = new RecordingStore();
  let keys = 0;
  const make = (when: boolean) =>
    CacheDict.decorate((x: number) => {
      evaluations++;
      return x + evaluations;
    }, { store, when, innerKey: (x) => [keys++, x] });
  const off = make(false);
  assertEquals([off(10), off(10), off.rerun(10)], [11, 12, 13]);
  assertEquals([keys, store.commits.length], [0, 0]);
  const on = make(true);
  on(10);
  assertEquals([keys, store.commits.length], [1, 1]);
});

Deno.test("when is asked at each call, with the arguments and this", async () => {
  const store = new MemoryStore();
  const asked: unknown[] = [];
  class Scale {
    constructor(readonly factor: number) {}
    @CacheDict.decorate({
      store,
      when(this: Scale, x: number): boolean {
        asked.push([this.factor, x]);
        return this.factor > 2;
      },
    })
    apply(x: number): number {
      return this.factor * x;
    }
  }
  assertEquals([new Scale(2).apply(1), new Scale(3).apply(1), new Scale(3).apply(1)], [2, 3, 3]);
  assertEquals(asked, [[2, 1], [3, 1], [3, 1]]);
  assertEquals(store.size, 1);

  let isOn = false;
  const late = CacheDict.decorate(async (x: number) => await Promise.resolve(x), {
    store,
    when: () => isOn,
  });
  assertEquals([await late(1), await late.has(1)], [1, false]);
  isOn = true;
  assertEquals([await late(1), await late.has(1)], [1, true]);
});

Deno.test("the other handles work whatever when says", () => {
  const f = CacheDict.decorate((x: number) => x, { store: new MemoryStore(), when: false });
  f.prime([1], 5);
  assertEquals([f.get(1), f.has(1), f.keyFor(1).length, f(1)], [5, true, 64, 1]);
  assertEquals([f.delete(1), f.has(1)], [true, false]);
});

Deno.test("a when that throws has its error passed through", async () => {
  const when = () => {
    throw new RangeError("my own");
  };
  let evaluations = 0;
  const options = { store: new MemoryStore(), when, onError: "ignore" } as const;
  const f = CacheDict.decorate(() => ++evaluations, options);
  assertThrows(() => f(), RangeError, "my own");
  assertThrows(() => f.rerun(), RangeError, "my own");
  const late = CacheDict.decorate(async () => await Promise.resolve(++evaluations), options);
  const call = late();
  await assertRejects(() => call, RangeError, "my own");
  assertEquals([f.get() instanceof NoCache, evaluations], [true, 0]);
});

Deno.test("a when that gives no boolean is a TypeError that shows what it gave", () => {
  for (
    const [given, shown] of [[undefined, "undefined"], [1, "1"], [
      Promise.resolve(true),
      "an object",
    ]]
  ) {
    const f = CacheDict.decorate(function f() {
      return 1;
    }, { store: new MemoryStore(), when: (() => given) as unknown as Untyped });
    assertThrows(
      () => f(),
      TypeError,
      `Cannot call f: expected a boolean of when: ${shown}`,
    );
  }
});

Deno.test("a call that is not cached needs the right to evaluate", () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate((x: number) => x, { store, access: "rw", when: false });
  assertThrows(() => f(1), CacheMissError);
  // Who may only evaluate has nothing cached that could be switched off.
  const only = CacheDict.decorate((x: number) => x, { store, access: "e", when: false });
  assertEquals([only(1), only.rerun(1)], [1, 1]);
});

Deno.test("when switches off a SingleValueCache, too", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const answer = SingleValueCache.decorate((x: number) => x + ++evaluations, {
    store,
    when: (x) => x > 0,
  });
  assertEquals([answer(0), answer(0), answer(5), answer(5)], [1, 2, 8, 8]);
  assertEquals(new SingleValueCache(undefined, { store, when: false }).decorate(() => 1)(), 1);
});
