// Copyright 2026 the pecapiku authors. MIT license.

import { createStorage, type Driver } from "unstorage";
import fsDriver from "unstorage/drivers/fs-lite";
import type { AsyncStore } from "../../src/stores/async_store.ts";
import { fromUnstorage } from "../../src/stores/from_unstorage.ts";
import { testStore } from "../../src/stores/testing.ts";
import { textDriver } from "./_text_driver.ts";

/** The driver of each store, over which another one finds the same entries. */
const drivers = new WeakMap<AsyncStore, Driver>();
/** The directory of each store that has one. */
const directories = new WeakMap<AsyncStore, string>();

for (const name of ["memory", "a directory", "texts"]) {
  testStore<AsyncStore>({
    name: `fromUnstorage() over ${name}`,
    open() {
      const base = name === "a directory"
        ? Deno.makeTempDirSync({ prefix: "pecapiku-" })
        : undefined;
      const driver = base !== undefined
        ? fsDriver({ base })
        : name === "texts"
        ? textDriver()
        : createStorage().getMount("").driver;
      const store = fromUnstorage(createStorage({ driver }), { base: "test:a" });
      drivers.set(store, driver);
      if (base !== undefined) directories.set(store, base);
      return store;
    },
    reopen: (store) =>
      fromUnstorage(createStorage({ driver: drivers.get(store)! }), { base: "test:a" }),
    async remove(store) {
      const directory = directories.get(store);
      if (directory !== undefined) await Deno.remove(directory, { recursive: true });
    },
    isAtomic: false,
    isOrdered: false,
    hasLimits: false,
    readsAhead: true,
    runs: 1,
  });
}
