// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import * as mod from "@pecapiku/cache/cli";
import type { CliIo } from "@pecapiku/cache/cli";

Deno.test("src/cli/mod.ts exports these names and no others", () => {
  assertEquals(Object.keys(mod).sort(), ["main"]);
});

Deno.test("src/cli/mod.ts exports the type of what main takes", () => {
  const io: CliIo = { stdout: () => {}, stderr: () => {}, now: () => 0 };
  assertEquals(io.now(), 0);
});
