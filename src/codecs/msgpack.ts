// Copyright 2026 the pecapiku authors. MIT license.

import { messagePack } from "../_deferred.ts";
import { bufferOf, isDetached, isResizable, slots } from "./_objects.ts";
import { Survey } from "./_survey.ts";
import type { SurveyLimits, SurveyNode } from "./_survey_node.ts";
import type { Codec } from "./codec.ts";

const { getPrototypeOf, hasOwn, is, prototype: objectPrototype } = Object;
const { isArray } = Array;

const BYTE_ORDER_MARK = 0xfeff;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

const PROTO = asciiBytes("__proto__");

/** What MessagePack, as `@std/msgpack` writes and reads it, gives back equal. For one value. */
class MsgpackLimits implements SurveyLimits {
  /** Both directions recurse, and need less than a tenth of the usual stack for this many levels. */
  readonly depth = 500;
  readonly again = "an object that is there already, which MessagePack would give back as two";

  readonly #buffers = new Set<object>();

  leaf(value: unknown): string | undefined {
    switch (typeof value) {
      case "string":
        return problemOfText(value);
      case "number":
        return is(value, -0) ? "the number -0" : undefined;
      case "bigint":
        return value < MIN_INTEGER || value > MAX_INTEGER ? "a bigint of over 64 bits" : undefined;
      case "undefined":
        return "undefined";
      default:
        return undefined;
    }
  }

  node(node: SurveyNode): string | undefined {
    switch (node.kind) {
      case "object":
        return node.prototype === objectPrototype
          ? problemOfNames(node.names!)
          : "an object with a null prototype";
      case "array":
        return node.names === undefined
          ? undefined
          : "an array with holes or properties of its own";
      case "view":
        return this.#problemOfView(node);
      default:
        return `what MessagePack has no type for (${node.type?.name ?? node.kind})`;
    }
  }

  #problemOfView(node: SurveyNode): string | undefined {
    if (node.prototype !== Uint8Array.prototype) return "a view that is no Uint8Array";
    const buffer = bufferOf(node.value);
    if (!slots().isArrayBuffer(buffer)) return "a Uint8Array over shared memory";
    if (isDetached(buffer)) return "a Uint8Array over a detached ArrayBuffer";
    if (isResizable(buffer)) return "a Uint8Array over a resizable ArrayBuffer";
    if (this.#buffers.has(buffer)) return "a Uint8Array that shares its buffer with another one";
    this.#buffers.add(buffer);
    // The bytes are all that is stored; that the buffer may be longer is not.
    node.children = [];
    return undefined;
  }
}

function problemOfNames(names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name === "__proto__") return "an object with a property __proto__";
    const problem = problemOfText(name);
    if (problem !== undefined) return `an object with, as a property's name, ${problem}`;
  }
  return undefined;
}

function problemOfText(text: string): string | undefined {
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) return "a string that begins with U+FEFF";
  return text.isWellFormed() ? undefined : "a string with a lone surrogate";
}

/**
 * The codec for JSON-like values that programs in other languages read: `null`, booleans, numbers but `-0`, strings,
 * bigints of up to 64 bits, `Uint8Array`, dense arrays and plain objects, in MessagePack.
 */
export const msgpack: Codec = {
  name: "msgpack",

  encode(value: unknown): Uint8Array {
    const limits = new MsgpackLimits();
    new Survey(value, limits.depth, limits);
    return messagePack.encode(value as Parameters<typeof messagePack.encode>[0]);
  },

  decode(bytes: Uint8Array): unknown {
    const { decode } = messagePack;
    if (hasPrototypeKey(bytes, decode)) {
      throw new TypeError("Cannot decode value: a map has the key __proto__");
    }
    return checkMsgpackValue(decode(bytes));
  },
};

/**
 * Makes what the MessagePack decoder gave independent of the bytes that it was read from, and makes sure that no object got
 * another prototype.
 *
 * @param value What the decoder gave.
 * @returns The value, its byte strings copied.
 * @throws {TypeError} If a prototype is not that of a plain object.
 */
function checkMsgpackValue(value: unknown): unknown {
  const root = [value];
  const open: object[] = [root];
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const fields = container as Record<string, unknown>;
    const names = isArray(container) ? undefined : Object.keys(container);
    const length = names === undefined ? (container as unknown[]).length : names.length;
    for (let i = 0; i < length; i++) {
      const name = names === undefined ? i : names[i]!;
      const child = fields[name];
      if (typeof child !== "object" || child === null) continue;
      if (child instanceof Uint8Array) {
        // A copy that owns its buffer: the decoder gives a view, which would keep all the bytes it was read from.
        fields[name] = new Uint8Array(child);
      } else if (isArray(child) || getPrototypeOf(child) === objectPrototype) {
        open.push(child);
      } else {
        throw new TypeError("Cannot decode value: an object has another prototype");
      }
    }
  }
  return root[0];
}

/**
 * Tells whether a map in MessagePack has the key `__proto__`. The decoder would set the prototype, or lose the entry.
 *
 * @param bytes The MessagePack.
 * @param decode The decoder.
 * @returns Whether there is such a key.
 */
function hasPrototypeKey(
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): boolean {
  const places = placesOf(bytes, PROTO);
  if (places.length === 0) return false;
  // It may as well be a part of a text. So it is decoded once with another name in its place, and that name is looked for.
  const name = unusedName(bytes);
  const replaced = new Uint8Array(bytes);
  for (const place of places) replaced.set(asciiBytes(name), place);
  return hasKey(decode(replaced), name);
}

function placesOf(bytes: Uint8Array, sequence: Uint8Array): number[] {
  const places: number[] = [];
  const last = bytes.length - sequence.length;
  let from = bytes.indexOf(sequence[0]!);
  while (from >= 0 && from <= last) {
    const found = sequence.every((byte, i) => bytes[from + i] === byte);
    if (found) places.push(from);
    from = bytes.indexOf(sequence[0]!, from + (found ? sequence.length : 1));
  }
  return places;
}

function unusedName(bytes: Uint8Array): string {
  for (let number = 0;; number++) {
    const name = `#${String(number).padStart(PROTO.length - 1, "0")}`;
    if (placesOf(bytes, asciiBytes(name)).length === 0) return name;
  }
}

/** As a `TextEncoder` would give them; the first use of one takes a tenth of a millisecond. */
function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function hasKey(value: unknown, name: string): boolean {
  const open: unknown[] = [value];
  for (let index = 0; index < open.length; index++) {
    const container = open[index];
    if (typeof container !== "object" || container === null) continue;
    if (container instanceof Uint8Array) continue;
    if (isArray(container)) {
      for (const child of container) open.push(child);
    } else {
      if (hasOwn(container, name)) return true;
      for (const key of Object.keys(container)) {
        open.push((container as Record<string, unknown>)[key]);
      }
    }
  }
  return false;
}
