// Copyright 2026 the pecapiku authors. MIT license.

// Run as a process of its own, with the path of a cache file. Overwrites one entry many times, so that the file is worth
// compacting all the time, and says what became of a compaction by hand.

import { CacheError } from "../../src/errors/cache_error.ts";
import { LogStore } from "../../src/stores/log_store.ts";
import { put, textAt } from "./_changes.ts";

const store = new LogStore(Deno.args[0]!, { compactFrom: 0, snapshotInterval: 5 });
for (let number = 0; number < 100; number++) store.commit([put(1, `${number}`)]);
console.log(textAt(store, 1));
try {
  const { bytesBefore, bytesAfter } = store.compact();
  console.log(bytesAfter < bytesBefore);
} catch (error) {
  console.log(`${error}`, error instanceof CacheError);
}
store.commit([put(1, "last")]);
console.log(textAt(store, 1));
