// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../stores/store.ts";

/**
 * Turns values into bytes and back. The value that comes back must be equal to the one that was given, or `encode` must
 * throw.
 */
export interface Codec {
  /**
   * The name that is kept with each entry. A reader finds the codec of an entry by it: `"structured"` and `"msgpack"`
   * are always found, another one where the reader's own `codec` option has that name.
   */
  readonly name: string;

  /**
   * Encodes a value.
   *
   * @param value The value.
   * @returns Its bytes; or its bytes followed by buffers that are left out of them, so that large ones are not copied.
   */
  encode(value: unknown): Uint8Array | Parts;

  /**
   * Decodes a value, a fresh one at each call.
   *
   * @param bytes What `encode` gave (its first element, where it gave several). It may be a view into memory that others
   * read: it must not be changed, and the value must not hold on to it.
   * @param buffers What `encode` gave after the first element. The value may keep them.
   * @returns The value.
   */
  decode(bytes: Uint8Array, buffers: readonly Uint8Array[]): unknown;
}

/** The choice of a codec: one of the two that are built in, by name, or your own. */
export type CodecOption = "structured" | "msgpack" | Codec;
