// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Cell, Row } from "../../bench/_row.ts";
import { columnsOf, formatRatio, formatValue, renderTable } from "../../bench/_table.ts";

function row(id: string, cells: Record<string, Cell>, unit: Row["unit"] = "time"): Row {
  return { id, title: id, unit, cells: new Map(Object.entries(cells)) };
}

Deno.test("renderTable() writes times and their ratios, and dashes for what is not there", () => {
  const table = renderTable([
    row("hit", { ours: { value: 0.005, ratio: 1 }, lmdb: { value: 0.01, ratio: 2 } }),
    row("wrong", { ours: { value: 0 }, lmdb: { value: 26 } }, "count"),
    row("none", {}),
  ], ["ours", "lmdb"]);
  assertEquals(table.split("\n"), [
    "|       |   ours |            lmdb |",
    "| ----- | -----: | --------------: |",
    "| hit   | 5.0 µs | 10.0 µs (× 2.0) |",
    "| wrong |      0 |              26 |",
    "| none  |      – |               – |",
  ]);
});

Deno.test("renderTable() numbers notes, and has each of them once", () => {
  const table = renderTable([
    row("a", { ours: { value: 1, ratio: 1 }, x: { note: "too large" }, y: { note: "no file." } }),
    row("b", {
      ours: { value: 1, ratio: 1 },
      x: { note: "too large" },
      y: { value: 2, ratio: 2, note: "another type" },
    }),
  ], ["ours", "x", "y"]);
  assertStringIncludes(table, " –¹ |");
  assertStringIncludes(table, "2.0 ms (× 2.0)³");
  assertEquals(table.split("\n").slice(-3), ["¹ too large.\\", "² no file.\\", "³ another type."]);
});

Deno.test("renderTable() lets no error be read as markup", () => {
  const table = renderTable([row("a", { x: { note: "a | b <script> *c*" } })], ["x"]);
  assertStringIncludes(table, "a \\| b \\<script\\> \\*c\\*");
});

Deno.test("formatValue() chooses the unit that suits", () => {
  assertEquals(
    [0.0005, 0.0123, 0.5, 1.23, 123.4, 12_345].map((value) => formatValue(value, "time")),
    ["0.5 µs", "12.3 µs", "500 µs", "1.2 ms", "123 ms", "12.3 s"],
  );
  assertEquals(formatValue(1_660_000, "bytes"), "1.7 MB");
  assertEquals(formatValue(12_345, "count"), "12,345");
  assertEquals(formatValue(-5.8, "time"), "-5.8 ms");
});

Deno.test("formatRatio() writes as many digits as it is worth", () => {
  assertEquals([0.256, 1, 9.94, 9.96, 18_591].map(formatRatio), [
    "× 0.26",
    "× 1.0",
    "× 9.9",
    "× 10",
    "× 18,591",
  ]);
});

Deno.test("columnsOf() has ours and the floor first", () => {
  assertEquals(columnsOf(["b", "floor", "a", "ours"]), ["ours", "floor", "b", "a"]);
  assertEquals(columnsOf(["b"]), ["b"]);
});
