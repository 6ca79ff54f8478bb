// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { isoTime, parseBytes, parseSpan } from "../../src/inspect/units.ts";

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

Deno.test("isoTime() gives null for what is no time", () => {
  assertEquals([isoTime(0), isoTime(NaN), isoTime(9e15)], ["1970-01-01T00:00:00.000Z", null, null]);
});
