// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec } from "../codecs/codec.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { codecNamed } from "../codecs/resolve_codec.ts";
import { NO_CACHE } from "../no_cache.ts";
import type { Parts } from "../stores/store.ts";

/**
 * Decodes what a store gave. What can't be decoded is as good as damaged: it is a miss, told once for each file.
 *
 * @param parts The bytes.
 * @param codecName The name of the codec that made them.
 * @param codec The reader's own codec.
 * @param location Where the bytes come from, for the warning.
 * @returns The value, or the marker for a miss.
 */
export function decodeStored(
  parts: Parts,
  codecName: string,
  codec: Codec,
  location: string,
): unknown {
  try {
    const found = codec.name === codecName ? codec : codecNamed(codecName, codec);
    if (found !== undefined) return decodeParts(found, parts);
    warnUndecodable(location, `no codec named ${JSON.stringify(codecName)}`);
  } catch (error) {
    warnUndecodable(location, error instanceof Error ? error.message : String(error));
  }
  return NO_CACHE;
}

/**
 * Copies what a codec gave, so that it neither changes with the value it was made of nor shares memory with what is
 * decoded from it.
 *
 * @param parts The bytes.
 * @returns Bytes that nobody else has.
 */
export function copyParts(parts: Parts): Parts {
  return parts.map((part) => part.slice()) as unknown as Parts;
}

const undecodable = new Set<string>();

/**
 * Tells that a file has entries that can't be decoded, once for each file.
 *
 * @param location Where the entries are.
 * @param reason Why the first of them can't be decoded.
 */
export function warnUndecodable(location: string, reason: string): void {
  if (undecodable.has(location)) return;
  undecodable.add(location);
  console.warn(`Cannot decode entry, it counts as not cached: ${location}: ${reason}`);
}
