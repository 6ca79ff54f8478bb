// Copyright 2026 the pecapiku authors. MIT license.

import { isJsonLeaf } from "./_json_tree.ts";
import { typedArrayNamed, typedArrayOf } from "./_kinds.ts";
import { byteLengthOf, isResizable } from "./_objects.ts";
import type { Survey } from "./_survey.ts";
import type { SurveyNode } from "./_survey_node.ts";

const { create, defineProperty, is, keys, prototype: objectPrototype } = Object;
const { isArray } = Array;
const { call } = Function.prototype;
const byteLengthOfView = call.bind(
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "byteLength")!.get!,
) as (view: object) => number;
const getTime = call.bind(Date.prototype.getTime) as (date: object) => number;

/** The one name of the objects that stand for what JSON does not have. */
const TAG = "$";

/** From how many objects, or how many levels, on a value is left to V8: there, what V8 costs hardly counts. */
const MAX_OBJECTS = 1000;
const MAX_DEPTH = 100;

/** The longest buffer, in bytes, that is written as text. */
const LONGEST_VIEW = 4096;

/** Of longer integers, the decimal digits take too long to read. */
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;
const INTEGER = /^-?\d{1,20}n$/;

// What JSON does not have but that is short to write.
const CONSTANTS: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
];

/**
 * Writes one of the values that JSON does not have but that are short to write.
 *
 * @param value Anything but an object.
 * @returns The text; `undefined` for any other value.
 */
export function literalOf(value: unknown): string | undefined {
  if (typeof value === "bigint") {
    return value >= MIN_INTEGER && value <= MAX_INTEGER ? `${value}n` : undefined;
  }
  return CONSTANTS.find(([, constant]) => is(constant, value))?.[0];
}

/**
 * Reads what {@linkcode literalOf} wrote.
 *
 * @param text The text.
 * @returns The value.
 * @throws {SyntaxError} If it is none.
 */
export function readLiteral(text: string): unknown {
  const constant = CONSTANTS.find(([name]) => name === text);
  if (constant !== undefined) return constant[1];
  if (INTEGER.test(text)) return BigInt(text.slice(0, -1));
  throw new SyntaxError(`Cannot decode value: not a literal: ${text.slice(0, 100)}`);
}

/**
 * Makes a value for JSON that stands for a small one that JSON does not have: a tree of plain objects, arrays without
 * holes, dates, maps, sets, short typed arrays, objects without prototype and {@link literalOf | literals}.
 *
 * V8 could write all of these, in about the same time. But each use of its serializer in Deno leaves about a kilobyte
 * that is hardly ever given back (tried with Deno 2.9.6: 2 GB after three million hits), and loading it takes 5 to 9 ms.
 *
 * @param value The value.
 * @param survey Its survey.
 * @returns What stands for it; `undefined` if the value is not of that kind.
 */
export function toTaggedJson(value: unknown, survey: Survey): unknown {
  if (!survey.isTree || survey.nodes.size > MAX_OBJECTS || survey.depth > MAX_DEPTH) {
    return undefined;
  }
  return substitute(value, survey.nodes);
}

function substitute(value: unknown, nodes: ReadonlyMap<object, SurveyNode>): unknown {
  if (typeof value === "object" && value !== null) return ofNode(nodes.get(value)!, nodes);
  if (isJsonLeaf(value)) return value;
  const literal = literalOf(value);
  return literal === undefined ? undefined : { [TAG]: literal };
}

function ofNode(node: SurveyNode, nodes: ReadonlyMap<object, SurveyNode>): unknown {
  const { kind, names, prototype } = node;
  switch (kind) {
    case "array":
      return names === undefined ? ofAll(node, nodes) : undefined;
    case "date": {
      const time = getTime(node.value);
      return { [TAG]: ["date", is(time, NaN) ? null : time] };
    }
    case "map":
    case "set": {
      const elements = ofAll(node, nodes);
      return elements && { [TAG]: [kind, ...elements] };
    }
    case "view":
      return ofView(node);
    case "object": {
      const values = ofAll(node, nodes);
      if (values === undefined) return undefined;
      if (prototype === objectPrototype && !names!.includes(TAG)) {
        const plain = {};
        for (let i = 0; i < values.length; i++) define(plain, names![i]!, values[i]);
        return plain;
      }
      const list = names!.flatMap((name, i) => [name, values[i]]);
      return { [TAG]: [prototype === null ? "null" : "object", ...list] };
    }
    default:
      return undefined;
  }
}

/** A typed array over all of a short buffer. Bytes in base64 are a third longer, and long ones are better copied by V8. */
function ofView({ value, prototype, children }: SurveyNode): unknown {
  const View = typedArrayOf(prototype!);
  const buffer = children[0] as ArrayBuffer;
  if (View === undefined || isResizable(buffer) || byteLengthOf(buffer) > LONGEST_VIEW) {
    return undefined;
  }
  if (byteLengthOfView(value) !== byteLengthOf(buffer)) return undefined;
  return { [TAG]: [View.name, new Uint8Array(buffer).toBase64()] };
}

function ofAll(
  { children }: SurveyNode,
  nodes: ReadonlyMap<object, SurveyNode>,
): unknown[] | undefined {
  const all: unknown[] = [];
  for (let i = 0; i < children.length; i++) {
    const one = substitute(children[i], nodes);
    if (one === undefined) return undefined;
    all.push(one);
  }
  return all;
}

// Not an assignment: the name may be __proto__.
function define(object: object, name: string, value: unknown): void {
  defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/**
 * Gives back the value that something stands for. Nothing of it is trusted.
 *
 * @param given What JSON gave. It is changed.
 * @returns The value.
 * @throws {Error} If it stands for nothing.
 */
export function fromTaggedJson(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  if (isArray(given)) {
    for (let i = 0; i < given.length; i++) {
      const element: unknown = given[i];
      if (typeof element === "object" && element !== null) given[i] = fromTaggedJson(element);
    }
    return given;
  }
  const object = given as Record<string, unknown>;
  for (const name of keys(object)) {
    if (name === TAG) return fromTag(object[TAG]);
    const property = object[name];
    if (typeof property === "object" && property !== null) {
      const value = fromTaggedJson(property);
      if (value !== property) define(object, name, value);
    }
  }
  return object;
}

function fromTag(content: unknown): unknown {
  if (typeof content === "string") return readLiteral(content);
  if (!isArray(content)) throw new SyntaxError("Cannot decode value: a tag without content");
  const [tag, ...rest] = content;
  const elements = fromTaggedJson(rest) as unknown[];
  switch (tag) {
    case "date":
      return new Date(elements[0] === null ? NaN : Number(elements[0]));
    case "set":
      return new Set(elements);
    case "map": {
      const map = new Map();
      for (let i = 0; i + 1 < elements.length; i += 2) map.set(elements[i], elements[i + 1]);
      return map;
    }
    case "object":
    case "null": {
      const object = tag === "null" ? create(null) : {};
      for (let i = 0; i + 1 < elements.length; i += 2) {
        define(object, String(elements[i]), elements[i + 1]);
      }
      return object;
    }
  }
  const View = typeof tag === "string" ? typedArrayNamed(tag) : undefined;
  if (View !== undefined) return new View(Uint8Array.fromBase64(String(elements[0])).buffer);
  throw new SyntaxError(`Cannot decode value: an unknown tag: ${String(tag).slice(0, 100)}`);
}
