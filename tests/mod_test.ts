// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache";
import type {
  CommitOptions,
  Compaction,
  Compression,
  DeleteChange,
  EntryInfo,
  Limits,
  PutChange,
  Store,
  StoreChange,
  StoredKey,
  StoredValue,
  Sync,
} from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { runScript } from "./access/_run_script.ts";

Deno.test("mod.ts exports the types of what its options take and its methods give", () => {
  const compress: Compression = "gzip";
  const sync: Sync = "none";
  const limits: Limits = { maxEntries: 1 };
  const options: CommitOptions = { limits, sync };
  const store: Store = new MemoryStore();
  using cache = new mod.CacheDict(undefined, { store, compress, sync });
  cache.set("x", 1).flush();
  const info: EntryInfo = [...store.entries()][0]!;
  const key: StoredKey = info.key;
  const value: StoredValue = store.get(info.digest)!;
  const put: PutChange = { ...info, ...value, key, type: "put" };
  const removal: DeleteChange = { type: "delete", digest: info.digest };
  const changes: StoreChange[] = [removal, put];
  store.commit(changes, options);
  const compact: (() => Compaction) | undefined = store.compact;
  assertEquals([cache.get("x"), compact], [1, undefined]);
});

Deno.test("mod.ts needs no permission to be imported", async () => {
  const result = await runScript(`console.log(typeof cache.CacheDict);`);
  assertEquals(result, { code: 0, stdout: "function", stderr: "" });
});
