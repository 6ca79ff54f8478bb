// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CacheDict,
  cachedMethod,
  CacheError,
  NoCache,
  SingleValueCache,
  UncacheableKeyError,
  UncacheableValueError,
} from "@pecapiku/cache";
import { checkpoint, type CheckpointedFunction, defaults } from "@pecapiku/cache/checkpoint";
import { MemoryStore } from "@pecapiku/cache/stores";
import { collectWarnings } from "../_collect_warnings.ts";
import { checkpointIn, FakeSource } from "./_fake_code.ts";

function tempDir(): string {
  return Deno.makeTempDirSync();
}

/** Checkpoints that see all of every function, and raise. */
function checkpoints(options: Parameters<typeof checkpointIn>[1] = {}) {
  return checkpointIn(new FakeSource(), { onError: "raise", ...options });
}

Deno.test("checkpoint() evaluates once when it is called twice, also in another checkpoint", () => {
  const directory = tempDir();
  let evaluations = 0;
  const square = (x: number) => {
    evaluations++;
    return { x: x * x };
  };
  const first = checkpoints({ directory })(square);
  assertEquals([first(3), first(3), checkpoints({ directory })(square)(3)], [
    { x: 9 },
    { x: 9 },
    { x: 9 },
  ]);
  assertEquals([first(4), evaluations], [{ x: 16 }, 2]);
});

Deno.test("checkpoint() makes a decorator of options, and takes a function with or without them", () => {
  const directory = tempDir();
  const square = (x: number) => x * x;
  assertEquals(checkpoint({ directory })(square)(3), 9);
  assertEquals(checkpoint(square, { directory }).get(3), 9);
  assertEquals([square].map((fn) => checkpoint({ directory })(fn).has(3)), [true]);
  const before = defaults["cache.filesystem.directory"];
  try {
    defaults["cache.filesystem.directory"] = directory;
    assert(checkpoint(square).has(3));
    assert(checkpoint()(square).has(3));
    assertEquals([square].map(checkpoint as never).length, 1);
  } finally {
    defaults["cache.filesystem.directory"] = before;
  }
});

Deno.test("checkpoint() keeps name, length, properties and the original function", () => {
  const original = Object.assign(function area(a: number, b: number) {
    return a * b;
  }, { unit: "m²" });
  const area = checkpoints()(original);
  assertEquals([area.name, area.length, area.unit], ["area", 2, "m²"]);
  assertStrictEquals(area.fn, original);
  for (const name of ["fn", "rerun", "get", "has", "delete", "keyFor", "prime", "explain"]) {
    const descriptor = Object.getOwnPropertyDescriptor(area, name);
    assertEquals([name, descriptor?.enumerable, descriptor?.configurable], [name, false, true]);
  }
  assertThrows(() => Reflect.construct(area, [1, 2]), TypeError);
  assertThrows(() => Reflect.construct(area.explain, [1, 2]), TypeError);
});

Deno.test("checkpoint() makes a directory with marks when something is first written", () => {
  const directory = `${tempDir()}/a/b`;
  const square = checkpoints({ directory })((x: number) => x * x);
  assertEquals([square.has(3), square.get(3) instanceof NoCache, square.delete(3)], [
    false,
    true,
    false,
  ]);
  assertThrows(() => Deno.statSync(directory), Deno.errors.NotFound);
  square(3);
  const names = Deno.readDirSync(directory).map(({ name }) => name).toArray().sort();
  assertEquals(names, [".gitignore", "CACHEDIR.TAG", "results.cache"]);
  assertEquals(Deno.readTextFileSync(`${directory}/.gitignore`), "*\n");
});

Deno.test("checkpoint() takes a file: URL for a directory, and does not see later changes of it", () => {
  const directory = tempDir();
  const url = new URL(`file://${directory}/one`);
  const square = checkpoints({ directory: url })((x: number) => x * x);
  url.pathname = `${directory}/two`;
  square(3);
  assert(Deno.statSync(`${directory}/one/results.cache`).isFile);
});

Deno.test("checkpoint() keeps results in a store, and then makes no directory", () => {
  const store = new MemoryStore();
  const before = defaults["cache.filesystem.directory"];
  const directory = `${tempDir()}/none`;
  try {
    defaults["cache.filesystem.directory"] = directory;
    const square = checkpoint({ store, onError: "raise" })((x: number) => x * x);
    assertEquals([square(3), square.get(3), store.size], [9, 9, 1]);
  } finally {
    defaults["cache.filesystem.directory"] = before;
  }
  assertThrows(() => Deno.statSync(directory), Deno.errors.NotFound);
});

Deno.test("checkpoint() caches undefined and null", () => {
  let evaluations = 0;
  const f = checkpoints()((x: unknown) => {
    evaluations++;
    return x;
  });
  assertEquals([f(undefined), f(undefined), f(null), f(null)], [undefined, undefined, null, null]);
  assertEquals([evaluations, f.get(undefined)], [2, undefined]);
});

Deno.test("checkpoint() gives a fresh value at each hit", () => {
  const f = checkpoints()((x: number) => [x]);
  f(1).push(2);
  f(1).push(3);
  assertEquals(f(1), [1]);
});

Deno.test("checkpoint() is apart from CacheDict in one store", () => {
  const store = new MemoryStore();
  const square = function square(x: number) {
    return x * x;
  };
  checkpoints({ store })(square)(3);
  assertEquals(CacheDict.decorate(square, { store }).has(3), false);
});

Deno.test("checkpoint() passes an error of the function untouched, and never caches it", () => {
  let evaluations = 0;
  const error = new RangeError("no");
  const f = checkpoints()((x: number) => {
    evaluations++;
    if (evaluations < 3) throw error;
    return x;
  });
  for (let i = 0; i < 2; i++) {
    assertStrictEquals(assertThrows(() => f(1), RangeError), error);
  }
  assertEquals([f.has(1), f(1), f(1), evaluations], [false, 1, 1, 3]);
});

Deno.test("checkpoint() passes a rejection untouched, and never caches it", async () => {
  let evaluations = 0;
  const error = new RangeError("no");
  const f = checkpoints()(async (x: number) => {
    await Promise.resolve();
    if (++evaluations < 2) throw error;
    return x;
  });
  assertStrictEquals(await assertRejects(() => f(1), RangeError), error);
  assertEquals([await f(1), await f(1), evaluations], [1, 1, 2]);
});

Deno.test("checkpoint() evaluates once for concurrent calls of an async function", async () => {
  let evaluations = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const f = checkpoints()(async (x: number) => {
    evaluations++;
    await promise;
    return [x];
  });
  const calls = [f(1), f(1), f(1)];
  resolve();
  const values = await Promise.all(calls);
  assertEquals([values, evaluations], [[[1], [1], [1]], 1]);
  assertEquals(new Set(values).size, 3);
});

Deno.test("checkpoint() serves a function that calls itself", () => {
  let evaluations = 0;
  const fibonacci: CheckpointedFunction<(n: number) => number> = checkpoints()(
    function fibonacci(n: number): number {
      evaluations++;
      return n < 2 ? n : fibonacciOf(n - 1) + fibonacciOf(n - 2);
    },
  );
  const fibonacciOf = (n: number): number => fibonacci(n);
  assertEquals([fibonacci(20), evaluations], [6765, 21]);
});

Deno.test("checkpoint().rerun() evaluates always and overwrites", async () => {
  let evaluations = 0;
  const f = checkpoints()((x: number) => x + ++evaluations);
  assertEquals([f(0), f.rerun(0), f(0), f.rerun(1)], [1, 2, 2, 4]);
  const late = checkpoints()(async (x: number) => await Promise.resolve(x + ++evaluations));
  assertEquals([await late(0), await late.rerun(0), await late(0)], [4, 5, 5]);
});

Deno.test("checkpoint() has get, has, delete and keyFor", async () => {
  const square = checkpoints()((x: number) => x * x);
  assert(square.get(3) instanceof NoCache);
  square(3);
  assertEquals([square.get(3), square.has(3), square.delete(3), square.delete(3)], [
    9,
    true,
    true,
    false,
  ]);
  assertEquals([square.has(3), /^[0-9a-f]{64}$/.test(square.keyFor(3))], [false, true]);
  const late = checkpoints()(async (x: number) => await Promise.resolve(x));
  assertEquals([await late.has(1), await late(1), await late.get(1), await late.delete(1)], [
    false,
    1,
    1,
    true,
  ]);
});

Deno.test("@checkpoint counts this at every call", async () => {
  let evaluations = 0;
  const cached = checkpoints();
  class Scale {
    constructor(readonly weight: number) {}
    @cached
    weigh(x: number): number {
      evaluations++;
      return this.weight * x;
    }
    @cached
    async late(x: number): Promise<number> {
      evaluations++;
      return await Promise.resolve(this.weight + x);
    }
    @cached
    static double(x: number): number {
      evaluations++;
      return 2 * x;
    }
  }
  const [two, five] = [new Scale(2), new Scale(5)];
  assertEquals([two.weigh(3), five.weigh(3), new Scale(2).weigh(3), evaluations], [6, 15, 6, 2]);
  assertEquals([await two.late(3), await two.late(3), evaluations], [5, 5, 3]);
  assertEquals([Scale.double(3), Scale.double(3), evaluations], [6, 6, 4]);
  const handle = cachedMethod(two.weigh);
  assertEquals([handle.get.call(five, 3), handle.has.call(two, 4)], [15, false]);
  assertEquals(handle.rerun.call(two, 3), 6);
  const { explain } = two.weigh as CheckpointedFunction<(this: Scale, x: number) => number>;
  assertEquals([explain.call(two, 3).isHit, explain.call(new Scale(7), 3).isHit], [true, false]);
});

Deno.test("@checkpoint needs no parentheses", () => {
  const before = defaults["cache.filesystem.directory"];
  try {
    defaults["cache.filesystem.directory"] = tempDir();
    class Balance {
      constructor(readonly weight: number) {}
      @checkpoint
      weigh(x: number): number {
        return this.weight * x;
      }
      @checkpoint({ onError: "raise" })
      add(x: number): number {
        return this.weight + x;
      }
    }
    const balance = new Balance(2);
    assertEquals([balance.weigh(3), balance.weigh(3), balance.add(3)], [6, 6, 5]);
    assert(cachedMethod(balance.weigh).has.call(balance, 3));
    assertEquals(cachedMethod(balance.weigh).has.call(new Balance(5), 3), false);
  } finally {
    defaults["cache.filesystem.directory"] = before;
  }
});

Deno.test("checkpoint() counts this where it is an instance, and no namespace", () => {
  let evaluations = 0;
  const f = checkpoints()(function (this: unknown, x: number) {
    evaluations++;
    return x;
  });
  const math = { f };
  math.f(1);
  f.call(undefined, 1);
  assertEquals(evaluations, 1);
  f.call(new Date(0), 1);
  f.call(new Date(1), 1);
  f.call(new Date(1), 1);
  assertEquals(evaluations, 3);
});

Deno.test("checkpoint() counts a plain this where the function looks at it", () => {
  const scales = {
    rate: 2,
    scale: checkpoints()(function (this: { rate: number }, x: number) {
      return this.rate * x;
    }),
    double: checkpoints()((x: number) => 2 * x),
    broken: new WeakMap(),
  };
  const own = { rate: 2, scale: scales.scale };
  assertEquals([own.scale(3), own.scale(3)], [6, 6]);
  own.rate = 5;
  assertEquals([own.scale(3), own.scale.has.call(own, 3)], [15, true]);
  // What does not look at it may be on anything.
  assertEquals([scales.double(3), scales.double.has(3)], [6, true]);
  const bare = Object.assign(Object.create(null), { rate: 2, scale: scales.scale });
  assertEquals(bare.scale(3), 6);
  bare.rate = 7;
  assertEquals(bare.scale(3), 21);
});

Deno.test("checkpoint() sees through the caches round a function", () => {
  const source = new FakeSource();
  const directory = tempDir();
  const square = (x: number) => x * x;
  const inner = SingleValueCache.decorate(square, { filePath: `${directory}/one.cache` });
  assertEquals(checkpointIn(source, { directory })(inner)(3), 9);
  assert(checkpointIn(source, { directory })(square).has(3));
});

Deno.test("checkpoint() asks at its making who makes it, and reads code at the first call", () => {
  const source = new FakeSource();
  const f = checkpointIn(source)((x: number) => x);
  assertEquals(source.reads, 0);
  f(1);
  const { reads } = source;
  f(1);
  f(2);
  assertEquals([source.reads, source.callers?.functions], [reads, ["main"]]);
});

Deno.test("checkpoint() keeps limits among the results of one function", () => {
  const store = new MemoryStore();
  const make = checkpoints({ store, maxEntries: 2 });
  const one = make(function one(x: number) {
    return x;
  });
  const other = make(function other(x: number) {
    return x;
  });
  for (const x of [1, 2, 3]) one(x);
  other(1);
  assertEquals([1, 2, 3].map((x) => one.has(x)), [false, true, true]);
  assert(other.has(1));
});

Deno.test("checkpoint() evaluates again when a result is older than ttl", () => {
  let [time, evaluations] = [0, 0];
  const f = checkpoints({ store: new MemoryStore(), ttl: 10, now: () => time })((x: number) => {
    evaluations++;
    return x;
  });
  f(1);
  time = 9;
  f(1);
  time = 10;
  f(1);
  assertEquals(evaluations, 2);
});

Deno.test("checkpoint() warns of an argument without a key, raises or ignores it, as onError says", () => {
  for (const onError of ["warn", "raise", "ignore"] as const) {
    using warnings = collectWarnings();
    let evaluations = 0;
    const name = `with${onError}`;
    const f = checkpoints({ onError })(
      {
        [name]: (_: unknown) => ++evaluations,
      }[name]!,
    );
    const value = new WeakMap();
    if (onError === "raise") {
      assertThrows(() => f(value), UncacheableKeyError, "args[0]");
      assertThrows(() => f.get(value), UncacheableKeyError);
    } else {
      assertEquals([f(value), f(value)], [1, 2]);
      assert(f.get(value) instanceof NoCache);
      assertEquals([f.has(value), f.delete(value)], [false, false]);
    }
    assertEquals(warnings.lines.length, onError === "warn" ? 1 : 0);
    assertThrows(() => f.keyFor(value), UncacheableKeyError);
  }
});

Deno.test("checkpoint() raises what can't be stored with the value", () => {
  const f = checkpoints()((x: number) => () => x);
  const error = assertThrows(() => f(1), UncacheableValueError);
  assertEquals((error.value as () => number)(), 1);
});

Deno.test("checkpoint() raises an error of the store after the evaluation with the value", () => {
  const directory = `${tempDir()}/file`;
  Deno.writeTextFileSync(directory, "");
  const f = checkpoints({ directory })((x: number) => x * x);
  const error = assertThrows(() => f(3), CacheError);
  assertEquals(error.filePath, `${directory}/results.cache`);
  using warnings = collectWarnings();
  assertEquals(checkpoints({ directory, onError: "warn" })((x: number) => x * x)(3), 9);
  assert(warnings.lines.length >= 1);
  assertEquals(checkpoints({ directory, onError: "ignore" })((x: number) => x + x)(3), 6);
});

Deno.test("checkpoint() raises CheckpointFailedError when the code can't be read", () => {
  const source = new FakeSource();
  const f = checkpointIn(source, { onError: "raise" })(function load() {
    return 1;
  });
  source.error = new RangeError("no module");
  const error = assertThrows(
    () => f(),
    CacheError,
    "Cannot read code of load: RangeError: no module",
  );
  assertStrictEquals(error.cause, source.error);
  source.error = undefined;
  assertEquals([f(), f.has()], [1, true]);
});

Deno.test("checkpoint() throws a TypeError when it is given what it can't be put on", () => {
  const bad: unknown[] = [undefined, null, 1, "x", [], Symbol("s")];
  for (const given of bad) assertThrows(() => checkpoint(given as never), TypeError);
  const decorate = checkpoint({});
  for (const given of [...bad, {}]) assertThrows(() => decorate(given as never), TypeError);
  class Model {}
  assertThrows(() => checkpoint(Model as never), TypeError);
  // As a decorator of the old kind, and on what is no method.
  assertThrows(() => (checkpoint as (...args: unknown[]) => unknown)({}, "x", {}), TypeError);
  assertThrows(() => checkpoint(undefined as never, { kind: "field" } as never), TypeError);
  for (const kind of ["class", "field", "getter", "accessor"]) {
    const context = { kind, name: "x" };
    assertThrows(() => checkpoint((() => 1) as never, context as never), TypeError, kind);
    assertThrows(() => decorate((() => 1) as never, context as never), TypeError, kind);
  }
});

Deno.test("checkpoint() throws a TypeError when an option is wrong", () => {
  const bad: unknown[] = [
    { directory: "" },
    { directory: 1 },
    { directory: "a\0b" },
    { directory: "https://example.com/" },
    { directory: new URL("https://example.com/") },
    { onError: "explode" },
    { codec: "yaml" },
    { ttl: 0 },
    { maxEntries: 0 },
    { maxBytes: 1.5 },
    { compress: "zip" },
    { sync: "always" },
    { keyOrder: "random" },
    { store: {} },
    { now: 5 },
    { uses: 5 },
    { uses: { a: 1 } },
    { uses: async () => await Promise.resolve({}) },
    { uses: function* () {} },
  ];
  for (const options of bad) {
    assertThrows(() => checkpoint(options as never), TypeError);
    assertThrows(() => checkpoint(() => 1, options as never), TypeError);
  }
});
