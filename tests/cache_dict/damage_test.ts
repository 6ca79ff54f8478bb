// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { CacheDict, CacheFormatError, NoCache } from "@pecapiku/cache";
import { collectWarnings } from "../_collect_warnings.ts";

function fill(filePath: string): void {
  CacheDict.with<void, number>(filePath, (cache) => {
    for (let key = 0; key < 5; key++) cache.set(key, key * key);
  });
}

function flip(filePath: string, offset: number, bit = 0): void {
  const bytes = Deno.readFileSync(filePath);
  bytes[offset]! ^= 1 << bit;
  Deno.writeFileSync(filePath, bytes);
}

Deno.test("CacheDict misses what was damaged when this process has read it before", () => {
  using warnings = collectWarnings();
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  fill(filePath);
  CacheDict.with<void, number>(filePath, (cache) => {
    for (let key = 0; key < 5; key++) assertEquals(cache.get(key), key * key);
  });
  // The last byte is that of the last value.
  flip(filePath, Deno.statSync(filePath).size - 1);
  using cache = new CacheDict<number>(filePath, { access: "r" });
  assertEquals([0, 1, 2, 3].map((key) => cache.get(key)), [0, 1, 4, 9]);
  assertEquals(cache.get(4) instanceof NoCache, true);
  assertEquals(warnings.lines.length, 1);
});

Deno.test("CacheDict refuses a file when its header was damaged after this process has read it", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  fill(filePath);
  assertEquals(new CacheDict<number>(filePath, { access: "r" }).get(2), 4);
  for (const offset of [0, 8, 12, 28]) {
    flip(filePath, offset);
    const before = Deno.readFileSync(filePath);
    assertThrows(
      () => new CacheDict<number>(filePath, { access: "r" }).get(2),
      CacheFormatError,
      filePath,
    );
    assertEquals(Deno.readFileSync(filePath), before);
    flip(filePath, offset);
  }
  assertEquals(new CacheDict<number>(filePath, { access: "r" }).get(2), 4);
});

Deno.test("CacheDict gives a right value or none when any bit is flipped after this process has read it", () => {
  using _warnings = collectWarnings();
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  fill(filePath);
  const whole = Deno.readFileSync(filePath);
  for (let offset = 0; offset < whole.length; offset++) {
    for (let bit = 0; bit < 8; bit += 3) {
      flip(filePath, offset, bit);
      const cache = new CacheDict<number>(filePath, { access: "r" });
      try {
        let found = 0;
        for (let key = 0; key < 5; key++) {
          const value = cache.get(key);
          if (value instanceof NoCache) continue;
          assertEquals(value, key * key);
          found++;
        }
        assertEquals(found >= 4, true, `only ${found} of 5 at byte ${offset}, bit ${bit}`);
      } catch (error) {
        if (!(error instanceof CacheFormatError) || offset >= 32) throw error;
      }
      flip(filePath, offset, bit);
    }
  }
});

Deno.test("CacheDict.decorate() evaluates again when the file was removed in between", () => {
  const filePath = `${Deno.makeTempDirSync()}/a.cache`;
  let evaluations = 0;
  const square = (x: number): number => (evaluations++, x * x);
  assertEquals(CacheDict.decorate(square, { filePath })(3), 9);
  Deno.removeSync(filePath);
  assertEquals(CacheDict.decorate(square, { filePath })(3), 9);
  assertEquals(evaluations, 2);
  assertEquals(CacheDict.decorate(square, { filePath })(3), 9);
  assertEquals(evaluations, 2);
});
