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

Deno.test("formatBytes() gives three digits at the most", () => {
  const shown = [
    0,
    999,
    1000,
    1234,
    9949,
    9950,
    12_345,
    999_499,
    999_500,
    999_999,
    1e9,
    1e15,
    1e18,
  ];
  assertEquals(shown.map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "1.2 kB",
    "9.9 kB",
    "10 kB",
    "12 kB",
    "999 kB",
    "1.0 MB",
    "1.0 MB",
    "1.0 GB",
    "1.0 PB",
    "1000 PB",
  ]);
});

Deno.test("formatDuration() gives the unit that fits", () => {
  const shown = [
    NaN,
    -1,
    0,
    0.4,
    1,
    999,
    999.5,
    9_949,
    59_949,
    59_950,
    60_000,
    3_599_499,
    3_600_000,
  ];
  assertEquals([...shown, 90_061_000].map(formatDuration), [
    ...["-", "-", "-", "<1 ms", "1 ms", "999 ms", "1.0 s", "9.9 s", "60 s", "1 m", "1 m"],
    ...["59 m 59 s", "1 h", "1 d 1 h"],
  ]);
});

Deno.test("formatAge() tells how long ago something was", () => {
  const ages = [NaN, -100_000, -5, 0, 1_000, 59_999, 60_000, 3_600_000, 864e5, 400 * 864e5];
  assertEquals(ages.map(formatAge), [
    ...["?", "future", "now", "now", "1 s", "59 s", "1 m", "1 h", "1 d", "1 y"],
  ]);
});

Deno.test("formatTable() puts columns below one another, also of characters of two units", () => {
  assertEquals(formatTable([["a", "1", ""], ["😀bc", "22", "x"]], [false, true, false]), [
    "a     1",
    "😀bc  22  x",
  ]);
});

Deno.test("formatBytes(), formatDuration() and formatAge() use nothing but what is in them", () => {
  // The page's browser gets their text.
  const alone = <F>(fn: F): F => (0, eval)(`(${fn})`);
  for (const value of [NaN, -1, 0, 0.5, 999, 65_000, 4_000_000, 1e8, 4e10, 1e15]) {
    assertEquals(alone(formatBytes)(value), formatBytes(value));
    assertEquals(alone(formatDuration)(value), formatDuration(value));
    assertEquals(alone(formatAge)(value), formatAge(value));
  }
});
