// Copyright 2026 the pecapiku authors. MIT license.

import { previewArguments } from "../keys/_preview.ts";
import type { Digest, EntryInfo, Store, StoredKey } from "../stores/store.ts";
import { isJsonTree } from "../codecs/_json_tree.ts";
import { decodeStoredContent } from "./stored_content.ts";

/** The longest text of a key, in UTF-16 code units. */
const LONGEST_KEY = 1024;

/** Keys of more bytes are not decoded to be shown in a list. */
const LARGEST_KEY = 64 * 1024;

/** How the key of a call begins if the entry belongs to another one: its JSON text has `part` first. */
const PART_START = new TextEncoder().encode('{"part":"');

const decoder = new TextDecoder();

/** An entry as people see it. None of its texts is safe for a terminal or a page by itself: see `safe_text.ts`. */
export interface EntryRow {
  /** The digest the entry is found by. */
  readonly digest: Digest;
  /** The key: of a call such as `add(1, 2)`, of a dictionary's key its JSON, or else a preview. The first 1,024 characters. */
  readonly key: string;
  /** Whether it is the key of a call, or one of a dictionary. */
  readonly kind: StoredKey["kind"];
  /** The name of the function that gave the value; `""` if none did. */
  readonly functionName: string;
  /** The length of the encoded value, in bytes. */
  readonly bytes: number;
  /** The length of the encoded key, in bytes. */
  readonly keyBytes: number;
  /** When it was written, in milliseconds since the epoch; `NaN` if that is not known. */
  readonly writtenAt: number;
  /** How long the evaluation took, in milliseconds; `0` if there was none. */
  readonly duration: number;
  /** The name of the codec. */
  readonly codec: string;
  /** Whether the function gave the value in a promise. */
  readonly promised: boolean;
  /** Whether the entry belongs to another one: an error, one of several samples, a chunk of a stream. */
  readonly isPart: boolean;
  /** What it is of the other one, such as `chunk 3`. */
  readonly part?: string | undefined;
  /** The digest of the entry that it belongs to, where that is known. */
  readonly partOf?: Digest | undefined;
}

/** Which entries are wanted. */
export interface RowFilter {
  /**
   * Those of the function with this name.
   *
   * @default {Those of all}
   */
  readonly functionName?: string | undefined;
  /**
   * Those that belong to others as well.
   *
   * @default {false}
   */
  readonly parts?: boolean | undefined;
}

/**
 * Makes the row of an entry.
 *
 * @param info The entry.
 * @returns The row.
 */
export function rowOf(info: EntryInfo): EntryRow {
  const { key: { kind, parts } } = info;
  let keyBytes = 0;
  for (const part of parts) keyBytes += part.byteLength;
  return {
    digest: info.digest,
    kind,
    functionName: info.functionName,
    bytes: info.byteLength,
    keyBytes,
    writtenAt: info.writtenAt,
    duration: info.duration,
    codec: info.codec,
    promised: info.promised,
    isPart: isPart(info),
    ...keyParts(info, keyBytes),
  };
}

/**
 * Goes through the entries of a store, in its order, without holding more than one.
 *
 * @param store The store.
 * @param filter Which ones.
 * @returns Their rows.
 */
export function* entryRows(store: Store, filter: RowFilter = {}): Generator<EntryRow> {
  for (const info of entryInfos(store, filter)) yield rowOf(info);
}

/**
 * Does what {@linkcode entryRows} does, for those who need no keys: to decode them takes longer than all the rest.
 *
 * @param store The store.
 * @param filter Which ones.
 * @returns The entries.
 */
export function* entryInfos(store: Store, filter: RowFilter = {}): Generator<EntryInfo> {
  const { functionName, parts = false } = filter;
  for (const info of store.entries()) {
    if (functionName !== undefined && info.functionName !== functionName) continue;
    if (parts || !isPart(info)) yield info;
  }
}

/**
 * Tells whether an entry belongs to another one.
 *
 * @param info The entry.
 * @returns Whether it does.
 */
export function isPart({ key: { kind, parts } }: EntryInfo): boolean {
  return kind === "call" && PART_START.every((byte, at) => parts[0][at] === byte);
}

type KeyParts = Pick<EntryRow, "key" | "part" | "partOf">;

// Keys come from a file that anybody may have made: what they hold is checked, and what is wrong with them is shown, not thrown.
function keyParts(info: EntryInfo, keyBytes: number): KeyParts {
  const { key: { kind, parts }, codec } = info;
  if (keyBytes > LARGEST_KEY) return { key: `(a key of ${keyBytes} bytes)` };
  if (kind === "call") return callParts(decoder.decode(parts[0]), isPart(info));
  const decoded = decodeStoredContent(codec, parts);
  if (decoded.reason !== undefined) return { key: `(can't be decoded: ${decoded.reason})` };
  const { value } = decoded;
  return { key: cut(isJsonTree(value) ? JSON.stringify(value) : previewArguments([value])) };
}

function callParts(text: string, belongs: boolean): KeyParts {
  let content: Record<string, unknown>;
  try {
    content = Object(JSON.parse(text));
  } catch {
    // Nobody needs it to find the entry: only to show it.
    return { key: "(can't be read)" };
  }
  const { name, preview, part, of, index } = content;
  const key = cut(`${name || "(anonymous)"}(${preview ?? ""})`);
  if (!belongs) return { key };
  return {
    key,
    part: index === undefined ? `${part}` : `${part} ${index}`,
    partOf: typeof of === "string" && /^[0-9a-f]{64}$/.test(of) ? of : undefined,
  };
}

function cut(text: string): string {
  return text.length <= LONGEST_KEY ? text : `${text.slice(0, LONGEST_KEY - 1)}…`;
}
