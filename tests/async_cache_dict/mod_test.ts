// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/async";

Deno.test("async_cache_dict/mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "AsyncCacheDict",
    "CacheError",
    "FailedCall",
    "NoCache",
    "UncacheableKeyError",
    "UncacheableValueError",
  ]);
});
