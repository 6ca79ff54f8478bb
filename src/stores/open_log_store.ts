// Copyright 2026 the pecapiku authors. MIT license.

import { LogStore } from "./log_store.ts";

/** How many files a process holds open at most. */
const MOST_OPEN = 128;

const stores = new Map<string, LogStore>();

/** The stores that may have a file open, the one that was asked for longest ago first. */
const open = new Set<LogStore>();

/**
 * The store of a file: one for all who use the file in this process, so that they share what is known of it. Beyond
 * 128 files, the one that was asked for longest ago is closed; it opens again by itself.
 *
 * @param path The absolute path of the file.
 * @returns The store.
 */
export function openLogStore(path: string): LogStore {
  let store = stores.get(path);
  if (store === undefined) {
    store = new LogStore(path);
    stores.set(path, store);
  }
  open.delete(store);
  open.add(store);
  if (open.size > MOST_OPEN) {
    const [oldest] = open;
    open.delete(oldest!);
    oldest!.close();
  }
  return store;
}
