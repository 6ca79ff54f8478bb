// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { inspect } from "node:util";
import { CallKey } from "../../src/keys/call_key.ts";

Deno.test("CallKey prints as the call and the beginning of its digest", () => {
  const key = new CallKey("f", "0123456789abcdef".repeat(4), '17, "a"');
  assertEquals(`${key}`, 'f(17, "a") [01234567]');
  assertEquals(Deno.inspect([key]), '[ CallKey f(17, "a") [01234567] ]');
  assertEquals(inspect(key), 'CallKey f(17, "a") [01234567]');
});

Deno.test("CallKey can't be changed", () => {
  assertEquals(Object.isFrozen(new CallKey("f", "", "")), true);
});
