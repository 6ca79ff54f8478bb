// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { functionTotals } from "../../src/stores/function_totals.ts";
import type { FunctionCounts, StoreTotals } from "../../src/stores/store_stats.ts";
import {
  addToTotals,
  checkCounts,
  NO_COUNTS,
  NO_TOTALS,
  readTally,
  writeTally,
} from "../../src/stores/_tally.ts";
import { noise, randomNumbers } from "./_changes.ts";

function counts(functionName: string, hits = 1, savedMilliseconds = 0.5): FunctionCounts {
  return { functionName, hits, misses: 2, stores: 3, evictions: 4, savedMilliseconds };
}

Deno.test("readTally() gives what writeTally() wrote", () => {
  const names = ["", "f", "naïve", "\u0000", "x".repeat(255), "😀".repeat(64)];
  for (const given of [[], [counts("f")], names.map((name, index) => counts(name, index))]) {
    const totals = addToTotals(NO_TOTALS, given);
    assertEquals(readTally(writeTally(totals)), totals);
    // Wherever it is in memory.
    const bytes = writeTally(totals);
    const apart = new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length);
    assertEquals(readTally(apart), totals);
  }
});

Deno.test("readTally() gives nothing, or numbers that can be counted on, whatever the bytes", () => {
  const whole = writeTally(addToTotals(NO_TOTALS, [counts("f"), counts("g")]));
  for (let length = 0; length < whole.length; length++) {
    assertEquals(readTally(whole.subarray(0, length)), undefined, `${length}`);
  }
  assertEquals(readTally(new Uint8Array([...whole, 0])), undefined);
  assertEquals(readTally(new Uint8Array(1_000_000)), undefined);
  const check = (totals: StoreTotals | undefined): void => {
    if (totals === undefined) return;
    checkCounts([...totals.byFunction, { functionName: "", ...totals.all }]);
  };
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = whole.slice();
    bytes[bit >>> 3]! ^= 1 << (bit & 7);
    check(readTally(bytes));
  }
  const random = randomNumbers(1);
  for (let seed = 0; seed < 500; seed++) check(readTally(noise(Math.floor(random() * 400), seed)));
  const infinite = whole.slice();
  new DataView(infinite.buffer).setFloat64(8 + 32, NaN, true);
  assertEquals(readTally(infinite), undefined);
});

Deno.test("addToTotals() keeps 64 functions apart, and counts the others in all", () => {
  const many = Array.from({ length: 70 }, (_, index) => counts(`f${index}`));
  const totals = addToTotals(addToTotals(NO_TOTALS, many), many);
  assertEquals([totals.byFunction.length, totals.all.hits], [64, 140]);
  assertEquals(functionTotals(totals, "f0")?.hits, 2);
  assertEquals(functionTotals(totals, "f69"), undefined);
  assertEquals(readTally(writeTally(totals)), totals);
  const few = addToTotals(NO_TOTALS, [counts("f")]);
  assertEquals(functionTotals(few, "g"), NO_COUNTS);
});

Deno.test("addToTotals() tells names apart by as much of them as is kept", () => {
  const [long, longer] = ["é".repeat(200), `${"é".repeat(200)}!`];
  const totals = addToTotals(NO_TOTALS, [counts(long), counts(longer), counts("\ud800")]);
  assertEquals(totals.byFunction.map(({ hits }) => hits), [2, 1]);
  assertEquals(readTally(writeTally(totals)), totals);
  assertEquals(functionTotals(totals, longer)?.hits, 2);
  assertEquals(functionTotals(totals, "\ud800")?.hits, 1);
});

Deno.test("addToTotals() stops at what can be written", () => {
  const most = counts("f", Number.MAX_SAFE_INTEGER, Number.MAX_VALUE);
  const totals = addToTotals(NO_TOTALS, [most, most]);
  assertEquals(totals.all.hits, Number.MAX_SAFE_INTEGER);
  assertEquals(totals.all.savedMilliseconds, Number.MAX_VALUE);
  assertEquals(readTally(writeTally(totals)), totals);
});

Deno.test("checkCounts() refuses what is no count", () => {
  checkCounts([counts("")]);
  for (const wrong of [-1, NaN, Infinity, "1" as unknown as number]) {
    const shown = JSON.stringify(wrong) === '"1"' ? '"1"' : `${wrong}`;
    assertThrows(() => checkCounts([counts("f", wrong)]), TypeError, `"f", ${shown}`);
  }
  assertThrows(() => checkCounts([counts(1 as unknown as string)]), TypeError, "1, 1");
});
