// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Codec } from "@pecapiku/cache";
import { ExpensiveOverheadWarning } from "@pecapiku/cache/checkpoint";
import { MemoryStore } from "@pecapiku/cache/stores";
import { collectWarnings } from "../_collect_warnings.ts";
import { checkpointIn, FakeSource } from "./_fake_code.ts";

/** A clock that only work moves on. */
function slow(times: { encode?: number; decode?: number; evaluate?: number; read?: number }) {
  const clock = { time: 0 };
  const codec: Codec = {
    name: "slow",
    encode(value) {
      clock.time += times.encode ?? 0;
      return new TextEncoder().encode(JSON.stringify(value));
    },
    decode(bytes) {
      clock.time += times.decode ?? 0;
      return JSON.parse(new TextDecoder().decode(bytes));
    },
  };
  const source = new FakeSource();
  const slowSource = {
    read(...given: Parameters<FakeSource["read"]>) {
      clock.time += times.read ?? 0;
      return source.read(...given);
    },
  };
  const cached = checkpointIn(slowSource, { store: new MemoryStore(), codec }, () => clock.time);
  const work = <T>(value: T): T => {
    clock.time += times.evaluate ?? 0;
    return value;
  };
  return { cached, work, clock };
}

Deno.test("a checkpoint warns once when saving took over 0.1 s longer than the function", () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ encode: 151, evaluate: 50 });
  const load = cached(function load(x: number) {
    return work(x);
  });
  load(1);
  load(2);
  assertEquals(warnings.lines.length, 1);
  assertStringIncludes(
    warnings.lines[0]!,
    "ExpensiveOverheadWarning: retrieving and saving results of load took 0.151 s, " +
      "the function itself 0.050 s",
  );
});

Deno.test("a checkpoint does not warn of 0.1 s", () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ encode: 150, evaluate: 50 });
  cached((x: number) => work(x))(1);
  assertEquals(warnings.lines, []);
});

Deno.test("a checkpoint warns when a hit took over 0.1 s longer than the function", () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ decode: 131, evaluate: 30 });
  const load = cached(function load(x: number) {
    return work(x);
  });
  load(1);
  assertEquals(warnings.lines, []);
  load(1);
  load(1);
  assertEquals(warnings.lines.length, 1);
  assertStringIncludes(warnings.lines[0]!, "took 0.131 s, the function itself 0.030 s");
});

Deno.test("a checkpoint does not warn of a slow hit of a slower function", () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ decode: 5000, encode: 5000, evaluate: 60_000 });
  const load = cached((x: number) => work(x));
  load(1);
  load(1);
  assertEquals(warnings.lines, []);
});

Deno.test("a checkpoint warns of an async function, and of rerun", async () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ encode: 500, evaluate: 50 });
  const late = cached(async function late(x: number) {
    return await Promise.resolve(work(x));
  });
  await late(1);
  await late(2);
  assertEquals(warnings.lines.length, 1);
  const again = cached((x: number) => work(x));
  again.rerun(1);
  assertEquals(warnings.lines.length, 2);
});

Deno.test("a checkpoint does not count that code is read once", () => {
  using warnings = collectWarnings();
  const { cached, work } = slow({ read: 5000, encode: 10, evaluate: 50 });
  const load = cached((x: unknown) => typeof work(x));
  load(1);
  load(() => 1);
  load(class {});
  assertEquals(warnings.lines, []);
});

Deno.test("ExpensiveOverheadWarning has the times in milliseconds, and prints them in seconds", () => {
  const warning = new ExpensiveOverheadWarning("", 1500, 20);
  assertEquals([warning.name, warning.functionName, warning.overhead, warning.duration], [
    "ExpensiveOverheadWarning",
    "",
    1500,
    20,
  ]);
  assertStringIncludes(`${warning}`, "a function took 1.500 s");
});
