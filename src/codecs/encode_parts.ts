// Copyright 2026 the pecapiku authors. MIT license.

import { CacheError } from "../errors/cache_error.ts";
import { UncacheableValueError } from "../errors/uncacheable_value_error.ts";
import type { Parts } from "../stores/store.ts";
import type { Codec } from "./codec.ts";
import { plainBytes } from "./decode_parts.ts";

const { isArray } = Array;

/**
 * Encodes a value with any codec, one that a user wrote included.
 *
 * @param codec The codec.
 * @param value The value.
 * @returns The parts to store.
 * @throws {UncacheableValueError} If the codec refuses the value, or gives something that is no bytes.
 */
export function encodeParts(codec: Codec, value: unknown): Parts {
  const encoded = encode(codec, value);
  if (encoded instanceof Uint8Array) return [plainBytes(encoded)];
  if (
    isArray(encoded) && encoded.length > 0 && encoded.every((part) => part instanceof Uint8Array)
  ) {
    return encoded.map(plainBytes) as unknown as Parts;
  }
  throw new UncacheableValueError(
    `Cannot store value: the codec gave neither a Uint8Array nor several: ${codec.name}`,
  );
}

function encode(codec: Codec, value: unknown): unknown {
  try {
    return codec.encode(value);
  } catch (cause) {
    if (cause instanceof CacheError) throw cause;
    throw new UncacheableValueError(`Cannot store value: the codec refused it: ${codec.name}`, {
      cause,
    });
  }
}
