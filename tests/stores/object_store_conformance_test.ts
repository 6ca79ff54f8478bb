// Copyright 2026 the pecapiku authors. MIT license.

import type { AsyncStore } from "../../src/stores/async_store.ts";
import { objectStore } from "../../src/stores/object_store.ts";
import { testStore } from "../../src/stores/testing.ts";
import { ObjectServer } from "./_object_server.ts";

let server: ObjectServer;
Deno.test.beforeAll(async () => {
  server = await ObjectServer.start();
});
Deno.test.afterAll(() => server[Symbol.asyncDispose]());

/** The prefix of each store, by which another one finds the same entries. */
const prefixes = new WeakMap<AsyncStore, string>();
let stores = 0;

function open(prefix: string): AsyncStore {
  const store = objectStore({ ...server.options, prefix });
  prefixes.set(store, prefix);
  return store;
}

testStore<AsyncStore>({
  name: "objectStore()",
  open: () => open(`te.st/${stores++}_`),
  reopen: (store) => open(prefixes.get(store)!),
  isAtomic: false,
  isOrdered: false,
  hasLimits: false,
  readsAhead: true,
  runs: 1,
  test(name, fn) {
    // It takes this server a minute: a test of many pages is in object_store_test.ts.
    const ignore = name.endsWith("takes a batch of a thousand changes");
    // A connection that was used stays open for the next test.
    Deno.test({ name, fn, ignore, sanitizeOps: false, sanitizeResources: false });
  },
});
