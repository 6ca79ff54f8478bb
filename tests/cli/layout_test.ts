// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { wrap } from "../../src/cli/_layout.ts";

Deno.test("wrap() breaks a text between words, and moves in all lines but the first", () => {
  assertEquals(wrap("one two three", 8), ["one two", "three"]);
  assertEquals(wrap("a: one two three", 10, 3), ["a: one two", "   three"]);
  assertEquals(wrap("one two three", undefined), ["one two three"]);
  assertEquals(wrap("", 8), [""]);
});

Deno.test("wrap() breaks a word that fits nowhere where it is, and others not at all", () => {
  assertEquals(wrap("A  /a/long/path", 8, 3), ["A  /a/lo", "   ng/pa", "   th"]);
  assertEquals(wrap("A  /a/path of", 8, 3), ["A  /a/pa", "   th of"]);
  assertEquals(wrap("one /a/path", 8), ["one", "/a/path"]);
});

Deno.test("wrap() leaves numbers with their units", () => {
  assertEquals(wrap("took (3 s)", 9), ["took", "(3 s)"]);
  assertEquals(wrap("dead 172 kB and 5 B", 12), ["dead 172 kB", "and 5 B"]);
  assertEquals(wrap("in 12 steps", 6), ["in 12", "steps"]);
});
