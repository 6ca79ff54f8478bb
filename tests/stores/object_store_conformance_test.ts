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
    // They take this server too long: shorter ones are in object_store_test.ts.
    const ignore = name.endsWith("takes a batch of a thousand changes") ||
      name.endsWith("sees by the next call what another store has committed");
    // A connection that was used stays open for the next test.
    const reason = ignore ? " (skipped: too long for this server, see object_store_test.ts)" : "";
    Deno.test({
      name: name + reason,
      ...{ fn, ignore, sanitizeOps: false, sanitizeResources: false },
    });
  },
});
