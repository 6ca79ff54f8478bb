// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache";
import { runScript } from "./access/_run_script.ts";

Deno.test("mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), [
    "CacheDict",
    "CacheError",
    "CacheFormatError",
    "CacheMissError",
    "CallKey",
    "CheckpointFailedError",
    "CorruptCacheError",
    "NoCache",
    "SingleValueCache",
    "UncacheableKeyError",
    "UncacheableValueError",
    "cachedMethod",
    "config",
    "registerType",
  ]);
});

Deno.test("mod.ts needs no permission to be imported", async () => {
  const result = await runScript(`console.log(Object.keys(cache).length);`);
  assertEquals(result, { code: 0, stdout: "14", stderr: "" });
});
