// Copyright 2026 the pecapiku authors. MIT license.

import fc from "fast-check";

const VIEWS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;
const ERRORS = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
] as const;

/** Any text: with lone surrogates, quotes, controls, and the names that are dangerous as keys. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom("\ud800", "\udc00", "\ufeff", "é", "\u2028", '"', "\\", "\0", "a"))
    .map((units) => units.join("")),
  fc.constantFrom("__proto__", "constructor", "toJSON", "length", "0", "-1", "4294967295", ""),
);

/** Anything that is no object. */
export const primitive: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(null, undefined, true, false, -0, NaN, Infinity, -Infinity, 2 ** 53, 5e-324),
);

/** The random choices of one value. */
interface Dice {
  int(below: number): number;
  text(): string;
  primitive(): unknown;
}

/** Values of every kind that can be cloned, with shared objects and cycles. */
export const graph: fc.Arbitrary<unknown> = fc.record({
  choices: fc.array(fc.nat(), { minLength: 1, maxLength: 60 }),
  texts: fc.array(text, { minLength: 1, maxLength: 6 }),
  primitives: fc.array(primitive, { minLength: 1, maxLength: 8 }),
}).map(({ choices, texts, primitives }) => {
  let turn = 0;
  const next = (): number => choices[turn++ % choices.length]! + turn * 7;
  const dice: Dice = {
    int: (below) => next() % below,
    text: () => texts[next() % texts.length]!,
    primitive: () => primitives[next() % primitives.length],
  };
  return grow(dice, choices.length);
});

/** Makes some objects, and then puts them into each other at random. */
function grow(dice: Dice, size: number): unknown {
  const objects: object[] = [];
  for (let i = 0; i < size; i++) objects.push(makeObject(dice, objects));
  const pick = (): unknown =>
    dice.int(3) === 0 ? dice.primitive() : objects[dice.int(objects.length)];
  for (const object of objects) fill(object, dice, pick);
  return objects[0];
}

function makeObject(dice: Dice, objects: readonly object[]): object {
  switch (dice.int(17)) {
    case 0:
    case 1:
      return {};
    case 2:
    case 3:
      return [];
    case 4:
      return new Map();
    case 5:
      return new Set();
    case 6:
      return Object.create(null);
    case 7:
      return new Date(dice.int(5) === 0 ? NaN : dice.int(1e9) * 1000);
    case 8: {
      const expression = new RegExp(["a", "(?<x>é)", "\\/", "[^]"][dice.int(4)]!, flags(dice));
      if (dice.int(2) === 0) expression.lastIndex = dice.int(9);
      return expression;
    }
    case 9:
      return Object([dice.text(), dice.int(9), -0, NaN, true, 10n][dice.int(6)]);
    case 10: {
      const error = new ERRORS[dice.int(ERRORS.length)]!(
        ...(dice.int(3) === 0 ? [] : [dice.text()]),
      );
      if (dice.int(3) === 0) error.stack = dice.text();
      return error;
    }
    case 11:
      return new AggregateError([], dice.text());
    case 12:
      return dice.int(3) === 0
        ? new ArrayBuffer(dice.int(9), { maxByteLength: 20 })
        : Uint8Array.from({ length: dice.int(90) }, (_, i) => i * 7).buffer;
    case 13:
    case 14:
      return makeView(dice, objects);
    case 15:
      return makePlatform(dice);
    default:
      return new Array(dice.int(7));
  }
}

function flags(dice: Dice): string {
  return ["", "g", "giy", "u", "v", "dms"][dice.int(6)]!;
}

function makeView(dice: Dice, objects: readonly object[]): object {
  const buffers = objects.filter((object) => object instanceof ArrayBuffer);
  const buffer = buffers.length > 0 ? buffers[dice.int(buffers.length)]! : new ArrayBuffer(70_000);
  const View = VIEWS[dice.int(VIEWS.length)]!;
  const offset = View.BYTES_PER_ELEMENT * dice.int(3);
  if (offset > buffer.byteLength) return new DataView(buffer);
  if (buffer.resizable && dice.int(2) === 0) return new Uint8Array(buffer, offset);
  const room = Math.floor((buffer.byteLength - offset) / View.BYTES_PER_ELEMENT);
  return new View(buffer, offset, dice.int(room + 1));
}

function makePlatform(dice: Dice): object {
  switch (dice.int(9)) {
    case 0:
      return new URL(`https://example.com/${encodeURIComponent(dice.text().toWellFormed())}?a=1&b`);
    case 1:
      return new URLSearchParams([["?a", dice.text()], ["", "x"], ["?a", "é&="]]);
    case 2:
      return new Headers([["b", "1"], ["A", "2, 3"], ["set-cookie", "x"], ["set-cookie", "y"]]);
    case 3:
      return new DOMException(dice.text().toWellFormed(), "AbortError");
    case 4:
      return Temporal.Instant.fromEpochMilliseconds(dice.int(1e9));
    case 5:
      return new Temporal.ZonedDateTime(-(10n ** 19n), "Europe/Amsterdam", "hebrew");
    case 6:
      return new Temporal.PlainMonthDay(2, 28, "iso8601", 1970);
    case 7:
      return new Temporal.Duration(1, 0, 0, 0, 0, 0, dice.int(900), 5000);
    default:
      return new Temporal.PlainYearMonth(-5, 3, "gregory", 17);
  }
}

function fill(object: object, dice: Dice, pick: () => unknown): void {
  const count = dice.int(4);
  if (object instanceof Map) {
    for (let i = 0; i < count; i++) object.set(pick(), pick());
  } else if (object instanceof Set) {
    for (let i = 0; i < count; i++) object.add(pick());
  } else if (Array.isArray(object)) {
    for (let i = 0; i < count; i++) object[object.length + dice.int(2)] = pick();
    if (dice.int(6) === 0) define(object, `x${dice.text()}`, pick(), true);
  } else if (object instanceof AggregateError) {
    for (let i = 0; i < count; i++) object.errors.push(pick());
  } else if (object instanceof Error && !(object instanceof DOMException)) {
    if (count > 1) define(object, "cause", pick(), false);
  } else if (isPlain(object)) {
    for (let i = 0; i < count; i++) define(object, dice.text(), pick(), true);
  }
}

function isPlain(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  return prototype === null || prototype === Object.prototype;
}

function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
}
