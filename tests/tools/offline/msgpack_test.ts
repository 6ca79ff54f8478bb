// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { decode, encode, type ValueType } from "../../../tools/offline/msgpack.ts";

/** Values and what `@std/msgpack` 1.0.3 makes of them. */
const GOLDEN: readonly (readonly [ValueType, string])[] = [
  [null, "c0"],
  [false, "c2"],
  [true, "c3"],
  [0, "00"],
  [-0, "00"],
  [1, "01"],
  [127, "7f"],
  [128, "cc80"],
  [255, "ccff"],
  [256, "cd0100"],
  [65_535, "cdffff"],
  [65_536, "ce00010000"],
  [2 ** 32 - 1, "ceffffffff"],
  [2 ** 32, "cb41f0000000000000"],
  [2 ** 53, "cb4340000000000000"],
  [-1, "ff"],
  [-32, "e0"],
  [-33, "d0df"],
  [-128, "d080"],
  [-129, "d1ff7f"],
  [-32_768, "d18000"],
  [-32_769, "d2ffff7fff"],
  [-(2 ** 31), "d280000000"],
  [-(2 ** 31) - 1, "cbc1e0000000200000"],
  [0.5, "cb3fe0000000000000"],
  [NaN, "cb7ff8000000000000"],
  [Infinity, "cb7ff0000000000000"],
  [-Infinity, "cbfff0000000000000"],
  [5e-324, "cb0000000000000001"],
  [0n, "cf0000000000000000"],
  [1n, "cf0000000000000001"],
  [-1n, "d3ffffffffffffffff"],
  [2n ** 64n - 1n, "cfffffffffffffffff"],
  [-(2n ** 63n), "d38000000000000000"],
  ["", "a0"],
  ["a", "a161"],
  ["é😀", "a6c3a9f09f9880"],
  ["\ud800", "a3efbfbd"],
  ["a\udc00b", "a561efbfbd62"],
  ["\ufeffx", "a4efbbbf78"],
  ["\0", "a100"],
  ["x".repeat(31), "bf78787878787878787878787878787878787878787878787878787878787878"],
  ["x".repeat(32), "d9207878787878787878787878787878787878787878787878787878787878787878"],
  [new Uint8Array(0), "c400"],
  [Uint8Array.of(1, 2, 3), "c403010203"],
  [Uint8Array.of(9, 1, 2, 9).subarray(1, 3), "c4020102"],
  [[], "90"],
  [[1, [2, ["a"]]], "9201920291a161"],
  [{}, "80"],
  [{ a: 1 }, "81a16101"],
  [{ b: 1, a: 2, 1: 3 }, "83a13103a16201a16102"],
  [Object.fromEntries([["\ud800", 1], ["\udc00", 2]]), "82a3efbfbd01a3efbfbd02"],
  [JSON.parse('{"__proto__":1}'), "81a95f5f70726f746f5f5f01"],
  [Object.assign(Object.create(null), { a: null }), "81a161c0"],
  [
    { id: 7, at: 2 ** 40, tags: ["x"], data: Uint8Array.of(0) },
    "84a2696407a26174cb4270000000000000a47461677391a178a464617461c40100",
  ],
];

/** Values with long lengths: the first six bytes that `@std/msgpack` 1.0.3 gives, and how many. */
const GOLDEN_HEADS: readonly (readonly [ValueType, string, number])[] = [
  ["x".repeat(255), "d9ff78787878", 257],
  ["x".repeat(256), "da0100787878", 259],
  ["x".repeat(65_535), "daffff787878", 65538],
  ["x".repeat(65_536), "db0001000078", 65541],
  [new Uint8Array(255), "c4ff00000000", 257],
  [new Uint8Array(256), "c50100000000", 259],
  [new Uint8Array(65_536), "c60001000000", 65541],
  [Array(15).fill(1), "9f0101010101", 16],
  [Array(16).fill(1), "dc0010010101", 19],
  [Array(65_536).fill(1), "dd0001000001", 65541],
  [numbered(15), "8fa26b3000a2", 66],
  [numbered(16), "de0010a26b30", 73],
  [numbered(65_536), "df00010000a2", 643871],
];

function numbered(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

Deno.test("encode() gives the bytes of @std/msgpack", () => {
  for (const [value, hex] of GOLDEN) {
    assertEquals(encode(value).toHex(), hex, Deno.inspect(value));
  }
});

Deno.test("encode() gives the lengths of @std/msgpack when they are long", () => {
  for (const [value, hex, length] of GOLDEN_HEADS) {
    const encoded = encode(value);
    assertEquals(encoded.subarray(0, 6).toHex(), hex);
    assertEquals(encoded.length, length);
  }
});

Deno.test("decode() gives back what was encoded when the format can tell it", () => {
  for (const [value] of GOLDEN_HEADS) assertEquals(decode(encode(value)), value);
  const wellFormed = GOLDEN.filter(([, hex]) => !hex.includes("efbfbd") && !hex.includes("efbbbf"));
  for (const [value, hex] of wellFormed.filter(([, hex]) => !hex.includes("5f5f70726f746f5f5f"))) {
    assertEquals(decode(bytes(hex)), value);
  }
});

Deno.test("encode() refuses what it has no bytes for", () => {
  class Point {
    x = 1;
  }
  const message = "Cannot safely encode value into messagepack";
  const refused = [
    Symbol("s"),
    () => 1,
    new Point(),
    new Date(0),
    new Map(),
    new Set(),
    /x/,
    new Error("x"),
    new Float64Array(1),
    new ArrayBuffer(1),
    Object(1),
    Object.create({ a: 1 }),
  ];
  for (const value of refused) {
    for (const around of [value, [value], { a: value }]) {
      const error = assertThrows(() => encode(around as never), Error, message);
      assertStrictEquals(error.constructor, Error);
    }
  }
});

Deno.test("encode() throws a TypeError when it meets undefined or a hole", () => {
  for (const value of [undefined, [undefined], { a: undefined }, Array(1)]) {
    assertThrows(
      () => encode(value as never),
      TypeError,
      "Cannot convert undefined or null to object",
    );
  }
});

Deno.test("encode() refuses bigints over 64 bits", () => {
  for (const value of [2n ** 64n, -(2n ** 63n) - 1n, 2n ** 200n]) {
    assertThrows(() => encode(value), Error, "Cannot safely encode bigint larger than 64 bits");
  }
});

Deno.test("encode() overflows the stack when the value has a cycle", () => {
  const cycle: ValueType[] = [];
  cycle.push(cycle);
  assertThrows(() => encode(cycle), RangeError);
});

Deno.test("decode() throws an EvalError when the bytes end early", () => {
  for (const [, hex] of GOLDEN.filter(([, hex]) => hex.length > 2)) {
    const whole = bytes(hex);
    for (let end = 0; end < whole.length; end++) {
      assertThrows(
        () => decode(whole.subarray(0, end)),
        EvalError,
        "Messagepack decode reached end of array prematurely",
      );
    }
  }
});

Deno.test("decode() throws an EvalError when bytes are left over", () => {
  for (const [, hex] of GOLDEN) {
    assertThrows(
      () => decode(bytes(hex + "00")),
      EvalError,
      "Messagepack decode did not consume whole array",
    );
  }
});

Deno.test("decode() does not trust a length when the bytes are few", () => {
  for (const hex of ["c6ffffffff", "dbffffffff", "ddffffffff", "dfffffffff"]) {
    assertThrows(() => decode(bytes(hex)), EvalError, "prematurely");
  }
});

Deno.test("decode() refuses extensions and the byte that is never used", () => {
  for (const hex of ["c70100", "c8000100", "c90000000100"]) {
    assertThrows(
      () => decode(bytes(hex)),
      Error,
      "Cannot decode a slice: Large extension type 'ext' not implemented yet",
    );
  }
  for (const hex of ["d40000", "d5", "d6", "d7ff00", "d8"]) {
    assertThrows(
      () => decode(bytes(hex)),
      Error,
      "Cannot decode a slice: 'fixext' not implemented yet",
    );
  }
  assertThrows(() => decode(bytes("c1")), Error, "encountered a type that is never used");
});

Deno.test("decode() refuses keys that are neither strings nor numbers", () => {
  for (const key of ["c0", "c3", "90", "80", "c400", "cf0000000000000001"]) {
    assertThrows(
      () => decode(bytes(`81${key}01`)),
      EvalError,
      "Cannot decode a key of a map: The type of key is invalid",
    );
  }
  assertEquals(decode(bytes("82010203c0")), { 1: 2, 3: null });
});

Deno.test("decode() gives bytes as views of the input", () => {
  const input = bytes("00c40201020000").subarray(1, 5);
  const view = decode(input) as Uint8Array;
  assertStrictEquals(view.buffer, input.buffer);
  assertEquals([view.byteOffset, view.length], [3, 2]);
});

Deno.test("decode() assigns the key __proto__ like any other, whatever that does", () => {
  const assigned: Record<string, unknown> = {};
  assigned["__proto__"] = { a: 1 };
  const decoded = decode(bytes("81a95f5f70726f746f5f5f81a16101")) as Record<string, unknown>;
  assertEquals(Object.keys(decoded), Object.keys(assigned));
  assertEquals(Object.getPrototypeOf(decoded), Object.getPrototypeOf(assigned));
});

Deno.test("decode() takes a byte order mark off and replaces invalid UTF-8", () => {
  assertEquals(decode(bytes("a4efbbbf78")), "x");
  assertEquals(decode(bytes("a378ff79")), "x\ufffdy");
  assertEquals(decode(bytes("a3eda080")), "\ufffd\ufffd\ufffd");
});

Deno.test("decode() gives 64-bit integers as bigints and 32-bit floats as numbers", () => {
  assertEquals(decode(bytes("cf0000000000000001")), 1n);
  assertEquals(decode(bytes("d3ffffffffffffffff")), -1n);
  assertEquals(decode(bytes("ca3fc00000")), 1.5);
});
