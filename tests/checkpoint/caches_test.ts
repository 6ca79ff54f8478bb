// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertThrows } from "@std/assert";
import { CacheDict, CacheError, UncacheableValueError } from "@pecapiku/cache";
import {
  type Cache,
  CheckpointNotExist,
  type ContextId,
  FileCache,
  InMemoryLruCache,
} from "@pecapiku/cache/checkpoint";

const CACHES: readonly [name: string, make: () => Cache<ContextId>][] = [
  ["InMemoryLruCache", () => new InMemoryLruCache()],
  ["FileCache", () => new FileCache(Deno.makeTempDirSync())],
];

for (const [name, make] of CACHES) {
  Deno.test(`${name} gives back what was saved, a fresh value at each time`, () => {
    const cache = make();
    const value = { list: [1], map: new Map([[1, undefined]]) };
    cache.save("x", value);
    value.list.push(2);
    const found = cache.retrieve("x") as typeof value;
    found.list.push(3);
    assertEquals(cache.retrieve("x"), { list: [1], map: new Map([[1, undefined]]) });
    cache.save("x", undefined);
    assertEquals(cache.retrieve("x"), undefined);
    cache.save("__proto__", new Uint8Array(100_000).fill(1));
    (cache.retrieve("__proto__") as Uint8Array).fill(2);
    assertEquals((cache.retrieve("__proto__") as Uint8Array)[0], 1);
  });

  Deno.test(`${name} throws CheckpointNotExist when nothing is there`, () => {
    const cache = make();
    const error = assertThrows(() => cache.retrieve("x"), CheckpointNotExist);
    assert(error instanceof CacheError);
    assertEquals([error.name, error.key], ["CheckpointNotExist", "x"]);
  });

  Deno.test(`${name} keeps no earlier result when a new one can't be kept`, () => {
    const cache = make();
    cache.save("x", 1);
    assertThrows(() => cache.save("x", () => 1), UncacheableValueError);
    assertThrows(() => cache.retrieve("x"), CheckpointNotExist);
  });
}

Deno.test("InMemoryLruCache drops what was not used for the longest time", () => {
  const cache = new InMemoryLruCache(2);
  cache.save("a", 1);
  cache.save("b", 2);
  cache.retrieve("a");
  cache.save("c", 3);
  assertThrows(() => cache.retrieve("b"), CheckpointNotExist);
  assertEquals([cache.retrieve("a"), cache.retrieve("c"), cache.size], [1, 3, 2]);
  cache.save("a", 4);
  cache.save("d", 5);
  assertThrows(() => cache.retrieve("c"), CheckpointNotExist);
  assertEquals(cache.retrieve("a"), 4);
});

Deno.test("InMemoryLruCache keeps 128 results, or as many as it is told", () => {
  const [bounded, unbounded] = [new InMemoryLruCache(), new InMemoryLruCache(Infinity)];
  for (let i = 0; i < 200; i++) for (const cache of [bounded, unbounded]) cache.save(`${i}`, i);
  assertEquals([bounded.size, unbounded.size], [128, 200]);
});

Deno.test("InMemoryLruCache throws a TypeError when its size is wrong", () => {
  for (const size of [0, -1, 1.5, NaN, "5", null, {}]) {
    assertThrows(() => new InMemoryLruCache(size as never), TypeError, "maxSize");
  }
});

Deno.test("FileCache shares its file with others, and opens as a CacheDict", () => {
  const directory = `${Deno.makeTempDirSync()}/a`;
  const [one, other] = [new FileCache(directory), new FileCache(new URL(`file://${directory}`))];
  assertThrows(() => Deno.statSync(directory), Deno.errors.NotFound);
  one.save("x", 1);
  assertEquals(other.retrieve("x"), 1);
  other.save("x", 2);
  assertEquals(one.retrieve("x"), 2);
  using cache = new CacheDict(`${directory}/values.cache`);
  assertEquals([...cache], [["x", 2]]);
  assert(Deno.statSync(`${directory}/CACHEDIR.TAG`).isFile);
});

Deno.test("FileCache keeps within its limits, and counts age", () => {
  let time = 0;
  const cache = new FileCache(Deno.makeTempDirSync(), { maxEntries: 2, ttl: 10, now: () => time });
  for (const id of ["a", "b", "c"]) cache.save(id, id);
  assertThrows(() => cache.retrieve("a"), CheckpointNotExist);
  assertEquals(cache.retrieve("c"), "c");
  time = 10;
  assertThrows(() => cache.retrieve("c"), CheckpointNotExist);
});

Deno.test("FileCache throws a TypeError when the directory or an option is wrong", () => {
  for (const directory of ["", 5, undefined, null, "https://example.com", "a\0b"]) {
    assertThrows(() => new FileCache(directory as never), TypeError);
  }
  for (const options of [null, 5, { codec: "yaml" }, { maxEntries: 0 }, { ttl: -1 }]) {
    assertThrows(() => new FileCache("x", options as never), TypeError);
  }
});

Deno.test("FileCache raises CacheError when its file can't be read", () => {
  const directory = `${Deno.makeTempDirSync()}/file`;
  Deno.writeTextFileSync(directory, "");
  const cache = new FileCache(directory);
  const error = assertThrows(() => cache.save("x", 1), CacheError);
  assert(!(error instanceof CheckpointNotExist));
});
