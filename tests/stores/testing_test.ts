// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { testStore, type TestStoreOptions } from "../../src/stores/testing.ts";
import { DEFECTIVE, type StoreClass } from "./_defective_stores.ts";
import { Shared } from "./_shared_store.ts";

interface Outcome {
  readonly passed: string[];
  readonly failed: string[];
}

/** Runs the suite, and tells which of its tests a store passes and fails. */
function outcomeOf(options: Partial<TestStoreOptions<Shared>>): Outcome {
  const outcome: Outcome = { passed: [], failed: [] };
  testStore<Shared>({
    name: "Store",
    open: () => new Shared(),
    reopen: ({ inner }) => new Shared(inner),
    runs: 5,
    ...options,
    test: (name, run) => {
      try {
        run();
        outcome.passed.push(name);
      } catch {
        outcome.failed.push(name);
      }
    },
  });
  return outcome;
}

function outcomeOfClass(Class: StoreClass): Outcome {
  return outcomeOf({ open: () => new Class(), reopen: ({ inner }) => new Class(inner) });
}

Deno.test("testStore() passes a good store", () => {
  const { passed, failed } = outcomeOfClass(Shared);
  assertEquals(failed, []);
  assert(passed.length > 40);
});

for (const [defect, Class] of Object.entries(DEFECTIVE)) {
  Deno.test(`testStore() fails a store that ${defect}`, () => {
    const { passed, failed } = outcomeOfClass(Class);
    assert(failed.length > 0);
    assert(passed.length > 0);
  });
}

Deno.test("testStore() leaves out what a store does not promise", () => {
  const all = outcomeOf({}).passed;
  const few = outcomeOf({ isAtomic: false, hasLimits: false, reopen: undefined as never });
  assertEquals(few.failed, []);
  assert(few.passed.every((name) => all.includes(name)));
  assert(few.passed.length < all.length - 15);
  assert(!few.passed.some((name) => /half-way|within|another store/.test(name)));
  const byTime = DEFECTIVE["goes through the entries by digest"]!;
  const options = { open: () => new byTime(), reopen: ({ inner }: Shared) => new byTime(inner) };
  assert(outcomeOf({ ...options, isOrdered: false }).failed.length > 0);
});

Deno.test("testStore() begins the random runs with the seed, and names it when one fails", () => {
  const Class = DEFECTIVE["does not count an overwriting as use"]!;
  const messages: string[] = [];
  testStore({
    name: "Store",
    open: () => new Class(),
    runs: 200,
    seed: 1000,
    test: (name, run) => {
      if (!name.includes("does what a Map does within limits")) return;
      try {
        run();
      } catch (error) {
        messages.push(String(error));
      }
    },
  });
  assertEquals(messages.length, 1);
  assert(/Seed 1\d\d\d: .*after these steps:\n1\. /s.test(messages[0]!), messages[0]);
});
