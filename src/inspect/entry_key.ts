// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey } from "../access/entry_parts.ts";
import { isJsonTree } from "../codecs/_json_tree.ts";
import { previewArguments } from "../keys/_preview.ts";
import type { Digest, EntryInfo } from "../stores/store.ts";
import { decodeStoredKey } from "./stored_content.ts";

/** The longest text of a key, if nobody says how long it may be, in UTF-16 code units. */
const LONGEST_KEY = 1024;

/** Keys of more bytes are not decoded to be shown. */
const LARGEST_KEY = 64 * 1024;

const decoder = new TextDecoder();

/** What the key of an entry says to people. */
export interface EntryKey {
  /** The key: of a call such as `add(1, 2)`, of a dictionary's key its JSON, or else a preview. Not escaped. */
  readonly key: string;
  /** What the entry is of another one, such as `chunk 3`, if it belongs to one. */
  readonly part?: string | undefined;
  /** The digest of the entry that it belongs to, where that is known. */
  readonly partOf?: Digest | undefined;
}

/**
 * Reads the key of an entry. Keys come from a file that anybody may have made: what they hold is checked, and what is wrong with them
 * is shown, not thrown.
 *
 * @param info The entry.
 * @param most The length of the text at the most, in UTF-16 code units.
 * @returns What it says.
 */
export function readEntryKey(
  info: Pick<EntryInfo, "codec" | "key">,
  most: number = LONGEST_KEY,
): EntryKey {
  const { key: { kind, parts }, codec } = info;
  let length = 0;
  for (const part of parts) length += part.byteLength;
  if (length > LARGEST_KEY) return { key: `(a key of ${length} bytes)` };
  if (kind === "call") return callKey(decoder.decode(parts[0]), isPartKey(info.key), most);
  const decoded = decodeStoredKey(codec, parts);
  if (decoded.reason !== undefined) return { key: `(can't be decoded: ${decoded.reason})` };
  const { value } = decoded;
  return { key: cut(isJsonTree(value) ? JSON.stringify(value) : previewArguments([value]), most) };
}

/**
 * Gives the text by which an entry is listed: its key, and what it is of another entry.
 *
 * @param key What its key says.
 * @returns Such as `read("a")` or `read("a") (chunk 3)`.
 */
export function keyLabel({ key, part }: EntryKey): string {
  return part === undefined ? key : `${key} (${part})`;
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
  return JSON.parse(JSON.stringify(`${text.slice(0, most - 1)}…`));
}

function callKey(text: string, belongs: boolean, most: number): EntryKey {
  let content: Record<string, unknown>;
  try {
    content = Object(JSON.parse(text));
  } catch {
    // Nobody needs it to find the entry: only to show it.
    return { key: "(can't be read)", ...(belongs ? { part: "part" } : {}) };
  }
  const { name, preview, part, of, index } = content;
  const key = cut(`${name || "(anonymous)"}(${preview ?? ""})`, most);
  if (!belongs) return { key };
  return {
    key,
    part: cut(index === undefined ? `${part}` : `${part} ${index}`, 32),
    partOf: typeof of === "string" && /^[0-9a-f]{64}$/.test(of) ? of : undefined,
  };
}
