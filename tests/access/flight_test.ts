// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AsyncFunction,
  type CachedFunction,
  CacheDict,
  type FunctionOptions,
  NoCache,
} from "@pecapiku/cache";
import { AsyncCacheDict } from "@pecapiku/cache/async";
import { MemoryStore } from "@pecapiku/cache/stores";
import { SlowStore } from "../async_cache_dict/_slow_store.ts";
import { LeasedStore } from "./_leased_store.ts";

type Load = (key: string) => Promise<string>;
type Options = Pick<FunctionOptions<AsyncFunction>, "cacheErrors">;

const PLACES: Record<string, (load: Load, options?: Options) => CachedFunction<Load>> = {
  "a local store": (load, options) =>
    CacheDict.decorate(load, { ...options, store: new MemoryStore() }),
  'singleFlight: "store" of a file': (load, options) => {
    const filePath = Deno.makeTempDirSync() + "/a.cache";
    return CacheDict.decorate(load, { ...options, filePath, singleFlight: "store" });
  },
  "an async store": (load, options) =>
    CacheDict.decorate(load, { ...options, store: new SlowStore() }),
  "an async store with leases": (load, options) =>
    CacheDict.decorate(load, { ...options, store: new LeasedStore() }),
};

/** A function that says when it was called, and waits until it is told what to give. */
class Evaluations {
  readonly #answers: PromiseWithResolvers<string>[] = [];
  readonly #begun: PromiseWithResolvers<void>[] = [];
  #count = 0;

  readonly load = async (_key: string): Promise<string> => {
    const index = this.#count++;
    this.#at(this.#begun, index).resolve();
    return await this.#at(this.#answers, index).promise;
  };

  async begun(index: number): Promise<void> {
    await this.#at(this.#begun, index).promise;
  }

  give(index: number, value: string): void {
    this.#at(this.#answers, index).resolve(value);
  }

  fail(index: number, error: Error): void {
    this.#at(this.#answers, index).reject(error);
  }

  #at<T>(list: PromiseWithResolvers<T>[], index: number): PromiseWithResolvers<T> {
    return list[index] ??= Promise.withResolvers<T>();
  }
}

for (const [place, decorate] of Object.entries(PLACES)) {
  Deno.test(`delete() has what is under way neither stored nor waited for by later calls (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load);
    const first = load("k");
    await evaluations.begun(0);
    assertEquals(await load.delete("k"), false);
    const second = load("k");
    evaluations.give(0, "old");
    assertEquals(await first, "old");
    await evaluations.begun(1);
    evaluations.give(1, "new");
    assertEquals([await second, await load.get("k")], ["new", "new"]);
  });

  Deno.test(`delete() leaves a value to those who waited for it before (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load);
    const first = load("k");
    await evaluations.begun(0);
    // Those that come to wait have looked the key up by then.
    const second = load("k");
    await load.has("k");
    await load.delete("k");
    evaluations.give(0, "old");
    evaluations.give(1, "new");
    assertEquals(await first, "old");
    assert(["old", "new"].includes(await second));
    assert(await load.get("k") !== "old");
  });

  Deno.test(`rerun() is not overwritten by what began before it (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load);
    const first = load("k");
    await evaluations.begun(0);
    const rerun = load.rerun("k");
    await evaluations.begun(1);
    evaluations.give(1, "new");
    assertEquals(await rerun, "new");
    evaluations.give(0, "old");
    assertEquals([await first, await load.get("k")], ["old", "new"]);
  });

  Deno.test(`rerun() overwrites what began before it and ended first (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load);
    const first = load("k");
    await evaluations.begun(0);
    const rerun = load.rerun("k");
    await evaluations.begun(1);
    evaluations.give(0, "old");
    assertEquals([await first, await load.get("k")], ["old", "old"]);
    evaluations.give(1, "new");
    assertEquals([await rerun, await load.get("k")], ["new", "new"]);
  });

  Deno.test(`prime() is not overwritten by what began before it (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load);
    const first = load("k");
    await evaluations.begun(0);
    await load.prime(["k"], "primed");
    evaluations.give(0, "old");
    assertEquals([await first, await load.get("k")], ["old", "primed"]);
  });

  Deno.test(`delete() has an error of what is under way not stored (${place})`, async () => {
    const evaluations = new Evaluations();
    const load = decorate(evaluations.load, { cacheErrors: () => true });
    const first = load("k");
    await evaluations.begun(0);
    await load.delete("k");
    evaluations.fail(0, new RangeError("old"));
    await assertRejects(() => first, RangeError, "old");
    evaluations.give(1, "new");
    assertEquals(await load("k"), "new");
  });
}

Deno.test("delete() and set() of a dictionary have what is under way not stored", async () => {
  const store = new MemoryStore();
  const evaluations = new Evaluations();
  const load = CacheDict.decorate(evaluations.load, { store, innerKey: (key: string) => key });
  const calls = [load("a"), load("b")];
  CacheDict.with(undefined, { store }, (cache) => {
    cache.delete("a");
    cache.set("b", "set");
  });
  evaluations.give(0, "old");
  evaluations.give(1, "old");
  assertEquals(await Promise.all(calls), ["old", "old"]);
  assert(await load.get("a") instanceof NoCache);
  assertEquals(await load.get("b"), "set");
});

Deno.test("clear() of a dictionary has what is under way not stored", async () => {
  const store = new MemoryStore();
  const evaluations = new Evaluations();
  const load = CacheDict.decorate(evaluations.load, { store });
  const first = load("a");
  CacheDict.with(undefined, { store, access: "r" }, (cache) => cache.clear());
  evaluations.give(0, "kept");
  assertEquals([await first, await load.get("a")], ["kept", "kept"]);

  const second = load("b");
  CacheDict.with(undefined, { store }, (cache) => cache.clear());
  evaluations.give(1, "old");
  assertEquals(await second, "old");
  assertEquals(store.size, 0);
});

Deno.test("delete() of an AsyncCacheDict has what is under way not stored", async () => {
  const store = new SlowStore();
  const evaluations = new Evaluations();
  const load = CacheDict.decorate(evaluations.load, { store, innerKey: (key: string) => key });
  const first = load("a");
  await evaluations.begun(0);
  await AsyncCacheDict.with({ store }, async (cache) => void await cache.delete("a"));
  evaluations.give(0, "old");
  assertEquals(await first, "old");
  assert(await load.get("a") instanceof NoCache);
});
