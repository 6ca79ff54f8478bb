// Copyright 2026 the pecapiku authors. MIT license.

/**
 * The tests that every {@linkcode Store} and {@linkcode AsyncStore} has to pass, for whoever writes one.
 *
 * @example The tests of a store of your own
 * ```ts
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { testStore } from "@pecapiku/cache/stores/testing";
 * import { assert } from "@std/assert";
 *
 * class MyStore extends MemoryStore {}
 *
 * const names: string[] = [];
 * testStore({
 *   name: "MyStore",
 *   open: () => new MyStore(),
 *   // In a test file, leave this out: the tests are registered with `Deno.test`.
 *   test: (name) => names.push(name),
 * });
 * assert(names.every((name) => name.startsWith("MyStore")));
 * ```
 *
 * A store whose data others can see has two more options: `reopen`, which opens it once more, and `remove`, which clears up.
 *
 * @module
 */

import type { AsyncStore } from "./async_store.ts";
import type { Store } from "./store.ts";
import { addCommitTests } from "./_testing_commits.ts";
import { TestCollection } from "./_testing_context.ts";
import { addEntryTests } from "./_testing_entries.ts";
import { addLimitTests } from "./_testing_limits.ts";
import { addStatsTests } from "./_testing_stats.ts";
import { addModelTests } from "./_testing_model.ts";
import type { TestStoreOptions } from "./_testing_options.ts";
import { addValueTests } from "./_testing_values.ts";

export type { TestStoreOptions };

/**
 * Registers the tests that every {@linkcode Store} and {@linkcode AsyncStore} has to pass: that it gives back what was put, as bytes that nobody
 * else changes; that commits do what they say, in order, and whole or not at all; that entries are gone through while
 * they change; that what can't be meant is refused and changes nothing; that limits are kept to the byte and in the
 * exact order of use; that what it tells of itself is right, if it does; and that all of that holds for several stores over the same data.
 *
 * What the suite can't see is for tests of your own: crashes, full disks and damage.
 *
 * @example Usage
 * ```ts
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import { testStore } from "@pecapiku/cache/stores/testing";
 * import { assert } from "@std/assert";
 *
 * const tests: (() => Promise<void>)[] = [];
 * testStore({
 *   name: "MemoryStore",
 *   open: () => new MemoryStore(),
 *   // In a test file, leave this out: the tests are registered with `Deno.test`.
 *   test: (_name, run) => tests.push(run),
 * });
 * for (const run of tests) await run();
 * assert(tests.length > 40);
 * ```
 *
 * @param options What the suite has to know of the store.
 */
export function testStore<S extends Store | AsyncStore>(options: TestStoreOptions<S>): void {
  const collection = new TestCollection(options);
  addValueTests(collection);
  addCommitTests(collection);
  addEntryTests(collection);
  if (collection.promises.hasLimits) addLimitTests(collection);
  addStatsTests(collection);
  addModelTests(collection);
  const register = options.test ?? ((name, run) => Deno.test(name, run));
  for (const { name, run } of collection.tests) register(name, run);
}
