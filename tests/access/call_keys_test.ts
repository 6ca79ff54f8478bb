// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CacheError, NoCache } from "@pecapiku/cache";
import { parseAccess } from "../../src/access/cache_access.ts";
import { cacheFunction } from "../../src/access/cache_function.ts";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import type { CallKeys, CallMeter } from "../../src/access/cache_plan.ts";
import { parseFunctionOptions } from "../../src/access/function_options.ts";
import { type OnError, parseStorage, StorePlace } from "../../src/access/storage_options.ts";
import { digestKey } from "../../src/keys/digest_key.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";

/** A function cached by keys of a test's own. */
function cached<F extends AnyFunction>(
  fn: F,
  keys: CallKeys,
  { onError = "raise", meter }: { onError?: OnError; meter?: CallMeter } = {},
) {
  const storage = parseStorage({ onError });
  const place = new StorePlace(undefined, new MemoryStore());
  return cacheFunction(fn, {
    control: parseFunctionOptions({}),
    ...{ rights: parseAccess(), storage, place, keys, meter },
    bounds: storage,
  });
}

const byArguments: CallKeys = {
  locate: (_self, args) => ({ digest: digestKey(args), key: args }),
  describe: () => ({ kind: "call", parts: [new TextEncoder().encode("{}")] }),
};

function failing(answer: boolean | undefined, said: string[]): CallKeys {
  return {
    ...byArguments,
    locate() {
      throw new CacheError("Cannot make key: odd");
    },
    ...(answer === undefined ? {} : {
      says(error: CacheError): boolean {
        said.push(error.message);
        return answer;
      },
    }),
  };
}

Deno.test("CallKeys.says() speaks in the place of onError, where it says so", async () => {
  for (const onError of ["raise", "warn", "ignore"] as const) {
    using warnings = collectWarnings();
    const said: string[] = [];
    const f = cached((x: number) => x, failing(true, said), { onError });
    assertEquals([f(1), f.rerun(1), f.has(1), f.delete(1)], [1, 1, false, false]);
    assertEquals(f.get(1) instanceof NoCache, true);
    assertEquals(said, new Array(5).fill("Cannot make key: odd"));
    const late = cached(async (x: number) => await x, failing(true, said), { onError });
    assertEquals(await late(1), 1);
    assertThrows(() => f.keyFor(1), CacheError, "odd");
    assertEquals(warnings.lines, []);
  }
});

Deno.test("CallKeys.says() leaves it to onError, where it is not there or says nothing", async () => {
  for (const answer of [false, undefined]) {
    assertThrows(() => cached((x: number) => x, failing(answer, []))(1), CacheError, "odd");
    const late = cached(async (x: number) => await x, failing(answer, []));
    await assertRejects(() => late(1), CacheError, "odd");
  }
});

/** A meter whose clock only the test moves on. */
class Recorder implements CallMeter {
  time = 0;
  readonly told: unknown[] = [];
  now(): number {
    return this.time;
  }
  hit(spent: number, _store: unknown, digest: string): void {
    this.told.push(["hit", spent, digest.length]);
  }
  evaluated(spent: number, duration: number): void {
    this.told.push(["evaluated", spent, duration]);
  }
}

Deno.test("CallMeter is told of hits and evaluations, and gives the stored duration", async () => {
  const meter = new Recorder();
  const keys: CallKeys = {
    ...byArguments,
    locate(self, args) {
      meter.time += 3;
      return byArguments.locate(self, args);
    },
  };
  const work = (x: number): number => {
    meter.time += 10;
    return x;
  };
  const f = cached(work, keys, { meter });
  f(1);
  f(1);
  f.rerun(1);
  f.get(1);
  assertEquals(meter.told, [["evaluated", 3, 10], ["hit", 3, 64], ["evaluated", 3, 10]]);
  meter.told.length = 0;
  const late = cached(async (x: number) => await Promise.resolve(work(x)), keys, { meter });
  await Promise.all([late(1)]);
  await late(1);
  assertEquals(meter.told, [["evaluated", 3, 10], ["hit", 3, 64]]);
});

Deno.test("CallMeter is told nothing of an evaluation that throws", async () => {
  const meter = new Recorder();
  const fail = (): never => {
    throw new RangeError("no");
  };
  assertThrows(() => cached(fail, byArguments, { meter })(), RangeError);
  await assertRejects(
    () => cached(async () => await Promise.reject(new RangeError("no")), byArguments, { meter })(),
    RangeError,
  );
  assertEquals(meter.told, []);
});
