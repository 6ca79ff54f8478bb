// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { barsOf } from "../../bench/_plot.ts";
import type { Row } from "../../bench/_row.ts";

Deno.test("barsOf() has a bar of whoever has a value, the shortest first", () => {
  const row: Row = {
    id: "hit",
    title: "hit",
    unit: "time",
    cells: new Map([
      ["ours", { value: 2, ratio: 1 }],
      ["lmdb", { value: 1, ratio: 0.5 }],
      ["none", { note: "it has none" }],
      // Less than an empty process, by chance.
      ["floor", { value: -1, ratio: -0.5 }],
    ]),
  };
  assertEquals(barsOf(row).map(({ name, value, label }) => [name, value, label]), [
    ["floor", 0, "-1.0 ms (× -0.50)"],
    ["lmdb", 1, "1.0 ms (× 0.50)"],
    ["ours", 2, "2.0 ms"],
  ]);
});
