// Copyright 2026 the pecapiku authors. MIT license.

import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import { digestCall } from "../../src/keys/digest_call.ts";
import type { Parts } from "../../src/stores/store.ts";
import type { Work } from "../_workload.ts";
import type { Memoised, Opened } from "./_peer.ts";

/** What keeps values by key, and knows nothing of functions. */
export interface Entries {
  /** Looks a value up: `undefined` if there is none. */
  get(key: string): unknown;
  /** Stores a value; it is stored when what is given resolves. */
  set(key: string, value: unknown): unknown;
  /** Stores many values, the fastest way there is. */
  setMany(entries: readonly (readonly [key: string, value: unknown])[]): void | Promise<void>;
  /** Ends it. */
  close(): void | Promise<void>;
}

/**
 * Memoises functions as one does by hand: a key by the digest of this package, and what the store has under it.
 *
 * @param entries The store.
 * @returns What memoises functions in it.
 */
export function byHand(entries: Entries): Opened {
  return { memoise: (work) => memoise(entries, work), close: () => entries.close() };
}

function memoise(entries: Entries, work: Work): Memoised {
  const { name } = work;
  const evaluate = work as (...args: unknown[]) => unknown;
  const keyOf = (args: readonly unknown[]): string => digestCall({ name, args });
  const store = (key: string, args: readonly unknown[]): unknown => {
    const value = evaluate(...args);
    const stored = entries.set(key, value);
    return stored instanceof Promise ? stored.then(() => value) : value;
  };
  return {
    call(...args) {
      const key = keyOf(args);
      const found = entries.get(key);
      if (found instanceof Promise) {
        return found.then((value) => value === undefined ? store(key, args) : value);
      }
      return found === undefined ? store(key, args) : found;
    },
    rerun: (...args) => store(keyOf(args), args),
    fill: (calls) =>
      entries.setMany(calls.map((args) => [keyOf(args), evaluate(...args)] as const)),
  };
}

const HEAD = 8;

/**
 * Encodes a value with the default codec of this package, to one run of bytes.
 *
 * @param value The value.
 * @returns Its bytes. The content of large buffers follows at a multiple of 8.
 */
export function encode(value: unknown): Uint8Array<ArrayBuffer> {
  const parts = encodeParts(structured, value);
  if (parts.length === 1) return parts[0] as Uint8Array<ArrayBuffer>;
  // A zero, since no encoded value begins with that byte, how many parts there are, and their lengths.
  const head = new Float64Array([0, parts.length, ...parts.map((part) => part.byteLength)]);
  const lengths = parts.map((part) => Math.ceil(part.byteLength / HEAD) * HEAD);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, head.byteLength));
  bytes.set(new Uint8Array(head.buffer));
  let offset = head.byteLength;
  for (const [index, part] of parts.entries()) {
    bytes.set(part, offset);
    offset += lengths[index]!;
  }
  return bytes;
}

/**
 * Decodes what {@linkcode encode} gave.
 *
 * @param given The bytes, a Buffer or not.
 * @returns The value.
 */
export function decode(given: Uint8Array): unknown {
  if (given[0] !== 0) return decodeParts(structured, [given]);
  // A Buffer is no plain array: its slices are no copies.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getFloat64(HEAD, true);
  let offset = (2 + count) * HEAD;
  const parts = Array.from({ length: count }, (_, index) => {
    const length = view.getFloat64((2 + index) * HEAD, true);
    const part = bytes.subarray(offset, offset + length);
    offset += Math.ceil(length / HEAD) * HEAD;
    return part;
  });
  return decodeParts(structured, parts as unknown as Parts);
}

/** Runs a step for each of many things, some at a time. */
export async function together<T>(
  things: readonly T[],
  step: (thing: T) => unknown,
  atOnce = 64,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < things.length) await step(things[next++]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/**
 * The part of a script of one call that all stores have in common: the function, and a key as one makes it by hand of arguments
 * that are JSON, with what every process has.
 *
 * @param body What finds the value of `key` and assigns it to `value`, or calls `evaluate()` and stores what that gives.
 * @returns The text.
 */
export function coldCall(body: string): string {
  return `
const record = (id) => ({ id, name: "record " + id, tags: ["a", "b", "c"], score: id / 7 });
const evaluate = () => { console.log("miss"); return record(-7); };
const text = new TextEncoder().encode(JSON.stringify(["record", -7]));
const key = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
let value;
${body}
if (value.id !== -7) throw new Error("not the value");
`;
}
