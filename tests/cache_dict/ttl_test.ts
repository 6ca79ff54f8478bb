// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CacheDict, CacheError, NoCache } from "@pecapiku/cache";
import { STORES } from "../access/_stores.ts";
import { RecordingStore } from "../access/_recording_store.ts";

/** All that a dictionary shows, by each way of asking. */
function shown(cache: CacheDict<number>, keys: readonly unknown[]): unknown {
  const pairs = [...cache];
  const seen: unknown[] = [];
  cache.forEach((value, key) => seen.push([key, value]));
  assertEquals(seen, pairs);
  assertEquals([...cache.keys()], pairs.map(([key]) => key));
  assertEquals([...cache.values()], pairs.map(([, value]) => value));
  assertEquals([...cache.asMap()], pairs);
  assertEquals([cache.size, cache.asMap().size], [pairs.length, pairs.length]);
  for (const key of keys) {
    const found = pairs.find(([other]) => other === key)?.[1];
    assertEquals(cache.has(key), found !== undefined);
    assertEquals(cache.asMap().get(key), found);
    const value = cache.get(key);
    assertEquals(value instanceof NoCache ? undefined : value, found);
  }
  return pairs;
}

for (const { name, make } of STORES) {
  Deno.test(`CacheDict shows nothing that is too old or of the future (${name})`, () => {
    const clock = { time: 1000 };
    const store = make()();
    const options = { store, ttl: 10, now: () => clock.time };
    using cache = new CacheDict<number>(undefined, options);
    const keys = ["x", "y", "z"];
    cache.set("x", 1);
    clock.time = 1005;
    cache.set("y", 2);
    for (const committed of [false, true]) {
      if (committed) cache.flush();
      clock.time = 1009;
      assertEquals(shown(cache, keys), [["x", 1], ["y", 2]]);
      clock.time = 1010;
      assertEquals(shown(cache, keys), [["y", 2]]);
      clock.time = 1002;
      assertEquals(shown(cache, keys), [["x", 1]]);
      clock.time = 999;
      assertEquals(shown(cache, keys), []);
      clock.time = 1005;
    }
    assertEquals(Deno.inspect(cache), `CacheDict(2) { "x" => 1, "y" => 2 }`);
    clock.time = 1012;
    assertEquals(Deno.inspect(cache), `CacheDict(1) { "y" => 2 }`);
    // No commit was made: for others nothing is gone.
    assertEquals(store.size, 2);
    cache.set("z", 3).flush();
    assertEquals(store.size, 2);
    assertEquals(shown(cache, keys), [["y", 2], ["z", 3]]);
  });
}

Deno.test("CacheDict computes and sets what is too old", () => {
  const clock = { time: 1000 };
  const options = { store: new RecordingStore(), ttl: 10, now: () => clock.time };
  using cache = new CacheDict<number>(undefined, options);
  assertEquals(cache.getOrInsertComputed("x", () => 1), 1);
  assertEquals(cache.getOrInsertComputed("x", () => 2), 1);
  clock.time = 1010;
  assertEquals(cache.getOrInsertComputed("x", () => 3), 3);
  cache.flush();
  clock.time = 1020;
  assertEquals(cache.getOrInsert("x", 4), 4);
  assertEquals(cache.asMap().getOrInsert("x", 5), 4);
  assertEquals([...cache], [["x", 4]]);
});

Deno.test("CacheDict.delete() removes what is too old, and tells that there was nothing", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  const options = { store, ttl: 10, now: () => clock.time };
  const forever = new CacheDict<number>(undefined, { store });
  using cache = new CacheDict<number>(undefined, options);
  cache.set("x", 1).flush();
  cache.set("y", 2);
  clock.time = 1010;
  assertEquals([cache.delete("x"), cache.delete("y"), cache.delete("z")], [false, false, false]);
  // Whatever the clock says from now on.
  clock.time = 1000;
  assertEquals([...cache], []);
  cache.flush();
  assertEquals([...forever], []);
});

Deno.test("CacheDict.delete() leaves no trace of a key that is not there", () => {
  const store = new RecordingStore();
  using cache = new CacheDict<number>(undefined, { store, ttl: 10 });
  assertEquals(cache.delete("x"), false);
  new CacheDict<number>(undefined, { store, writeThrough: true }).set("x", 1);
  cache.flush();
  assertEquals(cache.get("x"), 1);
});

Deno.test("CacheDict.clear() removes what is too old, too", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  using cache = new CacheDict<number>(undefined, { store, ttl: 10, now: () => clock.time });
  cache.set("x", 1).flush();
  cache.set("y", 2);
  clock.time = 1010;
  cache.clear();
  clock.time = 1000;
  assertEquals([...cache], []);
  cache.flush();
  assertEquals(store.size, 0);
});

Deno.test("CacheDict commits no entry that became too old before its commit", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  {
    using cache = new CacheDict<number>(undefined, { store, ttl: 10, now: () => clock.time });
    cache.set("x", 1);
    clock.time = 1011;
    cache.set("y", 2);
  }
  assertEquals([...new CacheDict(undefined, { store })], [["y", 2]]);
});

Deno.test("CacheDict without r sees what it set itself, until it is too old", () => {
  const clock = { time: 1000 };
  const store = new RecordingStore();
  new CacheDict<number>(undefined, { store, writeThrough: true, now: () => 1000 }).set("x", 1);
  const options = { store, ttl: 10, now: () => clock.time };
  using cache = new CacheDict<number>(undefined, { ...options, access: "w" });
  assertEquals(shown(cache, ["x", "y"]), []);
  cache.set("y", 2).flush();
  assertEquals(shown(cache, ["x", "y"]), [["y", 2]]);
  clock.time = 1010;
  assertEquals(shown(cache, ["x", "y"]), []);
  cache.set("y", 3);
  assertEquals(shown(cache, ["x", "y"]), [["y", 3]]);
});

Deno.test("CacheDict tells of a broken clock as onError says, and gives no value", () => {
  const store = new RecordingStore();
  new CacheDict<number>(undefined, { store, writeThrough: true }).set("x", 1);
  const now = (): number => {
    throw new RangeError("no clock");
  };
  const raising = new CacheDict<number>(undefined, { store, ttl: 10, now });
  const uses = [
    () => raising.get("x"),
    () => raising.has("x"),
    () => raising.size,
    () => [...raising],
    () => raising.set("y", 1),
    () => raising.delete("x"),
  ];
  for (const use of uses) assertThrows(use, CacheError, "no clock", String(use));
  const ignoring = new CacheDict<number>(undefined, { store, ttl: 10, now, onError: "ignore" });
  assertEquals([ignoring.get("x") instanceof NoCache, ignoring.has("x"), ignoring.size], [
    true,
    false,
    0,
  ]);
  assertEquals([...ignoring.set("y", 1)], []);
});

type Step =
  | { type: "set" | "insert" | "delete"; key: number; value: number }
  | { type: "clear" | "flush" | "reopen" }
  | { type: "wait"; by: number };

const key = fc.nat({ max: 4 });
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: stepOn("set") },
    { weight: 2, arbitrary: stepOn("insert") },
    { weight: 2, arbitrary: stepOn("delete") },
    {
      weight: 6,
      // Back now and then.
      arbitrary: fc.record({
        type: fc.constant("wait" as const),
        by: fc.integer({ min: -14, max: 14 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ type: fc.constantFrom("flush" as const, "reopen" as const) }),
    },
    fc.record({ type: fc.constant("clear" as const) }),
  ),
  { maxLength: 40, size: "max" },
);

function stepOn(type: "set" | "insert" | "delete"): fc.Arbitrary<Step> {
  return fc.record({ type: fc.constant(type), key, value: fc.nat({ max: 99 }) });
}

const TTL = 10;

/** A map whose entries get too old: what they were written at decides at each look. */
class Model {
  readonly entries = new Map<number, { value: number; writtenAt: number }>();
  time = 1000;

  get(key: number): number | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && this.#isAlive(entry.writtenAt) ? entry.value : undefined;
  }

  set(key: number, value: number): void {
    if (this.get(key) === undefined) this.entries.delete(key);
    this.entries.set(key, { value, writtenAt: this.time });
  }

  commit(): void {
    for (const [key, { writtenAt }] of this.entries) {
      if (writtenAt < this.time - TTL) this.entries.delete(key);
    }
  }

  get pairs(): [number, number][] {
    return [...this.entries].filter(([, { writtenAt }]) => this.#isAlive(writtenAt))
      .map(([key, { value }]) => [key, value]);
  }

  #isAlive(writtenAt: number): boolean {
    return writtenAt > this.time - TTL && writtenAt <= this.time;
  }
}

for (const { name, make, keepsOrder, runsOf100 } of STORES) {
  const ordered = (pairs: [unknown, number][]): unknown =>
    keepsOrder ? pairs : pairs.map(([key, value]) => `${key}: ${value}`).sort();

  Deno.test(`CacheDict with a ttl behaves as a Map of what is alive, whatever the clock does (${name})`, () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (list: Step[], writeThrough) => {
        const open = make();
        const model = new Model();
        const start = (): CacheDict<number> => {
          const store = open();
          return new CacheDict(undefined, { store, ttl: TTL, now: () => model.time, writeThrough });
        };
        let cache = start();
        // So that each flush has something to commit, and takes with it what is too old.
        const flush = (): void => {
          cache.set(-1, 0);
          model.set(-1, 0);
          cache.flush();
          model.commit();
        };
        for (const step of list) {
          if (step.type === "set") {
            cache.set(step.key, step.value);
            model.set(step.key, step.value);
            if (writeThrough) model.commit();
          } else if (step.type === "insert") {
            const found = model.get(step.key);
            assertEquals(cache.getOrInsert(step.key, step.value), found ?? step.value);
            if (found === undefined) model.set(step.key, step.value);
            if (writeThrough && found === undefined) model.commit();
          } else if (step.type === "delete") {
            assertEquals(cache.delete(step.key), model.get(step.key) !== undefined);
            const wasThere = model.entries.delete(step.key);
            if (writeThrough && wasThere) model.commit();
          } else if (step.type === "clear") {
            cache.clear();
            model.entries.clear();
          } else if (step.type === "wait") model.time += step.by;
          else {
            flush();
            if (step.type === "reopen") {
              cache[Symbol.dispose]();
              cache = start();
            }
          }
          assertEquals(cache.size, model.pairs.length);
          assertEquals(ordered([...cache]), ordered(model.pairs));
          for (let key = 0; key < 5; key++) {
            assertEquals(cache.has(key), model.get(key) !== undefined);
          }
        }
        assert(model.pairs.length <= 6);
        cache[Symbol.dispose]();
      }),
      { numRuns: 1.5 * runsOf100 },
    );
  });
}
