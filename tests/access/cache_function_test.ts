// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CacheDict,
  cachedMethod,
  CacheError,
  CacheMissError,
  type Codec,
  NoCache,
  UncacheableKeyError,
  UncacheableValueError,
} from "@pecapiku/cache";
import { collectWarnings } from "../_collect_warnings.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

/** A codec that fails where the test says. */
function brittle(fails: { encode?: boolean; decode?: boolean }): Codec {
  return {
    name: "brittle",
    encode(value) {
      if (fails.encode) throw new RangeError("encode failed");
      return new TextEncoder().encode(JSON.stringify(value));
    },
    decode(bytes) {
      if (fails.decode) throw new RangeError("decode failed");
      return JSON.parse(new TextDecoder().decode(bytes));
    },
  };
}

function warningsOf(body: () => void): readonly string[] {
  using warnings = collectWarnings();
  body();
  return warnings.lines;
}

Deno.test("a cached function evaluates once when it is called twice", () => {
  let evaluations = 0;
  const filePath = tempFile();
  const make = () =>
    CacheDict.decorate((x: number) => {
      evaluations++;
      return { x };
    }, { filePath });
  const first = make();
  assertEquals([first(1), first(1), make()(1)], [{ x: 1 }, { x: 1 }, { x: 1 }]);
  assertEquals(evaluations, 1);
  assertEquals(first(2), { x: 2 });
  assertEquals(evaluations, 2);
});

Deno.test("a cached function caches undefined and null", () => {
  let evaluations = 0;
  const f = CacheDict.decorate((x: undefined | null) => {
    evaluations++;
    return x;
  }, { filePath: tempFile() });
  assertEquals([f(undefined), f(undefined), f(null), f(null)], [undefined, undefined, null, null]);
  assertEquals(evaluations, 2);
  assertEquals(f.get(undefined), undefined);
});

Deno.test("a cached function gives a fresh value at each hit", () => {
  const f = CacheDict.decorate((x: number) => [x], { filePath: tempFile() });
  f(1).push(2);
  const hit = f(1);
  hit.push(3);
  assertEquals(f(1), [1]);
});

Deno.test("a cached function keeps the key of before the evaluation when it changes its arguments", () => {
  const filePath = tempFile();
  let evaluations = 0;
  const f = CacheDict.decorate((list: number[]) => {
    evaluations++;
    list.push(9);
    return list.length;
  }, { filePath, innerKey: "list" });
  assertEquals([f([1]), f([1]), evaluations], [2, 2, 1]);
  using cache = new CacheDict(filePath, { access: "r" });
  assertEquals([...cache], [[[1], 2]]);
});

Deno.test("a cached function keeps name, length, this and properties", () => {
  const fn = Object.assign(function named(this: unknown, a: number, b: number) {
    return a + b;
  }, { unit: "m" });
  const f = CacheDict.decorate(fn, { filePath: tempFile() });
  assertEquals([f.name, f.length, f.unit], ["named", 2, "m"]);
  assertStrictEquals(f.fn, fn);
  assertEquals(f.call({ plain: true }, 1, 2), 3);
  // deno-lint-ignore no-explicit-any -- calling it as a constructor is not in its type
  assertThrows(() => new (f as any)(1, 2), TypeError);
});

Deno.test("a cached function can call itself", () => {
  let evaluations = 0;
  const fib = CacheDict.decorate((n: number): number => {
    evaluations++;
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  }, { filePath: tempFile() });
  assertEquals(fib(30), 832040);
  assertEquals(evaluations, 31);
});

Deno.test("a cached function passes an error of the function on and does not cache it", () => {
  let fails = true;
  const error = new RangeError("mine");
  const f = CacheDict.decorate((x: number) => {
    if (fails) throw error;
    return x;
  }, { filePath: tempFile(), onError: "ignore" });
  assertStrictEquals(assertThrows(() => f(1)), error);
  fails = false;
  assertEquals(f(1), 1);
});

Deno.test(".get() and .has() never evaluate, .rerun() always does, .delete() removes", () => {
  let evaluations = 0;
  const f = CacheDict.decorate((x: number) => x + ++evaluations, { filePath: tempFile() });
  assert(f.get(1) instanceof NoCache);
  assertEquals([f.has(1), f.delete(1), evaluations], [false, false, 0]);
  assertEquals(f(1), 2);
  assertEquals([f.get(1), f.has(1)], [2, true]);
  assertEquals([f.rerun(1), f.get(1), f(1)], [3, 3, 3]);
  assertEquals([f.delete(1), f.has(1)], [true, false]);
  assert(/^[0-9a-f]{64}$/.test(f.keyFor(1)));
  assertEquals(f.keyFor(1) === f.keyFor(2), false);
  const { rerun } = f;
  assertEquals(rerun(1), 4);
  assertEquals(f(1), 4);
});

Deno.test("access r only reads", () => {
  const filePath = tempFile();
  CacheDict.decorate((x: number) => x, { filePath })(1);
  let evaluations = 0;
  const f = CacheDict.decorate((x: number) => x + ++evaluations, { filePath, access: "r" });
  assertEquals(f(1), 1);
  const error = assertThrows(() => f(2), CacheMissError);
  assertEquals([error.filePath, error.key], [filePath, f.keyFor(2)]);
  assertThrows(() => f.rerun(1), CacheError, `does not grant "e"`);
  assertThrows(() => f.delete(1), CacheError, `does not grant "w"`);
  assertEquals(evaluations, 0);
});

Deno.test("access re evaluates and stores nothing", () => {
  const filePath = tempFile();
  const f = CacheDict.decorate((x: number) => x, { filePath, access: "re" });
  assertEquals([f(1), f.rerun(1), f.has(1)], [1, 1, false]);
  assertThrows(() => Deno.statSync(filePath), Deno.errors.NotFound);
  assertThrows(() => f.delete(1), CacheError);
});

Deno.test("access ew evaluates always and overwrites", () => {
  const filePath = tempFile();
  let evaluations = 0;
  const f = CacheDict.decorate(() => ++evaluations, { filePath, access: "ew", outerKey: "k" });
  assertEquals([f(), f(), f.has()], [1, 2, false]);
  assert(f.get() instanceof NoCache);
  using cache = new CacheDict(filePath);
  assertEquals(cache.get("k"), 2);
});

Deno.test("access rw and w never evaluate", () => {
  for (const access of ["rw", "w"] as const) {
    const f = CacheDict.decorate(() => 1, { filePath: tempFile(), access, outerKey: 1 });
    assertThrows(() => f(), CacheMissError);
  }
});

Deno.test("access e alone never touches the disk and needs no key", () => {
  const dir = Deno.makeTempDirSync();
  const filePath = `${dir}/sub/a.cache`;
  const f = CacheDict.decorate((x: unknown) => x, { filePath, access: "e" });
  const symbol = Symbol();
  assertStrictEquals(f(symbol), symbol);
  assertStrictEquals(f.rerun(symbol), symbol);
  assert(f.get(symbol) instanceof NoCache);
  assertEquals(f.has(symbol), false);
  assertEquals([...Deno.readDirSync(dir)], []);
});

Deno.test("a refused key is raised before the evaluation when onError is raise", () => {
  let evaluations = 0;
  const filePath = tempFile();
  const f = CacheDict.decorate((_: unknown) => ++evaluations, { filePath });
  const error = assertThrows(() => f(Promise.resolve()), UncacheableKeyError, "args[0]");
  assertEquals([error.filePath, evaluations], [filePath, 0]);
  assertThrows(() => f.get(Symbol()), UncacheableKeyError);
  assertThrows(() => f.keyFor(Symbol()), UncacheableKeyError);
});

Deno.test("a refused key has the call evaluated uncached when onError is warn or ignore", () => {
  for (const onError of ["warn", "ignore"] as const) {
    let evaluations = 0;
    const f = CacheDict.decorate((_: unknown) => ++evaluations, { filePath: tempFile(), onError });
    const warnings = warningsOf(() => {
      assertEquals([f(Symbol(onError)), f(Symbol(onError))], [1, 2]);
      assert(f.get(Symbol(onError)) instanceof NoCache);
      assertEquals(f.has(Symbol(onError)), false);
    });
    if (onError === "ignore") assertEquals(warnings, []);
  }
});

Deno.test("a warning names the file when the message of the error does not", () => {
  const filePath = tempFile();
  const f = CacheDict.decorate((_: unknown) => () => 1, { filePath, onError: "warn" });
  const warnings = warningsOf(() => {
    f(1);
    f(Symbol("x"));
  });
  assertEquals(warnings, [
    `UncacheableValueError: Cannot store value: a function at value: ${filePath}`,
    `UncacheableKeyError: Cannot make key: the unique symbol Symbol(x) at args[0]: ${filePath}`,
  ]);
});

Deno.test("a refused value carries the result when onError is raise, and is returned otherwise", () => {
  const value = () => 1;
  let evaluations = 0;
  const make = (onError: "raise" | "warn" | "ignore") =>
    CacheDict.decorate(() => {
      evaluations++;
      return value;
    }, { filePath: tempFile(), onError, outerKey: `refused by ${onError}` });
  const error = assertThrows(() => make("raise")(), UncacheableValueError);
  assertStrictEquals(error.value, value);
  assertEquals(error.key, "refused by raise");
  const warnings = warningsOf(() => {
    for (const onError of ["warn", "ignore"] as const) {
      const f = make(onError);
      assertStrictEquals(f(), value);
      assertStrictEquals(f(), value);
    }
  });
  assertEquals(evaluations, 5);
  assertEquals(warnings.length, 1);
});

Deno.test("an older result is gone when a rerun gives one that is refused", () => {
  let value: unknown = 1;
  const f = CacheDict.decorate(() => value, {
    filePath: tempFile(),
    outerKey: 1,
    onError: "ignore",
  });
  assertEquals(f(), 1);
  value = () => 2;
  assertStrictEquals(f.rerun(), value);
  assertEquals(f.has(), false);
});

Deno.test("a key that the codec can't give back is refused before the evaluation", () => {
  let evaluations = 0;
  const fails = { encode: true };
  const f = CacheDict.decorate(() => ++evaluations, {
    filePath: tempFile(),
    codec: brittle(fails),
    outerKey: 1,
  });
  assertThrows(() => f(), UncacheableKeyError, "refused");
  assertEquals(evaluations, 0);
});

Deno.test("an entry that can't be decoded is a miss that is told once a file", () => {
  const filePath = tempFile();
  const fails = { decode: false };
  let evaluations = 0;
  const make = () => {
    return CacheDict.decorate((x: number) => ++evaluations + x, {
      filePath,
      codec: brittle(fails),
    });
  };
  const f = make();
  assertEquals([f(0), f(0)], [1, 1]);
  fails.decode = true;
  const warnings = warningsOf(() => {
    assertEquals(f(0), 2);
    assert(make().get(0) instanceof NoCache);
  });
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.includes(filePath));
  fails.decode = false;
  assertEquals(f(0), 2);
});

Deno.test("an entry of a codec that the reader does not know is a miss", () => {
  const filePath = tempFile();
  CacheDict.decorate(() => 1, { filePath, codec: brittle({}), outerKey: "k" })();
  const f = CacheDict.decorate(() => 2, { filePath, access: "re", outerKey: "k" });
  const warnings = warningsOf(() => assertEquals(f(), 2));
  assertEquals(warnings.length, 1);
  assert(warnings[0]!.includes(`"brittle"`));
});

Deno.test("a file that is not a cache raises, or has calls evaluated, as onError says", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const raising = CacheDict.decorate((x: number) => x, { filePath });
  const error = assertThrows(() => raising(1), CacheError);
  assertEquals([error.name, error.filePath], ["CacheFormatError", filePath]);
  assertEquals("value" in error, false);
  const writing = CacheDict.decorate((x: number) => x, { filePath, access: "ew" });
  assertEquals(assertThrows(() => writing(7), CacheError).value, 7);
  const ignoring = CacheDict.decorate((x: number) => x, { filePath, onError: "ignore" });
  assertEquals(ignoring(7), 7);
  const reading = CacheDict.decorate((x: number) => x, {
    filePath,
    onError: "ignore",
    access: "r",
  });
  const miss = assertThrows(() => reading(7), CacheMissError);
  assertEquals((miss.cause as Error).name, "CacheFormatError");
  assertEquals(Deno.readTextFileSync(filePath), "These are my notes, not a cache.");
});

Deno.test("a NoCache result is passed on and not stored", () => {
  const inner = CacheDict.decorate((x: number) => x, { filePath: tempFile() });
  const outer = CacheDict.decorate((x: number) => inner.get(x), { filePath: tempFile() });
  assert(outer(1) instanceof NoCache);
  inner(1);
  assertEquals(outer(1), 1);
});

Deno.test("a cached async function caches the resolved value and never a rejection", async () => {
  let evaluations = 0;
  let fails = true;
  const f = CacheDict.decorate(async (x: number) => {
    evaluations++;
    await Promise.resolve();
    if (fails) throw new RangeError("mine");
    return { x };
  }, { filePath: tempFile() });
  await assertRejects(() => f(1), RangeError, "mine");
  fails = false;
  const hit = f(1);
  assert(hit instanceof Promise);
  assertEquals([await hit, await f(1), evaluations], [{ x: 1 }, { x: 1 }, 2]);
  assertEquals(await f.get(1), { x: 1 });
  assertEquals([await f.has(1), await f.delete(1), await f.has(1)], [true, true, false]);
  for (const answer of [f.get(1), f.has(1), f.delete(1), f.rerun(1)]) {
    assert(answer instanceof Promise);
  }
});

Deno.test("a cached async function never throws, it rejects", async () => {
  const filePath = tempFile();
  const f = CacheDict.decorate(async (x: unknown) => await x, { filePath, access: "r" });
  for (const call of [f, f.get, f.has, f.rerun]) {
    await assertRejects(() => (call as (x: unknown) => Promise<unknown>)(Symbol()), CacheError);
  }
  await assertRejects(() => f(1), CacheMissError);
  await assertRejects(() => f.delete(1), CacheError);
});

Deno.test("concurrent calls with one key evaluate once, and each gets a value of its own", async () => {
  for (const access of ["rew", "re"] as const) {
    let evaluations = 0;
    const f = CacheDict.decorate(async (x: number) => {
      evaluations++;
      await Promise.resolve();
      return { bytes: new Uint8Array([x]) };
    }, { filePath: tempFile(), access });
    const results = await Promise.all([f(1), f(1), f(1), f(2)]);
    assertEquals(evaluations, 2);
    assertEquals(new Set(results).size, 4);
    results[0]!.bytes[0] = 9;
    results[1]!.bytes[0] = 8;
    assertEquals(results[2], { bytes: new Uint8Array([1]) });
    assertEquals(await f(1), { bytes: new Uint8Array([1]) });
  }
});

Deno.test("concurrent calls share a rejection, and the next call evaluates anew", async () => {
  let evaluations = 0;
  const f = CacheDict.decorate(async (_: number) => {
    evaluations++;
    await Promise.resolve();
    if (evaluations === 1) throw new RangeError("mine");
    return evaluations;
  }, { filePath: tempFile() });
  const settled = await Promise.allSettled([f(1), f(1)]);
  assertEquals(settled.map(({ status }) => status), ["rejected", "rejected"]);
  assertEquals(await f(1), 2);
});

Deno.test("concurrent calls each evaluate when the result can't be encoded", async () => {
  let evaluations = 0;
  const f = CacheDict.decorate(async (_: number) => {
    evaluations++;
    await Promise.resolve();
    return () => evaluations;
  }, { filePath: tempFile(), onError: "ignore" });
  const [a, b] = await Promise.all([f(1), f(1)]);
  assertEquals([evaluations, a === b], [2, false]);
  const raising = CacheDict.decorate(f.fn, { filePath: tempFile() });
  const settled = await Promise.allSettled([raising(1), raising(1)]);
  for (const result of settled) {
    assert(result.status === "rejected");
    assert(result.reason instanceof UncacheableValueError);
    assertEquals(typeof result.reason.value, "function");
  }
});

Deno.test(".rerun() does not join an evaluation that is under way", async () => {
  let evaluations = 0;
  const f = CacheDict.decorate(async (_: number) => {
    const mine = ++evaluations;
    await Promise.resolve();
    return mine;
  }, { filePath: tempFile() });
  assertEquals(await Promise.all([f(1), f.rerun(1), f(1)]), [1, 2, 2]);
});

Deno.test("a sync function that returned a promise gives one at a hit", async () => {
  let evaluations = 0;
  const filePath = tempFile();
  const twice = (x: number): Promise<number> => {
    evaluations++;
    return Promise.resolve(x * 2);
  };
  const f = CacheDict.decorate(twice, { filePath, outerKey: "k" });
  assertEquals(await Promise.all([f(2), f(2)]), [4, 4]);
  const hit = f(2);
  assert(hit instanceof Promise);
  assertEquals([await hit, await f.get(2), evaluations], [4, 4, 1]);
  using cache = new CacheDict(filePath);
  assertEquals(cache.get("k"), 4);
});

Deno.test("cacheFunction() throws a TypeError when the result can't be cached", () => {
  const bad: unknown[] = [class Model {}, 7, null];
  const decorate = CacheDict.decorate({ filePath: tempFile() }) as (fn: unknown) => unknown;
  for (const fn of bad) assertThrows(() => decorate(fn), TypeError, "Cannot decorate");
});

Deno.test("cachedMethod() gives the handle, and throws a TypeError when there is none", () => {
  const f = CacheDict.decorate((x: number) => x, { filePath: tempFile() });
  assertStrictEquals(cachedMethod(f as (x: number) => number), f);
  assertThrows(() => cachedMethod((x: number) => x), TypeError);
  assertThrows(() => cachedMethod(undefined as unknown as () => void), TypeError);
});

Deno.test("CacheDict.decorate() stamps entries with the clock it was given", () => {
  const filePath = tempFile();
  const f = CacheDict.decorate(() => 1, { filePath, outerKey: "k", now: () => 1234 });
  assertEquals(f(), 1);
  const broken = CacheDict.decorate(() => 2, {
    filePath,
    outerKey: "other",
    now: () => {
      throw new RangeError("no clock");
    },
  });
  assertEquals(assertThrows(() => broken(), CacheError, "no clock").value, 2);
});
