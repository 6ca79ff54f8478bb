// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/stores";

Deno.test("stores/mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "DENO_DIRECTORY_DISK",
    "DirectoryStore",
    "LogStore",
    "MemoryStore",
  ]);
});
