// Copyright 2026 the pecapiku authors. MIT license.

import { isJsonLeaf } from "./_json_tree.ts";
import { typedArrayNamed, typedArrayOf } from "./_kinds.ts";
import { byteLengthOf, isApart, isResizable, wholeBuffer } from "./_objects.ts";
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

/** The longest buffer, in bytes, that is written as text. Longer ones are left to V8, but for those that are kept apart. */
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
 * holes, dates, maps, sets, typed arrays that are short or kept apart, objects without prototype and
 * {@link literalOf | literals}.
 *
 * V8 could write all of these, in about the same time. But each use of its serializer in Deno leaves about a kilobyte
 * that is hardly ever given back (tried with Deno 2.9.6: 2 GB after three million hits), and loading it takes 5 to 9 ms.
 * And it holds on to the buffers that are kept apart long after: of 80 hits of 8 MB each took 40 ms instead of 1.4, for
 * memory that had not been used before.
 *
 * @param value The value.
 * @param survey Its survey.
 * @param apart Is given the content of the buffers that are kept apart, not copied.
 * @returns What stands for it; `undefined` if the value is not of that kind.
 */
export function toTaggedJson(value: unknown, survey: Survey, apart: Uint8Array[]): unknown {
  if (!survey.isTree || survey.nodes.size > MAX_OBJECTS || survey.depth > MAX_DEPTH) {
    return undefined;
  }
  return substitute(value, { nodes: survey.nodes, apart });
}

interface Making {
  readonly nodes: ReadonlyMap<object, SurveyNode>;
  readonly apart: Uint8Array[];
}

function substitute(value: unknown, making: Making): unknown {
  if (typeof value === "object" && value !== null) {
    return ofNode(making.nodes.get(value)!, making);
  }
  if (isJsonLeaf(value)) return value;
  const literal = literalOf(value);
  return literal === undefined ? undefined : { [TAG]: literal };
}

function ofNode(node: SurveyNode, making: Making): unknown {
  const { kind, names, prototype } = node;
  switch (kind) {
    case "array":
      return names === undefined ? ofAll(node, making) : undefined;
    case "date": {
      const time = getTime(node.value);
      return { [TAG]: ["date", is(time, NaN) ? null : time] };
    }
    case "map":
    case "set": {
      const elements = ofAll(node, making);
      return elements && { [TAG]: [kind, ...elements] };
    }
    case "view":
      return ofView(node, making.apart);
    case "object": {
      const values = ofAll(node, making);
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

/** A typed array over all of a buffer. Bytes in base64 are a third longer, and long ones are better copied. */
function ofView({ value, prototype, children }: SurveyNode, apart: Uint8Array[]): unknown {
  const View = typedArrayOf(prototype!);
  const buffer = children[0] as ArrayBuffer;
  if (View === undefined || isResizable(buffer)) return undefined;
  if (byteLengthOfView(value) !== byteLengthOf(buffer)) return undefined;
  if (isApart(buffer)) return { [TAG]: [View.name, apart.push(new Uint8Array(buffer)) - 1] };
  if (byteLengthOf(buffer) > LONGEST_VIEW) return undefined;
  return { [TAG]: [View.name, new Uint8Array(buffer).toBase64()] };
}

function ofAll({ children }: SurveyNode, making: Making): unknown[] | undefined {
  const all: unknown[] = [];
  for (let i = 0; i < children.length; i++) {
    const one = substitute(children[i], making);
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
 * @param apart The content of the buffers that were kept apart. The value takes them over.
 * @returns The value.
 * @throws {Error} If it stands for nothing.
 */
export function fromTaggedJson(given: unknown, apart: readonly Uint8Array[]): unknown {
  return new Reader(apart).read(given);
}

class Reader {
  /** Those that are not taken yet. */
  readonly #apart: (Uint8Array | undefined)[];

  constructor(apart: readonly Uint8Array[]) {
    this.#apart = [...apart];
  }

  read(given: unknown): unknown {
    if (typeof given !== "object" || given === null) return given;
    if (isArray(given)) {
      for (let i = 0; i < given.length; i++) {
        const element: unknown = given[i];
        if (typeof element === "object" && element !== null) given[i] = this.read(element);
      }
      return given;
    }
    const object = given as Record<string, unknown>;
    for (const name of keys(object)) {
      if (name === TAG) return this.#readTag(object[TAG]);
      const property = object[name];
      if (typeof property === "object" && property !== null) {
        const value = this.read(property);
        if (value !== property) define(object, name, value);
      }
    }
    return object;
  }

  #readTag(content: unknown): unknown {
    if (typeof content === "string") return readLiteral(content);
    if (!isArray(content)) throw new SyntaxError("Cannot decode value: a tag without content");
    const [tag, ...rest] = content;
    const elements = this.read(rest) as unknown[];
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
    if (View !== undefined) return new View(this.#bufferOf(elements[0]));
    throw new SyntaxError(`Cannot decode value: an unknown tag: ${String(tag).slice(0, 100)}`);
  }

  #bufferOf(content: unknown): ArrayBuffer {
    if (typeof content !== "number") return Uint8Array.fromBase64(String(content)).buffer;
    const bytes = this.#apart[content];
    if (bytes === undefined) {
      throw new SyntaxError(`Cannot decode value: no buffer is kept apart for it: ${content}`);
    }
    // Two views that show one buffer would be another value.
    this.#apart[content] = undefined;
    return wholeBuffer(bytes);
  }
}
