// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import {
  formatAge,
  formatBytes,
  formatDuration,
  isoTime,
  parseBytes,
  parseSpan,
} from "../../src/inspect/units.ts";

Deno.test("parseBytes() takes units of a thousand and of 1,024", () => {
  const sizes = { "0": 0, "17": 17, "1k": 1e3, "1K": 1e3, "500MB": 5e8, "1G": 1e9, "2 TB": 2e12 };
  for (const [text, bytes] of Object.entries(sizes)) assertEquals(parseBytes(text), bytes);
  assertEquals([parseBytes("1KiB"), parseBytes("1.5gib"), parseBytes("0.5")], [
    1024,
    1.5 * 2 ** 30,
    0,
  ]);
  for (
    const wrong of [
      "",
      "G",
      "-1",
      "1e9",
      "1X",
      "1 2",
      "0x10",
      "1,000",
      "NaN",
      "1KiBB",
      "9".repeat(400),
    ]
  ) {
    assertEquals(parseBytes(wrong), undefined, wrong);
  }
});

Deno.test("parseSpan() takes a number with a unit of time", () => {
  assertEquals(["1ms", "1s", "1m", "1.5h", "30d", "1w", "1y"].map(parseSpan), [
    1,
    1e3,
    6e4,
    5.4e6,
    30 * 864e5,
    7 * 864e5,
    365 * 864e5,
  ]);
  for (const wrong of ["", "30", "d", "-1d", "1D", "1 month", "1dd", "1e3s"]) {
    assertEquals(parseSpan(wrong), undefined, wrong);
  }
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
  assertEquals(ages.map((age) => formatAge(1e12 - age, 1e12)), [
    ...["?", "future", "now", "now", "1 s", "59 s", "1 m", "1 h", "1 d", "1 y"],
  ]);
});

Deno.test("isoTime() gives null for what is no time", () => {
  assertEquals([isoTime(0), isoTime(NaN), isoTime(9e15)], ["1970-01-01T00:00:00.000Z", null, null]);
});

Deno.test("formatBytes(), formatDuration() and formatAge() use nothing but what is in them", () => {
  // The page's browser gets their text.
  const alone = <F>(fn: F): F => (0, eval)(`(${fn})`);
  for (const value of [NaN, -1, 0, 0.5, 999, 65_000, 4_000_000, 1e8, 4e10, 1e15]) {
    assertEquals(alone(formatBytes)(value), formatBytes(value));
    assertEquals(alone(formatDuration)(value), formatDuration(value));
    assertEquals(alone(formatAge)(0, value), formatAge(0, value));
  }
});
