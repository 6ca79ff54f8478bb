// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CacheDict,
  type Codec,
  NoCache,
  registerType,
  SingleValueCache,
  UncacheableValueError,
} from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { errorDigest, NOTICE } from "../../src/access/entry_parts.ts";
import type { Store, StoreChange } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";
import { STORES } from "./_stores.ts";

const all = () => true;

/** Catches what a call throws, whatever it is. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** A function that throws what a test says, or gives `"value"`, and counts. */
function throwing(store: Store, thrown: { now: unknown }) {
  const counter = { evaluations: 0 };
  const make = (options: object = { cacheErrors: all }) =>
    CacheDict.decorate(function f(_x: number): string {
      counter.evaluations++;
      if (thrown.now !== undefined) throw thrown.now;
      return "value";
    }, { store, ...options });
  return { counter, make };
}

for (const { name, make: makeStore } of STORES) {
  Deno.test(`an error for which cacheErrors says true is thrown again, equal, when the next process calls (${name})`, () => {
    const open = makeStore();
    const cause = new TypeError("why");
    const error = new RangeError("too large", { cause });
    const { counter, make } = throwing(open(), { now: error });
    assertStrictEquals(thrownBy(() => make()(1)), error);
    const again = thrownBy(() => throwing(open(), { now: error }).make()(1)) as RangeError;
    assert(again !== error && again instanceof RangeError && again.cause instanceof TypeError);
    assertEquals([again.message, again.stack, again.cause.message], [
      "too large",
      error.stack,
      "why",
    ]);
    assertEquals(counter.evaluations, 1);
  });

  Deno.test(`a value takes the place of an error, and an error that of a value (${name})`, () => {
    const store = makeStore()();
    const thrown: { now: unknown } = { now: new RangeError("no") };
    const { counter, make } = throwing(store, thrown);
    const f = make();
    const error = errorDigest(f.keyFor(1));
    const isThere = () => [store.has(f.keyFor(1)), store.has(error)];
    thrownBy(() => f(1));
    assertEquals(isThere(), [false, true]);
    thrown.now = undefined;
    assertEquals([f.rerun(1), f(1), isThere()], ["value", "value", [true, false]]);
    thrown.now = new RangeError("again");
    thrownBy(() => f.rerun(1));
    assertEquals(isThere(), [false, true]);
    f.prime([1], "primed");
    assertEquals([f(1), isThere(), counter.evaluations], ["primed", [true, false], 3]);
    // A handle that stores no errors removes them all the same.
    thrownBy(() => f.rerun(1));
    thrown.now = undefined;
    assertEquals([make({}).rerun(1), isThere()], ["value", [true, false]]);
  });
}

Deno.test("get() and has() know nothing of a stored error, and delete() removes it", () => {
  const store = new MemoryStore();
  const { counter, make } = throwing(store, { now: new RangeError("no") });
  for (const options of [{ cacheErrors: all }, {}]) {
    thrownBy(() => make()(1));
    const f = make(options);
    assertEquals([f.get(1) instanceof NoCache, f.has(1)], [true, false]);
    assertEquals([f.delete(1), f.delete(1)], [true, false]);
  }
  thrownBy(() => make()(1));
  assertEquals(counter.evaluations, 3);
});

Deno.test("errors are stored for which cacheErrors says true, and no others", () => {
  const thrown: { now: unknown } = { now: new RangeError("no") };
  const asked: unknown[] = [];
  const { counter, make } = throwing(new MemoryStore(), thrown);
  const f = make({
    cacheErrors: (error: unknown) => asked.push(error) > 0 && error instanceof RangeError,
  });
  thrownBy(() => f(1));
  thrownBy(() => f(1));
  const other = thrown.now = new TypeError("other");
  assertStrictEquals(thrownBy(() => f(2)), other);
  assertStrictEquals(thrownBy(() => f(2)), other);
  assertEquals([counter.evaluations, asked.length], [3, 3]);
  // As after a result, what a rerun throws that is not stored leaves what is.
  assertStrictEquals(thrownBy(() => f.rerun(1)), other);
  assert(thrownBy(() => f(1)) instanceof RangeError);
});

Deno.test("no error is stored when cacheErrors is not given", () => {
  const store = new MemoryStore();
  const { counter, make } = throwing(store, { now: new RangeError("no") });
  const f = make({});
  thrownBy(() => f(1));
  thrownBy(() => f(1));
  assertEquals([counter.evaluations, store.size], [2, 0]);
});

Deno.test("a rejection is stored as one, and rejects again", async () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const fail = async (x: number): Promise<number> => {
    evaluations++;
    await Promise.resolve();
    throw new RangeError(`no ${x}`);
  };
  const make = () => CacheDict.decorate(fail, { store, cacheErrors: all });
  const f = make();
  // All that wait for one evaluation hear of its error.
  const outcomes = await Promise.allSettled([f(1), f(1), f(1)]);
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
  assertEquals(evaluations, 1);
  const hit = make()(1);
  await assertRejects(() => hit, RangeError, "no 1");
  assertEquals([await f.get(1) instanceof NoCache, await f.has(1)], [true, false]);
  assertEquals([evaluations, await f.delete(1)], [1, true]);
});

Deno.test("a sync function that gave a rejected promise gives one again, and one that threw throws", async () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate((late: boolean): Promise<number> => {
    if (late) return Promise.reject(new RangeError("late"));
    throw new RangeError("at once");
  }, { store, cacheErrors: all });
  await assertRejects(() => f(true), RangeError, "late");
  assertThrows(() => f(false), RangeError, "at once");
  const [late] = [f(true)];
  assert(late instanceof Promise);
  await assertRejects(() => late, RangeError, "late");
  assertThrows(() => f(false), RangeError, "at once");
});

Deno.test("anything may be thrown, undefined and a string, too", () => {
  for (const value of [undefined, "text", 0, null, { code: 5 }]) {
    let evaluations = 0;
    const f = CacheDict.decorate(() => {
      evaluations++;
      throw value;
    }, { store: new MemoryStore(), cacheErrors: all });
    thrownBy(() => f());
    assertEquals([thrownBy(() => f()), evaluations], [value, 1]);
  }
});

class HttpError extends Error {
  constructor(readonly status: number) {
    super(`status ${status}`);
  }
}

Deno.test("an error that can't be encoded passes through, and is said once", () => {
  for (const onError of ["raise", "warn", "ignore"] as const) {
    using warnings = collectWarnings();
    const store = new MemoryStore();
    const error = new HttpError(404);
    const { counter, make } = throwing(store, { now: error });
    const f = make({ cacheErrors: all, onError });
    assertStrictEquals(thrownBy(() => f(1)), error);
    assertStrictEquals(thrownBy(() => f(1)), error);
    assertEquals([counter.evaluations, store.size], [2, 0]);
    // The second file of the same name would be silent: what is said is said of a file.
    if (onError === "raise") {
      assertEquals(warnings.lines.length, 1);
      assert(warnings.lines[0]!.startsWith("Cannot store error that f threw: Uncacheable"));
    } else if (onError === "ignore") assertEquals(warnings.lines, []);
  }
});

Deno.test("an error that can't be encoded leaves nothing older to be found", () => {
  using _warnings = collectWarnings();
  const thrown: { now: unknown } = { now: undefined };
  const { make } = throwing(new MemoryStore(), thrown);
  const f = make();
  f(1);
  thrown.now = new HttpError(500);
  thrownBy(() => f.rerun(1));
  assertEquals(f.has(1), false);
  thrown.now = new RangeError("no");
  thrownBy(() => f(1));
  thrown.now = new HttpError(501);
  thrownBy(() => f.rerun(1));
  assertEquals((thrownBy(() => f(1)) as HttpError).status, 501);
});

Deno.test("an error of a registered class comes back with its fields", () => {
  class QuotaError extends Error {
    constructor(readonly limit: number) {
      super(`over ${limit}`);
    }
  }
  registerType(QuotaError, {
    name: "test/QuotaError",
    encode: ({ limit, stack }) => ({ limit, stack }),
    decode: ({ limit, stack }) => Object.assign(new QuotaError(limit), { stack }),
  });
  const error = new QuotaError(5);
  const { counter, make } = throwing(new MemoryStore(), { now: error });
  thrownBy(() => make()(1));
  const again = thrownBy(() => make()(1));
  assert(again instanceof QuotaError);
  assertEquals([again.limit, again.message, again.stack], [5, "over 5", error.stack]);
  assertEquals(counter.evaluations, 1);
});

Deno.test("an error is stored whatever the codec of results, and compressed as they are", () => {
  // As a careless codec would, it gives an error back as an object without properties.
  const careless: Codec = {
    name: "careless",
    encode: (value) => new TextEncoder().encode(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
  };
  for (const codec of ["msgpack", careless] as const) {
    const store = new MemoryStore();
    const error = new RangeError("x".repeat(5_000));
    const { counter, make } = throwing(store, { now: error });
    const options = { cacheErrors: all, codec, compress: "gzip" };
    thrownBy(() => make(options)(1));
    assertEquals((thrownBy(() => make(options)(1)) as Error).message, error.message);
    assertEquals(counter.evaluations, 1);
    const infos = [...store.entries()].filter(({ digest }) => digest !== NOTICE);
    assertEquals(infos.map((info) => info.codec), ["structured+gzip"]);
    assert(infos[0]!.byteLength < 2_000);
  }
});

Deno.test("a cacheErrors that throws or gives no boolean never hides the error itself", () => {
  using warnings = collectWarnings();
  const error = new RangeError("no");
  const { counter, make } = throwing(new MemoryStore(), { now: error });
  const throws = make({
    cacheErrors: () => {
      throw new TypeError("my own");
    },
  });
  assertStrictEquals(thrownBy(() => throws(1)), error);
  const late = make({ cacheErrors: () => Promise.resolve(true) });
  assertStrictEquals(thrownBy(() => late(1)), error);
  assertStrictEquals(thrownBy(() => late(1)), error);
  assertEquals(counter.evaluations, 3);
  assertEquals(warnings.lines, [
    "Cannot store error that f threw: TypeError: my own: memory",
    "Cannot store error that f threw: TypeError: cacheErrors gave no boolean, but object: memory",
  ]);
});

Deno.test("a failed write of an error never hides the error itself", async () => {
  using warnings = collectWarnings();
  const store = new RecordingStore();
  store.commitError = new Error("disk full");
  const error = new RangeError("no");
  const f = throwing(store, { now: error }).make();
  assertStrictEquals(thrownBy(() => f(1)), error);
  const late = CacheDict.decorate(async () => await Promise.reject(error), {
    store,
    cacheErrors: all,
  });
  assertStrictEquals(await late().catch((thrown: unknown) => thrown), error);
  assertEquals(warnings.lines.length, 2);
  assert(warnings.lines[0]!.includes("disk full"));
});

Deno.test("an error is stored with the right to write, and found with the right to read", () => {
  const store = new MemoryStore();
  const { counter, make } = throwing(store, { now: new RangeError("no") });
  thrownBy(() => make({ cacheErrors: all, access: "re" })(1));
  assertEquals(store.size, 0);
  thrownBy(() => make({ cacheErrors: all, access: "ew" })(1));
  thrownBy(() => make({ cacheErrors: all, access: "ew" })(1));
  assertEquals([counter.evaluations, store.size], [3, 2]);
  assert(thrownBy(() => make({ cacheErrors: all, access: "r" })(1)) instanceof RangeError);
  assertEquals(counter.evaluations, 3);
});

Deno.test("a stored error counts by its age, and for the limits of the function", () => {
  let time = 0;
  const store = new MemoryStore();
  const { counter, make } = throwing(store, { now: new RangeError("no") });
  const f = make({ cacheErrors: all, ttl: 10, now: () => time, maxEntries: 2 });
  thrownBy(() => f(1));
  time = 5;
  thrownBy(() => f(1));
  assertEquals(counter.evaluations, 1);
  time = 20;
  thrownBy(() => f(1));
  assertEquals(counter.evaluations, 2);
  thrownBy(() => f(2));
  thrownBy(() => f(1));
  thrownBy(() => f(3));
  // Which of the two others went is that which was used before: a hit of an error is a use.
  assertEquals([1, 2, 3].map((x) => store.has(errorDigest(f.keyFor(x)))), [true, false, true]);
});

Deno.test("a damaged error is evaluated again", () => {
  using _warnings = collectWarnings();
  const store = new MemoryStore();
  const { counter, make } = throwing(store, { now: new RangeError("no") });
  const f = make();
  thrownBy(() => f(1));
  const digest = errorDigest(f.keyFor(1));
  const put = { ...store.info(digest)!, ...store.get(digest)!, type: "put" as const };
  store.commit([{ ...put, parts: [new TextEncoder().encode("{")] }]);
  thrownBy(() => f(1));
  assertEquals(counter.evaluations, 2);
});

/** A store that makes the changes of a commit one by one, and ends after the first ones, as a crash may end it. */
class HalfwayStore extends RecordingStore {
  /** How many changes are made of the next commit. */
  made = Infinity;

  override commit(changes: readonly StoreChange[]): void {
    super.commit(changes.slice(0, this.made));
  }
}

Deno.test("a crash between the two halves of a commit leaves neither an older value nor an older error", () => {
  const isThere = (store: Store, digest: string) => [
    store.has(digest),
    store.has(errorDigest(digest)),
  ];
  for (const made of [0, 1, 2, 3]) {
    // An error in the place of a value.
    const store = new HalfwayStore();
    const thrown: { now: unknown } = { now: undefined };
    const f = throwing(store, thrown).make();
    thrownBy(() => {
      f(1);
      thrown.now = new RangeError("no");
      store.made = made;
      f.rerun(1);
    });
    const expected = [[true, false], [true, false], [false, false], [false, true]];
    assertEquals(isThere(store, f.keyFor(1)), expected[made]);
  }
  for (const made of [0, 1, 2]) {
    // A value in the place of an error.
    const store = new HalfwayStore();
    const thrown: { now: unknown } = { now: new RangeError("no") };
    const f = throwing(store, thrown).make();
    thrownBy(() => f(1));
    thrown.now = undefined;
    store.made = made;
    f.rerun(1);
    const expected = [[false, true], [false, false], [true, false]];
    assertEquals(isThere(store, f.keyFor(1)), expected[made]);
  }
});

Deno.test("a SingleValueCache stores an error for all arguments", () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const f = SingleValueCache.decorate((x: number): number => {
    evaluations++;
    throw new RangeError(`no ${x}`);
  }, { store, cacheErrors: all });
  assertThrows(() => f(1), RangeError, "no 1");
  assertThrows(() => f(2), RangeError, "no 1");
  assertEquals(evaluations, 1);
  assert(SingleValueCache.get(undefined, { store }) instanceof NoCache);
});

Deno.test("an error of the cache itself is none of the function", () => {
  const store = new MemoryStore();
  const f = CacheDict.decorate((x: unknown) => () => x, { store, cacheErrors: all });
  assertThrows(() => f(1), UncacheableValueError);
  assertEquals(store.size, 0);
});

Deno.test("an error does not remove what was stored after its evaluation had begun", async () => {
  for (const how of ["rerun", "prime"] as const) {
    let time = 0;
    const answers = [Promise.withResolvers<number>(), Promise.withResolvers<number>()];
    let evaluations = 0;
    const load = CacheDict.decorate(async (_: number) => await answers[evaluations++]!.promise, {
      store: new MemoryStore(),
      cacheErrors: all,
      now: () => time,
    });
    const first = load(1);
    time++;
    answers[1]!.resolve(5);
    if (how === "rerun") await load.rerun(1);
    else await load.prime([1], 5);
    answers[0]!.reject(new RangeError("began earlier"));
    await assertRejects(() => first, RangeError);
    assertEquals(await load(1), 5, how);
  }
});
