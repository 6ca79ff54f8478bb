// Copyright 2026 the pecapiku authors. MIT license.

import Keyv from "keyv";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import { fromKeyv } from "../../src/stores/from_keyv.ts";
import { testStore } from "../../src/stores/testing.ts";

/** The engine of each store, over which another one finds the same entries. */
const engines = new WeakMap<AsyncStore, Map<string, unknown>>();

function over(engine: Map<string, unknown>): AsyncStore {
  return fromKeyv(new Keyv({ store: engine, namespace: "test", throwOnErrors: true }));
}

testStore<AsyncStore>({
  name: "fromKeyv()",
  open() {
    const engine = new Map<string, unknown>();
    const store = over(engine);
    engines.set(store, engine);
    return store;
  },
  reopen: (store) => over(engines.get(store)!),
  isAtomic: false,
  isOrdered: false,
  hasLimits: false,
  readsAhead: true,
  runs: 1,
});
