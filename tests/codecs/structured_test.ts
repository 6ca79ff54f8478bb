// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import { assertRoundTrip, roundTrip, storedParts } from "./_round_trip.ts";
import { graph, primitive, text } from "./_values.ts";

const JSON_FORM = (first: number | undefined) => first! >= 0x20 && first! < 0x7f;

function firstByte(value: unknown): number | undefined {
  return encodeParts(structured, value)[0][0];
}

Deno.test("structured gives back any graph of what can be cloned", () => {
  fc.assert(fc.property(graph, (value) => assertRoundTrip(structured, value)), { numRuns: 1000 });
});

Deno.test("structured gives back any primitive", () => {
  fc.assert(fc.property(primitive, (value) => assertRoundTrip(structured, value)));
});

Deno.test("structured gives back any tree of JSON, as JSON", () => {
  const tree = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0 || 0),
      fc.constantFrom(null, true, false),
      fc.array(tie("tree")),
      fc.array(fc.tuple(text, tie("tree"))).map((entries) => Object.fromEntries(entries)),
    ),
  })).tree;
  fc.assert(fc.property(tree, (value) => {
    // fast-check may use one object in two places.
    const own: unknown = JSON.parse(JSON.stringify(value));
    assertRoundTrip(structured, own);
    assert(JSON_FORM(firstByte(own)));
  }));
});

Deno.test("structured writes what needs no more as JSON that anybody can read", () => {
  const value = { id: 1, "é": ["a", null, { b: [] }], ["__proto__"]: {} };
  const [bytes] = encodeParts(structured, value);
  assertEquals(new TextDecoder().decode(bytes), JSON.stringify(value));
});

Deno.test("structured keeps own keys named __proto__ in every form", () => {
  for (const more of [{}, { when: new Date(0) }, { url: new URL("a:b") }]) {
    const value = JSON.parse('{"b":1,"__proto__":{"x":2},"2":3,"1":4}');
    const decoded = roundTrip(structured, Object.assign(value, more)) as Record<string, unknown>;
    assertEquals(Object.keys(decoded).slice(0, 4), ["1", "2", "b", "__proto__"]);
    assertEquals(Object.getPrototypeOf(decoded), Object.prototype);
    assertEquals(decoded.x, undefined);
    assertRoundTrip(structured, value);
  }
});

Deno.test("structured does not trust JSON when a program added toJSON", () => {
  const value = { a: [1] };
  for (const prototype of [Object.prototype, Array.prototype]) {
    Object.defineProperty(prototype, "toJSON", { value: () => "patched", configurable: true });
    try {
      assertRoundTrip(structured, value);
    } finally {
      delete (prototype as { toJSON?: unknown }).toJSON;
    }
  }
  assertRoundTrip(structured, { toJSON: 1, a: { toJSON: null } });
});

Deno.test("structured keeps views, offsets and sharing of large buffers, which it leaves out", () => {
  const buffer = new ArrayBuffer(100_000);
  const floats = new Float64Array(buffer, 8, 100).fill(1.5);
  const value = {
    floats,
    again: floats,
    bytes: new Uint8Array(buffer),
    view: new DataView(buffer, 3, 7),
    buffer,
    other: new Uint16Array(65_536),
    small: new Uint8Array(65_535),
  };
  const parts = encodeParts(structured, value);
  assertEquals(parts.slice(1).map((part) => part.length), [100_000, 131_072]);
  assert(parts[1]!.buffer === buffer, "a large buffer was copied");
  assertRoundTrip(structured, value);
  const stored = storedParts(parts);
  const decoded = decodeParts(structured, stored) as typeof value;
  assert(decoded.buffer === stored[1]!.buffer, "a large buffer was copied");
});

Deno.test("structured takes a large buffer that is a part of a longer one", () => {
  const parts = encodeParts(structured, new Uint8Array(70_000).fill(7));
  const memory = new Uint8Array(80_000);
  memory.set(parts[1]!, 100);
  const decoded = decodeParts(structured, [parts[0], memory.subarray(100, 70_100)]);
  memory.fill(0);
  assertEquals(decoded, new Uint8Array(70_000).fill(7));
});

Deno.test("structured keeps resizable buffers and the views that follow their length", () => {
  const buffer = new ArrayBuffer(70_000, { maxByteLength: 80_000 });
  const value = [new Uint8Array(buffer), new Uint8Array(buffer, 0, 70_000), buffer] as const;
  assertRoundTrip(structured, value);
  const [following, fixed, decoded] = roundTrip(structured, value) as typeof value;
  decoded.resize(75_000);
  assertEquals([following.length, fixed.length], [75_000, 70_000]);
});

Deno.test("structured keeps arrays with holes and properties of their own", () => {
  assertRoundTrip(structured, [1, , 3, ,]);
  assertRoundTrip(structured, Object.assign([1], { x: 1, ["__proto__"]: 2 }));
  assertRoundTrip(structured, /(?<a>b)(c)?/.exec("ab")!.slice());
  const sparse: unknown[] = [];
  sparse[4_000_000_000] = { a: 1 };
  assertRoundTrip(structured, sparse);
  assertRoundTrip(structured, [[sparse], new URL("a:b")]);
  const columns = Object.assign(Array.from({ length: 1000 }, (_, i) => i), { columns: ["a"] });
  assertRoundTrip(structured, columns);
  const hole = Array.from({ length: 1000 }, (_, i) => i);
  delete hole[500];
  assertRoundTrip(structured, hole);
  assertRoundTrip(structured, /b/.exec("abc"));
});

Deno.test("structured keeps errors: class, message, stack, cause and errors", () => {
  const cause = { code: 7 };
  const error = new RangeError("m", { cause });
  assertRoundTrip(structured, [error, cause]);
  assertRoundTrip(structured, new AggregateError([error, new URL("a:b"), cause], "n", { cause }));
  assertRoundTrip(structured, new Error(undefined, { cause: undefined }));
  const own = new TypeError("self");
  Object.defineProperty(own, "cause", { value: [own], writable: true, configurable: true });
  assertRoundTrip(structured, own);
  const withUrl = new SyntaxError("m", { cause: new URL("a:b") });
  assertRoundTrip(structured, { withUrl, again: withUrl });
  const withNull = new Error("m", { cause: Object.create(null) });
  assertRoundTrip(structured, withNull);
});

Deno.test("structured keeps the platform's own types, wherever they are", () => {
  const url = new URL("https://user:p@example.com:8080/a b?x=1&x=%20#h");
  const values = [
    url,
    new URLSearchParams("a=1&b=%26&=&a=2"),
    new Headers([["X", "1"], ["set-cookie", "a"], ["set-cookie", "b"]]),
    new DOMException("m", "AbortError"),
    Temporal.Instant.from("2020-01-01T00:00:00.123456789Z"),
    Temporal.PlainDate.from("2020-02-29[u-ca=hebrew]"),
    Temporal.PlainTime.from("12:34:56.000000007"),
    Temporal.PlainDateTime.from("-271821-04-20T12:00"),
    Temporal.PlainYearMonth.from("+012345-06"),
    new Temporal.PlainMonthDay(2, 28, "iso8601", 1970),
    new Temporal.ZonedDateTime(-(3n * 10n ** 18n), "Africa/Monrovia", "gregory"),
    Temporal.ZonedDateTime.from("2020-11-01T01:30:00-05:00[America/New_York]"),
    Temporal.Duration.from({ hours: 1e10, milliseconds: -0 }),
  ];
  for (const value of values) {
    assertRoundTrip(structured, value);
    assertRoundTrip(structured, { a: [value, value], b: value });
    assertRoundTrip(structured, new Map<unknown, unknown>([[1, 2], [value, value], [3, [value]]]));
    assertRoundTrip(structured, new Set<unknown>([{}, value, [value]]));
    assertRoundTrip(structured, Object.assign(Object.create(null), { ["__proto__"]: value }));
    assertRoundTrip(structured, Object.assign([, value], { x: value }));
  }
  assertRoundTrip(structured, values);
});

Deno.test("structured keeps cycles beside instances", () => {
  const url = new URL("a:b");
  const map = new Map<unknown, unknown>();
  const value: Record<string, unknown> = { map, url, set: new Set<unknown>([map]) };
  map.set(value, map).set(url, value).set("list", [value, url]);
  assertRoundTrip(structured, value);
});

Deno.test("structured keeps the parameters of a URL tied to it", () => {
  const url = new URL("https://example.com/?a=1");
  for (const value of [{ url, params: url.searchParams }, { params: url.searchParams, url }]) {
    assertRoundTrip(structured, value);
    const decoded = roundTrip(structured, value) as typeof value;
    decoded.params.append("b", "2");
    assertEquals(decoded.url.href, "https://example.com/?a=1&b=2");
  }
});

Deno.test("structured gives a fresh value at each decoding", () => {
  const value = { list: [1], when: new Date(0), bytes: new Uint8Array(8), url: new URL("a:b") };
  const parts = encodeParts(structured, value);
  const first = decodeParts(structured, parts) as typeof value;
  first.list.push(2);
  first.when.setTime(5);
  first.bytes[0] = 1;
  first.url.pathname = "x";
  assertEquals(decodeParts(structured, parts), value);
});

Deno.test("structured gives back JSON-like values of 100,000 levels", () => {
  let value: unknown = 1;
  for (let i = 0; i < 100_000; i++) value = i % 2 === 0 ? [value] : { value };
  assertRoundTrip(structured, value);
});

Deno.test("structured refuses other values of too many levels, and says where", () => {
  const nest: ((value: unknown) => unknown)[] = [
    (value) => [value],
    (value) => ({ value }),
    (value) => new Map([[value, 1]]),
    (value) => new Set([value]),
    (value) => new Error("", { cause: value }),
    (value) => Object.assign(Object.create(null), { value }),
    (value) => [, value],
  ];
  for (const wrap of nest) {
    let value: unknown = new Date(0);
    for (let i = 0; i < 499; i++) value = wrap(value);
    assertRoundTrip(structured, value);
    for (let i = 0; i < 20_000; i++) value = wrap(value);
    const error = assertThrows(() => encodeParts(structured, value), UncacheableValueError);
    assert(error.message.startsWith("Cannot store value: more than 500 levels at value"));
    assert(error.message.length < 1000);
  }
});

Deno.test("structured bounds the levels also where an instance's content hides them", () => {
  const url = new URL("a:b");
  let value: unknown = [url];
  for (let i = 0; i < 600; i++) value = [value];
  assertThrows(() => encodeParts(structured, value), UncacheableValueError, "more than 500 levels");
});

Deno.test("structured decodes what others wrote without touching a prototype", () => {
  const json = new TextEncoder().encode(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{}}}',
  );
  const decoded = structured.decode(json, []) as object;
  assertEquals(Object.getPrototypeOf(decoded), Object.prototype);
  assertEquals(({} as { polluted?: unknown }).polluted, undefined);
});

Deno.test("structured throws when the bytes are none of its forms", () => {
  const inputs = ["", "{", "\x02nothing", "\x02" + "9".repeat(30) + "n", "\x03", "\x01[1]", "\x01"];
  for (const input of inputs) {
    assertThrows(() => structured.decode(new TextEncoder().encode(input), []), Error);
  }
  assertThrows(() => structured.decode(Uint8Array.of(0xff), []), Error);
  assertThrows(() => structured.decode(Uint8Array.of(0xff, 0x63, 0x30), []), Error);
  // A buffer that should be in a part of its own.
  assertThrows(() => structured.decode(Uint8Array.of(0xff, 0x0f, 0x74, 0x00), []), Error);
});

Deno.test("structured returns or throws, whatever byte is changed", () => {
  const samples: unknown[] = [
    { a: [1, "é", null], b: { c: true } },
    [
      new Map<unknown, unknown>([[{}, new Set([1])]]),
      new Date(0),
      /a/g,
      10n ** 30n,
      new Error("e"),
    ],
    { n: Object.create(null), u: new URL("a:b"), s: new Set([new URL("c:d")]), r: /x/ },
    [new AggregateError([new Temporal.Duration(1)], "m"), new Float64Array(3)],
    [new Uint8Array(65_536), , "x".repeat(300)],
    -5n,
  ];
  for (const sample of samples) {
    const parts = encodeParts(structured, sample);
    const bytes = parts[0];
    for (let i = 0; i < bytes.length; i++) {
      for (const change of [0x01, 0x04, 0x20, 0x80, 0xff]) {
        const damaged = bytes.slice();
        damaged[i]! ^= change;
        tryToDecode(damaged, parts.slice(1));
      }
      tryToDecode(bytes.slice(0, i), parts.slice(1));
    }
  }
  assertEquals(Object.keys(Object.prototype), []);
});

Deno.test("structured returns or throws, whatever the bytes are", () => {
  const bytes = fc.tuple(
    fc.constantFrom([], [0x01, 0xff, 0x0f], [0xff, 0x0f], [0xff, 0x0f, 0x41], [0x02]),
    fc.uint8Array({ maxLength: 60 }),
  ).map(([start, rest]) => Uint8Array.of(...start, ...rest));
  fc.assert(fc.property(bytes, (input) => tryToDecode(input, [])), { numRuns: 2000 });
});

function tryToDecode(bytes: Uint8Array, buffers: readonly Uint8Array[]): void {
  try {
    structured.decode(bytes, buffers);
  } catch (error) {
    assertInstanceOf(error, Error);
  }
}
