// Copyright 2026 the pecapiku authors. MIT license.

import { isJsonTree } from "../codecs/_json_tree.ts";
import { compressionOf, decompressParts } from "../codecs/compression.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { codecNamed, isStreamName, keyCodecOf } from "../codecs/resolve_codec.ts";
import { structured } from "../codecs/structured.ts";
import type { Parts } from "../stores/store.ts";

/** What became of bytes that were stored: a value, or why there is none. */
export type Decoded =
  | { readonly value: unknown; readonly reason?: undefined }
  | { readonly reason: string };

/** What is decoded. */
export interface DecodeOptions {
  /**
   * How many bytes a value may take outside of its large buffers: of more, it may take seconds to show them.
   *
   * @default {Any number}
   */
  readonly mostBytes?: number | undefined;
}

/**
 * Decodes what a store gave, for somebody who looks at it. It never throws and says nothing on the console: a value of a class that
 * only the program knows can't be decoded here, and nothing is wrong with it.
 *
 * @param codecName The name that was stored with the bytes.
 * @param parts The bytes.
 * @param options What is decoded.
 * @returns The value, or why it can't be had.
 */
export function decodeStoredContent(
  codecName: string,
  parts: Parts,
  { mostBytes = Infinity }: DecodeOptions = {},
): Decoded {
  if (isStreamName(codecName)) return { reason: "a stream that this version can't read" };
  const codec = codecNamed(codecName, structured);
  if (codec === undefined) return { reason: `no codec named ${JSON.stringify(codecName)} here` };
  try {
    const compression = compressionOf(codecName);
    const plain = compression === undefined ? parts : decompressParts(parts, compression);
    const { byteLength } = plain[0];
    if (byteLength > mostBytes) return { reason: `too large to be shown: ${byteLength} bytes` };
    return { value: decodeParts(codec, plain) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Does what {@linkcode decodeStoredContent} does, for the key of a dictionary. A key is not compressed, whatever its entry's value is,
 * and a stream's is encoded as any other.
 *
 * @param codecName The name that was stored with the entry.
 * @param parts The bytes of the key.
 * @returns The key, or why it can't be had.
 */
export function decodeStoredKey(codecName: string, parts: Parts): Decoded {
  const name = keyCodecOf(codecName);
  const codec = codecNamed(name, structured);
  if (codec === undefined) return { reason: `no codec named ${JSON.stringify(name)} here` };
  try {
    return { value: decodeParts(codec, parts) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** How much of a text is shown, in UTF-16 code units, and how deep what is nested. */
const LONGEST_TEXT = 1000;
const DEEPEST = 4;

/** How much of a value is shown. */
export interface InspectOptions {
  /**
   * Whether all of it is shown, also of what is long or deep.
   *
   * @default {false}
   */
  readonly full?: boolean | undefined;
  /**
   * How wide a line may be, in columns.
   *
   * @default {80}
   */
  readonly columns?: number | undefined;
  /**
   * How much is shown of a text, in UTF-16 code units, if not all is.
   *
   * @default {1000}
   */
  readonly longestText?: number | undefined;
  /**
   * How deep what is nested is shown, if not all is.
   *
   * @default {4}
   */
  readonly depth?: number | undefined;
  /**
   * How many items are shown of a list, if not all are.
   *
   * @default {100}
   */
  readonly mostItems?: number | undefined;
}

/**
 * Shows a value that was decoded. The text is not safe for a terminal by itself.
 *
 * @param value The value.
 * @param options How much of it.
 * @returns The text, of several lines.
 */
export function inspectValue(value: unknown, options: InspectOptions = {}): string {
  const { full = false, columns = 80, longestText = LONGEST_TEXT, depth = DEEPEST } = options;
  const { mostItems = 100 } = options;
  // A long text alone is not shortened by the options.
  if (typeof value === "string" && !full && value.length > longestText) {
    const more = value.length - longestText;
    return `${JSON.stringify(value.slice(0, longestText))}... ${more} more characters`;
  }
  return Deno.inspect(value, {
    colors: false,
    breakLength: columns,
    depth: full ? Infinity : depth,
    iterableLimit: full ? Infinity : mostItems,
    strAbbreviateSize: full ? Infinity : longestText,
  });
}

/**
 * Gives what stands for a value in JSON: itself if it comes back equal from JSON, and else an object with `$inspect`, a text for people. What
 * could be taken for such an object is shown as text, too.
 *
 * @param value The value.
 * @returns What JSON can have.
 */
export function jsonForm(value: unknown): unknown {
  if (isJsonTree(value) && !isEscape(value)) return value;
  return { $inspect: inspectValue(value) };
}

/**
 * Gives what stands in JSON for bytes that were stored.
 *
 * @param codec The name of their codec.
 * @param parts The bytes.
 * @param decode How they are decoded: as a value or as a key.
 * @returns What JSON can have: that of the value, or of the bytes where they can't be decoded.
 */
export function contentForm(
  codec: string,
  parts: Parts,
  decode: (codec: string, parts: Parts) => Decoded = decodeStoredContent,
): unknown {
  const decoded = decode(codec, parts);
  return decoded.reason === undefined
    ? jsonForm(decoded.value)
    : undecodedForm(codec, parts, decoded.reason);
}

/**
 * Gives what stands in JSON for bytes that can't be decoded.
 *
 * @param codec The name of their codec.
 * @param parts The bytes.
 * @param reason Why they can't.
 * @returns What JSON can have.
 */
export function undecodedForm(codec: string, parts: Parts, reason: string): unknown {
  return { $base64: parts.map((part) => part.toBase64()), $codec: codec, $reason: reason };
}

function isEscape(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.keys(value).some((name) => name.startsWith("$"));
}
