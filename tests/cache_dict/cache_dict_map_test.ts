// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { CacheDict } from "@pecapiku/cache";

function tempFile(): string {
  return `${Deno.makeTempDirSync()}/a.cache`;
}

Deno.test("CacheDict.asMap() gives a live Map with canonical keys", () => {
  using cache = new CacheDict<number>(tempFile());
  const map = cache.asMap();
  assert(map instanceof Map);
  assertStrictEquals(cache.asMap(), map);
  assertEquals(Object.prototype.toString.call(map), "[object Map]");
  assertStrictEquals(map.set([1], 1), map);
  assertEquals([map.get([1]), cache.get([1]), map.get("y")], [1, 1, undefined]);
  cache.set("z", 2);
  assertEquals([map.size, map.has("z"), map.delete("z"), map.delete("z")], [2, true, true, false]);
  assertEquals([[...map.keys()], [...map.values()], [...map.entries()], [...map]], [
    [[1]],
    [1],
    [[[1], 1]],
    [[[1], 1]],
  ]);
  const seen: unknown[] = [];
  map.forEach(function (this: unknown, value, key, self) {
    seen.push(this, value, key, self === map);
  }, "this");
  assertEquals(seen, ["this", 1, [1], true]);
  assertEquals([map.getOrInsert("n", 5), map.getOrInsertComputed(6, () => 6)], [5, 6]);
  assertThrows(() => map.forEach(7 as never), TypeError);
  assertEquals(new Map(map).size, 3);
  assertEquals(structuredClone(new Map(map)).get("n"), 5);
  map.clear();
  assertEquals([map.size, cache.size], [0, 0]);
});

Deno.test("CacheDict.asMap() leaves no member of Map that would look into the empty base", () => {
  using cache = new CacheDict<number>(tempFile());
  const map = cache.asMap();
  const own = Object.getPrototypeOf(map);
  for (const name of Reflect.ownKeys(Map.prototype)) {
    if (name === "constructor" || name === Symbol.toStringTag) continue;
    assert(Object.hasOwn(own, name), String(name));
  }
});

Deno.test("CacheDict.asMap() caches an undefined value as Map does", () => {
  using cache = new CacheDict<undefined>(tempFile());
  const map = cache.asMap();
  map.set("u", undefined);
  assertEquals([
    map.has("u"),
    map.get("u"),
    map.getOrInsertComputed("u", () => assert(false) as undefined),
  ], [
    true,
    undefined,
    undefined,
  ]);
});
