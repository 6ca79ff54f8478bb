// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Goal, judgeGoals, renderGoals } from "../../bench/_goals.ts";
import type { Cell, Row } from "../../bench/_row.ts";

function row(id: string, cells: Record<string, Cell>, unit: Row["unit"] = "time"): Row {
  return { id, title: id, unit, cells: new Map(Object.entries(cells)) };
}

function timed(ratio: number): Cell {
  return { value: ratio, ratio };
}

function met(goals: readonly Goal[]): Record<string, boolean> {
  return Object.fromEntries(goals.map(({ text, isMet }) => [text, isMet]));
}

Deno.test("judgeGoals() compares hits with the floor and lmdb, and with every peer", () => {
  const cells = { ours: timed(1), floor: timed(0.5), lmdb: timed(1.2), other: timed(0.9) };
  assertEquals(met(judgeGoals([row("hit-1000", cells)])), {
    "hit-1000: at most 1.5 times the floor": false,
    "hit-1000: ahead of lmdb": true,
    "hit-1000: ahead of every peer": false,
  });
  const floor = timed(0.7);
  assertEquals(met(judgeGoals([row("hit-1000", { ...cells, floor, other: timed(1.1) })])), {
    "hit-1000: at most 1.5 times the floor": true,
    "hit-1000: ahead of lmdb": true,
    "hit-1000: ahead of every peer": true,
  });
});

Deno.test("judgeGoals() compares stores with node:sqlite, and leaves out who is not there", () => {
  assertEquals(
    met(judgeGoals([row("store-1000", { ours: timed(1), "node:sqlite": timed(1.4) })])),
    {
      "store-1000: ahead of node:sqlite": true,
      "store-1000: ahead of every peer": true,
    },
  );
  assertEquals(met(judgeGoals([row("store-1000", { ours: timed(1), lmdb: { note: "none" } })])), {
    "store-1000: ahead of every peer": true,
  });
});

Deno.test("judgeGoals() has what grows with what is there as no more than twice as long", () => {
  const flat = (ratio: number): Row =>
    row("flat-hit", { ours: timed(1), "1,000,000": timed(ratio) });
  const [goal, ...others] = judgeGoals([flat(1.9)]);
  assertEquals([goal!.isMet, others.length], [true, 0]);
  assertEquals(judgeGoals([flat(2.1)])[0]!.isMet, false);
});

Deno.test("judgeGoals() goes by wrong values, and not by what is evaluated again", () => {
  const rows = [
    row(
      "flipped-wrong",
      { ours: { value: 0 }, lmdb: { value: 26 }, cacache: { value: 0 } },
      "count",
    ),
    row("flipped-recomputed", { ours: { value: 200 }, lmdb: { value: 3 } }, "count"),
  ];
  assertEquals(met(judgeGoals(rows)), { "flipped-wrong: ahead of every peer": true });
  const worse = row("flipped-wrong", { ours: { value: 1 }, lmdb: { value: 0 } }, "count");
  assertEquals(judgeGoals([worse])[0]!.found, "lmdb 0");
});

Deno.test("judgeGoals() says nothing of a row that we do not have", () => {
  assertEquals(judgeGoals([row("disk", { ours: { note: "it failed" }, lmdb: timed(1) })]), []);
});

Deno.test("renderGoals() marks what is missed", () => {
  const text = renderGoals([
    { text: "fast", isMet: true, found: "" },
    { text: "faster", isMet: false, found: "lmdb × 0.2" },
  ]);
  assertStringIncludes(text, "| fast   | pass |");
  assertStringIncludes(text, "| faster | MISS | lmdb × 0.2 |");
});
