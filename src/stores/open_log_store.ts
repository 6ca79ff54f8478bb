// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "./log_store.ts";

/** Weakly, since what a store knows of its file may be much, and nobody may be using it any longer. */
const stores = new Map<string, WeakRef<LogStore>>();

const abandoned = new FinalizationRegistry<string>((path) => {
  if (stores.get(path)?.deref() === undefined) stores.delete(path);
});

/**
 * The store of a file: one for all who use the file in this process, so that they share what is known of it. Whoever
 * asks for it anew is not given what others have checked before: since then, anything may have happened to the file.
 *
 * @param path The absolute path of the file.
 * @returns The store.
 */
export function openLogStore(path: string): LogStore {
  let store = stores.get(path)?.deref();
  if (store === undefined) {
    store = new LogStore(path);
    stores.set(path, new WeakRef(store));
    abandoned.register(store, path);
  } else {
    store.close();
  }
  return store;
}
