// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";
import { bytesWith, digestWith } from "./_digesting.ts";
import type { Encoder } from "./_encoder.ts";
import type { EncodingOptions } from "./_encoding_options.ts";
import { Domain } from "./_canonical_writer.ts";

const DEFAULTS: EncodingOptions = {};

/**
 * Makes the digest of a dictionary key. Equal keys have equal digests, in every process; different keys have different ones.
 *
 * @param value The key: any value whose content can be seen.
 * @param options How the key is made.
 * @returns The digest.
 * @throws {UncacheableKeyError} If a part of the key has no canonical form; the message names the path to it, from `key`.
 */
export function digestKey(value: unknown, options: EncodingOptions = DEFAULTS): Digest {
  return digestWith(domainOf(options), options, writeKey, value);
}

/**
 * Gives the canonical bytes of a dictionary key: those that {@linkcode digestKey} digests.
 *
 * @param value The key.
 * @param options How the key is made.
 * @returns The bytes, `undefined` if they are more than 256 KiB.
 * @throws {UncacheableKeyError} If a part of the key has no canonical form.
 */
export function canonicalKey(
  value: unknown,
  options: EncodingOptions = DEFAULTS,
): Uint8Array | undefined {
  return bytesWith(domainOf(options), options, writeKey, value);
}

function domainOf(options: EncodingOptions): number {
  return options.keyOrder === "keep" ? Domain.keyInOrder : Domain.key;
}

function writeKey(encoder: Encoder, value: unknown): void {
  encoder.value(value, "key");
}
