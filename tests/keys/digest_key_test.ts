// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { digestKey } from "../../src/keys/digest_key.ts";
import { DIFFERENT_VALUES } from "./_values.ts";

Deno.test("digestKey() gives 64 hexadecimal digits", () => {
  assertMatch(digestKey(1), /^[0-9a-f]{64}$/);
});

Deno.test("digestKey() tells all values apart that code can tell apart", () => {
  const seen = new Map<string, string>();
  for (const make of DIFFERENT_VALUES) {
    const digest = digestKey(make());
    assertEquals(seen.get(digest), undefined, `${seen.get(digest)} and ${make}`);
    seen.set(digest, `${make}`);
  }
});

Deno.test("digestKey() gives equal values equal digests", () => {
  for (const make of DIFFERENT_VALUES) {
    assertEquals(digestKey(make()), digestKey(make()), `${make}`);
  }
});

Deno.test("digestKey() does not count the order of properties unless told so", () => {
  const one = { a: 1, b: { c: 1, d: 2 }, [Symbol.for("x")]: 1, [Symbol.iterator]: 2 };
  const two = { [Symbol.iterator]: 2, [Symbol.for("x")]: 1, b: { d: 2, c: 1 }, a: 1 };
  assertEquals(digestKey(one), digestKey(two));
  assertNotEquals(digestKey(one, { keyOrder: "keep" }), digestKey(two, { keyOrder: "keep" }));
  assertEquals(digestKey(one, { keyOrder: "keep" }), digestKey({ ...one }, { keyOrder: "keep" }));
});

Deno.test("digestKey() never gives one digest under both orders of properties", () => {
  assertNotEquals(digestKey({ a: 1, b: 2 }), digestKey({ a: 1, b: 2 }, { keyOrder: "keep" }));
});

Deno.test("digestKey() sorts property names by UTF-16 code units", () => {
  assertEquals(
    digestKey({ "\ufffd": 1, "😀": 2, Z: 3, a: 4, 10: 5, 9: 6 }),
    digestKey({ a: 4, "😀": 2, 9: 6, 10: 5, Z: 3, "\ufffd": 1 }),
  );
});

Deno.test("digestKey() numbers shared objects in the order of sorted properties", () => {
  const one = {}, two = {};
  assertEquals(
    digestKey({ a: one, b: two, c: one, d: two }),
    digestKey({ d: one, c: two, b: one, a: two }),
  );
});

Deno.test("digestKey() does not count where in its buffer a single view is", () => {
  const buffer = new Uint8Array([9, 1, 2, 9]).buffer;
  assertEquals(digestKey(new Uint8Array(buffer, 1, 2)), digestKey(new Uint8Array([1, 2])));
});

Deno.test("digestKey() counts distances within a buffer, not places", () => {
  const views = (start: number) => {
    const buffer = new ArrayBuffer(64);
    return [new Uint8Array(buffer, start, 4), new Uint8Array(buffer, start + 8, 4)];
  };
  assertEquals(digestKey(views(0)), digestKey(views(16)));
});

Deno.test("digestKey() does not count where in Node's pool a Buffer is", () => {
  const alone = digestKey([Buffer.from("ab"), Buffer.from("cd")]);
  Buffer.from("some other use of the pool");
  const first = Buffer.from("ab");
  Buffer.from("some other use of the pool");
  assertEquals(digestKey([first, Buffer.from("cd")]), alone);
  assertNotEquals(digestKey(Buffer.from("ab")), digestKey(new Uint8Array([97, 98])));
});

Deno.test("digestKey() counts the bytes that two Buffers have in common", () => {
  const common = Buffer.from("aaaa");
  const digest = digestKey([common.subarray(0, 2), common.subarray(1, 3)]);
  assertNotEquals(digest, digestKey([Buffer.from("aa"), Buffer.from("aa")]));
  assertNotEquals(digest, digestKey([common.subarray(0, 2), common.subarray(0, 2)]));
  assertEquals(digest, digestKey([common.subarray(1, 3), common.subarray(2, 4)]));
});

Deno.test("digestKey() does not count an error's stack, nor that an object is frozen", () => {
  const make = () => new Error("a");
  const elsewhere = () => make();
  assertEquals(digestKey(make()), digestKey(elsewhere()));
  assertEquals(digestKey(Object.freeze({ a: 1 })), digestKey({ a: 1 }));
});

Deno.test("digestKey() knows an instance by the names of its classes and its fields", () => {
  const one = (() => {
    class Point {
      x = 1;
      y = 2;
    }
    return new Point();
  })();
  const two = (() => {
    class Point {
      y = 2;
      x = 1;
    }
    return new Point();
  })();
  assertEquals(digestKey(one), digestKey(two));
});

Deno.test("digestKey() takes values of any depth", () => {
  let array: unknown[] = [];
  let record: unknown = null;
  let map = new Map();
  for (let i = 0; i < 100_000; i++) {
    array = [array];
    record = { next: record };
    map = new Map([[i, map]]);
  }
  assertMatch(digestKey([array, record, map]), /^[0-9a-f]{64}$/);
});

Deno.test("digestKey() takes values of any size", () => {
  const elements = Array.from({ length: 200_000 }, (_, i) => i);
  const digest = digestKey(elements);
  assertEquals(digestKey(elements.slice()), digest);
  elements[199_999] = 0;
  assertNotEquals(digestKey(elements), digest);
  const text = "x".repeat(1_000_000);
  assertEquals(digestKey(text), digestKey("x".repeat(1_000_000)));
  assertNotEquals(digestKey(text), digestKey("x".repeat(999_999) + "y"));
});

Deno.test("digestKey() takes the result of a method that speaks for the object", () => {
  class Client {
    constructor(readonly url: string, readonly socket: Promise<unknown>) {}
    [Symbol.for("pecapiku.key")](): unknown {
      return this.url;
    }
  }
  const digest = digestKey(new Client("a", Promise.resolve()));
  assertEquals(digest, digestKey(new Client("a", Promise.resolve(1))));
  assertNotEquals(digest, digestKey(new Client("b", Promise.resolve())));
  assertNotEquals(digest, digestKey("a"));
});

Deno.test("digestKey() takes a method that speaks for a function, a promise or an array", () => {
  const speak = (target: object, key: unknown) =>
    Object.assign(target, { [Symbol.for("pecapiku.key")]: () => key });
  const digests = [
    digestKey(speak(() => 1, "v1")),
    digestKey(speak(() => 1, "v2")),
    digestKey(speak(Promise.resolve(), "v1")),
    digestKey(speak([], "v1")),
    digestKey(speak({}, "v1")),
  ];
  assertEquals(new Set(digests).size, 5);
  assertEquals(digests[0], digestKey(speak(() => 2, "v1")));
});

Deno.test("digestKey() can be called while it asks a method that speaks for an object", () => {
  class Nested {
    constructor(readonly value: unknown) {}
    [Symbol.for("pecapiku.key")](): unknown {
      return digestKey({ nested: this.value });
    }
  }
  const make = (value: unknown) => ["before", { a: new Nested(value) }, new Nested([value])];
  assertEquals(digestKey(make(1)), digestKey(make(1)));
  assertNotEquals(digestKey(make(1)), digestKey(make(2)));
});

Deno.test("digestKey() runs no getter, method or trap", () => {
  const trap = () => {
    throw new Error("no code of the user's may run");
  };
  class Trap {
    x = 1;
    get y(): number {
      return trap();
    }
    toJSON = undefined;
    static get [Symbol.species](): unknown {
      return trap();
    }
    get [Symbol.toStringTag](): string {
      return trap();
    }
    [Symbol.toPrimitive](): unknown {
      return trap();
    }
  }
  class TrapMap extends Map {
    override get size(): number {
      return trap();
    }
    override [Symbol.iterator](): never {
      return trap();
    }
    override forEach(): void {
      trap();
    }
  }
  class TrapArray extends Array<unknown> {
    override [Symbol.iterator](): never {
      return trap();
    }
  }
  class TrapDate extends Date {
    override getTime(): number {
      return trap();
    }
    override valueOf(): number {
      return trap();
    }
  }
  class TrapRegExp extends RegExp {
    override get flags(): string {
      return trap();
    }
    override get source(): string {
      return trap();
    }
  }
  class TrapBytes extends Uint8Array {
    override get length(): number {
      return trap();
    }
    override get buffer(): never {
      return trap();
    }
  }
  const values = [
    new Trap(),
    new TrapMap(),
    new TrapArray(),
    new TrapDate(0),
    new TrapRegExp("a"),
    new TrapBytes(4),
  ];
  for (const value of values) assertMatch(digestKey(value), /^[0-9a-f]{64}$/);
});

Deno.test("digestKey() is not misled by a patched built-in", () => {
  const expected = digestKey([new Map([[1, 2]]), new Date(5), 300n]);
  const originals = [Map.prototype.forEach, Date.prototype.getTime, BigInt.prototype.toString];
  try {
    Map.prototype.forEach = () => {};
    Date.prototype.getTime = () => 0;
    BigInt.prototype.toString = () => "1";
    assertEquals(digestKey([new Map([[1, 2]]), new Date(5), 300n]), expected);
  } finally {
    [Map.prototype.forEach, Date.prototype.getTime, BigInt.prototype.toString] = originals as [
      typeof Map.prototype.forEach,
      typeof Date.prototype.getTime,
      typeof BigInt.prototype.toString,
    ];
  }
});

Deno.test("digestKey() asks the given function for the bytes of functions and classes", () => {
  class Point {
    x = 1;
  }
  const paths: string[] = [];
  const encodeFunction = (fn: unknown, path: string) => {
    paths.push(path);
    return new TextEncoder().encode(`${fn}`);
  };
  const value = { f: () => 1, point: new Point() };
  const digest = digestKey(value, { encodeFunction });
  assertEquals(paths, ["key.f", "key.point"]);
  assertEquals(digest, digestKey({ f: () => 1, point: new Point() }, { encodeFunction }));
  assertNotEquals(digest, digestKey({ f: () => 2, point: new Point() }, { encodeFunction }));
});

Deno.test("digestKey() knows a user's class that has the name of a built-in one", () => {
  class Duration {
    x = 1;
  }
  class Headers {
    x = 1;
  }
  class Command {
    x = 1;
  }
  const digests = [new Duration(), new Headers(), new Command()].map((value) => digestKey(value));
  assertEquals(new Set(digests).size, 3);
});
