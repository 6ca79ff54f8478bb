// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore } from "./async_store.ts";
import type { Store } from "./store.ts";

/**
 * What the suite has to know of a store.
 *
 * @example Usage
 * ```ts
 * import { MemoryStore } from "@pecapiku/cache/stores";
 * import type { TestStoreOptions } from "@pecapiku/cache/stores/testing";
 * import { assertEquals } from "@std/assert";
 *
 * const options: TestStoreOptions = { name: "MemoryStore", open: () => new MemoryStore() };
 * assertEquals(options.open().size, 0);
 * ```
 */
export interface TestStoreOptions<S extends Store | AsyncStore = Store> {
  /** The name of the store's class: the names of the tests begin with it. */
  readonly name: string;

  /**
   * Opens a new store, which holds nothing. Each test opens one or more.
   *
   * @returns The store.
   */
  open(): S;

  /**
   * Opens one more store over the data of another, as another process would. Without it, the store counts as one whose
   * data nobody else can see, and the tests of that are left out.
   *
   * @param store A store that `open` gave. It may be closed, or still in use.
   * @returns Another store.
   */
  reopen?(store: S): Store | AsyncStore;

  /**
   * Removes what a test has left behind.
   *
   * @param store A store that `open` gave. All stores of the test are closed.
   */
  remove?(store: S): void | Promise<void>;

  /**
   * Whether a commit of several changes makes all of them or none, whatever happens in between.
   *
   * @default {true}
   */
  readonly isAtomic?: boolean;

  /**
   * Whether entries come in the order in which their digests were first put. Otherwise they have to come in that of the
   * time of writing.
   *
   * @default {true}
   */
  readonly isOrdered?: boolean;

  /**
   * Whether commits keep limits.
   *
   * @default {true}
   */
  readonly hasLimits?: boolean;

  /**
   * Whether `entries()` may read ahead, so that what is changed after it was called may show or not: it does for a store that
   * would ask a server for each entry by itself otherwise. What the same store has changed shows all the same where the
   * entry's turn is still to come.
   *
   * @default {false}
   */
  readonly readsAhead?: boolean;

  /**
   * How many runs of 40 random steps are compared with a model: once without limits, and once with them.
   *
   * @default {20}
   */
  readonly runs?: number;

  /**
   * What the first random run begins with; the same number gives the same steps, and the next run has the next number.
   *
   * @default {1}
   */
  readonly seed?: number;

  /**
   * Registers a test, for other test runners.
   *
   * @param name What the test is about.
   * @param run Runs the test; the promise is rejected if the store fails.
   * @default {Deno.test}
   */
  test?(name: string, run: () => Promise<void>): void;
}
