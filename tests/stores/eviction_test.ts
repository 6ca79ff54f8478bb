// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Eviction, tooLargeMessage } from "../../src/stores/_eviction.ts";
import type { Digest, Limits } from "../../src/stores/store.ts";
import { digestOf, randomNumbers } from "./_changes.ts";

/** An entry of the model. */
interface Known {
  readonly digest: Digest;
  readonly functionName: string;
  readonly bytes: number;
  readonly writtenAt: number;
}

/** What the limits say, done in the simplest way there is: with a list in the order of use. */
class Model {
  entries: Known[] = [];

  put(entry: Known): void {
    this.remove(entry.digest);
    this.entries.push(entry);
  }

  touch(digest: Digest): void {
    const entry = this.entries.find((each) => each.digest === digest);
    if (entry !== undefined) this.put(entry);
  }

  remove(digest: Digest): void {
    this.entries = this.entries.filter((each) => each.digest !== digest);
  }

  evict({ functionName, maxEntries, maxBytes, writtenSince }: Limits): Set<Digest> {
    const before = this.entries;
    const isIn = (each: Known) => functionName === undefined || each.functionName === functionName;
    let kept = before.filter(isIn).filter((each) =>
      each.writtenAt >= (writtenSince ?? -Infinity) && each.bytes <= (maxBytes ?? Infinity)
    );
    const bytes = () => kept.reduce((sum, each) => sum + each.bytes, 0);
    while (kept.length > (maxEntries ?? Infinity) || bytes() > (maxBytes ?? Infinity)) {
      kept = kept.slice(1);
    }
    this.entries = before.filter((each) => !isIn(each) || kept.includes(each));
    return new Set(before.filter((each) => !this.entries.includes(each)).map((e) => e.digest));
  }
}

const names = fc.constantFrom("", "f", "g");
const limits = fc.record({
  functionName: names,
  maxEntries: fc.nat(8),
  maxBytes: fc.nat(60),
  writtenSince: fc.nat(30),
}, { requiredKeys: [] });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("put" as const),
      number: fc.nat(12),
      functionName: names,
      bytes: fc.nat(25),
      writtenAt: fc.nat(40),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("touch" as const), number: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("remove" as const), number: fc.nat(12) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("evict" as const), limits }) },
);

Deno.test("Eviction takes out what a list in the order of use does, whatever is done", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const eviction = new Eviction();
      const model = new Model();
      for (const each of steps) {
        if (each.type === "evict") {
          const { digests, tooLarge } = eviction.evict(each.limits);
          const sizes = new Map(model.entries.map(({ digest, bytes }) => [digest, bytes]));
          const { maxBytes = Infinity } = each.limits;
          assertEquals(new Set(digests), model.evict(each.limits));
          assertEquals(new Set(digests).size, digests.length);
          if (tooLarge !== undefined) {
            assert(digests.includes(tooLarge.digest));
            assertEquals(tooLarge.bytes, sizes.get(tooLarge.digest));
            assert(tooLarge.bytes > maxBytes);
          }
        } else if (each.type === "put") {
          const entry = { ...each, digest: digestOf(each.number) };
          model.put(entry);
          eviction.put(entry.digest, entry.functionName, entry.bytes, entry.writtenAt);
        } else {
          model[each.type](digestOf(each.number));
          eviction[each.type](digestOf(each.number));
        }
        assertEquals([...eviction.digests()], model.entries.map(({ digest }) => digest));
        assertEquals(eviction.count, model.entries.length);
        assertEquals(eviction.bytes, model.entries.reduce((sum, { bytes }) => sum + bytes, 0));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("Eviction.evict() keeps to limits over many thousand steps, with a clock that jumps", () => {
  const random = randomNumbers(7);
  const eviction = new Eviction();
  const live = new Map<Digest, number>();
  let now = 1000;
  for (let count = 0; count < 20_000; count++) {
    now += random() < 0.001 ? Math.floor(random() * 400) - 200 : 1;
    const digest = digestOf(Math.floor(random() * 3000));
    live.set(digest, now);
    eviction.put(digest, "", 1 + Math.floor(random() * 50), now);
    const { digests } = eviction.evict({ maxBytes: 20_000, writtenSince: now - 2500 });
    for (const each of digests) assert(live.delete(each));
    assert(eviction.bytes <= 20_000);
  }
  assertEquals(new Set(eviction.digests()), new Set(live.keys()));
  assert(live.values().every((writtenAt) => writtenAt >= now - 2500));
});

Deno.test("Eviction.evict() takes out the entries over maxBytes alone, and names one of them", () => {
  const eviction = new Eviction();
  eviction.put(digestOf(1), "f", 10, 0);
  eviction.put(digestOf(2), "f", 101, 0);
  eviction.put(digestOf(3), "f", 90, 0);
  assertEquals(eviction.evict({ maxBytes: 100 }), {
    digests: [digestOf(2)],
    tooLarge: { digest: digestOf(2), bytes: 101 },
  });
  // Over one that was kept: that is gone as well, since it was overwritten.
  eviction.put(digestOf(1), "f", 1000, 0);
  assertEquals(eviction.evict({ maxBytes: 100 }).digests, [digestOf(1)]);
  assertEquals([...eviction.digests()], [digestOf(3)]);
});

Deno.test("Eviction.evict() takes an entry of no known age for the oldest", () => {
  const eviction = new Eviction();
  eviction.put(digestOf(1), "", 1, NaN);
  eviction.put(digestOf(2), "", 1, 5);
  eviction.put(digestOf(3), "", 1, Infinity);
  assertEquals(eviction.evict({ writtenSince: -1e300 }).digests, [digestOf(1)]);
  assertEquals(eviction.evict({ writtenSince: 5 }).digests, []);
});

Deno.test("Eviction.evict() takes names for the same that a store keeps as the same", () => {
  const long = "x" + "é".repeat(600);
  for (
    const [written, limited] of [
      [long, long],
      [long, long.slice(0, 512)],
      [long.slice(0, 512), long],
      ["a\ud800", "a\ufffd"],
    ] as const
  ) {
    const eviction = new Eviction();
    eviction.put(digestOf(1), written, 1, 0);
    eviction.put(digestOf(2), "other", 1, 0);
    assertEquals(eviction.evict({ functionName: limited, maxEntries: 0 }).digests, [digestOf(1)]);
  }
  const eviction = new Eviction();
  eviction.put(digestOf(1), long.slice(0, 511), 1, 0);
  assertEquals(eviction.evict({ functionName: long, maxEntries: 0 }).digests, []);
});

Deno.test("tooLargeMessage() names the function, the sizes, the entry and the store", () => {
  const tooLarge = { digest: digestOf(1), bytes: 2000 };
  assertEquals(
    tooLargeMessage(tooLarge, { maxBytes: 1000, functionName: "load" }, "/a.cache"),
    `Cannot keep entry of load: 2000 bytes are more than the limit maxBytes 1000: ${
      digestOf(1)
    } in /a.cache`,
  );
  assertEquals(
    tooLargeMessage(tooLarge, { maxBytes: 1000 }, "/a.cache"),
    `Cannot keep entry: 2000 bytes are more than the limit maxBytes 1000: ${
      digestOf(1)
    } in /a.cache`,
  );
});
