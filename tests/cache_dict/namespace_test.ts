// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { CacheDict, CallKey } from "@pecapiku/cache";
import { MemoryStore } from "@pecapiku/cache/stores";
import { deriveDigest } from "../../src/keys/derive_digest.ts";
import type { Store } from "../../src/stores/store.ts";

/** The function of one notebook. */
function load(store: Store, result: string, options: object = {}) {
  return CacheDict.decorate(function load(_x: number): string {
    return result;
  }, { store, ...options });
}

Deno.test("a namespace keeps functions of one name apart", () => {
  const store = new MemoryStore();
  const one = load(store, "one", { namespace: "one.ipynb" });
  const two = load(store, "two", { namespace: "two.ipynb" });
  const none = load(store, "none");
  assertEquals([one(1), two(1), none(1)], ["one", "two", "none"]);
  assertEquals([one.get(1), two.get(1), none.get(1)], ["one", "two", "none"]);
  assertEquals(load(store, "later", { namespace: "one.ipynb" })(1), "one");
  assertEquals([two.delete(1), one.has(1), two.has(1), none.has(1)], [true, true, false, true]);
});

Deno.test("a namespace counts in the digest, in the stored name and in the shown key", () => {
  const store = new MemoryStore();
  const one = load(store, "one", { namespace: "one.ipynb" });
  one(1);
  const base = load(store, "none").keyFor(1);
  const digest = deriveDigest({ purpose: "namespace", base, details: ["one.ipynb"] });
  assertEquals(one.keyFor(1), digest);
  assertEquals([...store.entries()][0]!.functionName, "one.ipynb/load");
  using cache = new CacheDict(undefined, { store });
  const [key] = [...cache.keys()];
  assertEquals(`${key}`, `${new CallKey("one.ipynb/load", digest, "1")}`);
  assertEquals(cache.get(key), "one");
});

Deno.test("limits count the entries of each namespace apart", () => {
  const store = new MemoryStore();
  const [one, two] = ["one", "two"].map((namespace) =>
    load(store, "", { namespace, maxEntries: 2 })
  );
  for (const x of [1, 2, 3]) one!(x);
  two!(1);
  assertEquals([1, 2, 3].map((x) => one!.has(x)), [false, true, true]);
  assertEquals(two!.has(1), true);
});

Deno.test("a dictionary gives its namespace to the functions that it makes cached", () => {
  const store = new MemoryStore();
  using cache = new CacheDict<string>(undefined, { store, namespace: "a" });
  const f = cache.decorate(function load(_x: number): string {
    return "f";
  });
  const other = cache.decorate(function load(_x: number): string {
    return "other";
  }, { namespace: "b" });
  assertEquals([f(1), other(1)], ["f", "other"]);
  assertEquals(f.keyFor(1), load(store, "", { namespace: "a" }).keyFor(1));
  // Its own keys have none.
  cache.set("x", "own");
  cache.flush();
  using plain = new CacheDict(undefined, { store });
  assertEquals(plain.get("x"), "own");
});

Deno.test("a namespace keeps functions without a name apart, and methods", () => {
  const store = new MemoryStore();
  const options = { store, namespace: "a" };
  const anonymous = [CacheDict.decorate((x: number) => x, options)][0]!;
  anonymous(1);
  assertEquals([...store.entries()][0]!.functionName, "a/(anonymous)");
  class Scale {
    @CacheDict.decorate(options)
    one(): string {
      return "one";
    }
    @CacheDict.decorate({ store, namespace: "b" })
    two(): string {
      return "two";
    }
  }
  assertEquals([new Scale().one(), new Scale().two()], ["one", "two"]);
});

Deno.test("decorate() throws a TypeError when a namespace is given together with a key", () => {
  const store = new MemoryStore();
  for (const options of [{ innerKey: "x" }, { innerKey: () => 1 }, { outerKey: "k" }]) {
    const [name] = Object.keys(options);
    const message = `Cannot set namespace: ${name} is given, too`;
    assertThrows(
      () => CacheDict.decorate({ store, namespace: "a", ...options }),
      TypeError,
      message,
    );
    const cache = new CacheDict(undefined, { store, namespace: "a" });
    assertThrows(() => cache.decorate(options), TypeError, message);
  }
});

Deno.test("a namespace that is read as another one has entries of its own", () => {
  const store = new MemoryStore();
  const digests = ["a", "b", "a/b", "a\0"].map((namespace) =>
    load(store, "", { namespace }).keyFor(1)
  );
  assertEquals(new Set(digests).size, 4);
  assertNotEquals(digests[0], load(store, "").keyFor(1));
});
