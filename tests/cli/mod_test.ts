// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import type { CliIo } from "@pecapiku/cache/cli";

Deno.test("src/cli/mod.ts exports the type of what main takes", () => {
  const io: CliIo = { stdout: () => {}, stderr: () => {}, now: () => 0 };
  assertEquals(io.now(), 0);
});
