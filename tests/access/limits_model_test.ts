// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type CachedFunction, CacheDict, NoCache } from "@pecapiku/cache";
import type { Store } from "../../src/stores/store.ts";
import { STORES } from "./_stores.ts";

/** What is kept within bounds: the entries of one function, or all. */
interface Bounds {
  readonly group: string | undefined;
  readonly maxEntries: number;
  readonly ttl: number;
}

interface Entry {
  readonly group: string;
  readonly writtenAt: number;
  readonly value: number;
}

/** Entries by their keys, in the order in which they were used: the plainest form of what a store with limits does. */
class Lru {
  readonly entries = new Map<string, Entry>();
  time = 1000;

  find(key: string, ttl: number): Entry | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && this.isAlive(entry, ttl) ? entry : undefined;
  }

  isAlive({ writtenAt }: Entry, ttl: number): boolean {
    return ttl === Infinity || (writtenAt > this.time - ttl && writtenAt <= this.time);
  }

  /** Notes a use: only those within bounds do, whose order it is for. */
  use(key: string, { maxEntries }: Bounds): void {
    if (maxEntries === Infinity) return;
    const entry = this.entries.get(key)!;
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  put(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  evict({ group, maxEntries, ttl }: Bounds): void {
    const members = (): [string, Entry][] =>
      [...this.entries].filter(([, entry]) => group === undefined || entry.group === group);
    for (const [key, { writtenAt }] of members()) {
      if (writtenAt < this.time - ttl) this.entries.delete(key);
    }
    const all = members();
    for (const [key] of all.slice(0, Math.max(0, all.length - maxEntries))) {
      this.entries.delete(key);
    }
  }
}

/** A dictionary's block over the entries: what is pending, in the order in which it was used. */
class Block {
  readonly pending = new Map<string, Entry | undefined>();
  readonly #lru: Lru;
  readonly #bounds: Bounds;

  constructor(lru: Lru, bounds: Bounds) {
    this.#lru = lru;
    this.#bounds = bounds;
  }

  /** Looks a key up. What is pending goes last when it is used, and so does what is stored. */
  get(key: string): number | undefined {
    if (!this.pending.has(key)) {
      const found = this.#lru.find(key, this.#bounds.ttl);
      if (found !== undefined) this.#lru.use(key, this.#bounds);
      return found?.value;
    }
    const entry = this.pending.get(key);
    if (entry === undefined || !this.#lru.isAlive(entry, this.#bounds.ttl)) return undefined;
    this.pending.delete(key);
    this.pending.set(key, entry);
    return entry.value;
  }

  set(key: string, value: number): void {
    this.pending.delete(key);
    this.pending.set(key, { group: "", writtenAt: this.#lru.time, value });
  }

  delete(key: string): void {
    if (!this.pending.has(key) && !this.#lru.entries.has(key)) return;
    this.pending.delete(key);
    this.pending.set(key, undefined);
  }

  commit(): void {
    let isChanged = false;
    for (const [key, entry] of this.pending) {
      isChanged ||= entry !== undefined || this.#lru.entries.has(key);
      if (entry === undefined) this.#lru.entries.delete(key);
      else this.#lru.put(key, entry);
    }
    this.pending.clear();
    if (isChanged) this.#lru.evict(this.#bounds);
  }
}

type Step =
  | { type: "call" | "get" | "has" | "rerun" | "delete"; f: 0 | 1; x: number }
  | { type: "dictGet" | "dictSet" | "dictDelete"; x: number }
  | { type: "flush" | "restart" }
  | { type: "wait"; by: number };

const x = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constantFrom(
        ...(["call", "call", "call", "get", "has", "rerun", "delete"] as const),
      ),
      f: fc.constantFrom(0 as const, 1 as const),
      x,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom("dictGet" as const, "dictSet" as const, "dictDelete" as const),
      x,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("flush" as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("restart" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("wait" as const),
      by: fc.integer({ min: -9, max: 9 }),
    }),
  },
);

const limit = fc.record({
  maxEntries: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  ttl: fc.option(fc.constantFrom(10, 20), { nil: undefined }),
});

type Limit = { maxEntries: number | undefined; ttl: number | undefined };

function boundsOf({ maxEntries, ttl }: Limit, group: string | undefined): Bounds {
  return { group, maxEntries: maxEntries ?? Infinity, ttl: ttl ?? Infinity };
}

function keysIn(store: Store): string[] {
  return [...store.entries()].map(({ key }) => new TextDecoder().decode(key.parts[0])).sort();
}

for (const { name, make, runsOf100 } of STORES) {
  Deno.test(`limits keep what the model keeps, of two functions and a dictionary on one store (${name})`, () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: "max" }),
        fc.tuple(limit, limit, limit),
        (steps, [one, two, whole]) => {
          const open = make();
          const lru = new Lru();
          const bounds = [boundsOf(one, "f0"), boundsOf(two, "f1")] as const;
          const wholeBounds = boundsOf(whole, undefined);
          let evaluations = 0;
          let store = open();
          let functions: CachedFunction<(x: number) => number>[] = [];
          let dict!: CacheDict<number>;
          let block!: Block;
          const start = (): void => {
            store = open();
            const options = { store, now: () => lru.time };
            functions = [one, two].map((own, index) => {
              const fn = { [`f${index}`]: (_: number) => ++evaluations }[`f${index}`]!;
              return CacheDict.decorate(fn, {
                ...options,
                ...own,
                innerKey: (x) => `${fn.name}/${x}`,
              });
            });
            dict = new CacheDict<number>(undefined, { ...options, ...whole });
            block = new Block(lru, wholeBounds);
          };
          start();
          for (const step of steps) {
            if ("f" in step) {
              const f = functions[step.f]!;
              const own = bounds[step.f];
              const key = `f${step.f}/${step.x}`;
              const found = lru.find(key, own.ttl);
              const evaluate = (call: () => number): void => {
                assertEquals(call(), evaluations);
                lru.put(key, { group: own.group!, writtenAt: lru.time, value: evaluations });
                lru.evict(own);
              };
              if (step.type === "has") assertEquals(f.has(step.x), found !== undefined);
              else if (step.type === "rerun") evaluate(() => f.rerun(step.x));
              else if (step.type === "delete") {
                assertEquals(f.delete(step.x), found !== undefined);
                if (lru.entries.delete(key)) lru.evict(own);
              } else if (found !== undefined) {
                assertEquals(step.type === "call" ? f(step.x) : f.get(step.x), found.value);
                lru.use(key, own);
              } else if (step.type === "get") assertEquals(f.get(step.x) instanceof NoCache, true);
              else evaluate(() => f(step.x));
            } else if (step.type === "dictGet") {
              const value = dict.get(`d/${step.x}`);
              assertEquals(value instanceof NoCache ? undefined : value, block.get(`d/${step.x}`));
            } else if (step.type === "dictSet") {
              dict.set(`d/${step.x}`, step.x);
              block.set(`d/${step.x}`, step.x);
            } else if (step.type === "dictDelete") {
              dict.delete(`d/${step.x}`);
              block.delete(`d/${step.x}`);
            } else if (step.type === "wait") lru.time += step.by;
            else if (step.type === "flush") {
              dict.flush();
              block.commit();
            } else {
              dict[Symbol.dispose]();
              block.commit();
              // What the end of a process does for what the functions have noted.
              store.commit([]);
              start();
            }
            assertEquals(keysIn(store), [...lru.entries.keys()].map((key) => `"${key}"`).sort());
          }
        },
      ),
      { numRuns: 3 * runsOf100 },
    );
  });
}
