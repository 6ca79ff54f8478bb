// Copyright 2026 the pecapiku authors. MIT license.

// Run as a worker, named by its number. Is told the path of a cache file, and how many entries to commit. Tells that it waits for the lock,
// and what it has committed.

import { SYSTEM_LOCK_CLOCK } from "../../src/stores/lock_clock.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { put } from "./_changes.ts";

/** What a worker is told. */
export interface WaitPlan {
  readonly path: string;
  /** The first of the entries. */
  readonly first: number;
  readonly count: number;
}

declare const self: {
  onmessage: (event: MessageEvent<WaitPlan>) => void;
  postMessage(message: unknown): void;
};

self.onmessage = ({ data: { path, first, count } }) => {
  let isWaiting = false;
  const clock = {
    now: SYSTEM_LOCK_CLOCK.now,
    pause: (milliseconds: number) => {
      if (!isWaiting) self.postMessage("waiting");
      isWaiting = true;
      SYSTEM_LOCK_CLOCK.pause(milliseconds);
    },
  };
  const store = new LogStore(path, { clock, lockTimeout: 120_000 });
  for (let number = first; number < first + count; number++) {
    store.commit([put(number, `${number}`)]);
  }
  store.close();
  self.postMessage("done");
};
