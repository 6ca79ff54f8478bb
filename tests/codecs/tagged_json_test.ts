// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals, assertThrows } from "@std/assert";
import { structured } from "../../src/codecs/structured.ts";
import type { Parts } from "../../src/stores/store.ts";
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

Deno.test("structured writes trees with large typed arrays as tagged JSON, and their buffers apart", () => {
  const [floats, bytes] = [new Float64Array(8_192).fill(0.5), new Uint8Array(70_000).fill(7)];
  const cases: [value: unknown, apart: readonly ArrayBufferView[]][] = [
    [floats, [floats]],
    [{ name: "layer", weights: floats, bias: new Float32Array(3) }, [floats]],
    [new Map<unknown, unknown>([["a", [bytes, undefined]], [floats, new Date(0)]]), [
      bytes,
      floats,
    ]],
    [new BigUint64Array(8_192), [new BigUint64Array(8_192)]],
    [new Float16Array(40_000).fill(-0), [new Float16Array(40_000).fill(-0)]],
    [{ $: bytes }, [bytes]],
  ];
  for (const [value, apart] of cases) {
    const [text, ...buffers] = structured.encode(value) as Parts;
    assertEquals(text![0], TAGGED);
    assertEquals(buffers.map((each) => each.byteLength), apart.map((each) => each.byteLength));
    const copies = buffers.map((each) => each.slice());
    const decoded = structured.decode(text!, copies);
    assertEquals(graphDifference(value, decoded), undefined);
    // Views of more than their own content are copied, and others are taken over.
    const views = buffers.map((each) => {
      const longer = new Uint8Array(each.byteLength + 8);
      longer.set(each, 8);
      return longer.subarray(8);
    });
    assertEquals(graphDifference(value, structured.decode(text!, views)), undefined);
  }
  const [text, content] = structured.encode(bytes) as Parts;
  assertEquals(content!.buffer, bytes.buffer, "not copied");
  assertEquals(
    (structured.decode(text, [content!]) as Uint8Array).buffer,
    bytes.buffer,
    "not copied",
  );
});

Deno.test("structured leaves large buffers to V8 where more than one view shows them, or not all of them", () => {
  const buffer = new ArrayBuffer(65_536);
  const values = [
    [new Uint8Array(buffer), new Int8Array(buffer)],
    [buffer, new Uint8Array(buffer)],
    new Uint8Array(buffer, 8),
    new Uint8Array(buffer, 0, 65_528),
    new DataView(buffer),
    buffer,
    new Uint8Array(new ArrayBuffer(65_536, { maxByteLength: 65_544 }), 0, 65_536),
    [new Uint8Array(buffer), /x/],
  ];
  for (const value of values) {
    const [bytes, ...buffers] = structured.encode(value) as Parts;
    const shown = Deno.inspect(value).slice(0, 80);
    assertEquals(bytes![0] === 0xff || bytes![0] === 0x01, true, shown);
    const back = structured.decode(bytes!, buffers.map((each) => each.slice()));
    assertEquals(graphDifference(value, back), undefined, shown);
  }
});

Deno.test("structured throws when tagged JSON names a buffer that is not there, or takes one twice", () => {
  const decode = (text: string, ...buffers: Uint8Array[]) =>
    structured.decode(new TextEncoder().encode(`\x03${text}`), buffers);
  const part = new Uint8Array(24);
  assertEquals(decode('{"$":["Float64Array",0]}', part), new Float64Array(3));
  for (const number of ["0", "1", "-1", "0.5", "1e300", '"length"', "null", "true", "[0]", "{}"]) {
    assertThrows(() => decode(`{"$":["Float64Array",${number}]}`), Error, undefined, number);
  }
  for (const number of ["1", "-1", "0.5"]) {
    assertThrows(() => decode(`{"$":["Float64Array",${number}]}`, part), SyntaxError, number);
  }
  const twice = '[{"$":["Uint8Array",0]},{"$":["Uint8Array",0]}]';
  assertThrows(() => decode(twice, part), SyntaxError, "kept apart");
  assertThrows(() => decode('{"$":["Float64Array",0]}', new Uint8Array(23)), RangeError);
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
