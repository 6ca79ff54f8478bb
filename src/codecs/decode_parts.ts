// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../stores/store.ts";
import type { Codec } from "./codec.ts";

const NO_BUFFERS: readonly Uint8Array[] = Object.freeze([]);

const { getPrototypeOf } = Object;

/**
 * The same memory as an array without methods of its own: those of a `Buffer` share memory where others copy it, and a store
 * or a codec that a user wrote may give some.
 *
 * @param bytes The bytes, of any class.
 * @returns The bytes.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return getPrototypeOf(bytes) === Uint8Array.prototype
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Decodes what `encodeParts` gave, to a fresh value.
 *
 * @param codec The codec that encoded the value.
 * @param parts What was stored.
 * @returns The value.
 * @throws {Error} If the codec can't read the parts: any error, and none of this package's own.
 */
export function decodeParts(codec: Codec, parts: Parts): unknown {
  return codec.decode(
    plainBytes(parts[0]),
    parts.length === 1 ? NO_BUFFERS : parts.slice(1).map(plainBytes),
  );
}
