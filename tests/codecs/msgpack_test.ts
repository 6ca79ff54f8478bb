// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { decode as stdDecode } from "@std/msgpack";
import fc from "fast-check";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { msgpack } from "../../src/codecs/msgpack.ts";
import { registerType } from "../../src/codecs/register_type.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import { assertRefused, assertRoundTrip, roundTrip } from "./_round_trip.ts";
import { graphDifference } from "./_graph_difference.ts";
import { graph, primitive, text } from "./_values.ts";

const goodText = text.filter((string) =>
  string.isWellFormed() && !string.startsWith("\ufeff") && string !== "__proto__"
);

const tree = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    goodText,
    fc.double().map((number) => Object.is(number, -0) ? 0 : number),
    fc.integer(),
    fc.constantFrom(null, true, false, 2 ** 32, -(2 ** 31) - 1, 2 ** 53, 127, 128, -32, -33),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.uint8Array(),
    fc.array(tie("tree")),
    fc.array(fc.tuple(goodText, tie("tree"))).map((entries) => Object.fromEntries(entries)),
  ),
})).tree.map((value) => structuredClone(value)).map(unshare);

/** fast-check may use one object in two places. */
function unshare(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(unshare);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, unshare(child)]));
}

Deno.test("msgpack gives back any JSON-like value, with byte strings and bigints", () => {
  fc.assert(fc.property(tree, (value) => assertRoundTrip(msgpack, value)), { numRuns: 500 });
});

Deno.test("msgpack gives back equal whatever it doesn't refuse", () => {
  fc.assert(
    fc.property(fc.oneof(graph, primitive, text), (value) => {
      try {
        encodeParts(msgpack, value);
      } catch (error) {
        assertInstanceOf(error, UncacheableValueError);
        return;
      }
      // Of a view, the bytes come back, not what else is in its buffer.
      const difference = graphDifference(unshare(value), roundTrip(msgpack, value));
      assert(difference === undefined, difference);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("msgpack writes what other readers read", () => {
  const value = { id: 1, list: [true, null, 1.5], bytes: Uint8Array.of(1) };
  const decoded = stdDecode(encodeParts(msgpack, value)[0]);
  assertEquals(decoded as unknown, value);
});

Deno.test("msgpack gives byte strings that own their buffer", () => {
  const long = new Uint8Array(300).subarray(7, 107).fill(3);
  const value = {
    long,
    short: Uint8Array.of(1),
    none: new Uint8Array(0),
    list: [new Uint8Array(2)],
  };
  const decoded = roundTrip(msgpack, value) as typeof value;
  assertEquals(decoded, value);
  for (const bytes of [decoded.long, decoded.short, decoded.none, decoded.list[0]!]) {
    assertEquals(bytes.buffer.byteLength, bytes.byteLength);
  }
  const top = roundTrip(msgpack, long) as Uint8Array;
  assertEquals([top.byteLength, top.buffer.byteLength], [100, 100]);
});

class Registered {}
registerType(Registered, { name: "test/msgpack", encode: () => 1, decode: () => new Registered() });

const buffer = new ArrayBuffer(8);
const shared = {};
const cycle: unknown[] = [];
cycle.push(cycle);

const REFUSED: Record<string, [unknown, string]> = {
  "undefined": [{ a: undefined }, "undefined at value.a"],
  "-0": [[0, -0], "the number -0 at value[1]"],
  "a lone surrogate": ["a\ud800", "a string with a lone surrogate at value"],
  "a lone surrogate in a name": [{ "\udc00": 1 }, "a string with a lone surrogate at value"],
  "a byte order mark": ["\ufeffa", "a string that begins with U+FEFF at value"],
  "a byte order mark in a name": [{ "\ufeff": 1 }, "a string that begins with U+FEFF at value"],
  "a shared object": [{ a: shared, b: shared }, "an object that is there already"],
  "a cycle": [cycle, "an object that is there already"],
  "a hole": [[1, , 2], "an array with holes or properties of its own at value"],
  "an array with a property": [Object.assign([1], { x: 1 }), "properties of its own at value"],
  "a bigint of 65 bits": [{ n: 2n ** 64n }, "a bigint of over 64 bits at value.n"],
  "a bigint below 64 bits": [-(2n ** 63n) - 1n, "a bigint of over 64 bits at value"],
  "a null prototype": [{ a: Object.create(null) }, "an object with a null prototype at value.a"],
  "a name __proto__": [JSON.parse('{"a":{"__proto__":1}}'), "a property __proto__ at value.a"],
  "another view": [[new Float64Array(1)], "a view that is no Uint8Array at value[0]"],
  "a DataView": [new DataView(buffer), "a view that is no Uint8Array at value"],
  "a buffer": [{ buffer }, "what MessagePack has no type for (buffer) at value.buffer"],
  "a shared buffer": [
    [new Uint8Array(buffer), new Uint8Array(buffer, 4)],
    "a Uint8Array that shares its buffer with another one at value[1]",
  ],
  "a resizable buffer": [new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 })), "resizable"],
  "shared memory": [new Uint8Array(new SharedArrayBuffer(1)), "over shared memory"],
  "a subclass of Uint8Array": [
    new (class Buffer extends Uint8Array {})(1),
    "an instance of Buffer",
  ],
  "a date": [{ d: new Date(0) }, "what MessagePack has no type for (date) at value.d"],
  "a map": [new Map(), "what MessagePack has no type for (map) at value"],
  "a set": [new Set(), "what MessagePack has no type for (set) at value"],
  "a regular expression": [/a/, "what MessagePack has no type for (regexp) at value"],
  "an error": [new Error(), "what MessagePack has no type for (error) at value"],
  "a boxed number": [Object(1), "what MessagePack has no type for (boxed) at value"],
  "a URL": [[new URL("a:b")], "what MessagePack has no type for (URL) at value[0]"],
  "a registered instance": [new Registered(), "what MessagePack has no type for (test/msgpack)"],
  "an instance": [new (class Point {})(), "an instance of Point at value"],
  "a function": [{ f() {} }, "a function at value.f"],
  "a symbol": [[Symbol()], "a symbol at value[0]"],
  "an accessor": [
    {
      get a(): never {
        throw new Error("code of the value ran");
      },
    },
    "an accessor at value.a",
  ],
  "a proxy": [new Proxy({}, {}), "a proxy at value"],
};

for (const [name, [value, words]] of Object.entries(REFUSED)) {
  Deno.test(`msgpack refuses ${name}`, () => assertRefused(msgpack, value, words));
}

Deno.test("msgpack bounds the levels", () => {
  let value: unknown = 1;
  for (let i = 0; i < 500; i++) value = i % 2 === 0 ? [value] : { value };
  assertRoundTrip(msgpack, value);
  assertRefused(msgpack, [value], "more than 500 levels at value[0].value[0]");
  for (let i = 0; i < 100_000; i++) value = [value];
  assertRefused(msgpack, value, "more than 500 levels");
});

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];
const PROTO = [0xa9, ...bytesOf("__proto__")];

Deno.test("msgpack throws when a map in the bytes has a key __proto__", () => {
  const maps = [
    [0x81, ...PROTO, 0x81, 0xa1, 0x78, 0x01],
    [0x81, ...PROTO, 0xc0],
    // The decoder loses this one silently.
    [0x82, 0xa1, 0x61, 0x01, ...PROTO, 0x05],
    [0x91, 0x81, 0xd9, 0x09, ...PROTO.slice(1), 0xc4, 0x01, 0x00],
  ];
  for (const map of maps) {
    assertThrows(() => msgpack.decode(Uint8Array.from(map), []), TypeError, "__proto__");
  }
});

Deno.test("msgpack takes __proto__ as a text, and in longer names", () => {
  assertRoundTrip(msgpack, ["__proto__", { a: "__proto__", "__proto__x": 1, "x__proto__": 2 }]);
  assertRoundTrip(msgpack, { "#00000000": "__proto__", b: Uint8Array.from(PROTO) });
});

Deno.test("msgpack throws when the bytes are no MessagePack, or go on after it", () => {
  for (const bytes of [[], [0xc1], [0xc0, 0xc0], [0x92, 0x01], [0xd4, 0x01, 0x02], [0xa5, 0x61]]) {
    assertThrows(() => msgpack.decode(Uint8Array.from(bytes), []), Error);
  }
});

Deno.test("msgpack doesn't believe a length in the bytes", () => {
  for (const tag of [0xdd, 0xdf, 0xdb, 0xc6]) {
    assertThrows(() => msgpack.decode(Uint8Array.of(tag, 255, 255, 255, 255, 1, 2), []), Error);
  }
});

Deno.test("msgpack throws when the bytes nest too deep", () => {
  assertThrows(() => msgpack.decode(new Uint8Array(1_000_000).fill(0x91), []), Error);
});

Deno.test("msgpack returns or throws, whatever the bytes are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        msgpack.decode(bytes, []);
      } catch (error) {
        assertInstanceOf(error, Error);
      }
    }),
    { numRuns: 1000 },
  );
});
