// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";
import { Domain } from "./_canonical_writer.ts";
import { bytesWith, digestWith } from "./_digesting.ts";
import type { Encoder } from "./_encoder.ts";

/**
 * What a derived digest is for: the calls of a function in a namespace, one of several results of a call, the error that a call
 * threw, a chunk of a stream, what is known of runs that gave chunks, or the notice that there are entries of these kinds at all.
 */
export type Purpose = "namespace" | "sample" | "error" | "chunk" | "runs" | "notice";

/** A digest that is found from another one. */
export interface Derivation {
  /** What it is for. */
  readonly purpose: Purpose;
  /** The other one. */
  readonly base: Digest;
  /** What tells it from others of the same purpose and base. */
  readonly details: readonly (string | number)[];
}

const DEFAULTS = {};

/**
 * Makes the digest of an entry that belongs to another one. It is never that of a key or of a call, and no two derivations have
 * the same.
 *
 * @param derivation What it is made of.
 * @returns The digest.
 */
export function deriveDigest(derivation: Derivation): Digest {
  return digestWith(Domain.derived, DEFAULTS, writeDerivation, derivation);
}

/**
 * Gives the canonical bytes of a derivation: those that {@linkcode deriveDigest} digests.
 *
 * @param derivation What they are made of.
 * @returns The bytes, `undefined` if they are more than 256 KiB.
 */
export function canonicalDerivation(derivation: Derivation): Uint8Array | undefined {
  return bytesWith(Domain.derived, DEFAULTS, writeDerivation, derivation);
}

function writeDerivation(encoder: Encoder, { purpose, base, details }: Derivation): void {
  encoder.writer.string(purpose);
  encoder.writer.string(base);
  encoder.writer.varuint(details.length);
  for (let i = 0; i < details.length; i++) encoder.value(details[i], i);
}
