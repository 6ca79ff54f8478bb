// Copyright 2026 the pecapiku authors. MIT license.

import { NOTICE } from "../access/entry_parts.ts";
import { digestKey } from "../keys/digest_key.ts";
import type { Digest, EntryInfo, Store } from "../stores/store.ts";
import { keyLabel } from "./entry_key.ts";
import { entryInfos, type EntryRow, rowOf } from "./entry_rows.ts";

/** How many digits of a digest are enough to name an entry, if no other begins with them. */
const SHORTEST_PREFIX = 4;

/** How many of several entries that are meant are told. */
const MOST_CANDIDATES = 10;

/** What a text names: an entry, several, or none. */
export type Found =
  | { readonly info: EntryInfo; readonly candidates?: undefined }
  | { readonly info?: undefined; readonly candidates: readonly EntryRow[] };

/**
 * Finds the entry that a person means. It is, in this order: a whole digest; a key of a dictionary as JSON; a key that is that text; the
 * beginning of a digest, of 4 digits at least, or of a call as it is shown, such as `load("a`, or of what belongs to one. To find a beginning, all entries are gone through.
 *
 * @param store The store.
 * @param text What the person wrote.
 * @returns The entry, or those that could be meant: none, or the first ten of several.
 */
export function findEntry(store: Store, text: string): Found {
  for (const digest of digestsOf(text)) {
    const info = store.info(digest);
    if (info !== undefined && digest !== NOTICE) return { info };
  }
  if (text === "") return { candidates: [] };
  const isDigestPrefix = text.length >= SHORTEST_PREFIX && /^[0-9a-f]+$/i.test(text);
  const prefix = text.toLowerCase();
  const byDigest: EntryRow[] = [];
  const byText: EntryRow[] = [];
  const parts: EntryRow[] = [];
  for (const info of entryInfos(store, { parts: true })) {
    if (isDigestPrefix && info.digest.startsWith(prefix)) {
      if (byDigest.length < MOST_CANDIDATES) byDigest.push(rowOf(info));
    }
    if (info.key.kind !== "call" || byText.length >= MOST_CANDIDATES) continue;
    const row = rowOf(info);
    if (!row.isPart) {
      if (row.key.startsWith(text)) byText.push(row);
    } else if (parts.length < MOST_CANDIDATES && keyLabel(row).startsWith(text)) parts.push(row);
  }
  // What belongs to an entry has its key's text, too: the entry is meant, if there is one. Of a call that threw there is the error only.
  const named = byText.length > 0 ? byText : parts;
  // A call that is written out is meant, also if others begin with it.
  const whole = named.filter((row) => row.key === text || keyLabel(row) === text);
  const candidates = byDigest.length > 0 ? byDigest : whole.length > 0 ? whole : named;
  const info = candidates.length === 1 ? store.info(candidates[0]!.digest) : undefined;
  return info === undefined ? { candidates } : { info };
}

function* digestsOf(text: string): Generator<Digest> {
  if (/^[0-9a-f]{64}$/i.test(text)) yield text.toLowerCase();
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    // It is no JSON: it is the text itself, or the beginning of something.
    key = text;
  }
  for (const each of key === text ? [key] : [key, text]) {
    yield digestKey(each);
    yield digestKey(each, { keyOrder: "keep" });
  }
}
