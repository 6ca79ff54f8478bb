// Copyright 2026 the pecapiku authors. MIT license.

import type { Parts } from "../stores/store.ts";
import type { Codec } from "./codec.ts";

const NO_BUFFERS: readonly Uint8Array[] = Object.freeze([]);

/**
 * Decodes what `encodeParts` gave, to a fresh value.
 *
 * @param codec The codec that encoded the value.
 * @param parts What was stored.
 * @returns The value.
 * @throws {Error} If the codec can't read the parts: any error, and none of this package's own.
 */
export function decodeParts(codec: Codec, parts: Parts): unknown {
  return codec.decode(parts[0], parts.length === 1 ? NO_BUFFERS : parts.slice(1));
}
