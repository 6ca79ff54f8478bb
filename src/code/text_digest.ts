// Copyright 2026 the pecapiku authors. MIT license.

import { stdCrypto } from "../_deferred.ts";

const encoder = new TextEncoder();

/**
 * Digests a text: the SHA-256 of its UTF-8. A surrogate that stands alone, which UTF-8 has no bytes for, is written as the three
 * bytes that its number would have (as WTF-8 does), and these are in no UTF-8, so different texts have different bytes.
 *
 * @param text The text.
 * @returns The digest: 64 lowercase hexadecimal digits.
 */
export function textDigest(text: string): string {
  const bytes = text.isWellFormed() ? encoder.encode(text) : encodeIllFormed(text);
  return new Uint8Array(stdCrypto.crypto.subtle.digestSync("SHA-256", bytes)).toHex();
}

function encodeIllFormed(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(3 * text.length);
  let length = 0;
  // A string is taken apart into code points: only a surrogate without its partner comes alone.
  for (const part of text) {
    const unit = part.charCodeAt(0);
    if (part.isWellFormed()) {
      length += encoder.encodeInto(part, bytes.subarray(length)).written;
    } else {
      bytes[length++] = 0xe0 | (unit >>> 12);
      bytes[length++] = 0x80 | ((unit >>> 6) & 0x3f);
      bytes[length++] = 0x80 | (unit & 0x3f);
    }
  }
  return bytes.subarray(0, length);
}
