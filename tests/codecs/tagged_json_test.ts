// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { structured } from "../../src/codecs/structured.ts";
import { graphDifference } from "./_graph_difference.ts";

function roundTrip(value: unknown): { value: unknown; form: number } {
  const encoded = structured.encode(value);
  const [bytes, ...buffers] = encoded instanceof Uint8Array ? [encoded] : encoded;
  return { value: structured.decode(bytes!, buffers), form: bytes![0]! };
}

function decodeText(text: string): unknown {
  return structured.decode(new TextEncoder().encode(`\x03${text}`), []);
}

const TAGGED = 0x03;

Deno.test("structured writes small trees as tagged JSON, and gives them back equal", () => {
  const values = [
    [undefined],
    { a: NaN, b: -0, c: Infinity, d: -Infinity, e: 2n ** 64n - 1n, f: -(2n ** 63n) },
    new Date(1234),
    new Date(NaN),
    new Map<unknown, unknown>([[{ a: 1 }, new Set([new Date(0)])], [NaN, undefined]]),
    new Set([[], {}, null]),
    { $: undefined },
    { $: "NaN", a: { $: ["date", 0] }, 0: -0 },
    [{ $: 1 }, undefined],
    [JSON.parse('{"__proto__": {"a": 1}, "b": {"__proto__": [2]}}'), undefined],
    [JSON.parse('{"__proto__": {"$": 1}}'), undefined],
    Object.assign(Object.create(null), { b: 1, a: [undefined], 7: 3 }),
    { nested: { deeper: [{ at: new Date(5) }] }, text: "\ud800 \u2028 $" },
    new Float64Array([0.1, -0, NaN]),
    new BigInt64Array([-1n]),
    new Float16Array(3),
    new Uint8ClampedArray(0),
    { points: [new Float32Array(1024), new Float32Array(1024)] },
  ];
  for (const value of values) {
    assertEquals(roundTrip(value).form, TAGGED, Deno.inspect(value));
    assertEquals(graphDifference(value, roundTrip(value).value), undefined, Deno.inspect(value));
  }
});

Deno.test("structured leaves to V8 what tagged JSON would lose or what is large", () => {
  const shared = { a: undefined };
  const buffer = new ArrayBuffer(16);
  const values = [
    [shared, shared],
    [, undefined],
    /a/,
    [new Error("x")],
    [2n ** 64n],
    new Uint8Array(buffer, 1),
    [new Uint8Array(buffer), new Uint8Array(buffer)],
    new DataView(buffer),
    buffer,
    new Float64Array(513),
    Array.from({ length: 1001 }, () => new Date(0)),
    Object(1),
  ];
  for (const value of values) {
    const { value: back, form } = roundTrip(value);
    assertEquals(form === 0xff || form === 0x01, true, Deno.inspect(value));
    assertEquals(graphDifference(value, back), undefined, Deno.inspect(value));
  }
});

Deno.test("structured throws when tagged JSON stands for nothing", () => {
  for (
    const text of [
      "",
      "{",
      '{"$":1}',
      '{"$":null}',
      '{"$":{}}',
      '{"$":[]}',
      '{"$":["nothing"]}',
      '{"$":["toString"]}',
      '{"$":["__proto__", 1]}',
      '{"$":"infinity"}',
      '{"$":"12"}',
      '{"$":["Float64Array","AAAA"]}',
      '{"$":["Uint8Array","*"]}',
      '{"$":["Uint8Array"]}',
      '{"$":[["date"],0]}',
      "[".repeat(1_000_000),
    ]
  ) assertThrows(() => decodeText(text), Error, undefined, text.slice(0, 40));
});

Deno.test("structured never lets tagged JSON touch a prototype", () => {
  const forged = decodeText(
    '[{"__proto__":{"$":["null","polluted",1]}},{"$":["object","__proto__",{"polluted":1}]}]',
  ) as object[];
  for (const object of forged) {
    assertEquals(Object.getPrototypeOf(object), Object.prototype);
    assertEquals(Object.hasOwn(object, "__proto__"), true);
    assertEquals("polluted" in object, false);
  }
});
