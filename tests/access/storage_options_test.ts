// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CacheDict, type Codec, NoCache, SingleValueCache } from "@pecapiku/cache";
import { isAlive, parseStorage, StorePlace, warnOnce } from "../../src/access/storage_options.ts";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import type { PutChange, Store } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";

const codec: Codec = {
  name: "x".repeat(250),
  encode: () => new Uint8Array(),
  decode: () => undefined,
};

/** Each option with what it may not be, and what the message has to show. */
const WRONG: readonly [option: string, given: unknown, shown: string][] = [
  ["compress", true, "true"],
  ["compress", "brotli", '"brotli"'],
  ["compress", "", '""'],
  ["compress", null, "null"],
  ["compress", 6, "6"],
  ["ttl", 0, "0"],
  ["ttl", -1, "-1"],
  ["ttl", NaN, "NaN"],
  ["ttl", -Infinity, "-Infinity"],
  ["ttl", "1h", '"1h"'],
  ["ttl", 5n, "5n"],
  ["ttl", null, "null"],
  ["ttl", {}, "an object"],
  ["ttl", { hours: 1 }, "an object"],
  ["ttl", new Date(5), "an object"],
  ["ttl", new Temporal.Duration(), "PT0S"],
  ["ttl", Temporal.Duration.from("-PT1H"), "-PT1H"],
  ["ttl", Temporal.Duration.from("P1W"), "P1W"],
  ["ttl", Temporal.Duration.from("P1M"), "P1M"],
  ["ttl", Temporal.Duration.from("P1YT1S"), "P1YT1S"],
  ["maxEntries", 0, "0"],
  ["maxEntries", -1, "-1"],
  ["maxEntries", 1.5, "1.5"],
  ["maxEntries", NaN, "NaN"],
  ["maxEntries", Infinity, "Infinity"],
  ["maxEntries", 2 ** 53, "9007199254740992"],
  ["maxEntries", "10", '"10"'],
  ["maxEntries", 10n, "10n"],
  ["maxEntries", null, "null"],
  ["maxBytes", 0, "0"],
  ["maxBytes", -0.5, "-0.5"],
  ["maxBytes", Infinity, "Infinity"],
  ["maxBytes", "1 MB", '"1 MB"'],
  ["maxBytes", [], "an array"],
  ["sync", true, "true"],
  ["sync", "always", '"always"'],
  ["totals", true, "true"],
  ["totals", "some", '"some"'],
  ["sync", null, "null"],
  ["store", null, "null"],
  ["store", "memory", '"memory"'],
  ["store", {}, "an object"],
  ["store", new Map(), "an object"],
  ["store", MemoryStore, "a function"],
];

Deno.test("CacheDict and SingleValueCache throw a TypeError that shows what was given when a storage option is wrong", () => {
  const untyped = { CacheDict, SingleValueCache } as unknown as Record<
    "CacheDict" | "SingleValueCache",
    {
      new (...args: unknown[]): { decorate(...args: unknown[]): unknown };
      decorate(...args: unknown[]): unknown;
      get(...args: unknown[]): unknown;
      with(...args: unknown[]): unknown;
    }
  >;
  const fn = (x: number): number => x;
  for (const [option, given, shown] of WRONG) {
    const options = { [option]: given };
    const path = option === "store" ? undefined : "a.cache";
    const uses = [
      () => new untyped.CacheDict(path, options),
      () => untyped.CacheDict.with(path, options, () => 1),
      () => untyped.CacheDict.decorate(fn, { filePath: path, ...options }),
      () => untyped.CacheDict.decorate({ filePath: path, ...options }),
      () => new untyped.CacheDict("a.cache").decorate(fn, options),
      () => new untyped.SingleValueCache(path, options),
      () => untyped.SingleValueCache.decorate(fn, { filePath: path, ...options }),
      () => new untyped.SingleValueCache("a.cache").decorate(fn, options),
      () => untyped.SingleValueCache.get(path, options),
    ];
    for (const use of uses) {
      const { message } = assertThrows(use, TypeError, `Cannot set ${option}: `, `${use} ${shown}`);
      assert(message.endsWith(`: ${shown}`), message);
    }
  }
});

Deno.test("parseStorage() tells that years, months and weeks are the trouble", () => {
  for (const text of ["P1Y", "P2M", "P3W"]) {
    const ttl = Temporal.Duration.from(text);
    assertThrows(() => parseStorage({ ttl }), TypeError, "years, months and weeks");
  }
});

Deno.test("parseStorage() leaves room in the codec's name for how values are compressed", () => {
  assertEquals(parseStorage({ codec }).codec.name, codec.name);
  assertEquals(parseStorage({ codec, compress: "gzip" }).codec.name, codec.name);
  assertThrows(() => parseStorage({ codec, compress: "deflate" }), TypeError, "1 to 247 bytes");
});

Deno.test("parseStorage() fills in the defaults, and takes undefined for what is not given", () => {
  const names = [
    "codec",
    "compress",
    "ttl",
    "maxEntries",
    "maxBytes",
    "sync",
    "totals",
    "onError",
    "now",
  ];
  const undefineds = Object.fromEntries(names.map((name) => [name, undefined]));
  for (const options of [{}, undefineds]) {
    const storage = parseStorage(options);
    assertEquals({ ...storage, codec: storage.codec.name }, {
      codec: "structured",
      compress: false,
      sync: "none",
      totals: undefined,
      onError: "raise",
      now: Date.now,
      keys: { keyOrder: "sort" },
      ttl: Infinity,
      maxEntries: Infinity,
      maxBytes: Infinity,
    });
  }
});

Deno.test("parseStorage() gives a ttl in milliseconds", () => {
  const cases: [number | Temporal.Duration, number][] = [
    [1, 1],
    [0.5, 0.5],
    [Infinity, Infinity],
    [Temporal.Duration.from("PT1.5S"), 1500],
    [Temporal.Duration.from("P2DT1H"), 49 * 3_600_000],
    [Temporal.Duration.from({ nanoseconds: 500 }), 0.0005],
  ];
  for (const [ttl, milliseconds] of cases) assertEquals(parseStorage({ ttl }).ttl, milliseconds);
});

Deno.test("isAlive() tells by the age, and takes what is written later than now for dead", () => {
  const storage = { ttl: 10, now: () => 100 };
  const alive = [90, 90.001, 91, 99, 100, 100.001, 101, Infinity, -Infinity, NaN]
    .filter((writtenAt) => isAlive(writtenAt, storage));
  assertEquals(alive, [90.001, 91, 99, 100]);
  assertEquals(isAlive(90, { ttl: 10, now: () => NaN }), false);
});

Deno.test("isAlive() does not ask the clock when there is no ttl", () => {
  const now = (): number => {
    throw new Error("asked");
  };
  for (const writtenAt of [0, 1e300, NaN]) assert(isAlive(writtenAt, { ttl: Infinity, now }));
});

Deno.test("StorePlace takes a store as it is, and names it by its location", () => {
  const store = new RecordingStore();
  const place = new StorePlace(undefined, store);
  assertStrictEquals(place.store, store);
  assertEquals(place.location, "recording");
});

Deno.test("StorePlace throws a TypeError when there is a path beside a store, or part of a store is missing", () => {
  const store = new MemoryStore();
  assertThrows(() => new StorePlace("a.cache", store), TypeError, '"a.cache"');
  assertThrows(() => new StorePlace(new URL("file:///a.cache"), store), TypeError, "file:///");
  assertThrows(() => new StorePlace(undefined), TypeError);
  const whole: Record<string, unknown> = { location: "x", size: 0 };
  for (const name of ["get", "info", "has", "entries", "commit", "touch", "close"]) {
    whole[name] = () => undefined;
  }
  new StorePlace(undefined, whole as unknown as Store);
  for (const name of Object.keys(whole).filter((name) => name !== "size")) {
    const part = { ...whole, [name]: undefined };
    assertThrows(
      () => new StorePlace(undefined, part as unknown as Store),
      TypeError,
      "Cannot set store",
      name,
    );
  }
});

Deno.test("StorePlace.at() asks once where the file is, at the first use", () => {
  const path = `${Deno.makeTempDirSync()}/a.cache`;
  let asked = 0;
  const place = StorePlace.at(() => {
    asked++;
    return path;
  });
  assertEquals(asked, 0);
  assertEquals([place.location, place.store.location, place.location, asked], [
    path,
    path,
    path,
    1,
  ]);
});

Deno.test("CacheDict and SingleValueCache throw a TypeError when a path is a function", () => {
  const path = () => `${Deno.makeTempDirSync()}/a.cache`;
  assertThrows(() => new CacheDict(path as never), TypeError, "a function");
  assertThrows(() => new SingleValueCache(path as never), TypeError, "a function");
});

Deno.test("warnOnce() prints a message once, or once for each id", () => {
  using warnings = collectWarnings();
  for (const id of ["a", "b", "a"]) warnOnce("Cannot do this twice", id);
  for (let i = 0; i < 2; i++) warnOnce("Cannot do that twice");
  assertEquals(warnings.lines, [
    "Cannot do this twice",
    "Cannot do this twice",
    "Cannot do that twice",
  ]);
});

Deno.test("CacheDict and SingleValueCache throw a TypeError when both a path and a store are given", () => {
  const store = new MemoryStore();
  const fn = (x: number): number => x;
  const untyped = SingleValueCache as unknown as {
    new (...args: unknown[]): unknown;
    decorate(...args: unknown[]): unknown;
    get(...args: unknown[]): unknown;
  };
  const filePath = "a.cache";
  const uses = [
    () => new CacheDict(filePath, { store }),
    () => CacheDict.with(filePath, { store }, () => 1),
    () => CacheDict.decorate(fn, { filePath, store }),
    () => new CacheDict(filePath).decorate(fn, { filePath, store }),
    () => new untyped(filePath, { store }),
    () => untyped.decorate(fn, { filePath, store }),
    () => untyped.get(filePath, { store }),
  ];
  for (const use of uses) assertThrows(use, TypeError, "Cannot set store", String(use));
});

Deno.test("the option store keeps entries there, of dictionaries, functions and single values", () => {
  const store = new RecordingStore();
  using cache = new CacheDict<number>(undefined, { store });
  cache.set("x", 1).flush();
  const square = CacheDict.decorate((x: number) => x * x, { store, innerKey: "x" });
  assertEquals([square(3), cache.get(3)], [9, 9]);
  const cube = cache.decorate((x: number) => x ** 3, { innerKey: "x + 100" });
  assertEquals([cube(2), cache.get(102), store.size], [8, 8, 3]);
  const answer = SingleValueCache.decorate(() => 42, { store });
  assertEquals([answer(), cache.get("value"), SingleValueCache.get(undefined, { store })], [
    42,
    42,
    42,
  ]);
  const single = new SingleValueCache(undefined, { store });
  assertEquals(single.decorate(() => 43)(), 42);
  assertEquals(CacheDict.with(undefined, { store }, ({ size }) => size), 4);
  assertEquals(store.commits.length, 4);
});

Deno.test("a function without a name can be cached in a store: it is not the default file", () => {
  const store = new MemoryStore();
  const nameless = (() => (x: number) => x)();
  assertEquals([nameless.name, CacheDict.decorate(nameless, { store })(1)], ["", 1]);
  assertEquals(new CacheDict(undefined, { store }).decorate(nameless).has(1), true);
});

Deno.test("a cached function of a dictionary goes where its own filePath or store says", () => {
  const inner = new RecordingStore();
  const outer = new RecordingStore();
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const square = (x: number): number => x * x;
  const cache = new CacheDict(undefined, { store: outer });
  cache.decorate(square, { store: inner })(1);
  cache.decorate(square, { filePath })(2);
  new CacheDict(filePath).decorate(square, { store: inner })(3);
  assertEquals([outer.size, inner.size, new CacheDict(filePath).size], [0, 2, 1]);
  const single = new SingleValueCache(undefined, { store: outer });
  single.decorate(() => 1, { store: inner })();
  assertEquals([outer.size, inner.size], [0, 3]);
});

Deno.test("an error names the location of the store that was given", () => {
  const store = new RecordingStore();
  store.commitError = new RangeError("full");
  const error = assertThrows(() => CacheDict.decorate(() => 1, { store, outerKey: 1 })());
  assertEquals((error as { filePath?: unknown }).filePath, "recording");
  assert((error as Error).message.includes("recording"));
});

Deno.test("sync is passed on to each commit, and nothing is passed on when it is none", () => {
  for (const sync of ["commit", "none", undefined] as const) {
    const store = new RecordingStore();
    const expected = sync === "commit" ? { sync } : undefined;
    const square = CacheDict.decorate((x: number) => x * x, { store, sync });
    square(1);
    square.delete(1);
    CacheDict.with(undefined, { store, sync }, (cache) => cache.set("x", 1));
    SingleValueCache.decorate(() => 1, { store, sync })();
    assertEquals(store.commits.map(({ options }) => options), Array(4).fill(expected));
  }
});

Deno.test("compress stores what gets shorter under another name, and any reader reads it", () => {
  const text = "a long text ".repeat(500);
  for (const compress of ["gzip", "deflate"] as const) {
    for (const codec of ["structured", "msgpack"] as const) {
      const store = new RecordingStore();
      const repeat = CacheDict.decorate((times: number) => "a long text ".repeat(times), {
        ...{ store, compress, codec },
        innerKey: "({ times })",
      });
      assertEquals([repeat(500), repeat(1)], [text, "a long text "]);
      CacheDict.with<void, unknown>(undefined, { store, compress, codec }, (cache) => {
        cache.set("set", text).set("short", 1);
        // What is pending is read as what is stored.
        assertEquals(cache.get("set"), text);
      });
      const name = `${codec}+${compress}`;
      assertEquals([...store.entries()].map((info) => info.codec), [name, codec, name, codec]);
      assert([...store.entries()][0]!.byteLength < 200);
      for (const reader of ["structured", "msgpack"] as const) {
        for (const other of [false, "gzip", "deflate"] as const) {
          const options = { store, codec: reader, compress: other };
          using cache = new CacheDict<unknown>(undefined, options);
          assertEquals([...cache], [
            [{ times: 500 }, text],
            [{ times: 1 }, "a long text "],
            ["set", text],
            ["short", 1],
          ]);
          const again = CacheDict.decorate(repeat.fn, { ...options, innerKey: "({ times })" });
          assertEquals(again.get(500), text);
        }
      }
    }
  }
});

Deno.test("compress works with a codec of one's own, whose key stays as it is", () => {
  const own: Codec = {
    name: "own",
    encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
    // Buffer.slice would share memory, and Buffer.toString would be text.
    decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes.slice())),
  };
  const store = new RecordingStore();
  const long = "x".repeat(5000);
  using cache = new CacheDict<string>(undefined, { store, codec: own, compress: "gzip" });
  cache.set(long, long).flush();
  const [info] = [...store.entries()];
  assertEquals([info!.codec, info!.key.parts[0].length], ["own+gzip", 5002]);
  assertEquals([...cache], [[long, long]]);
  assertEquals([...new CacheDict(undefined, { store, codec: own })], [[long, long]]);
});

Deno.test("compress takes what is damaged inside of a compressed value for a miss", () => {
  const store = new RecordingStore();
  const fill = CacheDict.decorate((length: number) => new Uint8Array(length), {
    ...{ store, compress: "deflate" },
    innerKey: "length",
    onError: "raise",
  });
  fill(100_000);
  const change = store.commits[0]!.changes[0] as PutChange;
  const [first, second] = change.parts;
  const damaged = second!.slice();
  damaged[0]! ^= 1;
  store.commit([{ ...change, parts: [first, damaged] }]);
  using warnings = collectWarnings();
  assert(fill.get(100_000) instanceof NoCache);
  assertEquals(fill(100_000), new Uint8Array(100_000));
  assertEquals(warnings.lines.length, 1);
  assertEquals(fill.get(100_000), new Uint8Array(100_000));
});

Deno.test("compress gives concurrent calls values of their own, and is not done for what is not stored", async () => {
  for (const access of ["rew", "re"] as const) {
    const store = new RecordingStore();
    const fill = CacheDict.decorate(async (length: number) => {
      return await Promise.resolve(new Uint8Array(length).fill(7));
    }, { store, compress: "gzip", access });
    const [one, two] = await Promise.all([fill(100_000), fill(100_000)]);
    one[0] = 1;
    assertEquals([two[0], two.length], [7, 100_000]);
    assertEquals(store.size, access === "rew" ? 1 : 0);
    assertEquals((await fill(100_000))[0], 7);
  }
});
