// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { TestScreen } from "./_screen.ts";

Deno.test("Tally promises no end because of hits", () => {
  const screen = new TestScreen();
  const tally = screen.tally(2000);
  tally.cached = 1000;
  screen.time = 1_000;
  const hits = tally.snapshot(false);
  assertEquals([hits.done, hits.ratePerSecond, hits.secondsLeft], [1000, 0, undefined]);
  tally.begins();
  screen.time = 3_000;
  tally.settled("computed");
  const { done, ratePerSecond, secondsLeft } = tally.snapshot(false);
  assertEquals([done, ratePerSecond, secondsLeft], [1001, 0.5, 1998]);
});

Deno.test("Tally takes the rate over the last half minute, and over ten evaluations at least", () => {
  const screen = new TestScreen();
  const tally = screen.tally(10_000);
  tally.begins();
  const run = (count: number, milliseconds: number): void => {
    for (let evaluation = 0; evaluation < count; evaluation++) {
      tally.begins();
      screen.time += milliseconds;
      tally.settled(evaluation % 2 === 0 ? "computed" : "failed");
    }
  };
  run(100, 100);
  assertEquals(tally.snapshot(false).ratePerSecond, 10);
  run(100, 1_000);
  const rate = tally.snapshot(false).ratePerSecond;
  assertEquals(rate, 1);
  run(20, 60_000);
  assertEquals(Math.round(tally.snapshot(false).ratePerSecond * 60), 1);
});

Deno.test("Tally tells the time, and that nothing is left", () => {
  const screen = new TestScreen();
  screen.time = 5_000;
  const tally = screen.tally(1);
  screen.time = 7_500;
  tally.settled("cached");
  const { elapsedSeconds, secondsLeft, isFinished, done } = tally.snapshot(true);
  assertEquals([elapsedSeconds, secondsLeft, isFinished, done], [2.5, 0, true, 1]);
  assertEquals(screen.tally().snapshot(false).secondsLeft, undefined);
});
