// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
} from "../../src/display/format.ts";

Deno.test("formatCount() groups digits", () => {
  assertEquals([0, 999, 1000, 1234567].map(formatCount), ["0", "999", "1,000", "1,234,567"]);
});

Deno.test("formatBytes() has three digits and a unit", () => {
  assertEquals(
    [0, 999, 1000, 1234, 99_960, 999_999, 1_000_000, 2.5e9, 1e18].map(formatBytes),
    ["0 B", "999 B", "1 kB", "1.23 kB", "100 kB", "999 kB", "1 MB", "2.5 GB", "1000 PB"],
  );
});

Deno.test("formatDuration() has the two largest units", () => {
  assertEquals(
    [0, 0.0123, 1.5, 999.9, 1000, 59_999, 60_000, 3_599_000, 3_600_000, 200 * 3_600_000]
      .map(formatDuration),
    [
      ...["0 ms", "0.0123 ms", "1.5 ms", "999 ms", "1 s", "60 s", "1 min 0 s"],
      ...["59 min 59 s", "1 h 0 min", "8 d 8 h"],
    ],
  );
});

Deno.test("formatAge() has one unit, and tells when a clock is wrong", () => {
  assertEquals(
    [0, 1000, 59_999, 60_000, 7_200_000, 47 * 3_600_000, 48 * 3_600_000, -1, NaN].map(formatAge),
    ["now", "1 s", "59 s", "1 min", "2 h", "47 h", "2 d", "in the future", "?"],
  );
});

Deno.test("formatTable() puts columns below one another, also of characters of two units", () => {
  assertEquals(formatTable([["a", "1", ""], ["😀bc", "22", "x"]], [false, true, false]), [
    "a     1",
    "😀bc  22  x",
  ]);
});
