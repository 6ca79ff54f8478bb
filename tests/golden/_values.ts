// Copyright 2026 the pecapiku authors. MIT license.

import { registerType } from "@pecapiku/cache";

/** A class that is cacheable because it is registered. */
export class Point {
  constructor(readonly x: number, readonly y: number) {}
}

registerType(Point, {
  name: "golden/Point",
  encode: ({ x, y }) => [x, y],
  decode: ([x, y]) => new Point(x!, y!),
});

/** Keys of every kind that a dictionary takes, in the order of the tables in `docs/format.md`. Each call makes them anew. */
export function makeKeys(): unknown[] {
  const shared = { shared: true };
  const cyclic: Record<string, unknown> = { name: "cyclic" };
  cyclic.self = cyclic;
  const buffer = new ArrayBuffer(8);
  return [
    ...[undefined, null, true, false],
    ...[NaN, 0, -0, 1, -1, 300, 1.5, 4294967295, 4294967296, Infinity, -Infinity, 5e-324],
    ...["", "a", "1", "é", "€", "\ud83d", "\ud83d\ude00", "x".repeat(300)],
    ...[0n, 1n, -1n, 256n, 2n ** 64n, -(2n ** 100n)],
    ...[{}, { b: 1, a: "x" }, { 10: true, 9: false }, { nested: { deep: [{}] } }],
    Object.assign(Object.create(null), { a: 1 }),
    ...[[], [1, [2], "3"], [undefined, , , null]],
    ...[[shared, shared, {}], cyclic],
    ...[new Map<unknown, unknown>([["b", 1], ["a", {}]]), new Set([2, 1]), new Map(), new Set()],
    ...[new Date(0), new Date(NaN), /a+/gi, Object.assign(/a/g, { lastIndex: 2 })],
    ...[Object("ab"), Object(1n), Object(false), Object(-0)],
    ...[withStack(new Error("m")), withStack(new TypeError("m", { cause: 1 }))],
    withStack(new AggregateError([1], "m")),
    withStack(new DOMException("m", "AbortError")),
    ...[new Uint8Array([1, 2, 3]), new Uint8ClampedArray(2), new Int8Array([-1])],
    ...[new Uint16Array([1]), new Int16Array([-1]), new Uint32Array([1]), new Int32Array([-1])],
    ...[new Float16Array([1]), new Float32Array([1.5]), new Float64Array([1, NaN])],
    ...[new BigInt64Array([-1n]), new BigUint64Array([1n])],
    ...[new DataView(new ArrayBuffer(2)), new ArrayBuffer(2)],
    new ArrayBuffer(1, { maxByteLength: 4 }),
    [new Uint8Array(buffer, 1, 1), new Uint8Array(buffer, 0, 1), buffer],
    ...[new URL("https://a.example/?b=1"), new URLSearchParams("a=1&a=2")],
    new Headers({ B: "2", a: "1" }),
    ...[Temporal.PlainDate.from("2024-02-29"), Temporal.PlainTime.from("12:34:56.789")],
    Temporal.PlainDateTime.from("2024-02-29T12:34"),
    ...[Temporal.PlainYearMonth.from("2024-02"), Temporal.PlainMonthDay.from("02-29")],
    Temporal.Instant.fromEpochMilliseconds(1),
    Temporal.ZonedDateTime.from("2024-02-29T00:00+01:00[Europe/Rome]"),
    Temporal.Duration.from({ hours: 1, milliseconds: 1500 }),
  ];
}

/** Values for every form of the codec `structured`, by what they show. Each call makes them anew. */
export function makeValues(): Record<string, unknown> {
  const shared = { x: -0 };
  const cyclic: unknown[] = [1];
  cyclic.push(cyclic);
  return {
    ...Object.fromEntries(makeKeys().map((key, index) => [`key ${index}`, key])),
    "JSON": { id: 7, tags: ["a", "é"], none: null, nested: [{ deep: [[[]]] }] },
    "JSON with a key __proto__": JSON.parse('{"__proto__":1,"a":2}'),
    "tagged JSON": { $: [NaN, 123n, undefined, -0, new Date(5)] },
    "tagged JSON of a map": new Map<unknown, unknown>([["a", new Set([1.5])], [-0, null]]),
    "tagged JSON of bytes": new Uint8Array(4096).map((_, index) => index),
    "a long literal": -(2n ** 63n),
    "V8 data of what is shared": [shared, shared],
    "V8 data of a cycle": cyclic,
    "V8 data of holes": [1, , 3],
    "V8 data of a long integer": [2n ** 70n],
    "V8 data of many objects": Array.from({ length: 1200 }, (_, id) => ({ id, at: new Date(id) })),
    "tagged JSON of bytes kept apart": {
      name: "layer",
      weights: new Float64Array(8192).map((_, index) => index / 3),
    },
    "V8 data of bytes kept apart": ((buffer) => [new Int8Array(buffer), new Uint8Array(buffer)])(
      new ArrayBuffer(65_536),
    ),
    "an envelope with prototypes": [Object.create(null), shared, shared],
    "an envelope with a regular expression": Object.assign(/(?<x>a)/dgu, { lastIndex: 3 }),
    "an envelope with types": [
      new URL("https://a.example/?b=1"),
      new Map([[new Point(1, 2), Temporal.Duration.from({ days: 1 })]]),
    ],
    "a registered class": new Point(3, 4),
  };
}

/** Values that the codec `msgpack` takes. Each call makes them anew. */
export function makePlainValues(): Record<string, unknown> {
  return {
    null: null,
    booleans: [true, false],
    integers: [0, 127, 128, -1, -33, 2 ** 31, 2 ** 32 - 1, -(2 ** 31)],
    numbers: [1.5, 2 ** 32, 2 ** 53, NaN, Infinity, 5e-324],
    integersOf64Bits: [5n, -5n, 2n ** 63n, -(2n ** 63n)],
    texts: ["", "é", "x".repeat(300)],
    bytes: Uint8Array.of(1, 2, 3),
    nested: { id: 7, list: [{ a: [] }, {}] },
  };
}

/** Values that get shorter by compression. Each call makes them anew. */
export function makeLongValues(): Record<string, unknown> {
  return {
    text: "long ".repeat(1000),
    rows: Array.from({ length: 100 }, (_, id) => ({ id, name: `row ${id}`, isEven: id % 2 === 0 })),
    numbers: new Float64Array(8192).fill(1.5),
    short: "too short",
  };
}

/** The text of a stack would tell where this file was. */
function withStack<E extends Error | DOMException>(error: E): E {
  error.stack = `${error.name}: ${error.message}\n    at golden`;
  return error;
}
