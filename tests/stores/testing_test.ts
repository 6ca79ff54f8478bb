// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import type { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Digest, StoredValue } from "../../src/stores/store.ts";
import { testStore, type TestStoreOptions } from "../../src/stores/testing.ts";
import { toAsyncStore } from "../../src/stores/to_async_store.ts";
import { DEFECTIVE, type StoreClass } from "./_defective_stores.ts";
import { Shared } from "./_shared_store.ts";

interface Outcome {
  readonly passed: string[];
  readonly failed: string[];
}

/** Runs the suite, and tells which of its tests a store passes and fails. */
async function outcomeOf(options: Partial<TestStoreOptions<Shared>>): Promise<Outcome> {
  const outcome: Outcome = { passed: [], failed: [] };
  const tests: { name: string; run: () => Promise<void> }[] = [];
  testStore<Shared>({
    name: "Store",
    open: () => new Shared(),
    reopen: ({ inner }) => new Shared(inner),
    runs: 5,
    ...options,
    test: (name, run) => tests.push({ name, run }),
  });
  for (const { name, run } of tests) {
    try {
      await run();
      outcome.passed.push(name);
    } catch {
      outcome.failed.push(name);
    }
  }
  return outcome;
}

function outcomeOfClass(Class: StoreClass): Promise<Outcome> {
  return outcomeOf({ open: () => new Class(), reopen: ({ inner }) => new Class(inner) });
}

Deno.test("testStore() passes a good store", async () => {
  const { passed, failed } = await outcomeOfClass(Shared);
  assertEquals(failed, []);
  assert(passed.length > 40);
});

Deno.test("testStore() passes a good store that answers in promises", async () => {
  const runs: (() => Promise<void>)[] = [];
  const shared = new Map<AsyncStore, Shared>();
  const open = (inner?: MemoryStore) => {
    const local = new Shared(inner);
    const store = toAsyncStore(local);
    shared.set(store, local);
    return store;
  };
  testStore<AsyncStore>({
    name: "Store",
    open: () => open(),
    reopen: (store) => open(shared.get(store)!.inner),
    runs: 2,
    test: (_name, run) => runs.push(run),
  });
  for (const run of runs) await run();
  assert(runs.length > 40);
});

Deno.test("testStore() fails a local store that answers in promises", async () => {
  class Promising extends Shared {
    override get(digest: Digest) {
      return Promise.resolve(super.get(digest)) as unknown as StoredValue;
    }
  }
  assert((await outcomeOf({ open: () => new Promising() })).failed.length > 0);
});

Deno.test("testStore() fails an async store whose getMany() gives another order", async () => {
  const runs: (() => Promise<void>)[] = [];
  testStore<AsyncStore>({
    name: "Store",
    open() {
      const store = toAsyncStore(new Shared());
      const { getMany } = store;
      store.getMany = async (digests) => (await getMany!.call(store, digests)).toReversed();
      return store;
    },
    test: (name, run) => name.includes("getMany()") && runs.push(run),
  });
  assertEquals(runs.length, 1);
  await assertRejects(runs[0]!);
});

for (const [defect, Class] of Object.entries(DEFECTIVE)) {
  Deno.test(`testStore() fails a store that ${defect}`, async () => {
    const { passed, failed } = await outcomeOfClass(Class);
    assert(failed.length > 0);
    assert(passed.length > 0);
  });
}

Deno.test("testStore() leaves out what a store does not promise", async () => {
  const all = (await outcomeOf({})).passed;
  const few = await outcomeOf({ isAtomic: false, hasLimits: false, reopen: undefined as never });
  assertEquals(few.failed, []);
  assert(few.passed.every((name) => all.includes(name)));
  assert(few.passed.length < all.length - 15);
  assert(!few.passed.some((name) => /half-way|within|another store/.test(name)));
  const byTime = DEFECTIVE["goes through the entries by digest"]!;
  const options = { open: () => new byTime(), reopen: ({ inner }: Shared) => new byTime(inner) };
  assert((await outcomeOf({ ...options, isOrdered: false })).failed.length > 0);
});

Deno.test("testStore() begins the random runs with the seed, and names it when one fails", async () => {
  const Class = DEFECTIVE["does not count an overwriting as use"]!;
  const messages: string[] = [];
  const runs: (() => Promise<void>)[] = [];
  testStore({
    name: "Store",
    open: () => new Class(),
    runs: 200,
    seed: 1000,
    test: (name, run) => {
      if (name.includes("does what a Map does within limits")) runs.push(run);
    },
  });
  for (const run of runs) await run().catch((error) => messages.push(String(error)));
  assertEquals(messages.length, 1);
  assert(/Seed 1\d\d\d: .*after these steps:\n1\. /s.test(messages[0]!), messages[0]);
});
