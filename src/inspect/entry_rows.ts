// Copyright 2026 the pecapiku authors. MIT license.

import { isPartKey, NOTICE } from "../access/entry_parts.ts";
import { isStreamName } from "../codecs/resolve_codec.ts";
import type { Digest, EntryInfo, Store, StoredKey } from "../stores/store.ts";
import { type EntryKey, readEntryKey } from "./entry_key.ts";

/** An entry as people see it. None of its texts is safe for a terminal or a page by itself: see `safe_text.ts`. */
export interface EntryRow extends EntryKey {
  /** The digest the entry is found by. */
  readonly digest: Digest;
  /** Whether it is the key of a call, or one of a dictionary. */
  readonly kind: StoredKey["kind"];
  /** The name of the function that gave the value; `""` if none did. */
  readonly functionName: string;
  /** The length of the encoded value, in bytes; of a stream, of what tells of its chunks: these are entries of their own. */
  readonly bytes: number;
  /** Whether it stands for what a function gave chunk by chunk. */
  readonly isStream: boolean;
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
    isStream: isStreamName(info.codec),
    keyBytes,
    writtenAt: info.writtenAt,
    duration: info.duration,
    codec: info.codec,
    promised: info.promised,
    isPart: isPartKey(info.key),
    ...readEntryKey(info),
  };
}

/**
 * Goes through the entries of a store, in its order, without holding more than one. The notice that there are parts is none of them.
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
    if (info.digest === NOTICE) continue;
    if (functionName !== undefined && info.functionName !== functionName) continue;
    if (parts || !isPartKey(info.key)) yield info;
  }
}

/**
 * Tells how many entries there are to be seen, those that belong to others as well. It costs the same at any size.
 *
 * @param store The store.
 * @returns How many, without the notice that there are parts.
 */
export function entryCount(store: Store): number {
  return store.size - (store.has(NOTICE) ? 1 : 0);
}
