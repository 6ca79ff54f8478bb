// Copyright 2026 the pecapiku authors. MIT license.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { registerType } from "../../src/codecs/register_type.ts";
import { structured } from "../../src/codecs/structured.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import { assertRefused, roundTrip } from "./_round_trip.ts";

class Point {
  constructor(readonly x: unknown, readonly y: unknown) {}
}
registerType(Point, {
  name: "test/Point",
  encode: ({ x, y }) => [x, y],
  decode: ([x, y]) => new Point(x, y),
});

class Tagged extends Map<unknown, unknown> {
  tag = "";
}
registerType(Tagged, {
  name: "test/Tagged",
  encode: (map) => ({ tag: map.tag, entries: [...map] }),
  decode: ({ tag, entries }) => Object.assign(new Tagged(entries), { tag }),
});

Deno.test("registerType() makes instances come back as instances, wherever they are", () => {
  const point = new Point(1, -0);
  assertEquals(roundTrip(structured, point), point);
  const value = {
    list: [point, , point],
    map: new Map([[point, { point }]]),
    ["__proto__"]: point,
  };
  const decoded = roundTrip(structured, value) as typeof value;
  assertEquals(decoded, value);
  assertInstanceOf(decoded.list[0], Point);
  assertStrictEquals(decoded.list[0], decoded.list[2]);
  assertStrictEquals([...decoded.map.keys()][0], decoded.list[0]);
  assert(Object.hasOwn(decoded, "__proto__"));
});

Deno.test("registerType() takes contents that have instances and share with the rest", () => {
  const shared = { shared: new Date(0) };
  const inner = new Point(shared, new URL("a:b"));
  const outer = new Point(inner, new Set([inner, shared]));
  const decoded = roundTrip(structured, [shared, outer, inner]) as [unknown, Point, Point];
  assertStrictEquals(decoded[1].x, decoded[2]);
  assertStrictEquals(decoded[2].x, decoded[0]);
  assertEquals([...decoded[1].y as Set<unknown>], [decoded[2], decoded[0]]);
  assertEquals(decoded, [shared, outer, inner]);
});

Deno.test("registerType() gives decode a content that is complete", () => {
  const seen: string[] = [];
  class Node {
    constructor(readonly content: unknown) {}
  }
  registerType(Node, {
    name: "test/Node",
    encode: ({ content }) => content,
    decode: (content) => {
      seen.push(Deno.inspect(content, { depth: 9, breakLength: Infinity, compact: true }));
      return new Node(content);
    },
  });
  const leaf = new Node(Object.assign(Object.create(null), { regexp: /a/g }));
  // Met from the root before, so that the contents only refer to it.
  const list: unknown[] = [leaf, new Map([[leaf, 1]]), new Set([leaf])];
  list.push(list);
  const value = { top: new Node({ list }), list, again: new Node([list]) };
  const decoded = roundTrip(structured, value) as typeof value;
  assertEquals(seen.length, 3);
  for (const text of seen.slice(1)) {
    assert(text.includes("Map(1) { Node") && text.includes("Set(1) { Node"), text);
  }
  assertStrictEquals((decoded.top.content as { list: unknown }).list, decoded.list);
  assertStrictEquals(decoded.list[3], decoded.list);
  assertStrictEquals([...(decoded.list[2] as Set<unknown>)][0], decoded.list[0]);
});

Deno.test("registerType() works with chains of contents that are instances themselves", () => {
  let chain: unknown = "end";
  for (let i = 0; i < 5000; i++) chain = new Point(i, chain);
  let depth = 0;
  for (let at = roundTrip(structured, chain); at instanceof Point; at = at.y) depth++;
  assertEquals(depth, 5000);
});

Deno.test("registerType() covers classes that extend built-in ones", () => {
  const value = Object.assign(new Tagged([[1, new Tagged()]]), { tag: "t" });
  const decoded = roundTrip(structured, { value }) as { value: Tagged };
  assertInstanceOf(decoded.value, Tagged);
  assertEquals(decoded.value.tag, "t");
  assertInstanceOf(decoded.value.get(1), Tagged);
});

Deno.test("registerType() is for exactly the class", () => {
  class Point3 extends Point {}
  assertRefused(structured, [new Point3(1, 2)], "an instance of Point3 at value[0]");
});

Deno.test("registerType() refuses a content that leads back to its instance", () => {
  class Loop {
    self: unknown;
  }
  registerType(Loop, {
    name: "test/Loop",
    encode: (loop) => loop.self,
    decode: (self) => Object.assign(new Loop(), { self }),
  });
  const words = "an instance whose content leads back to it";
  const loop = new Loop();
  loop.self = loop;
  assertRefused(structured, { loop }, `${words} at value.loop`);
  loop.self = [loop];
  assertRefused(structured, loop, words);
  const other = new Loop();
  other.self = { loop };
  loop.self = new Set([other]);
  assertRefused(structured, [loop], words);
  // Only through an object that is met before.
  const box: Record<string, unknown> = {};
  loop.self = box;
  box.y = { box };
  box.loop = loop;
  assertRefused(structured, box, words);
});

Deno.test("registerType() names the place of what a content can't hold", () => {
  assertRefused(structured, { p: new Point(1, () => {}) }, "a function at value.p.<encoded>[1]");
});

Deno.test("registerType() makes what encode throws the cause", () => {
  class Broken {}
  const cause = new RangeError("no");
  registerType(Broken, {
    name: "test/Broken",
    encode: () => {
      throw cause;
    },
    decode: () => new Broken(),
  });
  const error = assertThrows(() => encodeParts(structured, [new Broken()]), UncacheableValueError);
  assertEquals(error.cause, cause);
  assert(error.message.endsWith("test/Broken that can't be encoded at value[0]"));
});

Deno.test("registerType() replaces what had the same name", () => {
  const define = (version: number) => {
    const Cell = class Cell {
      version = version;
    };
    registerType(Cell, { name: "test/Cell", encode: () => null, decode: () => new Cell() });
    return Cell;
  };
  const First = define(1);
  const stored = encodeParts(structured, new First());
  const Second = define(2);
  const decoded = decodeParts(structured, stored) as { version: number };
  assertInstanceOf(decoded, Second);
  assertEquals(decoded.version, 2);
  assertRefused(structured, new First(), "an instance of Cell at value");
});

Deno.test("registerType() keeps reading the former name of a class", () => {
  class Renamed {}
  const functions = { encode: () => 1, decode: () => new Renamed() };
  registerType(Renamed, { name: "test/old", ...functions });
  const stored = encodeParts(structured, new Renamed());
  registerType(Renamed, { name: "test/new", ...functions });
  assertInstanceOf(decodeParts(structured, stored), Renamed);
  assert(new TextDecoder().decode(encodeParts(structured, new Renamed())[0]).includes("test/new"));
});

Deno.test("decoding throws when a name is not registered, or decode gives something else", () => {
  class Gone {}
  const registration = { name: "test/Gone", encode: () => 1, decode: (): Gone => new Gone() };
  registerType(Gone, registration);
  const parts = encodeParts(structured, new Gone());
  const text = new TextDecoder("latin1").decode(parts[0]).replace("test/Gone", "test/None");
  const renamed = Uint8Array.from(text, (unit) => unit.charCodeAt(0));
  assertThrows(() => decodeParts(structured, [renamed]), TypeError, "test/None");
  registration.decode = () => new Point(1, 2);
  registerType(Gone, registration);
  assertThrows(() => decodeParts(structured, parts), TypeError, "no instance of the class");
});

Deno.test("registerType() refuses what is no class, or can be cached anyway", () => {
  const registration = { name: "test/x", encode: () => 1, decode: () => ({}) };
  const classes = [undefined, null, {}, "Point", () => {}, Math.max, Object.create(Point)];
  for (const Class of classes) {
    assertThrows(() => registerType(Class as typeof Point, registration as never), TypeError);
  }
  for (const Class of [Object, Map, Date, Array, Error, Uint8Array, URL, Temporal.Duration]) {
    assertThrows(
      () => registerType(Class as unknown as typeof Point, registration as never),
      TypeError,
      "it can be cached anyway",
    );
  }
});

Deno.test("registerType() refuses a registration that is incomplete", () => {
  const registration = { name: "test/x", encode: () => 1, decode: () => new Point(1, 2) };
  const wrong: [unknown, string][] = [
    [undefined, "no registration"],
    [{ ...registration, name: "" }, '""'],
    [{ ...registration, name: 5 }, "5"],
    [{ ...registration, name: "URL" }, "built-in type"],
    [{ ...registration, name: "Temporal.Instant" }, "built-in type"],
    [{ ...registration, encode: undefined }, "must be functions"],
    [{ ...registration, decode: {} }, "must be functions"],
  ];
  for (const [given, words] of wrong) {
    assertThrows(() => registerType(Point, given as typeof registration), TypeError, words);
  }
});
