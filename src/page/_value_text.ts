// Copyright 2026 the pecapiku authors. MIT license.

import { decodeStoredContent, inspectValue } from "../inspect/stored_content.ts";
import {
  chunkTexts,
  extentText,
  missingText,
  StoredStream,
  streamText,
} from "../inspect/stored_stream.ts";
import type { EntryInfo, Store } from "../stores/store.ts";

/** A larger value is not read to look at it. */
const LARGEST_VALUE = 256 * 1024 * 1024;

/** More bytes outside of large buffers may be so many properties that it takes seconds to write them. */
const LARGEST_FRONT = 8 * 1024 * 1024;

/** How much of a value is shown, in UTF-16 code units. */
const LONGEST_TEXT = 50_000;

/** How many chunks of a stream are shown, and of how many the sizes are added up: nothing else is answered meanwhile. */
const MOST_CHUNKS = 25;
const MOST_MEASURED = 5_000;

/** What a stream is, for people. */
export interface StreamFacts {
  /** What gave how many chunks. */
  readonly what: string;
  /** How large they are. */
  readonly size: string;
  /** What is wrong with it. */
  readonly problem: string | undefined;
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
    /** What the value is if it was given chunk by chunk: then the text shows the first of them. */
    readonly stream?: StreamFacts;
  }
  | { readonly problem: string };

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
  const stream = StoredStream.from(store, info.digest, stored);
  if (stream !== undefined) return readStreamText(stream);
  const options = { mostBytes: LARGEST_FRONT };
  const decoded = decodeStoredContent(stored.codec, stored.parts, options);
  if (decoded.reason !== undefined) return { problem: `it can't be decoded: ${decoded.reason}` };
  const { value } = decoded;
  const isPlain = typeof value === "string";
  const text = isPlain ? value : shownText(value);
  const left = Math.max(0, text.length - LONGEST_TEXT);
  return { text: text.slice(0, LONGEST_TEXT), isPlain, left };
}

function readStreamText(stream: StoredStream): ValueText {
  const extent = stream.measure(MOST_MEASURED);
  const { missing } = extent;
  const problem = missing === undefined ? undefined : missingText(missing);
  let text = "";
  for (const chunk of chunkTexts(stream, MOST_CHUNKS)) {
    text += `${chunk}\n`;
    if (text.length > LONGEST_TEXT) break;
  }
  return {
    text: text.slice(0, LONGEST_TEXT),
    isPlain: false,
    left: Math.max(0, text.length - LONGEST_TEXT),
    stream: { what: streamText(stream), size: extentText(extent), problem },
  };
}

function shownText(value: unknown): string {
  try {
    return inspectValue(value, { longestText: 10_000, depth: 6 });
  } catch (error) {
    return `(can't be shown: ${error instanceof Error ? error.message : String(error)})`;
  }
}
