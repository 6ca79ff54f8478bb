// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { barLine, plainLine } from "../../src/batch/_progress_text.ts";
import type { BatchProgress } from "../../src/batch/batch_progress.ts";

function progress(given: Partial<BatchProgress> = {}): BatchProgress {
  return {
    ...{ done: 912, total: 2000, cached: 512, computed: 398, failed: 2, active: 4, retried: 0 },
    ...{ ratePerSecond: 12.34, secondsLeft: 88, elapsedSeconds: 33, isFinished: false, ...given },
  };
}

Deno.test("barLine() shows what there is room for", () => {
  const line = (columns: number): string => barLine(progress(), undefined, columns, false);
  assertEquals(
    line(100),
    "45%  [===========>                ]  912/2,000  512 cached  398 computed  2 failed  12/s  1:28 left",
  );
  assertEquals(
    line(80),
    "45%  [===>     ]  912/2,000  512 cached  398 computed  2 failed  12/s  1:28 left",
  );
  assertEquals(line(60), "45%  [===>     ]  912/2,000  512 cached  2 failed  1:28 left");
  assertEquals(line(40), "45%  912/2,000  2 failed  1:28 left");
  assertEquals(line(16), "45%  912/2,000");
  assertEquals(line(10), "912/2,000");
  assertEquals(line(4), "912/");
  assertEquals([line(0), line(-3)], ["", ""]);
});

Deno.test("barLine() shows no bar, and no percentage, while it is not known how many there are", () => {
  const given = { total: undefined, secondsLeft: undefined, failed: 0 };
  assertEquals(
    barLine(progress(given), undefined, 80, false),
    "912  512 cached  398 computed  12/s",
  );
});

Deno.test("barLine() colours without a change to the text", () => {
  // deno-lint-ignore no-control-regex
  const color = /\x1b\[\d+m/g;
  for (const columns of [20, 40, 80, 200]) {
    const colored = barLine(progress(), undefined, columns, true);
    assertEquals(colored.replaceAll(color, ""), barLine(progress(), undefined, columns, false));
  }
  assert(barLine(progress(), undefined, 80, true).includes("\x1b[31m2 failed\x1b[39m"));
});

Deno.test("barLine() is never longer than the columns", () => {
  const counts = fc.record({
    total: fc.option(fc.nat(), { nil: undefined }),
    ...{
      done: fc.nat(),
      cached: fc.nat(),
      computed: fc.nat(),
      failed: fc.nat(),
      retried: fc.nat(),
    },
    ratePerSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
    secondsLeft: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
    elapsedSeconds: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  const ending = fc.constantFrom("complete" as const, "stopped" as const, undefined);
  fc.assert(fc.property(counts, ending, fc.nat(200), (given, ending, columns) => {
    const line = barLine(progress(given), ending, columns, false);
    assert(line.length <= columns);
    assert(/^[\x20-\x7e]*$/.test(line));
  }));
});

Deno.test("plainLine() says all of it", () => {
  assertEquals(
    plainLine(progress(), undefined),
    "912 of 2,000 done (45%): 512 from cache, 398 computed, 2 failed; 12/s; 1:28 left",
  );
  assertEquals(
    plainLine(progress({ total: undefined, secondsLeft: undefined, retried: 3 }), undefined),
    "912 done: 512 from cache, 398 computed, 2 failed, 3 retried; 12/s",
  );
  const finished = { done: 2000, cached: 1998, computed: 0, ratePerSecond: 0, elapsedSeconds: 0.2 };
  assertEquals(
    plainLine(progress(finished), "complete"),
    "2,000 of 2,000 done: 1,998 from cache, 0 computed, 2 failed; in 0:00",
  );
  assertEquals(
    plainLine(progress({ elapsedSeconds: 90_061 }), "stopped"),
    "912 of 2,000 done (45%): 512 from cache, 398 computed, 2 failed; 12/s; stopped after 1d 1h",
  );
});

Deno.test("plainLine() shows rates and times of every size", () => {
  const rates = [1234.5, 9.96, 1, 0.5, 0.01, 0.0001].map((ratePerSecond) =>
    plainLine(progress({ ratePerSecond }), undefined).split("; ")[1]
  );
  assertEquals(rates, ["1,235/s", "10/s", "1.0/s", "30/min", "36/h", "0.4/h"]);
  const times = [0, 59.6, 3_599, 3_600, 86_400 * 1_000].map((secondsLeft) =>
    plainLine(progress({ secondsLeft }), undefined).split("; ")[2]
  );
  assertEquals(times, ["0:00 left", "1:00 left", "59:59 left", "1:00:00 left", "1,000d 0h left"]);
});
