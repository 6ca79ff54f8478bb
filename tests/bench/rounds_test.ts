// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import { median } from "../../bench/_measure.ts";
import { measureInTurn, messageOf, ratiosOf, roundsFor, type Timed } from "../../bench/_rounds.ts";

const EFFORT = { rounds: 3, part: 10, warmUp: 1, most: 100, long: 1_500 };

/** Says that it took so long each time, whatever it took. */
function taking(name: string, ...milliseconds: number[]): Timed {
  let turn = 0;
  return {
    name,
    time: (times) => Promise.resolve(milliseconds[turn++ % milliseconds.length]! * times),
  };
}

Deno.test("median() gives the middle one, or the mean of two", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
});

Deno.test("ratiosOf() goes by rounds, and by those that both have", () => {
  assertEquals(ratiosOf([2, 9, 4], [1, 3]), [2, 3]);
  assertEquals(ratiosOf([2], []), []);
});

Deno.test("measureInTurn() gives the median of the ratios of each round, not the ratio of the medians", async () => {
  const cells = await measureInTurn(
    // The first one warms up.
    [taking("ours", 10, 10, 20, 30), taking("theirs", 10, 40, 40, 30)],
    { ...EFFORT, most: 1 },
  );
  assertEquals(cells.get("ours"), { value: 20, ratio: 1 });
  assertEquals(cells.get("theirs"), { value: 40, ratio: 2 });
});

Deno.test("measureInTurn() has each contender begin a round in its turn", async () => {
  const order: string[] = [];
  const noting = (name: string): Timed => ({
    name,
    time: (times) => {
      order.push(name);
      return Promise.resolve(10 * times);
    },
  });
  await measureInTurn([noting("a"), noting("b")], { ...EFFORT, rounds: 2 });
  assertEquals(order, ["a", "b", "a", "b", "b", "a"]);
});

Deno.test("measureInTurn() does often what takes no time, up to the most", async () => {
  const times: number[] = [];
  await measureInTurn([{
    name: "ours",
    time: (count) => {
      times.push(count);
      return Promise.resolve(0.01 * count);
    },
  }], EFFORT);
  assertEquals(times.slice(-3), [100, 100, 100]);
});

Deno.test("measureInTurn() gives a note, and goes on with the others, when one fails", async () => {
  const failing = (after: number): Timed["time"] => {
    let turn = 0;
    return () =>
      turn++ < after ? Promise.resolve(10) : Promise.reject(new Error("no such file\nat ..."));
  };
  const cells = await measureInTurn([
    taking("ours", 10),
    { name: "at once", time: failing(0) },
    { name: "later", time: failing(2) },
    { name: "marked", note: "another type", time: failing(9) },
  ], { ...EFFORT, most: 1 });
  assertEquals(cells.get("ours"), { value: 10, ratio: 1 });
  assertEquals(cells.get("at once"), { note: "no such file" });
  assertEquals(cells.get("later"), { note: "no such file" });
  assertEquals(cells.get("marked"), { value: 10, ratio: 1, note: "another type" });
});

Deno.test("measureInTurn() gives no ratio when ours is not measured", async () => {
  const cells = await measureInTurn([taking("theirs", 10)], EFFORT);
  assertEquals(cells.get("theirs"), { value: 10 });
});

Deno.test("roundsFor() gives fewer rounds to what takes long", () => {
  assertEquals([1, 2_000, 10_000].map((once) => roundsFor(once, { rounds: 11, long: 1_500 })), [
    11,
    3,
    1,
  ]);
  assertEquals(roundsFor(2_000, { rounds: 2, long: 1_500 }), 2);
});

Deno.test("messageOf() gives one line that is not too long", () => {
  assertEquals(messageOf(new TypeError("first\nsecond")), "first");
  assertEquals(messageOf("thrown as text"), "thrown as text");
  assertEquals(messageOf(new Error("x".repeat(500))).length, 160);
});
