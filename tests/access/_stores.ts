// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "../../src/stores/log_store.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { Store } from "../../src/stores/store.ts";

/** A kind of store, for tests that every one of them must pass. */
export interface StoreKind {
  readonly name: string;
  /** Makes what opens an empty store; opened again, it is as another process would find it. */
  make(): () => Store;
}

/** All kinds that limits are tested with. */
export const STORES: readonly StoreKind[] = [
  {
    name: "MemoryStore",
    make() {
      const store = new MemoryStore();
      return () => store;
    },
  },
  {
    name: "LogStore",
    make() {
      const path = `${Deno.makeTempDirSync()}/a.cache`;
      return () => new LogStore(path);
    },
  },
];
