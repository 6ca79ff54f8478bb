// Copyright 2026 the pecapiku authors. MIT license.

import { isJsonTree } from "../codecs/_json_tree.ts";
import { compressionOf, decompressParts } from "../codecs/compression.ts";
import { decodeParts } from "../codecs/decode_parts.ts";
import { codecNamed } from "../codecs/resolve_codec.ts";
import { structured } from "../codecs/structured.ts";
import { previewArguments } from "../keys/_preview.ts";
import type { EntryInfo, Store } from "../stores/store.ts";

/** A key of more bytes is not decoded for its row. */
const LONGEST_KEY = 64 * 1024;

/** A larger value is not read to look at it. */
const LARGEST_VALUE = 256 * 1024 * 1024;

/** More bytes outside of large buffers may be so many properties that it takes seconds to write them. */
const LARGEST_FRONT = 8 * 1024 * 1024;

/** How much of a value is shown, in UTF-16 code units. */
const LONGEST_TEXT = 50_000;

/** What the key of an entry says. */
export interface EntryKey {
  /** The key for people: a call such as `add(1, 2)`, of a dictionary's key its JSON, or else a preview. Not escaped. */
  readonly text: string;
  /** Whether the entry is but a part of what a call gave, such as a chunk of a stream. */
  readonly isPart: boolean;
  /** The digest of the entry that it is a part of, where that is known. */
  readonly partOf: string | undefined;
}

/** What a look at a value gives: a text, or why there is none. */
export type ValueText =
  | {
    /** The value for people. Not escaped. */
    readonly text: string;
    /** Whether it is a text itself, as it is, and not how `Deno.inspect` shows it. */
    readonly isPlain: boolean;
    /** How many UTF-16 code units follow that are not given. */
    readonly left: number;
  }
  | { readonly problem: string };

/**
 * Reads the key of an entry.
 *
 * @param info The entry.
 * @param most The length of the text at most, in UTF-16 code units.
 * @returns What it says, also where it can't be decoded.
 */
export function readKey(info: Pick<EntryInfo, "codec" | "key">, most: number): EntryKey {
  const { kind, parts } = info.key;
  try {
    if (kind === "call") return callKey(new TextDecoder().decode(parts[0]), most);
    const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
    if (length > LONGEST_KEY) return plainKey(`(a key of ${length} bytes)`);
    const codec = codecNamed(info.codec, structured);
    if (codec === undefined) return plainKey(`(a key in the codec ${JSON.stringify(info.codec)})`);
    const value = decodeParts(codec, parts);
    return plainKey(
      cut(isJsonTree(value) ? JSON.stringify(value) : previewArguments([value]), most),
    );
  } catch {
    return plainKey("(a key that can't be decoded)");
  }
}

function callKey(json: string, most: number): EntryKey {
  const { name, preview, part, of, index } = JSON.parse(json);
  const text = `${name || "(anonymous)"}(${preview ?? ""})`;
  if (typeof part !== "string") return plainKey(cut(text, most));
  const place = index === undefined ? part : `${part} ${index}`;
  const isKnown = typeof of === "string" && /^[0-9a-f]{64}$/.test(of);
  return {
    text: cut(`${text} ${place}`, most),
    isPart: true,
    partOf: isKnown ? of : undefined,
  };
}

function plainKey(text: string): EntryKey {
  return { text, isPart: false, partOf: undefined };
}

/**
 * Cuts a text, without keeping the whole of it in memory.
 *
 * @param text The text.
 * @param most How many UTF-16 code units may be left.
 * @returns The text, or its beginning and an ellipsis.
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  // A slice would hold on to what it was cut from.
  return JSON.parse(JSON.stringify(text.slice(0, most - 1) + "…"));
}

/**
 * Reads the value of an entry, for people to look at. That is no use of the entry.
 *
 * @param store The store.
 * @param info The entry.
 * @returns The beginning of what `Deno.inspect` shows.
 */
export function readValueText(store: Store, info: EntryInfo): ValueText {
  if (info.byteLength > LARGEST_VALUE) return { problem: "it is too large to be shown" };
  const stored = store.get(info.digest);
  if (stored === undefined) return { problem: "it is damaged, and counts as not cached" };
  const codec = codecNamed(stored.codec, structured);
  if (codec === undefined) {
    return { problem: `there is no codec named ${JSON.stringify(stored.codec)} here` };
  }
  try {
    const compression = compressionOf(stored.codec);
    const parts = compression === undefined
      ? stored.parts
      : decompressParts(stored.parts, compression);
    if (parts[0].byteLength > LARGEST_FRONT) return { problem: "it is too large to be shown" };
    const value = decodeParts(codec, parts);
    const isPlain = typeof value === "string";
    const text = isPlain ? value : Deno.inspect(value, {
      colors: false,
      depth: 6,
      iterableLimit: 100,
      strAbbreviateSize: 10_000,
    });
    const left = Math.max(0, text.length - LONGEST_TEXT);
    return { text: text.slice(0, LONGEST_TEXT), isPlain, left };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `it can't be decoded: ${reason}` };
  }
}
