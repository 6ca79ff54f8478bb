// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CacheDict,
  cachedMethod,
  CacheError,
  CacheMissError,
  NoCache,
  SingleValueCache,
  UncacheableKeyError,
  UncacheableValueError,
} from "@pecapiku/cache";
import { MemoryStore } from "../../src/stores/memory_store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { RecordingStore } from "./_recording_store.ts";
import { STORES } from "./_stores.ts";
import { sizeOf } from "./_size_of.ts";

/** A generator function that counts the chunks that it made. */
function makeCount(): { made: number; count(n: number): Generator<{ i: number }, string, void> } {
  const counter = {
    made: 0,
    *count(n: number): Generator<{ i: number }, string, void> {
      for (let i = 0; i < n; i++) {
        counter.made++;
        yield { i };
      }
      return `${n} in all`;
    },
  };
  return counter;
}

/** All that a generator gives: its chunks, and what it returns. */
function drain<T, R>(generator: Generator<T, R, unknown>): [T[], R] {
  const chunks: T[] = [];
  while (true) {
    const step = generator.next();
    if (step.done === true) return [chunks, step.value];
    chunks.push(step.value);
  }
}

for (const kind of STORES) {
  Deno.test(`a cached generator function gives chunks and return value again when in a ${kind.name}`, () => {
    const open = kind.make();
    const counter = makeCount();
    const expected = [[{ i: 0 }, { i: 1 }, { i: 2 }], "3 in all"];
    for (let i = 0; i < 3; i++) {
      const count = CacheDict.decorate(counter.count, { store: open() });
      assertEquals<unknown>(drain(count(3)), expected);
      assertEquals([count.has(3), count.has(2)], [true, false]);
    }
    assertEquals(counter.made, 3);
    const store = open();
    const count = CacheDict.decorate(counter.count, { store });
    assert(count.delete(3));
    assertEquals([count.has(3), sizeOf(store)], [false, 0]);
    assertEquals(drain(count(0)), [[], "0 in all"]);
    assertEquals(drain(count(0)), [[], "0 in all"]);
  });

  Deno.test(`a cached async generator function gives its chunks again when in a ${kind.name}`, async () => {
    const open = kind.make();
    let made = 0;
    async function* letters(text: string): AsyncGenerator<string, number, void> {
      for (const letter of text) {
        await Promise.resolve();
        made++;
        yield letter;
      }
      return text.length;
    }
    for (let i = 0; i < 2; i++) {
      const cached = CacheDict.decorate(letters, { store: open(), codec: "msgpack" });
      const generator = cached("abc");
      const steps = [];
      for (let j = 0; j < 5; j++) steps.push(await generator.next());
      assertEquals(steps.map(({ value }) => value), ["a", "b", "c", 3, undefined]);
    }
    assertEquals(made, 3);
  });
}

Deno.test("a cached generator function gives a real generator object", () => {
  const count = CacheDict.decorate(makeCount().count, { store: new MemoryStore() });
  for (let i = 0; i < 2; i++) {
    const generator = count(3);
    assertEquals(Object.prototype.toString.call(generator), "[object Generator]");
    assertStrictEquals(generator[Symbol.iterator](), generator);
    assertEquals(generator.map((chunk) => chunk.i).filter((n) => n > 0).toArray(), [1, 2]);
    const delegate = function* (): Generator<{ i: number }, string, void> {
      return yield* count(2);
    };
    assertEquals<unknown>(drain(delegate()), [[{ i: 0 }, { i: 1 }], "2 in all"]);
  }
  assertEquals([count.name, count.length], ["count", 1]);
});

Deno.test("a cached generator function does nothing before the first next()", () => {
  const store = new RecordingStore();
  const counter = makeCount();
  const count = CacheDict.decorate(counter.count, { store });
  count(3).return("early");
  const generator = count(3);
  assertEquals([counter.made, store.commits.length], [0, 0]);
  generator.next();
  assertEquals([counter.made, store.commits.length], [1, 1]);
});

Deno.test("a cached generator function gives a fresh chunk at each replay", () => {
  const lists = CacheDict.decorate(function* lists() {
    yield [1];
  }, { store: new MemoryStore() });
  for (let i = 0; i < 3; i++) {
    const [chunk] = lists();
    assertEquals(chunk, [1]);
    chunk!.push(2);
  }
});

Deno.test("a cached generator function stores a chunk as it was when it was given", () => {
  const list: number[] = [];
  const grow = CacheDict.decorate(function* grow() {
    for (let i = 0; i < 3; i++) {
      list.push(i);
      yield list;
    }
  }, { store: new MemoryStore() });
  for (const chunk of grow()) chunk.push(9);
  assertEquals([...grow()], [[0], [0, 9, 1], [0, 9, 1, 9, 2]]);
});

Deno.test("a cached generator function stores nothing when its consumer leaves early", () => {
  const store = new MemoryStore();
  const counter = makeCount();
  const count = CacheDict.decorate(counter.count, { store });
  for (const { i } of count(5)) if (i === 2) break;
  assertEquals([count.has(5), sizeOf(store)], [false, 0]);
  assertEquals([...count(5)].length, 5);
  assertEquals(counter.made, 8);
  for (const { i } of count(5)) if (i === 2) break;
  assertEquals([count.has(5), counter.made], [true, 8]);
});

Deno.test("a cached generator function passes return() and throw() on when it evaluates", () => {
  const said: unknown[] = [];
  const fn = function* careful(): Generator<string, string, void> {
    try {
      yield "a";
    } catch (error) {
      said.push(error);
      yield "caught";
    } finally {
      said.push("finally");
    }
    return "end";
  };
  const store = new MemoryStore();
  const careful = CacheDict.decorate(fn, { store });
  const thrown = careful();
  thrown.next();
  assertEquals(thrown.throw("e"), { done: false, value: "caught" });
  assertEquals(thrown.next(), { done: true, value: "end" });
  const left = careful();
  left.next();
  assertEquals(left.return("left"), { done: true, value: "left" });
  assertEquals(said, ["e", "finally", "finally"]);
  assertEquals(sizeOf(store), 0);
  assertEquals(drain(careful()), [["a"], "end"]);
  const replayed = careful();
  replayed.next();
  assertEquals(
    assertThrows(() => replayed.throw(new RangeError("mine")), RangeError).message,
    "mine",
  );
  assertEquals<unknown>(replayed.next(), { done: true, value: undefined });
  assertEquals(drain(careful()), [["a"], "end"]);
});

Deno.test("a cached generator function passes an error on where it happens, and stores nothing", () => {
  const store = new MemoryStore();
  let fails = true;
  const error = new RangeError("mine");
  const f = CacheDict.decorate(function* f() {
    yield 1;
    if (fails) throw error;
    yield 2;
  }, { store, onError: "ignore" });
  const generator = f();
  assertEquals(generator.next().value, 1);
  assertStrictEquals(assertThrows(() => generator.next()), error);
  assertEquals([sizeOf(store), generator.next().done], [0, true]);
  fails = false;
  assertEquals([...f()], [1, 2]);
});

Deno.test("a cached generator function refuses values that are sent into it", () => {
  let isClosed = false;
  const echo = CacheDict.decorate(function* echo(): Generator<number, void, number | undefined> {
    try {
      yield 1;
      yield 2;
    } finally {
      isClosed = true;
    }
  }, { store: new MemoryStore() });
  for (let i = 0; i < 2; i++) {
    const generator = echo();
    generator.next();
    assertThrows(
      () => generator.next(7),
      TypeError,
      "Cannot send value into cached generator of echo: 7",
    );
    assert(isClosed);
    assertEquals(generator.next().done, true);
    assertEquals([...echo()], [1, 2]);
  }
});

Deno.test("a cached generator function refuses a chunk that can't be stored, with the path to it", () => {
  const store = new MemoryStore();
  const chunks = [{ a: 1 }, { a: () => 1 }, { a: 3 }];
  let isClosed = false;
  const fn = function* f(): Generator<unknown> {
    try {
      yield* chunks;
    } finally {
      isClosed = true;
    }
  };
  const generator = CacheDict.decorate(fn, { store })();
  generator.next();
  const error = assertThrows(() => generator.next(), UncacheableValueError, "value.a");
  assertStrictEquals(error.value, chunks[1]);
  assert(isClosed);
  assertEquals(generator.next().done, true);
  const quiet = CacheDict.decorate(fn, { store, onError: "ignore" });
  assertEquals([...quiet()], chunks);
  using warnings = collectWarnings();
  assertEquals([...CacheDict.decorate(fn, { store, onError: "warn" })()], chunks);
  assert(warnings.lines.some((line) => line.includes("value.a")));
  assertEquals([sizeOf(store), quiet.has()], [0, false]);
});

Deno.test("a cached generator function refuses a return value that can't be stored", () => {
  const store = new MemoryStore();
  const end = () => 1;
  const f = CacheDict.decorate(function* f() {
    yield 1;
    return end;
  }, { store });
  const generator = f();
  generator.next();
  assertStrictEquals(assertThrows(() => generator.next(), UncacheableValueError).value, end);
  assertEquals(sizeOf(store), 0);
});

Deno.test("a cached generator function that has no key evaluates uncached, or throws at the call", () => {
  const store = new MemoryStore();
  const fn = function* f(_: WeakMap<object, unknown>): Generator<number> {
    yield 1;
  };
  assertThrows(() => CacheDict.decorate(fn, { store })(new WeakMap()), UncacheableKeyError);
  const quiet = CacheDict.decorate(fn, { store, onError: "ignore" });
  assertEquals([...quiet(new WeakMap())], [1]);
  assert(quiet.get(new WeakMap()) instanceof NoCache);
  assertEquals(sizeOf(store), 0);
});

Deno.test("a cached generator function does not cache when its arguments change before the first chunk", () => {
  const store = new MemoryStore();
  const fn = function* each({ name }: { name: string }, list: number[]): Generator<string> {
    for (const n of list) yield name + n;
  };
  const each = CacheDict.decorate(fn, { store, onError: "ignore" });
  const options = { name: "a" };
  const list = [1];
  const generator = each(options, list);
  options.name = "b";
  list.push(2);
  // As the original: the parameters are bound at the call, the body runs later.
  assertEquals([...generator], ["a1", "a2"]);
  assertEquals(sizeOf(store), 0);
  assertEquals([...each({ name: "a" }, [1])], ["a1"]);
  const raising = CacheDict.decorate(fn, { store });
  const changed = raising(options, list);
  list.push(3);
  assertThrows(() => changed.next(), UncacheableKeyError, "its arguments were changed");
  const late = each({ name: "a" }, list);
  list.length = 1;
  assertEquals([...late], ["a1"]);
});

Deno.test("a cached generator function keys the call by its arguments then, innerKey and outerKey", () => {
  const store = new MemoryStore();
  const fn = function* f(list: number[]): Generator<number> {
    yield* list;
  };
  const inner = CacheDict.decorate(fn, { store, innerKey: "['inner', list]" });
  const outer = CacheDict.decorate(fn, { store, outerKey: "outer" });
  assertEquals([[...inner([1])], [...inner([2])]], [[1], [2]]);
  assertEquals([[...outer([1])], [...outer([2])]], [[1], [1]]);
  using cache = new CacheDict<number[]>(undefined, { store });
  assertEquals(cache.get(["inner", [2]]), [2]);
  assertEquals(cache.get("outer"), [1]);
  assert(cache.delete("outer"));
  cache.flush();
  assertEquals(outer.has([1]), false);
  assertEquals([...outer([3])], [3]);
});

Deno.test("a CacheDict removes the chunks of an entry that it deletes", () => {
  const store = new MemoryStore();
  const count = CacheDict.decorate(makeCount().count, { store, outerKey: "k" });
  drain(count(5));
  assertEquals(sizeOf(store), 7);
  using cache = new CacheDict(undefined, { store });
  cache.delete("k");
  cache.flush();
  assertEquals(sizeOf(store), 0);
});

Deno.test("a generator function and another one of the same key never take each other's entries", () => {
  const store = new MemoryStore();
  const options = { store, outerKey: "k" };
  const plain = CacheDict.decorate(() => [7], options);
  const sync = CacheDict.decorate(function* () {
    yield 8;
  }, options);
  const later = CacheDict.decorate(async function* () {
    yield await Promise.resolve(9);
  }, options);
  assertEquals(plain(), [7]);
  assertEquals([sync.has(), sync.get() instanceof NoCache, [...sync()]], [false, true, [8]]);
  assertEquals([later.has(), plain.has(), plain.get() instanceof NoCache], [false, false, true]);
  assertEquals(plain(), [7]);
  assertEquals([...sync()], [8]);
});

Deno.test(".get() gives a replay at once, .rerun() always evaluates, .delete() removes", () => {
  const store = new MemoryStore();
  const counter = makeCount();
  const count = CacheDict.decorate(counter.count, { store });
  assert(count.get(2) instanceof NoCache);
  assertEquals(count.delete(2), false);
  drain(count(2));
  const found = count.get(2);
  assert(!(found instanceof NoCache));
  assertEquals([...found], [{ i: 0 }, { i: 1 }]);
  assertEquals(drain(count.rerun(2))[1], "2 in all");
  assertEquals([counter.made, sizeOf(store)], [4, 4]);
  assert(count.delete(2));
  assertEquals(sizeOf(store), 0);
  assert(/^[0-9a-f]{64}$/.test(count.keyFor(2)));
});

Deno.test("a cached generator function keeps the older run when a rerun is cut off", () => {
  const store = new MemoryStore();
  let suffix = "old";
  const f = CacheDict.decorate(function* f(): Generator<unknown> {
    for (const name of ["a", "b"]) yield name + suffix;
  }, { store });
  assertEquals([...f()], ["aold", "bold"]);
  suffix = "new";
  const rerun = f.rerun();
  assertEquals(rerun.next().value, "anew");
  rerun.return(undefined);
  assertEquals([[...f()], sizeOf(store)], [["aold", "bold"], 3]);
  assertEquals([...f.rerun()], ["anew", "bnew"]);
  assertEquals([[...f()], sizeOf(store)], [["anew", "bnew"], 3]);
});

Deno.test("a cached generator function drops the older run when what a rerun gives can't be stored", () => {
  const store = new MemoryStore();
  let chunk: unknown = 1;
  const f = CacheDict.decorate(function* f(): Generator<unknown> {
    yield chunk;
  }, { store, onError: "ignore" });
  assertEquals([...f()], [1]);
  chunk = () => 2;
  assertEquals([...f.rerun()], [chunk]);
  assertEquals([f.has(), sizeOf(store)], [false, 0]);
});

Deno.test("a cached generator function does what its access grants", () => {
  const store = new RecordingStore();
  const counter = makeCount();
  const make = (access: "r" | "e" | "re" | "ew" | "w" | "rew") =>
    CacheDict.decorate(counter.count, { store, access });
  const before = make("r")(2);
  assertThrows(() => before.next(), CacheMissError);
  assertThrows(() => make("r").rerun(2), CacheError);
  assertThrows(() => make("re").delete(2), CacheError);
  const own = make("e")(2);
  assertEquals([drain(own)[1], counter.made], ["2 in all", 2]);
  assertEquals(drain(make("re")(2))[1], "2 in all");
  assertEquals([store.commits.length, counter.made], [0, 4]);
  assertEquals(drain(make("ew")(2))[1], "2 in all");
  assertEquals(drain(make("ew")(2))[1], "2 in all");
  assertEquals([sizeOf(store), counter.made], [4, 8]);
  assertEquals([drain(make("r")(2))[1], drain(make("re")(2))[1], counter.made], [
    "2 in all",
    "2 in all",
    8,
  ]);
  assertThrows(() => make("w")(2).next(), CacheMissError);
  assertEquals([make("w").has(2), make("w").get(2) instanceof NoCache], [false, true]);
});

Deno.test("cached generator methods have this in their key", async () => {
  const store = new MemoryStore();
  const cached = CacheDict.decorate({ store });
  let made = 0;
  class Range {
    constructor(readonly from: number) {}
    @cached
    *upTo(end: number): Generator<number> {
      for (let n = this.from; n < end; n++) {
        made++;
        yield n;
      }
    }
    @cached
    async *later(): AsyncGenerator<number> {
      made++;
      yield await Promise.resolve(this.from);
    }
  }
  assertEquals([[...new Range(1).upTo(3)], [...new Range(2).upTo(3)]], [[1, 2], [2]]);
  assertEquals([[...new Range(1).upTo(3)], made], [[1, 2], 3]);
  assertEquals(await Array.fromAsync(new Range(5).later()), [5]);
  assertEquals(await Array.fromAsync(new Range(5).later()), [5]);
  assertEquals(made, 4);
  const range = new Range(1);
  assert(cachedMethod(range.upTo).has.call(range, 3));
});

Deno.test("a cached async generator works with for await, early exit and using", async () => {
  const store = new MemoryStore();
  let isClosed = 0;
  const fn = async function* ticks(): AsyncGenerator<number, void, number | undefined> {
    try {
      for (let i = 0; i < 3; i++) yield await Promise.resolve(i);
    } finally {
      isClosed++;
    }
  };
  const ticks = CacheDict.decorate(fn, { store });
  for await (const tick of ticks()) if (tick === 1) break;
  assertEquals([isClosed, sizeOf(store)], [1, 0]);
  {
    await using generator = ticks();
    assertEquals((await generator.next()).value, 0);
  }
  assertEquals([isClosed, sizeOf(store)], [2, 0]);
  const sent = ticks();
  await sent.next();
  await assertRejects(() => sent.next(1), TypeError, "Cannot send value");
  assertEquals([isClosed, sizeOf(store)], [3, 0]);
  // Requests that are made at once are answered in turn.
  for (let i = 0; i < 2; i++) {
    const generator = ticks();
    const steps = await Promise.all([1, 2, 3, 4].map(() => generator.next()));
    assertEquals(steps.map(({ value }) => value), [0, 1, 2, undefined]);
  }
  assertEquals(isClosed, 4);
  const replayed = ticks();
  await replayed.next();
  await assertRejects(() => replayed.throw(new RangeError("mine")), RangeError, "mine");
});

Deno.test("concurrent calls of a cached async generator function each get chunks of their own", async () => {
  const store = new MemoryStore();
  let made = 0;
  const f = CacheDict.decorate(async function* f() {
    for (let i = 0; i < 3; i++) {
      made++;
      yield await Promise.resolve({ i });
    }
  }, { store });
  const [a, b] = await Promise.all([Array.fromAsync(f()), Array.fromAsync(f())]);
  assertEquals(a, b);
  assert(a[0] !== b[0]);
  assertEquals([made, sizeOf(store)], [6, 4]);
  assertEquals([await Array.fromAsync(f()), made], [a, 6]);
});

Deno.test("a cached generator function stays one when it is decorated twice", () => {
  const counter = makeCount();
  const inner = CacheDict.decorate(counter.count, { store: new MemoryStore() });
  const outer = CacheDict.decorate(inner, { store: new MemoryStore() });
  assertEquals([drain(outer(2))[1], drain(outer(2))[1], counter.made], ["2 in all", "2 in all", 2]);
  assert(outer.has(2) && inner.has(2));
});

Deno.test("SingleValueCache.decorate() keeps the run of a generator function", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  const counter = makeCount();
  for (let i = 0; i < 2; i++) {
    assertEquals(drain(SingleValueCache.decorate(counter.count, { filePath })(2))[1], "2 in all");
  }
  assertEquals(SingleValueCache.get(filePath), [{ i: 0 }, { i: 1 }]);
  assertEquals(counter.made, 2);
});

Deno.test("a cached generator function compresses chunks, and reads them with any option", () => {
  const store = new MemoryStore();
  let made = 0;
  const fn = function* f(): Generator<string, string> {
    made++;
    yield "long ".repeat(1000);
    return "longer ".repeat(1000);
  };
  drain(CacheDict.decorate(fn, { store, compress: "gzip" })());
  assert([...store.entries()].every(({ byteLength }) => byteLength < 1000));
  const [chunks, end] = drain(CacheDict.decorate(fn, { store })());
  assertEquals([chunks[0]?.length, end.length, made], [5000, 7000, 1]);
});

Deno.test("a cached generator function counts its age from the first chunk on", () => {
  const store = new MemoryStore();
  let time = 1_000_000;
  let made = 0;
  const f = CacheDict.decorate(function* f() {
    for (let i = 0; i < 3; i++) {
      made++;
      yield i;
      time += 10;
    }
  }, { store, ttl: 100, now: () => time });
  assertEquals([...f()], [0, 1, 2]);
  time += 60;
  assertEquals([[...f()], made], [[0, 1, 2], 3]);
  time += 10;
  assertEquals([f.has(), [...f()], made], [false, [0, 1, 2], 6]);
  assertEquals(sizeOf(store), 4);
});
