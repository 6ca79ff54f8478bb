// Copyright 2026 the pecapiku authors. MIT license.

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { CacheDict, CheckpointFailedError, NoCache } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { errorDigest, sampleDigest } from "../../src/access/entry_parts.ts";
import { deriveDigest } from "../../src/keys/derive_digest.ts";
import type { Store } from "../../src/stores/store.ts";
import { collectWarnings } from "../_collect_warnings.ts";
import { checkpointIn, type FakeFunction, FakeSource } from "./_fake_code.ts";

/** A checkpointed function that counts its evaluations, and throws where it gives what is an error. */
function make(
  store: Store,
  options: Parameters<typeof checkpointIn>[1],
  facts: FakeFunction = {},
  result: (evaluations: number) => unknown = (evaluations) => evaluations,
) {
  const source = new FakeSource();
  const counter = { evaluations: 0 };
  const fn = function foo(_x: unknown): unknown {
    const value = result(++counter.evaluations);
    if (value instanceof Error) throw value;
    return value;
  };
  source.set(fn as AnyFunction, { text: "foo", ...facts });
  const foo = checkpointIn(source, { store, ...options })(fn);
  return { foo, counter };
}

Deno.test("prime() of a checkpoint stores what the next call gives, until the code changes", () => {
  const store = new MemoryStore();
  const { foo, counter } = make(store, {});
  foo.prime([1], 100);
  assertEquals([foo(1), counter.evaluations], [100, 0]);
  assert(foo.explain(1).isHit);
  assertEquals(make(store, {}, { text: "other" }).foo(1), 1);
});

Deno.test("prime() of a checkpoint of an async function gives a promise", async () => {
  const late = checkpointIn(new FakeSource(), { store: new MemoryStore() })(
    async (x: number) => await Promise.resolve(x),
  );
  await late.prime([1], 5);
  assertEquals(await late(1), 5);
});

Deno.test("prime() of a function that can't be seen warns, and stores nothing", async () => {
  using warnings = collectWarnings();
  const store = new MemoryStore();
  const { foo } = make(store, {}, { unseen: ["k, captured"] });
  foo.prime([1], 100);
  assertEquals([foo.get(1) instanceof NoCache, store.size], [true, 0]);
  assertEquals(warnings.lines.length, 1);
  assertStringIncludes(warnings.lines[0]!, "Cannot cache foo: it depends on k, captured");
  const source = new FakeSource();
  const late = source.set(async (x: number) => await Promise.resolve(x), {
    unseen: ["n, captured"],
  });
  await checkpointIn(source, { store })(late).prime([1], 5);
  assertEquals([store.size, warnings.lines.length], [0, 2]);
});

Deno.test("prime() of a refused function is a CheckpointFailedError by onError, and stores nothing", () => {
  using warnings = collectWarnings();
  const store = new MemoryStore();
  const refusal = { refusal: "it assigns the outer variable total" };
  make(store, { onError: "warn" }, refusal).foo.prime([1], 100);
  assertEquals(warnings.lines.length, 1);
  const { foo } = make(store, { onError: "raise" }, refusal);
  assertThrows(() => foo.prime([1], 100), CheckpointFailedError, "it assigns");
  assertEquals(store.size, 0);
});

Deno.test("when of a checkpoint switches a call off before the code is read", () => {
  const store = new MemoryStore();
  const source = new FakeSource();
  const fn = source.set((x: number) => x, {});
  const f = checkpointIn(source, { store, when: (x: number) => x > 5 })(fn);
  assertEquals([f(1), f.rerun(1), source.reads, store.size], [1, 1, 0, 0]);
  assertEquals([f(6), store.size], [6, 1]);
});

Deno.test("cacheErrors of a checkpoint throws an error again until the code changes", () => {
  const store = new MemoryStore();
  const options = { cacheErrors: (error: unknown) => error instanceof RangeError };
  const fails = () => new RangeError("no");
  const first = make(store, options, {}, fails);
  assertThrows(() => first.foo(1), RangeError, "no");
  const second = make(store, options, {}, fails);
  assertThrows(() => second.foo(1), RangeError, "no");
  assertEquals(second.counter.evaluations, 0);
  assertEquals(make(store, options, { text: "mended" }).foo(1), 1);
});

Deno.test("explain() tells that a call would throw an error from the cache", () => {
  const store = new MemoryStore();
  const options = { cacheErrors: () => true };
  const { foo } = make(store, options, {}, () => new RangeError("no"));
  assertThrows(() => foo(1));
  const explanation = foo.explain(1);
  assertEquals([explanation.isHit, explanation.changed], [true, []]);
  assertStringIncludes(`${explanation}`, "foo: throws an error from the cache [");
  assert(store.has(errorDigest(explanation.key!)));
  // It is nothing to a function that stores no errors.
  const plain = make(store, {}).foo.explain(1);
  assertEquals([plain.isHit, plain.changed], [false, []]);
  // Nor is it an entry to compare with: nothing like a result is there.
  assertEquals(make(store, options, { text: "mended" }).foo.explain(1).changed, []);
});

Deno.test("explain() tells of the sample whose turn it is", () => {
  const { foo } = make(new MemoryStore(), { samples: 2 });
  const told = (x = 1) => {
    const explanation = foo.explain(x);
    const [first] = `${explanation}`.split("\n");
    return [explanation.isHit, first!.replace(/\[\w{8}/, "["), explanation.changed.length];
  };
  assertEquals(told(), [
    false,
    "foo: evaluated, since nothing like it is cached [, sample 1 of 2]",
    0,
  ]);
  foo(1);
  // The entry that differs in nothing is that of the other sample: no code has changed.
  assertEquals(told(), [
    false,
    "foo: evaluated, since this sample is not cached [, sample 2 of 2]",
    0,
  ]);
  foo(1);
  assertEquals(told(), [true, "foo: from the cache [, sample 1 of 2]", 0]);
  assertEquals(told(2), [
    false,
    "foo: evaluated, since something changed [, sample 1 of 2]",
    1,
  ]);
  assertEquals(foo.explain(1).key, foo.keyFor(1));
});

Deno.test("explain() compares with the first sample where that is gone and others are there", () => {
  const store = new MemoryStore();
  const { foo } = make(store, { samples: 2 });
  foo(1);
  foo(1);
  const key = foo.keyFor(1);
  store.commit([{ type: "delete", digest: key }]);
  const { isHit, changed } = foo.explain(1);
  assertEquals([isHit, changed, store.has(sampleDigest(key, 1))], [false, [], true]);
});

Deno.test("samples of a checkpoint are served in turn, each with the key of the code", () => {
  const store = new MemoryStore();
  const { foo, counter } = make(store, { samples: 2 });
  assertEquals([foo(1), foo(1), foo(1), foo(1)], [1, 2, 1, 2]);
  assertEquals(make(store, { samples: 2 }, { text: "other" }).foo(1), 1);
  assertEquals(counter.evaluations, 2);
  using cache = new CacheDict(undefined, { store });
  assertEquals(cache.size, 2);
});

Deno.test("a namespace separates the entries and limits of one and the same code", () => {
  const store = new MemoryStore();
  const one = make(store, { namespace: "one", maxEntries: 1 });
  const two = make(store, { namespace: "two", maxEntries: 1 }, {}, () => "two");
  const none = make(store, {}, {}, () => "none");
  assertEquals([one.foo(1), two.foo(1), none.foo(1)], [1, "two", "none"]);
  assertEquals([one.foo(1), two.foo(1), none.foo(1)], [1, "two", "none"]);
  const base = none.foo.keyFor(1);
  assertEquals(
    one.foo.keyFor(1),
    deriveDigest({ purpose: "namespace", base, details: ["one"] }),
  );
  assertEquals([...store.entries()].map(({ functionName }) => functionName), [
    "one/foo",
    "two/foo",
    "foo",
  ]);
  one.foo(2);
  assertEquals([one.foo.has(1), two.foo.has(1)], [false, true]);
});

Deno.test("explain() looks at the entries of its own namespace", () => {
  const store = new MemoryStore();
  const one = make(store, { namespace: "one" }).foo;
  one(1);
  assertEquals([one.explain(1).isHit, one.explain(1).key], [true, one.keyFor(1)]);
  assertEquals(one.explain(2).changed.length, 1);
  const two = make(store, { namespace: "two" }).foo;
  assertEquals([two.explain(1).isHit, two.explain(1).changed], [false, []]);
  assertEquals(one.explain(1).functionName, "foo");
});

Deno.test("options of functions work on a method of a checkpoint", async () => {
  const store = new MemoryStore();
  let evaluations = 0;
  const cached = checkpointIn(new FakeSource(), { store, samples: 2, cacheErrors: () => true });
  class Urn {
    constructor(readonly seed: number) {}
    @cached
    async draw(): Promise<number> {
      evaluations++;
      if (this.seed === 0) throw new RangeError("no seed");
      return await Promise.resolve(evaluations);
    }
  }
  const [empty, one, two] = [new Urn(0), new Urn(1), new Urn(2)];
  assertEquals([await one.draw(), await two.draw(), await one.draw(), await one.draw()], [
    1,
    2,
    3,
    1,
  ]);
  for (let i = 0; i < 4; i++) await assertRejects(() => empty.draw(), RangeError, "no seed");
  assertEquals(evaluations, 5);
});
