// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { UncacheableKeyError } from "@pecapiku/cache";
import { addedProperties } from "../../src/checkpoint/_added_properties.ts";
import type { AnyFunction } from "../../src/access/cached_function.ts";
import { checkpointIn, FakeSource } from "./_fake_code.ts";

/** The key of a call with a value; all functions with one text have one code. */
function keyOf(value: unknown): string {
  return checkpointIn(new FakeSource(), { onError: "raise" })(function f(_: unknown) {
    return 0;
  }).keyFor(value);
}

Deno.test("a function counts with what was put on it", () => {
  const make = (unit: unknown) => Object.assign((x: number) => x, { unit });
  assertEquals(keyOf(make("m")), keyOf(make("m")));
  const keys = ["m", "km", { a: 1 }, { a: 2 }, undefined].map((unit) => keyOf(make(unit)));
  assertEquals(new Set([...keys, keyOf((x: number) => x)]).size, 6);
  assertThrows(() => keyOf(make(new WeakMap())), UncacheableKeyError);
});

Deno.test("a function counts with a property that is not enumerable, a symbol and an accessor", () => {
  const make = (key: PropertyKey, descriptor: PropertyDescriptor) =>
    Object.defineProperty((x: number) => x, key, descriptor);
  const keys = [
    make("unit", { value: 1 }),
    make("unit", { value: 2 }),
    make(Symbol.for("unit"), { value: 1 }),
    make("unit", { get: () => 1 }),
    make("unit", { get: () => 2 }),
    make("unit", { set: () => {} }),
  ].map(keyOf);
  assertEquals(new Set(keys).size, keys.length);
});

Deno.test("a function counts with what was put on its prototype", () => {
  const make = (greeting: unknown) => {
    function Greeter() {}
    Greeter.prototype.greeting = greeting;
    return Greeter;
  };
  assertEquals(keyOf(make("hi")), keyOf(make("hi")));
  const keys = ["hi", "hello", () => 1, () => 2].map((greeting) => keyOf(make(greeting)));
  assertEquals(new Set(keys).size, keys.length);
});

Deno.test("a class counts with what was put on it beside its text", () => {
  const make = (key: string, value: unknown, onPrototype: boolean) => {
    class Box {
      static shown = 1;
      open(): number {
        return 1;
      }
    }
    Object.defineProperty(onPrototype ? Box.prototype : Box, key, { value });
    return Box;
  };
  const plain = keyOf(class Box {});
  const keys = [
    keyOf(make("added", 1, false)),
    keyOf(make("added", 2, false)),
    keyOf(make("added", 1, true)),
    keyOf(make("added", () => 1, true)),
    keyOf(make("added", () => 2, true)),
    keyOf(make("shown", 1, false)),
    keyOf(make("shown", 2, false)),
    plain,
  ];
  assertEquals(new Set(keys).size, keys.length);
  const instances = [1, 2].map((value) => keyOf(new (make("added", value, true))()));
  assertNotEquals(instances[0], instances[1]);
});

Deno.test("a function that is reached from itself is no end of work", () => {
  const make = (value: number) => {
    const fn: AnyFunction & { self?: unknown; other?: unknown; value?: number } = (x: number) => x;
    fn.self = fn;
    fn.value = value;
    fn.other = Object.assign((x: number) => -x, { back: fn });
    return fn;
  };
  assertEquals(keyOf(make(1)), keyOf(make(1)));
  assertNotEquals(keyOf(make(1)), keyOf(make(2)));
});

Deno.test("a cached function counts with what was put on it", () => {
  const source = new FakeSource();
  const make = (unit?: string) => {
    const cached = checkpointIn(source)((x: number) => x);
    return unit === undefined ? cached : Object.assign(cached, { unit });
  };
  assertEquals(keyOf(make()), keyOf(make().fn));
  assertEquals(keyOf(make("m")), keyOf(make("m")));
  assertEquals(new Set([keyOf(make()), keyOf(make("m")), keyOf(make("km"))]).size, 3);
  const original = Object.assign((x: number) => x, { unit: "m" });
  assertEquals(keyOf(checkpointIn(source)(original)), keyOf(original));
});

Deno.test("addedProperties() gives nothing of functions and classes as they are written", () => {
  class Point {
    static origin = { x: 0 };
    static #count = 0;
    x = 1;
    get length(): number {
      return Point.#count;
    }
    static make(): Point {
      return new Point();
    }
    *[Symbol.iterator](): Generator<number> {
      yield this.x;
    }
  }
  const plain: unknown[] = [
    () => 1,
    function () {},
    async () => await 1,
    function* () {},
    { method() {} }.method,
    class {},
    class Child extends Point {},
    Point,
  ];
  for (const fn of plain) assertEquals(addedProperties(fn as AnyFunction), undefined);
  assert(addedProperties(Object.assign(() => 1, { a: 1 })) !== undefined);
});
