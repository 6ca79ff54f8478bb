// Copyright 2026 the pecapiku authors. MIT license.

import type { Digest, Parts, StoredKey } from "./store.ts";

/** The name of the codec of values that are kept for a `Keyv`. Their layout is in `docs/format.md`. */
export const KEYV_CODEC = "keyv";

const HEAD_LENGTH = 16;
const VERSION = 1;
const FORM = { text: 0, bytes: 1 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A value of a `Keyv`. */
export interface KeyvValue {
  readonly value: string | Uint8Array<ArrayBuffer>;
  /** When it is not there any more, in milliseconds since the epoch. */
  readonly expires: number;
}

/** Gives a value as it is stored. */
export function encodeKeyvValue(value: string | Uint8Array, expires: number): Parts {
  const body = typeof value === "string" ? encoder.encode(value) : value;
  const bytes = new Uint8Array(HEAD_LENGTH + body.byteLength);
  bytes[0] = VERSION;
  bytes[1] = typeof value === "string" ? FORM.text : FORM.bytes;
  new DataView(bytes.buffer).setFloat64(8, expires, true);
  bytes.set(body, HEAD_LENGTH);
  return [bytes];
}

/**
 * Reads a value.
 *
 * @param parts What was stored.
 * @returns The value; `undefined` if it is none, or of a newer version.
 */
export function decodeKeyvValue(parts: Parts): KeyvValue | undefined {
  const [bytes] = parts;
  if (parts.length !== 1 || bytes.byteLength < HEAD_LENGTH || bytes[0] !== VERSION) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expires = view.getFloat64(8, true);
  const body = bytes.slice(HEAD_LENGTH);
  if (bytes[1] === FORM.bytes) return { value: body, expires };
  return bytes[1] === FORM.text ? { value: decoder.decode(body), expires } : undefined;
}

/** Gives the digest of a key. */
export async function digestOfKeyvKey(key: string): Promise<Digest> {
  // A text in JSON is in UTF-8 what it is, whatever stands in it.
  const bytes = encoder.encode(`keyv:${JSON.stringify(key)}`);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Gives a key as it is stored: in the way of the call of a function, so that nobody takes it for a key of a dictionary. */
export function encodeKeyvKey(key: string): StoredKey {
  const text = JSON.stringify({ name: KEYV_CODEC, preview: key });
  return { kind: "call", parts: [encoder.encode(text)] };
}

/** Reads a key; `undefined` if it is none of a `Keyv`. */
export function decodeKeyvKey({ kind, parts }: StoredKey): string | undefined {
  if (kind !== "call") return undefined;
  try {
    const { name, preview } = JSON.parse(decoder.decode(parts[0]));
    return name === KEYV_CODEC && typeof preview === "string" ? preview : undefined;
  } catch {
    return undefined;
  }
}
