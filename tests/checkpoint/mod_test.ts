// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/checkpoint";
import { CacheError, CheckpointFailedError, NoCache } from "@pecapiku/cache";

Deno.test("checkpoint/mod.ts exports the same errors and marker as mod.ts", () => {
  assertEquals(
    [mod.CacheError, mod.CheckpointFailedError, mod.NoCache],
    [CacheError, CheckpointFailedError, NoCache],
  );
});
