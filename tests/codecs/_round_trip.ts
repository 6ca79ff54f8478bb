// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertThrows } from "@std/assert";
import type { Codec } from "../../src/codecs/codec.ts";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { UncacheableValueError } from "../../src/errors/uncacheable_value_error.ts";
import type { Parts } from "../../src/stores/store.ts";
import { graphDifference } from "./_graph_difference.ts";

/**
 * Copies parts as a store does: the first somewhere in a memory that others use, the others each in a buffer of their own.
 */
export function storedParts(parts: Parts): Parts {
  const memory = new Uint8Array(parts[0].length + 12).fill(0xaa);
  memory.set(parts[0], 9);
  return [
    memory.subarray(9, 9 + parts[0].length),
    ...parts.slice(1).map((part) => part.slice()),
  ];
}

/** Encodes a value, stores it, decodes it, and then overwrites what was stored. */
export function roundTrip(codec: Codec, value: unknown): unknown {
  const parts = storedParts(encodeParts(codec, value));
  const decoded = decodeParts(codec, parts);
  new Uint8Array(parts[0].buffer).fill(0x55);
  return decoded;
}

/** Fails if a value doesn't come back equal, twice, in two values of their own. */
export function assertRoundTrip(codec: Codec, value: unknown): void {
  const first = roundTrip(codec, value);
  const second = roundTrip(codec, value);
  for (const [a, b] of [[value, first], [value, second], [first, second]]) {
    const difference = graphDifference(a, b);
    assert(difference === undefined, difference);
  }
}

/** Fails if a value is not refused with this in the message. */
export function assertRefused(codec: Codec, value: unknown, words: string): void {
  assertThrows(() => encodeParts(codec, value), UncacheableValueError, words);
}
