// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { parseAccess } from "../../src/access/cache_access.ts";

Deno.test("parseAccess() takes the letters in any order", () => {
  for (const access of ["rew", "wer", "erw", undefined]) {
    assertEquals(parseAccess(access), { text: "rew", read: true, evaluate: true, write: true });
  }
  assertEquals(parseAccess("er").text, "re");
  assertEquals(parseAccess("we"), { text: "ew", read: false, evaluate: true, write: true });
  for (const access of ["r", "e", "w", "wr"]) {
    assertEquals(parseAccess(access).text.length, access.length);
  }
});

Deno.test("parseAccess() throws a TypeError that shows what was given when it is anything else", () => {
  for (const access of ["x", "", "rr", "rex", "REW", "r w", "reww"]) {
    assertThrows(() => parseAccess(access), TypeError, JSON.stringify(access));
  }
  for (const access of [null, 7, {}, ["r"], true]) {
    assertThrows(() => parseAccess(access), TypeError);
  }
});
