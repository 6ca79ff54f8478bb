// Copyright 2026 the pecapiku authors. MIT license.

import { assertRefused, assertRoundTrip } from "./_round_trip.ts";
import { structured } from "../../src/codecs/structured.ts";
import * as namespace from "../../src/codecs/structured.ts";

class Point {
  constructor(readonly x: number) {}
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  buffer.transfer();
  return buffer;
}

function never(): never {
  throw new Error("code of the value ran");
}

/** An object whose prototype says one thing, and what it is inside another. */
function disguised(value: object, prototype: object | null): object {
  return Object.setPrototypeOf(value, prototype);
}

const long = (): number[] => Array.from({ length: 1000 }, (_, i) => i);
const accessor = { get: never, enumerable: true };
const hidden = { value: 1, enumerable: false };
const trapped = new Proxy({}, {
  get: never,
  ownKeys: never,
  getPrototypeOf: never,
  getOwnPropertyDescriptor: never,
});

const REFUSED: Record<string, [() => unknown, string]> = {
  "a function": [
    () => ({ rows: [0, 1, 2, { callback: () => {} }] }),
    "a function at value.rows[3].callback",
  ],
  "a class": [() => [Point], "a function at value[0]"],
  "a symbol": [() => ({ a: Symbol.iterator }), "a symbol at value.a"],
  "a registered symbol": [() => Symbol.for("x"), "a symbol at value"],
  "an instance": [
    () => ({ "my point": new Point(1) }),
    'an instance of Point at value["my point"]',
  ],
  "an instance in a map": [() => new Map([[1, { p: new Point(1) }]]), "at value.values()[0].p"],
  "an instance as a key": [
    () => new Map([[new Point(1), 1]]),
    "an instance of Point at value.keys()[0]",
  ],
  "an instance in a set": [
    () => new Set([1, new Point(1)]),
    "an instance of Point at value.values()[1]",
  ],
  "an instance in a cause": [
    () => new Error("", { cause: new Point(1) }),
    "an instance of Point at value.cause",
  ],
  "an instance without a class": [() => Object.create({}), "an instance of Object at value"],
  "a subclass of Map": [() => new (class Sub extends Map {})(), "an instance of Sub at value"],
  "a subclass of Array": [() => new (class Sub extends Array {})(), "an instance of Sub at value"],
  "a subclass of Error": [() => new (class Sub extends Error {})(), "an instance of Sub at value"],
  "a subclass of Uint8Array": [() => new (class Sub extends Uint8Array {})(), "an instance of Sub"],
  "a subclass of URL": [() => new (class Sub extends URL {})("a:b"), "an instance of Sub at value"],
  "an accessor": [() => Object.defineProperty({}, "a", accessor), "an accessor at value.a"],
  "an accessor of an array": [
    () => Object.defineProperty([1], "a", accessor),
    "an accessor at value.a",
  ],
  "an accessor in null": [() => Object.create(null, { a: accessor }), "an accessor at value.a"],
  "an accessor as an element": [
    () => [Object.defineProperty([1, 2], 1, accessor)],
    "an accessor at value[0][1]",
  ],
  "an accessor as an element of a long array": [
    () => Object.defineProperty(long(), 999, accessor),
    "an accessor at value[999]",
  ],
  "a symbol key": [() => ({ a: { [Symbol("s")]: 1 } }), "the symbol key Symbol(s) at value.a"],
  "a symbol key of an array": [
    () => [Object.assign([], { [Symbol("s")]: 1 })],
    "Symbol(s) at value[0]",
  ],
  "a hidden property": [
    () => Object.defineProperty({}, "h", hidden),
    "a hidden property at value.h",
  ],
  "a hidden property of an array": [
    () => Object.defineProperty([1, 2], "h", hidden),
    "a hidden property at value.h",
  ],
  "a hidden property of a long array": [
    () => Object.defineProperty(long(), "h", hidden),
    "a hidden property at value.h",
  ],
  "an accessor of a long array": [
    () => Object.defineProperty(long(), "h", accessor),
    "an accessor at value.h",
  ],
  "a template's strings": [() => ((strings: TemplateStringsArray) => strings)`a`, "at value.raw"],
  "extras of a Map": [
    () => Object.assign(new Map(), { x: 1 }),
    "extra properties of a Map at value",
  ],
  "extras of a Set": [
    () => Object.assign(new Set(), { x: 1 }),
    "extra properties of a Set at value",
  ],
  "extras of a Date": [() => Object.assign(new Date(), { x: 1 }), "extra properties of a Date"],
  "extras of a RegExp": [() => Object.assign(/a/, { x: 1 }), "extra properties of a RegExp"],
  "extras of a buffer": [
    () => Object.assign(new ArrayBuffer(1), { x: 1 }),
    "extra properties of an ArrayBuffer",
  ],
  "extras of a DataView": [
    () => Object.assign(new DataView(new ArrayBuffer(1)), { x: 1 }),
    "extra properties of a DataView",
  ],
  "extras of a typed array": [
    () => ({ v: Object.assign(new Uint8Array(2), { x: 1 }) }),
    "extra properties of a Uint8Array at value.v",
  ],
  "extras of a long typed array": [
    () => Object.defineProperty(new Float64Array(1000), "x", hidden),
    "extra properties of a Float64Array",
  ],
  "a symbol key of a typed array": [
    () => Object.assign(new Int8Array(1), { [Symbol()]: 1 }),
    "extra properties of an Int8Array",
  ],
  "extras of a boxed number": [
    () => Object.assign(Object(1), { x: 1 }),
    "extra properties of a Number",
  ],
  "extras of a boxed string": [
    () => Object.assign(Object("ab"), { x: 1 }),
    "properties of a String",
  ],
  "extras of an error": [
    () => Object.assign(new Error(), { code: 1 }),
    "extra properties of an error",
  ],
  "a name of an error": [
    () => Object.assign(new Error(), { name: "X" }),
    "extra properties of an error",
  ],
  "an enumerable cause": [
    () => Object.assign(new Error(), { cause: 1 }),
    "extra properties of an error",
  ],
  "a message that is no text": [
    () => Object.defineProperty(new Error("m"), "message", { value: 1 }),
    "an error whose message is no string",
  ],
  "a stack that is no text": [
    () => Object.assign(new Error("m"), { stack: 1 }),
    "an error whose stack is no text",
  ],
  "an error without a stack": [
    () => {
      const error = new Error("m");
      delete error.stack;
      return error;
    },
    "an error without a stack",
  ],
  "an accessor as a stack": [
    () => Object.defineProperty(new Error(), "stack", { get: never }),
    "an accessor of an error",
  ],
  "an accessor as a message": [
    () => Object.defineProperty(new Error(), "message", { get: never }),
    "an accessor of an error",
  ],
  "a lastIndex that is no number": [
    () => Object.assign(/a/g, { lastIndex: { valueOf: never } }),
    "a lastIndex that is no number",
  ],
  "a proxy": [() => ({ p: trapped }), "a proxy at value.p"],
  "a proxy of an array": [() => [new Proxy([], {})], "a proxy at value[0]"],
  "a proxy as a prototype": [
    () => Object.create(trapped),
    "an instance of an unnamed class at value",
  ],
  "an instance of a proxied class": [
    () => Object.create({ constructor: new Proxy(Point, { get: never }) }),
    "an instance of Object at value",
  ],
  "no Date inside": [() => Object.create(Date.prototype), "not what its prototype says at value"],
  "no Map inside": [() => Object.create(Map.prototype), "not what its prototype says at value"],
  "no Set inside": [() => Object.create(Set.prototype), "not what its prototype says at value"],
  "no RegExp inside": [
    () => Object.create(RegExp.prototype),
    "not what its prototype says at value",
  ],
  "no Error inside": [() => Object.create(Error.prototype), "not what its prototype says at value"],
  "no Array inside": [() => Object.create(Array.prototype), "not what its prototype says at value"],
  "no Number inside": [
    () => Object.create(Number.prototype),
    "not what its prototype says at value",
  ],
  "no buffer inside": [() => Object.create(ArrayBuffer.prototype), "not what its prototype says"],
  "no view inside": [() => Object.create(Uint8Array.prototype), "not what its prototype says"],
  "no DataView inside": [() => Object.create(DataView.prototype), "not what its prototype says"],
  "another view inside": [() => disguised(new Int8Array(1), Uint8Array.prototype), "not what its"],
  "another box inside": [
    () => disguised(Object(1), Boolean.prototype),
    "not what its prototype says",
  ],
  "no URL inside": [() => Object.create(URL.prototype), "of the type URL that can't be encoded"],
  "no Temporal inside": [
    () => Object.create(Temporal.PlainDate.prototype),
    "can't be encoded at value",
  ],
  "a Map disguised": [
    () => disguised(new Map([[1, 2]]), Object.prototype),
    "not what its prototype",
  ],
  "a Date disguised": [() => ({ d: disguised(new Date(), Object.prototype) }), "says at value.d"],
  "a Set without prototype": [
    () => disguised(new Set(), null),
    "not what its prototype says at value",
  ],
  "an array disguised": [() => disguised([1], null), "not what its prototype says at value"],
  "a promise disguised": [() => disguised(Promise.resolve(), Object.prototype), "not what its"],
  "a promise": [() => ({ p: Promise.resolve() }), "an instance of Promise at value.p"],
  "a WeakMap": [() => new WeakMap(), "an instance of WeakMap at value"],
  "a WeakRef": [() => new WeakRef({}), "an instance of WeakRef at value"],
  "a generator": [() => (function* () {})(), "at value"],
  "an iterator": [() => [][Symbol.iterator](), "at value"],
  "arguments": [
    function () {
      return arguments;
    },
    "the symbol key Symbol(Symbol.iterator) at value",
  ],
  "a module": [() => namespace, "the symbol key Symbol(Symbol.toStringTag) at value"],
  "the global object": [() => ({ a: globalThis }), "at value.a"],
  "a boxed symbol": [() => Object(Symbol()), "an instance of Symbol at value"],
  "shared memory": [() => new SharedArrayBuffer(1), "an instance of SharedArrayBuffer at value"],
  "a view of shared memory": [
    () => new Uint8Array(new SharedArrayBuffer(1)),
    "an instance of SharedArrayBuffer at value.buffer",
  ],
  "a detached buffer": [() => [detached()], "a detached ArrayBuffer at value[0]"],
  "a Blob": [() => new Blob([]), "an instance of Blob at value"],
  "Intl": [() => new Intl.NumberFormat(), "an instance of NumberFormat at value"],
  "an AbortSignal": [
    () => ({ signal: new AbortController().signal }),
    "AbortSignal at value.signal",
  ],
  "raw JSON": [
    () => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON("1"),
    "not what its prototype says at value",
  ],
  "extras of a URL": [
    () => [Object.assign(new URL("a:b"), { x: 1 })],
    "an instance of the type URL that can't be encoded at value[0]",
  ],
  "extras of Temporal": [
    () => Object.assign(Temporal.PlainDate.from("2020-01-01"), { x: 1 }),
    "of the type Temporal.PlainDate that can't be encoded at value",
  ],
  "a Buffer of Node": [() => new (class Buffer extends Uint8Array {})(1), "an instance of Buffer"],
};

for (const [name, [make, words]] of Object.entries(REFUSED)) {
  Deno.test(`structured refuses ${name}`, () => assertRefused(structured, make(), words));
}

Deno.test("structured refuses a hidden property of an array or a view of any length", () => {
  for (const length of [0, 1, 127, 128, 129, 255, 256, 257]) {
    for (const value of [new Array(length).fill(0), new Uint8Array(length)]) {
      assertRoundTrip(structured, value);
      assertRefused(structured, Object.defineProperty(value, "h", hidden), "at value");
    }
  }
});
