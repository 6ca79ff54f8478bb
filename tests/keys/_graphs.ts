// Copyright 2026 the pecapiku authors. MIT license.

import fc from "fast-check";

/** What stands in a place: a primitive value, or the number of a node. */
export type Slot = { readonly leaf: unknown } | { readonly node: number };

/** An object of a graph, as a plan from which equal graphs can be built again and again. */
export interface Node {
  readonly kind: string;
  readonly fields: readonly (readonly [string | symbol, Slot])[];
  readonly items: readonly (Slot | undefined)[];
  readonly numbers: readonly number[];
}

class Alpha {}
class Beta extends Alpha {}
class Gamma extends Map<unknown, unknown> {}

const TYPED = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Float16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];
const FLAGS = ["", "g", "i", "dy"];

const CONTAINERS = ["object", "null", "array", "map", "set", "alpha", "beta", "gamma", "error"];
const LEAVES = [
  "date",
  "regexp",
  "typed",
  "bigints",
  "view",
  "buffer",
  "boxed",
  "url",
  "params",
  "headers",
];
const TIMES = ["date of Temporal", "duration", "instant", "zoned"];

// Few different values, so that equal ones are common.
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    -0,
    1,
    NaN,
    "",
    "0",
    "1",
    0n,
    1n,
    true,
    false,
    null,
    undefined,
    "\ud800",
    Symbol.iterator,
  ),
  fc.constantFrom<unknown>(
    Symbol.for("a"),
    "€",
    "é",
    2 ** 32,
    2 ** 31,
    -1,
    1.5,
    10n ** 30n,
    -1n,
    "undefined",
  ),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
);
const slot: fc.Arbitrary<Slot> = fc.oneof(
  { weight: 2, arbitrary: leaf.map((value) => ({ leaf: value })) },
  { weight: 3, arbitrary: fc.nat(7).map((node) => ({ node })) },
);
const name = fc.oneof(
  fc.constantFrom<string | symbol>("a", "b", "0", "10", "9", "__proto__", "message", "€"),
  fc.constantFrom<string | symbol>(Symbol.for("a"), Symbol.for("b"), Symbol.unscopables),
);
const node: fc.Arbitrary<Node> = fc.record({
  kind: fc.constantFrom(...CONTAINERS, ...CONTAINERS, ...LEAVES, ...TIMES),
  fields: fc.uniqueArray(fc.tuple(name, slot), { selector: ([key]) => key, maxLength: 4 }),
  items: fc.array(fc.option(slot, { nil: undefined, freq: 6 }), { maxLength: 4 }),
  numbers: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
});

/** Plans of graphs with shared objects and cycles; the first node is the value. */
export const graphs: fc.Arbitrary<readonly Node[]> = fc.array(node, { minLength: 1, maxLength: 6 });

/**
 * Builds a value.
 *
 * @param nodes The plan.
 * @param reversed Whether properties are added in reverse order.
 * @returns The value, made of objects of its own.
 */
export function build(nodes: readonly Node[], reversed = false): unknown {
  const objects = nodes.map(create);
  const read = (slot: Slot): unknown =>
    "leaf" in slot ? slot.leaf : objects[slot.node % nodes.length];
  nodes.forEach(({ kind, fields, items }, i) => {
    const object = objects[i] as never;
    items.forEach((item, position) => {
      if (kind === "array" && item !== undefined) (object as unknown[])[position] = read(item);
      if (kind === "set" && item !== undefined) (object as Set<unknown>).add(read(item));
      if ((kind === "map" || kind === "gamma") && item !== undefined) {
        (object as Map<unknown, unknown>).set(read(item), read(items[0] ?? item));
      }
    });
    if (!CONTAINERS.includes(kind) || kind === "array" || kind === "set") return;
    for (const [key, value] of reversed ? fields.toReversed() : fields) {
      Object.defineProperty(object, key, {
        value: read(value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  });
  return objects[0];
}

function create({ kind, items, numbers }: Node): object {
  const [first = 0, second = 0] = numbers;
  switch (kind) {
    case "object":
      return {};
    case "null":
      return Object.create(null);
    case "array":
      return new Array(items.length);
    case "map":
      return new Map();
    case "gamma":
      return new Gamma();
    case "set":
      return new Set();
    case "alpha":
      return new Alpha();
    case "beta":
      return new Beta();
    case "error":
      return [new Error(), new TypeError("a"), new RangeError("a"), new Error("b")][first]!;
    case "date":
      return new Date(first === 3 ? NaN : first);
    case "regexp":
      return Object.assign(new RegExp("ab".slice(second % 2), FLAGS[first]), { lastIndex: second });
    case "typed":
      return new TYPED[(first * 4 + second) % TYPED.length]!(numbers);
    case "bigints":
      return new (first > 1 ? BigInt64Array : BigUint64Array)(second);
    case "view":
      return new DataView(new Uint8Array(numbers).buffer);
    case "buffer":
      return new Uint8Array(numbers).buffer;
    case "boxed":
      return Object([1, "1", 1n, true][first]);
    case "url":
      return new URL(`https://a.example/?${first}`);
    case "params":
      return new URLSearchParams(numbers.map((value) => ["a", `${value}`]));
    case "headers":
      return new Headers(numbers.map((value, i) => [`a${i}`, `${value}`]));
    case "date of Temporal":
      return new Temporal.PlainDate(2024, 1 + first, 1 + second);
    case "duration":
      return new Temporal.Duration(first, second);
    case "instant":
      return new Temporal.Instant(BigInt(first));
    case "zoned":
      return new Temporal.ZonedDateTime(
        BigInt(second),
        ["UTC", "+00:00", "Europe/Rome", "Asia/Tokyo"][first]!,
      );
    default:
      throw new TypeError(`Cannot build: ${kind}`);
  }
}

/**
 * Describes a built value, so that two values are equal if, and only if, their descriptions are. It knows nothing of how keys are
 * made.
 *
 * @param root The value.
 * @returns Its description.
 */
export function describe(root: unknown): string {
  const known = new Map<object, number>();
  const text = (value: unknown): string => {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value === "symbol") {
      return `<${Symbol.keyFor(value) === undefined ? "" : "for "}${String(value)}>`;
    }
    if (typeof value !== "object" || value === null) {
      return Object.is(value, -0) ? "-0" : `${value}`;
    }
    const number = known.get(value);
    if (number !== undefined) return `#${number}`;
    known.set(value, known.size);
    const prototype = Object.getPrototypeOf(value);
    const kind = prototype === null ? "null" : prototype.constructor.name;
    return `${kind}(${content(value)})`;
  };
  const properties = (value: object): string =>
    Reflect.ownKeys(value)
      .filter((key) =>
        key !== "stack" &&
        (typeof key === "string" || Symbol.keyFor(key) !== undefined || key === Symbol.unscopables)
      )
      .map((key): [string, string | symbol] => [
        typeof key === "string"
          ? `0${key}`
          : key === Symbol.unscopables
          ? "1"
          : `2${Symbol.keyFor(key)}`,
        key,
      ])
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([label, key]) => {
        const visible = Object.prototype.propertyIsEnumerable.call(value, key) ? "" : "hidden ";
        return `${visible}${JSON.stringify(label)}:${text(Reflect.get(value, key))}`;
      }).join();
  const content = (value: object): string => {
    if (value instanceof Map) {
      return `${[...value].map(([key, item]) => `${text(key)}=>${text(item)}`).join()};${
        properties(value)
      }`;
    }
    if (value instanceof Set) return [...value].map(text).join();
    if (Array.isArray(value)) {
      return Array.from({ length: value.length }, (_, i) => i in value ? text(value[i]) : "hole")
        .join();
    }
    if (value instanceof Date) return `${value.getTime()}`;
    if (value instanceof RegExp) return `${value}${value.lastIndex}`;
    if (value instanceof ArrayBuffer) return new Uint8Array(value).join();
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer).join();
    if (value instanceof URLSearchParams) return JSON.stringify([...value]);
    if (value instanceof Headers) return JSON.stringify([...value]);
    if (value instanceof URL) {
      known.set(value.searchParams, known.size);
      return value.href;
    }
    if (value instanceof Temporal.Duration || value instanceof Temporal.PlainDate) {
      return `${value}`;
    }
    if (value instanceof Temporal.Instant) return `${value.epochNanoseconds}`;
    if (value instanceof Temporal.ZonedDateTime) {
      return `${value.epochNanoseconds} ${value.timeZoneId}`;
    }
    if (
      value instanceof Boolean || value instanceof Number || value instanceof BigInt ||
      value instanceof String
    ) {
      return text(value.valueOf());
    }
    return properties(value);
  };
  return text(root);
}
