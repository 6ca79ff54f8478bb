// Copyright 2026 the pecapiku authors. MIT license.

import type { DeleteChange, Digest, EntryInfo, Parts, PutChange, StoredValue } from "./store.ts";

const encoder = new TextEncoder();

/** Bytes of a text, in memory of their own. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** A digest that a number stands for; a larger number has a greater digest. */
export function digestOf(number: number): Digest {
  return (number + 0x1000).toString(16).padStart(8, "0").repeat(8);
}

/** A change that puts an entry; whatever is not said is plain. */
export function put(
  number: number,
  value: string | Parts,
  options: Partial<Omit<PutChange, "type" | "digest" | "parts">> = {},
): PutChange {
  return {
    type: "put",
    digest: digestOf(number),
    codec: "structured",
    // Of one length, so that entries with equal values take the same room.
    key: { kind: "value", parts: [bytesOf(`${number}`.padStart(4, " "))] },
    parts: typeof value === "string" ? [bytesOf(value)] : value,
    functionName: "",
    writtenAt: 1_700_000_000_000 + number,
    duration: 0,
    promised: false,
    ...options,
  };
}

/** A change that deletes an entry. */
export function remove(number: number): DeleteChange {
  return { type: "delete", digest: digestOf(number) };
}

/** What a lookup of a change's digest should give once it is committed. */
export function valueOf(
  { codec, parts, promised, writtenAt, duration }: PutChange,
): StoredValue {
  return { codec, parts, promised, writtenAt, duration };
}

/** What is known of a change's entry once it is committed. */
export function infoOf({ type: _, parts, ...change }: PutChange): EntryInfo {
  return { ...change, byteLength: parts.reduce((sum, part) => sum + part.byteLength, 0) };
}

/** Bytes that do not compress or repeat, always the same for a seed. */
export function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed * 2 + 1;
  for (let at = 0; at < words.length; at++) {
    // A step of a linear congruential generator, with its high bits, which are the better ones, below as well.
    state = Math.imul(state, 0x915f77f5) + 0x3c6ef373 | 0;
    words[at] = state ^ state >>> 15;
  }
  return new Uint8Array(words.buffer).slice(0, length);
}

/** A generator of numbers from 0 to 1, always the same for a seed ("mulberry32"). */
export function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
}
