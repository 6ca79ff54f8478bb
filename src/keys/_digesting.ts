// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest } from "../stores/store.ts";
import { Encoder } from "./_encoder.ts";
import type { EncodingOptions } from "./_encoding_options.ts";
import { VERSION } from "./_canonical_writer.ts";

// One encoder is kept for the next call. While it is at work, a method that speaks for an object may call a cached function.
let idle: Encoder | undefined;

/**
 * Encodes something and digests the bytes.
 *
 * @param domain What the bytes stand for.
 * @param options How to encode.
 * @param write Writes the bytes after the domain.
 * @param subject What to write.
 * @returns The digest.
 * @throws {UncacheableKeyError} If a part of it has no canonical form.
 */
export function digestWith<T>(
  domain: number,
  options: EncodingOptions,
  write: (encoder: Encoder, subject: T) => void,
  subject: T,
): Digest {
  return encodeWith(domain, options, write, subject, digestOf);
}

/**
 * Encodes something and gives the bytes, for the document of the format.
 *
 * @param domain What the bytes stand for.
 * @param options How to encode.
 * @param write Writes the bytes after the domain.
 * @param subject What to write.
 * @returns The bytes, `undefined` if they are too many.
 * @throws {UncacheableKeyError} If a part of it has no canonical form.
 */
export function bytesWith<T>(
  domain: number,
  options: EncodingOptions,
  write: (encoder: Encoder, subject: T) => void,
  subject: T,
): Uint8Array | undefined {
  return encodeWith(domain, options, write, subject, bytesOf);
}

function encodeWith<T, R>(
  domain: number,
  options: EncodingOptions,
  write: (encoder: Encoder, subject: T) => void,
  subject: T,
  finish: (encoder: Encoder) => R,
): R {
  const encoder = idle ?? new Encoder();
  idle = undefined;
  try {
    encoder.begin(options);
    encoder.writer.byte(VERSION);
    encoder.writer.byte(domain);
    write(encoder, subject);
    return finish(encoder);
  } finally {
    encoder.end();
    idle = encoder;
  }
}

function digestOf(encoder: Encoder): Digest {
  return encoder.writer.digest();
}

function bytesOf(encoder: Encoder): Uint8Array | undefined {
  return encoder.writer.bytes();
}
