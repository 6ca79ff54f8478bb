// Copyright 2026 the pecapiku authors. MIT license.

import type { Codec } from "../codecs/codec.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { encodeParts } from "../codecs/encode_parts.ts";
import { codecNamed } from "../codecs/resolve_codec.ts";
import { UncacheableKeyError } from "../errors/uncacheable_key_error.ts";
import { CallKey } from "../keys/call_key.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { KeyOptions } from "../keys/key_options.ts";
import type { EntryInfo, StoredKey } from "../stores/store.ts";
import type { Located } from "./cache_plan.ts";
import { copyParts } from "./_decode_stored.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Finds where a dictionary keeps a key.
 *
 * @param key The key, as a person gave it. A `CallKey` stands for the call it came from.
 * @param options How keys are digested.
 * @returns The place.
 * @throws {UncacheableKeyError} If the key has no canonical form.
 */
export function locateKey(key: unknown, options: KeyOptions): Located {
  return { digest: key instanceof CallKey ? key.digest : digestKey(key, options), key };
}

/**
 * Encodes a dictionary's key, to be kept with its entry.
 *
 * @param key The key.
 * @param codec The codec.
 * @returns The encoded key: a copy, because the key may change before it is stored.
 * @throws {UncacheableKeyError} If the codec could not give the key back.
 */
export function encodeKey(key: unknown, codec: Codec): StoredKey {
  if (key instanceof CallKey) return callKeyText(key.name, key.preview);
  try {
    return { kind: "value", parts: copyParts(encodeParts(codec, key)) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UncacheableKeyError(`Cannot store key: the codec can't give it back: ${reason}`, {
      key,
      cause,
    });
  }
}

/**
 * Encodes what is kept of a call.
 *
 * @param name The function's name.
 * @param preview The arguments, for people to read.
 * @returns The encoded key.
 */
export function callKeyText(name: string, preview: string): StoredKey {
  return { kind: "call", parts: [encoder.encode(JSON.stringify({ name, preview }))] };
}

/**
 * Gives back the key of an entry, as it was set.
 *
 * @param entry The entry.
 * @param codec The reader's own codec.
 * @returns The key.
 * @throws {Error} If the key can't be decoded.
 */
export function decodeKey(
  entry: Pick<EntryInfo, "digest" | "key" | "codec">,
  codec: Codec,
): unknown {
  const { kind, parts } = entry.key;
  if (kind === "call") {
    const { name, preview } = JSON.parse(decoder.decode(parts[0]));
    return new CallKey(String(name), entry.digest, String(preview));
  }
  const found = codecNamed(entry.codec, codec);
  if (found === undefined) throw new Error(`no codec named ${JSON.stringify(entry.codec)}`);
  return decodeParts(found, parts);
}
