// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";
import { bytesWith, digestWith } from "./_digesting.ts";
import type { Encoder } from "./_encoder.ts";
import type { EncodingOptions } from "./_encoding_options.ts";
import { Domain, Tag } from "./_canonical_writer.ts";

/** What tells a call of a cached function from any other. */
export interface KeyedCall {
  /** The function's name. */
  readonly name: string;
  /** The function's source text, where it counts. */
  readonly source?: string | undefined;
  /** The call's `this`, where it counts. */
  readonly self?: { readonly value: unknown } | undefined;
  /** The arguments. */
  readonly args: readonly unknown[];
}

const DEFAULTS: EncodingOptions = {};

/**
 * Makes the digest of a call. It is never that of a dictionary key.
 *
 * @param call The call.
 * @param options How the key is made.
 * @returns The digest.
 * @throws {UncacheableKeyError} If a part of the call has no canonical form; the message names the path to it, from `args[0]` or
 * `this`.
 */
export function digestCall(call: KeyedCall, options: EncodingOptions = DEFAULTS): Digest {
  return digestWith(domainOf(options), options, writeCall, call);
}

/**
 * Gives the canonical bytes of a call: those that {@linkcode digestCall} digests.
 *
 * @param call The call.
 * @param options How the key is made.
 * @returns The bytes, `undefined` if they are more than 256 KiB.
 * @throws {UncacheableKeyError} If a part of the call has no canonical form.
 */
export function canonicalCall(
  call: KeyedCall,
  options: EncodingOptions = DEFAULTS,
): Uint8Array | undefined {
  return bytesWith(domainOf(options), options, writeCall, call);
}

function domainOf(options: EncodingOptions): number {
  return options.keyOrder === "keep" ? Domain.callInOrder : Domain.call;
}

function writeCall(encoder: Encoder, { name, source, self, args }: KeyedCall): void {
  const { writer } = encoder;
  writer.string(name);
  if (source === undefined) writer.byte(Tag.undefined);
  else writer.string(source);
  if (self === undefined) {
    writer.byte(0);
  } else {
    writer.byte(1);
    encoder.value(self.value, "this");
  }
  writer.varuint(args.length);
  for (let i = 0; i < args.length; i++) encoder.value(args[i], i);
}
