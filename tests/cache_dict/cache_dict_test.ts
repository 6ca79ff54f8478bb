// Copyright 2026 the pecapiku authors. MIT license.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  CacheDict,
  CacheError,
  CacheFormatError,
  type Codec,
  config,
  NoCache,
  UncacheableKeyError,
  UncacheableValueError,
} from "@pecapiku/cache";
import { collectWarnings } from "../_collect_warnings.ts";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

function content(filePath: string): [unknown, unknown][] {
  using cache = new CacheDict(filePath, { access: "r" });
  return [...cache];
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

Deno.test("CacheDict shows in a later block what an earlier one set", () => {
  const filePath = tempFile();
  {
    using cache = new CacheDict<number>(filePath);
    assert(cache.get("x") instanceof NoCache);
    assertStrictEquals(cache.set("x", 1), cache);
    assertEquals(cache.get("x"), 1);
    assertEquals(exists(filePath), false);
  }
  assertEquals(content(filePath), [["x", 1]]);
});

Deno.test("CacheDict finds a key by value", () => {
  const filePath = tempFile();
  const keys: unknown[] = [
    [1, { a: 2 }],
    "1",
    1,
    1n,
    null,
    undefined,
    NaN,
    -0,
    0,
    new Date(5),
    new Map([[1, new Set([2])]]),
    new Uint8Array([1]),
    { b: 1, a: [] },
  ];
  {
    using cache = new CacheDict(filePath);
    keys.forEach((key, i) => cache.set(key, i));
    assertEquals(cache.size, keys.length);
  }
  using cache = new CacheDict(filePath);
  assertEquals(keys.map((key) => cache.get(structuredClone(key))), keys.map((_, i) => i));
  assertEquals([...cache.keys()], keys);
  assert(Object.is([...cache.keys()][7], -0));
  assertEquals(cache.get({ a: [], b: 1 }), keys.length - 1);
});

Deno.test("CacheDict commits when the block is left by an exception", () => {
  const filePath = tempFile();
  assertThrows(
    () => {
      using cache = new CacheDict(filePath);
      cache.set("x", 1);
      throw new RangeError("mine");
    },
    RangeError,
    "mine",
  );
  assertEquals(content(filePath), [["x", 1]]);
});

Deno.test("CacheDict commits all changes of a block in one step", () => {
  const filePath = tempFile();
  using cache = new CacheDict(filePath, { writeThrough: false });
  using other = new CacheDict(filePath, { access: "r" });
  cache.set("x", 1).set("y", 2);
  assertEquals(other.size, 0);
  cache.flush();
  assertEquals([...other], [["x", 1], ["y", 2]]);
  cache.delete("x");
  cache.set("z", 3);
  assertEquals([...other.keys()], ["x", "y"]);
  cache.flush();
  assertEquals([...other.keys()], ["y", "z"]);
});

Deno.test("CacheDict commits each change when it writes through", () => {
  const filePath = tempFile();
  using cache = new CacheDict(filePath, { writeThrough: true });
  using other = new CacheDict(filePath, { access: "r" });
  cache.set("x", 1).set("y", 2);
  assertEquals(other.get("x"), 1);
  cache.delete("x");
  assertEquals(other.size, 1);
  cache.clear();
  assertEquals(other.size, 0);
});

Deno.test("CacheDict writes nothing when w is not granted", () => {
  for (const access of ["r", "e", "re"] as const) {
    const dir = Deno.makeTempDirSync();
    {
      using cache = new CacheDict(`${dir}/sub/a.cache`, { access, writeThrough: true });
      cache.set("x", 1);
      assertEquals([cache.get("x"), cache.size], [1, 1]);
      cache.flush();
      assertEquals([...cache], [["x", 1]]);
      cache.delete("x");
      assertEquals(cache.size, 0);
    }
    assertEquals([...Deno.readDirSync(dir)], []);
  }
});

Deno.test("CacheDict starts empty when r is not granted, and loses nothing of the file", () => {
  const filePath = tempFile();
  {
    using cache = new CacheDict(filePath);
    cache.set("x", 1).set("y", 2).set("z", 3);
  }
  {
    using cache = new CacheDict(filePath, { access: "ew" });
    assertEquals([cache.size, cache.has("x"), [...cache]], [0, false, []]);
    assert(cache.get("x") instanceof NoCache);
    cache.set("x", 10).set("v", 4).set("w", 5);
    assertEquals([...cache.keys()], ["x", "v", "w"]);
    assertEquals(cache.delete("y"), false);
    assertEquals(cache.delete("w"), true);
    cache.flush();
    assertEquals([...cache.keys()], ["x", "v"]);
    cache.set("x", 11);
    assertEquals(cache.get("x"), 11);
  }
  assertEquals(content(filePath), [["x", 11], ["z", 3], ["v", 4]]);
});

Deno.test("CacheDict.clear() drops only what the block set when r is not granted", () => {
  const filePath = tempFile();
  {
    using cache = new CacheDict(filePath);
    cache.set("x", 1).set("y", 2);
  }
  {
    using cache = new CacheDict(filePath, { access: "w" });
    cache.set("x", 10).set("mine", 1);
    cache.clear();
    assertEquals(cache.size, 0);
    cache.set("flushed", 1).flush();
    cache.clear();
  }
  assertEquals(content(filePath), [["x", 1], ["y", 2]]);
});

Deno.test("CacheDict.clear() drops what is there, and what comes later stays", () => {
  const filePath = tempFile();
  {
    using cache = new CacheDict(filePath);
    cache.set("x", 1).set("y", 2);
  }
  {
    using cache = new CacheDict(filePath);
    cache.set("z", 3).clear();
    assertEquals([cache.size, [...cache]], [0, []]);
    {
      using other = new CacheDict(filePath);
      other.set("other", 1);
    }
    cache.set("x", 10);
  }
  assertEquals(content(filePath), [["other", 1], ["x", 10]]);
});

Deno.test("CacheDict encodes a value when it is set, and gives a fresh one at each get", () => {
  using cache = new CacheDict<number[]>(tempFile());
  const value = [1];
  const key = ["k"];
  cache.set(key, value);
  value.push(2);
  key.push("changed");
  (cache.get(["k"]) as number[]).push(3);
  assertEquals(cache.get(["k"]), [1]);
  assertEquals([...cache], [[["k"], [1]]]);
  cache.flush();
  (cache.get(["k"]) as number[]).push(3);
  assertEquals(cache.get(["k"]), [1]);
});

Deno.test("CacheDict.set() copies what a codec gives of the value's own memory", () => {
  const codec: Codec = {
    name: "bytes",
    encode: (value) => value as Uint8Array,
    decode: (bytes) => bytes.slice(),
  };
  const filePath = tempFile();
  const bytes = new Uint8Array([1, 2]);
  {
    using cache = new CacheDict<Uint8Array>(filePath, { codec });
    cache.set(new Uint8Array([9]), bytes);
    bytes[0] = 7;
    assertEquals(cache.get(new Uint8Array([9])), new Uint8Array([1, 2]));
  }
  using cache = new CacheDict<Uint8Array>(filePath, { codec });
  assertEquals([...cache], [[new Uint8Array([9]), new Uint8Array([1, 2])]]);
});

Deno.test("CacheDict.set() refuses a value or key that can't be given back, and keeps what was there", () => {
  const filePath = tempFile();
  using cache = new CacheDict<unknown>(filePath);
  cache.set("x", 1);
  const error = assertThrows(() => cache.set("x", () => 1), UncacheableValueError);
  assertEquals([error.filePath, error.key], [filePath, "x"]);
  assertThrows(() => cache.set(Symbol(), 1), UncacheableKeyError, "key");
  assertThrows(() => cache.set(() => 1, 1), UncacheableKeyError);
  class Spoken {
    [Symbol.for("pecapiku.key")](): string {
      return "spoken";
    }
  }
  assertThrows(() => cache.set(new Spoken(), 1), UncacheableKeyError, "codec");
  for (const call of ["get", "has", "delete"] as const) {
    assertThrows(() => cache[call](Symbol()), UncacheableKeyError);
  }
  assertEquals([...cache], [["x", 1]]);
});

Deno.test("CacheDict goes on when onError is ignore, and leaves no older value behind", () => {
  using cache = new CacheDict<unknown>(tempFile(), { onError: "ignore" });
  cache.set("x", 1).set("x", () => 1).set(Symbol(), 1);
  assert(cache.get("x") instanceof NoCache);
  assert(cache.get(Symbol()) instanceof NoCache);
  assertEquals([cache.has(Symbol()), cache.delete(Symbol()), cache.size], [false, false, 0]);
});

Deno.test("CacheDict.getOrInsert() and getOrInsertComputed() set what is missing", () => {
  using cache = new CacheDict<unknown>(tempFile());
  assertEquals([cache.getOrInsert("x", 1), cache.getOrInsert("x", 2)], [1, 1]);
  assertEquals(cache.getOrInsertComputed(3, (key) => key + 1), 4);
  assertEquals(cache.getOrInsertComputed(3, () => assert(false)), 4);
  assertEquals(cache.getOrInsert("u", undefined), undefined);
  assertEquals(cache.getOrInsert("u", 1), undefined);
  const value = () => 1;
  const error = assertThrows(
    () => cache.getOrInsertComputed("f", () => value),
    UncacheableValueError,
  );
  assertStrictEquals(error.value, value);
  assertThrows(() => cache.getOrInsertComputed("x", 7 as never), TypeError);
  assertThrows(() => cache.forEach(7 as never), TypeError);
});

Deno.test("CacheDict.forEach() gives value, key and dictionary", () => {
  using cache = new CacheDict(tempFile());
  cache.set("x", 1);
  const seen: unknown[] = [];
  cache.forEach(function (this: unknown, value, key, dict) {
    seen.push(this, value, key, dict === cache);
  }, "this");
  assertEquals(seen, ["this", 1, "x", true]);
});

Deno.test("CacheDict prints as its content", () => {
  using cache = new CacheDict(tempFile());
  assertEquals(Deno.inspect(cache), "CacheDict(0) {}");
  cache.set("x", [1, 2]).set({ a: 1 }, null);
  assertEquals(Deno.inspect(cache), `CacheDict(2) { "x" => [ 1, 2 ], { a: 1 } => null }`);
  assertEquals(Deno.inspect(cache.asMap()), `Map(2) { "x" => [ 1, 2 ], { a: 1 } => null }`);
  for (let i = 0; i < 200; i++) cache.set(i, i);
  const printed = Deno.inspect(cache);
  assert(printed.startsWith("CacheDict(202) {"));
  assert(printed.includes("102 more items"));
  cache[Symbol.dispose]();
  assertEquals(Deno.inspect(cache), "CacheDict { <left> }");
});

Deno.test("CacheDict prints the error when the file can't be read", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  using cache = new CacheDict(filePath);
  assert(Deno.inspect(cache).startsWith("CacheDict { <Cannot"));
});

Deno.test("CacheDict throws a CacheError when its block has been left", () => {
  const cache = new CacheDict(tempFile());
  const map = cache.asMap();
  const iterator = cache.set("x", 1).set("y", 2).keys();
  iterator.next();
  cache[Symbol.dispose]();
  cache[Symbol.dispose]();
  const uses = [
    () => cache.get("x"),
    () => cache.set("x", 1),
    () => cache.has("x"),
    () => cache.delete("x"),
    () => cache.clear(),
    () => cache.size,
    () => [...cache],
    () => cache.flush(),
    () => map.get("x"),
    () => iterator.next(),
  ];
  for (const use of uses) assertThrows(use, CacheError, "has been left");
});

Deno.test("CacheDict.with() runs sync and async functions over a block", async () => {
  const filePath = tempFile();
  assertEquals(
    CacheDict.with(filePath, (cache) => {
      cache.set("x", 1);
      return "result";
    }),
    "result",
  );
  assertEquals(content(filePath), [["x", 1]]);
  let left: CacheDict | undefined;
  const result = CacheDict.with(filePath, {}, async (cache) => {
    await Promise.resolve();
    left = cache;
    cache.set("y", 2);
    return cache.size;
  });
  assertInstanceOf(result, Promise);
  assertEquals(await result, 2);
  assertThrows(() => left!.size, CacheError);
  assertEquals(content(filePath), [["x", 1], ["y", 2]]);
  assertThrows(
    () =>
      CacheDict.with(filePath, (cache) => {
        cache.set("z", 3);
        throw new RangeError("mine");
      }),
    RangeError,
  );
  await assertRejects(
    () =>
      CacheDict.with(filePath, undefined, async (cache) => {
        cache.set("w", 4);
        await Promise.reject(new RangeError("mine"));
      }),
    RangeError,
  );
  assertEquals(content(filePath).length, 4);
  assertThrows(() => CacheDict.with(filePath, 7 as never), TypeError);
  assertThrows(() => CacheDict.with(filePath, {}, 7 as never), TypeError);
});

Deno.test("CacheDict throws a TypeError when an argument is not what it may be", () => {
  const bad: [unknown, unknown][] = [
    ["../a.cache", {}],
    ["", {}],
    [7, {}],
    [null, {}],
    ["a.cache", { access: "x" }],
    ["a.cache", { access: 7 }],
    ["a.cache", { codec: "nonsense" }],
    ["a.cache", { onError: "explode" }],
    ["a.cache", { writeThrough: "yes" }],
    ["a.cache", null],
    ["a.cache", "r"],
  ];
  for (const [path, options] of bad) {
    assertThrows(() => new CacheDict(path as string, options as object), TypeError);
  }
});

Deno.test("CacheDict raises CacheFormatError and leaves the file untouched when it is no cache file", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  const cache = new CacheDict(filePath);
  assertThrows(() => cache.get("x"), CacheFormatError);
  assertThrows(() => cache.size, CacheFormatError);
  assertThrows(() => [...cache], CacheFormatError);
  const writing = new CacheDict(filePath, { access: "w" });
  writing.set("x", 1);
  assertThrows(() => writing[Symbol.dispose](), CacheFormatError);
  assertEquals(writing.get("x"), 1);
  assertEquals(Deno.readTextFileSync(filePath), "These are my notes, not a cache.");
  Deno.removeSync(filePath);
  writing[Symbol.dispose]();
  assertEquals(content(filePath), [["x", 1]]);
});

Deno.test("CacheDict without a path is the file of all functions in the cache directory", () => {
  const dir = Deno.makeTempDirSync();
  config.setCacheDir(dir);
  CacheDict.with(undefined, (cache) => cache.set("x", 1));
  assertEquals(content(`${dir}/_comp_cache.cache`), [["x", 1]]);
});

Deno.test("CacheDict keeps the stamp of the clock", () => {
  let time = 1000;
  using cache = new CacheDict(tempFile(), { now: () => time++ });
  cache.set("x", 1);
  assertEquals(time, 1001);
});

type Step =
  | { type: "set"; key: number; value: number }
  | { type: "delete"; key: number }
  | { type: "insert"; key: number; value: number }
  | { type: "clear" }
  | { type: "flush" }
  | { type: "reopen" };

const key = fc.nat({ max: 5 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constant("set" as const), key, value: fc.nat() }),
    },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("delete" as const), key }) },
    fc.record({ type: fc.constant("insert" as const), key, value: fc.nat() }),
    fc.record({ type: fc.constantFrom("clear" as const, "flush" as const, "reopen" as const) }),
  ),
  { maxLength: 25 },
);

Deno.test("CacheDict and its Map behave as a Map, whatever is done to them", () => {
  fc.assert(
    fc.property(steps, fc.boolean(), fc.boolean(), (list: Step[], writeThrough, asMap) => {
      const filePath = tempFile();
      const expected = new Map<unknown, number>();
      let cache = new CacheDict<number>(filePath, { writeThrough });
      for (const step of list) {
        const target = asMap ? cache.asMap() : cache;
        if (step.type === "set") {
          target.set([step.key], step.value);
          expected.set(step.key, step.value);
        } else if (step.type === "insert") {
          assertEquals(
            target.getOrInsert([step.key], step.value),
            expected.getOrInsert(step.key, step.value),
          );
        } else if (step.type === "delete") {
          assertEquals(target.delete([step.key]), expected.delete(step.key));
        } else if (step.type === "clear") {
          target.clear();
          expected.clear();
        } else if (step.type === "flush") cache.flush();
        else {
          cache[Symbol.dispose]();
          cache = new CacheDict<number>(filePath, { writeThrough });
        }
        assertEquals(cache.size, expected.size);
        assertEquals([...cache], [...expected].map(([key, value]) => [[key], value]));
      }
      cache[Symbol.dispose]();
      assertEquals(content(filePath), [...expected].map(([key, value]) => [[key], value]));
    }),
    { numRuns: 60 },
  );
});

/** Goes through a map and makes the given changes on the way. */
function walk(
  map: Map<unknown, number>,
  changes: readonly (readonly [number, Step])[],
): unknown[] {
  const seen: unknown[] = [];
  let at = 0;
  for (const [key] of map) {
    seen.push(key);
    for (const [when, step] of changes) {
      if (when !== at) continue;
      if (step.type === "set") map.set(step.key, step.value);
      else if (step.type === "delete") map.delete(step.key);
      else if (step.type === "clear") map.clear();
    }
    if (++at > 30) break;
  }
  return seen;
}

Deno.test("CacheDict shows changes made while it is gone through as a Map does", () => {
  const changes = fc.array(
    fc.tuple(
      fc.nat({ max: 8 }),
      fc.oneof(
        fc.record({ type: fc.constant("set" as const), key, value: fc.nat() }),
        fc.record({ type: fc.constant("delete" as const), key }),
      ),
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(changes, fc.subarray([0, 1, 2, 3, 4, 5]), (list, stored) => {
      using cache = new CacheDict<number>(tempFile());
      for (const key of stored) cache.set(key, key);
      cache.flush();
      const expected = new Map<unknown, number>(stored.map((key) => [key, key]));
      assertEquals(walk(cache.asMap(), list), walk(expected, list));
    }),
    { numRuns: 200 },
  );
});

Deno.test("CacheDict shows what is added on the way when it writes through", () => {
  using cache = new CacheDict<number>(tempFile(), { writeThrough: true });
  cache.set(0, 0).set(1, 1);
  const seen: unknown[] = [];
  for (const [key] of cache) {
    seen.push(key);
    if (seen.length === 1) cache.set(2, 2).delete(1);
    if (seen.length === 2) cache.set(3, 3);
  }
  assertEquals(seen, [0, 2, 3]);
});

Deno.test("CacheDict leaves out entries that it can't decode, and tells so once for the file", () => {
  const filePath = tempFile();
  const codec: Codec = {
    name: "own",
    encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  };
  CacheDict.with(filePath, { codec }, (cache) => cache.set("own", 1).set("other", 2));
  CacheDict.with(filePath, (cache) => cache.set("structured", 3));
  {
    using warnings = collectWarnings();
    assertEquals(content(filePath), [["structured", 3]]);
    using cache = new CacheDict(filePath, { access: "r" });
    assert(cache.get("own") instanceof NoCache);
    assertEquals(warnings.lines.length, 1);
    assert(warnings.lines[0]!.includes(filePath));
  }
  using cache = new CacheDict(filePath, { codec });
  assertEquals([...cache.keys()], ["own", "other", "structured"]);
});

Deno.test("CacheDict takes a change back when its commit throws with writeThrough", () => {
  const filePath = tempFile();
  Deno.writeTextFileSync(filePath, "These are my notes, not a cache.");
  for (const onError of ["raise", "ignore"] as const) {
    const use = () => {
      using cache = new CacheDict(filePath, { access: "w", writeThrough: true, onError });
      if (onError === "ignore") assertEquals(cache.set("x", 1).get("x"), 1);
      else cache.set("x", 1);
    };
    if (onError === "ignore") use();
    else assertThrows(use, CacheFormatError);
  }
  const cache = new CacheDict(filePath, { access: "w", writeThrough: true });
  assertThrows(() => cache.set("x", 1), CacheFormatError);
  assertEquals(cache.has("x"), false);
  Deno.removeSync(filePath);
  cache.set("y", 2);
  cache[Symbol.dispose]();
  using reader = new CacheDict(filePath);
  assertEquals([...reader], [["y", 2]]);
});
