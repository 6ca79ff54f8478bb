// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore } from "../../src/stores/async_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { testStore } from "../../src/stores/testing.ts";
import { tiered } from "../../src/stores/tiered.ts";
import { toAsyncStore } from "../../src/stores/to_async_store.ts";
import { Shared } from "./_shared_store.ts";

testStore<AsyncStore>({
  name: "tiered()",
  open: () => tiered(new MemoryStore(), toAsyncStore(new MemoryStore())),
});

/** The far store of each, over which another one is made that has a near one of its own. */
const fars = new WeakMap<AsyncStore, Shared>();

function over(far: Shared): AsyncStore {
  const store = tiered(new MemoryStore(), toAsyncStore(far), { nearTtl: 0 });
  fars.set(store, far);
  return store;
}

testStore<AsyncStore>({
  name: "tiered() that asks each time",
  open: () => over(new Shared()),
  reopen: (store) => over(new Shared(fars.get(store)!.inner)),
});
