// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { previewArguments } from "../../src/keys/_preview.ts";

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

Deno.test("previewArguments() writes arguments as code where it can", () => {
  assertEquals(previewArguments([]), "");
  assertEquals(
    previewArguments([17, -0, "a\n", true, null, undefined, 5n, Symbol.iterator, Symbol.for("a")]),
    '17, -0, "a\\n", true, null, undefined, 5n, Symbol.iterator, Symbol.for("a")',
  );
  assertEquals(
    previewArguments(["abc", { id: 1, "a b": [1, [], {}] }]),
    '"abc", {id: 1, "a b": [1, [], {}]}',
  );
  assertEquals(
    previewArguments([new Map([[1, 2]]), new Set(), new Date(0), /a/g, new TypeError("no")]),
    "Map(1), Set(0), 1970-01-01T00:00:00.000Z, /a/g, TypeError(no)",
  );
  class Point {
    x = 1;
  }
  assertEquals(
    previewArguments([new Point(), new Float64Array(3), Object.create(null), new URL("a:b")]),
    'Point {x: 1}, Float64Array(3), [null prototype] {}, URL("a:b")',
  );
  assertEquals(
    previewArguments([[1, , 2], function f() {}, Promise.resolve()]),
    "[1, <hole>, 2], [Function f], Promise {}",
  );
});

Deno.test("previewArguments() runs no code of the user's", () => {
  const trap = (): never => {
    throw new Error("no code of the user's may run");
  };
  const value = {
    get a(): number {
      return trap();
    },
    toString: trap,
    [Symbol.for("Deno.customInspect")]: trap,
    b: new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap }),
  };
  assertEquals(
    previewArguments([value]),
    "{a: [Getter/Setter], toString: [Function trap], b: [Proxy]}",
  );
  assertEquals(
    previewArguments([
      Object.create(
        new Proxy({}, { get: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap }),
      ),
    ]),
    "[Proxy] {}",
  );
  assertEquals(previewArguments([Object.create(Date.prototype)]), "Date {}");
});

Deno.test("previewArguments() gives at most 1 KiB of UTF-8", () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const values = [
    "x".repeat(1e6),
    "€".repeat(1e6),
    "\ud83d".repeat(1e6),
    Array.from({ length: 1000 }, () => "€".repeat(1000)),
    Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => "😀".repeat(1000))),
    { ["k".repeat(10_000)]: 1 },
    2n ** 100_000n,
    cyclic,
    Symbol("€".repeat(10_000)),
    new RegExp("€".repeat(10_000)),
    new Error("€".repeat(10_000)),
  ];
  for (const value of values) {
    const text = previewArguments([value]);
    assert(byteLength(text) <= 1024);
    assert(text.isWellFormed());
  }
  const text = previewArguments(Array.from({ length: 10_000 }, () => "€€€€€€€€€€"));
  assert(byteLength(text) <= 1024 && byteLength(text) > 900);
});
